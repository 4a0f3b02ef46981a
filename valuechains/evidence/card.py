"""A card of one's own: a claim that somebody else made, in the form of the ledger's cards, judged by the same rule.

>>> from valuechains.evidence import Evidence, Reading, Source
>>> bank = Source("bank", "World Bank", "Balance of payments", "2025", "international organisation")
>>> mine = Card("more than doubled", "growth rate", 2024, [Reading("in dollars", "agrees", (Evidence(bank, 2024),))])
>>> mine.verdict, mine.confidence
('supported', 'medium')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valuechains.evidence.rule import VERDICTS, WHOLE, Judgement, Reading, Terms, judge
from valuechains.models.dissector import KINDS
from valuechains.tongue import say, together


@dataclass(frozen=True)
class Card:
    """Shown by JupyterLab as a table with the eight fields of a card; verdict and confidence follow from the readings.

    paraphrase: the claim in one line. kind: one of `KINDS`. until: the last year that it speaks of. readings: the
    author's most likely one first, none for a forecast or advice. The other fields are text, as on the book's cards.
    """

    paraphrase: str
    kind: str
    until: int
    readings: Sequence[Reading] = ()
    says: str = ""
    counts: str = ""
    test: str = ""
    finds: str = ""
    would_change_our_mind: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"The card {self.paraphrase!r} is of kind {self.kind!r}; use one of {', '.join(KINDS)}.")
        self.judged()  # refuses what the rule refuses, now and not when the card is shown

    def judged(self, terms: Terms = Terms()) -> Judgement:
        """What the rule gives on these terms."""
        return judge(self.kind, self.until, self.readings, terms)

    @property
    def verdict(self) -> str:
        return VERDICTS[self.judged().code]

    @property
    def confidence(self) -> str:
        return self.judged().confidence

    def _repr_markdown_(self) -> str:
        found = self.judged()
        read = say("; ").join(_told(reading) for reading in self.readings)
        verdict = say("{sentence}.", sentence=f"**{say(self.verdict)}**")
        fields = {
            say("Says"): self.says or self.paraphrase,
            say("Kind"): say(self.kind),
            say("Counts"): self.counts,
            say("Test"): self.test,
            say("Finds"): say("; ").join(filter(None, (self.finds, read))),
            say("Verdict"): together([verdict, say(found.line)]),
            say("Confidence"): together([say("{sentence}.", sentence=say(found.confidence)), say(found.why)]),
            say("Would change our mind"): self.would_change_our_mind,
        }
        rows = (f"| **{name}** | {_cell(text) or say('not given')} |" for name, text in fields.items())
        return "\n".join([f"### {_cell(self.paraphrase)}", "", "| | |", "|---|---|", *rows])


def _told(reading: Reading) -> str:
    name = reading.reads if reading.part == WHOLE else say(", ").join([reading.part, reading.reads])
    told = say("{name}: {value}", name=name, value=say(reading.result))
    who = [say("{publisher} to {year}", publisher=one.source.publisher, year=one.until) for one in reading.evidence]
    return say("{value} ({name})", value=told, name=say(", ").join(who)) if who else told


def _cell(text: str) -> str:
    """A text that stays in its cell of the table."""
    return " ".join(text.split()).replace("|", r"\|").strip()
