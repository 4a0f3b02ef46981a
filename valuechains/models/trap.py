"""Trap tester: is an economy caught at middle income? Four definitions, which need not agree.

A test looks at a series of incomes, one number a year, and answers "escaped", "trapped" or "undetermined".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import takewhile
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from valuechains.models.inputs import above, at_least, whole, within

ESCAPED, TRAPPED, UNDETERMINED = "escaped", "trapped", "undetermined"

#: World Bank: an economy is "high income" when its GNI per head (Atlas method, US$) of the year is above this line.
HIGH_INCOME_LINE = MappingProxyType({2019: 12535, 2020: 12695, 2021: 13205, 2022: 13845, 2023: 14005, 2024: 13935})
#: World Bank: an economy is at least "lower middle income" above this line; same unit.
LOW_INCOME_LINE = MappingProxyType({2019: 1035, 2020: 1045, 2021: 1085, 2022: 1135, 2023: 1145, 2024: 1135})
#: Felipe, Abdon and Kumar (2012): lower and upper middle income, from and below, in dollars of 1990 at parity.
MIDDLE_INCOME = ((2_000, 7_250), (7_250, 11_750))
#: The years in each of these two bands after which they speak of a trap.
LONG_STAY = (28, 14)


def band(levels: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> str:
    """Escaped: above the band at the last date. Trapped: inside at the first and at the last, never above it between.

    Else undetermined: an economy that was above and fell back is not caught in the band by a falling currency alone.
    levels: (T,) incomes; low, high: the band, in the same unit, one number or (T,). Income lines of the World Bank make
    it the fixed-line test, 0.1 and 0.5 on income relative to the United States the relative one.
    Source: World Bank and DRC (2013); Im and Rosenblatt (2015).
    """
    inside, over = _placed(levels, low, high)
    if over[-1]:
        return ESCAPED
    return TRAPPED if inside[0] and inside[-1] and not over.any() else UNDETERMINED


def long_stay(incomes: ArrayLike, *, limits: Sequence[int] = LONG_STAY) -> str:
    """Escaped: above both bands of `MIDDLE_INCOME` at the last date. Trapped: in one of them for more than its limit.

    Else undetermined: too early to say, or below the bands. incomes: (T,) real income per head in dollars of 1990 at
    parity; limits: years without a break up to the last date, for the lower and the upper band. Source: Felipe, Abdon
    and Kumar (2012); limits of 55 and 15 years: Felipe, Kumar and Galope (2017).
    """
    series = _series(incomes)
    if series[-1] >= MIDDLE_INCOME[-1][-1]:
        return ESCAPED
    stays = [years_inside((series >= low) & (series < high)) for low, high in MIDDLE_INCOME]
    return TRAPPED if any(stay > limit for stay, limit in zip(stays, limits, strict=True)) else UNDETERMINED


def years_inside(inside: Iterable[bool] | np.ndarray) -> int:
    """For how many years up to the last date the economy has been inside the band without a break."""
    return sum(1 for _ in takewhile(bool, reversed(list(inside))))


def slowdowns(
    incomes: ArrayLike, *, window: int = 7, fast: float = 0.035, drop: float = 0.02, floor: float = 10_000
) -> list[int]:
    """Positions in the series at which growth slows down.

    incomes: (T,) real income per head. A slowdown at t: mean growth a year over the `window` years before t is at
    least `fast`, over the `window` years after t at least `drop` lower, and income at t above `floor`. Neighbouring
    years of one slowdown are all returned. Growth is compound. Source: Eichengreen, Park and Shin (2012, 2014), whose
    floor is in dollars of 2005 at purchasing power parity.
    """
    falls = _falls(incomes, window, fast, floor)
    return [t for t, fall in falls.items() if fall >= drop]


def slowdown(
    incomes: ArrayLike, *, window: int = 7, fast: float = 0.035, drop: float = 0.02, floor: float = 10_000
) -> str:
    """Trapped: growth slowed down at some date (`slowdowns`). Escaped: it could have and did not. Else undetermined."""
    falls = _falls(incomes, window, fast, floor)
    if not falls:
        return UNDETERMINED
    return TRAPPED if max(falls.values()) >= drop else ESCAPED


def years_to(level: float, target: float, growth: float, target_growth: float = 0.0) -> float:
    """Years until `level`, growing at `growth` a year, reaches a target that grows at `target_growth`.

    0 when it is there already; NaN when at these rates it never will be. Rates are fractions (0.045 for 4.5%).
    """
    above(level, 0, "level"), above(target, 0, "target")
    above(growth, -1, "growth rate"), above(target_growth, -1, "growth rate of the target")
    if level >= target:
        return 0.0
    gap = math.log1p(growth) - math.log1p(target_growth)
    return math.log(target / level) / gap if gap > 0 else math.nan


def path(start: float, growth: ArrayLike, years: int) -> np.ndarray:
    """A level at the start and after each of the years, (years + 1,); growth: one rate, or one a year, (years,)."""
    whole(years, 1, "number of years")
    rates = np.broadcast_to(np.asarray(growth, dtype=float), years)
    if not (rates > -1).all():
        raise ValueError(f"A growth rate must be above -1 (-100%), not {rates.min():g}.")
    return start * np.concatenate([[1.0], np.cumprod(1 + rates)])


def _placed(levels: ArrayLike, low: ArrayLike, high: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Where incomes are inside a band, and where above it."""
    series = _series(levels)
    if not np.all(np.asarray(low) < np.asarray(high)):
        raise ValueError(f"The band must have its low end below its high end, not {low!s} to {high!s}.")
    return (series >= low) & (series <= high), series > high


def _falls(levels: ArrayLike, window: int, fast: float, floor: float) -> dict[int, float]:
    """Growth before less growth after, at every position with fast growth before and income above the floor."""
    incomes = _series(levels)
    whole(window, 1, "window"), at_least(floor, 0, "income floor")
    within(fast, 0, 1, "growth rate that counts as fast")
    growth = np.round((incomes[window:] / incomes[:-window]) ** (1 / window) - 1, 9)  # free of the dust of powers
    return {
        t: round(float(growth[t - window] - growth[t]), 9)
        for t in range(window, len(incomes) - window)
        if growth[t - window] >= fast and incomes[t] > floor
    }


def _series(levels: ArrayLike) -> np.ndarray:
    series = np.asarray(levels, dtype=float)
    if series.ndim != 1 or len(series) < 2 or not (series > 0).all():
        raise ValueError("A test needs a series of at least two incomes, all above zero: fill the gaps first.")
    return series
