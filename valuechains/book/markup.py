"""Markup of docutils, pandas and the bibliography that does not read well aloud, put right before it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import zip_longest

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex import plugin
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from valuechains import datasets, tongue
from valuechains.tongue import say

FIGURE = re.compile(r"[-+\u2212]?[\d.,]+(?:e[-+]?\d+)?\s?%?|NaN|nan|")
CODE = re.compile(r"[A-Z]{3}")
WORD = re.compile(r"[a-z]{2}")


def visit_entry(self: HTML5Translator, node: nodes.entry) -> None:
    """A cell: a header says what it heads, and an empty one heads nothing."""
    row = node.parent
    in_head = isinstance(row.parent, nodes.thead)
    heads = in_head or row.parent.parent.stubs[row.column]
    row.column += 1 + node.get("morecols", 0)
    tag = "th" if heads and node.astext().strip() else "td"
    attributes = {"scope": "col" if in_head else "row"} if tag == "th" else {}
    for span, more in (("rowspan", "morerows"), ("colspan", "morecols")):
        if more in node:
            attributes[span] = node[more] + 1
    self.body.append(self.starttag(node, tag, "", **attributes))
    self.context.append(f"</{tag}>\n")


def depart_entry(self: HTML5Translator, node: nodes.entry) -> None:
    self.body.append(self.context.pop())


def visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """An entry of the bibliography is an item of a list; the role docutils gives it is deprecated."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<div role="list" class="citation-list">\n')
    self.body.append(self.starttag(node, "div", classes=["citation"], role="listitem"))


def depart_citation(self: HTML5Translator, node: nodes.citation) -> None:
    self.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        self.body.append("</div>\n")


def visit_hidden_code(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Code behind a chart: folded, with a name that is the name it shows."""
    self.body.append(f'<details class="gvc-fold gvc-code"><summary>{say("Show the code")}</summary>\n')


def depart_hidden_code(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")


class Frames(SphinxPostTransform):
    """A data frame's table as pandas writes it: header cells that say what they head, and a frame to scroll it in.

    In every table of text columns of figures stand at the right too.
    """

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        names = _economies()
        for raw in self.document.findall(nodes.raw):
            if "html" in raw.get("format", "") and 'class="dataframe"' in raw.astext():
                raw.children = [nodes.Text(readable(raw.astext(), names))]
        for group in self.document.findall(nodes.tgroup):
            _numbers_right(group)


def _numbers_right(group: nodes.tgroup) -> None:
    rows = [row for row in group.findall(nodes.row) if len(row) == group.get("cols")]
    for cells in zip(*rows, strict=True):
        body = [cell.astext().strip() for cell in cells if isinstance(cell.parent.parent, nodes.tbody)]
        if any(body) and all(map(FIGURE.fullmatch, body)):
            for cell in cells:
                cell["classes"] = [*cell["classes"], "gvc-number"]


def readable(html: str, names: Mapping[str, str]) -> str:
    """The tables of some HTML with scopes and names for codes, without empty headers, styles and borders; names and
    words are in the page's language if it has them."""
    soup = BeautifulSoup(html, "html.parser")
    for style in soup.find_all("style"):
        style.decompose()
    for table in soup.find_all("table", class_="dataframe"):
        del table["border"]
        _one_head(table)
        _names_for_codes(table, names)
        _in_the_pages_language(table)
        _words_left(table)
        for row in table.find_all("tr"):
            del row["style"]
            for cell in row.find_all("th"):
                if not cell.get_text(strip=True):
                    cell.name = "td"
                else:
                    cell["scope"] = "col" if cell.find_parent("thead") else "row"
    return re.sub(r"\n +<", "\n<", str(soup))


def _one_head(table: Tag) -> None:
    """The name of the rows stands over them in the one head, not in a band of its own."""
    rows = table.thead.find_all("tr") if table.thead else []
    if len(rows) < 2:
        return
    names = [cell.get_text(strip=True) for cell in rows[-1].find_all("th")]
    rows_named = table.tbody.tr.find_all("th") if table.tbody and table.tbody.tr else []
    if any(names[len(rows_named) :]):
        return
    above = rows[-2].find_all("th")
    for cell, name in zip(above, names[: len(rows_named)], strict=False):
        across = cell.get_text(strip=True)  # the name of the columns, over the last of the rows' names
        cell.string = f"{name} / {across}" if name and across else name or across
    rows[-1].decompose()


def _names_for_codes(table: Tag, names: Mapping[str, str]) -> None:
    """An economy's name for its code; a level that has any other code is of something else (FIN: finance)."""
    levels: list[list[Tag]] = [[*row.find_all("th")] for row in (table.thead.find_all("tr") if table.thead else [])]
    beside = [row.find_all("th")[::-1] for row in (table.tbody.find_all("tr") if table.tbody else [])]
    levels += [[cell for cell in level if cell] for level in zip_longest(*beside)]
    for level in levels:
        codes = {cell.get_text(strip=True) for cell in level if CODE.fullmatch(cell.get_text(strip=True))}
        if codes <= names.keys():
            for cell in level:
                text = cell.get_text(strip=True)
                cell.string = names[text] if text in codes else text


def _in_the_pages_language(table: Tag) -> None:
    """What a page of another language has no word for stands there in English and says so."""
    if tongue.is_english():
        return
    for cell in table.find_all(["th", "td"]):
        text = cell.get_text(strip=True)
        if (said := tongue.named(text)) != text:
            cell.string = said
        elif WORD.search(text):
            cell["lang"] = "en"


def words_of(html: str) -> set[str]:
    """What of the tables of some HTML another language would say in its own words."""
    cells = BeautifulSoup(html, "html.parser").select("table.dataframe :is(th, td)")
    return {text for cell in cells if WORD.search(text := cell.get_text(strip=True))}


def _words_left(table: Tag) -> None:
    """Figures stand at the right; columns of words, and what heads them and the rows, stand at the left."""
    rows = [row.find_all(["th", "td"]) for row in table.tbody.find_all("tr")] if table.tbody else []
    width = max(map(len, rows), default=0)
    whole = [row for row in rows if len(row) == width]  # a name of rows may reach over several
    heads = [row.find_all("th") for row in table.thead.find_all("tr")] if table.thead else []
    for place in range(width):
        column = [row[place] for row in whole]
        if not all(cell.name == "td" and FIGURE.fullmatch(cell.get_text(strip=True)) for cell in column):
            for cell in [
                *(cell for cell in column if cell.name == "td"),
                *(row[place] for row in heads if place < len(row)),
            ]:
                cell["class"] = "gvc-left"  # pandas gives a cell none


@cache
def _economies() -> dict[str, str]:
    """The name of each economy by its code, which says nothing to a reader."""
    countries = datasets.read("countries")
    return dict(zip(countries.country, countries.name, strict=True))


def remember_backend() -> None:
    """Each reference asks pybtex for its backend, and each time it searches all installed packages for it."""
    group, name = "pybtex.backends", "plaintext"
    plugin.register_plugin(group, name, plugin.find_plugin(group, name), force=True)


def setup(app: Sphinx) -> None:
    remember_backend()
    app.add_node(nodes.entry, override=True, html=(visit_entry, depart_entry))
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_code, depart_hidden_code))
    app.add_post_transform(Frames)
