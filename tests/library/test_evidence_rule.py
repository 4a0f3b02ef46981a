"""Verdict and confidence follow from readings and sources: each clause of the rule, and what may not matter."""

import re
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuechains import evidence
from valuechains.evidence import Card, Evidence, Reading, Source, Terms, judge
from valuechains.evidence.rule import AGREES, CAUSE, CONFIDENCE, DISAGREES, RESULTS, UNTESTABLE


def source(publisher, kind="official statistics", **fields):
    return Source(publisher.lower(), publisher, "Title", "2025", kind, "https://example.org", **fields)


OFFICE, BANK = source("Office"), source("Bank", "international organisation")
FIRM = source("Firm", "company", interest="a firm on itself")
PAPER, PRESS = source("Authors", "working paper"), source("Daily", "press")
HEARD = source("Ministry", read_as="report")


def says(result, *found, part="the claim", design=""):
    found = found or ((Evidence(OFFICE, 2025),) if result != UNTESTABLE else ())
    return Reading("so", result, found, part, design=design)


YES, NO, OPEN = says(AGREES), says(DISAGREES), says(UNTESTABLE)


def part(name, reading):
    return says(reading.result, part=name)


# --- the verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "readings, code",
    [
        ([YES], "S"), ([YES, YES], "S"), ([YES, OPEN], "S"), ([NO], "C"), ([NO, NO, OPEN], "C"), ([YES, NO], "D"),
        ([YES, NO, OPEN], "D"), ([OPEN], "N"), ([OPEN, OPEN], "N"),
        ([part("a", YES), part("b", NO)], "P"), ([part("a", YES), part("b", OPEN)], "P"),
        ([part("a", YES), part("b", YES)], "S"), ([part("a", NO), part("b", NO)], "C"),
        ([part("a", NO), part("b", OPEN)], "C"), ([part("a", OPEN), part("b", OPEN)], "N"),
        ([part("a", YES), part("a", NO), part("b", OPEN)], "D"), ([part("a", YES), part("a", NO), part("b", YES)], "P"),
    ],
)  # fmt: skip
def test_the_verdict_follows_from_the_results(readings, code):
    assert judge("level", 2025, readings).code == code


@pytest.mark.parametrize(
    "fact, cause, design, code",
    [
        (AGREES, AGREES, "", "P"),
        (AGREES, AGREES, "a comparison group", "S"),
        (AGREES, UNTESTABLE, "", "P"),
        (AGREES, DISAGREES, "", "P"),
        (DISAGREES, DISAGREES, "", "C"),
        (UNTESTABLE, AGREES, "", "N"),
    ],
)
def test_a_cause_is_supported_only_by_a_design_that_could_have_shown_the_opposite(fact, cause, design, code):
    readings = [says(fact, part="the fact"), says(cause, part=CAUSE, design=design)]
    assert judge("cause", 2025, readings).code == code


def test_a_claim_of_cause_told_in_one_piece_is_a_cause():
    assert judge("cause", 2025, [YES]).code == "N"
    assert judge("cause", 2025, [says(AGREES, design="an experiment")]).code == "S"


@pytest.mark.parametrize("kind", ["forecast", "prescription"])
def test_a_forecast_and_advice_are_not_graded(kind):
    found = judge(kind, 2025, [])
    assert (found.code, found.confidence) == ("O", "none") and "not graded" in found.line


def test_a_reading_without_evidence_cannot_be_tested():
    assert judge("level", 2025, [Reading("so", AGREES)]).code == "N"


def test_what_repeats_the_claim_is_no_evidence():
    again = Evidence(OFFICE, 2025, circular="computed from the article's own rate")
    assert judge("level", 2025, [says(AGREES, again)]).code == "N"


