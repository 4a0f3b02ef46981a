"""Card bench: say how the readings of a claim of yours came out and what they rest on; verdict and confidence follow.

It asks for two readings, each with the best evidence found, and judges them by the rule of the book's own cards. More
readings, and sources by name, go into an `evidence.Card`, which `verdict_bench` judges.
"""

from __future__ import annotations

from functools import cache

import altair as alt
import pandas as pd

from valuechains import evidence
from valuechains.evidence import CONFIDENCE, Card, Evidence, Reading, Source
from valuechains.evidence.rule import AGREES, WHOLE, Judgement
from valuechains.widgets import Choice, Grid, Idle, Stored, Twin

UNTIL = 2024  # the year of the claim; only the years between it and its evidence count
KINDS = {
    "fact": "a level, growth rate, share or rank",
    "cause": "a cause, without a comparison that could have shown the opposite",
    "shown": "a cause, with such a comparison",
}
OFFICE = Source("office", "An official source", "Tables", "of that year", "official statistics")
OTHER = Source("other", "a second publisher", "Tables", "of that year", "peer-reviewed")
FIRM = Source("firm", "A company", "Report", "of that year", "company", interest="a company on itself")
PRESS = Source("press", "A newspaper", "Report", "of that year", "press")
FOUND = {  # what a reader may have found: in full, in short for the chart, and as evidence
    "two": (
        "two official or reviewed sources of its own period",
        "two sources",
        (Evidence(OFFICE, UNTIL), Evidence(OTHER, UNTIL)),
    ),
    "one": ("one official or reviewed source of its own period", "one source", (Evidence(OFFICE, UNTIL),)),
    "late": ("one that stops three years before", "three years older", (Evidence(OFFICE, UNTIL - 3),)),
    "old": ("one that stops ten years before", "ten years older", (Evidence(OFFICE, UNTIL - 10),)),
    "beside": ("one on something close to it", "a stand-in", (Evidence(OFFICE, UNTIL, own=False),)),
    "stake": ("a source with a stake in it", "with a stake", (Evidence(FIRM, UNTIL),)),
    "press": ("press reports", "press reports", (Evidence(PRESS, UNTIL),)),
    "circular": (
        "the claim's own figure again",
        "its own figure",
        (Evidence(OFFICE, UNTIL, circular="the claim's own"),),
    ),
}
RESULTS = {
    "agrees": "the evidence agrees",
    "disagrees": "it disagrees",
    "cannot be tested openly": "it cannot be tested",
}
UNPROVED = ", but nothing that was looked at could have shown the opposite"
SECOND = {
    "": "there is none",
    **{f"whole {result}": f"another way to read it: {text}" for result, text in RESULTS.items()},
    **{f"part {result}": f"another part of it: {text}" for result, text in RESULTS.items()},
}


def card(kind: str, first: str, found: str, second: str, found_second: str) -> Card:
    """A claim with these readings, in the form of the book's cards."""
    design = "a comparison" if kind == "shown" else ""
    part, _, result = second.partition(" ")
    readings = [Reading("the first reading", first, FOUND[found][2], WHOLE, design)]
    if result:
        where, shown = ("the other part", "") if part == "part" else (WHOLE, design)
        readings.append(Reading("the second reading", result, FOUND[found_second][2], where, shown))
    return Card("a claim of your own", "level" if kind == "fact" else "cause", UNTIL, readings)


@cache
def judgement(**settings: str) -> Judgement:
    return card(**settings).judged()


def judged(**settings: str) -> dict[str, str]:
    """What the rule says, and what keeps either reading's result from counting."""
    found = judgement(**settings)
    asserted = settings["kind"] == "cause"
    return {
        "verdict": evidence.VERDICTS[found.code],
        "confidence": found.confidence,
        "because": found.because,  # what each reading came to is how the sentence ends
        "why": found.why,
        "unproved": UNPROVED if asserted and settings["first"] == AGREES else "",
        "void": void(settings["found"]),
        "unproved_second": UNPROVED if asserted and settings["second"] == f"whole {AGREES}" else "",
        "rests": rests(settings["found_second"]) if settings["second"] else "",
        "still": still(**settings),
    }


