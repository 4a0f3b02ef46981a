"""What a check says: right, nearly, not yet and which mistake it looks like, or to do.

How an answer stands is data, and so is which mistake it was: who counts or shows answers reads these, not a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from valuechains.tongue import say, to_say


class State(StrEnum):
    """How an answer stands; in a file it is its value. A check in the notebook never says NOT_RUN."""

    RIGHT = "right"
    NEARLY = "nearly"
    WRONG = "wrong"
    TO_DO = "to do"
    TO_BE_READ = "to be read"  # a text, which people mark
    NOT_RUN = "not run"  # marking found nothing to look at


#: how it stands, in a table
WORDS = {
    State.RIGHT: to_say("done"),
    State.NEARLY: to_say("nearly"),
    State.WRONG: to_say("not yet"),
    State.TO_DO: to_say("to do"),
    State.TO_BE_READ: to_say("to be read"),
    State.NOT_RUN: to_say("not run"),
}
SIGNS = {State.RIGHT: "✓", State.NEARLY: "≈", State.WRONG: "✗", State.TO_DO: "○", State.TO_BE_READ: "✎"}
CODE = re.compile(r"`([^`\n]+)`")  # Markdown, as pages show it; what is printed has quotation marks
NOT_YET = to_say("not yet. ")  # before what is wrong, in the notebook; a page that has said so leaves it out


@dataclass(frozen=True)
class Reply:
    """One line of text in the notebook. mistake: its number among the task's mistakes, if it is a known one; practice:
    it is right for the variant of a kit without an id, which marking tells apart."""

    exercise: str
    state: State
    says: str
    mistake: int | None = None
    practice: bool = False

    def __str__(self) -> str:
        says = CODE.sub("\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}", self.says)
        return say("{sign} Exercise {exercise}: {says}", sign=SIGNS[self.state], exercise=self.exercise, says=says)
