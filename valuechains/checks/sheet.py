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
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from valuechains.checks import hints, progress, seals, session, start, values
from valuechains.checks.folds import ladder
from valuechains.checks.judging import judge
from valuechains.checks.replies import WORDS, Reply, State
from valuechains.checks.saved import SavedNotebook
from valuechains.checks.variants import drawn
from valuechains.tongue import count, say, to_say

STUDENT = "VALUECHAINS_STUDENT"  # set where work is marked: then it decides whose variant it is
RUNGS = (
    to_say("Hint {place} of {all}: a nudge (click to open)"),
    to_say("Hint {place} of {all}: the method (click to open)"),
    to_say("Hint {place} of {all}: a sister case, worked (click to open)"),
)


class DamagedSheet(ValueError):
    """sheet.json is missing or not as it was handed out."""


def sheet(student: str | None = None, folder: str | Path = ".") -> Sheet:
    """The sheet beside the notebook. student: the id from your instructor; without one, the practice variant."""
    path = Path(folder, "sheet.json")
    session.watching()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Sheet(content, student=os.environ.get(STUDENT) or student or content.get("student"), folder=path.parent)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedSheet(
            say(
                "sheet.json cannot be read in {folder} ({error}): unpack the exercise again.",
                folder=path.resolve().parent.name,
                error=error,
            )
        ) from None


