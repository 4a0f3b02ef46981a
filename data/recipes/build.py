"""All files of data/ in one run, written together or not at all."""

import tempfile
from pathlib import Path

from . import claims, describe, files, national, official, published, world
from .sources import Sources

SECTIONS = (world.build, national.build, published.build, official.build)


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


def write(sources, folder, sections=SECTIONS):
    """Compute the frames of the sections and write them, the ledger and the description into `folder`."""
    dictionary = describe.load()["resources"]
    claims.build(folder / "claims.json")
    for section in sections:
        for name, frame in section(sources).items():
            _write_table(folder, name, frame, dictionary[name])
    describe.write(folder)


def _write_table(folder, name, frame, entry):
    describe.check_columns(name, frame, entry)
    types = {field[0]: field[1:3] for field in entry["fields"]}
    whole = [column for column, (kind, _) in types.items() if kind == "integer"]
    money = {column: 3 for column, (kind, unit) in types.items() if kind == "number" and unit == "US$ million"}
    frame = frame.astype(dict.fromkeys(whole, "int64")).round(money)
    files.write(folder / entry["file"], files.csv_bytes(frame, entry.get("digits", 7)))
