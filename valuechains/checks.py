"""What the exercises say to an answer: right, not yet, or which mistake it looks like.

A check compares with a stated tolerance, recognises known wrong answers by name, never shows the value asked for,
and answers an empty cell, a wrong type or a missing number with a sentence instead of a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

TODO = ...  # what a student finds in place of an answer


@dataclass(frozen=True)
class Reply:
    """What a check says; shown as one line of text in the notebook."""

    exercise: str
    state: str  #: "right", "wrong" or "to do"
    says: str

    def __repr__(self) -> str:
        return f"{self.exercise}: {self.says}"


def todo(exercise: str, name: str) -> Reply:
    return Reply(exercise, "to do", f"not done yet. Give `{name}` a value in the cell above, run it, then run this cell again.")


def numbers(
    exercise: str,
    name: str,
    answer: object,
    expected: object,
    *,
    rtol: float = 1e-3,
    atol: float = 0.0,
    mistakes: Mapping[str, object] | None = None,
) -> Reply:
    """Compare a number, or several, with what is expected.

    answer: whatever the student's variable `name` holds; expected: a number or array of the shape asked for;
    rtol, atol: relative and absolute tolerance; mistakes: hint -> the value that this mistake gives (same shape as expected).
    """
    if answer is TODO or answer is None:
        return todo(exercise, name)
    expected = np.asarray(expected, dtype=float)
    try:
        given = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return Reply(exercise, "wrong", f"`{name}` is {_kind(answer)}, and a number is asked for." if expected.ndim == 0
                     else f"`{name}` is {_kind(answer)}, and {expected.size} numbers are asked for.")
    given = given.squeeze()
    if given.shape != expected.shape:
        return Reply(exercise, "wrong", f"`{name}` has shape {given.shape}, and {expected.shape} is asked for.")
    if not np.isfinite(given).all():
        return Reply(exercise, "wrong", f"`{name}` holds a missing or infinite value: look for a division by zero.")
    if np.allclose(given, expected, rtol=rtol, atol=atol):
        return Reply(exercise, "right", "right.")
    for hint, value in (mistakes or {}).items():
        if np.allclose(given, value, rtol=rtol, atol=atol):
            return Reply(exercise, "wrong", f"not yet. {hint}")
    if np.allclose(given, 100 * expected, rtol=rtol, atol=0):
        return Reply(exercise, "wrong", "not yet. These are percentages: give fractions between 0 and 1.")
    return Reply(exercise, "wrong", f"not yet. `{name}` differs from what is asked for by more than {rtol:.1%}.")


def word(exercise: str, name: str, answer: object, expected: str, options: tuple[str, ...]) -> Reply:
    """Compare a word with the one that the student's own numbers imply."""
    if answer is TODO or answer is None:
        return todo(exercise, name)
    if answer not in options:
        return Reply(exercise, "wrong", f"`{name}` is {answer!r}: choose one of {', '.join(map(repr, options))}.")
    if answer == expected:
        return Reply(exercise, "right", "right.")
    return Reply(exercise, "wrong", f"not yet. `{name}` says {answer!r}, and your own numbers say otherwise.")


def _kind(answer: object) -> str:
    return "text" if isinstance(answer, str) else f"of type {type(answer).__name__}"
