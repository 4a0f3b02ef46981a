"""One question, every source: services in the exports of an economy, and how far two sources or editions differ.

    services_in_exports("CHN")                    # every year of every source, a break as a new series
    side_by_side("CHN", 2011)                     # every source by name, missing where it cannot answer
    differences("wiod2013", "adb", "domestic")    # economy by economy and year by year, where both answer

A level is comparable within a source only: sources differ in classification, prices, detail and in what they call
domestic. What is comparable across is a direction, an order of economies, and how far sources differ in one year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from valuechains import datasets

DATASET = "services_in_exports"
MEASURES = ("gross", "domestic", "foreign", "dva_share")
DOMESTIC = "value added by home services industries"


class CannotAnswer(KeyError):
    """No such source, or a source without that economy or year; the message says what it has."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class TableSource:
    """What a source of tables is and what its shares mean."""

    name: str  #: as a legend shows it
    detail: str  #: how finely industries are told apart
    domestic: str  #: what `domestic` counts
    release: str  #: how the title of its release begins, in data/README.md
    breaks: tuple[int, ...] = ()  #: first years of a series that does not continue the one before


SOURCES = {
    "wiod2013": TableSource(
        "WIOD 2013", "35 industries, ISIC Rev. 3", DOMESTIC, "World Input-Output Database, 2013 release"
    ),
    "wiod2016": TableSource(
        "WIOD 2016, national tables",
        "56 industries, ISIC Rev. 4",
        DOMESTIC,
        "World Input-Output Database, national tables",
    ),
    "nbs": TableSource("China's own tables", "42 sectors, producers' prices", DOMESTIC, "Input-output tables of China"),
    "icio2023_20": TableSource(
        "OECD tables of 2019",
        "20 sections",
        DOMESTIC + ", product taxes included",
        "OECD Inter-Country Input-Output tables, 2023",
    ),
    "icio2023_11": TableSource(
        "OECD tables of 2020",
        "11 groups",
        DOMESTIC + ", product taxes included",
        "OECD Inter-Country Input-Output tables, 2023",
    ),
    "iot2025": TableSource(
        "OECD national tables",
        "50 industries, imports spread in proportion",
        DOMESTIC + ", with taxes",
        "OECD Input-Output Tables, 2025",
    ),
    "tiva2025": TableSource(
        "OECD TiVA, as published",
        "50 industries, processing trade apart",
        DOMESTIC + ", with taxes",
        "OECD Trade in Value Added",
    ),
    "adb": TableSource(
        "ADB",
        "35 sectors, ISIC Rev. 3",
        "the part of it that is absorbed abroad",
        "Asian Development Bank, Multiregional",
        breaks=(2019,),
    ),
}


