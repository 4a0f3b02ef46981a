"""Pre-positioning lab: how much to stock, where, and what a better forecast or faster delivery is worth.

Demand of a region in one selling period is normal with mean and standard deviation sd, in units. A unit too few costs
`underage` (cu), a unit left over `overage` (co), in money. Regions are alike, and correlated with each other.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

from valuechains.models.inputs import above, at_least, whole, within

STANDARD = NormalDist()
HAIR = 1e-9  #: at the break-even itself neither pays, whatever the last digit of a sum


class Newsvendor(NamedTuple):
    """The best single order for an uncertain demand."""

    critical_ratio: float  #: cu / (cu + co): the service level, the probability of not running out
    z: float  #: its normal quantile
    quantity: float  #: best order, mean + z sd
    safety_stock: float  #: z sd
    cost: float  #: expected cost of being wrong, (cu + co) sd phi(z)
    lost_sales: float  #: expected units short
    fill_rate: float  #: 1 - lost sales / mean


def newsvendor(mean: float, sd: float, underage: float, overage: float) -> Newsvendor:
    """M20. The newsvendor's order. Raises ValueError for a mean or a cost that is not positive, a negative sd.

    Source: Arrow, Harris and Marschak (1951); textbook form as in Cachon and Terwiesch (2013).
    """
    above(mean, 0, "mean demand"), at_least(sd, 0, "standard deviation")
    above(underage, 0, "cost of a unit too few"), above(overage, 0, "cost of a unit left over")
    ratio = underage / (underage + overage)
    z = STANDARD.inv_cdf(ratio)
    lost = sd * (STANDARD.pdf(z) - z * (1 - ratio))
    cost = (underage + overage) * sd * STANDARD.pdf(z)
    return Newsvendor(ratio, z, mean + z * sd, z * sd, cost, lost, 1 - lost / mean)


def expected_cost(quantity: float, mean: float, sd: float, underage: float, overage: float) -> float:
    """M20. Expected cost of any order, cu E[short] + co E[left over]; lowest at the newsvendor's quantity."""
    above(sd, 0, "standard deviation")
    z = (quantity - mean) / sd
    short = sd * (STANDARD.pdf(z) - z * (1 - STANDARD.cdf(z)))
    return underage * short + overage * (short + quantity - mean)


class Pooling(NamedTuple):
    """Safety stock held in each region against one stock for all of them."""

    sd_pooled: float  #: standard deviation of the demand of all regions
    safety_local: float  #: units, all regions together
    safety_pooled: float
    ratio: float  #: pooled / local: 1/sqrt(n) for independent regions, 1 for regions that move as one


def pooling(regions: int, sd: float, correlation: float, z: float = 1.0) -> Pooling:
    """M21. Risk pooling: sd_pool = sd sqrt(n + n (n - 1) rho). z: safety stock in standard deviations.

    Raises ValueError for a correlation below -1/(n - 1), which n regions cannot have. Source: Eppen (1979).
    """
    n = whole(regions, 1, "number of regions")
    at_least(sd, 0, "standard deviation"), within(correlation, -1, 1, "correlation")
    lowest = -1 / (n - 1) if n > 1 else -1.0
    if correlation < lowest:
        raise ValueError(f"{n} regions cannot all have a correlation of {correlation:g}: the lowest is {lowest:.3g}.")
    pooled = sd * math.sqrt(max(n + n * (n - 1) * correlation, 0.0))
    return Pooling(pooled, n * z * sd, z * pooled, pooled / (n * sd) if sd else 1.0)


def residual_sd(sd: float, r_squared: float) -> float:
    """M22. What a forecast that explains r_squared (0-1) of the variance leaves to chance, sd sqrt(1 - R2)."""
    return at_least(sd, 0, "standard deviation") * math.sqrt(1 - within(r_squared, 0, 1, "R2 of the forecast"))


class Foreseen(NamedTuple):
    """What a forecast leaves to chance in one of several alike regions."""

    sd: float
    correlation: float  #: between regions, of what is left


def foreseen(sd: float, correlation: float, *, shared: float = 0.0, own: float = 0.0) -> Foreseen:
    """M22. What is left when a forecast explains a part of what regions share and a part of what is each one's own.

    correlation: between regions, 0-1: so much of the variance is shared. shared, own: the part of each that is
    foreseen, 0-1. Foreseeing what is shared lowers the correlation of the rest; foreseeing what is not raises it.
    """
    within(correlation, 0, 1, "correlation")
    common = (1 - within(shared, 0, 1, "foreseen part of what is shared")) * correlation
    single = (1 - within(own, 0, 1, "foreseen part of what is not shared")) * (1 - correlation)
    left = common + single
    return Foreseen(at_least(sd, 0, "standard deviation") * math.sqrt(left), common / left if left else 0.0)


def r_squared_needed(cost_ratio: float) -> float:
    """M22. The R2 that brings the cost of uncertainty down to `cost_ratio` (0-1) of its size: 1 - ratio^2."""
    return 1 - within(cost_ratio, 0, 1, "cost that is left") ** 2


class Network(NamedTuple):
    """Stock in every region against one central stock."""

    local_cost: float  #: expected cost of being wrong, all regions together
    central_cost: float
    local_safety: float  #: units
    central_safety: float
    service_level: float  #: probability of not running out, the critical ratio in both cases
    local_fill: float  #: share of demand served from stock
    central_fill: float
    break_even: float  #: value of fast delivery per unit above which local stock pays
    better: str  #: "local" or "central", for the value of fast delivery given


def network(
    regions: int,
    mean: float,
    sd: float,
    correlation: float,
    underage: float,
    overage: float,
    *,
    r_squared: float = 0.0,
    speed_value: float = 0.0,
) -> Network:
    """M20-M23 together: pre-position in each region, or pool in one place?

    mean, sd, underage, overage: of one region, as in `newsvendor`; correlation: between regions, also of what the
    forecast leaves (`foreseen` is for one that knows more of one part); r_squared: of the forecast; speed_value: what
    fast delivery of a unit is worth, in money.
    Break-even t* = (n cost_local - cost_central) / (n mean), on mean demand as in Eppen's model.
    """
    left = residual_sd(sd, r_squared)
    one = newsvendor(mean, left, underage, overage)
    pool = pooling(regions, left, correlation, one.z)
    centre = newsvendor(regions * mean, pool.sd_pooled, underage, overage)
    break_even = (regions * one.cost - centre.cost) / (regions * mean)
    better = "local" if at_least(speed_value, 0, "value of fast delivery") > break_even + HAIR else "central"
    return Network(
        regions * one.cost,
        centre.cost,
        pool.safety_local,
        pool.safety_pooled,
        one.critical_ratio,
        one.fill_rate,
        centre.fill_rate,
        break_even,
        better,
    )
