"""What of a submission is what: whose chapter, which cell is which of the source, where the words of a text stand.

    read(content, source)              # the notebook with the source's own facts in its cells, or Refused
    matched(notebook, source)          # the same for cells that are there already

Students move, copy, retype and lose cells. A cell is known by nbgrader's name, else by what it says or its id;
what no cell of the source says is the student's. A text that was written beside its cell is put into it, and is read.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path

from nbformat import NotebookNode, from_dict

from valuechains.course import kit, stored
from valuechains.course.harmless import JOINER
from valuechains.course.intake import notebooks

CHECK = re.compile(r"^[ \t]*sheet\.check\(\s*[\"']?([\w-]+)[\"']?\s*\)", re.M)
FOUND = "*Found outside the cell for this text:*"
FEW = 4  # words that make a cell of code one of prose
SENTENCE = 30  # letters that make it one, far from where it was asked for; a name and a number are none


class Refused(ValueError):
    """A submission that is not run at all; the message is its one line."""


def read(content: bytes, source: Sequence[NotebookNode], chapter: str) -> NotebookNode:
    """The notebook that was handed in for a chapter, its cells matched. source: the cells of the student's copy."""
    try:
        notebook = notebooks.read(content)
    except notebooks.UnreadableNotebook as why:
        raise Refused(str(why)) from None
    whose = _chapter(notebook.cells, source, chapter)
    names = {_fact(cell) for cell in notebook.cells} - {""}
    known = names & {_fact(cell) for cell in source}
    if whose not in ("", chapter) or (not whose and len(known) < 0.7 * len(names)):
        said = stored.OF_ANOTHER if whose else stored.OF_NOTHING
        raise Refused(said.format(other=whose, chapter=chapter))
    if not whose and not known:
        raise Refused(stored.NO_CELL_OF_IT.format(chapter=chapter))
    return matched(notebook, source)


def matched(notebook: NotebookNode, source: Sequence[NotebookNode]) -> NotebookNode:
    """The notebook with the source's own facts in its cells; missing graded cells come back, empty, at the end."""
    cells, names = notebook.cells, _names(notebook.cells, source)
    known = {_fact(cell): cell for cell in source if _fact(cell)}
    texts = [name for name, cell in known.items() if _is_text(cell)]
    written = {name: _copies(name, cells, names, source) for name in texts}
    last = {name: place for place, name in enumerate(names)}
    for place, (cell, name) in enumerate(zip(cells, names)):
        cell.metadata = from_dict({})
        if name in known and last[name] == place:
            cells[place] = _like(known[name], cell.source)
    for name, cell in known.items():
        if name not in last and cell.metadata.nbgrader.grade:
            last[name] = len(cells)
            cells.append(deepcopy(cell))
    strays = _strays(cells, names, source)
    for name in texts:
        said = written[name] or _near(name, strays, names, source)
        if said and not _own(cells[last[name]].source, source):
            cells[last[name]].source = "\n\n".join([FOUND, *said])
        elif len(said) > 1:
            cells[last[name]].source = "\n\n".join(said)
    _one_id_each(cells)
    return notebook


def _one_id_each(cells: Iterable[NotebookNode]) -> None:
    seen: set[str] = set()
    for place, cell in enumerate(cells):
        if cell.id in seen:
            cell.id = f"handed-in-{place}"
        seen.add(cell.id)


def has_words(cell: NotebookNode, source: Sequence[NotebookNode]) -> bool:
    """Whether a word of the student's own stands in the cell of a text."""
    return bool(_own(cell.source.replace(JOINER, ""), source))


def _names(cells: Sequence[NotebookNode], source: Sequence[NotebookNode]) -> list[str]:
    """Which cell of the source each cell is, by its id there; "" for the student's own."""
    by_fact = {_fact(cell): cell.id for cell in source if _fact(cell)}
    times = Counter(cell.source.strip() for cell in source)
    by_text = {text: cell.id for cell in source if times[text := cell.source.strip()] == 1}
    ids = {cell.id for cell in source}
    names = [by_fact.get(_fact(cell), "") for cell in cells]
    for read_off in (
        lambda cell: by_text.get(cell.source.strip(), ""),
        lambda cell: cell.id if cell.id in ids else "",
        lambda cell: _checked(cell) if _checked(cell) in ids else "",
    ):
        taken = set(names)
        found = [name or ("" if (new := read_off(cell)) in taken else new) for name, cell in zip(names, cells)]
        names = found
    return _answers(cells, names, source)


