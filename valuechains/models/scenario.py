"""What would it take? Growth rates, a balance of services trade over the years, and the rate that would close it.

Exports come in groups (for example knowledge-intensive and other, or the four groups of the World Bank); imports are
one total. All in one unit of money; growth rates are fractions a year. A scenario of given rates, never a forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from valuechains.models.inputs import above, at_least, whole


class Scenario(NamedTuple):
    """The accounts from the start on, (years + 1,) each; the first entry is today."""

    exports: np.ndarray
    imports: np.ndarray
    balance: np.ndarray  #: exports less imports


def scenario(
    exports: Mapping[str, float], imports: float, *, growth: Mapping[str, float], imports_growth: float, years: int
) -> Scenario:
    """The path of the balance when every export group grows at its rate and imports at theirs.

    exports: today's exports by group; growth: a rate for each of them. Raises ValueError for a group without a rate.
    """
    _check(exports, imports)
    time = np.arange(whole(years, 1, "number of years") + 1)
    sold = np.zeros(len(time))
    for group, amount in exports.items():
        sold += amount * (1 + _rate(growth, group)) ** time
    bought = imports * (1 + above(imports_growth, -1, "growth of imports")) ** time
    return Scenario(sold, bought, sold - bought)


def required_growth(
    exports: Mapping[str, float],
    imports: float,
    lever: str,
    *,
    growth: Mapping[str, float],
    imports_growth: float,
    years: int,
) -> float:
    """The yearly growth of the group `lever` that brings the balance to zero after `years`, the others as given.

    -1 when the balance would close without that group. Raises ValueError for a group that is not among the exports, or
    one that exports nothing today.
    """
    _check(exports, imports)
    if lever not in exports:
        raise ValueError(f"There is no export group {lever!r}: choose one of {', '.join(exports)}.")
    above(exports[lever], 0, f"exports of {lever!r} today")
    others = {group: amount for group, amount in exports.items() if group != lever}
    rest = scenario(others, imports, growth=growth, imports_growth=imports_growth, years=years)
    return float((max(-rest.balance[-1], 0.0) / exports[lever]) ** (1 / years) - 1)


def _check(exports: Mapping[str, float], imports: float) -> None:
    for group, amount in exports.items():
        at_least(amount, 0, f"exports of {group!r}")
    at_least(imports, 0, "imports")


def _rate(growth: Mapping[str, float], group: str) -> float:
    if group not in growth:
        raise ValueError(f"The export group {group!r} has no growth rate: give one.")
    return above(growth[group], -1, f"growth of {group!r}")
