"""The Sphinx side of the book: figures, formulas and claim cards, and a site that asks no other host for anything.

In `_config.yml`: `sphinx: {extra_extensions: [valuechains.book]}`. The figures' mime renderer is found by MyST-NB
through the entry point that pyproject.toml declares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    # here and not above: the processes that draw beside the build import this package, and none of its parts but one
    from valuechains.book import (
        changes,
        claim_review,
        claims,
        claims_table,
        edition,
        exercises,
        expect,
        front,
        glossary,
        head,
        kits,
        markup,
        mathml,
        module_map,
        names,
        onpage,
        outputs,
        questions,
        records,
        reference,
        search,
        site,
        thin,
        your_work,
    )
    from valuechains.book.away import shelf

    content = (
        edition,
        outputs,
        mathml,
        markup,
        claims,
        claims_table,
        claim_review,
        records,
        changes,
        module_map,
        front,
        questions,
        exercises,
        kits,
        onpage,
        expect,
        your_work,
        glossary,
        reference,
        names,
    )
    for part in (*content, head, site, search, shelf, thin):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
