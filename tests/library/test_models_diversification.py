"""The diversification bench: exact results against the closed form and against counting by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import WORKED, agrees

from valuechains.models.diversification import losses, risk

fractions = st.floats(0, 1)
supplier_shares = st.lists(st.floats(0.01, 1), min_size=1, max_size=8).map(lambda w: list(np.array(w) / sum(w)))


def test_worked_concentration():
    printed = WORKED["HHI"]
    result = risk([share / 100 for share in printed["shares"]], 0.1, 0.2)
    agrees(result.herfindahl, printed["HHI"])
    agrees(result.effective_number, printed["N_eff"])


def test_two_suppliers_by_hand():
    values, chance = losses([0.6, 0.4], 0.1, 0.0)
    np.testing.assert_allclose(values, [0, 0.4, 0.6, 1])
    np.testing.assert_allclose(chance, [0.81, 0.09, 0.09, 0.01])
    result = risk([0.6, 0.4], 0.1, 0.0, worst=0.05)
    assert result.tail == pytest.approx(0.10)
    assert result.shortfall == pytest.approx((0.01 * 1 + 0.04 * 0.6) / 0.05)


def test_a_shared_fate_by_hand():
    values, chance = losses([0.5, 0.5], 0.1, 0.5)
    np.testing.assert_allclose(values, [0, 0.5, 1])
    np.testing.assert_allclose(chance, [0.5 * 0.81 + 0.5 * 0.9, 0.5 * 0.18, 0.5 * 0.01 + 0.5 * 0.1])


def test_splitting_can_make_some_loss_more_likely():
    """One supplier in ten years against four: losing a quarter of purchases or more."""
    one, four = risk([1.0], 0.1, 0, beyond=0.2), risk([0.25] * 4, 0.1, 0, beyond=0.2)
    assert four.tail > 3 * one.tail
    assert four.variance < one.variance


@given(supplier_shares, fractions, fractions)
def test_probabilities_and_expected_loss(shares, probability, correlation):
    values, chance = losses(shares, probability, correlation)
    assert chance.sum() == pytest.approx(1)
    assert (chance >= -1e-15).all() and (np.diff(values) > 0).all()
    result = risk(shares, probability, correlation)
    assert result.expected_loss == pytest.approx(probability)
    assert 1 / len(shares) - 1e-9 <= result.herfindahl <= 1 + 1e-9


@given(supplier_shares, fractions, fractions)
def test_variance_is_that_of_the_distribution(shares, probability, correlation):
    values, chance = losses(shares, probability, correlation)
    counted = chance @ (values - chance @ values) ** 2
    assert risk(shares, probability, correlation).variance == pytest.approx(counted, abs=1e-9)


@given(supplier_shares, fractions)
def test_a_correlation_of_one_removes_the_gain(shares, probability):
    many, one = (risk(s, probability, 1.0) for s in (shares, [1.0]))
    for field in ("expected_loss", "variance", "tail", "shortfall"):
        assert getattr(many, field) == pytest.approx(getattr(one, field), abs=1e-9)


@given(supplier_shares, fractions, fractions, fractions)
def test_correlation_never_lowers_variance(shares, probability, one, other):
    low, high = (risk(shares, probability, rho) for rho in sorted((one, other)))
    assert low.variance <= high.variance + 1e-12


@given(supplier_shares, fractions, fractions, st.floats(0.01, 1))
def test_the_worst_cases_are_no_better_than_the_mean(shares, probability, correlation, worst):
    result = risk(shares, probability, correlation, worst=worst)
    assert result.expected_loss - 1e-9 <= result.shortfall <= 1 + 1e-9
    assert risk(shares, probability, correlation, worst=1).shortfall == pytest.approx(probability)


@pytest.mark.parametrize(
    ("shares", "probability", "correlation", "says"),
    [
        ([0.5, 0.4], 0.1, 0, "supplier shares must be zero or more and add up to 1; these add up to 0.9"),
        ([1.5, -0.5], 0.1, 0, "zero or more"),
        ([1], 1.1, 0, "failure probability must be a number from 0 to 1, not 1.1"),
        ([1], 0.1, -0.2, "correlation must be a number from 0 to 1, not -0.2"),
        ([0.05] * 20, 0.1, 0, "up to 16 suppliers, not 20: merge"),
    ],
)
def test_bad_input(shares, probability, correlation, says):
    with pytest.raises(ValueError, match=says):
        risk(shares, probability, correlation)
