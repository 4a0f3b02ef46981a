"""Sealed answers: a check can tell that an answer is the one sealed, and cannot say what was sealed.

A seal is a slow digest of the answer after rounding to its tolerance. Numbers are cut into steps of twice the
tolerance; the phase of each number within its step is kept, so that exactly the answers within the tolerance open the
seal. Phases are digits below the tolerance: they say nothing of the answer. Like any check that says "right", a seal
can be tried out answer by answer; being slow (scrypt), it makes that no quicker than asking the check itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from valuechains import settled

#: {"within": ..., "phase": [...], "digest": "..."} for numbers, {"places": [...], "digest": "..."} for words
Seal = dict
_COST = {"n": 2**10, "r": 8, "p": 1, "dklen": 16}


def seal_numbers(values: np.ndarray, tolerance: float, salt: str) -> Seal:
    """Seal an array; any array of its shape within `tolerance` (absolute, elementwise) opens it."""
    number, phase = _cut(values, tolerance)
    return {"within": tolerance, "phase": phase.tolist(), "digest": _digest(number, salt)}


def opens_numbers(seal: Seal, values: np.ndarray, salt: str) -> bool:
    """Whether these values are the sealed ones, to within the seal's tolerance."""
    if np.size(values) != len(seal["phase"]):
        return False
    return _digest(_steps(values, seal["within"], seal["phase"]), salt) == seal["digest"]


def alike(value: np.ndarray, given: np.ndarray, tolerance: float) -> bool:
    """Whether the seal of a value would open for what is given."""
    number, phase = _cut(value, tolerance)
    return len(number) == np.size(given) and _steps(given, tolerance, phase) == number


def seal_words(words: Sequence[str], places: Sequence[int], salt: str) -> Seal:
    """Seal the words at some places of an answer."""
    return {"places": list(places), "digest": _digest([words[place] for place in places], salt)}


def opens_words(seal: Seal, words: Sequence[str], salt: str) -> bool:
    return _digest([words[place] for place in seal["places"]], salt) == seal["digest"]


def _cut(values: np.ndarray, tolerance: float) -> tuple[list[int], np.ndarray]:
    """The step that each value is in, and its phase; the last bits of an answer decide nothing."""
    steps = np.ravel(np.asarray(values, dtype=float)) / (2 * tolerance)
    number, phase = np.divmod(settled.whole(steps * 1000), 1000)
    return number.astype(int).tolist(), phase / 1000


def _steps(values: np.ndarray, tolerance: float, phase: Sequence[float] | np.ndarray) -> list[int]:
    steps = np.ravel(np.asarray(values, dtype=float)) / (2 * tolerance)
    return [int(step) for step in np.round(steps - np.asarray(phase))]


def _digest(content: list, salt: str) -> str:
    return _scrypt(json.dumps(content), salt)


@lru_cache(maxsize=10_000)  # one answer is held against one seal after another, and checked again and again
def _scrypt(content: str, salt: str) -> str:
    return hashlib.scrypt(content.encode(), salt=salt.encode(), **_COST).hex()
