"""The card bench judges a claim of one's own as the rule does, and its points say what other evidence would give."""

import pytest

from valuechains.evidence import CONFIDENCE, Terms, judge
from valuechains.evidence.rule import CAUSE
from valuechains.twins import card_bench
from valuechains.twins.card_bench import FOUND, card


@pytest.fixture(scope="module")
def twin():
    return card_bench()


@pytest.mark.parametrize(
    ("settings", "verdict", "confidence"),
    [
        ({"second": ""}, "supported", "medium"),
        ({"second": "", "found": "two"}, "supported", "high"),
        ({"second": "", "found": "press"}, "supported", "low"),
        ({"second": "", "found": "circular"}, "not checkable with open data", "none"),
        ({"second": "", "first": "disagrees", "found": "old"}, "contradicted", "low"),
        ({"second": "whole disagrees"}, "definition-dependent", "medium"),
        ({"second": "part disagrees"}, "partly", "medium"),
        ({"second": "part cannot be tested openly"}, "partly", "medium"),
        ({"second": "whole cannot be tested openly"}, "supported", "medium"),
        ({"second": "", "kind": "cause"}, "not checkable with open data", "none"),
        ({"second": "", "kind": "shown"}, "supported", "medium"),
        ({"second": "part agrees", "kind": "cause", "found_second": "two"}, "partly", "high"),
        ({"second": "whole agrees", "kind": "shown", "found": "two", "found_second": "stake"}, "supported", "high"),
    ],
)
def test_a_claim_gets_what_the_rule_says_in_words(twin, settings, verdict, confidence):
    result = twin.read(**settings).result
    assert (result["verdict"], result["confidence"]) == (verdict, confidence)


def test_the_points_are_the_other_settings(twin):
    for setting in twin.settings_of(["kind", "first", "second"]):
        rows = twin.rows("ladder", setting).set_index("name")
        for name in FOUND:
            result = twin.result({**setting, "found": name})
            assert (rows.verdict[name], CONFIDENCE[::-1][rows.level[name]]) == (result["verdict"], result["confidence"])
        assert rows.mine[rows.mine == "yours"].index.tolist() == [setting["found"]]


def test_a_cause_without_a_comparison_is_judged_as_one(twin):
    of = {"first": "agrees", "found": "two", "second": "", "found_second": "one"}
    mine = card("cause", **of)
    assert mine.judged().code == "N" and judge("cause", mine.until, mine.readings, Terms(design=False)).code == "S"
    assert CAUSE not in mine.judged().line
