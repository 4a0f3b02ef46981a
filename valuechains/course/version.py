"""Which library, data and right answers a chapter was released with: work is graded against what its student had.

A correction between release and grading would change right answers under the class's feet. So a release notes the
answers of its key and keeps the library and the data that its kits hold, in `work/versions/`, once for all chapters.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from valuechains import datasets
from valuechains.checks.values import plain, restored
from valuechains.course import files
from valuechains.course.key import Answer, Key
from valuechains.course.kit import LEFT_OUT, ROOT
from valuechains.tongue import say

PACKAGE = ROOT / "valuechains"


@dataclass(frozen=True)
class Release:
    """What grading needs of a release: its key, where its library lies (None: it is the one here), and a warning."""

    key: Key
    library: Path | None = None
    warning: str = ""
    version: str = ""


def note(root: Path, key: Key, key_file: Path) -> None:
    """Keep what a chapter is released with."""
    version = current()
    folder = _folder(root, version)
    if not folder.is_dir():
        half = folder.with_name(f".{folder.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        for path, name in _parts():
            (half / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, half / name)
        half.replace(folder)
    said = {"version": version, "key": _digest(key_file.read_bytes()), "answers": _answers(key)}
    files.write(_note(root, key.assignment), json.dumps(said))


def released(root: Path, key: Key, key_file: Path) -> Release:
    """The release that work of a chapter is graded against. A key that was changed since counts as it is now."""
    said, library = files.noted(_note(root, key.assignment)), None
    if not said or said["version"] == current():
        return Release(key)
    if _folder(root, said["version"]).is_dir():
        library = _folder(root, said["version"])
    if said["key"] != _digest(key_file.read_bytes()):
        return Release(
            key,
            library,
            say(
                "Library or data changed since {assignment} was released, and so did its key: right "
                "answers are those that the key gives now.",
                assignment=key.assignment,
            ),
            said["version"],
        )
    then = _key(key, said["answers"])
    moved = [name for name, task in key.tasks.items() if task.compute and _moved(key, then, name)]
    warning = (
        say(
            "Library or data changed since {assignment} was released, and with them the right "
            "answers of {moved}: graded against those of the release, which students had. "
            "Release again to take the new.",
            assignment=key.assignment,
            moved=", ".join(moved),
        )
        if moved
        else ""
    )
    return Release(then, library, warning, said["version"])


@cache
def current() -> str:
    """A digest of the library and the data as they are here."""
    digest = hashlib.sha256()
    for path, name in _parts():
        digest.update(f"{name} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _parts() -> list[tuple[Path, str]]:
    """Every file of library and data that students have, and its name in a version."""
    library = (
        (path, f"valuechains/{path.relative_to(PACKAGE).as_posix()}")
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.relative_to(PACKAGE).parts[0] not in LEFT_OUT
    )
    data = ((path, f"data/{path.name}") for path in datasets.folder().iterdir() if path.is_file())
    return sorted([*library, *data], key=lambda part: part[1])


def _answers(key: Key) -> dict[str, list]:
    """{task: the answer of each variant, or of the only one}, as JSON."""
    menu = key.variants or [{}]
    return {
        name: [plain(asdict(task.answer(variant))) for variant in (menu if task.varies else menu[:1])]
        for name, task in key.tasks.items()
        if task.compute
    }


def _key(key: Key, answers: Mapping[str, list]) -> Key:
    """A key that gives these answers."""
    then = Key(key.assignment, title=key.title, minutes=key.minutes, variants=key.variants)
    for name, task in key.tasks.items():
        noted = [Answer(**cast(dict, restored(one))) for one in answers.get(name, [])]
        then.tasks[name] = replace(task, compute=_looked_up(noted, key.variants)) if noted else task
    return then


def _looked_up(noted: list[Answer], menu: list[dict]) -> Callable[[SimpleNamespace], Answer]:
    def answer(variant: SimpleNamespace) -> Answer:
        return noted[menu.index(vars(variant)) if len(noted) > 1 else 0]

    return answer


def _moved(key: Key, then: Key, name: str) -> bool:
    """Whether a right answer of a task is another one now."""
    task = key.tasks[name]
    for variant in key.variants if task.varies else (key.variants or [{}])[:1]:
        now, before = task.answer(variant).right, then.tasks[name].answer(variant).right
        if task.public["kind"] != "numbers" or np.shape(now) != np.shape(before):
            moved = json.dumps(plain(now)) != json.dumps(plain(before))
        else:
            moved = (np.abs(np.subtract(now, before)) > task.public["tolerance"] / 10).any()
        if moved:
            return True
    return False


def _folder(root: Path, version: str) -> Path:
    return root / "work" / "versions" / version


def _note(root: Path, chapter: str) -> Path:
    return root / "work" / "released" / f"{chapter}.json"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
