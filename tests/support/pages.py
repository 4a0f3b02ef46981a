"""The pages of the built book, what each declares, and scripts that say what of it a browser shows."""

from __future__ import annotations

import json
import pickle
import re
from functools import cache
from pathlib import Path

import yaml
from docutils import nodes

from valuechains.authoring.catalogue import spoken
from valuechains.book import front
from valuechains.book.edition import editions, folder
from valuechains.book.outputs import MIMES
from valuechains.widgets import chart_words

ROOT = Path(__file__).resolve().parents[2]
FITTING = (ROOT / "tests/support/fitting.js").read_text(encoding="utf-8")
# How many charts are drawn: with marks, and in a box that can be seen; and how many formulas, each of whole parts.
DRAWN = """() => {
  const parts = {mfrac: 2, mroot: 2, msub: 2, msup: 2, munder: 2, mover: 2, msubsup: 3, munderover: 3};
  const lacking = (one) => one.localName in parts && one.children.length !== parts[one.localName];
  return [
    [...document.querySelectorAll('figure.gvc-figure')].filter(figure => {
        const svg = figure.querySelector('.gvc-live svg');
        const marks = svg?.querySelectorAll('.role-mark :is(path, rect, line, text)').length;
        return figure.gvc && marks && svg.getBoundingClientRect().height > 40;
    }).length,
    [...document.querySelectorAll('math')].filter(math => {
        const box = math.getBoundingClientRect();
        const whole = ![...math.querySelectorAll('*')].some((one) => one.localName === 'merror' || lacking(one));
        return box.width > 3 && box.height > 3 && whole;
    }).length];
}"""


def _listed() -> list[str]:
    """Every page of the book by its contents, and the two that Sphinx adds."""

    def walk(part):
        if isinstance(part, dict):
            yield from ([part["root"]] if "root" in part else []) + ([part["file"]] if "file" in part else [])
            part = list(part.values())
        if isinstance(part, list):
            for item in part:
                yield from walk(item)

    return [*walk(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))), "search", "genindex"]


# Each page of an edition in another language: the language, and the English page that it is of.
TRANSLATED = {
    f"{folder(language)}/{page}": (language, page) for language, pages in editions(ROOT) for page in sorted(pages)
}


def english(page: str) -> str:
    """The page itself, or the English one that it translates."""
    return TRANSLATED.get(page, ("", page))[1]


def speaking(page: str):
    """While a page's language is spoken, what it says can be looked up."""
    return spoken(ROOT, TRANSLATED.get(page, ("", page))[0])


BORROWED = re.compile(r"^```\{chart-of\} (\S+) (\S+)$", re.M)


def outputs(page: str) -> list[dict]:
    """The chart specifications stored in a page's notebook, or those that it borrows from chapters."""
    if page in TRANSLATED:
        with speaking(page):
            return [chart_words.told(spec) for spec in outputs(english(page))]
    source = ROOT / f"{page}.ipynb"
    text = source.with_suffix(".md")
    if text.exists():
        found = BORROWED.findall(text.read_text(encoding="utf-8"))
        return [front.figure(ROOT / f"chapters/{chapter}.ipynb", name) for chapter, name in found]
    if not source.exists():
        return []
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"]
    shown = [cell for cell in cells if not {"remove-output", "remove-cell"} & set(cell["metadata"].get("tags", []))]
    return [
        output["data"][mime]
        for cell in shown
        for output in cell.get("outputs", [])
        for mime in MIMES
        if mime in output.get("data", {})
    ]


@cache
def formulas(built: Path, page: str) -> int:
    """How many formulas the page's text holds, counted in the document that Sphinx read."""
    stored = built.parent / ".doctrees" / f"{english(page)}.doctree"
    if not stored.exists():
        return 0
    document = pickle.loads(stored.read_bytes())
    return sum(1 for node in document.findall() if isinstance(node, (nodes.math, nodes.math_block)))


PAGES = _listed()
CHARTED = [page for page in PAGES if outputs(page)]
