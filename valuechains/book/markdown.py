"""Markdown that pages are made of before they are parsed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence]) -> str:
    """A table; what stands in its cells keeps its own markup."""
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    cells = ([str(cell).replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in cells)])
