"""One way to write a zip of what is taken along: all files of one moment, and in its place when all is in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import gmtime

from valuechains.course import zips

PACKED = (".zip", ".gz", ".pdf", ".epub", ".png")  # already: to pack them again saves nothing


@contextmanager
def archive(out: Path, moment: int) -> Iterator[Callable[..., None]]:
    """What adds a file by name and content; a zip that is there is replaced at the end, and kept if there is none."""
    half = out.with_suffix(".half")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(half, "w") as opened:

            def add(name: str, content: bytes, *, packed: bool = True) -> None:
                packing = packed and not name.endswith(PACKED)
                at = gmtime(moment)[:6]
                opened.writestr(zips.entry(name, at, packed=packing, mode=zips.EVERYBODY), content)

            yield add
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
