"""Every model names the argument that it refuses, and takes the limit itself: `make mutants` found both untested."""

import math

import pytest

from valuechains import indicators, tables
from valuechains.models import (
    configurations,
    definitions,
    diversification,
    growth,
    inventory,
    judgement,
    scenario,
    shock,
    trap,
)

BLOCKS, OPTIONS = {"made": 4.0, "run": 6.0}, configurations.yes_no(2, 0.5)
FALL = [1000.0 * 1.05**year for year in range(20)]


def attributed(target):
    return definitions.attribution_needed(BLOCKS, 100, counted=["made", "run"], target=target)


def risk(**changed):
    return diversification.risk([0.5, 0.5], 0.1, 0.2, **changed)


def balance(imports):
    return scenario.scenario({"K": 10}, imports, growth={"K": 0.1}, imports_growth=0, years=1)


@pytest.mark.parametrize(
    "asked, named",
    [
        (lambda: configurations.yes_no(-1, 0.5), "number of options"),
        (lambda: configurations.yes_no(1, 1.5), "take rate"),
        (lambda: configurations.expected_distinct(0, 5), "number of variants"),
        (lambda: configurations.expected_distinct(5, -1), "yearly output"),
        (lambda: configurations.options_needed(5, 0), "number of models"),
        (lambda: attributed(1.5), "target share of GDP"),
        (lambda: risk(beyond=1.5), "loss to exceed"),
        (lambda: risk(beyond=0.2, worst=1.5), "part of all cases that is worst"),
        (lambda: growth.contribution(0, 0.1, 1, 0.1), "total"),
        (lambda: growth.contribution(10, 0.1, -1, 0.1), "part"),
        (lambda: growth.contribution(10, -1, 1, 0.1), "growth rate"),
        (lambda: inventory.newsvendor(0, 30, 9, 1), "mean demand"),
        (lambda: inventory.newsvendor(100, -1, 9, 1), "standard deviation"),
        (lambda: inventory.newsvendor(100, 30, 0, 1), "cost of a unit too few"),
        (lambda: inventory.newsvendor(100, 30, 9, 0), "cost of a unit left over"),
        (lambda: inventory.expected_cost(100, 100, 0, 9, 1), "standard deviation"),
        (lambda: inventory.pooling(0, 30, 0), "number of regions"),
        (lambda: inventory.pooling(2, -1, 0), "standard deviation"),
        (lambda: inventory.pooling(2, 30, 2), "correlation"),
        (lambda: inventory.residual_sd(-1, 0.5), "standard deviation"),
        (lambda: inventory.residual_sd(30, 1.5), "R2 of the forecast"),
        (lambda: inventory.r_squared_needed(1.5), "cost that is left"),
        (lambda: inventory.network(2, 100, 30, 0, 9, 1, speed_value=-1), "value of fast delivery"),
        (lambda: judgement.wilson(1.5, 10), "share"),
        (lambda: judgement.wilson(0.5, 0), "sample size"),
        (lambda: judgement.wilson(0.5, 10, 1), "confidence"),
        (lambda: judgement.convert(1, [0]), "exchange rate"),
        (lambda: judgement.rate_needed(0, 1), "amount"),
        (lambda: judgement.rate_needed(1, 0), "claimed figure"),
        (lambda: balance(-1), "imports"),
        (lambda: shock.reshored(tables.toy("W2"), "A", 1.5), "share of imported inputs that is replaced"),
        (lambda: trap.years_to(0, 2, 0.1), "level"),
        (lambda: trap.years_to(1, 0, 0.1), "target"),
        (lambda: trap.years_to(1, 2, -1), "growth rate"),
        (lambda: trap.years_to(1, 2, 0.1, -1), "growth rate of the target"),
        (lambda: trap.slowdowns(FALL, window=0), "window"),
        (lambda: trap.slowdowns(FALL, floor=-1), "income floor"),
        (lambda: trap.slowdowns(FALL, fast=1.5), "growth rate that counts as fast"),
        (lambda: indicators.concentration([-1, 2]), "amounts"),
        (lambda: indicators.gini([-1, 2]), "values"),
        (lambda: indicators.gini([1, 2], [-1, 2]), "weights"),
    ],
)
def test_a_refused_argument_is_named(asked, named):
    with pytest.raises(ValueError, match=rf"\b{named}\b"):
        asked()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, "1"])
def test_what_is_no_amount_is_refused_wherever_an_amount_is_asked_for(value):
    for asked in (lambda: growth.contribution(value, 0.1, 1, 0.1), lambda: balance(value)):
        with pytest.raises(ValueError, match="total|imports"):
            asked()


def test_limits_themselves_are_taken():
    assert configurations.yes_no(0, 0.5) == {} and configurations.theoretical({}) == 1
    assert configurations.yes_no(1, 0.25) == {"option 1": {"no": 0.75, "yes": 0.25}}
    assert configurations.options_needed(4, 5) == 0 and configurations.options_needed(8, 1) == 4
    assert definitions.attribution_needed({"all": 100.0}, 100, counted=["all"], target=1) == 0
    assert balance(0).balance.tolist() == pytest.approx([10, 11])
    assert trap.years_to(2, 2, 0) == 0 and math.isnan(trap.years_to(1, 2, 0.01, 0.01))
    one = inventory.pooling(1, 30, -1)
    assert (one.sd_pooled, one.safety_local, one.safety_pooled, one.ratio) == (30, 30, 30, 1)
    assert inventory.pooling(2, 30, -1).sd_pooled == 0


def test_results_hold_what_they_are_named_for():
    found = configurations.variety(OPTIONS, output=10)
    assert found[-1] == pytest.approx(found[-2] / 4)
    assert risk(beyond=0.2).sd == pytest.approx(math.sqrt(0.1 * 0.9 * (0.2 + 0.8 / 2)))
    assert risk(beyond=0.5).tail == pytest.approx(0.2 * 0.1 + 0.8 * 0.1**2)  # beyond a half: both fail
    order = inventory.newsvendor(100, 30, 9, 1)
    assert order.safety_stock == pytest.approx(30 * order.z) and order.quantity == pytest.approx(100 + 30 * order.z)
    world = tables.Table([[1.0, 2], [3, 4]], [[5.0, 6], [7, 8]], ("A", "B"), ("I",), 2011, "yuan")
    kept = shock.reshored(world, "A", 0.5)
    assert (kept.year, kept.unit) == (2011, "yuan")
