"""Zips that follow from what is in them alone: all files of one moment, whatever the clock says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

Moment = tuple[int, int, int, int, int, int]
ALWAYS: Moment = (2026, 1, 1, 0, 0, 0)
EVERYBODY, OWNER = 0o644, 0o600  # who may read what is unpacked


def zipped(
    files: Iterable[tuple[str, bytes]], moment: Moment = ALWAYS, *, packed: bool = True, mode: int = OWNER
) -> bytes:
    """A zip of files by name, in this order."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files:
            archive.writestr(entry(name, moment, packed=packed, mode=mode), content)
    return held.getvalue()


def entry(name: str, moment: Moment = ALWAYS, *, packed: bool = True, mode: int = OWNER) -> zipfile.ZipInfo:
    """What a zip says of a file before its content."""
    made = zipfile.ZipInfo(name, moment)
    made.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    made.external_attr = mode << 16
    return made
