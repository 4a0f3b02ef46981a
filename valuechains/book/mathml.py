"""Formulas as MathML, made when the book is built: no script, read out by screen readers."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

OPENING, CLOSING = re.compile(r"[(\[“‘]*$"), re.compile(r"[)\]”’.,;:!?]*")
ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL)
ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|split|align)\}")  # one environment for all: the page numbers formulas
BOLD_DIGITS = re.compile(r'<mn mathvariant="bold">(\d+)</mn>')
UNREADABLE = (  # what latex2mathml lets through, though no browser draws it
    (re.compile(r">\\([A-Za-z]+)<"), r"\{}"),
    (re.compile(r"<mi>(&)</mi>"), "{} outside of an aligned formula"),
    (re.compile(r'linebreak="(newline)"'), "a {} outside of an aligned formula"),
    (re.compile(r"<(menclose)\b"), r"\boxed or another frame ({})"),
    (re.compile(r'<m[^i]\w* mathvariant="([\w-]+)"'), "letters in {} that MathML has not"),
)


def to_mathml(latex: str, *, block: bool = False) -> str:
    r"""A `<math>` element for a formula in LaTeX, with the LaTeX as its `alttext`.

    Raises ValueError if the formula holds something that cannot be converted.
    """
    source = latex.strip()
    body = source
    if block and r"\\" in ENVIRONMENT.sub("", body):
        body = rf"\begin{{align}}{body}\end{{align}}"
    body = ALIGNED.sub(r"\\\1{align*}", body)
    try:
        text = convert(body, display="block" if block else "inline")
    except Exception as error:  # the converter's own errors share no base class
        raise ValueError(f"The formula {source!r} does not convert to MathML ({type(error).__name__}).") from error
    text = BOLD_DIGITS.sub(lambda digits: f"<mn>{''.join(chr(0x1D7CE + int(digit)) for digit in digits[1])}</mn>", text)
    for pattern, what in UNREADABLE:
        if found := pattern.search(text):
            raise ValueError(f"The formula {source!r} uses {what.format(found[1])}, which does not convert to MathML.")
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


class Joined(SphinxPostTransform):
    """Brackets and stops that touch a formula stay on its line: a browser would break there."""

    default_priority = 900
    builders = ("html",)

    def run(self) -> None:
        for formula in list(self.document.findall(nodes.math)):
            parent, place = formula.parent, formula.parent.index(formula)
            before, after = (
                parent[at] if 0 <= at < len(parent) and isinstance(parent[at], nodes.Text) else ""
                for at in (place - 1, place + 1)
            )
            opening, closing = OPENING.search(before)[0], CLOSING.match(after)[0]
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