class Sheet:
    """What is asked in one notebook, for one student."""

    def __init__(self, content: Mapping, student: str | None = None, folder: Path | None = None):
        self.assignment: str = content["assignment"]
        self.student, self._folder = student, folder
        self._tasks: dict[str, dict] = content["tasks"]
        self._salt: str = content["salt"]
        self._marking: bool = content.get("marking", False)  # there are no seals where work is marked
        self._variants: list[dict] = content["variants"] or [{}]
        self._place = drawn(len(self._variants), self._salt, self.assignment, student)
        self.variant = SimpleNamespace(**self._variants[self._place])

    def __repr__(self) -> str:
        tasks = count("{number} task", "{number} tasks", len(self._tasks))
        points = count(
            "task|{number} point", "task|{number} points", sum(task["points"] for task in self._tasks.values())
        )
        about = say("{assignment}: {tasks}, {points}", assignment=self.assignment, tasks=tasks, points=points)
        own = [f"{name} {value}" for name, value in vars(self.variant).items()]
        if not own:
            return about
        whose = say("variant of {student}", student=self.student) if self.student else say("practice variant")
        return say("; ").join([about, say(", ").join([whose, *own])])

    def check(self, exercise: str | int | None = None, **answers: object) -> None:
        """Print what there is to say of one exercise; without a name, show a table of all of them.

        The answer is taken from the notebook's variable of the name asked for, or from the keyword of that name.
        """
        if exercise is None:
            display(self.progress(**answers))
            return
        reply = self.reply(exercise, **answers)
        if not answers:
            self._note([reply])
        print(reply)

    def reply(self, exercise: str | int, **answers: object) -> Reply:
        """What `check` prints, as an object."""
        exercise = str(exercise)
        if exercise not in self._tasks:
            says = say("there is no such exercise here: choose one of {tasks}.", tasks=say("list|, ").join(self._tasks))
            return Reply(exercise, State.TO_DO, says)
        task, saved = self._tasks[exercise], self._saved()
        if task["kind"] == "text":
            return Reply(exercise, *_of_text(saved.written(exercise)))
        if self._marking:
            return Reply(exercise, State.TO_BE_READ, say("handed in; the marks follow."))
        name, place = task["name"], self._place if task.get("varies") else 0
        found = answers or vars(sys.modules["__main__"])
        watch = None if answers else session.watching()
        if watch and (doubt := watch.doubt(name, saved)):
            return Reply(exercise, State.TO_DO, doubt)
        if name not in found:
            says = say(
                "there is no variable `{name}` yet: run the cell that gives it a value, from the top.", name=name
            )
            return Reply(exercise, State.TO_DO, says)
        found[name] = values.read_once(found[name])
        seal = task.get("sealed", {}).get(str(place), {})
        salt = f"{self._salt}/{self.assignment}/{exercise}/{place}"
        return judge(
            exercise, task, found[name], lambda at, given: at in seal and _opens(task, seal[at], given, f"{salt}/{at}")
        )

    def hint(self, exercise: str | int) -> None:
        """Three hints, folded one inside the other, so that you see no more than you asked for.

        They are those of the whole exercise: "4", "4a" and "4b" open the same, unless "4b" has its own.
        """
        from IPython.display import HTML

        hinted = [name for name, task in self._tasks.items() if task.get("hints")]
        asked = str(exercise).strip()
        alike = [name for name in hinted if exercise_number(name) == exercise_number(asked)]
        if asked not in hinted and not alike:
            tasks = say("list|, ").join(hinted)
            print(say("There is no hint for {exercise}: choose one of {tasks}.", exercise=repr(exercise), tasks=tasks))
            return
        task = self._tasks[asked if asked in hinted else alike[0]]
        folded = [
            (say(rung, place=place, all=len(task["hints"])), hints.html(say(hint)))
            for place, (rung, hint) in enumerate(zip(RUNGS, task["hints"]), start=1)
        ]
        display(HTML(ladder(folded)))

    def progress(self, **answers: object) -> pd.DataFrame:
        """One row a task: what it asks for, how it stands, its points; then what is checked here and what is not."""
        replies = [self.reply(name, **answers) for name in self._tasks]
        if not answers:
            self._note(replies)
        rows = [
            {
                say("task"): reply.exercise,
                say("asks for"): task.get("name", say("a text")),
                say("state"): say(WORDS[reply.state]),
                say("points"): _of(_earned(reply.state, task["points"]), task["points"]),
            }
            for reply, task in zip(replies, self._tasks.values())
        ]
        return pd.DataFrame(rows + self._totals(replies)).set_index(say("task"))

    def _totals(self, replies: list[Reply]) -> list[dict]:
        """What can be checked here, and what waits for a reader."""
        pairs = list(zip(replies, self._tasks.values()))
        texts = [(reply, task) for reply, task in pairs if task["kind"] == "text"]
        checked = [(reply, task) for reply, task in pairs if task["kind"] != "text"]
        done = [task["points"] for reply, task in checked if reply.state is State.RIGHT]
        rows = [
            {
                say("task"): say("checked here"),
                say("asks for"): "",
                say("state"): say("all done")
                if len(done) == len(checked)
                else say("{done} of {all} done", done=len(done), all=len(checked)),
                say("points"): _of(sum(done), sum(task["points"] for _, task in checked)),
            }
        ]
        if texts:
            written = sum(reply.state is State.TO_BE_READ for reply, _ in texts)
            rows.append(
                {
                    say("task"): say("read by people"),
                    say("asks for"): "",
                    say("state"): say("{done} of {all} to be read", done=written, all=len(texts)),
                    say("points"): _of("?", sum(task["points"] for _, task in texts)),
                }
            )
        return rows

    def _saved(self) -> SavedNotebook:
        return SavedNotebook(Path(self._folder, f"{self.assignment}.ipynb") if self._folder else Path())

    def _note(self, replies: list[Reply]) -> None:
        """Keep how the tasks stand for the start page."""
        if self._folder:
            progress.note(self._folder, {reply.exercise: reply.state for reply in replies})
            start.refresh(self._folder.resolve().parent)


def display(shown: object) -> None:
    """IPython's, found when there is something to show: a check alone does without."""
    from IPython.display import display as show

    show(shown)


def exercise_number(task: str) -> str:
    """The number of a task's exercise: "12" of "12b"; empty where its name has none."""
    found = re.match(r"\d*", task)
    return found[0] if found else ""


def _of_text(written: bool | None) -> tuple[State, str]:
    if written is None:
        return State.TO_BE_READ, say("a text of your own: it is not looked at until it is handed in.")
    if written:
        said = say("a text is there, in the notebook as it was last saved. Your instructor reads it.")
        return State.TO_BE_READ, said
    missing = say("not done yet. No text is there in the notebook as it was last saved: write it, then save (Ctrl+S).")
    return State.TO_DO, missing


def _of(earned: object, points: int) -> str:
    return say("{earned} of {points}", earned=earned, points=points)


def _earned(state: State, points: int) -> str:
    return {State.RIGHT: str(points), State.TO_BE_READ: "?"}.get(state, "0")


def _opens(task: Mapping, seal: seals.Seal, given: Any, salt: str) -> bool:
    if task["kind"] == "numbers":
        return seals.opens_numbers(seal, given, salt)
    return seals.opens_words(seal, given, salt)
