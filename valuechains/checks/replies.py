"""What a check says: right, nearly, not yet and which mistake it looks like, or to do.

How an answer stands is data, and so is which mistake it was: who counts or shows answers reads these, not a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How an answer stands; in a file it is its value. A check in the notebook never says NOT_RUN."""

    RIGHT = "right"
    NEARLY = "nearly"
    WRONG = "wrong"
    TO_DO = "to do"
    TO_BE_READ = "to be read"  # a text, which people mark
    NOT_RUN = "not run"  # marking found nothing to look at


SIGNS = {State.RIGHT: "✓", State.NEARLY: "≈", State.WRONG: "✗", State.TO_DO: "○", State.TO_BE_READ: "✎"}
NOT_YET = "not yet. "  # before what is wrong, in the notebook; a page that has said so leaves it out


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
        return f"{SIGNS[self.state]} Exercise {self.exercise}: {self.says}"
