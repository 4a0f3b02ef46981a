"""Markup of docutils, pandas and the bibliography that does not read well aloud, put right before it is written."""

from __future__ import annotations

from bs4 import BeautifulSoup
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex import plugin
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from valuechains.tongue import say


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
    """A data frame's table as pandas writes it: header cells that say what they head, and a frame to scroll it in."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for raw in self.document.findall(nodes.raw):
            if "html" in raw.get("format", "") and 'class="dataframe"' in raw.astext():
                raw.children = [nodes.Text(readable(raw.astext()))]


def readable(html: str) -> str:
    """The tables of some HTML with scopes, without empty headers, styles and borders."""
    soup = BeautifulSoup(html, "html.parser")
    for style in soup.find_all("style"):
        style.decompose()
    for table in soup.find_all("table", class_="dataframe"):
        del table["border"]
        for row in table.find_all("tr"):
            del row["style"]
            for cell in row.find_all("th"):
                if not cell.get_text(strip=True):
                    cell.name = "td"
                else:
                    cell["scope"] = "col" if cell.find_parent("thead") else "row"
    return str(soup)


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
