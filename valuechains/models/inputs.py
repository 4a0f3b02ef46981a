"""What every model asks of its numbers: a sentence instead of a wrong answer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real

import numpy as np


def within(value: float, low: float, high: float, name: str) -> float:
    """The value, if it lies from low to high; else ValueError."""
    if not isinstance(value, Real) or not low <= value <= high:
        raise ValueError(f"The {name} must be a number from {low:g} to {high:g}, not {value!r}.")
    return value


def at_least(value: float, low: float, name: str) -> float:
    """The value, if it is a finite number no smaller than low; else ValueError."""
    if not isinstance(value, Real) or not low <= value < math.inf:
        raise ValueError(f"The {name} must be a number of {low:g} or more, not {value!r}.")
    return value


def above(value: float, low: float, name: str) -> float:
    """The value, if it is a finite number greater than low; else ValueError."""
    if not isinstance(value, Real) or not low < value < math.inf:
        raise ValueError(f"The {name} must be a number above {low:g}, not {value!r}.")
    return value


def whole(value: int, low: int, name: str) -> int:
    """The value, if it is a whole number no smaller than low; else ValueError."""
    if not isinstance(value, Integral) or value < low:
        raise ValueError(f"The {name} must be a whole number of {low} or more, not {value!r}.")
    return int(value)


def shares(values: Iterable[float], name: str) -> np.ndarray:
    """The values as an array, (n,), if they are shares: none negative, one in all; else ValueError."""
    values = np.asarray(list(values), dtype=float)
    if not (values >= 0).all() or not math.isclose(values.sum(), 1, abs_tol=1e-6):
        raise ValueError(f"The {name} must be zero or more and add up to 1; these add up to {values.sum():g}.")
    return values
