"""Verdict bench: choose a claim and what you accept as evidence; verdict and confidence follow by the module's rule.

A claim of your own is judged in the same way: `verdict_bench(evidence.Card(...))`.
"""

from dataclasses import replace
from functools import cache
from itertools import combinations, product
from textwrap import shorten
from typing import NamedTuple

import altair as alt
import pandas as pd

from valuechains import evidence
from valuechains.evidence.rule import AGREES, CAUSE, WHOLE, Reading, Terms, hear, judge
from valuechains.widgets import Choice, Dependent, Grid, Idle, Stored, Twin

STAKE = {"yes": "accept them", "no": "leave them out"}
AGES = {"any": "of any year", "5": "at most 5 years older than the claim", "0": "of the claim's own period only"}
DESIGN = {"yes": "a comparison that could have shown the opposite", "no": "agreeing evidence is enough"}
Judged = evidence.Claim | evidence.Card
READINGS = {"all": "every fair reading", "author": "the author's most likely reading only"}


def terms(entry: Judged, stake: str, oldest: str, design: str, readings: str, leave: str = "") -> Terms:
    """What a judge of this claim accepts, from the settings of the bench."""
    years = None if oldest == "any" else int(oldest)
    left = dropped(entry)[leave] if leave else Terms()
    every = readings == "all"
    return left._replace(interested=stake == "yes", oldest=years, design=design == "yes", all_readings=every)


def dropped(entry: Judged) -> dict[str, Terms]:
    """The module's terms without each source and, where there are more, without each reading."""
    fair = [one.reads for one in entry.readings]
    by_source = {f"s{place}": Terms(without_sources=frozenset({id})) for place, id in enumerate(sources(entry), 1)}
    by_reading = {f"r{place}": Terms(without_readings=frozenset({reads})) for place, reads in enumerate(fair, 1)}
    return by_source | (by_reading if len(fair) > 1 else {})


def sources(entry: Judged) -> dict[str, evidence.Source]:
    """The sources that a claim's readings rest on, by id."""
    return {one.source.id: one.source for reading in entry.readings for one in reading.evidence}


def carrying(entry: Judged) -> dict[str, str]:
    """The same as the bench names them."""
    return {
        id: shortened(f"{source.publisher}, {source.title}", 58) + f" ({source.date[:4]})"
        for id, source in sources(entry).items()
    }


def leaving(entry: Judged) -> dict[str, str]:
    """What can be left out of a claim, as the bench offers it."""
    named = [f"the source {name}" for name in carrying(entry).values()]
    named += [shortened(f"reading {place}: {one.reads}", 66) for place, one in enumerate(entry.readings, 1)]
    return {"": "nothing", **dict(zip(dropped(entry), named))}


def shortened(text: str, width: int) -> str:
    return shorten(text, width, placeholder=" ...")


@cache
def graded() -> dict[str, Judged]:
    """The ledger's claims of fact, by id."""
    return {claim.id: claim for claim in evidence.claims() if claim.readings}


def judged(entry: Judged, **accepted: str) -> dict:
    """Verdict and confidence of one claim on these terms, how they follow, and whether its card's differ."""
    found = judge(entry.kind, entry.until, *by_number(entry, terms(entry, **accepted)))
    verdict = evidence.VERDICTS[found.code]
    return {
        "case": "same" if (verdict, found.confidence) == (entry.verdict, entry.confidence) else "moved",
        "verdict": verdict,
        "confidence": found.confidence,
        "told": "; ".join(f"({place}) {one.reads}" for place, one in enumerate(entry.readings, 1)),
        "line": found.line,
        "why": found.why,
        "card": f"{entry.verdict}, confidence {entry.confidence}",
        "still": still(entry, **accepted),
    }


def by_number(entry: Judged, accepted: Terms) -> tuple[list[Reading], Terms]:
    """A claim's readings by their number, which the sentence gives them, and the terms likewise."""
    names = {one.reads: f"reading {place}" for place, one in enumerate(entry.readings, 1)}
    left = frozenset(names[reads] for reads in accepted.without_readings)
    return [replace(one, reads=names[one.reads]) for one in entry.readings], accepted._replace(without_readings=left)


def heard(entry: Judged, **accepted: str) -> list[Reading]:
    return hear(entry.kind, entry.until, entry.readings, terms(entry, **accepted))


def still(entry: Judged, **accepted: str) -> str:
    """The first letters of the terms that change nothing here, each by itself: stake, oldest, readings, design."""
    now = heard(entry, **accepted)
    others = {"stake": STAKE, "oldest": AGES, "readings": READINGS}
    found = [
        name for name, values in others.items() if all(heard(entry, **{**accepted, name: one}) == now for one in values)
    ]
    hangs = any(one.part == CAUSE and one.result == AGREES and not one.design for one in now)
    return "".join(name[0] for name in (*found, *([] if hangs else ["design"])))


def idle(name: str, why: str) -> list[Idle]:
    """Where a term is among those that change nothing."""
    letters = [name[0] for name in ("stake", "oldest", "readings", "design")]
    some = ["".join(each) for size in range(1, 5) for each in combinations(letters, size)]
    return [Idle(why, still=[each for each in some if name[0] in each])]


