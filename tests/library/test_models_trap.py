"""The trap tester: four definitions of a trap on made-up series, and the projection of the widget."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from worked import EXTRA, agrees

from valuechains.models import trap

BAND = {"low": 0.1, "high": 0.5}


def test_worked_number():
    agrees(trap.years_to(0.25, 0.5, 0.045, 0.02), EXTRA["years_25_to_50pct_of_US"])


def test_years_to_is_zero_when_there_and_missing_when_never():
    assert trap.years_to(0.6, 0.5, -0.01) == 0
    assert math.isnan(trap.years_to(0.25, 0.5, 0.02, 0.02))
    assert math.isnan(trap.years_to(0.25, 0.5, 0.01, 0.02))


@given(st.floats(0.01, 1), st.floats(1.01, 100), st.floats(0.021, 0.2), st.floats(-0.05, 0.02))
def test_the_path_is_at_the_target_after_those_years(level, times, growth, target_growth):
    years = trap.years_to(level, level * times, growth, target_growth)
    assert level * (1 + growth) ** years == pytest.approx(level * times * (1 + target_growth) ** years, rel=1e-6)


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        ([0.2, 0.3, 0.51], "escaped"),
        ([0.05, 0.3, 0.6], "escaped"),
        ([0.2, 0.6, 0.4], "undetermined"),  # it was above and fell back
        ([0.1, 0.3, 0.5], "trapped"),
        ([0.05, 0.2, 0.3], "undetermined"),
        ([0.2, 0.1, 0.05], "undetermined"),
    ],
)
def test_band(levels, verdict):
    assert trap.band(levels, **BAND) == verdict


def test_a_line_may_move_with_the_years():
    """The high-income line of 2024 lies below that of 2023: standing still can be enough."""
    years = sorted(trap.HIGH_INCOME_LINE)
    lines = {"low": [trap.LOW_INCOME_LINE[y] for y in years], "high": [trap.HIGH_INCOME_LINE[y] for y in years]}
    assert trap.band([12_000, 12_500, 13_000, 13_500, 13_940, 13_940], **lines) == "escaped"
    assert trap.band([12_000, 12_500, 13_000, 13_500, 13_940], low=1145, high=14_005) == "trapped"
    assert trap.band([13_000] * len(years), **lines) == "undetermined", "it was above the line and fell back"


@pytest.mark.parametrize(
    ("incomes", "verdict"),
    [
        ([5_000] * 29, "trapped"),
        ([5_000] * 28, "undetermined"),
        ([8_000] * 15, "trapped"),
        ([8_000] * 14, "undetermined"),
        ([8_000] * 10 + [1_500] + [8_000] * 10, "undetermined"),  # the last stay counts
        ([5_000] * 20 + [8_000] * 10, "undetermined"),  # each band has a clock of its own
        ([5_000] * 40 + [11_750], "escaped"),
        ([12_000] * 20 + [11_749], "undetermined"),
        ([1_999] * 40, "undetermined"),
    ],
)
def test_long_stay_counts_the_last_run_in_one_band(incomes, verdict):
    assert trap.long_stay(incomes) == verdict
    assert trap.years_inside([True, False, True, True]) == 2


def test_a_later_study_by_the_same_first_author_waits_longer():
    assert (trap.long_stay([5_000] * 35), trap.long_stay([5_000] * 35, limits=(55, 15))) == ("trapped", "undetermined")


def test_slowdown_needs_fast_growth_a_drop_and_income():
    fast_then_slow = trap.path(8_000, [0.06] * 10 + [0.02] * 10, 20)
    assert trap.slowdown(fast_then_slow) == "trapped"
    assert 10 in trap.slowdowns(fast_then_slow)
    assert trap.slowdown(fast_then_slow / 10) == "undetermined", "below the income floor"
    assert trap.slowdown(trap.path(20_000, [0.034] * 10 + [0.01] * 10, 20)) == "undetermined", "never fast"
    assert trap.slowdown(trap.path(20_000, [0.05] * 10 + [0.031] * 10, 20)) == "escaped", "too small a drop"
    assert trap.slowdown(fast_then_slow[:14]) == "undetermined", "fewer years than two windows"


def test_slowdown_at_the_thresholds_exactly():
    just = trap.path(20_000, [0.035] * 7 + [0.015] * 7, 14)
    assert (trap.slowdown(just), trap.slowdowns(just)) == ("trapped", [7])
    assert trap.slowdowns(trap.path(20_000, [0.035] * 7 + [0.0151] * 7, 14)) == []


@given(st.lists(st.floats(-0.05, 0.12), min_size=15, max_size=40), st.floats(2_000, 60_000))
def test_slowdowns_are_dates_with_both_windows_and_agree_with_the_verdict(rates, start):
    incomes = trap.path(start, rates, len(rates))
    found = trap.slowdowns(incomes)
    assert all(7 <= t < len(incomes) - 7 and incomes[t] > 10_000 for t in found)
    assert (trap.slowdown(incomes) == "trapped") == bool(found)


@given(st.lists(st.floats(0.01, 2), min_size=2, max_size=60), st.floats(0.01, 2))
def test_who_was_ever_above_the_band_is_not_trapped_in_it(levels, last):
    assert trap.band([*levels, 0.6, last], **BAND) != "trapped"


@given(st.floats(0.5, 2), st.lists(st.floats(0.01, 2), min_size=2))
def test_the_unit_of_income_does_not_matter(unit, levels):
    assume(all(abs(level - edge) > 1e-9 for level in levels for edge in BAND.values()))
    assert trap.band(np.array(levels) * unit, low=0.1 * unit, high=0.5 * unit) == trap.band(levels, **BAND)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: trap.band([0.2, None], **BAND), "fill the gaps first"),
        (lambda: trap.band([0.2], **BAND), "at least two incomes"),
        (lambda: trap.band([0.2, 0.3], low=0.5, high=0.1), "low end below its high end, not 0.5 to 0.1"),
        (lambda: trap.path(1, -1.5, 3), "growth rate must be above -1"),
        (lambda: trap.years_to(0, 1, 0.02), "level must be a number above 0, not 0"),
        (lambda: trap.slowdowns([1, 2], window=0), "window must be a whole number of 1 or more, not 0"),
        (lambda: trap.path(1, 0.04, 0), "number of years must be a whole number of 1 or more"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
