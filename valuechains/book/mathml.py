"""Formulas of the book's pages as MathML, made when the book is built."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from valuechains.authoring.formulas import to_mathml
from valuechains.tongue import say

logger = logging.getLogger(__name__)

OPENING, CLOSING = re.compile(r"[(\[“‘]*$"), re.compile(r"[)\]”’.,;:!?]*")


def _write(self: HTML5Translator, node: nodes.Element, block: bool) -> None:
    try:
        self.body.append(to_mathml(node.astext(), block=block))
    except ValueError as error:
        logger.warning("%s", error, location=node)
        self.body.append(f"<code>{escape(node.astext())}</code>")


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    _write(self, node, block=False)
    self.body.append("</span>")
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    self.body.append('<div class="gvc-formula">')
    _write(self, node, block=True)
    self.body.append("</div>")
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, say("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


class Joined(SphinxPostTransform):
    """Brackets and stops that touch a formula stay on its line: a browser would break there."""

    default_priority = 900
    builders = ("html",)

    def run(self, **options: object) -> None:
        for formula in list(self.document.findall(nodes.math)):
            parent, place = formula.parent, formula.parent.index(formula)
            before, after = (
                parent[at] if 0 <= at < len(parent) and isinstance(parent[at], nodes.Text) else ""
                for at in (place - 1, place + 1)
            )
            opening, closing = OPENING.search(before)[0], CLOSING.match(after)[0]  # type: ignore[index]
            if opening:
                parent[place - 1] = nodes.Text(before.removesuffix(opening))
            if closing:
                parent[place + 1] = nodes.Text(after.removeprefix(closing))
            if opening or closing:
                parent[place] = nodes.inline(
                    "", "", nodes.Text(opening), formula, nodes.Text(closing), classes=["gvc-joined"]
                )


def setup(app: Sphinx) -> None:
    app.add_post_transform(Joined)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
