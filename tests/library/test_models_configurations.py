"""The configurator: three ways to count agree, and every kind of variety is smaller than the one before."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import WORKED, agrees

from valuechains.models import configurations as cf

PRINTED = WORKED["options"]
TWO = {"body": {"a": 0.5, "b": 0.5}}


def test_worked_counts():
    assert cf.options_needed(1e8) == PRINTED["binary_for_1e8"]
    assert cf.options_needed(1e8, PRINTED["models"]) == 19
    assert cf.options_needed(2e8, PRINTED["models"]) == PRINTED["k_needed_2e8_with200"]
    for k in (18, 19, 20):
        models = {"model": {f"m{i}": 1 / 200 for i in range(PRINTED["models"])}}
        assert cf.theoretical(models | cf.yes_no(k, 0.5)) == PRINTED[f"with200_k{k}"]


def test_worked_example_with_constraints():
    assert cf.theoretical(cf.VAN) == PRINTED["constrained_example"]["unconstrained"]
    assert cf.feasible_by_counting(cf.VAN, cf.VAN_RULES) == PRINTED["constrained_example"]["feasible"]
    assert cf.feasible_by_exclusion(cf.VAN, cf.VAN_RULES) == 24 - 6 - 4 + 1


def test_worked_effective_variety():
    agrees(cf.effective_variety(cf.yes_no(10, 0.1)), PRINTED["eff_variety_10bin_p10"])


def test_worked_builds():
    agrees(cf.expected_distinct(200_000_000, 200_000), PRINTED["expected_distinct"])
    agrees(200_000 / 200_000_000, PRINTED["share_of_K_built"])


def test_a_count_to_do_by_hand():
    assert PRINTED["example"] == cf.theoretical(
        {"model": dict.fromkeys("abcde", 0.2)}
        | cf.yes_no(15, 0.5)
        | {option: dict.fromkeys("abc", 1 / 3) for option in ("engine", "trim")}
    )


@st.composite
def option_lists(draw):
    """Up to five options of up to three levels, with rules on one to three of them."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=5))
    options = {}
    for k, size in enumerate(sizes):
        weights = draw(st.lists(st.floats(0.05, 1), min_size=size, max_size=size))
        options[f"o{k}"] = {f"l{j}": w / sum(weights) for j, w in enumerate(weights)}
    names = st.lists(st.sampled_from(list(options)), min_size=1, max_size=3, unique=True)
    rules = [
        {name: draw(st.sampled_from(list(options[name]))) for name in draw(names)}
        for _ in range(draw(st.integers(0, 4)))
    ]
    return options, rules


@given(option_lists())
def test_counting_and_exclusion_agree(case):
    options, rules = case
    assert cf.feasible_by_counting(options, rules) == cf.feasible_by_exclusion(options, rules)
    assert 0 <= cf.feasible_by_counting(options, rules) <= cf.theoretical(options)


@given(option_lists())
def test_effective_variety_is_that_of_all_that_is_ordered(case):
    """Parts that no rule ties together are counted apart; listing everything must give the same."""
    options, rules = case
    if not cf.feasible_by_counting(options, rules):
        return
    shares = cf._popularity(options, rules)
    shares = shares / shares.sum()
    assert len(shares) == cf.feasible_by_counting(options, rules)
    entropy = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
    assert cf.effective_variety(options, rules) == pytest.approx(math.exp(entropy))


@given(option_lists(), st.integers(0, 10**6))
def test_each_variety_is_smaller_than_the_one_before(case, output):
    options, rules = case
    if not cf.feasible_by_counting(options, rules):
        return
    v = cf.variety(options, rules, output=output)
    assert 1 - 1e-9 <= v.effective <= v.feasible * (1 + 1e-9)
    assert v.feasible <= v.theoretical
    assert 0 <= v.distinct <= min(v.feasible, output) * (1 + 1e-9)


@given(st.integers(1, 10**9), st.integers(0, 10**7))
def test_distinct_builds(variants, output):
    distinct = cf.expected_distinct(variants, output)
    assert 0 <= distinct <= min(variants, output) * (1 + 1e-9)
    assert cf.expected_distinct(variants, output + 1) >= distinct


def test_equal_shares_make_effective_variety_the_whole():
    assert cf.effective_variety(cf.yes_no(10, 0.5)) == pytest.approx(1024)
    assert cf.effective_variety(cf.yes_no(10, 0.0)) == pytest.approx(1)


def test_a_long_list_with_rules_between_pairs():
    """The widget's list: 200 models, 20 options, ten rules that tie them two by two."""
    options = {"model": {f"m{i}": 1 / 200 for i in range(200)}} | cf.yes_no(20, 0.1)
    rules = [{f"option {k}": "yes", f"option {k + 1}": "yes"} for k in range(1, 20, 2)]
    v = cf.variety(options, rules, output=200_000)
    assert v.theoretical == 209_715_200
    assert v.feasible == 200 * 3**10 == cf.feasible_by_exclusion(options, rules)
    assert v.distinct < v.feasible
    assert v.effective < cf.effective_variety(options)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: cf.yes_no(3, 1.1), "take rate must be a number from 0 to 1, not 1.1"),
        (lambda: cf.effective_variety({"roof": {"low": 0.7, "high": 0.7}}), "shares of 'roof' must be zero or more"),
        (lambda: cf.feasible_by_counting(cf.VAN, [{"roof": "glass"}]), "names 'roof' 'glass', not among the options"),
        (lambda: cf.feasible_by_counting(cf.VAN, [{}]), "A rule without levels forbids everything"),
        (lambda: cf.variety(TWO, [{"body": "a"}, {"body": "b"}], output=1), "forbid every combination: drop one"),
        (lambda: cf.effective_variety(TWO, [{"body": "a"}, {"body": "b"}]), "Nobody orders a combination"),
        (lambda: cf._popularity(cf.yes_no(21, 0.5), ()), "2,097,152 combinations are too many to list"),
        (lambda: cf.feasible_by_exclusion(TWO, [{"body": "a"}] * 17), "up to 16 rules, not 17: count instead"),
        (lambda: cf.expected_distinct(0, 10), "number of variants must be a whole number of 1 or more, not 0"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
