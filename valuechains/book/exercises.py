"""A chapter's exercises on its page, read from the source of the notebook, and the student's kit to download.

Directive ``{exercises} 02-services``. The page shows what the notebook gives, data and all: first what all exercises
share, then each question. Odd-numbered exercises have their worked solution, folded, for those who learn alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from valuechains.course.copies import SOLUTION

HEADING = re.compile(r"^## (\d+)\. (.+)\n")
WRAPPED = re.compile(r"np\.\w+\(([^()]*)\)")  # numpy's scalars, as they print themselves
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


@dataclass
class Exercise:
    """One exercise as the page shows it: its question in parts, and the code and results of its solution."""

    number: int
    title: str
    question: list[tuple[str, str]] = field(default_factory=list)  # ("text" | "code" | "printed" | "html", content)
    solution: list[str] = field(default_factory=list)
    result: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.number % 2 == 1


def shared(notebook: Path) -> list[tuple[str, str]]:
    """What a source notebook gives before its first exercise and after the cell that reads the sheet."""
    cells = nbformat.read(notebook, as_version=4).cells
    first = next((place for place, cell in enumerate(cells) if HEADING.match(cell.source + "\n")), 0)
    start = next((place for place, cell in enumerate(cells[:first]) if "checks.sheet(" in cell.source), first)
    given = Exercise(0, "")
    for cell in cells[start + 1 : first]:
        _take(given, cell)
    return given.question


def read(notebook: Path) -> list[Exercise]:
    """The exercises of a source notebook; ValueError says what it lacks."""
    found: list[Exercise] = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        heading = HEADING.match(cell.source + "\n") if cell.cell_type == "markdown" else None
        if heading:
            found.append(Exercise(int(heading[1]), heading[2]))
            found[-1].question.append(("text", cell.source[heading.end() :]))
        elif found and not cell.source.startswith("## "):
            _take(found[-1], cell)
        elif found:
            break  # "## Everything together" is for the notebook
    if [exercise.number for exercise in found] != list(range(1, len(found) + 1)) or not found:
        raise ValueError(f'{notebook.name}: number its exercises from 1, each under a heading such as "## 1. Title".')
    return found


def _take(exercise: Exercise, cell: nbformat.NotebookNode) -> None:
    facts = cell.metadata.get("nbgrader", {})
    solution = SOLUTION.search(cell.source) if cell.cell_type == "code" else None
    if solution:
        exercise.solution.append(solution[1].rstrip())
        exercise.result += [
            WRAPPED.sub(r"\1", output.data["text/plain"])
            for output in cell.outputs
            if output.output_type == "execute_result"
        ]
    elif facts.get("grade"):
        return
    elif cell.cell_type == "markdown":
        exercise.question.append(("text", cell.source))
    else:
        exercise.question += _given(cell)


def _given(cell: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """A cell that gives something: its code, and what it shows; a widget stands in the chapter's text."""
    parts = [] if "twins." in cell.source else [("code", cell.source)]
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            parts.append(("printed", output.text))
        elif "text/html" in data:
            parts.append(("html", data["text/html"]))
        elif "text/plain" in data and not any("vega" in kind for kind in data):
            parts.append(("printed", WRAPPED.sub(r"\1", data["text/plain"])))
    return parts


class Exercises(SphinxDirective):
    """The exercises of one chapter."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir, "exercises", self.arguments[0])
        notebook, sheet = folder / f"{folder.name}.ipynb", folder / "sheet.json"
        for path in (notebook, sheet):
            if not path.is_file():
                raise self.error(f"There is no {folder.name}/{path.name}: give the name of a folder of exercises/.")
            self.env.note_dependency(str(path))
        try:
            exercises, given = read(notebook), shared(notebook)
        except ValueError as error:
            raise self.error(str(error)) from None
        tasks = json.loads(sheet.read_text(encoding="utf-8"))
        shown = [node for exercise in exercises for node in self._exercise(exercise, tasks["tasks"])]
        first = [node for kind, content in given for node in self._part("what the exercises share", kind, content)]
        return [*self._head(folder.name, len(exercises), tasks), *first, *shown]

    def _head(self, name: str, count: int, sheet: dict) -> list[nodes.Node]:
        points = sum(task["points"] for task in sheet["tasks"].values())
        up = "../" * self.env.docname.count("/")
        button = (
            f'<p><a class="kit" href="{up}kits/{name}.zip" download>Download the notebook of chapter {int(name[:2])} '
            "and what it needs (zip)</a></p>"
        )
        text = (
            f"{NUMBERS[count]} exercises, {points} points, about {sheet['minutes']} minutes. In JupyterLab each is "
            "checked as you go: unpack the download and run `python3 tools/lab.py` in it "
            "(on Windows `py tools\\lab.py`), or `make lab` in a copy of this project. The odd-numbered ones have a "
            "worked solution here, to unfold once you have tried."
        )
        return [*self.parse_text_to_nodes(text), nodes.raw("", button, format="html")]

    def _exercise(self, exercise: Exercise, tasks: dict) -> list[nodes.Node]:
        anchor = f"exercise-{exercise.number}"
        heading = nodes.rubric("", f"{exercise.number}. {exercise.title}", classes=["exercise"], ids=[anchor])
        heading["heading-level"] = 4
        whose = f"exercise {exercise.number}"
        parts = [node for kind, content in exercise.question for node in self._part(whose, kind, content)]
        return [heading, *parts, *(self._solution(exercise, tasks) if exercise.is_open else [])]

    def _part(self, whose: str, kind: str, content: str) -> list[nodes.Node]:
        if kind == "code":
            line = '<details class="gvc-fold gvc-code"><summary>Show the code</summary>'
            code = nodes.literal_block(content, content, language="python")
            return [nodes.raw("", line, format="html"), code, nodes.raw("", "</details>", format="html")]
        if kind == "printed":
            return [nodes.literal_block(content, content, language="text", classes=["given"])]
        if kind == "html":
            frame = f'<div class="gvc-scroll" tabindex="0" role="region" aria-label="Table of {whose}">{content}</div>'
            return [nodes.raw("", frame, format="html")]
        return self.parse_text_to_nodes(re.sub(r"^#+ (.+)$", r"**\1**", content, flags=re.M))

    def _solution(self, exercise: Exercise, tasks: dict) -> list[nodes.Node]:
        hints = [
            task["hints"][1]
            for name, task in tasks.items()
            if re.match(r"\d+", name)[0] == str(exercise.number) and len(task.get("hints", [])) == 3
        ]
        code, result = "\n\n".join(exercise.solution), "\n".join(exercise.result)
        title = escape(f"Worked solution of exercise {exercise.number}")
        return [
            nodes.raw("", f'<details class="solution"><summary>{title}</summary>', format="html"),
            *(node for hint in hints for node in self.parse_text_to_nodes(hint)),
            *([nodes.literal_block(code, code, language="python")] if code else []),
            *([nodes.literal_block(result, result, language="text")] if result else []),
            nodes.raw("", "</details>", format="html"),
        ]


def setup(app: Sphinx) -> None:
    app.add_directive("exercises", Exercises)
    app.add_css_file("gvc/exercises.css", priority=900)
