"""M10 and M15-M19: what economies specialise in, how concentrated, unequal and regional trade is, and accounts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from valuechains.indicators.trade import ratio


def rca(exports: np.ndarray) -> np.ndarray:
    """M10. Revealed comparative advantage (X_is / X_s) / (X_iw / X_w), (C, S), from exports (C, S).

    Above 1: the economy exports more of industry i than the world does, in proportion. Give it gross exports, or
    domestic value added by industry of origin for the value-added version. NaN where nobody exports.
    Source: Balassa (1965); Koopman, Wang and Wei (2014).
    """
    exports = np.asarray(exports, dtype=float)
    own = ratio(exports, exports.sum(axis=1, keepdims=True))
    world = exports.sum(axis=0) / exports.sum()
    return ratio(own, world)


def symmetric(rca: np.ndarray) -> np.ndarray:
    """M10. Revealed advantage on a scale from -1 to 1, (RCA - 1) / (RCA + 1). Source: Dalum et al. (1998)."""
    return (rca - 1) / (rca + 1)


def functional_specialisation(income: np.ndarray) -> np.ndarray:
    """M15. Functional specialisation index FS, (C, K), from domestic value added in exports by function (C, K).

    FS_ik = (f_ik / sum_k f_ik) / (sum_i f_ik / sum_ik f_ik): RCA for functions such as research or fabrication.
    Source: Timmer, Miroudot and de Vries (2019).
    """
    return rca(income)


class Concentration(NamedTuple):
    """How concentrated amounts are."""

    herfindahl: float  #: sum of squared shares, from 1/n to 1
    normalised: float  #: (HHI - 1/n) / (1 - 1/n), from 0 to 1; NaN for a single item
    effective_number: float  #: 1 / HHI, from 1 to n
    entropy_number: float  #: exp(- sum s ln s), from 1 to n


def concentration(amounts: np.ndarray) -> Concentration:
    """M16. Concentration of non-negative amounts, (n,), in any unit. Source: Hirschman (1964); Hill (1973)."""
    amounts = _non_negative(amounts, "amounts")
    shares = amounts / amounts.sum()
    hhi, n = float(shares @ shares), len(shares)
    normalised = (hhi - 1 / n) / (1 - 1 / n) if n > 1 else float("nan")
    return Concentration(hhi, normalised, 1 / hhi, float(np.exp(-_x_log_x(shares).sum())))


def gini(values: np.ndarray, weights: np.ndarray | None = None) -> float:
    """M17. Gini coefficient of non-negative values, (n,); 0 is equality.

    weights: (n,) people behind each value (one if None). Source: Gini (1912), in its sorted form.
    """
    values, weights = _weighted(values, weights)
    order = np.argsort(values)
    y, w = values[order], weights[order] / weights.sum()
    rank = np.cumsum(w) - w / 2
    return float(2 * (w * rank) @ y / (w @ y) - 1)


class Theil(NamedTuple):
    """Theil's T and its two parts; total = between + within."""

    total: float
    between: float
    within: float


