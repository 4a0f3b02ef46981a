"""Formulas as MathML, made when the book is built: no script, no font to load, read out by screen readers."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

UNKNOWN = re.compile(r">\\([A-Za-z]+)<")  # latex2mathml writes a command it does not know as text


def to_mathml(latex: str, *, block: bool = False) -> str:
    r"""A `<math>` element for a formula in LaTeX, with the LaTeX as its `alttext`.

    Raises ValueError if the formula holds something that cannot be converted.
    """
    source = latex.strip()
    body = source
    if block and r"\\" in body and r"\begin" not in body:
        body = rf"\begin{{aligned}}{body}\end{{aligned}}"
    try:
        text = convert(body, display="block" if block else "inline")
    except Exception as error:  # the converter's own errors share no base class
        raise ValueError(f"The formula {source!r} does not convert to MathML ({type(error).__name__}): {error}.") from error
    unknown = UNKNOWN.search(text)
    if unknown:
        raise ValueError(f"The formula {source!r} uses \\{unknown[1]}, which does not convert to MathML.")
    return text.replace("<math ", f'<math alttext="{escape(source, quote=True)}" ', 1)


def _write(self, node: nodes.Element, block: bool) -> None:
    try:
        self.body.append(to_mathml(node.astext(), block=block))
    except ValueError as error:
        logger.warning("%s", error, location=node)
        self.body.append(f"<code>{escape(node.astext())}</code>")


def visit_inline(self, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    _write(self, node, block=False)
    self.body.append("</span>")
    raise nodes.SkipNode


def visit_block(self, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    self.body.append('<div class="gvc-formula">')
    _write(self, node, block=True)
    self.body.append("</div>")
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
