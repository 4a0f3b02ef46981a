"""What a question of an LMS is, whatever the format: a text, and fields, each with a reply to known mistakes.

    of_page(folder)                  the short questions of the page of exercises/NN-name
    of_exercises(folder, variant)    the exercises of source/NN-name that a machine can mark, for one variant

Left out are texts, forms and answers of more than MOST numbers or words; `left_out` names them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any

import numpy as np

from valuechains.authoring import questions, source
from valuechains.checks.sheet import exercise_number
from valuechains.course.key import Key, Task, load, named_mistakes

MOST = 12  # fields in one question
LABEL = re.compile(r"^\*\*(\d+\w*(?:, ?\d*\w+)*)\.\*\*")


@dataclass(frozen=True)
class NumberField:
    """A field for a number. `right` is right within `within`; so is each value of `mistakes`, the first that fits."""

    label: str
    unit: str
    right: float
    within: float
    praise: str
    mistakes: tuple[tuple[float, str], ...]
    nudge: str

    def bounds(self, value: float | None = None) -> tuple[float, float]:
        """Lower and upper bound of what counts as a value; without one, of what is right."""
        value = self.right if value is None else value
        return short(value - self.within), short(value + self.within)


@dataclass(frozen=True)
class ChoiceField:
    """A field with options, each with the reply to it; `right` is the place of the right one."""

    label: str
    options: tuple[str, ...]
    says: tuple[str, ...]
    right: int


@dataclass(frozen=True)
class Item:
    """One question. `text` is Markdown with formulas between dollar signs; `points` are for the whole of it."""

    id: str
    title: str
    text: str
    fields: tuple[NumberField | ChoiceField, ...]
    points: int


def short(value: float) -> float:
    """Digits enough to compare with."""
    return float(f"{value:.10g}")


def of_page(folder: Path) -> list[Item]:
    """The short questions of a chapter's page, a point each."""
    found = questions.read(folder / "questions.yml")
    return [_short(folder.name, number, one) for number, one in enumerate(found, start=1)]


def of_exercises(folder: Path, variant: Mapping | None = None) -> list[Item]:
    """The exercises of a chapter that can be marked by numbers and words, for a variant of its menu (the first)."""
    key, asked = _key(folder), _texts(folder)
    variant = dict(variant or (key.variants or [{}])[0])
    return [_item(key, task, variant, asked) for task in key.tasks.values() if _fits(task)]


def left_out(folder: Path) -> list[str]:
    """The tasks of a chapter that an LMS cannot mark: texts, forms, and answers of many numbers."""
    return [name for name, task in _key(folder).tasks.items() if not _fits(task)]


def varies(folder: Path) -> bool:
    """Whether any question that fits depends on the variant."""
    return any(task.varies and _fits(task) for task in _key(folder).tasks.values())


@cache
def _key(folder: Path) -> Key:
    return load(folder)


def _short(chapter: str, number: int, one: questions.ChoiceQuestion | questions.NumberQuestion) -> Item:
    asked: NumberField | ChoiceField
    if isinstance(one, questions.ChoiceQuestion):
        asked = ChoiceField("", one.options, one.says, one.right)
    else:
        asked = NumberField("", one.unit, one.answer, one.tolerance, one.right, one.mistakes, one.nudge)
    return Item(f"{chapter}-{one.id}", f"{chapter[:2]} question {number}", one.text, (asked,), 1)


def _fits(task: Task) -> bool:
    count = task.public.get("count") if task.public["kind"] == "words" else int(np.prod(task.public.get("shape", [99])))
    return task.compute is not None and task.public["kind"] in ("numbers", "words") and (count or 0) <= MOST


def _item(key: Key, task: Task, variant: Mapping, asked: Mapping[str, str]) -> Item:
    answer = task.answer(variant)
    mistakes = named_mistakes(task, answer)
    nudge = (task.public.get("hints") or ["Look again."])[0]
    fields = _numbers if task.public["kind"] == "numbers" else _choices
    own = ", ".join(f"{name} {value}" for name, value in variant.items())
    parts = [f"Your variant: {own}."] if task.varies else []
    parts += [asked[task.exercise], "Work it out in the notebook of the chapter and write its answer here."]
    text = "\n\n".join(parts)
    title = f"{key.assignment[:2]} exercise {task.exercise}"
    found = fields(task, answer.right, mistakes, nudge)
    return Item(f"{key.assignment}-{task.exercise}", title, text, tuple(found), task.public["points"])


