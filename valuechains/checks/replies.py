"""What a check says: right, nearly, not yet and which mistake it looks like, or to do."""

from __future__ import annotations

from dataclasses import dataclass

SIGNS = {"right": "✓", "nearly": "≈", "wrong": "✗", "to do": "○", "to be read": "✎"}


@dataclass(frozen=True)
class Reply:
    """One line of text in the notebook; `state` is a key of SIGNS."""

    exercise: str
    state: str
    says: str

    def __str__(self) -> str:
        return f"{SIGNS[self.state]} Exercise {self.exercise}: {self.says}"
