"""Level against contribution to growth, on the two releases of 2025."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from worked import EXTRA, WORKED, agrees

from valuechains.models.growth import contribution, level_of_part

KNOWLEDGE = {"Q1": 436.34, "H1": 865.04}  # bn yuan, as stated; the total follows from the published share
GROWTH = {"Q1": (0.122, 0.021), "H1": (0.15, 0.078)}


@pytest.mark.parametrize("period", KNOWLEDGE)
def test_worked_numbers(period):
    total_growth, part_growth = GROWTH[period]
    total = KNOWLEDGE[period] / WORKED[f"BOP_{period}_2025"]["KI_share_X"]
    result = contribution(total, total_growth, KNOWLEDGE[period], part_growth)
    printed = EXTRA[f"KI_contrib_{period}_2025"]
    fields = {
        "total_before": "X0",
        "part_before": "K0",
        "total_change": "dX",
        "part_change": "dK",
        "contribution_share": "contribution_share",
        "share_before": "share_before",
        "share_after": "share_after",
    }
    for field, name in fields.items():
        agrees(getattr(result, field), printed[name])


amounts = st.floats(1, 1e6)


@given(amounts, amounts, amounts, amounts)
def test_part_and_rest_contribute_the_whole(part_then, rest_then, part_now, rest_now):
    then, now = part_then + rest_then, part_now + rest_now
    assume(abs(now / then - 1) > 1e-3)
    one, two = (
        contribution(now, now / then - 1, new, new / old - 1)
        for old, new in ((part_then, part_now), (rest_then, rest_now))
    )
    assert one.contribution_share + two.contribution_share == pytest.approx(1, abs=1e-6)
    assert one.points + two.points == pytest.approx(now / then - 1, abs=1e-9)
    assert one.share_before + two.share_before == pytest.approx(1)
    assert one.part_before == pytest.approx(part_then)


@given(st.floats(1, 1e6), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_part_that_grows_with_the_total_contributes_its_share(total, growth, share):
    result = contribution(total, growth, share * total, growth)
    assert result.contribution_share == pytest.approx(share)
    assert result.share_before == pytest.approx(result.share_after)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ((100, 0.1, 120, 0.1), r"part \(120\) is larger than the total \(100\) now: check the figures"),
        ((100, 1.0, 60, 0.0), r"part \(60\) is larger than the total \(50\) before"),
        ((100, 0.0, 50, 0.1), "The total did not change"),
        ((100, -1.0, 50, 0.1), "growth rate must be a number above -1"),
        ((0, 0.1, 0, 0.1), "total must be a number above 0"),
    ],
)
def test_bad_input(case, says):
    with pytest.raises(ValueError, match=says):
        contribution(*case)


def test_the_level_of_a_part_follows_from_three_rates():
    # 40 and 60 become 60 (+50%) and 66 (+10%): 100 becomes 126 (+26%)
    assert level_of_part(126, 0.26, 0.5, 0.1) == pytest.approx(60)
    assert level_of_part(126, 0.26, 0.1, 0.5) == pytest.approx(66)


@given(amounts, amounts, amounts, amounts)
def test_the_level_of_a_part_is_found_again(part_then, rest_then, part_now, rest_now):
    rates = part_now / part_then - 1, rest_now / rest_then - 1
    assume(abs(rates[0] - rates[1]) > 1e-3)
    then, now = part_then + rest_then, part_now + rest_now
    growth = min(max(now / then - 1, min(rates)), max(rates))
    assert level_of_part(now, growth, *rates) == pytest.approx(part_now, rel=1e-6, abs=1e-6 * now)


@pytest.mark.parametrize("growth, part, rest", [(0.3, 0.2, 0.1), (0.1, 0.1, 0.1)])
def test_rates_that_fix_no_level_are_refused(growth, part, rest):
    with pytest.raises(ValueError, match="is not between"):
        level_of_part(100, growth, part, rest)
