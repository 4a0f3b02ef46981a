"""What would it take? The path of a balance and the growth that closes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import EXTRA, WORKED, agrees

from valuechains.models.scenario import required_growth, scenario

BOP = WORKED["BOP_H1_2025"]
KNOWLEDGE = 865.04  # H1 2025, bn yuan (MOFCOM); the total and imports follow from the share and the balance
TOTAL = KNOWLEDGE / BOP["KI_share_X"]
CHINA = {"knowledge-intensive": 2 * KNOWLEDGE, "other": 2 * (TOTAL - KNOWLEDGE)}  # annualised
IMPORTS = 2 * (TOTAL - BOP["balance"])
FIVE = {"growth": {"other": 0.05}, "imports_growth": 0.05, "years": 5}


def test_worked_number():
    needed = required_growth(CHINA, IMPORTS, "knowledge-intensive", **FIVE)
    agrees(needed, EXTRA["required_KI_growth_2025_2030"])


def test_the_start_is_the_annualised_half_year():
    today = scenario(CHINA, IMPORTS, growth={"knowledge-intensive": 0.078, "other": 0.05}, imports_growth=0.05, years=5)
    assert today.balance[0] == pytest.approx(2 * BOP["balance"])
    assert today.balance[-1] < 0, "at the growth observed the deficit stays"


def test_required_growth_does_not_depend_on_annualising():
    half = {group: amount / 2 for group, amount in CHINA.items()}
    one, other = (
        required_growth(exports, imports, "knowledge-intensive", **FIVE)
        for exports, imports in ((CHINA, IMPORTS), (half, IMPORTS / 2))
    )
    assert one == pytest.approx(other)


groups = st.dictionaries(st.sampled_from(["transport", "travel", "finance", "other"]), st.floats(1, 1000), min_size=1)
rates = st.floats(-0.1, 0.2)


@given(groups, st.floats(1, 5000), rates, rates, st.integers(1, 20))
def test_required_growth_closes_the_balance(exports, imports, rate, imports_growth, years):
    lever = next(iter(exports))
    given_rates = dict.fromkeys(exports, rate)
    needed = required_growth(exports, imports, lever, growth=given_rates, imports_growth=imports_growth, years=years)
    assert needed >= -1
    if needed > -1:
        rates_then = given_rates | {lever: needed}
        path = scenario(exports, imports, growth=rates_then, imports_growth=imports_growth, years=years)
        assert path.balance[-1] == pytest.approx(0, abs=1e-6 * path.imports[-1])
    else:
        rest = sum(amount * (1 + rate) ** years for group, amount in exports.items() if group != lever)
        assert rest >= imports * (1 + imports_growth) ** years * (1 - 1e-9)


@given(groups, st.floats(1, 5000), rates, st.integers(1, 20))
def test_equal_growth_keeps_the_ratio(exports, imports, rate, years):
    path = scenario(exports, imports, growth=dict.fromkeys(exports, rate), imports_growth=rate, years=years)
    assert len(path.balance) == years + 1
    assert path.exports / path.imports == pytest.approx(sum(exports.values()) / imports)


NIL = {"imports_growth": 0, "years": 1}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: required_growth(CHINA, IMPORTS, "travel", **FIVE),
            "no export group 'travel': choose one of knowledge",
        ),
        (lambda: scenario(CHINA, IMPORTS, **FIVE), "'knowledge-intensive' has no growth rate: give one"),
        (lambda: scenario({"all": -1}, 1, growth={"all": 0}, **NIL), "exports of 'all' must be a number of 0 or more"),
        (lambda: scenario({"all": 1}, 1, growth={"all": -2}, **NIL), "growth of 'all' must be a number above -1"),
        (lambda: required_growth({"all": 0}, 1, "all", growth={}, **NIL), "exports of 'all' today must be a number"),
        (lambda: scenario({"all": 1}, 1, growth={"all": 0}, **NIL | {"years": 1.5}), "years must be a whole"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
