"""Formulas as MathML: no script, read out by screen readers. One way for all that is published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from latex2mathml.converter import convert

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


def formula(content: str, options: Mapping) -> str:
    """The same for Markdown's formulas between dollar signs; what cannot be converted stands as its source."""
    try:
        return to_mathml(content, block=bool(options.get("display_mode")))
    except ValueError:
        return f"<code>{escape(content)}</code>"
