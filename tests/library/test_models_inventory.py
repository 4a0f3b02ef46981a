"""The pre-positioning lab: newsvendor, pooling, forecasts and the break-even of local stock."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import WORKED, agrees

from valuechains.models.inventory import (
    expected_cost,
    foreseen,
    network,
    newsvendor,
    pooling,
    r_squared_needed,
    residual_sd,
)

NEWSVENDOR, BREAK_EVEN = WORKED["newsvendor"], WORKED["preposition_breakeven"]
CASE = {
    name: NEWSVENDOR[short] for name, short in {"mean": "mu", "sd": "sd", "underage": "cu", "overage": "co"}.items()
}
FOUR = {"regions": 4, "correlation": 0.0} | CASE


def test_worked_newsvendor():
    result = newsvendor(**CASE)
    printed = {
        "critical_ratio": "CR",
        "z": "z",
        "quantity": "Q",
        "cost": "opt_cost",
        "lost_sales": "expected_lost",
        "fill_rate": "fill_rate",
    }
    for field, name in printed.items():
        agrees(getattr(result, field), NEWSVENDOR[name])


@pytest.mark.parametrize("key", WORKED["pooling"]["res"])
def test_worked_pooling(key):
    printed = WORKED["pooling"]["res"][key]
    correlation = -1 / 3 if key == "-0.333" else float(key)  # the fixture's label is rounded, its numbers are not
    result = pooling(WORKED["pooling"]["n"], CASE["sd"], correlation, newsvendor(**CASE).z)
    for field, name in {
        "sd_pooled": "sd_pool",
        "safety_local": "safety_decentral",
        "safety_pooled": "safety_pool",
        "ratio": "ratio",
    }.items():
        agrees(getattr(result, field), printed[name])


@pytest.mark.parametrize("key", WORKED["forecast_value"])
def test_worked_forecast_value(key):
    printed = WORKED["forecast_value"][key]
    left = residual_sd(CASE["sd"], float(key))
    agrees(left, printed["sd_resid"])
    agrees(newsvendor(**CASE | {"sd": left}).cost, printed["cost"])


def test_worked_break_even():
    result = network(**FOUR)
    agrees(result.local_cost, BREAK_EVEN["decentral"])
    agrees(result.central_cost, BREAK_EVEN["pooled"])
    agrees(result.break_even, BREAK_EVEN["t_breakeven"])


def test_a_forecast_that_explains_three_quarters_halves_costs_and_threshold():
    assert r_squared_needed(0.5) == 0.75
    without, with_it = network(**FOUR), network(**FOUR, r_squared=0.75)
    for field in ("local_cost", "central_cost", "local_safety", "central_safety", "break_even"):
        assert getattr(with_it, field) == pytest.approx(getattr(without, field) / 2)
    assert round(with_it.break_even, 2) == 0.21


def threshold(left):
    return network(**FOUR | {"sd": left.sd, "correlation": left.correlation}).break_even


def test_which_part_of_demand_is_foreseen_decides_where_stock_belongs():
    nothing, weather = foreseen(30, 0.625), foreseen(30, 0.625, shared=0.8)
    assert weather == pytest.approx((30 * math.sqrt(0.5), 0.25))
    assert (round(threshold(nothing), 3), round(threshold(weather), 3)) == (0.128, 0.201)
    assert threshold(foreseen(30, 0.625, own=0.8)) < threshold(nothing) < threshold(weather)
    alike = foreseen(30, 0.625, shared=0.5, own=0.5)
    assert alike == pytest.approx((residual_sd(30, 0.5), 0.625))
    assert foreseen(30, 0.625, shared=1, own=1) == (0, 0)


def test_the_value_of_speed_decides():
    assert network(**FOUR, speed_value=0.41).better == "central"
    assert network(**FOUR, speed_value=0.43).better == "local"
    assert network(**FOUR | {"correlation": 1.0}, speed_value=0.01).better == "local"


positive = st.floats(0.1, 1000)
regions = st.integers(2, 40)


@given(positive, positive, positive, positive, st.floats(-3, 3))
def test_no_order_is_cheaper_than_the_newsvendors(mean, sd, underage, overage, away):
    best = newsvendor(mean, sd, underage, overage)
    cost = expected_cost(best.quantity, mean, sd, underage, overage)
    assert cost == pytest.approx(best.cost, rel=1e-6)
    assert expected_cost(best.quantity + away * sd, mean, sd, underage, overage) >= cost * (1 - 1e-9)


@given(positive, positive, positive, positive)
def test_more_is_ordered_where_running_out_costs_more(mean, sd, underage, overage):
    low, high = sorted((underage, overage))
    assert newsvendor(mean, sd, low, high).quantity <= mean + 1e-9 <= newsvendor(mean, sd, high, low).quantity + 2e-9


@given(regions, positive, st.floats(0, 1))
def test_pool_ratio_lies_between_one_over_root_n_and_one(n, sd, correlation):
    ratio = pooling(n, sd, correlation).ratio
    assert 1 / math.sqrt(n) - 1e-9 <= ratio <= 1 + 1e-9


@given(regions, positive, st.floats(0, 1), st.floats(0, 1))
def test_correlation_never_helps(n, sd, one, other):
    low, high = (pooling(n, sd, rho) for rho in sorted((one, other)))
    assert low.sd_pooled <= high.sd_pooled * (1 + 1e-12)


@given(regions)
def test_the_lowest_correlation_leaves_nothing_to_chance(n):
    assert pooling(n, 30, -1 / (n - 1)).sd_pooled == pytest.approx(0, abs=1e-5)


@given(regions, positive, positive, st.floats(0, 1), positive, positive, st.floats(0, 1))
def test_central_stock_never_costs_more_and_break_even_is_the_saving_per_unit(n, mean, sd, rho, cu, co, r2):
    result = network(n, mean, sd, rho, cu, co, r_squared=r2)
    saving = result.local_cost - result.central_cost
    assert saving >= -1e-9 * result.local_cost
    assert result.break_even * n * mean == pytest.approx(saving)
    assert result.local_fill <= result.central_fill + 1e-12 <= 1 + 1e-9


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pooling(4, 30, -0.5), "4 regions cannot all have a correlation of -0.5: the lowest is -0.333"),
        (lambda: pooling(4, 30, 1.5), "correlation must be a number from -1 to 1, not 1.5"),
        (lambda: pooling(0, 30, 0), "number of regions must be a whole number of 1 or more, not 0"),
        (lambda: residual_sd(30, 1.1), "R2 of the forecast must be a number from 0 to 1, not 1.1"),
        (lambda: newsvendor(100, 30, 0, 2), "cost of a unit too few must be a number above 0, not 0"),
        (lambda: newsvendor(100, -1, 8, 2), "standard deviation must be a number of 0 or more, not -1"),
        (lambda: network(**FOUR, speed_value=-1), "value of fast delivery must be a number of 0 or more, not -1"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
