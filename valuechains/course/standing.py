"""How an answer stands, as a marked notebook keeps it in its check's metadata: marking writes it, results read it."""

from __future__ import annotations

from collections.abc import Sequence

from nbformat import NotebookNode

from valuechains.checks.replies import Reply, State

NAME = "valuechains"  # in the metadata of a cell
# What sentences began with before replies were kept: notebooks that were marked then are read by them.
OLD_TO_DO, OLD_WRONG = "not done yet", "not yet. "


def forget(cell: NotebookNode) -> None:
    """Take away what a student's own notebook says of itself."""
    cell.metadata.pop(NAME, None)


def keep(cell: NotebookNode, reply: Reply) -> None:
    cell.metadata[NAME] = {"state": reply.state.value, "mistake": reply.mistake}


def kept(cell: NotebookNode, says: str, mistakes: Sequence[str]) -> tuple[State, int | None]:
    """How the answer of a check that failed stands, and the number of its mistake. mistakes: the sheet's."""
    noted = cell.metadata.get(NAME)
    if noted is None:
        return _of_old(says, mistakes)
    try:
        state, mistake = State(noted["state"]), noted["mistake"]
    except (KeyError, TypeError, ValueError):  # somebody's own metadata of this name
        return State.WRONG, None
    return state, mistake if isinstance(mistake, int) and 0 <= mistake < len(mistakes) else None


def _of_old(says: str, mistakes: Sequence[str]) -> tuple[State, int | None]:
    if says.startswith(OLD_TO_DO):
        return State.TO_DO, None
    named = says.removeprefix(OLD_WRONG)
    return State.WRONG, list(mistakes).index(named) if named in mistakes else None
