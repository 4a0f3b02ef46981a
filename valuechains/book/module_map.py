"""The map of the module, read from the heads of the chapters, so that it cannot say anything else than they do.

Directive ``{module-map}``.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from valuechains.authoring.chapter import FIELDS, NUMBERED, Head, read_head
from valuechains.book import edition, overviews

HEADS = ("Chapter", "Student time", "Before it", "Claims", "Widgets")
WIDTHS = (22, 11, 35, 16, 16)  # percent


class ModuleMap(SphinxDirective):
    """A table of the chapters in order, and the hours they take in all."""

    def run(self) -> list[nodes.Node]:
        overviews.note(self.env)
        pages = sorted(page for page in edition.every_page(self.env) if NUMBERED.match(Path(page).name))
        try:
            heads = {page: self._head(page) for page in pages}
        except ValueError as error:
            raise self.error(str(error)) from None
        parsed = self.parse_text_to_nodes(_markdown(heads))
        table = next(node for node in parsed if isinstance(node, nodes.table))
        table["classes"] = ["module-map", "stacked", "colwidths-given"]
        for column, width in zip(table.findall(nodes.colspec), WIDTHS, strict=True):
            column["colwidth"] = width
        for row in table.findall(nodes.row):
            for entry, name in zip(row.children, ("chapter", *FIELDS), strict=True):
                entry["classes"].append(name)
        table.next_node(nodes.colspec)["stub"] = 1
        return parsed

    def _head(self, page: str) -> Head:
        source = Path(self.env.srcdir, f"{page}.ipynb")
        self.env.note_dependency(str(source))
        return read_head(source)


def _markdown(heads: dict[str, Head]) -> str:
    lines = ["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
    for page, head in heads.items():
        name = Path(page).name
        link = f"[{int(name[:2])} {head.title}]({name})"
        cells = (link, head.hours.split(":")[0], head.before, head.claims, head.widgets)
        lines.append("| " + " | ".join(cells) + " |")
    least, most = (sum(head.range[end] for head in heads.values()) for end in (0, 1))
    total = f"{least:g}" if least == most else f"{least:g} to {most:g}"
    return "\n".join([*lines, "", f"In all {total} hours of student time."])


def setup(app: Sphinx) -> dict:
    app.setup_extension("valuechains.book.overviews")
    app.add_directive("module-map", ModuleMap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
