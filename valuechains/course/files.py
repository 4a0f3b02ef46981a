"""Files of a course: written whole or not at all, and what was noted in them read back."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psutil

from valuechains.course.errors import CourseError
from valuechains.tongue import say

RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a spreadsheet takes what begins so for a formula


def write(path: Path, content: str | bytes) -> Path:
    """Write a file by way of one beside it, so that a full disk or a power cut leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.half"):  # by a run that was killed
        if not psutil.pid_exists(int(left.suffixes[-2][1:])):
            left.unlink(missing_ok=True)
    try:
        with open(half, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    return path


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else does what is done under this in the course of a folder. The system lets go of it with the process."""
    path = folder / "work" / "busy.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    held = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as why:
            if why.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise CourseError(
                say(
                    "{folder} is being graded by another command: wait until it ends and give this one again.",
                    folder=folder.name,
                )
            ) from None
        yield
    finally:
        held.close()


def noted(path: Path) -> dict:
    """What a JSON file of ours holds; {} if it is not there or was cut short."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def cell(text: str) -> str:
    """Text for a table that a spreadsheet does not take for a formula: an apostrophe goes before it."""
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text
