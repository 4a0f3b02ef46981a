"""Difference-in-differences with a confounder whose size is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuechains.models.spillover import adjusted_difference, difference_in_differences, estimate, simulate

TRUTH = {"effect": 2.0, "influence": 1.0, "divergence": 3.0}


def test_the_same_seed_gives_the_same_panel_and_another_does_not():
    one, again, other = simulate(seed=1), simulate(seed=1), simulate(seed=2)
    np.testing.assert_array_equal(one.outcome, again.outcome)
    assert not np.array_equal(one.outcome, other.outcome)


def test_by_hand():
    assert difference_in_differences([5, 3, 1, 2], [True, True, False, False]) == 2.5


def test_the_bias_is_the_confounder_and_is_recovered_on_average():
    found = np.array([estimate(simulate(**TRUTH, seed=seed), **TRUTH) for seed in range(200)]).mean(axis=0)
    naive, adjusted, placebo, bias, expected_bias = found
    assert expected_bias == 3.0
    assert bias == pytest.approx(3.0, abs=0.05)
    assert naive == pytest.approx(5.0, abs=0.05)
    assert adjusted == pytest.approx(2.0, abs=0.05)
    assert placebo == pytest.approx(3.0, abs=0.05), "trends differ before anything happened"


@given(st.floats(-5, 5), st.floats(-2, 2), st.floats(0.5, 5), st.integers(0, 1000))
def test_holding_traffic_equal_recovers_the_effect_exactly_without_noise(effect, influence, divergence, seed):
    panel = simulate(60, effect=effect, influence=influence, divergence=divergence, noise=0, seed=seed)
    found = estimate(panel, effect=effect, influence=influence, divergence=divergence)
    assert found.adjusted == pytest.approx(effect, abs=1e-6)
    assert found.bias == pytest.approx(found.naive - effect)


def test_without_a_confounder_there_is_no_bias_and_no_placebo():
    found = estimate(simulate(2000, divergence=0, seed=3), divergence=0)
    assert found.expected_bias == 0
    assert abs(found.bias) < 0.2 and abs(found.placebo) < 0.2


def test_a_constant_in_the_confounder_changes_nothing():
    panel = simulate(seed=5)
    change, traffic = panel.outcome[:, 2] - panel.outcome[:, 1], panel.traffic[:, 2] - panel.traffic[:, 1]
    one, other = (adjusted_difference(change, panel.treated, traffic + shift) for shift in (0, 7))
    assert one == pytest.approx(other)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: simulate(3), "number of ports must be a whole number of 4 or more, not 3"),
        (lambda: simulate(noise=-1), "noise must be a number of 0 or more, not -1"),
        (lambda: difference_in_differences([1, 2], [True, True]), "needs treated and untreated units"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
