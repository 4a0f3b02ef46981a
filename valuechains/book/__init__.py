"""The Sphinx side of the book: figures, formulas and claim cards, and a site that asks no other host for anything.

In `_config.yml`: `sphinx: {extra_extensions: [valuechains.book]}`. The figures' mime renderer is found by MyST-NB
through the entry point that pyproject.toml declares.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from valuechains.book import (
    claims,
    claims_table,
    exercises,
    glossary,
    markup,
    mathml,
    module_map,
    outputs,
    questions,
    site,
)


def setup(app: Sphinx) -> dict:
    for part in (outputs, mathml, markup, claims, claims_table, module_map, questions, exercises, glossary, site):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
