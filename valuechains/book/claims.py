"""Claim cards on the page.

Directive ``{claim} A1-2-01`` draws the card; role ``{claim}`` links to it, role ``{ledger}`` prints a number of the
ledger (``A1-2-01.china``), role ``{tally}`` counts the verdicts of a section (``A1.2``).
"""

from __future__ import annotations

from datetime import date
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from valuechains import datasets, evidence
from valuechains.evidence import rule

HALF_A_PAGE = 1_900  # letters; on paper a longer card may go on overleaf, between two of its rows


class claim_card(nodes.General, nodes.Element):
    """A foldable card: `<details>` with the claim as its summary."""


class claim_summary(nodes.General, nodes.TextElement):
    """The line of a card that stays in sight."""


class CardDirective(SphinxDirective):
    """Draw the card of one claim: what it says and how it was tested, what follows, and from which sources."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            claim = evidence.claim(self.arguments[0])
        except evidence.UnknownEntry as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(str(evidence.ledger_file()))
        card = claim_card(ids=[anchor(claim.id)], classes=["claim"])
        standard = cast(StandardDomain, self.env.get_domain("std"))
        standard.note_hyperlink_target(anchor(claim.id), self.env.docname, anchor(claim.id), claim.id)
        card += claim_summary(
            "",
            "",
            nodes.strong("", f"Claim {claim.id}"),
            nodes.Text(f" {claim.paraphrase} "),
            nodes.inline("", claim.verdict, classes=["sign", f"verdict-{claim.verdict_code.lower()}"]),
        )
        rows = nodes.definition_list("", *(_field(*field) for field in _fields(claim)))
        rows["classes"] += ["long"] * (len(rows.astext()) > HALF_A_PAGE)
        card += rows
        card += nodes.paragraph("", _as_of(claim), classes=["as-of"])
        card += [nodes.paragraph("", _changed(line), classes=["as-of"]) for line in claim.corrections]
        self.set_source_info(card)
        return [card]


class ClaimLink(SphinxRole):
    """Link to a card by the claim's id."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            claim = evidence.claim(self.text)
        except evidence.UnknownEntry as error:
            return _problem(self, error)
        link = addnodes.pending_xref(
            "",
            nodes.inline("", claim.id, classes=["std", "std-ref"]),
            refdomain="std",
            reftype="ref",
            reftarget=anchor(claim.id),
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        self.set_source_info(link)
        return [link], []


class LedgerNumber(SphinxRole):
    """Print a number of the ledger with its unit."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        self.env.note_dependency(str(evidence.ledger_file()))
        try:
            return [nodes.inline("", str(evidence.number(self.text)), classes=["ledger"])], []
        except evidence.UnknownEntry as error:
            return _problem(self, error)


class Tally(SphinxRole):
    """Say how many claims of a section carry each verdict, for example "8 claims: 1 supported, 2 partly, ..."."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        self.env.note_dependency(str(evidence.ledger_file()))
        try:
            entries = evidence.claims(section=self.text)
        except evidence.UnknownEntry as error:
            return _problem(self, error)
        counts = ", ".join(f"{count} {label}" for label, count in evidence.tally(entries).items() if count)
        return [nodes.Text(f"{len(entries)} claims: {counts}")], []


def anchor(id: str) -> str:
    """The id of a card on its page, for example "claim-a1-2-01"."""
    return f"claim-{id.lower()}"


def _fields(claim: evidence.Claim) -> list[tuple[str, str, list[nodes.Node]]]:
    """Term, class and content of each row of the card: what came out, why and from where, then how it was done."""
    level = nodes.paragraph("", f"Confidence: {claim.confidence}", classes=[f"level-{claim.confidence}"])
    because = claim.line.rpartition(". ")[2]  # what comes before it in the line are the readings, which the card lists
    why = [*_paragraphs(because), *_readings(claim), *_paragraphs(claim.why_confidence)]
    if claim.departs:
        by_rule = claim.judged()
        rule = f"{evidence.VERDICTS[by_rule.code]}, confidence {by_rule.confidence}"
        why += _paragraphs(f"This card leaves the rule, which gives {rule}. {claim.departs.why}")
    rows = [
        ("Verdict", f"verdict verdict-{claim.verdict_code.lower()}", [*_paragraphs(claim.verdict), level]),
        ("Why", "why", why),
        ("Sources", "sources", _sources(claim)),
        ("Says", "says", _paragraphs(claim.says)),
        ("Kind", "kind", _paragraphs(claim.kind)),
        ("Counts", "counts", _paragraphs(claim.counts)),
        ("Test", "test", _paragraphs(claim.test)),
        ("Finds", "finds", _paragraphs(claim.finds)),
        ("Would change our mind", "change", _paragraphs(claim.would_change_our_mind)),
    ]
    return [row for row in rows if row[2]]


def _paragraphs(*texts: str) -> list[nodes.Node]:
    return [nodes.paragraph("", text) for text in texts if text]


def _field(term: str, kind: str, content: list[nodes.Node]) -> nodes.definition_list_item:
    return nodes.definition_list_item("", nodes.term("", term), nodes.definition("", *content, classes=kind.split()))


def _readings(claim: evidence.Claim) -> list[nodes.Node]:
    """Each fair reading, what came of it, and who says so."""
    items = []
    for reading in claim.readings:
        part = f"{reading.part[0].upper()}{reading.part[1:]}: " if reading.part != rule.WHOLE else ""
        who = "; ".join(dict.fromkeys(f"{one.source.publisher}, {one.until}" for one in reading.evidence))
        design = f" Design: {reading.design}." if reading.design else ""
        text = f"{part}{reading.reads}: {reading.result}{f' ({who})' if who else ''}.{design}"
        items.append(nodes.list_item("", nodes.paragraph("", text)))
    return [nodes.bullet_list("", *items, classes=["readings"])] if items else []


def _sources(claim: evidence.Claim) -> list[nodes.Node]:
    """The sources of the claim and the data sets its numbers come from, as a list; nothing if there are none."""
    named = dict.fromkeys(number.dataset for number in claim.numbers.values() if number.dataset)
    items = [source_line(source, first="title") for source in claim.sources]
    items += [nodes.inline("", f"{name}: {datasets.source(name)}") for name in named]
    if not items:
        return []
    return [nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", "", item)) for item in items))]


def source_line(source: evidence.Source, first: str = "publisher") -> nodes.inline:
    """Publisher, title and date, a link to the publisher, and what a reader should know of it.

    first: "publisher" or "title", whichever the reader looks for.
    """
    title = nodes.reference("", source.title, refuri=source.link) if source.link else nodes.Text(source.title)
    told = [source.kind]
    if source.interest:
        told.append(f"interested: {source.interest}")
    if source.read_as != "original":
        told.append({"copy": "read in a copy", "report": "known by a report"}[source.read_as])
    rest = f" ({source.date}); {'; '.join(told)}"
    if first == "title":
        return nodes.inline("", "", title, nodes.Text(f". {source.publisher}{rest}"))
    return nodes.inline("", "", nodes.Text(f"{source.publisher}, "), title, nodes.Text(rest))


def _as_of(claim: evidence.Claim) -> str:
    """How old the evidence is beside the claim, and up to when sources were read."""
    newest, read = claim.evidence_until, f"Sources read up to {evidence.retrieved():%d %B %Y}."
    if newest is None:
        return f"As of {claim.as_of}. {read}"
    gap = claim.until - newest
    late = "" if gap <= 0 else f", {gap} {'year' if gap == 1 else 'years'} later"
    return f"The newest evidence is of {newest}; the claim speaks of {claim.until}{late}. {read}"


def in_words(day: str) -> str:
    """A day such as "2026-11-28" as "28 November 2026"."""
    read = date.fromisoformat(day)
    return f"{read.day} {read:%B %Y}"


def _changed(line: evidence.Correction) -> str:
    return f"Changed on {in_words(line.date)}: {line.what.replace('_', ' ')} from {line.was} to {line.now}. {line.why}"


def _problem(role: SphinxRole, error: Exception) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    message = role.inliner.reporter.error(str(error), line=role.lineno)
    return [role.inliner.problematic(role.rawtext, role.rawtext, message)], [message]


def _open_card(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append(translator.starttag(node, "details"))


def _close_card(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</details>\n")


def _open_summary(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("<summary>")


def _close_summary(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</summary>\n")


def setup(app: Sphinx) -> dict:
    app.add_node(claim_card, html=(_open_card, _close_card))
    app.add_node(claim_summary, html=(_open_summary, _close_summary))
    app.add_directive("claim", CardDirective)
    app.add_role("claim", ClaimLink())
    app.add_role("ledger", LedgerNumber())
    app.add_role("tally", Tally())
    app.add_css_file("gvc/claims.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
