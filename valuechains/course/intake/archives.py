"""The files of a folder or a zip, zips inside it included; nothing is unpacked to the disk."""

from __future__ import annotations

import contextlib
import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from valuechains.course.errors import CourseError
from valuechains.tongue import say

MIB = 2**20
LARGEST = 50 * MIB  # of one file that is read
WHOLE, WITHIN = 4096 * MIB, 512 * MIB  # of all that a zip holds unpacked: one from the LMS, one that a student made
MANY, DEEP = 100_000, 3  # entries of a zip; zips inside zips
JUNK = re.compile(r"(?:^|/)(?:\.|__MACOSX(?:/|$)|ipynb_checkpoints/|Thumbs\.db$|desktop\.ini$)", re.I)
OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")


@dataclass(frozen=True)
class File:
    """path: from the top of the source, through zips, with /. read: its bytes and whether they are all.

    refused: the sentence that says why it cannot be read, if so. packed: its time is an entry's of a zip, where most
    learning management systems write the moment of the download. inner: in a zip inside the source, as students make.
    """

    path: str
    time: datetime | None
    read: Callable[[], tuple[bytes, bool]]
    refused: str = ""
    packed: bool = False
    inner: bool = False


def files(source: Path, zone: ZoneInfo) -> Iterator[File]:
    """Every file; times in a zip are clock times of `zone`. Raises CourseError for a source that cannot be trusted."""
    if source.is_dir():
        yield from _folder(source, zone)
    elif source.is_file():
        with open(source, "rb") as content:
            try:
                archive = zipfile.ZipFile(content)
            except Exception:  # zipfile raises half a dozen kinds
                raise CourseError(
                    say(
                        "{shown} is no zip file that can be read: download it again, or unpack it and give the folder.",
                        shown=shown(source.name),
                    )
                ) from None
            reason = _refusal(archive, WHOLE)
            if reason:
                raise CourseError(
                    say(
                        "{shown} {reason}: nothing was collected; look at where it comes from.",
                        shown=shown(source.name),
                        reason=reason,
                    )
                )
            yield from _archive(archive, "", zone, depth=1)
    else:
        raise CourseError(
            say("There is no {shown}: give the folder or zip file that the LMS handed out.", shown=shown(source.name))
        )


def shown(name: str) -> str:
    """A file's name as it can be printed: no control characters, nothing that turns the line round, not endless."""
    printable = "".join(char if char.isprintable() else "�" for char in name)
    return printable if len(printable) <= 120 else f"{printable[:60]}…{printable[-50:]}"


def _folder(source: Path, zone: ZoneInfo) -> Iterator[File]:
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if JUNK.search(name) or path.is_dir():
            continue
        if path.is_symlink() or not path.is_file():
            yield File(name, None, lambda: (b"", False), say("is a link or a device and no file"))
            continue
        facts = path.stat()
        time = datetime.fromtimestamp(facts.st_mtime, zone)
        yield from _one(name, time, facts.st_size, partial(path.open, "rb"), zone, depth=0)


def _archive(archive: zipfile.ZipFile, above: str, zone: ZoneInfo, depth: int) -> Iterator[File]:
    for entry in archive.infolist():
        name = above + _name(entry)
        if not entry.is_dir() and not JUNK.search(name):
            opened = partial(archive.open, entry)
            yield from _one(name, _time(entry, zone), entry.file_size, opened, zone, depth)


def _one(name: str, time: datetime | None, size: int, opened: Callable, zone: ZoneInfo, depth: int) -> Iterator[File]:
    """A file, or if it is a zip the files in it."""
    file = File(name, time, lambda: _read(opened), packed=depth > 0, inner=".zip/" in name.lower())
    refused = (
        say("has {size:.0f} MiB, more than {most:.0f}", size=size / MIB, most=LARGEST / MIB) if size > LARGEST else ""
    )
    zipped = _begins(opened, b"PK\3\4") if ".ipynb" in name.lower() else name.lower().endswith(".zip")
    if refused or not zipped:
        yield replace(file, refused=refused)
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(_read(opened)[0]))
    except Exception:  # as above
        yield replace(file, refused=say("is no zip file that can be read"))
        return
    refused = say("is a zip too deep inside zips") if depth >= DEEP else _refusal(archive, WITHIN)
    refused = refused or (say("is a zip with nothing in it") if not archive.infolist() else "")
    if refused:
        yield replace(file, refused=refused)
    else:
        yield from _archive(archive, f"{name}/", zone, depth + 1)


def _refusal(archive: zipfile.ZipFile, limit: int) -> str:
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    outside = next((entry.filename for entry in entries if OUTSIDE.search(entry.filename)), None)
    if outside is not None:
        return say("would unpack outside its folder ({shown})", shown=shown(outside))
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        return say("holds a link, which could lead outside its folder")
    if size > limit or len(entries) > MANY:
        return say("would unpack to {size:,.0f} MiB in {number:,} files", size=size / MIB, number=len(entries))
    return ""


def _read(opened: Callable) -> tuple[bytes, bool]:
    """All bytes, or those up to where reading fails (a damaged or locked entry)."""
    read = bytearray()
    try:
        with opened() as content:
            while chunk := content.read(MIB):
                read += chunk
                if len(read) > LARGEST:  # it says less than it holds
                    return bytes(read[:LARGEST]), False
    except Exception:  # zlib, lzma, zipfile and the disk have a kind each
        return bytes(read), False
    return bytes(read), True


def _begins(opened: Callable, sign: bytes) -> bool:
    with contextlib.suppress(Exception), opened() as content:  # as above
        return content.read(len(sign)) == sign
    return False


def _name(entry: zipfile.ZipInfo) -> str:
    """The name; UTF-8 that does not say so, as many an LMS writes it, is read as such."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _time(entry: zipfile.ZipInfo, zone: ZoneInfo) -> datetime | None:
    """The time of an entry; None where none was written, which is 1980."""
    try:
        return datetime(*entry.date_time, tzinfo=zone) if entry.date_time[0] > 1980 else None
    except ValueError:
        return None
