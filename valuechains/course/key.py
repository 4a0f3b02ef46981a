"""The key of a chapter's exercises: what is right, what the known mistakes give, and the hints, all computed on demand.

    key = Key("02-services", variants=[{"economy": "CHN", "year": 2009}, ...])

    @key.numbers("1", "content", points=3, shape=(3,), unit="fractions", tolerance=5e-4, hints=(nudge, method, sister))
    def services_content(variant):
        return Answer(right, {"These are levels, not shares: ...": levels})

    key.text("1t", points=2)         # a text, read by the instructor with the rubric

A key lives beside its notebook as `key.py` and never reaches a student; `Key.sheet` makes the sealed sheet that does.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from valuechains import datasets, settled
from valuechains.checks import seals
from valuechains.checks.judging import judge
from valuechains.checks.numerals import percent_in
from valuechains.checks.replies import Reply, State
from valuechains.checks.sheet import Sheet

SALT = "practice"  # the salt of the copies that everybody can download
WHOLE = 100  # a whole number below this has no rounding to tens
YEARS = range(1950, 2060)  # a whole number in here is a year


@dataclass(frozen=True)
class Answer:
    """The right answer of one variant and, for each hint, the answer that the mistake of that name gives.

    numbers: arrays of the shape asked for. words: a word, or a list; a mistake may be {place: word} for one entry.
    total: what the entries must add up to, when the question gives it away. slips: mistakes that need no planting.
    """

    right: Any
    mistakes: Mapping[str, Any] = field(default_factory=dict)
    total: float | None = None
    slips: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One thing that is asked for: public facts for the sheet, and the function that computes the answer."""

    exercise: str
    public: dict
    compute: Callable[[SimpleNamespace], Answer] | None = None
    varies: bool = False

    def answer(self, variant: Mapping) -> Answer:
        answer = _computed(self.compute, json.dumps(dict(variant)))
        if self.varies and self.public["kind"] == "numbers":
            return replace(answer, slips=self._of_other_years(variant) or answer.slips)
        return answer

    def _of_other_years(self, variant: Mapping) -> dict[str, object]:
        """What the question gives for a year beside the variant's own."""
        found = {}
        for name, year in variant.items():
            for step, which in ((-1, "before"), (1, "after")) if year in YEARS else ():
                value = _right_if_any(self.compute, json.dumps({**variant, name: year + step}))
                if value is not None:
                    found[f"This is what the year {which} yours gives: use `sheet.variant.{name}`."] = value
        return found


@cache
def _computed(compute: Callable, variant: str) -> Answer:
    return compute(SimpleNamespace(**json.loads(variant)))


@cache
def _right_if_any(compute: Callable, variant: str) -> object | None:
    with suppress(Exception):  # the data begin and end somewhere
        return _computed(compute, variant).right
    return None


