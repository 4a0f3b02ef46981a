"""The sheet of a chapter's exercises: what is asked for, what is known to go wrong, and hints. It holds no answer.

    sheet = checks.sheet()      # reads sheet.json beside the notebook
    sheet.check("1")            # looks at the variable that exercise 1 asks for
    sheet.hint("1")             # a nudge; then the method; then a worked sister case
    sheet.check()               # everything, as a table

The checks never stop a notebook: an empty cell, a wrong type or a missing name gets a sentence.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from IPython.display import HTML, display
from markdown_it import MarkdownIt

from valuechains.checks import seals
from valuechains.checks.answers import Unreadable, answered, read_form, read_numbers, read_words
from valuechains.checks.folds import ladder
from valuechains.checks.replies import Reply
from valuechains.checks.variants import drawn

STUDENT = "VALUECHAINS_STUDENT"  # set where work is marked: then it decides whose variant it is
RUNGS = ("a nudge", "the method", "a sister case, worked")


class DamagedSheet(ValueError):
    """sheet.json is missing or not as it was handed out."""


def sheet(student: str | None = None, folder: str | Path = ".") -> Sheet:
    """The sheet beside the notebook. student: the course-local id from your instructor; without one, the practice
    variant."""
    path = Path(folder, "sheet.json")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Sheet(content, student=os.environ.get(STUDENT) or student or content.get("student"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedSheet(
            f"sheet.json cannot be read in {path.resolve().parent.name} ({error}): unpack the exercise again."
        ) from None


class Sheet:
    """What is asked in one notebook, for one student."""

    def __init__(self, content: Mapping, student: str | None = None):
        self.assignment: str = content["assignment"]
        self.student = student
        self._tasks: dict[str, dict] = content["tasks"]
        self._salt: str = content["salt"]
        self._marking: bool = content.get("marking", False)  # there are no seals where work is marked
        self._variants: list[dict] = content["variants"] or [{}]
        self._place = drawn(len(self._variants), self._salt, self.assignment, student)
        self.variant = SimpleNamespace(**self._variants[self._place])

    def __repr__(self) -> str:
        own = "".join(f", {name} {value}" for name, value in vars(self.variant).items())
        whose = f"variant of {self.student}" if self.student else "practice variant"
        points = sum(task["points"] for task in self._tasks.values())
        return f"{self.assignment}: {len(self._tasks)} tasks, {points} points" + (f"; {whose}{own}" if own else "")

    def check(self, exercise: str | int | None = None, **answers: object) -> None:
        """Print what there is to say of one exercise; without a name, show a table of all of them.

        The answer is taken from the notebook's variable of the name asked for, or from the keyword of that name.
        """
        if exercise is None:
            display(self.progress(**answers))
        else:
            print(self.reply(exercise, **answers))

    def reply(self, exercise: str | int, **answers: object) -> Reply:
        """What `check` prints, as an object."""
        exercise = str(exercise)
        if exercise not in self._tasks:
            return Reply(exercise, "to do", f"there is no such exercise here: choose one of {', '.join(self._tasks)}.")
        task = self._tasks[exercise]
        if task["kind"] == "text":
            return Reply(exercise, "to be read", "a text of your own, read by your instructor.")
        if self._marking:
            return Reply(exercise, "to be read", "handed in; the marks follow.")
        name, seal = task["name"], task.get("sealed", {}).get(str(self._place if task.get("varies") else 0))
        found = answers or vars(sys.modules["__main__"])
        if name not in found:
            return Reply(
                exercise,
                "to do",
                f"there is no variable `{name}` yet: run the cell that gives it a value, from the top.",
            )
        salt = f"{self._salt}/{self.assignment}/{exercise}/{self._place if task.get('varies') else 0}"
        return judge(
            exercise, task, found[name], lambda at, given: at in seal and _opens(task, seal[at], given, f"{salt}/{at}")
        )

    def hint(self, exercise: str | int) -> None:
        """Three hints, folded one inside the other, so that you see no more than you asked for."""
        task = self._tasks.get(str(exercise))
        if not task or not task.get("hints"):
            print(
                f"There is no hint for {exercise!r}: choose one of "
                f"{', '.join(k for k, t in self._tasks.items() if t.get('hints'))}."
            )
            return
        folded = [
            (f"Hint {place} of {len(task['hints'])}: {rung} (click to open)", MarkdownIt().render(hint))
            for place, (rung, hint) in enumerate(zip(RUNGS, task["hints"]), start=1)
        ]
        display(HTML(ladder(folded)))

    def progress(self, **answers: object) -> pd.DataFrame:
        """One row a task: what it asks for, how it stands, and its points."""
        replies = [self.reply(name, **answers) for name in self._tasks]
        earned = {"right": lambda points: f"{points} of {points}", "to be read": lambda points: f"? of {points}"}
        rows = [
            {
                "task": reply.exercise,
                "asks for": task.get("name", "a text"),
                "state": {"right": "done", "wrong": "not yet"}.get(reply.state, reply.state),
                "points": earned.get(reply.state, lambda points: f"0 of {points}")(task["points"]),
            }
            for reply, task in zip(replies, self._tasks.values())
        ]
        done = sum(task["points"] for reply, task in zip(replies, self._tasks.values()) if reply.state == "right")
        total = sum(task["points"] for task in self._tasks.values())
        rows.append({"task": "all", "asks for": "", "state": "", "points": f"{done} of {total}"})
        return pd.DataFrame(rows).set_index("task")


def judge(exercise: str, task: Mapping, answer: object, is_at: Callable[[str, object], bool]) -> Reply:
    """What there is to say of an answer; `is_at` tells whether it is the one at a place ("right", or a mistake's
    number).

    The notebook passes sealed places and the marking the computed ones, so both say the same.
    """
    name = task["name"]
    if not answered(answer):
        return Reply(
            exercise,
            "to do",
            f"not done yet. Give `{name}` a value in the cell above, run it, then run this cell again.",
        )
    try:
        if task["kind"] == "form":
            read_form(name, answer, task)
            return Reply(exercise, "right", task.get("praise") or "complete. What it says is read by your instructor.")
        given = (read_numbers if task["kind"] == "numbers" else read_words)(name, answer, task)
    except Unreadable as sentence:
        return Reply(exercise, "wrong", str(sentence))
    if is_at("right", given):
        return Reply(exercise, "right", f"right. {task.get('praise', '')}".rstrip())
    for place, hint in enumerate(task["mistakes"]):
        if is_at(str(place), given):
            return Reply(exercise, "wrong", f"not yet. {hint}")
    return Reply(exercise, "wrong", _in_general(task, given))


def _in_general(task: Mapping, given: object) -> str:
    name = task["name"]
    if task["kind"] == "words":
        return (
            f"not yet. Something in `{name}` does not fit." if task["count"] > 1 else f"not yet. `{name}` does not fit."
        )
    bounds, total = task.get("bounds"), task.get("total")
    if bounds and ((given < bounds[0]) | (given > bounds[1])).any():
        return f"not yet. Each number of `{name}` must lie between {bounds[0]:g} and {bounds[1]:g}: {task['unit']}."
    if total is not None and abs(np.sum(given) - total) > task["tolerance"] * max(given.size, 1):
        return f"not yet. The numbers of `{name}` add up to {np.sum(given):.6g}, and they must add up to {total:.6g}."
    return f"not yet. `{name}` is further than {task['tolerance']:g} from what is asked for ({task['unit']})."


def _opens(task: Mapping, seal: seals.Seal, given: object, salt: str) -> bool:
    if task["kind"] == "numbers":
        return seals.opens_numbers(seal, given, salt)
    return seals.opens_words(seal, given, salt)
