"""Runs a student's cells in the page's Python, as a notebook's kernel would: the worker's side of the work.

`begin` prepares a chapter's folder, `save` puts the notebook there as it stands, `run` runs a cell and gives what it
shows to `emit`, one piece after the other. The library finds the names of IPython that it uses.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import io
import json
import linecache
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import js
from pyodide.code import eval_code
from pyodide.ffi import to_js

from valuechains import tongue
from valuechains.tongue import say

LONGEST = 50_000  # characters that one cell may print
PIECES = 200  # charts, tables and the like that one cell may show
ROOM = 64_000_000  # bytes; where there are no more, nothing of the book can be computed
CHARTS = ("application/vnd.vegalite.v6.json", "application/vnd.vegalite.v6+json", "application/vnd.vegalite.v5+json")
MAIN = sys.modules["__main__"]
send: Callable[[str], None] = print  # the worker puts its own here
chapter: dict[str, object] = {"__name__": "__main__"}  # the names of the chapter's own code
chapter_ran: dict[str, str] = {}  # cells of it that have been run, each as it was


def scrypt(password: bytes, *, salt: bytes, n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64) -> bytes:
    """What the standard library has everywhere else."""
    return bytes(js.scrypt.syncScrypt(to_js(password), to_js(salt), n, r, p, dklen).to_py())


class Events:
    def __init__(self) -> None:
        self.listeners: dict[str, list[Callable]] = {}

    def register(self, name: str, listener: Callable) -> None:
        self.listeners.setdefault(name, []).append(listener)

    def trigger(self, name: str, about: object) -> None:
        for listener in self.listeners.get(name, []):
            listener(about)


class Shell:
    """What the library asks of IPython's."""

    def __init__(self) -> None:
        self.events, self.user_ns = Events(), vars(MAIN)

    def transform_cell(self, source: str) -> str:
        return source

    def showtraceback(self, error: tuple) -> None:
        """Altair hands over here what stops a chart."""
        raise error[1]


def rest() -> str:
    return f"\n{say('(What follows is not shown.)')}\n"


class Printed(io.TextIOBase):
    """Where print writes to; only so much of it is shown."""

    left = LONGEST

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.left > 0:
            emit("text", text[: self.left] + (rest() if len(text) > self.left else ""))
        self.left -= len(text)
        return len(text)


class Pieces:
    """What a cell shows besides; a page is told of only so many."""

    left = PIECES

    def emit(self, kind: str, content: object) -> None:
        self.left -= 1
        if self.left >= 0:
            emit(kind, content)
        elif self.left == -1:
            emit("text", rest())


class Markup:
    """HTML or Markdown to be shown, as IPython.display has them."""

    def __init__(self, data: str = "", **_: object) -> None:
        self.data = data

    def _repr_html_(self) -> str:
        return self.data


class Markdown(Markup):
    def _repr_html_(self) -> str:
        from markdown_it import MarkdownIt

        return MarkdownIt().render(self.data)


def emit(kind: str, content: object) -> None:
    send(json.dumps({"kind": kind, "content": content}, default=str))


def display(*shown: object, **_: object) -> None:
    for one in shown:
        pieces.emit(*form(one))


def form(value: object) -> tuple[str, object]:
    """How a value is shown: a chart, HTML, or text."""
    if altair := sys.modules.get("altair"):
        altair.renderers.enable("mimetype")
    said = _said(value, "_repr_mimebundle_") or {}
    bundle = said[0] if isinstance(said, tuple) else said
    for kind in CHARTS:
        if kind in bundle:
            return "chart", told(bundle[kind])
    html = bundle.get("text/html") or _said(value, "_repr_html_")
    return ("html", str(html)) if html else ("text", f"{value!r}"[:LONGEST] + "\n")


def told(spec: dict) -> dict:
    """A published chart in the language of the page."""
    if tongue.is_english() or "valuechains" not in spec.get("usermeta", {}):
        return spec
    from valuechains.widgets import chart_words  # with all of Altair

    return chart_words.told(spec)


def _said(value: object, method: str) -> Any:
    own = getattr(type(value), method, None)
    return None if own is None or isinstance(value, type) else own(value)


def begin(folder: str, language: str = "en") -> None:
    """Make the folder of a chapter's exercises the one that is worked in, and speak the page's language."""
    if language != "en":
        tongue.speak_language(language)
    os.chdir(folder)
    vars(MAIN)["__name__"] = "__main__"
    shell.events.listeners.clear()


def save(name: str, text: str) -> None:
    """The notebook as it stands, so that a check finds texts written in it."""
    Path(name).write_text(text, encoding="utf-8")


def run(source: str, cell: str) -> bool:
    """Run a cell, show what it gives, and say whether it went through."""
    info = SimpleNamespace(raw_cell=source, cell_id=cell)
    result = SimpleNamespace(info=info, error_before_exec=None, error_in_exec=None)
    shell.events.trigger("pre_run_cell", info)
    result.error_in_exec = _ran(source, cell, vars(MAIN))
    shell.events.trigger("post_run_cell", result)
    return result.error_in_exec is None


def stand() -> str:
    """How the tasks stand that were checked so far, `{task: state}`."""
    from valuechains.checks import progress  # which a check has imported, and nothing before it

    return json.dumps(progress.noted(Path()))


