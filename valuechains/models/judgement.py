"""Reading a claim: how sure a survey share is, how good a forecast was, and which exchange rate a claim needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from valuechains.models.inputs import above, whole, within


class Interval(NamedTuple):
    """A share and the range that the data allow for it."""

    share: float
    low: float
    high: float


def wilson(share: float, n: int, confidence: float = 0.95) -> Interval:
    """M26. Wilson's interval for a share (0-1) observed in a simple random sample of n.

    It speaks of chance alone: who was asked, and who answered, is another matter. The share is taken as published; 81%
    of 113 may have been 91 or 92 answers. Source: Wilson (1927).
    """
    within(share, 0, 1, "share"), whole(n, 1, "sample size"), within(confidence, 0.01, 0.9999, "confidence")
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = (z2 * share * (1 - share) / n + z2**2 / (4 * n**2)) ** 0.5 / (1 + z2 / n)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def brier(forecasts: Sequence[float], outcomes: Sequence[bool]) -> float:
    """M26. Mean squared error of probabilities (0-1) of events that happened (1) or not (0); 0 is perfect.

    Always saying one half scores 0.25. Raises ValueError for lists that do not match. Source: Brier (1950).
    """
    p, o = np.asarray(forecasts, dtype=float), np.asarray(outcomes, dtype=float)
    if p.shape != o.shape or p.size == 0:
        raise ValueError(f"Each forecast needs one outcome: there are {p.size} forecasts and {o.size} outcomes.")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"A forecast is a probability from 0 to 1, not {p[~((p >= 0) & (p <= 1))][0]:g}.")
    if not np.isin(o, (0, 1)).all():
        raise ValueError("An outcome is 1 if the event happened and 0 if not: resolve the others first.")
    return float(((p - o) ** 2).mean())


def convert(amount: float, rates: Iterable[float]) -> dict[float, float]:
    """An amount in local currency at several exchange rates (local units per dollar): rate -> dollars."""
    return {rate: amount / above(rate, 0, "exchange rate") for rate in rates}


def rate_needed(amount: float, claimed: float) -> float:
    """The exchange rate (local units per dollar) at which a local amount is the dollar figure of a claim."""
    return above(amount, 0, "amount") / above(claimed, 0, "claimed figure")
