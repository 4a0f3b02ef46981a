"""Under each term of the glossary, the chapters that use it."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from valuechains.authoring.chapter import NUMBERED


def uses(env: BuildEnvironment) -> dict[str, list[str]]:
    """Chapters that refer to each term, in order; terms in lower case."""
    found: dict[str, list[str]] = {}
    for page in sorted(page for page in env.found_docs if NUMBERED.match(Path(page).name)):
        links = env.get_doctree(page).findall(addnodes.pending_xref)
        for term in {link["reftarget"].lower() for link in links if link["reftype"] == "term"}:
            found.setdefault(term, []).append(page)
    return found


class UsedIn(SphinxPostTransform):
    """Add a line to each definition: the numbers of the chapters, each a link."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        glossaries = list(self.document.findall(addnodes.glossary))
        found = uses(self.env) if glossaries else {}
        for entry in (entry for one in glossaries for entry in one.findall(nodes.definition_list_item)):
            terms = [term.astext().lower() for term in entry.findall(nodes.term)]
            pages = sorted({page for term in terms for page in found.get(term, [])})
            if pages:
                entry[-1] += self._line(pages)

    def _line(self, pages: list[str]) -> nodes.paragraph:
        line = nodes.paragraph("", "Used in chapter " if len(pages) == 1 else "Used in chapters ", classes=["used-in"])
        for place, page in enumerate(pages):
            number = nodes.inline("", str(int(Path(page).name[:2])))
            line += [nodes.Text(", ")] * bool(place)
            line += make_refnode(self.app.builder, self.env.docname, page, None, number, self.env.titles[page].astext())
        return line


def _glossary_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages to write again whenever anything was read, since their lines hang on the chapters."""
    return sorted({page for _, _, kind, page, _, _ in env.get_domain("std").get_objects() if kind == "term"})


def setup(app: Sphinx) -> dict:
    app.add_post_transform(UsedIn)
    app.connect("env-updated", _glossary_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
