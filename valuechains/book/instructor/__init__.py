"""The instructor's part of the book: what its pages compute. Only that book's configuration names this package.

Directives: ``{answer-key} 02-services`` (values, named mistakes, mark schemes), ``{chapter-table}`` (minutes, points,
variants), ``{plan}`` (weeks and their minutes), ``{prerequisites}``, ``{outcomes}`` (what tests each outcome),
``{poll} A1-1-05 A1-1-08`` (claims and what the ledger says of them), ``{minutes} 90`` (a class that must add up),
``{slides}`` (links to them).
Role: ``{board}`` (a number of a board example, such as 02-services.B).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    from valuechains.book.instructor import keys, plans  # slides are made without Sphinx

    directives = {
        "answer-key": keys.AnswerKey,
        "chapter-table": plans.ChapterTable,
        "plan": plans.Plan,
        "prerequisites": plans.Prerequisites,
        "outcomes": plans.Outcomes,
        "minutes": plans.Minutes,
        "poll": plans.Poll,
        "slides": plans.Slides,
    }
    for name, directive in directives.items():
        app.add_directive(name, directive)
    app.add_role("board", plans.BoardNumber())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
