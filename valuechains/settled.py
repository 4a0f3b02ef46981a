"""Numbers as they leave: rounded, so that the last bits decide nothing.

The same sum differs in its last bits from one processor to the next, and with the number of threads: by a few parts in
10^16 of the largest number that went into it. What a notebook, a sheet or a file of `data/` stores must not. So every
computed number that is stored goes through this module:

- it keeps eight significant digits, twice as many as a page shows, and ten million times coarser than those last bits;
- a number that is whole is kept whole, up to 10^12: pages write out all the digits of a count;
- nothing is kept below the thirteenth digit of the largest number of its column, so that what is left of a difference
  of equals is 0 and not -3e-17;
- it goes to the next step from 0.499 of a step on, not from 0.5: a short decimal such as 0.123456785 lies at 0.5, where
  its last bits would decide; at 0.499 lies a number only by chance. `tools/same.py` looks whether one does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

Value = TypeVar("Value")

DIGITS = 8  #: significant digits of a stored number
REACH = 13  #: digits below the largest number of a column
WHOLE = 1e12  #: whole numbers are kept up to here
TIE = 0.499  #: of a step: from here on a number goes to the next step
NUDGE = 1e-13  #: of a short decimal: what its nearest float may lie below a half

_POWERS = [float(f"1e{power}") for power in range(301)]  # a computed power may err in the last bit
_TENS = np.array(_POWERS)


def array(values: ArrayLike, digits: int = DIGITS) -> np.ndarray:
    """An array with its numbers rounded to so many significant digits; what is not a number or not finite stays."""
    result = np.asarray(values, dtype=float) + 0.0  # -0 is 0
    counts = np.isfinite(result) & (result != 0)
    if counts.any():
        sizes = np.abs(result[counts])
        largest = _rounded(sizes.max(), digits - 1 - _exponents(sizes.max()))
        decimals = np.minimum(digits - 1 - _exponents(sizes), REACH - 1 - _exponents(largest))
        is_whole = (np.abs(sizes - np.rint(sizes)) <= 1e-13 * sizes) & (sizes < WHOLE)
        decimals = np.where(is_whole, np.maximum(decimals, 0), decimals)
        result[counts] = np.copysign(_rounded(sizes, decimals), result[counts]) + 0.0
    return result


def fixed(values: ArrayLike, decimals: int) -> np.ndarray:
    """An array rounded, then rounded to so many decimals; a half, which is exact by then, goes away from zero."""
    rounded, unit = array(values), 10.0**decimals
    sizes = np.abs(rounded)
    near = sizes < WHOLE / unit  # a larger one has none of the decimals
    steps = sizes[near] * unit
    sizes[near] = np.floor(steps + NUDGE * steps + 0.5) / unit
    return np.copysign(sizes, rounded) + 0.0


def whole(steps: np.ndarray) -> np.ndarray:
    """Numbers rounded to whole ones, from `TIE` on upward."""
    return np.floor(steps + (1 - TIE))


def number(value: Value, decimals: int | None = None) -> Value:
    """One number, rounded, to so many decimals if given; whatever is not a float is given back.

    It is what `array` and `fixed` give, to the bit, without an array for each number: a twin rounds ten thousand.
    """
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    rounded = _number(abs(value)) if value else 0.0
    if decimals is not None:
        unit = 10.0**decimals
        if rounded < WHOLE / unit:
            steps = rounded * unit
            rounded = math.floor(steps + NUDGE * steps + 0.5) / unit
    return cast("Value", math.copysign(rounded, value) + 0.0)


def _number(size: float) -> float:
    """A positive number, rounded to `DIGITS`."""
    decimals = DIGITS - 1 - math.floor(math.log10(size))
    if size < WHOLE and abs(size - round(size)) <= 1e-13 * size:
        decimals = max(decimals, 0)
    up, down = _POWERS[min(max(decimals, 0), 300)], _POWERS[min(max(-decimals, 0), 300)]
    return math.floor(size * up / down + (1 - TIE)) / up * down


def frame(rows: pd.DataFrame) -> pd.DataFrame:
    """A table with every column of floats rounded."""
    rows = rows.copy()
    for name in rows.select_dtypes("float"):
        rows[name] = array(rows[name])
    return rows


def records(rows: Iterable[dict]) -> list[dict]:
    """Rows of plain values, with the floats of each column rounded."""
    rows = [dict(row) for row in rows]
    for name in dict.fromkeys(name for row in rows for name in row):
        places = [place for place, row in enumerate(rows) if isinstance(row.get(name), float)]
        for place, value in zip(places, array([rows[place][name] for place in places]).tolist()):
            rows[place][name] = value
    return rows


def _exponents(sizes: np.ndarray) -> np.ndarray:
    return np.floor(np.log10(sizes)).astype(int)


def _rounded(sizes: np.ndarray, decimals: np.ndarray) -> np.ndarray:
    """Whole steps of 10^-decimals: the nearest float of a short decimal, which prints as short as it is."""
    up, down = _TENS[np.clip(decimals, 0, 300)], _TENS[np.clip(-decimals, 0, 300)]
    return whole(sizes * up / down) / up * down
