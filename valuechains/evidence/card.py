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
        read = "; ".join(_told(reading) for reading in self.readings)
        fields = {
            "Says": self.says or self.paraphrase,
            "Kind": self.kind,
            "Counts": self.counts,
            "Test": self.test,
            "Finds": "; ".join(filter(None, (self.finds, read))),
            "Verdict": f"**{self.verdict}**. {found.line}",
            "Confidence": f"{found.confidence}. {found.why}",
            "Would change our mind": self.would_change_our_mind,
        }
        rows = (f"| **{name}** | {_cell(text) or 'not given'} |" for name, text in fields.items())
        return "\n".join([f"### {_cell(self.paraphrase)}", "", "| | |", "|---|---|", *rows])


def _told(reading: Reading) -> str:
    part = "" if reading.part == WHOLE else f"{reading.part}, "
    who = ", ".join(f"{one.source.publisher} to {one.until}" for one in reading.evidence)
    return f"{part}{reading.reads}: {reading.result}{f' ({who})' if who else ''}"


def _cell(text: str) -> str:
    """A text that stays in its cell of the table."""
    return " ".join(text.split()).replace("|", r"\|").strip()