def services_in_exports(
    country: str | Iterable[str] | None = None,
    year: int | Iterable[int] | None = None,
    source: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Services in gross exports by every source (or those named): one row a source, economy and year that it has.

    country: ISO alpha-3 code or several; year: one or several; source: keys of `SOURCES`; None asks for all there are.
    Columns: source, name (for a legend), series (what may be joined by a line: it changes at a break and over a missing
    year, so `detail="series"` draws breaks as breaks), country, year, gross_exports in US$ million, and shares of gross
    exports from 0 to 1: gross, exports of services industries; domestic and foreign, services value added from home and
    abroad in ALL exports; dva_share, domestic value added of every industry. NaN where a source cannot say: national
    tables, ADB and TiVA as shipped have no foreign services, TiVA no gross label, China's own tables no amounts.
    Raises CannotAnswer, a KeyError, for a source that does not exist, for one that is named and lacks an economy or
    year that is asked, and when no source at all has it.
    TableSource: the publishers of `SOURCES`, see data/README.md; M8 for what is computed here.
    """
    rows = datasets.read(DATASET)
    rows.insert(1, "name", rows["source"].map({key: one.name for key, one in SOURCES.items()}))
    rows.insert(2, "series", _series(rows))
    for one in _several(source):
        if one not in SOURCES:
            raise CannotAnswer(f"There is no source {one!r}: choose one of {', '.join(SOURCES)}.")
    countries, years = _several(country), _several(year)
    for one in _several(source) or [None]:
        who, held = (f"The source {one} has no", rows[rows["source"] == one]) if one else ("No source has", rows)
        _refuse_unanswered(held, countries, years, who)
    for column, wanted in (("source", _several(source)), ("country", countries), ("year", years)):
        rows = rows[rows[column].isin(wanted)] if wanted else rows
    return rows.reset_index(drop=True)


def side_by_side(country: str, year: int) -> pd.DataFrame:
    """What every source says of one economy and year: one row for each of `SOURCES`, in its order.

    Index: key of the source. Columns: name, then the shares `MEASURES` (0 to 1), NaN in a source that cannot answer.
    Raises CannotAnswer when no source has that economy or that year at all.
    """
    found = services_in_exports(country, year).set_index("source")
    names = pd.Series({key: one.name for key, one in SOURCES.items()}, name="name")
    return names.to_frame().join(found[list(MEASURES)])


def differences(first: str, second: str, measure: str = "domestic") -> pd.DataFrame:
    """What two sources say of the same economies in the same years: country, year, first, second, difference (points).

    The difference is second less first in percentage points; the two columns are named after the sources and hold
    shares. Only cells that both have. measure: one of `MEASURES`.
    Raises CannotAnswer for a source or measure that does not exist, and for two without a common economy and year.
    """
    if measure not in MEASURES:
        raise CannotAnswer(f"There is no measure {measure!r}: choose one of {', '.join(MEASURES)}.")
    if first == second:
        raise CannotAnswer(f"{first} is named twice: name two sources.")
    both = [
        services_in_exports(source=key).set_index(["country", "year"])[measure].rename(key) for key in (first, second)
    ]
    cells = pd.concat(both, axis=1, join="inner").dropna()
    if cells.empty:
        raise CannotAnswer(f"{first} and {second} say {measure} of no economy in the same year: compare other sources.")
    return cells.assign(difference=100 * (cells[second] - cells[first])).sort_index().reset_index()


@dataclass(frozen=True)
class Agreement:
    """How far two sources are from each other on one measure."""

    cells: int  #: economies and years that both have
    years: tuple[int, int]  #: first and last of these years
    mean: float  #: mean difference, second less first, percentage points
    typical: float  #: median size of the difference, percentage points
    largest: tuple[str, int, float]  #: economy, year and difference that are furthest apart
    order: float  #: rank correlation of economies in the last common year with three of them; NaN if there is none
    same_direction: tuple[int, int]  #: economies whose change from first to last common year has one sign, of how many


def agreement(first: str, second: str, measure: str = "domestic") -> Agreement:
    """How two sources agree on one measure in the economies and years that both have; see `differences`."""
    cells = differences(first, second, measure)
    far = cells.iloc[int(cells["difference"].abs().argmax())]
    return Agreement(
        cells=len(cells),
        years=(int(cells["year"].min()), int(cells["year"].max())),
        mean=float(cells["difference"].mean()),
        typical=float(cells["difference"].abs().median()),
        largest=(str(far["country"]), int(far["year"]), float(far["difference"])),
        order=_order(cells, first, second),
        same_direction=_directions(cells, first, second),
    )


def _order(cells: pd.DataFrame, first: str, second: str) -> float:
    counts = cells.groupby("year").size()
    years = counts[counts >= 3].index
    if years.empty:
        return float("nan")
    last = cells[cells["year"] == years.max()]
    return float(np.corrcoef(last[first].rank(), last[second].rank())[0, 1])


def _directions(cells: pd.DataFrame, first: str, second: str) -> tuple[int, int]:
    by_country = cells.sort_values("year").groupby("country")[[first, second]]
    moves = np.sign(by_country.last() - by_country.first())[by_country.size() > 1]
    return int((moves[first] == moves[second]).sum()), len(moves)


def _several(wanted: object) -> list:
    if wanted is None:
        return []
    return [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)


def _refuse_unanswered(held: pd.DataFrame, countries: list, years: list, who: str) -> None:
    """Raise for the first economy, or year of it, that these rows lack."""
    for country in countries or [None]:
        rows = held if country is None else held[held["country"] == country]
        if rows.empty:
            economies = sorted(held["country"].unique())
            many = f"{len(economies)} economies, {economies[0]} to {economies[-1]}"
            raise CannotAnswer(f"{who} {country!r}: choose from {many if len(economies) > 1 else economies[0]}.")
        for year in years:
            if not (rows["year"] == year).any():
                of = f"{country} in " if country else ""
                raise CannotAnswer(f"{who} {of}{year}: choose from {_spans(rows['year'])}.")


def _spans(years: Iterable[int]) -> str:
    """Years as runs: "2000, 2007 to 2022"."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _series(rows: pd.DataFrame) -> pd.Series:
    """A name for what a line may join: of one source and economy, without a missing year or a break between."""
    ordered = rows.sort_values(["source", "country", "year"])
    breaks = [year in SOURCES[source].breaks for source, year in zip(ordered["source"], ordered["year"], strict=True)]
    begins = (ordered.groupby(["source", "country"])["year"].diff() != 1) | np.array(breaks)
    number = begins.groupby([ordered["source"], ordered["country"]]).cumsum()
    return (ordered["source"] + " " + ordered["country"] + " " + number.astype(str)).reindex(rows.index)


# Editions of the data folder ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """What differs in one file between two editions of the data."""

    name: str
    gone: int  #: rows that the new edition lacks
    added: int  #: rows that the old edition lacked
    codes: tuple[str, ...]  #: keys that only one of them names, such as "country CHN gone", "country CN1 new"
    columns: tuple[str, ...]  #: what changed in the rows of both, a phrase for each column


def releases(source: str) -> list[str]:
    """Names of the files of data/ that are made from the release of a source, lists of codes left out."""
    title = SOURCES[source].release
    made = [datasets.about(name) for name in datasets.names()]
    return [
        one["name"] for one in made if len(one["sources"]) <= 2 and any(title in s["title"] for s in one["sources"])
    ]


def moved(old: Path, new: Path) -> list[Moved]:
    """What differs between two data folders, file by file, for the same keys; files that do not differ are left out.

    Raises datasets.DamagedData when a folder or a file of it cannot be read.
    """
    names = dict.fromkeys([*datasets.names(old), *datasets.names(new)])
    return [one for name in names if (one := _moved(name, old, new))]


def _moved(name: str, old: Path, new: Path) -> Moved | None:
    if name not in datasets.names(new) or name not in datasets.names(old):
        where = new if name in datasets.names(new) else old
        rows = len(datasets.read_from(where, name))
        added, gone = (rows, 0) if where == new else (0, rows)
        return Moved(name, gone, added, ("a new file" if added else "a file that is gone",), ())
    key = datasets.about(name, new)["schema"]["primaryKey"]
    frames = [datasets.read_from(folder, name) for folder in (old, new)]
    if not all(set(key) <= set(frame) for frame in frames):
        return Moved(name, len(frames[0]), len(frames[1]), ("its key has other columns",), ())
    before, after = (frame.set_index(key) for frame in frames)
    shared = before.index.intersection(after.index)
    found = Moved(
        name,
        gone=len(before.index.difference(after.index)),
        added=len(after.index.difference(before.index)),
        codes=tuple(_codes(key, *frames)),
        columns=tuple(_columns(before.loc[shared], after.loc[shared])),
    )
    return found if (found.gone or found.added or found.columns) else None


def _codes(key: list[str], before: pd.DataFrame, after: pd.DataFrame) -> Iterable[str]:
    for column in key:
        old, new = set(before[column]), set(after[column])
        for codes, word in ((old - new, "gone"), (new - old, "new")):
            if codes:
                some = ", ".join(map(str, sorted(codes)[:8])) + (" and more" if len(codes) > 8 else "")
                yield f"{column} {some} {word}"


def _columns(before: pd.DataFrame, after: pd.DataFrame) -> Iterable[str]:
    for column in before.columns.union(after.columns, sort=False):
        if column not in before or column not in after:
            yield f"{column} is {'new' if column in after else 'gone'}"
            continue
        old, new = before[column], after[column]
        differs = ~((old == new) | (old.isna() & new.isna()))
        if differs.any():
            yield f"{column} in {differs.sum():,} of {len(old):,} rows{_furthest(old[differs], new[differs])}"


def _furthest(old: pd.Series, new: pd.Series) -> str:
    if not pd.api.types.is_float_dtype(old) and not pd.api.types.is_integer_dtype(old):
        return ""
    gap = (new.astype(float) - old.astype(float)).abs().to_numpy()
    if np.isnan(gap).all():
        return ""
    i = int(np.nanargmax(gap))
    where = " ".join(map(str, np.atleast_1d(np.array(old.index[i], dtype=object))))
    return f", most in {where}: {old.iloc[i]:.6g} to {new.iloc[i]:.6g}"