class Key:
    """All tasks of one notebook, in order.

    variants: the menu that students' variants are drawn from, dicts of the same fields; the first is for practice.
    outcomes: for each outcome of the chapter, by its verb in bold, the exercises, tasks and questions that test it.
    Every table that a student needs must be named in a cell of the notebook or by its widgets: kits carry those.
    """

    def __init__(
        self,
        assignment: str,
        *,
        title: str,
        minutes: int,
        variants: Sequence[Mapping] = (),
        outcomes: Mapping[str, str] | None = None,
    ):
        self.assignment, self.title, self.minutes = assignment, title, minutes
        self.outcomes = dict(outcomes or {})
        self.variants = [dict(variant) for variant in variants]
        self.tasks: dict[str, Task] = {}

    def numbers(
        self,
        exercise: str,
        name: str,
        *,
        points: int,
        tolerance: float,
        unit: str,
        decimals: int,
        shape: tuple[int, ...] = (),
        keys: Sequence[str] = (),
        labels: Sequence[Sequence[str]] = (),
        ascending: bool = False,
        bounds: tuple[float, float] | None = None,
        varies: bool = False,
        praise: str = "",
        hints: Sequence[str] = (),
        also: Mapping[str, str] | None = None,
    ) -> Callable:
        """A number, an array, or a dict with these keys; right within `tolerance` (absolute, in `unit`).

        decimals: as the question asks for; what is rounded further gets a sentence of its own. labels: the question's
        names for the entries of each axis, which a Series or a DataFrame may carry. ascending: a set has this order.
        also: other words for those names.
        """
        shape = (len(keys),) if keys else tuple(shape)
        return self._task(
            exercise,
            varies,
            kind="numbers",
            name=name,
            points=points,
            tolerance=tolerance,
            unit=unit,
            decimals=decimals,
            shape=list(shape),
            keys=list(keys),
            labels=[list(map(str, axis)) for axis in labels],
            ascending=ascending,
            bounds=bounds,
            praise=praise,
            hints=list(hints),
            **({"also": dict(also)} if also else {}),
        )

    def words(
        self,
        exercise: str,
        name: str,
        *,
        points: int,
        options: Sequence[str],
        count: int = 1,
        keys: Sequence[str] = (),
        also: Mapping[str, str] | None = None,
        varies: bool = False,
        praise: str = "",
        hints: Sequence[str] = (),
    ) -> Callable:
        """A word out of the options, or `count` of them in order, or a dict with these keys.

        also: other words that a reader would take, each with the option that it means.
        """
        return self._task(
            exercise,
            varies,
            kind="words",
            name=name,
            points=points,
            options=list(options),
            count=len(keys) or count,
            keys=list(keys),
            also=dict(also or {}),
            praise=praise,
            hints=list(hints),
        )

    def form(
        self,
        exercise: str,
        name: str,
        *,
        points: int,
        fields: Mapping[str, Mapping],
        count: int = 1,
        distinct: str = "",
        praise: str = "",
        hints: Sequence[str] = (),
    ) -> None:
        """A filled-in form (dict), or several: complete or not; what it says is read by the instructor.

        fields: name -> {"options": [...]}, {"words": least}, {"between": [low, high]}, {"date": True}, {"contains":
        part} or {}.
        """
        self._add(
            Task(
                exercise,
                dict(
                    kind="form",
                    name=name,
                    points=points,
                    fields=dict(fields),
                    count=count,
                    distinct=distinct,
                    mistakes=[],
                    praise=praise,
                    hints=list(hints),
                ),
            )
        )

    def text(self, exercise: str, *, points: int) -> None:
        """A text that the instructor reads and marks with the rubric."""
        self._add(Task(exercise, dict(kind="text", points=points)))

    def reply(self, exercise: str, answer: object, student_sheet: Sheet, mistakes: Sequence[str] = ()) -> Reply:
        """What there is to say of an answer, by the sheet's variant: the same as the sheet says.

        mistakes: as the sheet lists them, whose numbers the reply then gives.
        """
        task = self.tasks[exercise]
        computed = task.answer(vars(student_sheet.variant)) if task.compute else Answer(None)
        public = self._public(task, computed, mistakes)
        known = _known(task, computed, public["mistakes"])
        return judge(exercise, public, answer, lambda at, given: at in known and _is(task, *known[at], given))

    def mark(self, exercise: str, answer: object, student_sheet: Sheet) -> None:
        """Raise AssertionError, with the sentence for the student, unless the answer is right."""
        reply = self.reply(exercise, answer, student_sheet)
        assert reply.state is State.RIGHT, reply.says

    def sheet(self, salt: str = SALT, student: str | None = None, variants: Sequence[Mapping] | None = None) -> dict:
        """The sheet for students: questions' shapes, hints, and sealed answers of each variant of the menu."""
        menu: list[Mapping] = list(self.variants if variants is None else variants)
        return {
            "assignment": self.assignment,
            "title": self.title,
            "minutes": self.minutes,
            "salt": salt,
            "student": student,
            "variants": menu,
            "tasks": {task.exercise: self._sealed(task, menu, salt) for task in self.tasks.values()},
        }

    @cached_property
    def points(self) -> int:
        return sum(task.public["points"] for task in self.tasks.values())

    @cached_property
    def checked(self) -> int:
        """Points of what is marked without a reader."""
        return sum(task.public["points"] for task in self.tasks.values() if task.public["kind"] != "text")

    def _task(self, exercise: str, varies: bool, **public: object) -> Callable:
        def register(compute: Callable) -> Callable:
            self._add(Task(exercise, public, compute, varies))
            return compute

        return register

    def _add(self, task: Task) -> None:
        if task.exercise in self.tasks:
            raise ValueError(
                f"Exercise {task.exercise} appears twice in the key of {self.assignment}: name the parts 2a, 2b."
            )
        self.tasks[task.exercise] = task

    def _public(self, task: Task, answer: Answer, listed: Sequence[str]) -> dict:
        mistakes = list(dict.fromkeys([*listed, *named_mistakes(task, answer)]))
        late = [mistakes.index(hint) for hint in slips(task, answer) if hint in mistakes]
        return {**task.public, "mistakes": mistakes, "slips": late, "total": answer.total}

    def _sealed(self, task: Task, menu: Sequence[Mapping], salt: str) -> dict:
        if task.compute is None:
            return task.public
        answers = [task.answer(variant) for variant in (menu if task.varies else (menu or [{}])[:1])]
        hints = list(dict.fromkeys(hint for answer in answers for hint in named_mistakes(task, answer)))
        sealed = {}
        for place, answer in enumerate(answers):
            at = f"{salt}/{self.assignment}/{task.exercise}/{place}"
            known = _known(task, answer, hints)
            sealed[str(place)] = {name: _seal(task, *one, f"{at}/{name}") for name, one in known.items()}
        totals = {settled.number(answer.total) for answer in answers}
        total = totals.pop() if len(totals) == 1 else None  # a total that varies would tell a variant's value
        late = [
            hints.index(hint) for hint in dict.fromkeys(h for one in answers for h in slips(task, one)) if hint in hints
        ]
        public = {**task.public, "varies": task.varies, "mistakes": hints, "slips": late, "total": total}
        return {**public, "sealed": sealed}


