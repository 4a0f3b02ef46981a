"""A source: who published what, when, of which kind, and whether its publisher has a stake in what it says."""

from __future__ import annotations

from dataclasses import dataclass

#: Kinds of publication; an official act is a law, a circular or a budget, and proves what was decided.
PUBLICATIONS = (
    "official statistics",
    "official act",
    "international organisation",
    "peer-reviewed",
    "working paper",
    "government",
    "industry body",
    "company",
    "press",
)
STRONG = PUBLICATIONS[:4]  #: those that can carry a finding by themselves
READ_AS = ("original", "copy", "report")


@dataclass(frozen=True)
class Source:
    """One publication.

    date: of publication, as far as known (YYYY, YYYY-MM or YYYY-MM-DD). interest: empty, or who has a stake in what
    ("a carrier on trade"). address: at the publisher. read_at, read_on: where and when it was read. read_as: the
    "original", a faithful "copy" of it, or somebody's "report" about it. cite: its key in the bibliography.
    """

    id: str
    publisher: str
    title: str
    date: str
    kind: str
    address: str = ""
    interest: str = ""
    why_no_address: str = ""
    read_at: str = ""
    read_on: str = ""
    read_as: str = "original"
    cite: str = ""

    @property
    def strong(self) -> bool:
        """Official or peer-reviewed, without a stake, and not known by somebody's report alone."""
        return self.kind in STRONG and not self.interest and self.read_as != "report"

    @property
    def independent(self) -> bool:
        """Without a stake in what it says, and neither press nor known by the press alone."""
        return not self.interest and self.kind != "press" and self.read_as != "report"

    @property
    def link(self) -> str:
        """The publisher's address, or where it was read if there is none."""
        return self.address or self.read_at

    def __str__(self) -> str:
        return f"{self.publisher}, {self.title} ({self.date})"
