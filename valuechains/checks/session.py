"""What the kernel knows of the cells that were run: a value that a failed cell left behind is not judged.

    watch = session.watching()             # from now on, in IPython; None elsewhere
    watch.doubt("share", saved)            # one sentence, if `share` is not what its cell says now; else empty

A kernel is shown a cell when the cell is run. That one was edited since, it can tell only once the notebook is saved.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from valuechains.checks.saved import SavedNotebook
from valuechains.tongue import say, to_say

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

MISSING = object()
ASSIGNS = re.compile(r"^[ \t]*((?:[^\W\d]\w*[ \t]*,[ \t]*)*[^\W\d]\w*)[ \t]*=(?!=)", re.M)
COPIED = {
    "\u2212\u2013\u2014\u2010\u2011": to_say(
        "{where} has a minus sign that was copied from a page: type the - of the keyboard"
    ),
    "\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb": to_say(
        "{where} has quotation marks of a word processor: type those of the keyboard"
    ),
    "\uff0c\u3002\uff1b\uff1a\uff08\uff09\u3010\u3011\u3001\uff1d": to_say(
        "{where} has punctuation of a Chinese keyboard: switch it to English and type the sign again"
    ),
}


@dataclass(frozen=True)
class CellRun:
    """The last run of a cell that gives a name its value. error: a few words, or empty. new: it did give the value."""

    source: str
    cell: str | None
    at: float
    error: str
    new: bool


class Watch:
    """Looks on while cells run. What IPython tells of a cell has no types that hold: they say its text is None."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.runs: dict[str, CellRun] = {}
        self._before: dict[str, object] = {}
        shell.events.register("pre_run_cell", self.before)
        shell.events.register("post_run_cell", self.after)

    def before(self, info: Any) -> None:
        with suppress(Exception):  # a check is no reason to stop a cell
            names = assigned(info.raw_cell, self.shell)
            self._before = {name: self.shell.user_ns.get(name, MISSING) for name in names}

    def after(self, result: Any) -> None:
        with suppress(Exception):
            info, error = result.info, result.error_before_exec or result.error_in_exec
            why = explained(error, info.raw_cell) if error else ""
            for name, was in self._before.items():
                new = self.shell.user_ns.get(name, MISSING) is not was
                self.runs[name] = CellRun(
                    info.raw_cell, getattr(info, "cell_id", None), time.time(), why, new or not why
                )
            self._before = {}

    def doubt(self, name: str, saved: SavedNotebook) -> str:
        """Why the value of a name is not what its cell says, in one sentence; empty if nothing is known against it."""
        run = self.runs.get(name)
        if run is None:
            return ""
        if run.error and not run.new:
            return say(
                "not judged: the cell that gives `{name}` its value stopped before it did ({error}). Mend that cell, "
                "run it, then run this cell again.",
                name=name,
                error=run.error,
            )
        if saved.later_than(run.at) and saved.source(run.cell) not in (None, run.source.strip()):
            return say(
                "not judged: the cell that gives `{name}` its value was edited after it was run. Run it, then run this "
                "cell again.",
                name=name,
            )
        return ""


def watching() -> Watch | None:
    """The watch of this kernel, begun if there is none yet."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return None
    if getattr(_Kept.watch, "shell", None) is not shell:
        _Kept.watch = Watch(shell)
    return _Kept.watch


class _Kept:
    watch: Watch | None = None


def assigned(source: str, shell: InteractiveShell | None = None) -> set[str]:
    """The names that a cell gives a value; of a cell that cannot be parsed, those that stand before an equals sign."""
    try:
        tree = ast.parse(shell.transform_cell(source) if shell else source)
    except (SyntaxError, ValueError):
        return {name.strip() for names in ASSIGNS.findall(source) for name in names.split(",")}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def explained(error: BaseException, source: str) -> str:
    """The error of a cell in a few words, with the remedy where the cause is a known slip of typing."""
    if isinstance(error, KeyboardInterrupt):
        return say("it was interrupted")
    text = " ".join(str(error).split())
    if isinstance(error, SyntaxError):
        where = say("line {number}", number=error.lineno) if error.lineno else say("it")
        told = next(_slips(error, source), say("{where} is no Python: {error}"))
        return told.format(where=where, error=error.msg)
    name = type(error).__name__
    return f"{name}: {text[:80]}" if text else name


def _slips(error: SyntaxError, source: str) -> Iterator[str]:
    """What is known of such an error; `{where}` stands for its line."""
    lines = source.splitlines()
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else source
    for signs, what in COPIED.items():
        if "invalid character" in str(error.msg) and any(sign in line for sign in signs):
            yield say(what)
    if "leading zeros" in str(error.msg):
        yield say("{where} has a number with a comma or a zero too many: write 1050, and not 1,050 or 01050")
