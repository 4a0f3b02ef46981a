"""Intervals, forecast scores and exchange rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import EXTRA, WORKED, agrees

from valuechains.models.judgement import brier, convert, rate_needed, wilson

probabilities = st.floats(0, 1)


def test_worked_interval():
    result = wilson(0.81, 113)
    agrees([result.low, result.high], EXTRA["wilson_81_of_113"])


def test_the_whole_answers_behind_the_percentage():
    """81% may be 91 or 92 of 113; the worked interval takes 0.81 itself, which no whole number of answers gives."""
    assert round(91 / 113, 2) == round(92 / 113, 2) == 0.81
    assert wilson(91 / 113, 113).low == pytest.approx(0.7228, abs=5e-5)
    assert wilson(92 / 113, 113).low == pytest.approx(0.7325, abs=5e-5)


@given(probabilities, st.integers(1, 10**6))
def test_the_interval_holds_the_share_and_stays_a_share(share, n):
    result = wilson(share, n)
    assert 0 <= result.low <= share + 1e-12 and share - 1e-12 <= result.high <= 1


@given(probabilities, st.integers(1, 10**5))
def test_more_answers_or_less_confidence_narrow_it(share, n):
    def width(*case):
        return wilson(*case).high - wilson(*case).low

    assert width(share, 4 * n) < width(share, n)
    assert width(share, n, 0.8) < width(share, n)


def test_brier_by_hand():
    assert brier([1, 0], [1, 0]) == 0
    assert brier([0.5, 0.5], [True, False]) == 0.25
    assert brier([0.9, 0.2, 0.6], [1, 0, 0]) == pytest.approx((0.01 + 0.04 + 0.36) / 3)


@given(st.lists(st.tuples(probabilities, st.booleans()), min_size=1))
def test_brier_bounds_and_symmetry(pairs):
    p, o = zip(*pairs, strict=True)
    score = brier(p, o)
    assert 0 <= score <= 1
    assert brier([1 - one for one in p], [not one for one in o]) == pytest.approx(score)


@pytest.mark.parametrize(
    ("yuan", "rate", "usd"),
    [
        (WORKED["JanApr2025"]["implied_yuan"], 7.10, WORKED["JanApr2025"]["usd_at_7_10"]),
        (WORKED["JanApr2025"]["implied_yuan"], 7.18, WORKED["JanApr2025"]["usd_at_7_18"]),
        (WORKED["JanApr2025"]["implied_yuan"], 7.25, WORKED["JanApr2025"]["usd_at_7_25"]),
        (EXTRA["services_deficit_2024"]["MOFCOM_bn_yuan"], 7.12, EXTRA["services_deficit_2024"]["MOFCOM_usd_at_7_12"]),
        (4400, 7.17, WORKED["bonds"]["usd_4_4"]),
        (5700, 7.17, WORKED["bonds"]["usd_5_7_at_7_17"]),
        (6200, 7.17, WORKED["bonds"]["usd_6_2"]),
    ],
)
def test_worked_conversions(yuan, rate, usd):
    agrees(convert(yuan, [rate])[rate], usd)


def test_worked_rates():
    agrees(rate_needed(WORKED["JanApr2025"]["implied_yuan"], 160), WORKED["JanApr2025"]["rate_needed_for_160"])
    fdi = WORKED["FDI_services"]
    assert sum(fdi["yuan"]) == pytest.approx(fdi["sum"])
    agrees(rate_needed(fdi["sum"], 300), fdi["rate_needed_for_300"])


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_the_rate_needed_gives_the_claim(amount, claimed):
    rate = rate_needed(amount, claimed)
    assert convert(amount, [rate])[rate] == pytest.approx(claimed)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: wilson(81, 113), "share must be a number from 0 to 1, not 81"),
        (lambda: wilson(0.81, 0), "sample size must be a whole number of 1 or more, not 0"),
        (lambda: brier([0.5], [1, 0]), "there are 1 forecasts and 2 outcomes"),
        (lambda: brier([], []), "there are 0 forecasts and 0 outcomes"),
        (lambda: brier([1.5], [1]), "probability from 0 to 1, not 1.5"),
        (lambda: brier([0.5], [0.5]), "resolve the others first"),
        (lambda: convert(100, [7.1, 0]), "exchange rate must be a number above 0, not 0"),
        (lambda: rate_needed(100, 0), "claimed figure must be a number above 0, not 0"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