# --- confidence ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found, level, why",
    [
        ([Evidence(OFFICE, 2025), Evidence(BANK, 2025)], "high", "Bank (2025) does so independently"),
        ([Evidence(OFFICE, 2025), Evidence(PAPER, 2026)], "high", "Authors"),
        ([Evidence(OFFICE, 2025)], "medium", "no second, independent source"),
        ([Evidence(OFFICE, 2025), Evidence(OFFICE, 2025)], "medium", "no second"),
        ([Evidence(OFFICE, 2025), Evidence(FIRM, 2025)], "medium", "no second"),
        ([Evidence(OFFICE, 2025), Evidence(PRESS, 2025)], "medium", "no second"),
        ([Evidence(OFFICE, 2025), Evidence(BANK, 2024)], "medium", "no second"),
        ([Evidence(OFFICE, 2024), Evidence(BANK, 2024)], "medium", "of 2024, 1 year before"),
        ([Evidence(OFFICE, 2020)], "medium", "of 2020, 5 years before"),
        ([Evidence(OFFICE, 2019)], "low", "of 2019, 6 years before"),
        ([Evidence(FIRM, 2025)], "low", "interested party: a firm on itself"),
        ([Evidence(FIRM, 2025), Evidence(FIRM, 2025)], "low", "interested"),
        ([Evidence(PRESS, 2025)], "low", "press"),
        ([Evidence(HEARD, 2025)], "low", "press reports"),
        ([Evidence(PAPER, 2025)], "low", "No official or peer-reviewed source"),
        ([Evidence(OFFICE, 2025, own=False)], "low", "a stand-in"),
        ([Evidence(OFFICE, 2025, assumes="the shares stayed")], "low", "without a test, that the shares stayed"),
    ],
)  # fmt: skip
def test_confidence_follows_from_the_evidence(found, level, why):
    judged = judge("level", 2025, [says(AGREES, *found)])
    assert judged.confidence == level and why in judged.why


def test_the_age_of_weak_evidence_counts_against_it_only_beyond_five_years():
    five, six = (judge("level", 2025, [says(AGREES, Evidence(PAPER, year))]).why for year in (2020, 2019))
    assert five.startswith("No official") and six.startswith(
        "The newest evidence is of 2019, 6 years before the claim. No"
    )


def test_what_repeats_the_claim_is_no_second_source():
    again = Evidence(BANK, 2025, circular="computed from the article's own rate")
    assert judge("level", 2025, [says(AGREES, Evidence(OFFICE, 2025), again)]).confidence == "medium"


def test_what_is_older_than_five_years_never_carries_high():
    for years in range(6, 30):
        old = [Evidence(OFFICE, 2025 - years), Evidence(BANK, 2025 - years)]
        assert judge("level", 2025, [says(AGREES, *old)]).confidence == "low"


def test_each_side_of_a_difference_and_each_part_needs_evidence_of_its_own():
    strong, weak = (Evidence(OFFICE, 2025), Evidence(BANK, 2025)), (Evidence(PRESS, 2025),)
    assert judge("level", 2025, [says(AGREES, *strong), says(DISAGREES, *weak)]).confidence == "low"
    assert judge("level", 2025, [says(AGREES, *strong, part="a"), says(AGREES, *weak, part="b")]).confidence == "low"
    assert judge("level", 2025, [says(AGREES, *strong), says(AGREES, *weak)]).confidence == "high"


def test_without_a_finding_there_is_no_confidence():
    assert judge("level", 2025, [OPEN]).confidence == "none"


# --- other terms -----------------------------------------------------------------------------------------------------


def test_who_accepts_less_gets_another_verdict_by_the_same_rule():
    readings = [says(AGREES, Evidence(FIRM, 2025)), says(DISAGREES, Evidence(OFFICE, 2011))]
    given_up = {
        Terms(): "D",
        Terms(interested=False): "C",
        Terms(oldest=5): "S",
        Terms(interested=False, oldest=5): "N",
        Terms(all_readings=False): "S",
    }
    assert {terms: judge("level", 2025, readings, terms).code for terms in given_up} == given_up
    five_years = [says(AGREES, Evidence(OFFICE, 2020))]
    assert [judge("level", 2025, five_years, Terms(oldest=most)).code for most in (5, 4)] == ["S", "N"]
    cause = [says(AGREES, part="the fact"), says(AGREES, part=CAUSE)]
    assert [judge("cause", 2025, cause, Terms(design=need)).code for need in (True, False)] == ["P", "S"]


