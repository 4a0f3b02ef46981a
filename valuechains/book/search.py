"""What the search of the book looks through: every place of every page with its words, in one script.

A script is read from a folder as well as from a server, where a page may not fetch another. Only the search page loads
it. A place is what a hit can lead to: a section, a figure, a claim card, a term of the glossary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag
from sphinx.application import Sphinx

from valuechains.book import workshop

PLACES = "section[id], figure.gvc-figure[id], details.claim[id], dl.glossary > dt[id]"
SILENT = (
    "script, style, noscript, [hidden], annotation, .headerlink, .gvc-code, .gvc-scroll, .gvc-downloads, .cell_input, "
    ".gvc-fold > summary, .gvc-hidden"
)
BLOCKS = {"p", "li", "td", "th", "dt", "dd", "legend", "label", "summary", "caption"}
FILE = "_static/gvc/search-places.js"


def places(html: str) -> list[tuple[str, str, str]]:
    """Each place of a page in order: its anchor, its name, and the text that belongs to no place inside it."""
    article = _one(BeautifulSoup(html, "html.parser"), "article")
    for part in article.select(SILENT):
        part.decompose()
    found = article.select(PLACES)
    names = [_name(part) for part in found]  # taken out of the text, which need not repeat them
    own: dict[int, list[str]] = {id(part): [] for part in found}
    for text in article.find_all(string=True):
        place = _place(text, own)
        if place is not None:
            own[id(place)].append(" " * (text.parent is not None and text.parent.name in BLOCKS) + text)
    return [(str(part["id"]), name, _joined(own[id(part)])) for part, name in zip(found, names)]


def _place(text: NavigableString, known: Container[int]) -> Tag | None:
    """The innermost place that a text is in; a definition belongs to the term before it."""
    definition = text.find_parent("dd")
    term = definition and definition.find_previous_sibling("dt", id=True)
    around = [term, *text.parents] if term else text.parents
    return next((part for part in around if id(part) in known), None)


def _name(part: Tag) -> str:
    """What a place is called on its page; the words leave the page with it."""
    head = part if part.name == "dt" else _one(part, "h1, h2, h3, h4, h5, h6, .gvc-finding, summary")
    sign = head.select_one(".sign")
    name = _joined([text for text in head.find_all(string=True) if sign is None or sign not in text.parents])
    head.clear()
    return name


def _one(part: Tag, selector: str) -> Tag:
    found = part.select_one(selector)
    if found is None:
        raise ValueError(f"A page of the book has no {selector} where the search needs one, in {str(part)[:80]!r}.")
    return found


def _joined(parts: Iterable[str]) -> str:
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def write(app: Sphinx, failure: Exception | None) -> None:
    """The script of all places, in the order of the contents."""
    if failure or app.builder.name != "html":
        return
    names = sorted(app.env.found_docs)
    html = {name: Path(app.outdir, f"{name}.html").read_text(encoding="utf-8") for name in names}
    for text in html.values():
        workshop.order(kept_places, text)
    pages = []
    for name in names:
        found = json.loads((workshop.take(kept_places, html[name]) / "places.json").read_text(encoding="utf-8"))
        pages.append([app.builder.get_target_uri(name), app.env.titles[name].astext(), found])
    text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    Path(app.outdir, FILE).write_text(f"window.gvcPlaces={text};\n", encoding="utf-8")


def kept_places(html: str) -> dict[str, bytes]:
    """The places of a page for the workshop: a page that is not written anew is not read again."""
    return {"places.json": json.dumps(places(html), ensure_ascii=False).encode()}


def setup(app: Sphinx) -> None:
    app.connect("build-finished", write)
