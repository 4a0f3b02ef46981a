"""The page of the library: docstrings as they are written, read as reStructuredText by autodoc."""

from __future__ import annotations

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

ALIAS = "Alias for field number"  # what Python says of a field of a named tuple that nobody has explained


def mark_examples(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Indented lines are code, as in Markdown; reStructuredText wants two colons before them."""
    starts = [
        place
        for place, line in enumerate(lines)
        if line.startswith("    ") and (place == 0 or not lines[place - 1].strip())
    ]
    for place in reversed(starts):
        before = next((line for line in reversed(lines[:place]) if line.strip()), "")
        if not before.startswith("    "):  # else it goes on
            lines[place:place] = ["::", ""]


def leave_out(app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object) -> bool | None:
    """A field without an explanation stands in the signature already."""
    return True if str(getattr(thing, "__doc__", "")).startswith(ALIAS) and what == "class" else None


def readable(
    app: Sphinx, what: str, name: str, thing: object, options: object, signature: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """A default that is made anew for each object is no Python, and Sphinx would give the whole signature up."""
    return signature and signature.replace("<factory>", "..."), returned


class Unlisted(SphinxTransform):
    """The page of the library is its own index: the book's is for readers of the book."""

    default_priority = 500  # before Sphinx takes the entries

    def apply(self, **options: object) -> None:
        if any(one["domain"] == "py" for one in self.document.findall(addnodes.desc)):
            for entry in list(self.document.findall(addnodes.index)):
                entry.parent.remove(entry)


def setup(app: Sphinx) -> None:
    app.setup_extension("sphinx.ext.autodoc")
    app.add_transform(Unlisted)
    app.connect("autodoc-process-docstring", mark_examples)
    app.connect("autodoc-process-signature", readable)
    app.connect("autodoc-skip-member", leave_out)
