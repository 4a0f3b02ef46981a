"""The shipped data: read a file by name, cite it, look up what its columns mean.

    read("exports_by_country", country="CHN", year=2011)
    source("exports_by_country")     # one line for under a chart
    columns("exports_by_country")    # name, type, unit and meaning of every column

Everything comes from `data/datapackage.json`; set the environment variable VALUECHAINS_DATA to use another folder.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

Known = TypeVar("Known")
_DTYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "boolean"}


class UnknownDataset(KeyError):
    """No file of that name, or no such column or value in it; the message says which there are."""

    def __str__(self) -> str:
        return self.args[0]


class DamagedData(ValueError):
    """A file of the data folder is missing, cut short or not what its description says."""


def folder() -> Path:
    """The data folder: VALUECHAINS_DATA, or `data/` beside the package."""
    return Path(os.environ.get("VALUECHAINS_DATA") or Path(__file__).parents[1] / "data")


def names(data: Path | None = None) -> list[str]:
    """Names of the tables that `read` knows, or of those of another data folder."""
    return [name for name, resource in _package(data or folder()).items() if "schema" in resource]


def about(name: str, data: Path | None = None) -> dict:
    """What datapackage.json says of one table: its key, its sources, its citation."""
    return _package(data or folder())[_known(name, names(data), "The data package")]


def read_from(data: Path, name: str) -> pd.DataFrame:
    """One table of another data folder, such as an edition before this one."""
    return _read(data, _known(name, names(data), "The data package")).copy()


def read(name: str, **filters: object) -> pd.DataFrame:
    """One table, as a frame of its own that the caller may change.

    filters: column=value or column=[values], such as country="CHN", year=[1995, 2011]; rows keep their order.
    Raises UnknownDataset for a name, column or value that does not exist, DamagedData for a damaged file.
    """
    frame = _read(folder(), _known(name, names(), "The data package"))
    for column, wanted in filters.items():
        _known(column, list(frame.columns), f"The table {name}")
        values = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
        present = frame[column].dropna().unique().tolist()
        for value in values:
            _known(value, present, f"The column {column} of {name}")
        frame = frame[frame[column].isin(values)]
    return frame.reset_index(drop=True) if filters else frame.copy()


def source(name: str) -> str:
    """A short citation with the vintage, for under a chart."""
    package = _package(folder())
    return package[_known(name, list(package), "The data package")]["cite"]


def columns(name: str) -> pd.DataFrame:
    """The dictionary of one table: name, type, unit and meaning of every column."""
    fields = _package(folder())[_known(name, names(), "The data package")]["schema"]["fields"]
    return pd.DataFrame(fields).rename(columns={"description": "meaning"})[["name", "type", "unit", "meaning"]]


@lru_cache
def _package(data: Path) -> dict[str, dict]:
    path = data / "datapackage.json"
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
    except (OSError, ValueError, KeyError) as error:
        raise DamagedData(f"{path.name} cannot be read in {data} ({error}): restore the data folder.") from None
    return {resource["name"]: resource for resource in resources}


@lru_cache(maxsize=16)
def _read(data: Path, name: str) -> pd.DataFrame:
    resource = _package(data)[name]
    fields = resource["schema"]["fields"]
    path = data / resource["path"]
    try:
        frame = pd.read_csv(
            path,
            dtype={field["name"]: _DTYPES[field["type"]] for field in fields},
            keep_default_na=False,
            na_values=[""],
        )
    except FileNotFoundError:
        raise DamagedData(f"{path.name} is missing from {data}: restore the data folder.") from None
    except (EOFError, OSError, zlib.error, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise DamagedData(f"{path.name} is damaged ({reason}): restore it or run `make data`.") from None
    expected = [field["name"] for field in fields]
    if list(frame.columns) != expected:
        odd = sorted(set(expected) ^ set(frame.columns)) or ["their order"]
        raise DamagedData(f"{path.name} differs from its description in {', '.join(odd)}: restore it.")
    if len(frame) != resource["rows"]:
        raise DamagedData(
            f"{path.name} has {len(frame):,} rows where {resource['rows']:,} are described: "
            "it is cut short or has rows too many, restore it."
        )
    return frame


def _known(value: Known, known: list, where: str) -> Known:
    """The value itself, or an error that names the nearest ones (the range, for numbers)."""
    if value in known:
        return value
    if known and all(isinstance(one, (int, float)) for one in known):
        hint = f"choose from {min(known)} to {max(known)}."
    else:
        known = sorted(map(str, known))
        hint = f"did you mean {', '.join(get_close_matches(str(value), known, n=5, cutoff=0.4) or known[:8])}?"
    raise UnknownDataset(f"{where} has no {value!r}: {hint}")