def apart(right: Any, mistakes: Mapping[str, Any], tolerance: float) -> dict[str, object]:
    """Those mistakes that differ, by over twice the tolerance, from what is right and from the mistakes before them."""
    kept, seen = {}, [right]
    for hint, value in mistakes.items():
        if all(np.abs(np.subtract(value, other)).max() > 2 * tolerance for other in seen):
            kept[hint] = value
            seen.append(value)
    return kept


def load(folder: str | Path) -> Key:
    """The key of an exercise folder. Raises FileNotFoundError where there is none."""
    path = Path(folder, "key.py")
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no key.py in {Path(folder).name}: a student's copy has none, the source does."
        )
    return _loaded(path, path.read_bytes(), datasets.folder())


@cache
def _loaded(path: Path, content: bytes, data: Path) -> Key:
    """A key once for what it says and for the data that it computes with: what it computed is kept with it."""
    specification = importlib.util.spec_from_file_location(f"key_{path.parent.name.replace('-', '_')}", path)
    assert specification and specification.loader  # a file named .py has both
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.key


def named_mistakes(task: Task, answer: Answer) -> dict[str, object]:
    """The mistakes of the key and those that can be made anywhere, less those that give the right answer."""
    if task.public["kind"] != "numbers":
        return dict(answer.mistakes)
    right = np.asarray(answer.right, dtype=float)
    known = {
        hint: value
        for hint, value in {**answer.mistakes, **_anywhere(task, right)}.items()
        if np.isfinite(np.asarray(value, dtype=float)).all() and not _near(task, value, right)
    }
    for hint, value in slips(task, answer).items():
        others = (right, *known.values())
        if np.isfinite(np.asarray(value, dtype=float)).all() and not any(
            _near(task, value, other, 1.9 * task.public["tolerance"]) for other in others
        ):
            known[hint] = value
    return known


def slips(task: Task, answer: Answer) -> dict[str, object]:
    """Near misses that need no planting: judged last, when an answer is no planted mistake and no rounding."""
    if task.public["kind"] != "numbers":
        return {}
    return {**answer.slips, **_one_off(task, np.asarray(answer.right, dtype=float))}


def _one_off(task: Task, right: np.ndarray) -> dict[str, np.ndarray]:
    """A count that is one too large or too small, and a year beside a number that is right."""
    if task.public["decimals"] or task.public["tolerance"] > 0.6:
        return {}
    if right.size == 2 and right[0] in YEARS:
        step = np.array([1, 0])
        return {"The year is one too late.": right + step, "The year is one too early.": right - step}
    if right.size > 1:
        return {}
    return {"This is one too many.": right + 1, "This is one too few.": right - 1}


