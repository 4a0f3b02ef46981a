"""The board examples of the instructor's notes: small enough for chalk, and computed, so that no note can be wrong.

>>> example("01-in-flux")["share_after"]
'46.4%'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from valuechains import indicators, tables
from valuechains.models import (
    configurations,
    definitions,
    diversification,
    growth,
    inventory,
    judgement,
    scenario,
    spillover,
)

EXAMPLES: dict[str, Callable[[], dict[str, str]]] = {}


def example(chapter: str) -> Mapping[str, str]:
    """The numbers of a chapter's example, by name, as they are printed. Raises KeyError for a chapter without one."""
    return EXAMPLES[chapter]()


def _of(chapter: str) -> Callable:
    def register(compute: Callable[[], dict[str, str]]) -> Callable:
        EXAMPLES[chapter] = compute
        return compute

    return register


def _percent(value: float, digits: int = 1) -> str:
    return f"{100 * value:.{digits}f}%".replace("-", "\N{MINUS SIGN}")


def _signed(value: float, digits: int = 0) -> str:
    return f"{value:+.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _matrix(values: np.ndarray, digits: int = 3) -> str:
    """A matrix on one line, rows parted by semicolons."""
    return "(" + "; ".join(", ".join(f"{value:.{digits}f}" for value in row) for row in values) + ")"


@_of("00-reading-a-claim")
def shares_and_weights() -> dict[str, str]:
    """Two economies whose share of services rises, and a total whose share falls."""
    before, after = np.array([100, 100]), np.array([100, 300])
    share_before, share_after = np.array([0.60, 0.30]), np.array([0.62, 0.32])
    sold = share_before * before, share_after * after
    interval = judgement.wilson(0.81, 113)
    return {
        "services_before": f"{sold[0].sum():.0f}",
        "services_after": f"{sold[1].sum():.0f}",
        "total_before": _percent(sold[0].sum() / before.sum()),
        "total_after": _percent(sold[1].sum() / after.sum()),
        "low": _percent(interval.low, 0),
        "high": _percent(interval.high, 0),
    }


@_of("01-in-flux")
def level_and_contribution() -> dict[str, str]:
    """Half of the level and a tenth of the growth."""
    found = growth.contribution(110, 0.10, 51, 0.02)
    return {
        "part_before": f"{found.share_before * 100:.0f}",
        "change": f"{found.part_change:.0f}",
        "share_before": _percent(found.share_before, 0),
        "share_after": _percent(found.share_after),
        "contribution": _percent(found.contribution_share, 0),
        "rest_growth": _percent(59 / 50 - 1, 0),
    }


@_of("02-services")
def columns_not_rows() -> dict[str, str]:
    """The coefficients of the chapter's two economies, from a table whose outputs differ: here the division shows."""
    flows, output = np.array([[20.0, 24.0], [10.0, 32.0]]), np.array([100.0, 80.0])
    right, rows = indicators.coefficients(flows, output), flows / output[:, None]
    inverse, wrong = indicators.leontief_inverse(right), indicators.leontief_inverse(rows)
    rates = indicators.value_added_rates(flows, output)
    same = tables.toy("W0")
    sold, paid = (shares[:3] / shares[3] for shares in _services_of_three())
    return {
        **{f"{name}_advantage": f"{by_label:.2f}; {by_pay:.2f}" for name, by_label, by_pay in zip("ABC", sold, paid)},
        "A": _matrix(right, 2),
        "rows": _matrix(rows),
        "B": _matrix(inverse),
        "wrong": _matrix(wrong),
        "v": ", ".join(f"{rate:.1f}" for rate in rates),
        "sums": ", ".join(f"{value:.2f}" for value in rates @ inverse),
        "wrong_sums": ", ".join(f"{value:.2f}" for value in rates @ wrong),
        "outputs": " and ".join(f"{value:.0f}" for value in same.x),
        "earned": ", ".join(f"{value:.2f}" for value in 10 * rates * inverse[:, 0]),
    }


def _services_of_three() -> tuple[np.ndarray, np.ndarray]:
    """Services in the exports of A, B, C and their world, by label and by who is paid, as shares."""
    three = tables.toy("W2")
    B = indicators.leontief_inverse(indicators.coefficients(three.Z, three.x))
    v, E = indicators.value_added_rates(three.Z, three.x), indicators.exports(three.Z, three.F)
    services = three.mask(["S"])
    home, abroad = indicators.services_content(v, B, E, services, countries=3)
    total = indicators.by_economy(E, countries=3)
    sold, paid = (indicators.by_economy(part, countries=3) for part in (E * np.tile(services, 3), home + abroad))
    whole = np.append(total, total.sum())
    return np.append(sold, sold.sum()) / whole, np.append(paid, paid.sum()) / whole