def test_a_source_and_a_reading_can_be_left_out_by_name():
    readings = [
        Reading("in dollars", AGREES, (Evidence(FIRM, 2025), Evidence(OFFICE, 2025))),
        Reading("in volumes", DISAGREES, (Evidence(OFFICE, 2025),)),
    ]
    without = {
        Terms(): "D",
        Terms(without_sources=frozenset({"office"})): "S",
        Terms(without_sources=frozenset({"office", "firm"})): "N",
        Terms(without_readings=frozenset({"in dollars"})): "C",
        Terms(without_readings=frozenset({"in dollars"}), all_readings=False): "C",
    }
    assert {terms: judge("level", 2025, readings, terms).code for terms in without} == without
    with pytest.raises(ValueError, match="needs at least one reading"):
        judge("level", 2025, readings[:1], Terms(without_readings=frozenset({"in dollars"})))


def test_what_is_not_accepted_is_not_called_untestable():
    readings = [says(AGREES, Evidence(FIRM, 2025), part="a"), says(DISAGREES, part="b"), says(UNTESTABLE, part="c")]
    line = judge("level", 2025, readings, Terms(interested=False)).line
    told = "A (so): no accepted evidence; b (so): disagrees; c (so): cannot be tested openly"
    assert line == f"{told}. No part that can be tested agrees."
    line = judge("level", 2025, readings[::2], Terms(interested=False)).line
    assert line == "No reading of it can be tested with the evidence that is accepted."
    assert judge("level", 2025, readings[2:]).line == "No reading of it can be tested with open data."


# --- what may not matter ---------------------------------------------------------------------------------------------

EVIDENCE = st.builds(
    Evidence,
    st.sampled_from([OFFICE, BANK, FIRM, PAPER, PRESS, HEARD]),
    st.integers(2005, 2026),
    own=st.booleans(),
    assumes=st.sampled_from(["", "it stayed"]),
    circular=st.sampled_from(["", "", "the article's"]),
)
READINGS = st.lists(
    st.builds(
        Reading,
        st.just("so"),
        st.sampled_from(RESULTS),
        st.lists(EVIDENCE, max_size=3).map(tuple),
        st.sampled_from(["the claim", "the fact", CAUSE]),
        design=st.sampled_from(["", "an experiment"]),
    ),
    min_size=1,
    max_size=4,
)
FACTS = st.sampled_from(["level", "growth rate", "share", "rank", "cause"])


@given(FACTS, READINGS)
def test_the_order_of_readings_decides_nothing(kind, readings):
    found = {judge(kind, 2025, order)[:2] for order in permutations(readings)}
    assert len(found) == 1


@given(FACTS, READINGS)
def test_a_judgement_is_whole(kind, readings):
    found = judge(kind, 2025, readings)
    assert found.code in "SPCDN" and found.confidence in CONFIDENCE and found.line.endswith(".")
    assert (found.confidence == "none") == (found.code == "N")
    each, because, _ = found.line.rpartition(found.because)
    assert because and (not each or each.endswith(". ")) and (bool(each) or found.code not in "DP")


@given(FACTS, READINGS, st.integers(0, 3))
def test_more_and_better_evidence_for_a_testable_reading_never_lowers_confidence(kind, readings, place):
    before = judge(kind, 2025, readings)
    better = list(readings)
    one = better[place % len(better)]
    if one.result == UNTESTABLE or not any(not found.circular for found in one.evidence):
        return
    more = (*one.evidence, Evidence(OFFICE, 2025), Evidence(BANK, 2025))
    better[place % len(better)] = Reading(one.reads, one.result, more, one.part, design=one.design)
    after = judge(kind, 2025, better)
    assert after.code == before.code
    assert CONFIDENCE.index(after.confidence) <= CONFIDENCE.index(before.confidence)


