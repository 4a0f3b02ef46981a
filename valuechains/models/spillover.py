"""Spillovers: a made-up panel of ports in which difference-in-differences goes wrong by a known amount.

Some ports get new software. Outcome (an efficiency index) = port + year + effect, if treated and after,
+ influence x traffic + noise. Traffic grows faster at the treated ports by `divergence` a year, with or without
software: a confounder. Synthetic data, the same for the same seed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from valuechains.models.inputs import at_least, whole


class Panel(NamedTuple):
    """Ports over three years: two before the software, one after."""

    treated: np.ndarray  #: (n,) of booleans
    traffic: np.ndarray  #: (n, 3)
    outcome: np.ndarray  #: (n, 3), index points


class Estimates(NamedTuple):
    """Estimates of the effect of the software, index points."""

    naive: float  #: difference-in-differences, last year against the one before
    adjusted: float  #: the same with the change in traffic held equal
    placebo: float  #: the naive estimate a year too early, when the effect is zero: not zero, so trends differ
    bias: float  #: naive less the true effect
    expected_bias: float  #: influence x divergence, what the bias is without noise


def simulate(
    ports: int = 400,
    *,
    effect: float = 2.0,
    influence: float = 1.0,
    divergence: float = 3.0,
    noise: float = 0.5,
    seed: int = 0,
) -> Panel:
    """A synthetic panel of ports, half of them treated; the parameters are those of the module's equation.

    Raises ValueError for fewer than four ports or negative noise.
    """
    n = whole(ports, 4, "number of ports")
    draw = np.random.default_rng(seed)
    treated = np.arange(n) < n // 2
    years = np.arange(3)
    traffic = draw.normal(50, 10, (n, 1)) + (1 + divergence * treated[:, None]) * years + draw.normal(0, 1, (n, 3))
    outcome = (
        draw.normal(100, 5, (n, 1))
        + 0.5 * years
        + effect * (treated[:, None] & (years == 2))
        + influence * traffic
        + draw.normal(0, at_least(noise, 0, "noise"), (n, 3))
    )
    return Panel(treated, traffic, outcome)


def estimate(panel: Panel, *, effect: float = 2.0, influence: float = 1.0, divergence: float = 3.0) -> Estimates:
    """Estimate the effect from a panel, and compare with the truth it was made with."""
    last = panel.outcome[:, 2] - panel.outcome[:, 1]
    naive = difference_in_differences(last, panel.treated)
    adjusted = adjusted_difference(last, panel.treated, panel.traffic[:, 2] - panel.traffic[:, 1])
    placebo = difference_in_differences(panel.outcome[:, 1] - panel.outcome[:, 0], panel.treated)
    return Estimates(naive, adjusted, placebo, naive - effect, influence * divergence)


def difference_in_differences(change: np.ndarray, treated: np.ndarray) -> float:
    """Mean change of the treated less mean change of the others; change: (n,), treated: (n,) of booleans."""
    treated = np.asarray(treated, dtype=bool)
    if treated.all() or not treated.any():
        raise ValueError("A comparison needs treated and untreated units: there is only one kind here.")
    change = np.asarray(change, dtype=float)
    return float(change[treated].mean() - change[~treated].mean())


def adjusted_difference(change: np.ndarray, treated: np.ndarray, confounder: np.ndarray) -> float:
    """The same with the change in a confounder, (n,), held equal: least squares on both."""
    design = np.column_stack([np.ones(len(change)), treated, confounder])
    return float(np.linalg.lstsq(design, change, rcond=None)[0][1])