def theil(values: np.ndarray, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> Theil:
    """M17. Theil's T = mean of (y/mu) ln(y/mu), between and within groups.

    values: (n,) non-negative; groups: (n,) labels (one group if None); weights: (n,) people (one if None).
    Source: Theil (1967).
    """
    values, weights = _weighted(values, weights)
    member = np.zeros(len(values), dtype=int) if groups is None else np.unique(groups, return_inverse=True)[1]
    people = np.bincount(member, weights)
    means = np.bincount(member, weights * values) / people
    mu = np.average(values, weights=weights)
    total = np.average(_x_log_x(values / mu), weights=weights)
    between = np.average(_x_log_x(means / mu), weights=people)
    return Theil(float(total), float(between), float(total - between))


def intra_share(flows: np.ndarray, region: np.ndarray) -> float:
    """M18. Share of a region's exports that stays in it, X_RR / X_R.; the region's own flows are in the denominator.

    flows: (C, C) exports of row to column, zero diagonal; region: (C,) true for its members.
    """
    region = np.asarray(region, dtype=bool)
    return float(flows[np.ix_(region, region)].sum() / flows[region].sum())


def trade_intensity(flows: np.ndarray, region: np.ndarray) -> float:
    """M18. The intra-region share over the region's share of all imports; above 1 is a bias to neighbours.

    Intra-region flows are in both denominators. Same arguments as `intra_share`. Source: Frankel (1997).
    """
    region = np.asarray(region, dtype=bool)
    return intra_share(flows, region) / float(flows[:, region].sum() / flows.sum())


def partner_intensity(flows: np.ndarray, region: np.ndarray) -> float:
    """M18. A region's inner trade over what size alone would give, where nobody counts as a partner of its own.

    X_RR / (sum over members i and j not i of X_i M_j / (M - M_i)): each member sells to the others in proportion to
    what they import, its own market left out, with X_i and M_i its exports and imports in all and M those of the world.
    1 is what size suggests, 2 is twice that. The world as a whole has 1 by construction, whatever its flows.
    `trade_intensity` counts a member's own market among those it could sell to, so small regions come out too low.

    flows: (C, C) exports of row to column in any unit of money, the diagonal is not looked at; region: (C,) true for
    its members, two at least. Raises ValueError for fewer members, which have no trade between them.
    Source: Brown (1949); Kojima (1964); Drysdale and Garnaut (1982).
    """
    inside = np.asarray(region, dtype=bool)
    if inside.sum() < 2:
        raise ValueError("A region's inner trade needs two members at least: add one.")
    abroad = _abroad(flows)
    sold, bought = abroad.sum(axis=1), abroad.sum(axis=0)
    expected = ratio(np.outer(sold, bought), (bought.sum() - bought)[:, None])
    np.fill_diagonal(expected, 0.0)
    block = np.ix_(inside, inside)
    return float(abroad[block].sum() / expected[block].sum())


def effective_partners(flows: np.ndarray) -> np.ndarray:
    """M16. Effective number of foreign partners that each economy (column) buys from, 1 / sum of squared shares, (C,).

    flows: (C, C) sales of row to column in any unit of money, such as a table's imported inputs; the diagonal, what an
    economy buys at home, is not looked at. Give it the transpose for the number of markets that each sells to.
    From 1 to C - 1; NaN for an economy that buys nothing abroad. The number depends on how finely partners are told
    apart: a "rest of the world" of many economies counts as one, and can only lower it.
    Source: Hirschman (1964).
    """
    abroad = _abroad(flows)
    return ratio(np.ones(len(abroad)), (ratio(abroad, abroad.sum(axis=0)) ** 2).sum(axis=0))


def mean_distance(flows: np.ndarray, distances: np.ndarray) -> float:
    """M18. Average distance that a dollar of exports travels, sum of X d / sum of X, in the unit of `distances`."""
    return float((flows * distances).sum() / flows.sum())


def balance(credit: np.ndarray, debit: np.ndarray) -> np.ndarray:
    """M19. Exports less imports of services, in the unit given. Source: BPM6; MSITS 2010."""
    return np.subtract(credit, debit)


def trade_competitiveness(credit: np.ndarray, debit: np.ndarray) -> np.ndarray:
    """M19. TC = (X - M) / (X + M), from -1 (imports only) to 1 (exports only); NaN without trade."""
    return ratio(np.subtract(credit, debit, dtype=float), np.add(credit, debit, dtype=float))


def growth_contributions(before: ArrayLike, after: ArrayLike) -> np.ndarray:
    """M19. Share of each part in the change of the total, dX_k / dX, (K,); sums to 1.

    before, after: (K,) parts that make up the total, for example the twelve EBOPS groups.
    Raises ValueError when the total did not change: contributions to no growth have no meaning.
    """
    change = np.subtract(after, before, dtype=float)
    if change.sum() == 0:
        raise ValueError("The total did not change, so no part has a share in its growth: choose other dates.")
    return change / change.sum()


def _abroad(flows: np.ndarray) -> np.ndarray:
    """A copy of (C, C) flows without those at home."""
    abroad = np.array(flows, dtype=float)
    np.fill_diagonal(abroad, 0.0)
    return abroad


def _weighted(values: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    values = _non_negative(values, "values")
    weights = np.ones(len(values)) if weights is None else _non_negative(weights, "weights")
    return values, weights


def _non_negative(amounts: np.ndarray, what: str) -> np.ndarray:
    amounts = np.asarray(amounts, dtype=float)
    if not (amounts >= 0).all() or not amounts.sum() > 0:
        raise ValueError(f"The {what} must be numbers of zero or more, and not all zero: {amounts.tolist()}.")
    return amounts


def _x_log_x(x: np.ndarray) -> np.ndarray:
    return x * np.log(np.where(x > 0, x, 1.0))
