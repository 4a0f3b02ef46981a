"""The words of a question as HTML that is well-formed XML: formulas as TeX between \\( and \\), or as MathML."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from xml.etree import ElementTree

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from valuechains.authoring.formulas import formula


def html(text: str, *, mathml: bool = False) -> str:
    """Markdown as XHTML."""
    return (_MATHML if mathml else _TEX).render(text.strip())


def inline(text: str, *, mathml: bool = False) -> str:
    """One sentence as XHTML, without a paragraph around it."""
    return (_MATHML if mathml else _TEX).renderInline(text.strip())


def elements(text: str, tag: str = "div") -> ElementTree.Element:
    """XHTML as an element that holds it."""
    return ElementTree.fromstring(f"<{tag}>{text}</{tag}>")


def _tex(content: str, options: dict) -> str:
    left, right = (r"\[", r"\]") if options["display_mode"] else (r"\(", r"\)")
    return f"{left}{escape(content, quote=False)}{right}"


def _reader(renderer: Callable[[str, dict], str]) -> MarkdownIt:
    options = {"html": False, "xhtmlOut": True}
    return MarkdownIt("commonmark", options).enable("table").use(dollarmath_plugin, renderer=renderer)


_TEX, _MATHML = _reader(_tex), _reader(formula)