@_of("03-dual-engines")
def one_dial() -> dict[str, str]:
    """A digital share of 100 under three definitions, and two sizes by two counts."""
    blocks = {"made": 4.0, "run": 6.0}
    share = {
        name: definitions.digital_economy(blocks, 100, counted=counted, attributed=part).share
        for name, counted, part in (
            ("core", ["made", "run"], 0.0),
            ("services", ["run"], 0.0),
            ("broad", ["made", "run"], 0.35),
        )
    }
    needed = definitions.attribution_needed(blocks, 100, counted=["made", "run"], target=0.4)
    return {
        **{name: _percent(value, 1) for name, value in share.items()},
        "needed": _percent(needed, 1),
        "large_head": f"{1400 / 1400:.0f}",
        "small_head": f"{200 / 50:.0f}",
    }


@_of("04-global-impact")
def port_and_others() -> dict[str, str]:
    """Hours at berth: before and after, the port and five that resemble it."""
    change = np.array([24.0 - 30.0, -3.0, -2.0, -4.0, -3.0, -3.0])
    effect = spillover.difference_in_differences(change, np.array([1, 0, 0, 0, 0, 0]))
    return {
        "naive": _signed(change[0]),
        "others": _signed(change[1:].mean()),
        "effect": _signed(effect),
        "part": _percent(effect / change[0], 0),
        "saving": _percent(change[0] / 30, 0),
    }


@_of("05-challenges")
def spread_and_tail() -> dict[str, str]:
    """One supplier or four, alone or sharing a fate six times in ten; each fails one year in ten."""
    one, four = (diversification.risk([1 / n] * n, 0.1, 0.0, beyond=0.2) for n in (1, 4))
    shared = diversification.risk([0.25] * 4, 0.1, 0.6, beyond=0.2)
    return {
        "one": _percent(one.sd, 0),
        "four": _percent(four.sd, 0),
        "shared": _percent(shared.sd, 0),
        "floor": _percent((0.6 * 0.09) ** 0.5, 0),
        "tail_one": _percent(one.tail, 0),
        "tail_four": _percent(four.tail, 0),
        "tail_shared": _percent(shared.tail, 0),
        "loss": _percent(four.expected_loss, 0),
    }


@_of("06-industrial-brain")
def ten_options() -> dict[str, str]:
    """Ten options to take or leave, taken by half of the buyers or by one in ten."""
    half, tenth = (configurations.effective_variety(configurations.yes_no(10, rate)) for rate in (0.5, 0.1))
    one = configurations.effective_variety(configurations.yes_no(1, 0.1))
    return {
        "all": f"{2**10:,}",
        "half": f"{half:,.0f}",
        "tenth": f"{tenth:.1f}",
        "factor": f"{one:.2f}",
        "times": f"{half / tenth:.0f}",
        "plain": _percent(0.9**10, 0),
        "with_one_more": f"{2**11:,}",
    }


@_of("07-exportable-service")
def two_regions() -> dict[str, str]:
    """Two regions with a standard deviation of 30 each; a unit too few costs 9, a unit left over 1."""
    order = inventory.newsvendor(100, 30, 9, 1)
    stock = {rho: inventory.pooling(2, 30, rho, order.z) for rho in (1, 0, -1)}
    calm = inventory.newsvendor(100, inventory.residual_sd(30, 0.75), 9, 1)
    return {
        "ratio": _percent(order.critical_ratio, 0),
        "z": f"{order.z:.2f}",
        "safety": f"{order.safety_stock:.0f}",
        "apart": f"{stock[0].safety_local:.0f}",
        "same": f"{stock[1].safety_pooled:.0f}",
        "pooled": f"{stock[0].safety_pooled:.0f}",
        "opposed": f"{stock[-1].safety_pooled:.0f}",
        "forecast": f"{calm.safety_stock:.0f}",
    }


@_of("08-turning-point")
def close_the_gap() -> dict[str, str]:
    """Exports of two groups, 10 each, and imports of 25; five years."""
    index = float(indicators.trade_competitiveness(np.array(20.0), np.array(25.0)))

    def needed(rate: float, other: float) -> str:
        exports, growing = {"K": 10, "O": 10}, {"O": other}
        return _percent(scenario.required_growth(exports, 25, "K", growth=growing, imports_growth=rate, years=5))

    return {
        "tc": f"{index:.2f}".replace("-", "\N{MINUS SIGN}"),
        "still": needed(0, 0),
        "moving": needed(0.05, 0.05),
        "slower": needed(0.03, 0.05),
    }


@_of("09-capstone")
def first_years() -> dict[str, str]:
    """Three invented economies and their balances in three years: who gained most depends on the first year."""
    balances = {"P": (10, 4, 20), "Q": (0, 10, 15), "R": (-20, -8, -4)}
    last = {name: values[2] for name, values in balances.items()}
    gains = [{name: last[name] - values[year] for name, values in balances.items()} for year in (0, 1)]
    leaders = [max(gain, key=gain.__getitem__) for gain in gains]
    times = {name: values[2] / values[1] for name, values in balances.items() if values[1] > 0}
    return {
        "first": leaders[0],
        "first_gain": _signed(max(gains[0].values())),
        "second": leaders[1],
        "second_gain": _signed(max(gains[1].values())),
        "p_first": _signed(gains[0]["P"]),
        "r_second": _signed(gains[1]["R"]),
        "p_times": f"{times['P']:.0f}",
        "q_times": f"{times['Q']:.1f}",
    }
