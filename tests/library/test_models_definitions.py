"""The definition dial."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import EXTRA, agrees

from valuechains.models.definitions import NBS_2023, NBS_2023_GDP, attribution_needed, digital_economy

PRINTED = EXTRA["NBS_core_2023"]
ALL = tuple(NBS_2023)


def china(counted=ALL, attributed=0.0):
    return digital_economy(NBS_2023, NBS_2023_GDP, counted=counted, attributed=attributed)


def test_the_parts_add_up_to_the_published_core():
    assert list(NBS_2023.values()) == list(PRINTED["parts"].values())
    assert china().core == PRINTED["total"]
    agrees(round(NBS_2023_GDP), PRINTED["gdp_implied"])
    agrees(china().share, PRINTED["share"])


def test_dropping_manufacturing():
    agrees(china([block for block in ALL if block != "manufacturing"]).share, PRINTED["share_ex_manufacturing"])


@pytest.mark.parametrize(("target", "percent"), [(0.415, 35), (0.45, 39)])
def test_attribution_reaches_the_broad_shares(target, percent):
    needed = attribution_needed(NBS_2023, NBS_2023_GDP, counted=ALL, target=target)
    assert round(100 * needed) == percent
    assert china(attributed=needed).share == pytest.approx(target)


def test_the_other_official_narrow_share():
    printed = EXTRA["CAICT_2022"]
    gdp = printed["broad"] / printed["broad_share"]
    narrow = {"industries": printed["narrow"]}
    agrees(digital_economy(narrow, gdp, counted=["industries"]).share, printed["narrow_share"])
    needed = attribution_needed(narrow, gdp, counted=["industries"], target=printed["broad_share"])
    result = digital_economy(narrow, gdp, counted=["industries"], attributed=needed)
    assert result.total == pytest.approx(printed["broad"])


fractions = st.floats(0, 1)
blocks = st.dictionaries(st.sampled_from("abcde"), st.floats(0, 1e6), min_size=1)


@given(blocks, st.floats(1, 1e6), fractions, fractions)
def test_share_is_a_share_and_rises_with_what_is_attributed(blocks, rest, one, other):
    gdp = sum(blocks.values()) + rest
    low, high = (digital_economy(blocks, gdp, counted=blocks, attributed=a) for a in sorted((one, other)))
    assert 0 <= low.share <= high.share <= 1 + 1e-12
    assert low.total == pytest.approx(low.core + low.attributed)


@given(blocks, st.floats(1, 1e6), fractions)
def test_attribution_needed_is_the_inverse(blocks, rest, attributed):
    gdp = sum(blocks.values()) + rest
    target = min(digital_economy(blocks, gdp, counted=blocks, attributed=attributed).share, 1.0)
    needed = attribution_needed(blocks, gdp, counted=blocks, target=target)
    assert needed == pytest.approx(attributed, abs=1e-6 * gdp / rest)


@given(blocks, st.floats(1, 1e6), fractions)
def test_a_block_that_does_not_count_is_one_of_the_others(blocks, rest, attributed):
    gdp = sum(blocks.values()) + rest
    counted = list(blocks)[1:]
    result = digital_economy(blocks, gdp, counted=counted, attributed=attributed)
    assert result.core == pytest.approx(sum(blocks[name] for name in counted))
    assert result.attributed == pytest.approx(attributed * (gdp - result.core))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"attributed": 1.5}, "fraction attributed to other industries must be a number from 0 to 1, not 1.5"),
        ({"counted": ["robots"]}, "no block 'robots': choose from applications, manufacturing"),
        ({"gdp": 1000}, "add up to 127555, more than a GDP of 1000: check the units"),
        ({"gdp": 0}, "GDP must be a number above 0, not 0"),
        ({"blocks": {"applications": -1}}, "'applications' must be a number of 0 or more, not -1"),
    ],
)
def test_bad_input(change, says):
    usual = {"blocks": NBS_2023, "gdp": NBS_2023_GDP, "counted": ["applications"]}
    with pytest.raises(ValueError, match=says):
        digital_economy(**usual | change)


def test_a_target_below_the_core():
    with pytest.raises(ValueError, match="already 9.9% of GDP, above 5.0%: drop a block"):
        attribution_needed(NBS_2023, NBS_2023_GDP, counted=ALL, target=0.05)
