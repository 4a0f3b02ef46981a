"""Level against contribution: a large part of a total need not be what made it grow.

A release states the new level and its growth. The old level follows, and with it what each part added.
"""

from __future__ import annotations

from typing import NamedTuple

from valuechains.indicators import growth_contributions
from valuechains.models.inputs import above, at_least


class Contribution(NamedTuple):
    """What one part did for the growth of a total; money in the unit given."""

    total_before: float
    part_before: float
    total_change: float
    part_change: float
    contribution_share: float  #: part of the total's change that came from this part, dX_k / dX
    points: float  #: the same in points of the total's growth: part_change / total_before, a fraction
    share_before: float  #: part / total, then
    share_after: float  #: and now


def contribution(total: float, total_growth: float, part: float, part_growth: float) -> Contribution:
    """M19. Back the base out of growth rates and split the change.

    total, part: the new levels, in one unit; total_growth, part_growth: since the old ones, fractions above -1.
    Raises ValueError when the part exceeds the total, then or now, or when the total did not change.
    """
    above(total, 0, "total"), at_least(part, 0, "part")
    before, part_before = base(total, total_growth), base(part, part_growth)
    for whole, some, when in ((total, part, "now"), (before, part_before, "before")):
        if some > whole:
            raise ValueError(f"The part ({some:g}) is larger than the total ({whole:g}) {when}: check the figures.")
    share, _rest = growth_contributions([part_before, before - part_before], [part, total - part])
    change = part - part_before
    return Contribution(
        before, part_before, total - before, change, float(share), change / before, part_before / before, part / total
    )


def level_of_part(total: float, growth: float, part_growth: float, rest_growth: float) -> float:
    """The new level of a part whose growth is known, and that of the rest, but neither level.

    A total grows by the mean of its parts' growth, weighted by their old shares; two rates fix the shares. total: the
    new level of both together; the rates are fractions above -1. The answer is in the unit of the total.
    Raises ValueError when the two grew alike, which tells nothing, or the total's growth is not between theirs.
    """
    if not min(part_growth, rest_growth) <= growth <= max(part_growth, rest_growth) or part_growth == rest_growth:
        raise ValueError(
            f"Growth of {growth:g} is not between {part_growth:g} and {rest_growth:g}, two different rates: check them."
        )
    share = (growth - rest_growth) / (part_growth - rest_growth)
    return base(total, growth) * share * (1 + above(part_growth, -1, "growth rate"))


def base(level: float, growth: float) -> float:
    """The level before it grew by `growth` (a fraction above -1): level / (1 + growth)."""
    return level / (1 + above(growth, -1, "growth rate"))
