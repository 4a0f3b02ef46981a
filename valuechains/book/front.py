"""What the first page shows of the book: a chart of a chapter, alive, and the chapters by what they ask.

Directive ``{chart-of} 02-services every-way-content`` shows a figure of a chapter on another page too, as the chapter's
notebook stores it; ``{questions-asked}`` lists what each chapter asks, each question the way to its chapter.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from valuechains.authoring.chapter import NUMBERED, question
from valuechains.book import edition, outputs, overviews


class ChartOf(SphinxDirective):
    """A figure of a chapter by its name; it has no number here, for it has one there."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        chapter, name = self.arguments
        notebook = Path(self.env.srcdir, "chapters", f"{chapter}.ipynb")
        self.env.note_dependency(str(notebook))
        found = figure(notebook, name) if notebook.is_file() else None
        if found is None:
            raise self.error(f"The chapter {chapter!r} publishes no figure {name!r}.")
        return [outputs.figure(found)]


def figure(notebook: Path, name: str) -> dict | None:
    """The specification that a notebook stores of its figure of this name."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            for mime in set(outputs.MIMES) & set(output.get("data", {})):
                spec = output["data"][mime]
                if spec.get("usermeta", {}).get("valuechains", {}).get("name") == name:
                    return spec
    return None


class QuestionsAsked(SphinxDirective):
    """What each chapter asks, in order."""

    def run(self) -> list[nodes.Node]:
        overviews.note(self.env)
        lines = []
        for page in sorted(page for page in edition.every_page(self.env) if NUMBERED.match(Path(page).name)):
            source = Path(self.env.srcdir, f"{page}.ipynb")
            self.env.note_dependency(str(source))
            try:
                lines.append(f"- [{question(source)}]({source.stem})")
            except ValueError as error:
                raise self.error(str(error)) from None
        parsed = self.parse_text_to_nodes("\n".join(lines))
        for listed in parsed:
            if isinstance(listed, nodes.bullet_list):
                listed["classes"].append("gvc-questions-asked")
        return parsed


def setup(app: Sphinx) -> dict:
    app.setup_extension("valuechains.book.overviews")
    app.add_directive("chart-of", ChartOf)
    app.add_directive("questions-asked", QuestionsAsked)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
