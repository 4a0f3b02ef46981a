"""The verdict bench says what the rule says, and on the module's terms what the cards say."""

import pytest

from valuechains import evidence
from valuechains.evidence import Card, Evidence, Reading, Source, Terms, judge
from valuechains.twins import verdict_bench
from valuechains.twins.verdict_bench import AGES, DESIGN, READINGS, STAKE, dropped, graded, moved, terms


@pytest.fixture(scope="module")
def twin():
    return verdict_bench()


def test_it_starts_on_the_modules_terms():
    assert (
        terms(evidence.claim("A1-0-01"), *(next(iter(options)) for options in (STAKE, AGES, DESIGN, READINGS)))
        == Terms()
    )


@pytest.mark.parametrize("claim", graded())
def test_on_the_modules_terms_it_says_what_the_card_says(twin, claim):
    result, entry = twin.read(claim=claim).result, evidence.claim(claim)
    assert result["case"] == ("moved" if entry.departs else "same")
    assert entry.departs or (result["verdict"], result["confidence"]) == (entry.verdict, entry.confidence)


def by_hand(entry, stake, oldest, design, readings, leave):
    """A claim's readings with what is left out taken off one by one, and the rule's judgement of the rest."""
    kept = list(entry.readings)
    ids = list(dict.fromkeys(one.source.id for reading in kept for one in reading.evidence))
    if leave.startswith("r"):
        kept.pop(int(leave[1:]) - 1)
    gone = ids[int(leave[1:]) - 1] if leave.startswith("s") else ""
    kept = [
        Reading(**{**vars(one), "evidence": tuple(each for each in one.evidence if each.source.id != gone)})
        for one in kept
    ]
    accepted = Terms(stake == "yes", None if oldest == "any" else int(oldest), design == "yes", readings == "all")
    return judge(entry.kind, entry.until, kept, accepted)


def test_every_setting_is_judged_by_the_rule(twin):
    """Also with each single source and each single reading of each claim left out."""
    for setting in twin.settings_of(list(twin.controls)):
        entry = evidence.claim(setting["claim"])
        shown = twin.result(setting)
        found = by_hand(entry, **{name: value for name, value in setting.items() if name != "claim"})
        assert (evidence.VERDICTS[found.code], found.confidence) == (shown["verdict"], shown["confidence"]), setting
        assert shown["why"] == found.why and told_truly(shown, twin.rows("readings", setting, shown)), (setting, shown)


def told_truly(shown, rows) -> bool:
    """Whether the line that says how the verdict follows fits what the rows say of each reading."""
    line, results = shown["line"], list(rows["result"])
    tested = [one for one in results if one in ("agrees", "disagrees")]
    words = {"agrees", "disagrees"} & set(line.replace(".", " ").replace(";", " ").split())
    nothing = "nothing that was looked at could have shown the opposite"
    if line.startswith("No reading of it can be tested with open data"):
        return "no accepted evidence" not in results and shown["confidence"] == "none"
    if line.startswith("No reading of it can be tested with the evidence that is accepted"):
        return "no accepted evidence" in results and shown["confidence"] == "none"
    if line.startswith("The evidence"):
        return words == set(tested) and len(words) == 1 and (f"each of the {len(tested)} " in line) == (len(tested) > 1)
    ends = [": " + one for one in ("agrees", "disagrees", "cannot be tested openly", "no accepted evidence", nothing)]
    return sum(line.count(end + mark) for end in ends for mark in (";", ".")) == len(results)


def test_each_source_and_each_reading_of_each_claim_can_be_left_out(twin):
    for id, entry in graded().items():
        offered = [value for value in twin.controls["leave"].offered({"claim": id}) if value]
        ids = {one.source.id for reading in entry.readings for one in reading.evidence}
        fair = len(entry.readings) if len(entry.readings) > 1 else 0
        assert offered == list(dropped(entry)) and len(offered) == len(ids) + fair


def test_the_finding_counts_what_moves(twin):
    moving = {
        setting["claim"]
        for setting in twin.settings_of(list(twin.controls))
        if twin.result(setting)["verdict"] != twin.result({"claim": setting["claim"]})["verdict"]
    }
    assert twin.finding == f"What a judge accepts as evidence moves {len(moving)} of {len(graded())} verdicts"
    assert 0 < moved()[0] < len(moving), "a bench that moves nothing teaches nothing"


def test_a_card_of_one_s_own_is_judged_as_the_ledger_s_are():
    bank = Source("bank", "World Bank", "Balance of payments", "2025", "international organisation")
    firm = Source("firm", "A firm", "Annual report", "2025", "company", interest="a firm on itself")
    mine = Card(
        "India gained most from services trade",
        "rank",
        2024,
        [
            Reading("in dollars since 2014", "agrees", (Evidence(bank, 2024), Evidence(firm, 2024))),
            Reading("in dollars since 2005", "disagrees", (Evidence(bank, 2024),)),
        ],
    )
    twin = verdict_bench(mine)
    assert twin.settings()["claim"] == "own 1" and "India gained most" in twin.read().says
    assert twin.read().result["verdict"] == mine.verdict == "definition-dependent"
    assert twin.read(leave="s1").result["verdict"] == "supported"
    assert twin.read(leave="s1", stake="no").result["verdict"] == "not checkable with open data"
    assert twin.read(leave="r2").says.endswith(
        "The card, on the module's terms, says: definition-dependent, confidence medium."
    )
    twin.set(leave="r1")
    assert twin.read(**twin.bench.settings).result["verdict"] == "contradicted"
    assert twin.read(claim="A1-4-02").says == verdict_bench().read().says
    with pytest.raises(ValueError, match="The card 'growth will go on' has no readings"):
        verdict_bench(Card("growth will go on", "forecast", 2030))


def test_every_claim_of_fact_is_on_it():
    assert set(graded()) == {claim.id for claim in evidence.claims() if claim.verdict_code != "O"}
