"""A student's desk: the folder worked in. What is handed out comes onto it once, and work is never written over.

    print(*sentences(lay(handed_out(Path("handed-out")), Path("my-exercises"))), sep="\\n")

A notebook that was worked on stays as it is, and so does its sheet: a newer one does not fit an older notebook.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from valuechains.checks import start
from valuechains.tongue import say

ORIGINAL = ".original"  # ends the name of a handed-out notebook, so that nobody works in it and loses the work
CHAPTERS = "chapters/"  # to read and to try things out in
NOTE = ".handed-out.json"  # path and digest of every file as it was handed out


def handed_out(folder: Path) -> dict[str, bytes]:
    """What a kit hands out: path on the desk and content."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix().removesuffix(ORIGINAL): path.read_bytes() for path in found}


def take_over(before: Path, desk: Path) -> list[str]:
    """Copy what was worked on in a kit of version 0.1, which had no desk; what there is to say of it."""
    found = [path.parent for path in sorted(before.glob("*/*.ipynb")) if path.stem == path.parent.name]
    taken = [folder for folder in found if not (desk / folder.name).exists()]
    for folder in taken:
        shutil.copytree(folder, desk / folder.name)
    if not taken:
        return []
    folders = say("list|, ").join(one.name for one in taken)
    return [say("Your work of an earlier kit is now in {desk}: {folders}.", desk=desk.name, folders=folders)]


def lay(given: Mapping[str, bytes], desk: Path) -> dict[str, str]:
    """Put what is handed out onto the desk, and write its start page.

    Returns how it stands with each folder of exercises and each chapter: "new", "renewed", "same", or "other" if it
    holds work on another edition than the one handed out now, and was left alone.
    """
    desk.mkdir(parents=True, exist_ok=True)
    noted = _noted(desk)
    stands = {}
    for one, paths in groupby(sorted(given), key=_belongs_to):
        files = {path: given[path] for path in paths}
        stands[one] = _stands(files, desk, noted)
        if stands[one] == "other":
            continue
        for path, content in files.items():
            if not _is_worked_on(path, desk, noted):
                _write(desk / path, content)
        noted |= {path: _digest(content) for path, content in files.items()}
    _write(desk / NOTE, json.dumps(noted, indent=1, sort_keys=True).encode())
    start.write(desk)
    return stands


def sentences(stands: Mapping[str, str], desk: str = "my-exercises") -> list[str]:
    """What a student should know of it."""
    said = []
    for how, sentence in (
        ("new", say("Your copies are in {desk}: {folders}.")),
        ("renewed", say("New editions of what you had not begun are in {desk}: {folders}.")),
    ):
        named = [one for one, is_so in stands.items() if is_so == how]
        # a chapter goes without saying beside its exercises
        named = [
            one for one in named if not one.startswith(CHAPTERS) or one[len(CHAPTERS) : -len(".ipynb")] not in named
        ]
        said += [sentence.format(desk=desk, folders=say("list|, ").join(named))] if named else []
    return said + [
        say(
            "{desk}/{one} holds your work on another edition than the one handed out now, and was left as it is; to "
            "begin with the other one, rename yours and start again.",
            desk=desk,
            one=one,
        )
        for one, how in stands.items()
        if how == "other"
    ]


def _belongs_to(path: str) -> str:
    """The folder of a chapter's exercises, or the notebook of a chapter to read."""
    return path if path.startswith(CHAPTERS) else path.split("/")[0]


def _stands(files: Mapping[str, bytes], desk: Path, noted: Mapping[str, str]) -> str:
    notebooks = [path for path in files if path.endswith(".ipynb")]
    if not any((desk / path).exists() for path in notebooks):
        return "new"
    changed = {path for path in notebooks if noted.get(path, "") not in ("", _digest(files[path]))}
    if any(_is_worked_on(path, desk, noted) for path in changed):
        return "other"
    return "renewed" if changed else "same"


def _is_worked_on(path: str, desk: Path, noted: Mapping[str, str]) -> bool:
    if not path.endswith(".ipynb") or not (desk / path).exists():
        return False
    return _digest((desk / path).read_bytes()) != noted.get(path)


def _noted(desk: Path) -> dict[str, str]:
    try:
        return dict(json.loads((desk / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """By way of a file beside it, so that a full disk leaves what was there before."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    try:
        half.write_bytes(content)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
