"""Claim cards on the page.

Directive ``{claim} A1-2-01`` draws the card; role ``{claim}`` links to it, role ``{ledger}`` prints a number of the
ledger (``A1-2-01.china``), role ``{tally}`` counts the verdicts of a section (``A1.2``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from valuechains import datasets, evidence, tongue
from valuechains.book import edition
from valuechains.evidence import rule
from valuechains.tongue import count, say, together

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
            nodes.strong("", say("Claim {id}", id=claim.id)),
            *_spaced(claim.paraphrase),
            nodes.inline("", say(claim.verdict), classes=["sign", f"verdict-{claim.verdict_code.lower()}"]),
        )
        rows = nodes.definition_list("", *(_field(*field) for field in _fields(claim)))
        rows["classes"] += ["long"] * (len(rows.astext()) > HALF_A_PAGE)
        card += rows
        card += nodes.paragraph("", _as_of(claim), classes=["as-of"])
        card += [nodes.paragraph("", told, classes=["as-of"]) for told in _changed(claim.corrections)]
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
    """Say how many claims of a section, or of "all", carry each verdict: "8 claims: 1 supported, 2 partly, ..."."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        self.env.note_dependency(str(evidence.ledger_file()))
        try:
            entries = evidence.claims(section=None if self.text == "all" else self.text)
        except evidence.UnknownEntry as error:
            return _problem(self, error)
        tally = evidence.tally(entries)
        counts: list[nodes.Node] = []
        for (code, label), number in zip(evidence.VERDICTS.items(), tally.values(), strict=True):
            if number:
                counts.append(nodes.Text(say(", ") if counts else ""))
                text = say("{number} {verdict}", number=number, verdict=say(label))
                counts.append(nodes.inline("", text, classes=["sign", f"verdict-{code.lower()}"]))
        before, _, after = say("{number} claims: {counts}", number=len(entries), counts="\0").partition("\0")
        return [nodes.Text(before), *counts, nodes.Text(after)], []


def anchor(id: str) -> str:
    """The id of a card on its page, for example "claim-a1-2-01"."""
    return f"claim-{id.lower()}"


def _fields(claim: evidence.Claim) -> list[tuple[str, str, list[nodes.Node]]]:
    """Term, class and content of each row of the card: what came out, why and from where, then how it was done."""
    level = nodes.paragraph(
        "", say("Confidence: {level}", level=say(claim.confidence)), classes=[f"level-{claim.confidence}"]
    )
    by_rule = claim.judged()
    why = [*_paragraphs(by_rule.because), *_readings(claim), *_paragraphs(claim.why_confidence)]
    if claim.departs:
        left = say(
            "This card leaves the rule, which gives {verdict}, confidence {level}.",
            verdict=say(evidence.VERDICTS[by_rule.code]),
            level=say(by_rule.confidence),
        )
        why.append(nodes.paragraph("", together([left, say(claim.departs.why)])))
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
    return [edition.paragraph(text) for text in texts if text]


def _field(term: str, kind: str, content: list[nodes.Node]) -> nodes.definition_list_item:
    return nodes.definition_list_item(
        "", nodes.term("", say(term)), nodes.definition("", *content, classes=kind.split())
    )


def _readings(claim: evidence.Claim) -> list[nodes.Node]:
    """Each fair reading, what came of it, and who says so."""
    items = []
    for reading in claim.readings:
        told = say("{name}: {value}", name=say(reading.reads), value=say(reading.result))
        if reading.part != rule.WHOLE:
            part = say(reading.part)
            told = say("{name}: {value}", name=part[0].upper() + part[1:], value=told)
        who = [say("{name}, {year}", name=say(one.source.publisher), year=one.until) for one in reading.evidence]
        if who:
            told = say("{value} ({name})", value=told, name=say("; ").join(dict.fromkeys(who)))
        text = [say("{sentence}.", sentence=told)]
        if reading.design:
            text.append(say("Design: {design}.", design=say(reading.design)))
        items.append(nodes.list_item("", nodes.paragraph("", together(text), classes=edition.marks(reading.reads))))
    return [nodes.bullet_list("", *items, classes=["readings"])] if items else []


def _sources(claim: evidence.Claim) -> list[nodes.Node]:
    """The sources of the claim and the data sets its numbers come from, as a list; nothing if there are none."""
    named = dict.fromkeys(number.dataset for number in claim.numbers.values() if number.dataset)
    items = [source_line(source, first="title") for source in claim.sources]
    items += [nodes.inline("", say("{name}: {value}", name=name, value=say(datasets.source(name)))) for name in named]
    if not items:
        return []
    return [nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", "", item)) for item in items))]


def source_line(source: evidence.Source, first: str = "publisher") -> nodes.inline:
    """Publisher, title and date, a link to the publisher, and what a reader should know of it.

    first: "publisher" or "title", whichever the reader looks for.
    """
    title = edition.english(source.title)
    title = nodes.reference("", "", title, refuri=source.link) if source.link else title
    told = [say(source.kind)]
    if source.interest:
        told.append(say("interested: {why}", why=say(source.interest)))
    if source.read_as != "original":
        told.append(say("read in a copy") if source.read_as == "copy" else say("known by a report"))
    rest = say(" ({date}); {kind}", date=say(source.date), kind=say("; ").join(told))
    publisher = say(source.publisher)
    if first == "title":
        return nodes.inline("", "", title, nodes.Text(say(". {publisher}{rest}", publisher=publisher, rest=rest)))
    return nodes.inline("", "", nodes.Text(say("{publisher}, ", publisher=publisher)), title, nodes.Text(rest))


def _as_of(claim: evidence.Claim) -> str:
    """How old the evidence is beside the claim, and up to when sources were read."""
    newest, last = claim.evidence_until, evidence.retrieved()
    read = say("Sources read up to {day}.", day=tongue.dated(last))
    if newest is None:
        return together([say("As of {period}.", period=say(claim.as_of)), read])
    gap = claim.until - newest
    told = say("The newest evidence is of {newest}; the claim speaks of {until}.", newest=newest, until=claim.until)
    if gap > 0:
        told = count(
            "The newest evidence is of {newest}; the claim speaks of {until}, {number} year later.",
            "The newest evidence is of {newest}; the claim speaks of {until}, {number} years later.",
            gap,
            newest=newest,
            until=claim.until,
        )
    return together([told, read])


def in_words(day: str) -> str:
    """A day such as "2026-11-28" as "28 November 2026"."""
    return tongue.dated(date.fromisoformat(day))


def _changed(corrections: Iterable[evidence.Correction]) -> Iterator[str]:
    """A sentence for each reason that a card was changed for."""
    for (day, why), lines in groupby(corrections, attrgetter("date", "why")):
        changes = say("; ").join(_change(line) for line in lines)
        yield together([say("Changed on {day}: {changes}.", day=in_words(day), changes=changes), say(why)])


def _change(line: evidence.Correction) -> str:
    what = re.sub(r"\bse\b", "standard error", line.what.replace("_", " "))
    return say("{what} from {was} to {now}", what=say(what), was=say(line.was), now=say(line.now))


def _spaced(paraphrase: str) -> list[nodes.Node]:
    """The claim in a line, between its number and its sign."""
    said = nodes.Text(f" {say(paraphrase)} ")
    classes = edition.marks(paraphrase)
    return [nodes.inline("", "", said, classes=classes) if classes else said]


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
