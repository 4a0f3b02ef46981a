"""The exercises of a chapter, read from their source: the notebook in nbgrader's format from which copies are made.

What is asked and given stands there, solutions, model texts and mark schemes too; nobody else takes it apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

HEADING = re.compile(r"## (\d+)\. (.+)\n")
SOLUTION = re.compile(r"^ *### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION", re.M | re.S)
SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===\n(.*?)\n=== END MARK SCHEME ===", re.S)
WRAPPED = re.compile(r"np\.\w+\(([^()]*)\)")  # numpy's scalars, as they print themselves
TEXT, CODE, PRINTED, TABLE, CELL = "text", "code", "printed", "html", "cell"


@dataclass(frozen=True)
class Part:
    """One thing that a notebook gives: TEXT in Markdown, CODE, what it PRINTED, or a TABLE of it in HTML; or the place
    of a CELL that is the student's, by its id."""

    kind: str
    content: str


@dataclass
class Posed:
    """An exercise as it is posed: its question in parts, and the code and results of its solution."""

    number: int
    title: str
    question: list[Part] = field(default_factory=list)
    solution: list[str] = field(default_factory=list)
    result: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the page of the chapter shows its solution, for those who learn alone."""
        return self.number % 2 == 1


@dataclass(frozen=True)
class ModelText:
    """A text that is asked for: the question before it, a model and, if there is one, the scheme to mark it by."""

    question: str = ""
    model: str = ""
    scheme: str = ""


@dataclass(frozen=True)
class SourceNotebook:
    """What a source notebook holds. given: what all exercises share. texts: by the task's name."""

    given: list[Part]
    exercises: list[Posed]
    texts: dict[str, ModelText]

    @property
    def titles(self) -> dict[str, str]:
        """The title of each exercise, by its number."""
        return {str(one.number): one.title for one in self.exercises}


def read(notebook: Path) -> SourceNotebook:
    """What a source notebook holds, whichever exercises a teacher has left in it."""
    cells = nbformat.read(notebook, as_version=4).cells
    places = [at for at, cell in enumerate(cells) if _heading(cell)]
    first = places[0] if places else 0
    start = next((at for at, cell in enumerate(cells[:first]) if "checks.sheet(" in cell.source), first)
    given = Posed(0, "")
    for cell in cells[start + 1 : first]:
        _take(given, cell)
    return SourceNotebook(given.question, _exercises(cells[first:]), _texts(cells))


def read_whole(notebook: Path) -> SourceNotebook:
    """The same, of a source with all its exercises; ValueError says what it lacks."""
    found = read(notebook)
    if [one.number for one in found.exercises] != list(range(1, len(found.exercises) + 1)) or not found.exercises:
        raise ValueError(f'{notebook.name}: number its exercises from 1, each under a heading such as "## 1. Title".')
    return found


def bold_headings(markdown: str) -> str:
    """Headings as bold lines: where a question is quoted, the page's own headings stay its only ones."""
    return re.sub(r"^#+ (.+)$", r"**\1**", markdown, flags=re.M)


def _heading(cell: nbformat.NotebookNode) -> re.Match[str] | None:
    return HEADING.match(cell.source + "\n") if cell.cell_type == "markdown" else None


def _exercises(cells: Iterable[nbformat.NotebookNode]) -> list[Posed]:
    found: list[Posed] = []
    for cell in cells:
        if heading := _heading(cell):
            found.append(Posed(int(heading[1]), heading[2]))
            found[-1].question.append(Part(TEXT, cell.source[heading.end() :]))
        elif cell.source.startswith("## "):
            break  # "## Everything together" is for the notebook
        elif found:
            _take(found[-1], cell)
    return found


def _take(exercise: Posed, cell: nbformat.NotebookNode) -> None:
    solution = SOLUTION.search(cell.source) if cell.cell_type == "code" else None
    if solution or cell.metadata.get("nbgrader", {}).get("grade") or cell.source.startswith("twins."):
        exercise.question.append(Part(CELL, cell.id))
    if solution:
        exercise.solution.append(solution[1].rstrip())
        exercise.result += [
            WRAPPED.sub(r"\1", output.data["text/plain"])
            for output in cell.outputs
            if output.output_type == "execute_result"
        ]
    elif cell.metadata.get("nbgrader", {}).get("grade"):
        return
    elif cell.cell_type == "markdown":
        exercise.question.append(Part(TEXT, cell.source))
    else:
        exercise.question += _given(cell)


def _given(cell: nbformat.NotebookNode) -> list[Part]:
    """A cell that gives something: its code, and what it shows; a widget stands in the chapter's text."""
    parts = [] if "twins." in cell.source else [Part(CODE, cell.source)]
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            parts.append(Part(PRINTED, output.text))
        elif "text/html" in data:
            parts.append(Part(TABLE, data["text/html"]))
        elif "text/plain" in data and not any("vega" in kind for kind in data):
            parts.append(Part(PRINTED, WRAPPED.sub(r"\1", data["text/plain"])))
    return parts


def _texts(cells: Iterable[nbformat.NotebookNode]) -> dict[str, ModelText]:
    found, question = {}, ""
    for cell in cells:
        facts = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and facts.get("grade"):
            scheme = SCHEME.search(cell.source)
            found[facts["grade_id"]] = ModelText(
                question, SCHEME.sub("", cell.source).strip(), scheme[1] if scheme else ""
            )
        elif cell.cell_type == "markdown":
            question = bold_headings(cell.source)
    return found
