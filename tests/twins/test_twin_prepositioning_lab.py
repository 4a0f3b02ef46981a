"""The pre-positioning lab gives the worked numbers of pooling, forecast value and break-even."""

import pytest
from worked import WORKED

from valuechains.twins import prepositioning_lab


@pytest.fixture(scope="module")
def twin():
    return prepositioning_lab()


def test_it_starts_at_the_worked_example(twin):
    result, printed = twin.read().result, WORKED["preposition_breakeven"]
    assert result["local_cost"] == pytest.approx(printed["decentral"], abs=5e-5)
    assert result["central_cost"] == pytest.approx(printed["pooled"], abs=5e-5)
    assert result["break_even"] == pytest.approx(printed["t_breakeven"], abs=5e-7)
    pooled = WORKED["pooling"]["res"]["0"]
    assert result["local_safety"] == pytest.approx(pooled["safety_decentral"], abs=5e-5)
    assert result["central_safety"] == pytest.approx(pooled["safety_pool"], abs=5e-5)
    assert result["better"] == "central"


def test_a_forecast_that_explains_three_quarters_halves_costs_and_threshold(twin):
    blind, told = twin.read().result, twin.read(r_squared=0.75).result
    for name in ("local_cost", "central_cost", "local_safety", "central_safety", "break_even"):
        assert told[name] == pytest.approx(blind[name] / 2)
    assert told["better"] == "local", "at a value of 0.3, above the halved threshold of 0.21"


def test_regions_that_move_as_one_gain_nothing_from_pooling(twin):
    result = twin.read(correlation=1).result
    assert result["central_safety"] == pytest.approx(result["local_safety"])
    assert result["break_even"] == pytest.approx(0, abs=1e-9)
