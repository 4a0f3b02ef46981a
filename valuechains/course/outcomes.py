"""What tests an outcome that a chapter states: exercises and short questions, named in the chapter's `key.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from valuechains.authoring import questions
from valuechains.authoring.chapter import OUTCOMES, listed, plain
from valuechains.checks.sheet import exercise_number
from valuechains.course import kit
from valuechains.course.key import load

VERB = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Tested:
    """An outcome, what the chapter says it is, and what tests it."""

    outcome: str
    exercises: tuple[str, ...]  #: whole exercises, "6", or single tasks, "6b"
    questions: tuple[str, ...]  #: ids of short questions

    @property
    def by(self) -> str:
        """In words: "exercises 1, 2a; questions paid, moved"."""
        kinds = (("exercise", self.exercises), ("question", self.questions))
        return "; ".join(f"{kind}{'s' * (len(names) > 1)} {', '.join(names)}" for kind, names in kinds if names)


def tested(name: str) -> list[Tested]:
    """The outcomes of a chapter in order, each with what tests it; ValueError says which has nothing that does."""
    key = load(kit.ROOT / "exercises" / name)
    asked = {one.id for one in questions.read(kit.ROOT / "exercises" / name / "questions.yml")}
    stated = listed(kit.ROOT / "chapters" / f"{name}.ipynb", OUTCOMES)
    return matched(name, stated, key.outcomes, {*key.tasks, *map(exercise_number, key.tasks)}, asked)


def matched(
    name: str, stated: list[str], named: Mapping[str, str], exercises: set[str], asked: set[str]
) -> list[Tested]:
    """The same of what was read: outcomes as the chapter states them, their tests by verb, and all tests there are."""
    where = f"exercises/{name}/key.py"
    by_verb = {(found[1] if (found := VERB.match(one)) else one): one for one in stated}
    if len(by_verb) < len(stated):
        raise ValueError(f"Two outcomes of {name} begin with the same words in bold: word one differently.")
    for verb, names in named.items():
        if verb not in by_verb:
            raise ValueError(
                f"{where} names tests of {verb!r}, and the chapter states no such outcome: correct its name."
            )
        for one in names.split():
            if one not in exercises | asked:
                raise ValueError(
                    f"{where} tests {verb!r} with {one}, which is no exercise or question there: correct it."
                )
    for verb in by_verb:
        if not named.get(verb, "").split():
            raise ValueError(
                f"No exercise or question tests {verb!r} of chapter {name}: name one under outcomes in {where}."
            )
    return [
        Tested(
            plain(outcome),
            tuple(one for one in named[verb].split() if one in exercises),
            tuple(one for one in named[verb].split() if one in asked),
        )
        for verb, outcome in by_verb.items()
    ]
