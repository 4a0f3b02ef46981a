"""Writing: the same frame gives the same bytes, and nothing is left half-written."""

import gzip
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path


def csv_bytes(frame, digits):
    """A frame as CSV: `digits` significant digits, line feeds, an empty cell where a value is missing."""
    return frame.to_csv(index=False, float_format=f"%.{digits}g", lineterminator="\n").encode("utf-8")


def write(path, content):
    """Write bytes, packed when the name ends in .gz (no time and no name in the header)."""
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)


def read(path):
    """The bytes that `write` was given."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def differing(new, old):
    """Names of the files of folder `new` whose content is not that of the same file in `old`."""
    return sorted(f.name for f in new.iterdir() if not (old / f.name).is_file() or read(f) != read(old / f.name))


@contextmanager
def staged(folder):
    """A temporary folder whose changed files replace those of `folder` when the block ends without an error."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        new = Path(temporary)
        yield new
        for name in differing(new, folder):
            os.replace(new / name, folder / name)
