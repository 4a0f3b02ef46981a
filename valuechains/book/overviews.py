"""Pages that are made from the other pages: read again when any page is, and left alone when nothing changed."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

MARK = "gvc-overview"


def note(env: BuildEnvironment) -> None:
    """The page that is being read tells of the others."""
    env.metadata[env.docname][MARK] = "true"


def outdated(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> Iterable[str]:
    return [page for page, about in env.metadata.items() if MARK in about] if added or changed or removed else []


def setup(app: Sphinx) -> dict:
    app.connect("env-get-outdated", outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
