"""The map of the module, read from the heads of the chapters, so that it cannot say anything else than they do.

Directive ``{module-map}``. A chapter is a notebook of the book whose file name starts with its number
(``02-services``); its first cell has the title and a table with the rows Time, Before you start, Claims and Widgets.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FIELDS = {"hours": "Time", "before": "Before you start", "claims": "Claims", "widgets": "Widgets"}
HEADS = ("Chapter", "Student time", "Before it", "Claims", "Widgets")
WIDTHS = (22, 11, 35, 16, 16)  # percent
NUMBERED = re.compile(r"\d\d-")
HOURS = re.compile(r"([\d.]+)(?: to ([\d.]+))? hours?\b")


@dataclass(frozen=True)
class Head:
    """What a chapter's first cell says of it, as Markdown."""

    title: str
    hours: str
    before: str
    claims: str
    widgets: str

    @property
    def range(self) -> tuple[float, float]:
        """Fewest and most hours."""
        least, most = HOURS.match(self.hours).groups()
        return float(least), float(most or least)


def read_head(notebook: Path) -> Head:
    """The head of one chapter; ValueError says what it lacks."""
    text = "".join(json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"])
    title = re.match(r"# (.+)", text)
    rows = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \|$", text, re.M))
    lacking = ["a title"] * (not title) + [row for row in FIELDS.values() if row not in rows]
    if lacking or not HOURS.match(rows["Time"]):
        raise ValueError(
            f"The first cell of {notebook.name} lacks {', '.join(lacking) or 'hours at the start of Time'}."
        )
    return Head(title[1], **{field: rows[row] for field, row in FIELDS.items()})


class ModuleMap(SphinxDirective):
    """A table of the chapters in order, and the hours they take in all."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()  # the set of chapters can change
        pages = sorted(page for page in self.env.found_docs if NUMBERED.match(Path(page).name))
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
        source = Path(self.env.doc2path(page))
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
    app.add_directive("module-map", ModuleMap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