def _answers(cells: Sequence[NotebookNode], names: list[str], source: Sequence[NotebookNode]) -> list[str]:
    """Cells of code that stand before a check whose answer's cell is missing are that cell."""
    order = [cell.id for cell in source]
    for cell in source:
        if cell.cell_type != "code" or not cell.metadata.get("nbgrader", {}).get("solution") or cell.id in names:
            continue
        place = order.index(cell.id)
        end = next((names.index(name) for name in order[place + 1 :] if name in names), len(names))
        for at in reversed(range(end)):
            if names[at]:
                break
            if cells[at].cell_type == "code":
                names[at] = cell.id
                break
    return names


def _copies(
    name: str, cells: Iterable[NotebookNode], names: Iterable[str], source: Sequence[NotebookNode]
) -> list[str]:
    """What was written into the cell of a text and into copies of it."""
    own = [cell.source for cell, one in zip(cells, names) if one == name and _own(cell.source, source)]
    return list(dict.fromkeys(own))


def _strays(cells: Sequence[NotebookNode], names: Sequence[str], source: Sequence[NotebookNode]) -> dict[int, str]:
    """The student's own words outside answers, by place: in cells of their own, and in questions they wrote into."""
    texts = {_fact(cell) for cell in source if _is_text(cell)}
    kinds = {cell.id: cell.cell_type for cell in source}
    found = {}
    for place, (cell, name) in enumerate(zip(cells, names)):
        if name in texts or (name and kinds[name] == "code"):
            continue
        if cell.cell_type != "code" or _is_prose(cell.source):
            found[place] = _own(cell.source, source)
    return {place: words for place, words in found.items() if words}


def _near(name: str, strays: dict[int, str], names: Sequence[str], source: Sequence[NotebookNode]) -> list[str]:
    """Words that stand nearest to a text: between its neighbours, else in its exercise, else anywhere; taken once."""
    order = [cell.id for cell in source]
    place = order.index(name)
    heads = [at for at, cell in enumerate(source) if cell.source.startswith("## ")]
    begins, ends = [at for at in heads if at <= place], [at for at in heads if at > place]
    section = (max(begins, default=0), min(ends, default=len(order)))
    for first, last, least in ((place - 1, place + 1, 1), (*section, 1), (-1, len(order), SENTENCE)):
        begin = max((names.index(one) for one in order[: first + 1] if one in names), default=-1)
        end = min((names.index(one) for one in order[last:] if one in names), default=len(names))
        found = [at for at in strays if begin <= at < end and len(re.findall(r"\w", strays[at])) >= least]
        if found:
            return [strays.pop(at) for at in found]
    return []


def _own(text: str, source: Sequence[NotebookNode]) -> str:
    """The lines of a text that stand nowhere in the source, if there is a word in them."""
    given = {line.strip() for cell in source for line in cell.source.splitlines()}
    lines = [line for line in text.splitlines() if line.strip() not in given or not line.strip()]
    own = "\n".join(lines).strip()
    return own if re.search(r"\w", re.sub(r"<!--.*?-->", "", own, flags=re.S)) else ""


def _is_prose(code: str) -> bool:
    """Whether a cell of code holds sentences: comments or a text only, or words that are no Python."""
    if len(re.findall(r"[^\W\d_]{2,}", code)) < FEW or code.lstrip().startswith(("%", "!", "?")):
        return False
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not re.search(r"[=(\[]", code)
    return all(isinstance(one, ast.Expr) and isinstance(one.value, (ast.Constant, ast.JoinedStr)) for one in body)


def _like(known: NotebookNode, text: str) -> NotebookNode:
    cell = deepcopy(known)
    cell.source = text
    return cell


def _is_text(cell: Mapping) -> bool:
    facts = cell["metadata"].get("nbgrader", {})
    return cell["cell_type"] == "markdown" and bool(facts.get("grade") and facts.get("solution"))


def _fact(cell: Mapping) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def _checked(cell: NotebookNode) -> str:
    found = CHECK.search(cell.source) if cell.cell_type == "code" else None
    return f"check-{found[1]}" if found else ""


def _chapter(cells: Sequence[NotebookNode], source: Sequence[NotebookNode], chapter: str) -> str:
    """The chapter that most of these cells' questions are of, or "" if none is."""
    said = {cell.source.strip() for cell in cells if cell.cell_type != "code"}
    counts = {chapter: len(said & _questions(source))}
    for folder in kit.sources():
        counts.setdefault(folder.name, len(said & _of(folder)))
    best = max(counts, key=counts.__getitem__, default="")
    return best if counts.get(best) else ""


@cache
def _of(folder: Path) -> frozenset[str]:
    return _questions(notebooks.read((folder / f"{folder.name}.ipynb").read_bytes()).cells)


def _questions(source: Iterable[NotebookNode]) -> frozenset[str]:
    given = (cell.source.strip() for cell in source if cell.cell_type == "markdown" and not _fact(cell))
    return frozenset(text for text in given if len(text) > 60)