def _numbers(task: Task, right: Any, mistakes: Mapping[str, Any], nudge: str) -> list[NumberField]:
    shape, within = tuple(task.public["shape"]), task.public["tolerance"]
    cells = np.ravel(np.asarray(right, dtype=float))
    wrong = {says: np.ravel(np.broadcast_to(np.asarray(value, dtype=float), shape)) for says, value in mistakes.items()}
    labels = _labels(task.public, shape)
    return [
        NumberField(
            labels[place],
            task.public["unit"],
            short(cell),
            within,
            task.public.get("praise") or "Right.",
            _apart(cell, [(short(values[place]), says) for says, values in wrong.items()], within),
            nudge,
        )
        for place, cell in enumerate(cells)
    ]


def _apart(right: float, mistakes: Sequence[tuple[float, str]], within: float) -> tuple[tuple[float, str], ...]:
    """Those mistakes whose value can be told from the right one and from the mistakes before."""
    seen, kept = [right], []
    for value, says in mistakes:
        if all(abs(value - other) > 2 * within for other in seen):
            seen.append(value)
            kept.append((value, says))
    return tuple(kept)


def _choices(task: Task, right: Any, mistakes: Mapping[str, Any], nudge: str) -> list[ChoiceField]:
    words = [str(word) for word in ([right] if isinstance(right, (str, bool, np.bool_)) else right)]
    options = tuple(map(str, task.public["options"]))
    labels = _labels(task.public, (len(words),) if len(words) > 1 else ())
    praise = task.public.get("praise") or "Right."
    found = []
    for place, word in enumerate(words):
        known = {_word(value, place, words): says for says, value in mistakes.items()}
        says = tuple(praise if option == word else known.get(option, nudge) for option in options)
        found.append(ChoiceField(labels[place], options, says, options.index(word)))
    return found


def _word(mistake: Any, place: int, right: Sequence[str]) -> str:
    if isinstance(mistake, Mapping):
        return str(mistake.get(place, right[place]))
    words = [mistake] if isinstance(mistake, (str, bool, np.bool_)) else list(mistake)
    return str(words[place])


def _labels(public: Mapping, shape: Sequence[int]) -> list[str]:
    if not shape:
        return [""]
    if public.get("keys"):
        return [str(key) for key in public["keys"]]
    if len(shape) == 1:
        return [f"{public['name']}, {place + 1} of {shape[0]}" for place in range(shape[0])]
    return [f"{public['name']}, row {row + 1}, column {column + 1}" for row, column in product(*map(range, shape))]


@cache
def _texts(folder: Path) -> dict[str, str]:
    """What is asked, by task: the words of its exercise that are for all parts, and those of its own part."""
    found: dict[str, str] = {}
    for exercise in source.read_whole(folder / f"{folder.name}.ipynb").exercises:
        common, own = _parts([part.content for part in exercise.question if part.kind == source.TEXT])
        for name in [str(exercise.number), *own]:
            found[name] = "\n\n".join([f"**{exercise.title}**", *common, *own.get(name, [])])
    return {name: found.get(name) or found[exercise_number(name)] for name in chain(found, _key(folder).tasks)}


def _parts(texts: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The paragraphs for all parts of an exercise, and those of each part, which begins with its label: "**2a.**"."""
    common: list[str] = []
    own: dict[str, list[str]] = {}
    for text in texts:
        names: list[str] = []
        for paragraph in re.split(r"\n{2,}", text.strip()):
            label = LABEL.match(paragraph)
            names = _named(label[1]) if label else names
            for name in names:
                own.setdefault(name, []).append(paragraph)
            if not names:
                common.append(paragraph)
    return common, own


def _named(label: str) -> list[str]:
    """The tasks of a label such as "2c, 2d" or "3a, b"."""
    names, number = [], ""
    for part in re.split(r", ?", label):
        digits = re.match(r"\d+", part)
        number = digits[0] if digits else number
        names.append(part if digits else f"{number}{part}")
    return names