def readings(entry: Judged, **accepted: str) -> pd.DataFrame:
    """One row for each reading that counts: its number, its part, its result on these terms, sources that count."""
    counted = heard(entry, **accepted)
    numbers = {one.reads: place for place, one in enumerate(entry.readings, 1)}
    return pd.DataFrame(
        {
            "reading": [f"{numbers[one.reads]}{'' if one.part == WHOLE else f' {one.part}'}" for one in counted],
            "result": [one.result for one in counted],
            "sources": [len(one.evidence) for one in counted],
        }
    )


class Drops(NamedTuple):
    """Of all ways to leave out one thing, those that move a verdict, by the module's terms otherwise."""

    moved: int
    all: int


def single_drops(what: str) -> Drops:
    """Over all claims of fact: leaving out one "source", or one "reading" of a claim that has several."""
    codes = [
        (entry.judged().code, entry.judged(left).code)
        for entry in graded().values()
        for left in dropped(entry).values()
        if getattr(left, f"without_{what}s")
    ]
    return Drops(sum(before != after for before, after in codes), len(codes))


@cache
def moved(leave: bool = False) -> tuple[int, int]:
    """How many claims of fact get another verdict on some terms of the bench, and how many there are.

    leave: whether a source or a reading may be left out as well.
    """
    every = list(product(STAKE, AGES, DESIGN, READINGS))
    codes = [
        {
            entry.judged(terms(entry, *one, left)).code
            for one in every
            for left in ["", *(dropped(entry) if leave else ())]
        }
        for entry in graded().values()
    ]
    return sum(len(found) > 1 for found in codes), len(codes)


def chart(most: int) -> alt.LayerChart:
    base = alt.Chart(alt.NamedData("readings"), height=alt.Step(36)).encode(
        alt.Y("reading:N", title="Reading"),
        alt.X("sources:Q", title="Sources that count on these terms")
        .scale(domain=[0, 2 * most], nice=False)
        .axis(values=list(range(most + 1)), format="d"),
        tooltip=[
            alt.Tooltip("reading:N", title="Reading"),
            alt.Tooltip("result:N", title="Result"),
            alt.Tooltip("sources:Q", title="Sources that count"),
        ],
    )
    return base.mark_bar() + base.mark_text(dx=6, align="left").encode(text="result:N")


def verdict_bench(*own: evidence.Card) -> Twin:
    """Every claim of fact of the ledger, and before them cards of your own, judged again on the reader's terms."""
    if forecast := next((card for card in own if not card.readings), None):
        raise ValueError(
            f"The card {forecast.paraphrase!r} has no readings, so there is nothing to judge; leave it out."
        )
    entries: dict[str, Judged] = {f"own {place}": card for place, card in enumerate(own, 1)}
    entries |= graded()
    changed, of = moved(leave=True)
    start = (
        "Claim {claim}; left out: {leave}; sources with a stake: {stake}; evidence {oldest}; a cause needs {design}; "
        "counted: {readings}. On these terms: {verdict}, confidence {confidence}. The readings: {told}. "
        "{line} {why} "
    )
    return Twin(
        name="verdict-bench",
        controls=[
            Choice(
                "claim",
                "Claim",
                {id: f"{id}: {shortened(entry.paraphrase, 76)}" for id, entry in entries.items()},
                start="own 1" if own else "A1-4-02",
            ),
            Dependent("leave", "Leave out", "claim", {id: leaving(entry) for id, entry in entries.items()}),
            Choice("stake", "Sources with a stake", STAKE, idle=idle("stake", "No source that counts here has one.")),
            Choice("oldest", "Evidence", AGES, idle=idle("oldest", "None of what counts here is older.")),
            Choice("design", "A cause needs", DESIGN, idle=idle("design", "No reading here hangs on a comparison.")),
            Choice("readings", "Count", READINGS, idle=idle("readings", "There is one reading of each part to count.")),
        ],
        model=lambda claim, **accepted: judged(entries[claim], **accepted),
        frames={"readings": lambda settings, result: readings(entries[settings["claim"]], **without_claim(settings))},
        page=Grid(
            digits={"sources": 0},
            fewer={("claim",): ("card", "told"), ("claim", "leave", "stake", "oldest", "readings"): ("still",)},
            frames={"readings": Stored(("claim", "leave", "stake", "oldest", "readings"))},
        ),
        chart=chart(max(len(one.evidence) for entry in entries.values() for one in entry.readings)),
        case="case",
        says={
            "same": start + "The card says the same.",
            "moved": start + "The card, on the module's terms, says: {card}.",
        },
        finding=f"What a judge accepts as evidence moves {changed} of {of} verdicts",
        measure="Readings of one claim, what each comes to on your terms, and what it rests on",
        unit="sources",
        source=["claims"],
    )


def without_claim(settings: dict) -> dict:
    return {name: value for name, value in settings.items() if name != "claim"}
