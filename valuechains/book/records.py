"""What stands behind the cards, as lists: ``{corrections-list}`` and ``{sources-list}``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from valuechains import evidence
from valuechains.book import overviews
from valuechains.book.claims import in_words, source_line
from valuechains.book.claims_table import to_card
from valuechains.tongue import say


class Corrections(SphinxDirective):
    """Every change of a published verdict, confidence or number: a heading a day, an item a claim."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(evidence.ledger_file()))
        overviews.note(self.env)
        lines = evidence.corrections()
        if not lines:
            return [nodes.paragraph("", "Nothing has been corrected since the first edition.")]
        found = []
        for day, ones in groupby(lines, key=lambda line: line.date):
            by_claim = groupby(sorted(ones, key=lambda line: line.claim), key=lambda line: line.claim)
            items = [_corrected(claim, list(changes)) for claim, changes in by_claim]
            found += [nodes.rubric("", in_words(day)), nodes.bullet_list("", *items)]
        return found


def _corrected(claim: str, changes: list[evidence.Correction]) -> nodes.list_item:
    said = nodes.paragraph("", "", to_card("", claim, claim=claim), nodes.Text(f": {evidence.claim(claim).paraphrase}"))
    told = [nodes.list_item("", nodes.paragraph("", _change(line))) for line in changes]
    return nodes.list_item("", said, nodes.bullet_list("", *told))


def _change(line: evidence.Correction) -> str:
    return f"{line.what.replace('_', ' ').capitalize()}: {line.was}, now {line.now}. {line.why}"


class SourcesList(SphinxDirective):
    """Every source of the cards, by publisher, with the claims whose findings rest on it."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(evidence.ledger_file()))
        overviews.note(self.env)
        rests = carried()
        known = sorted(evidence.sources().values(), key=lambda source: (source.publisher.casefold(), source.date))
        items = [_item(source, rests.get(source.id, [])) for source in known]
        return [nodes.paragraph("", summary()), nodes.bullet_list("", *items, classes=["sources"])]


def carried() -> dict[str, list[str]]:
    """Ids of the claims whose findings rest on each source."""
    found: dict[str, list[str]] = {}
    for claim in evidence.claims():
        for id in dict.fromkeys(one.source.id for reading in claim.readings for one in reading.evidence):
            found.setdefault(id, []).append(claim.id)
    return found


def summary() -> str:
    """How many sources carry findings, how they were read, and how many of them have a stake."""
    carrying = [evidence.source(id) for id in carried()]
    read = Counter(source.read_as for source in carrying)
    interested = sum(bool(source.interest) for source in carrying)
    return say(
        "The ledger names {all} sources. Findings rest on {carrying} of them: {original} read at the publisher, {copy} "
        "in a faithful copy, {report} known by somebody's report; {interested} have a stake in what they say. The "
        "others explain.",
        all=len(evidence.sources()),
        carrying=len(carrying),
        interested=interested,
        **{how: read[how] for how in ("original", "copy", "report")},
    )


def _item(source: evidence.Source, claims: Iterable[str]) -> nodes.list_item:
    line = nodes.paragraph("", "", source_line(source))
    for place, claim in enumerate(claims):
        line += nodes.Text(", " if place else ". Carries ")
        line += to_card("", claim, claim=claim)
    line += nodes.Text(".")
    return nodes.list_item("", line)


def setup(app: Sphinx) -> dict:
    app.setup_extension("valuechains.book.overviews")
    app.add_directive("corrections-list", Corrections)
    app.add_directive("sources-list", SourcesList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