def _anywhere(task: Task, right: np.ndarray) -> dict[str, np.ndarray]:
    slips = {"The sign is turned round.": -right}
    one = percent_in(task.public["unit"])
    if one == 0.01:
        slips["These are percentages: give fractions, 0.25 and not 25."] = 100 * right
    if one == 1:
        slips["These are fractions: give percentages, 25 and not 0.25."] = right / 100
    if right.ndim == 1 and right.size > 1:
        slips["The numbers are right, their order is turned round."] = right[::-1]
    if right.ndim == 2 and right.shape[0] == right.shape[1]:
        slips["Rows and columns are swapped: transpose."] = right.T
    return slips


def _near(task: Task, value: Any, other: Any, within: float | None = None) -> bool:
    value, other = np.asarray(value, dtype=float), np.asarray(other, dtype=float)
    return value.shape == other.shape and bool((np.abs(value - other) <= (within or task.public["tolerance"])).all())


def _within(task: Task, answer: Answer, value: Any) -> float:
    """The tolerance of a value: a mistake of another size, such as percentages, is rounded to as many digits."""
    if task.public["kind"] != "numbers":
        return 0.0
    own, right = (float(np.abs(np.asarray(one, dtype=float)).max()) for one in (value, answer.right))
    return task.public["tolerance"] * (10.0 ** round(np.log10(own / right)) if own and right else 1)


def _known(task: Task, answer: Answer, hints: Sequence[str] | None = None) -> dict[str, tuple[object, float]]:
    """Everything that `judge` may ask after, by its place: the value, and how near an answer must be.

    hints: the mistakes of all variants, in the order of the sheet; without them the order is this answer's own.
    """
    if task.compute is None:
        return {}
    mistakes = named_mistakes(task, answer)
    hints = list(mistakes) if hints is None else list(hints)
    known = {"right": (answer.right, task.public.get("tolerance", 0))}
    known |= {str(hints.index(hint)): (value, _within(task, answer, value)) for hint, value in mistakes.items()}
    if task.public["kind"] == "words":
        right = places(answer.right)
        entries = {f"entry {place}": ({0: word}, 0) for place, word in right.items()}
        return known | (entries if len(right) > 1 else {})
    return known | _parts(task, np.asarray(answer.right, dtype=float))


def _parts(task: Task, right: np.ndarray) -> dict[str, tuple[object, float]]:
    """Single entries of what is right, and the same rounded further than was asked for; their sum."""
    tolerance, asked, known = task.public["tolerance"], task.public["decimals"], {}
    for place, one in enumerate(settled.array(np.ravel(right)).tolist()):
        if right.size > 1:
            known[f"entry {place}"] = (one, tolerance)
        for name, value, kept in _roundings(one, asked):
            if abs(value - one) > tolerance:
                known[f"entry {place} {name}"] = (value, 0.5 * 10.0**-kept)
    if right.ndim == 1 and right.size > 1:
        known["sum"] = (right.sum(), tolerance * right.size)
    return known


def _roundings(number: float, asked: int) -> Iterator[tuple[str, float, int]]:
    """(name, value, decimals) of a number with fewer decimals than asked for, and of one whose digits were cut off."""
    for kept in (asked - 1, asked - 2):
        step = 10.0**-kept
        if kept < (-1 if asked <= 0 else 0) or (asked <= 0 and (abs(number) < WHOLE or number in YEARS)):
            continue
        even, up = np.round(number, kept), np.copysign(np.floor(abs(number) / step + 0.5 + 1e-9) * step, number)
        yield f"to {kept}", even, kept
        if abs(even - up) > step / 2:
            yield f"up to {kept}", up, kept
    yield "cut", np.trunc(number * 10.0**asked) / 10.0**asked, asked


def _is(task: Task, value: Any, within: float, given: Any) -> bool:
    if task.public["kind"] == "numbers":
        return seals.alike(value, given, within)
    return all(given[place] == word for place, word in places(value).items())


def _seal(task: Task, value: Any, within: float, salt: str) -> seals.Seal:
    if task.public["kind"] == "numbers":
        return seals.seal_numbers(value, within, salt)
    named = places(value)
    words = [named.get(place, "") for place in range(task.public["count"])]
    return seals.seal_words(words, sorted(named), salt)


def places(value: Any) -> dict[int, str]:
    """Which word is where: a word, a list of words, or {place: word}."""
    if isinstance(value, Mapping):
        return {int(place): word for place, word in value.items()}
    words = [value] if isinstance(value, (str, bool)) else list(value)
    return dict(enumerate(map(str, words)))
