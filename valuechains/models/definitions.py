"""Definition dial: one economy, several shares of GDP that are "digital", by what is counted and what is attributed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from valuechains.models.inputs import above, at_least, within

#: Value added of China's core digital industries in 2023, 100 million yuan. Source: National Bureau of Statistics,
#: fifth economic census; the same release gives them as 9.9% of GDP.
NBS_2023 = MappingProxyType({"applications": 55636, "manufacturing": 43135, "data-driven": 24747, "services": 4037})
NBS_2023_SHARE = 0.099
NBS_2023_GDP = sum(NBS_2023.values()) / NBS_2023_SHARE  #: GDP that the two statements imply, 100 million yuan


class Digital(NamedTuple):
    """A digital economy under one definition; money in the unit of the blocks."""

    core: float  #: value added of the blocks that count
    attributed: float  #: part of the value added of all other industries
    total: float  #: core + attributed
    share: float  #: total / GDP, from 0 to 1


def digital_economy(
    blocks: Mapping[str, float], gdp: float, *, counted: Collection[str], attributed: float = 0.0
) -> Digital:
    """The digital economy when `counted` blocks are its core and a fraction of all other value added is attributed.

    blocks: value added by block; gdp: in the same unit; attributed: from 0 to 1. A block that does not count is one
    of the other industries. Raises ValueError for a fraction outside 0-1, a GDP below the blocks, an unknown block.
    Source: NBS (2021) for the core, CAICT white papers for attribution.
    """
    within(attributed, 0, 1, "fraction attributed to other industries")
    core = _core(blocks, gdp, counted)
    other = attributed * (gdp - core)
    return Digital(core, other, core + other, (core + other) / gdp)


def attribution_needed(blocks: Mapping[str, float], gdp: float, *, counted: Collection[str], target: float) -> float:
    """The fraction of the other industries' value added that lifts the share of GDP to `target` (0-1).

    Raises ValueError when the counted blocks alone are above the target.
    """
    within(target, 0, 1, "target share of GDP")
    core = _core(blocks, gdp, counted)
    if core / gdp > target:
        raise ValueError(f"The counted blocks are already {core / gdp:.1%} of GDP, above {target:.1%}: drop a block.")
    return (target * gdp - core) / (gdp - core) if core < gdp else 0.0


def _core(blocks: Mapping[str, float], gdp: float, counted: Collection[str]) -> float:
    above(gdp, 0, "GDP")
    for name, value in blocks.items():
        at_least(value, 0, f"value added of {name!r}")
    for name in counted:
        if name not in blocks:
            raise ValueError(f"There is no block {name!r}: choose from {', '.join(blocks)}.")
    if sum(blocks.values()) > gdp:
        raise ValueError(f"The blocks add up to {sum(blocks.values()):g}, more than a GDP of {gdp:g}: check the units.")
    return float(sum(value for name, value in blocks.items() if name in counted))
