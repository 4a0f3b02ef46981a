"""Stored numbers are a function of what is computed and not of its last bits."""

import json

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuechains import figures, settled
from valuechains.checks import seals

SAID = {"finding": "Services grow", "measure": "Share", "unit": "%", "source": "a source of data"}


def neighbours(value: float) -> list[float]:
    """The number and those whose last bits differ, as another processor would have it."""
    return [value * (1 + part * 2**-52) for part in range(-40, 41)]


@pytest.mark.parametrize(
    "value, stored",
    [
        (0.123456785, 0.12345679),  # on a tie
        (-0.123456785, -0.12345679),
        (0.1 + 0.2, 0.3),
        (28.75, 28.75),
        (0.99999999999999989, 1.0),
        (1e5 / 3, 33333.333),
        (2.0**30, 2.0**30),  # a count: all its digits are written on the page
        (242489331627.0, 242489331627.0),
        (6.02214076e23, 6.0221408e23),
        (1.23456789e-30, 1.2345679e-30),
    ],
)
def test_numbers_that_differ_in_their_last_bits_are_stored_alike(value, stored):
    assert {settled.number(one) for one in neighbours(value)} == {stored}
    assert repr(stored) == repr(settled.number(value))


def test_what_is_left_of_a_difference_of_equals_is_nothing():
    assert settled.array([0.25, 1e-17]).tolist() == settled.array([0.25, -3e-17]).tolist() == [0.25, 0]
    assert settled.array([1e6, 2e-10, 0.5]).tolist() == [1e6, 0, 0.5]
    assert json.dumps(settled.array([-0.0, -1e-20, 1.0]).tolist()) == "[0.0, 0.0, 1.0]"


def test_what_is_no_number_stays():
    kept = settled.array([np.nan, np.inf, -np.inf, 0.5])
    assert np.isnan(kept[0]) and kept[1:].tolist() == [np.inf, -np.inf, 0.5]
    assert settled.array([]).tolist() == [] and settled.number("0.1234567891") == "0.1234567891"
    assert settled.number(True) is True and settled.number(123456789012) == 123456789012
    rows = settled.records([{"a": 0.1 + 0.2, "b": "x"}, {"a": None, "b": 1}])
    assert rows == [{"a": 0.3, "b": "x"}, {"a": None, "b": 1}]


@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=20))
def test_rounding_is_near_and_happens_once(values):
    once = settled.array(values)
    size = np.abs(values).max()
    assert (np.abs(once - values) <= 0.51e-7 * np.abs(values) + 1e-12 * size).all()
    np.testing.assert_array_equal(settled.array(once), once)


@pytest.mark.parametrize(
    "value, decimals, stored", [(0.125, 2, 0.13), (1.005, 2, 1.01), (-2.5, 0, -3), (12.499, 0, 12)]
)
def test_halves_go_up_at_every_number_of_decimals(value, decimals, stored):
    assert {settled.number(one, decimals) for one in neighbours(value)} == {stored}


@given(st.floats(-1e300, 1e300) | st.sampled_from([np.nan, np.inf, -np.inf]), st.sampled_from([None, 0, 1, 3, 6]))
def test_one_number_is_rounded_as_an_array_is(value, decimals):
    together = settled.array([value]) if decimals is None else settled.fixed([value], decimals)
    assert repr(settled.number(value, decimals)) == repr(together[0].item())


@pytest.mark.parametrize("value", [1e11, 123456789012.0, 1e13, 1e305])
def test_what_is_larger_than_its_decimals_reach_keeps_its_digits(value):
    assert settled.number(value, 3) == settled.number(value)


def test_a_figure_does_not_hang_on_last_bits():
    def spec(noise: float) -> dict:
        data = pd.DataFrame({"who": ["a", "b", "c"], "share": [0.1 * (1 + noise), 0.123456785 * (1 + noise), noise]})
        bars = alt.Chart(data).mark_bar().encode(x=alt.X("share:Q").scale(domain=[0, 0.3 * (1 + noise)]), y="who:N")
        return figures.publish(
            bars + alt.Chart(data.head(2)).mark_text().encode(text="share:Q", y="who:N"), **SAID
        ).spec

    first, second = spec(2e-16), spec(-7e-16)
    assert first == second and len(first["datasets"]) == 2
    names = json.dumps({**first, "datasets": {}})
    assert all(f'"{name}"' in names for name in first["datasets"])


@pytest.mark.parametrize("value", [0.25, 0.1234565, -0.25, 0.0, 1234.5])
def test_a_seal_does_not_hang_on_last_bits(value):
    made = [seals.seal_numbers(np.array([one]), 5e-4, "salt") for one in [*neighbours(value), value + 1e-16]]
    assert all(one == made[0] for one in made)
    assert seals.opens_numbers(made[0], np.array([value + 4.9e-4]), "salt")
    assert not seals.opens_numbers(made[0], np.array([value + 5.1e-4]), "salt")
