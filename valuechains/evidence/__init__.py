"""What the two articles say, what was found, and the rule by which verdict and confidence follow.

`ledger` holds the claims, `sources` says what a source is, `rule` judges, `card` is the form for a claim of one's own.
"""

from valuechains.evidence.card import Card
from valuechains.evidence.ledger import (
    Article,
    Claim,
    Correction,
    Number,
    UnknownEntry,
    articles,
    claim,
    claims,
    corrections,
    ledger_file,
    number,
    retrieved,
    sections,
    source,
    sources,
    tally,
)
from valuechains.evidence.rule import CONFIDENCE, VERDICTS, Evidence, Judgement, Reading, Terms, judge
from valuechains.evidence.sources import Source
from valuechains.models.dissector import KINDS

__all__ = [
    "CONFIDENCE", "KINDS", "VERDICTS", "Article", "Card", "Claim", "Correction", "Evidence", "Judgement", "Number",
    "Reading", "Source", "Terms", "UnknownEntry", "articles", "claim", "claims", "corrections", "judge", "ledger_file",
    "number", "retrieved", "sections", "source", "sources", "tally",
]  # fmt: skip
