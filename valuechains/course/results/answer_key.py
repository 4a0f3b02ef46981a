"""The answer key of a chapter, for instructors: right answers of every variant in full, typical wrong ones with their
cause, the code that computes them, anchors for texts, and when cited claims were last checked."""

from __future__ import annotations

import ast
import csv
import inspect
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from valuechains import evidence
from valuechains.authoring import source as sources
from valuechains.authoring.source import ModelText, number
from valuechains.checks.answers import listed
from valuechains.course import files
from valuechains.course import key as keys
from valuechains.course.folder import Course
from valuechains.course.key import Key, Task
from valuechains.course.results import pages

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
            "heading": f"{number(name)}. {given.titles.get(number(name), '')}",
            "facts": _facts(task),
            "right": [one for one in found if one.task == name and not one.cause],
            "wrong": _by_cause(one for one in found if one.task == name and one.cause),
            "code": source(task.compute),
            "fields": _fields(task.public),
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


def written(public: Mapping, value: object, short: bool = False) -> str:
    """An answer as JSON, every number in full or `short`; of a mistake in words only the entries that it is about."""
    labels = public.get("keys")
    if public["kind"] == "numbers":
        array = np.asarray(value, dtype=float)
        value = (np.vectorize(partial(rounded, tolerance=public["tolerance"]))(array) if short else array).tolist()
        return json.dumps(dict(zip(labels, value)) if labels else value)
    if isinstance(value, Mapping):
        found = {labels[place] if labels else f"entry {place + 1}": word for place, word in value.items()}
    else:
        words = list(keys.places(value).values())
        found = dict(zip(labels, words)) if labels else words if public["count"] > 1 else words[0]
    return json.dumps(found, ensure_ascii=False)


def rounded(value: float, tolerance: float) -> float:
    """To four digits, and to a tenth of the tolerance at least."""
    if not value:
        return 0.0
    return round(value, max(3 - math.floor(math.log10(abs(value))), 1 - math.floor(math.log10(tolerance))))


def source(compute: Callable | None) -> str:
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
    parts = [f"{public['points']} {'point' if public['points'] == 1 else 'points'}"]
    if public["kind"] == "numbers":
        shape = " x ".join(map(str, public["shape"])) or "one"
        parts += [f"numbers: {shape}", public["unit"], f"right within {public['tolerance']:g}"]
    if public["kind"] == "words":
        parts += [f"words: {public['count']}", f"out of {', '.join(public['options'])}"]
    return "; ".join(parts + ["varies"] * task.varies) + "."


def _fields(public: Mapping) -> list[list[str]]:
    """The fields of a form and what makes each complete."""
    rules = {
        "options": lambda value: f"one of {listed(map(str, value))}",
        "words": lambda value: f"at least {value} words",
        "between": lambda value: f"a number from {value[0]:g} to {value[1]:g}",
        "date": lambda value: "a date",
        "after": lambda value: f"after {value}",
        "contains": lambda value: f"has {value!r} in it",
        "unlike": lambda value: f"not the same as {value!r}",
    }
    return [
        [name, "; ".join(rules[what](value) for what, value in rule.items()) or "not empty"]
        for name, rule in public.get("fields", {}).items()
    ]


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