def test_an_unknown_result_and_a_claim_without_a_reading_are_refused():
    with pytest.raises(ValueError, match="A reading's result is one of agrees"):
        judge("level", 2025, [Reading("so", "true")])
    with pytest.raises(ValueError, match="needs at least one reading"):
        judge("level", 2025, [])


# --- the ledger keeps it ---------------------------------------------------------------------------------------------

JUDGED = evidence.claims()


@pytest.mark.parametrize("claim", JUDGED, ids=lambda claim: claim.id)
def test_a_card_says_what_the_rule_gives_or_why_not(claim):
    by_rule = claim.judged()
    if claim.departs:
        assert (claim.verdict_code, claim.confidence) == (claim.departs.verdict_code, claim.departs.confidence)
        assert len(claim.departs.why) > 40
    else:
        assert (claim.verdict_code, claim.confidence) == (by_rule.code, by_rule.confidence)
    assert (claim.line, claim.why_confidence) == (by_rule.line, by_rule.why)


def structure(claim):
    """What of a claim the rule looks at for its verdict."""
    cause = claim.kind == "cause"
    return (
        claim.verdict_code == "O",
        frozenset((cause or one.part == CAUSE, one.part, one.result, bool(one.design)) for one in claim.readings),
    )


def test_the_same_structure_gets_the_same_verdict():
    verdicts = {}
    for claim in JUDGED:
        if not claim.departs:
            verdicts.setdefault(structure(claim), set()).add(claim.verdict_code)
    assert all(len(found) == 1 for found in verdicts.values())


@pytest.mark.parametrize("claim", JUDGED, ids=lambda claim: claim.id)
def test_old_evidence_and_interested_parties_carry_no_high_confidence(claim):
    if claim.confidence == "high" and not claim.departs:
        for result in {one.result for one in claim.readings} - {UNTESTABLE}:
            found = [one for reading in claim.readings if reading.result == result for one in reading.evidence]
            assert any(one.source.strong and claim.until - one.until <= 0 for one in found)


# --- a card of one's own ---------------------------------------------------------------------------------------------


def test_a_card_of_one_s_own_is_a_table_of_eight_fields_in_one_line_each():
    mine = Card(
        "rose | a lot",
        "growth rate",
        2025,
        [says(AGREES), says(DISAGREES, part="the other part")],
        says="it rose\nby a lot",
        finds="12.5%",
    )
    told = mine._repr_markdown_()
    rows = [line for line in told.splitlines() if line.startswith("| **")]
    assert [re.match(r"\| \*\*(.+?)\*\*", row)[1] for row in rows] == [
        "Says", "Kind", "Counts", "Test", "Finds", "Verdict", "Confidence", "Would change our mind",
    ]  # fmt: skip
    assert told.startswith("### rose \\| a lot\n") and all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)
    assert "it rose by a lot" in told and "| **Counts** | not given |" in told
    assert "12.5%; so: agrees (Office to 2025); the other part, so: disagrees (Office to 2025)" in told
    assert f"**{mine.verdict}**" in told and mine.verdict == "partly" and mine.confidence == "medium"
    assert Card("growth goes on", "forecast", 2030).verdict == "opinion / forecast / prescription"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (("x", "guess", 2025), "The card 'x' is of kind 'guess'; use one of"),
        (("x", "level", 2025), "needs at least one reading"),
        (("x", "level", 2025, [Reading("so", "true")]), "A reading's result is one of"),
    ],
)
def test_a_card_that_cannot_be_judged_is_refused_when_it_is_made(fields, sentence):
    with pytest.raises(ValueError, match=sentence):
        Card(*fields)
