"""Claim dissector: what kind of statement is a claim, and does it say enough to be checked?

A claim with a figure needs three things: a unit (what is counted), a denominator (the whole, the base, the population
or the comparison that the figure is held against) and a period.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import NamedTuple

KINDS = ("level", "growth rate", "share", "rank", "cause", "forecast", "prescription")
FIELDS = ("unit", "denominator", "period")


class Tags(NamedTuple):
    """How a claim reads as it was published."""

    kind: str
    stated: frozenset[str]  #: those of FIELDS that the reader is told


def _tags(kind: str, *stated: str) -> Tags:
    return Tags(kind, frozenset(stated))


#: Ten claims of the ledger, by id: their kind there, and what their text states. A judgement of the module's authors.
BANK = MappingProxyType(
    {
        "A1-1-05": _tags("growth rate", "unit", "period"),
        "A1-3-03": _tags("share", "unit", "denominator", "period"),
        "A1-4-02": _tags("rank", "unit", "denominator", "period"),
        "A1-4-03": _tags("level", "unit", "denominator", "period"),
        "A1-3-06": _tags("rank", "unit", "denominator"),
        "A1-1-03": _tags("forecast", "unit", "period"),
        "A1-2-07": _tags("growth rate", "period"),
        "A2-1-01": _tags("level", "unit"),
        "A1-2-02": _tags("share"),
        "A1-4-04": _tags("growth rate"),
    }
)


class Dissection(NamedTuple):
    """What a reading of a claim got right, and what the claim leaves out."""

    right: int  #: of four: the kind and the three fields
    first_mistake: str  #: "kind", "unit", "denominator", "period", or "none"
    missing: str  #: the fields that the claim does not state, or "nothing"


def dissect(claim: str, kind: str, stated: Collection[str]) -> Dissection:
    """Compare a reader's tags with the bank's.

    claim: an id of BANK; kind: one of KINDS; stated: those of FIELDS that the reader finds in the claim.
    Raises ValueError for an id, a kind or a field that there is not.
    """
    _known(claim, BANK, "claim")
    _known(kind, KINDS, "kind")
    for field in stated:
        _known(field, FIELDS, "field")
    key = BANK[claim]
    mistakes = ["kind"] * (kind != key.kind) + [f for f in FIELDS if (f in stated) != (f in key.stated)]
    return Dissection(4 - len(mistakes), mistakes[0] if mistakes else "none", missing(claim))


def missing(claim: str) -> str:
    """The fields that a claim of the bank does not state, as words: "denominator, period", or "nothing"."""
    return ", ".join(field for field in FIELDS if field not in BANK[claim].stated) or "nothing"


def _known(value: str, among: Collection[str], what: str) -> None:
    if value not in among:
        raise ValueError(f"There is no {what} {value!r}: choose one of {', '.join(among)}.")
