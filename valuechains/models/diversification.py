"""Diversification bench: does buying from more suppliers make a buyer safer?

Every supplier fails with the same probability p. With probability rho (the correlation) all of them share one fate,
for example because they stand on the same coast; otherwise each fails on its own. Two suppliers' failures then have
correlation rho exactly, and every number below is exact: all outcomes are counted, nothing is simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from valuechains.indicators import concentration
from valuechains.models.inputs import shares as checked
from valuechains.models.inputs import within

MOST_SUPPLIERS = 16


class Risk(NamedTuple):
    """The loss of a buyer, as a share of its purchases."""

    expected_loss: float  #: p, however many suppliers there are
    variance: float  #: p (1 - p) [rho + (1 - rho) HHI]
    sd: float
    tail: float  #: probability of losing more than `beyond`
    shortfall: float  #: mean loss in the worst `worst` part of all cases (expected shortfall)
    herfindahl: float  #: sum of squared supplier shares
    effective_number: float  #: 1 / HHI


def risk(
    shares: Sequence[float], probability: float, correlation: float, *, beyond: float = 0.5, worst: float = 0.05
) -> Risk:
    """The risk of buying from suppliers with these shares.

    shares: (n,), adding up to 1; probability: of one supplier's failure, 0-1; correlation: 0-1.
    Raises ValueError for shares that do not add up, a probability or correlation outside 0-1, too many suppliers.
    Source: the common-shock model; expected shortfall after Acerbi and Tasche (2002).
    """
    within(beyond, 0, 1, "loss to exceed"), within(worst, 1e-9, 1, "part of all cases that is worst")
    loss, chance = losses(shares, probability, correlation)
    hhi = concentration(np.asarray(shares, dtype=float))
    variance = probability * (1 - probability) * (correlation + (1 - correlation) * hhi.herfindahl)
    return Risk(
        expected_loss=float(loss @ chance),
        variance=variance,
        sd=variance**0.5,
        tail=float(chance[loss > beyond].sum()),
        shortfall=_mean_of_worst(loss, chance, worst),
        herfindahl=hhi.herfindahl,
        effective_number=hhi.effective_number,
    )


def losses(shares: Sequence[float], probability: float, correlation: float) -> tuple[np.ndarray, np.ndarray]:
    """Every possible loss, in rising order, and its probability: two arrays of one length. Arguments as in `risk`."""
    parts = checked(shares, "supplier shares")
    within(probability, 0, 1, "failure probability"), within(correlation, 0, 1, "correlation")
    n = len(parts)
    if n > MOST_SUPPLIERS:
        raise ValueError(f"The bench takes up to {MOST_SUPPLIERS} suppliers, not {n}: merge the small ones.")
    fails = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    alone = np.where(fails, probability, 1 - probability).prod(axis=1)
    chance = (1 - correlation) * alone
    chance[0] += correlation * (1 - probability)
    chance[-1] += correlation * probability
    values, which = np.unique((fails @ parts).round(12), return_inverse=True)
    return values, np.bincount(which, chance)


def _mean_of_worst(loss: np.ndarray, chance: np.ndarray, worst: float) -> float:
    rest = np.cumsum(chance[::-1])
    counted = np.diff(np.minimum(rest, worst), prepend=0.0)
    return float(loss[::-1] @ counted / worst)
