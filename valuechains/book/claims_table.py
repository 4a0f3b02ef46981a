"""All claims in one table, each with a link to its card and to its chapter.

Directive ``{claims-table}``. The table is whole without a script; claims-table.js adds filters, a search and sorting.
A claim whose card is on no page of the book stands without a link.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from valuechains import evidence
from valuechains.book import overviews
from valuechains.book.claims import anchor
from valuechains.tongue import say, to_say

COLUMNS = {"claim": 10, "says": 24, "article": 9, "section": 15, "kind": 12, "verdict": 17, "confidence": 13}  # widths


HEADS = {
    "claim": to_say("Claim"),
    "says": to_say("Says"),
    "article": to_say("Article"),
    "section": to_say("Section"),
    "kind": to_say("Kind"),
    "verdict": to_say("Verdict"),
    "confidence": to_say("Confidence"),
}


class to_card(nodes.inline):
    """Text that becomes a link to the card of `claim`, or to its page if `page` is set."""


class ClaimsTable(SphinxDirective):
    """Every claim of the ledger, a row each, in the ledger's order."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(evidence.ledger_file()))
        overviews.note(self.env)  # a card that moved to another chapter moves its link
        rows = [_row(claim) for claim in evidence.claims()]
        table = _table(say("All claims, in the order of the articles"), rows)
        return [nodes.raw("", _controls(), format="html"), table, nodes.raw("", self._files(), format="html")]

    def _files(self) -> str:
        """Links to all cards as one file, and to its schema (`claim_review` puts both into the site)."""
        folder = "../" * self.env.docname.count("/") + "_static/gvc"
        text = say(
            "All cards, readings, results and sources: {cards}; what its fields mean: {schema}.",
            cards=f'<a href="{folder}/claims.json">claims.json</a>',
            schema=f'<a href="{folder}/claims.schema.json">claims.schema.json</a>',
        )
        return f"<p>{text}</p>\n"


def _row(claim: evidence.Claim) -> nodes.row:
    cells = {
        "claim": to_card("", claim.id, claim=claim.id),
        "says": nodes.Text(claim.paraphrase),
        "article": nodes.Text(claim.article.author),
        "section": to_card("", claim.section, claim=claim.id, page=True),
        "kind": nodes.Text(claim.kind),
        "verdict": nodes.Text(claim.verdict),
        "confidence": nodes.Text(claim.confidence),
    }
    entries = [nodes.entry("", nodes.paragraph("", "", cell), classes=[name]) for name, cell in cells.items()]
    entries[list(COLUMNS).index("verdict")]["classes"] += ["verdict", f"verdict-{claim.verdict_code.lower()}"]
    return nodes.row("", *entries)


def _table(title: str, rows: list[nodes.row]) -> nodes.table:
    heads = [nodes.entry("", nodes.paragraph("", say(HEADS[name])), classes=[name]) for name in COLUMNS]
    columns = [nodes.colspec(colwidth=width) for width in COLUMNS.values()]
    columns[0]["stub"] = 1
    group = nodes.tgroup(
        "", *columns, nodes.thead("", nodes.row("", *heads)), nodes.tbody("", *rows), cols=len(COLUMNS)
    )
    return nodes.table("", nodes.title("", title), group, classes=["claims-table", "stacked", "colwidths-given"])


def _controls() -> str:
    """A search and a filter for each field with few values, hidden until the script is there to serve them."""
    choices = {
        "article": [article.author for article in evidence.articles().values()],
        "section": [f"{code} {title}" for code, title in evidence.sections().items()],
        "kind": evidence.KINDS,
        "verdict": evidence.VERDICTS.values(),
        "confidence": evidence.CONFIDENCE,
    }
    total = len(evidence.claims())
    return (
        f'<form class="claims-filter" role="search" aria-label="{say("Filter the claims")}" hidden>\n'
        f'<label>{say("Text")} <input type="search" name="text" autocomplete="off"></label>\n'
        + "".join(_select(name, options) for name, options in choices.items())
        + f'<button type="reset">{say("Show all")}</button>\n'
        f'<p role="status">{say("{shown} of {all} claims shown", shown=total, all=total)}</p>\n</form>\n'
    )


def _select(name: str, options: Iterable[str]) -> str:
    listed = "".join(f"<option>{escape(option)}</option>" for option in options)
    every = f'<option value="">{say("all")}</option>'
    return f'<label>{say(HEADS[name])} <select name="{name}">{every}{listed}</select></label>\n'


class ClaimLinks(SphinxPostTransform):
    """Point each row at its card, now that it is known which pages hold cards."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        cards = cast(StandardDomain, self.env.get_domain("std")).anonlabels
        for link in list(self.document.findall(to_card)):
            page, place = cards.get(anchor(link["claim"]), (None, None))
            text = nodes.inline("", *link.children)
            if page is None:
                link.replace_self(text)
            else:
                target = None if link.get("page") else place
                link.replace_self(make_refnode(self.app.builder, self.env.docname, page, target, text))


def _add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is not None and any("claims-table" in table["classes"] for table in doctree.findall(nodes.table)):
        app.add_js_file("gvc/claims-table.js", loading_method="defer")


def setup(app: Sphinx) -> dict:
    app.setup_extension("valuechains.book.overviews")
    app.add_directive("claims-table", ClaimsTable)
    app.add_post_transform(ClaimLinks)
    app.connect("html-page-context", _add_script)
    app.add_css_file("gvc/tables.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
