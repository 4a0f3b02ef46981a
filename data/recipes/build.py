"""All files of data/ in one run, written together or not at all."""

import io
import tempfile
from pathlib import Path

import pandas as pd

from . import claims, describe, files, flows, icio, iot, national, official, places, published, recent, together, world
from .sources import Sources

SECTIONS = (
    world.build,
    flows.build,
    icio.build,
    national.build,
    iot.build,
    published.build,
    recent.build,
    places.build,
    official.build,
)
DERIVED = (together.build,)


def build(sources, out):
    """Compute everything from the folder `sources` into the folder `out`; returns the names of changed files."""
    with files.staged(out) as new:
        write(Sources(sources), new)
        return files.differing(new, Path(out))


def differences(sources, out):
    """Names of the files that a new run would change; writes nothing."""
    with tempfile.TemporaryDirectory() as temporary:
        new = Path(temporary)
        write(Sources(sources), new)
        return files.differing(new, Path(out))


def write(sources, folder, sections=SECTIONS, derived=DERIVED):
    """Compute the frames of the sections, then those derived from their files; write them, ledger and description."""
    dictionary = describe.load()["resources"]
    claims.build(folder / "claims.json")
    for section in sections:
        for name, frame in section(sources).items():
            _write_table(folder, name, frame, dictionary[name])
    for derive in derived:
        for name, frame in derive(lambda name: _read_table(folder, dictionary[name])).items():
            _write_table(folder, name, frame, dictionary[name])
    describe.write(folder)


def _read_table(folder, entry):
    text = io.BytesIO(files.read(folder / entry["file"]))
    return pd.read_csv(text, keep_default_na=False, na_values=[""])


def _write_table(folder, name, frame, entry):
    describe.check_columns(name, frame, entry)
    types = {field[0]: field[1:3] for field in entry["fields"]}
    whole = [column for column, (kind, _) in types.items() if kind == "integer"]
    money = {column: 3 for column, (kind, unit) in types.items() if kind == "number" and unit == "US$ million"}
    frame = frame.astype(dict.fromkeys(whole, "int64")).round(money)
    files.write(folder / entry["file"], files.csv_bytes(frame, entry.get("digits", 7)))
