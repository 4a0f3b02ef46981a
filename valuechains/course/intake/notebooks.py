"""The one reader of notebooks that people hand in: what decides is whether cells can be read.

    notebook = read(content)      # nbformat 4.5, or UnreadableNotebook with a clause that says why not

Editors, converters and merges leave files that a strict reader refuses although every word of the student is in them.
Here a cell's type, source and nbgrader's facts are read, and everything else is mended or dropped, outputs included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode, from_dict

from valuechains.course import stored

PYTHON = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
FACTS = (
    "grade_id",
    "cell_type",
    "points",
    "grade",
    "solution",
    "task",
    "locked",
    "checksum",
    "schema_version",
    "remove",
)


class UnreadableNotebook(ValueError):
    """Bytes that hold no notebook; the message is a clause, such as "the file is empty"."""


class NothingInIt(UnreadableNotebook):
    """A file without a word."""


def read(content: bytes) -> NotebookNode:
    """The notebook that these bytes hold, without outputs, valid whatever the file was. Raises UnreadableNotebook."""
    text = _text(content)
    if not text.strip("\ufeff\0 \t\r\n"):
        raise NothingInIt(stored.EMPTY)
    cells = [cell for cell in map(_cell, _listed(_parsed(text))) if cell]
    if not cells:
        raise UnreadableNotebook(stored.NO_CELLS)
    seen: set[str] = set()
    for place, cell in enumerate(cells):
        name = cell["id"]
        cell["id"] = name if ID.fullmatch(name) and name not in seen else f"cell-{place}"
        seen.add(cell["id"])
    return from_dict({"cells": cells, "metadata": PYTHON, "nbformat": 4, "nbformat_minor": 5})


def _text(content: bytes) -> str:
    """The text of a file in whatever it was saved; halves of characters become question marks."""
    try:
        text = content.decode(json.detect_encoding(content), "surrogatepass")
    except UnicodeDecodeError:  # an old Windows editor: the letters with accents suffer, the rest is whole
        text = content.decode("cp1252", "replace")
    return _clean(text)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _parsed(text: str) -> object:
    """The first JSON value of a text; what an editor or a disk left behind it is not looked at."""
    number = lambda digits: int(digits) if len(digits) < 16 else 0  # noqa: E731
    try:
        return json.JSONDecoder(strict=False, parse_int=number).raw_decode(text.lstrip("\ufeff\0 \t\r\n"))[0]
    except (ValueError, RecursionError):
        raise UnreadableNotebook(stored.CUT_SHORT) from None


def _listed(found: object) -> Iterator[object]:
    """The cells of a notebook of format 3 or 4, of one as the contents service wraps it, or of a bare list."""
    if isinstance(found, Mapping) and isinstance(found.get("content"), Mapping):
        found = found["content"]
    if isinstance(found, list):
        return iter(found)
    if not isinstance(found, Mapping):
        return iter(())
    if isinstance(found.get("cells"), list):
        return iter(found["cells"])
    sheets = found.get("worksheets")
    sheets = [one for one in sheets if isinstance(one, Mapping)] if isinstance(sheets, list) else []
    return (cell for one in sheets if isinstance(one.get("cells"), list) for cell in one["cells"])


def _cell(found: object) -> dict | None:
    """A valid cell with the type, the source and nbgrader's facts of what was found; None of what is no cell."""
    if not isinstance(found, Mapping) or not {"source", "input", "cell_type"} & found.keys():
        return None
    facts, kind = _facts(found.get("metadata")), _kind(found)
    source = _source(found.get("source", found.get("input")))
    if kind == "heading":
        level = found.get("level")
        kind, source = "markdown", "#" * (level if isinstance(level, int) and 0 < level < 7 else 1) + " " + source
    cell = {
        "cell_type": kind,
        "id": str(found.get("id")),
        "metadata": {"nbgrader": facts} if facts else {},
        "source": source,
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _facts(metadata: object) -> dict:
    facts = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(facts, Mapping) or not isinstance(facts.get("grade_id"), str):
        return {}
    kept = {name: facts[name] for name in FACTS if isinstance(facts.get(name), (str, int, float, bool))}
    return {name: _clean(fact) if isinstance(fact, str) else fact for name, fact in kept.items()}


def _kind(found: Mapping) -> str:
    metadata = found.get("metadata")
    facts = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    for said in (found.get("cell_type"), facts.get("cell_type") if isinstance(facts, Mapping) else None):
        if isinstance(said, str) and said.lower() in ("code", "markdown", "raw", "heading"):
            return said.lower()
    return "code" if {"outputs", "execution_count", "input", "prompt_number"} & found.keys() else "markdown"


def _source(found: object) -> str:
    """The lines of a cell, with the ends of lines that a tool took away or wrote as Windows does."""
    if isinstance(found, list):
        lines = [line for line in found if isinstance(line, str)]
        found = ("" if any(line.endswith(("\n", "\r")) for line in lines) else "\n").join(lines)
    return re.sub(r"\r\n?", "\n", _clean(found)) if isinstance(found, str) else ""