def run_chapter(cells: str, last: str) -> bool:
    """Run the last of a chapter's cells, `[[name, source], ...]`, after those above that it stands on and that have not
    been run as they are; they show nothing, unless one of them fails."""
    *above, (_, source) = json.loads(cells)
    anew = False
    for name, text in needed(above, source):
        anew = anew or chapter_ran.get(name) != text
        if anew and _ran(text, name, chapter, shows=False) is not None:
            return False
        chapter_ran[name] = text
    chapter_ran.pop(last, None)  # as it stands now it is no part of the book's
    return _ran(source, last, chapter) is None


def needed(above: list[list[str]], source: str) -> list[list[str]]:
    """The cells that give a name which the source uses, or which a cell it needs uses, in their order."""
    wanted, found = names(source)[1], []
    for cell in reversed(above):
        given, used, anew = names(cell[1])
        if given & wanted:
            found.append(cell)
            wanted = (wanted - anew) | used
    return found[::-1]


def names(source: str) -> tuple[set[str], set[str], set[str]]:
    """The names that code gives or changes, that it uses, and that it gives anew; none of what is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set(), set(), set()
    given: set[str] = set()
    used: set[str] = set()
    for one in ast.walk(tree):
        match one:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                given.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                given |= {alias.asname or alias.name.split(".")[0] for alias in aliases}
            case ast.Name(id=name):
                used.add(name)
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()) | ast.Expr(ast.Call(ast.Attribute())):
                given |= {part.id for part in ast.walk(one) if isinstance(part, ast.Name)}
    whole = {
        one.id
        for line in tree.body
        if isinstance(line, ast.Assign)
        for one in line.targets
        if isinstance(one, ast.Name)
    }
    return given, used, whole


def _ran(source: str, cell: str, space: dict, *, shows: bool = True) -> BaseException | None:
    """Run a cell among these names; what stopped it, if anything did."""
    name = f"<{cell}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    sys.stdout = sys.stderr = Printed() if shows else io.StringIO()
    pieces.left = PIECES
    try:
        value = eval_code(source, space, filename=name)
        if value is not None and shows:
            space["_"] = value
            display(value)
    except BaseException as error:  # whatever a cell may raise, the page goes on; without memory, with another Python
        if isinstance(error, MemoryError) and not room(error):
            raise
        emit("error", plain(error, source, name))
        return error
    finally:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    return None


def room(error: BaseException) -> bool:
    """Whether there is memory left to go on with, once a cell has stopped."""
    traceback.clear_frames(error.__traceback__)
    try:
        return bool(bytearray(ROOM))
    except MemoryError:
        return False


def plain(error: BaseException, source: str, name: str) -> Mapping[str, str]:
    """An error in a sentence, and Python's own words below it."""
    from valuechains.checks.session import explained

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    lines = [*traceback.format_list(frames), *traceback.format_exception_only(error)]
    if magic(source) and isinstance(error, SyntaxError):
        says = say(
            "This cell was not run: lines that begin with % or ! are JupyterLab's own; here there is Python only."
        )
    elif isinstance(error, MemoryError):
        says = say(
            "This cell stopped: Python has no memory left on this page. Do it in smaller parts, or in JupyterLab."
        )
    else:
        why = beyond(error) or explained(error, source).removesuffix(".")
        if isinstance(error, SyntaxError):
            says = say("This cell was not run: {why}.", why=why)
        elif frames:
            says = say("This cell stopped in line {line}: {why}.", line=frames[-1].lineno, why=why)
        else:
            says = say("This cell stopped: {why}.", why=why)
    return {"says": says, "more": "".join(lines)}


def beyond(error: BaseException) -> str:
    """What Python cannot do on a page, in words; empty if it is something else."""
    if isinstance(error, ModuleNotFoundError):
        return say(
            "{name} is no part of a page's Python (numpy, pandas and Altair are); JupyterLab can have it",
            name=error.name,
        )
    if type(error).__name__ == "URLError":
        return say("a page's Python reaches no other host; the book's tables are read with `datasets.read`")
    return ""


def asked(*_: object) -> str:
    """In the place of input."""
    raise EOFError(say("nobody can be asked here: write the value into the cell"))


def magic(source: str) -> bool:
    return any(line.lstrip().startswith(("%", "!")) for line in source.splitlines())


def _take_the_place_of_ipython() -> None:
    package, shown, core = ModuleType("IPython"), ModuleType("IPython.display"), ModuleType("IPython.core")
    inside = ModuleType("IPython.core.getipython")
    vars(shown).update(display=display, HTML=Markup, Markdown=Markdown)
    vars(shown).update(clear_output=lambda *_, **__: pieces.emit("clear", ""))
    vars(package).update(display=shown, get_ipython=lambda: shell, version_info=(9, 0))
    vars(inside).update(get_ipython=lambda: shell)
    sys.modules |= {one.__name__: one for one in (package, shown, core, inside)}
    vars(builtins).update(display=display, input=asked)


shell, pieces = Shell(), Pieces()
vars(hashlib).update(scrypt=scrypt)
_take_the_place_of_ipython()
