"""What the search of the book looks through: every place of every page with its words, in one script.

A script is read from a folder as well as from a server, where a page may not fetch another. Only the search page loads
it. A place is what a hit can lead to: a section, a figure, a claim card, a term of the glossary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

from valuechains.book import workshop

SILENT = {"headerlink", "gvc-code", "gvc-scroll", "gvc-downloads", "cell_input", "gvc-hidden"}  # classes
UNREAD = {"script", "style", "noscript", "annotation"}
BLOCKS = {"p", "li", "td", "th", "dt", "dd", "legend", "label", "summary", "caption"}
FILE = "_static/gvc/search-places.js"


class Place(NamedTuple):
    """What a hit can lead to: its anchor, its name, and its words, which belong to no place inside it."""

    anchor: str
    name: str
    words: list[str]


def places(html: str) -> list[tuple[str, str, str]]:
    """Each place of a page in order: its anchor, its name, and the text that belongs to no place inside it."""
    article = _one(BeautifulSoup(html, "html.parser"), "article")
    found: list[Place] = []
    _collect(article, None, found)
    return [(place.anchor, place.name, _joined(place.words)) for place in found]


def _collect(part: Tag, place: Place | None, found: list[Place]) -> None:
    """Give what stands in a part to its place; a definition belongs to the term before it."""
    term = None
    for child in part.children:
        if not isinstance(child, Tag):
            if place:
                place.words.append(" " * (part.name in BLOCKS) + str(child))
        elif _is_silent(child):
            continue
        elif _is_place(child):
            own = Place(str(child["id"]), _name(child), [])
            found.append(own)
            _collect(child, own, found)
            term = own if child.name == "dt" else term
        else:
            _collect(child, term if term and child.name == "dd" else place, found)


def _is_place(part: Tag) -> bool:
    classes = part.get("class") or ()
    return "id" in part.attrs and (
        part.name == "section"
        or (part.name == "figure" and "gvc-figure" in classes)
        or (part.name == "details" and "claim" in classes)
        or (part.name == "dt" and part.parent is not None and "glossary" in (part.parent.get("class") or ()))
    )


def _is_silent(part: Tag) -> bool:
    if part.name in UNREAD or "hidden" in part.attrs or not SILENT.isdisjoint(part.get("class") or ()):
        return True
    return part.name == "summary" and part.parent is not None and "gvc-fold" in (part.parent.get("class") or ())


def _name(part: Tag) -> str:
    """What a place is called on its page; the words leave the page with it."""
    head = part if part.name == "dt" else _one(part, "h1, h2, h3, h4, h5, h6, .gvc-finding, summary")
    name = _joined(_texts(head))
    head.clear()
    return name


def _texts(part: Tag) -> Iterator[str]:
    for child in part.children:
        if not isinstance(child, Tag):
            yield str(child)
        elif not (_is_silent(child) or "sign" in (child.get("class") or ())):
            yield from _texts(child)


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
