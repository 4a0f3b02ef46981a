"""Verdict bench: choose a claim and what you accept as evidence; verdict and confidence follow by the module's rule."""

from functools import cache
from itertools import product
from textwrap import shorten

import altair as alt
import pandas as pd

from valuechains import evidence
from valuechains.evidence.rule import WHOLE, Terms, hear
from valuechains.widgets import Choice, Grid, Stored, Twin

STAKE = {"yes": "accept them", "no": "leave them out"}
AGES = {"any": "of any year", "5": "at most 5 years older than the claim", "0": "of the claim's own period only"}
DESIGN = {"yes": "a comparison that could have shown the opposite", "no": "agreeing evidence is enough"}
READINGS = {"all": "every fair reading", "author": "the author's most likely reading only"}


def terms(stake: str, oldest: str, design: str, readings: str) -> Terms:
    """What a judge accepts, from the settings of the bench."""
    return Terms(stake == "yes", None if oldest == "any" else int(oldest), design == "yes", readings == "all")


@cache
def graded() -> dict[str, str]:
    """Claims of fact, by id, as the bench names them."""
    facts = [claim for claim in evidence.claims() if claim.readings]
    return {claim.id: f"{claim.id}: {shorten(claim.paraphrase, 76, placeholder=' ...')}" for claim in facts}


def judged(claim: str, **accepted: str) -> dict:
    """Verdict and confidence of one claim on these terms, how they follow, and whether the ledger's differ."""
    entry = evidence.claim(claim)
    found = entry.judged(terms(**accepted))
    same = (found.code, found.confidence) == (entry.verdict_code, entry.confidence)
    return {
        "case": "same" if same else "moved",
        "verdict": evidence.VERDICTS[found.code],
        "confidence": found.confidence,
        "told": "; ".join(f"({place}) {one.reads}" for place, one in enumerate(_heard(claim, accepted), 1)),
        "line": found.line,
        "why": found.why,
        "card": f"{entry.verdict}, confidence {entry.confidence}",
    }


def _heard(claim: str, accepted: dict) -> list[evidence.Reading]:
    entry = evidence.claim(claim)
    return hear(entry.kind, entry.until, entry.readings, terms(**accepted))


def readings(settings: dict, result: dict) -> pd.DataFrame:
    """One row for each reading that counts: its number, its part, its result on these terms, sources that count."""
    heard = _heard(settings["claim"], {name: value for name, value in settings.items() if name != "claim"})
    return pd.DataFrame(
        {
            "reading": [
                f"{place}" if one.part == WHOLE else f"{place} {one.part}" for place, one in enumerate(heard, 1)
            ],
            "result": [one.result for one in heard],
            "sources": [len(one.evidence) for one in heard],
        }
    )


def moved() -> tuple[int, int]:
    """How many claims of fact get another verdict on some terms of the bench, and how many there are."""
    every = [terms(*setting) for setting in product(STAKE, AGES, DESIGN, READINGS)]
    codes = [{evidence.claim(id).judged(accepted).code for accepted in every} for id in graded()]
    return sum(len(found) > 1 for found in codes), len(codes)


def chart() -> alt.LayerChart:
    base = alt.Chart(alt.NamedData("readings"), height=alt.Step(36)).encode(
        alt.Y("reading:N", title="Reading"),
        alt.X("sources:Q", title="Sources that count on these terms")
        .scale(domain=[0, 2 * most()], nice=False)
        .axis(values=list(range(most() + 1)), format="d"),
        tooltip=[
            alt.Tooltip("reading:N", title="Reading"),
            alt.Tooltip("result:N", title="Result"),
            alt.Tooltip("sources:Q", title="Sources that count"),
        ],
    )
    return base.mark_bar() + base.mark_text(dx=6, align="left").encode(text="result:N")


def most() -> int:
    """The largest number of sources that one reading of the ledger rests on."""
    return max(len(one.evidence) for id in graded() for one in evidence.claim(id).readings)


def verdict_bench() -> Twin:
    """Every claim of fact of the ledger, judged again on the reader's terms."""
    changed, of = moved()
    start = "{claim}. On these terms: {verdict}, confidence {confidence}. The readings: {told}. {line} {why} "
    return Twin(
        name="verdict-bench",
        controls=[
            Choice("claim", "Claim", graded(), start="A1-4-02"),
            Choice("stake", "Sources with a stake", STAKE),
            Choice("oldest", "Evidence", AGES),
            Choice("design", "A cause needs", DESIGN),
            Choice("readings", "Count", READINGS),
        ],
        model=judged,
        frames={"readings": readings},
        page=Grid(
            digits={"sources": 0},
            fewer={("claim",): ("card",), ("claim", "readings"): ("told",)},
            frames={"readings": Stored(("claim", "stake", "oldest", "readings"))},
        ),
        chart=chart(),
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
