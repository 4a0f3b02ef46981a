"""The verdict bench says what the rule says, and on the module's terms what the cards say."""

import pytest

from valuechains import evidence
from valuechains.evidence import Terms
from valuechains.twins import verdict_bench
from valuechains.twins.verdict_bench import AGES, DESIGN, READINGS, STAKE, graded, terms


@pytest.fixture(scope="module")
def twin():
    return verdict_bench()


def test_it_starts_on_the_modules_terms():
    assert terms(*(next(iter(options)) for options in (STAKE, AGES, DESIGN, READINGS))) == Terms()


@pytest.mark.parametrize("claim", graded())
def test_on_the_modules_terms_it_says_what_the_card_says(twin, claim):
    result, entry = twin.read(claim=claim).result, evidence.claim(claim)
    assert result["case"] == ("moved" if entry.departs else "same")
    assert entry.departs or (result["verdict"], result["confidence"]) == (entry.verdict, entry.confidence)


def test_every_setting_is_judged_by_the_rule(twin):
    for setting in twin.settings_of(list(twin.controls)):
        claim, *accepted = setting.values()
        found, shown = evidence.claim(claim).judged(terms(*accepted)), twin.result(setting)
        assert (evidence.VERDICTS[found.code], found.confidence) == (shown["verdict"], shown["confidence"])
        rows = twin.rows("readings", setting, shown)
        assert len(rows) and ((rows["sources"] == 0) == (rows["result"] == "cannot be tested openly")).all()


def test_the_finding_counts_what_moves(twin):
    moved = {
        setting["claim"]
        for setting in twin.settings_of(list(twin.controls))
        if twin.result(setting)["verdict"] != twin.result({"claim": setting["claim"]})["verdict"]
    }
    assert twin.finding == f"What a judge accepts as evidence moves {len(moved)} of {len(graded())} verdicts"
    assert moved, "a bench that moves nothing teaches nothing"


def test_every_claim_of_fact_is_on_it():
    assert set(graded()) == {claim.id for claim in evidence.claims() if claim.verdict_code != "O"}
