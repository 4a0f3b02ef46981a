"""What tables and links are called: a caption for each table, and words where a link shows a bare number."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, cast

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.domain import BibtexDomain

from valuechains.tongue import say

if TYPE_CHECKING:
    from pybtex.database import Entry

BARE = re.compile(r"[\d\W]*\d[\d\W]*")
MOST = 8  # columns that a caption lists


class Captions(SphinxPostTransform):
    """A table without a caption is named after the heading above it, the second one after its columns too.

    The caption is not shown: who sees the page sees the heading. A head that is empty goes; what it was put over (the
    table at the beginning of a chapter) has a header in each row.
    """

    default_priority = 710  # after the frames of pandas were made readable

    def run(self, **kwargs: object) -> None:
        heading, known = self.document.get("title", ""), set[str]()
        for node in list(self.document.findall()):
            if isinstance(node, (nodes.title, nodes.rubric)) and not isinstance(node.parent, nodes.table):
                heading = node.astext()
            elif isinstance(node, nodes.table) and not isinstance(node[0], nodes.title):
                head = node.next_node(nodes.thead)
                columns = [entry.astext() for entry in head.findall(nodes.entry)] if head else []
                if head and not any(map(str.strip, columns)):
                    _head_rows(node, head)
                caption = named(heading, columns, known, False)
                node.insert(0, nodes.raw("", caption, format="html"))
            elif isinstance(node, nodes.raw) and "html" in node.get("format", "") and "<table" in node.astext():
                node.children = [nodes.Text(captioned(node.astext(), heading, known))]


def _head_rows(table: nodes.table, head: nodes.thead) -> None:
    next(table.findall(nodes.colspec))["stub"] = 1
    cast(nodes.Element, head.parent).remove(head)


def captioned(html: str, heading: str, known: set[str]) -> str:
    """Some HTML, each table of it with a caption."""
    soup = BeautifulSoup(html, "html.parser")
    for table in soup.find_all("table"):
        if table.caption is None:
            row = cast(Tag, table.tr)
            columns = [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
            table.insert(0, BeautifulSoup(named(heading, columns, known, True), "html.parser"))
    return str(soup)


def named(heading: str, columns: list[str], known: set[str], listed: bool) -> str:
    """A caption that no other table of the page has."""
    shown = [column for column in columns if column.strip()][:MOST]
    long = shown and (listed or heading in known)
    name = say("{name}: {value}", name=heading, value=say(", ").join(shown)) if long else heading
    alike = sum(1 for one in known if one == name or one.startswith(f"{name} ("))
    name = f"{name} ({alike + 1})" if alike else name
    known.add(name)
    return f'<caption class="gvc-hidden">{escape(name)}</caption>'


class NumberLinks(SphinxPostTransform):
    """A link that shows a number says what the number is: who wrote the work cited, which chapter it leads to."""

    default_priority = 720

    def run(self, **kwargs: object) -> None:
        listed = self.app.registry.has_domain("cite")  # a site may have no bibliography
        cited = {
            (one.bibliography_key.docname, one.citation_id): called(one.entry)
            for one in (cast(BibtexDomain, self.env.get_domain("cite")).citations if listed else ())
        }
        for link in self.document.findall(nodes.reference):
            if BARE.fullmatch(link.astext()):
                page, _, place = link.get("refuri", "").partition("#")
                words = cited.get((self._page(page), place)) or link.get("reftitle", "")
                if words:
                    link += nodes.inline("", say(": {words}", words=words), classes=["gvc-hidden"])
                    link.attributes.pop("reftitle", None)  # it would be read twice

    def _page(self, address: str) -> str:
        here = self.env.docname.rpartition("/")[0]
        name = address.rpartition(".")[0]
        return f"{here}/{name}" if here and name else name or self.env.docname


def called(entry: Entry) -> str:
    """A work by its authors and year: Koopman, Wang and others, 2014."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join(person.prelast_names + person.last_names) for person in people]
    names = [*names[:2], say("others")] if len(names) > 3 else names
    first = say(", ").join(names[:-1])
    who = say("{others} and {last}", others=first, last=names[-1]) if first else "".join(names)
    who = who or entry.fields.get("title", "")
    return re.sub(r"[{}]", "", say(", ").join(filter(None, [who, entry.fields.get("year", "")])))


def setup(app: Sphinx) -> None:
    app.add_post_transform(Captions)
    app.add_post_transform(NumberLinks)