def void(found: str) -> str:
    return ", which tests nothing" if found == "circular" else ""


def rests(found: str) -> str:
    return f", resting on {FOUND[found][0]}{void(found)}"


def still(kind: str, **settings: str) -> str:
    """The control that changes nothing, neither the judgement nor what other evidence would give."""
    same = {judgement(kind=one, **settings) for one in KINDS}
    rungs = [[judgement(kind=one, **{**settings, "found": found})[:2] for found in FOUND] for one in KINDS]
    return "kind" if len(same) == 1 and all(one == rungs[0] for one in rungs) else ""


def ladder(settings: dict, result: dict) -> pd.DataFrame:
    """What each kind of evidence for the first reading would give, all else as it is set."""
    cards = {name: judgement(**{**settings, "found": name}) for name in FOUND}
    return pd.DataFrame(
        {
            "name": [*FOUND],
            "evidence": [short for _, short, _ in FOUND.values()],
            "level": [CONFIDENCE[::-1].index(one.confidence) for one in cards.values()],
            "verdict": [evidence.VERDICTS[one.code] for one in cards.values()],
            "mine": ["yours" if name == settings["found"] else "" for name in FOUND],
        }
    )


def chart() -> alt.LayerChart:
    verdicts = alt.Scale(domain=[evidence.VERDICTS[code] for code in "SPCDN"])
    base = alt.Chart(alt.NamedData("ladder"), height=alt.Step(30)).encode(
        alt.X("level:Q", title="Confidence")
        .scale(domain=[0, 4], nice=False)
        .axis(values=[*range(len(CONFIDENCE))], labelExpr=f"{[*CONFIDENCE[::-1]]}[datum.value]"),
        alt.Y("evidence:N", title="Evidence for the first reading", sort=[short for _, short, _ in FOUND.values()]),
        tooltip=[alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in ("evidence", "verdict")],
    )
    levels = base.mark_point(filled=True, size=140).encode(
        alt.Color("verdict:N", title=None, scale=verdicts), alt.Shape("verdict:N", title=None, scale=verdicts)
    )
    return levels + base.mark_text(dx=12, align="left", fontWeight="bold").encode(text="mine:N")


def card_bench() -> Twin:
    """Two readings of a claim of one's own, what came of them and what they rest on: verdict and confidence follow."""
    found = {name: text for name, (text, _, _) in FOUND.items()}
    return Twin(
        name="card-bench",
        controls=[
            Choice(
                "kind",
                "It states",
                KINDS,
                idle=[Idle("With these readings it decides nothing what the claim states.", still=["kind"])],
            ),
            Choice("first", "Its first reading", RESULTS),
            Choice("found", "which rests on", found, start="one"),
            Choice("second", "Its second reading", SECOND, start="whole disagrees"),
            Choice(
                "found_second",
                "which rests on this",
                found,
                start="late",
                idle=[Idle("There is no second reading.", second=[""])],
            ),
        ],
        model=judged,
        frames={"ladder": ladder},
        page=Grid(
            digits={"level": 0},
            fewer={
                ("second", "found_second"): ("rests",),
                ("kind", "first"): ("unproved",),
                ("found",): ("void",),
                ("kind", "second"): ("unproved_second",),
                ("first", "found", "second", "found_second"): ("still",),
            },
            frames={
                "ladder": Stored(
                    ("kind", "first", "second", "found_second"), derived={"mine": "datum.name === found ? 'yours' : ''"}
                )
            },
        ),
        chart=chart(),
        says="Your claim of 2024, {kind}: {verdict}, confidence {confidence}. {because} {why} "
        "The first reading: {first}{unproved}, resting on {found}{void}. The second: {second}{unproved_second}{rests}.",
        finding="A verdict follows from what readings come to, confidence from the weakest evidence among them",
        measure="Confidence and verdict of a claim by the evidence for its first reading, all else as set",
        unit="level of confidence, 0 = none to 3 = high",
        source=["The module's rule for verdicts, valuechains.evidence.rule"],
    )
