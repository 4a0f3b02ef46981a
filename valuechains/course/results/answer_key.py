"""The answer key of a chapter, for instructors: right answers of every variant in full, typical wrong ones with their
cause, the code that computes them, anchors for texts, and when cited claims were last checked."""

from __future__ import annotations

import ast
import csv
import inspect
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from valuechains import evidence
from valuechains.authoring import source as sources
from valuechains.authoring.source import ModelText
from valuechains.checks.sheet import exercise_number
from valuechains.course import files
from valuechains.course import key as keys
from valuechains.course.folder import Course
from valuechains.course.key import Key, Task
from valuechains.course.results import pages
from valuechains.course.worded import fields, points, written
from valuechains.tongue import say

CLAIM = re.compile(r"\bA\d-\d-\d\d\b")
COLUMNS = ("task", "name", "variant", "students", "answer", "cause", "value", "unit", "tolerance")
RIGHT, WRONG = "right", "wrong"


@dataclass(frozen=True)
class Entry:
    """One answer of one variant: what is right, or what the mistake of a cause gives. No variant: it does not vary."""

    task: str
    variant: dict | None
    students: tuple[str, ...]
    cause: str
    value: str
    shown: str  # to four digits, or as many as the tolerance asks for

    @property
    def whose(self) -> str:
        return "everybody" if self.variant is None else _named(self.variant)


def answers(course: Course, chapter: str) -> list[Path]:
    """Write work/answers/<chapter>.html and .csv; their paths. Raises CourseError."""
    chapter = course.chapter(chapter).name
    key, folder = course.key(chapter), course.root / "source" / chapter
    found, given = entries(course, chapter), sources.read(course.source(chapter))
    told = [
        {
            "task": name,
            "heading": f"{exercise_number(name)}. {given.titles.get(exercise_number(name), '')}",
            "facts": _facts(task),
            "right": [one for one in found if one.task == name and not one.cause],
            "wrong": _by_cause(one for one in found if one.task == name and one.cause),
            "code": source(task.compute),
            "fields": fields(task.public),
            **asdict(given.texts.get(name, ModelText())),
        }
        for name, task in key.tasks.items()
    ]
    text = pages.page(
        "answers.html",
        title=key.title,
        course=course.title,
        chapter=chapter,
        points=key.points,
        tasks=told,
        claims=claims(folder),
        checked=evidence.retrieved(),
        students=_students(course, chapter),
        whole=(folder / "key.py").read_text(encoding="utf-8"),
    )
    target = course.root / "work" / "answers"
    return [files.write(target / f"{chapter}.html", text), files.write(target / f"{chapter}.csv", _csv(key, found))]


def entries(course: Course, chapter: str) -> list[Entry]:
    """Every right answer and every known mistake, task by task and variant by variant."""
    key, found = course.key(chapter), []
    for name, task in key.tasks.items():
        if task.compute is None:
            continue
        for variant in key.variants if task.varies else [None]:
            answer = task.answer(variant or (key.variants or [{}])[0])
            given = {"": answer.right, **keys.named_mistakes(task, answer)}
            whose = tuple(one.id for one in course.students if variant in (None, course.variant(chapter, one.id)))
            found += [
                Entry(name, variant, whose, cause, written(task.public, value), written(task.public, value, short=True))
                for cause, value in given.items()
            ]
    return found


def source(compute: Any) -> str:
    """The code of a key's function, without what the decorator tells students."""
    try:
        text = inspect.getsource(compute)
        return "\n".join(text.splitlines()[ast.parse(text).body[0].lineno - 1 :])
    except (OSError, TypeError, SyntaxError, AttributeError):  # no function, or one that was made inside another
        return ""


def claims(folder: Path) -> list[evidence.Claim]:
    """The claims of the ledger that an exercise names, in the ledger's order."""
    named = {
        name
        for path in (folder / "key.py", folder / f"{folder.name}.ipynb")
        for name in CLAIM.findall(path.read_text(encoding="utf-8"))
    }
    return [claim for claim in evidence.claims() if claim.id in named]


def _facts(task: Task) -> str:
    """One line: what is asked for, in which unit, how exactly, for how many points."""
    public = task.public
    parts = [points(public["points"])]
    if public["kind"] == "numbers":
        shape = " x ".join(map(str, public["shape"])) or "one"
        parts += [f"numbers: {shape}", public["unit"], say("right within {public:g}", public=public["tolerance"])]
    if public["kind"] == "words":
        parts += [f"words: {public['count']}", say("out of {names}", names=", ".join(public["options"]))]
    return "; ".join(parts + ["varies"] * task.varies) + "."


def _students(course: Course, chapter: str) -> list[list[str]]:
    """Each student with the fields of the own variant; nothing if the chapter has no variants."""
    if len(course.key(chapter).variants) < 2:
        return []
    return [[one.id, _named(course.variant(chapter, one.id))] for one in course.students]


def _named(variant: Mapping) -> str:
    return ", ".join(f"{name} {value}" for name, value in variant.items())


def _by_cause(found: Iterable[Entry]) -> dict[str, list[Entry]]:
    causes: dict[str, list[Entry]] = {}
    for one in found:
        causes.setdefault(one.cause, []).append(one)
    return causes


def _csv(key: Key, found: list[Entry]) -> str:
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in found:
        public = key.tasks[one.task].public
        rows.writerow(
            (
                one.task,
                public["name"],
                json.dumps(one.variant) if one.variant else "",
                " ".join(one.students),
                WRONG if one.cause else RIGHT,
                one.cause,
                one.value,
                public.get("unit", ""),
                public.get("tolerance", ""),
            )
        )
    return file.getvalue()
