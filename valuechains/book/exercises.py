"""A chapter's exercises on its page, read from the source of the notebook, and the student's kit to download.

Directive ``{exercises} 02-services``. The page shows what the notebook gives, data and all: first what all exercises
share, then each question. Odd-numbered exercises have their worked solution, folded, for those who learn alone.
"""

from __future__ import annotations

import ast
import json
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from valuechains.authoring import source
from valuechains.authoring.source import Part, Posed
from valuechains.book import edition
from valuechains.checks.sheet import exercise_number
from valuechains.tongue import say

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


class Exercises(SphinxDirective):
    """The exercises of one chapter."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if edition.is_other(self.env.app):
            return [self._elsewhere()]
        folder = Path(self.env.srcdir, "exercises", self.arguments[0])
        notebook, sheet = folder / f"{folder.name}.ipynb", folder / "sheet.json"
        for path in (notebook, sheet):
            if not path.is_file():
                raise self.error(f"There is no {folder.name}/{path.name}: give the name of a folder of exercises/.")
            self.env.note_dependency(str(path))
        try:
            found = source.read_whole(notebook)
        except ValueError as error:
            raise self.error(str(error)) from None
        tasks = json.loads(sheet.read_text(encoding="utf-8"))
        shown = [node for one in found.exercises for node in self._exercise(one, tasks["tasks"])]
        first = [node for part in found.given for node in self._part("what the exercises share", part)]
        return [*self._head(folder.name, len(found.exercises), tasks), *first, *shown]

    def _elsewhere(self) -> nodes.paragraph:
        """Exercises and their checks are in English; an edition leads there."""
        page = "../" * self.env.docname.count("/") + f"../{self.env.docname}.html#exercises"
        link = nodes.reference("", say("To the exercises"), refuri=page, internal=True)
        note = say("The exercises, their checks and their hints are in English so far. ")
        return nodes.paragraph("", "", nodes.Text(note), link, translatable=False)

    def _head(self, name: str, count: int, sheet: dict) -> list[nodes.Node]:
        points = sum(task["points"] for task in sheet["tasks"].values())
        up = "../" * self.env.docname.count("/")
        button = (
            f'<p class="gvc-kit" data-chapter="{name}"><a class="kit" href="{up}kits/{name}.zip" download>'
            f"Download the notebook of chapter {int(name[:2])} "
            "and what it needs (zip)</a></p>"
        )
        text = (
            f"{NUMBERS[count]} exercises, {points} points, about {sheet['minutes']} minutes. In JupyterLab each is "
            "checked as you go: unpack the download and run `python3 tools/lab.py` in it "
            "(on Windows `py tools\\lab.py`), or `make lab` in a copy of this project. The odd-numbered ones have a "
            "worked solution here, to unfold once you have tried."
        )
        return [*self.parse_text_to_nodes(text), nodes.raw("", button, format="html")]

    def _exercise(self, exercise: Posed, tasks: dict) -> list[nodes.Node]:
        anchor = f"exercise-{exercise.number}"
        heading = nodes.rubric("", f"{exercise.number}. {exercise.title}", classes=["exercise"], ids=[anchor])
        heading["heading-level"] = 4
        whose = f"exercise {exercise.number}"
        parts = [node for part in exercise.question for node in self._part(whose, part)]
        return [heading, *parts, *(self._solution(exercise, tasks) if exercise.is_open else [])]

    def _part(self, whose: str, part: Part) -> list[nodes.Node]:
        kind, content = part.kind, part.content
        if kind == source.CELL:  # onpage puts an editor here
            return [nodes.raw("", f'<div class="gvc-work" data-cell="{content}" hidden></div>', format="html")]
        if kind == source.CODE:
            line = '<details class="gvc-fold gvc-code"><summary>Show the code</summary>'
            code = nodes.literal_block(content, content, language="python")
            return [nodes.raw("", line, format="html"), code, nodes.raw("", "</details>", format="html")]
        if kind == source.PRINTED:
            return [nodes.literal_block(content, content, language="text", classes=["given"])]
        if kind == source.TABLE:
            frame = f'<div class="gvc-scroll" tabindex="0" role="region" aria-label="Table of {whose}">{content}</div>'
            return [nodes.raw("", frame, format="html")]
        return self.parse_text_to_nodes(source.bold_headings(content))

    def _solution(self, exercise: Posed, tasks: dict) -> list[nodes.Node]:
        hints = [
            task["hints"][1]
            for name, task in tasks.items()
            if exercise_number(name) == str(exercise.number) and len(task.get("hints", [])) == 3
        ]
        steps, result = [step for code in exercise.solution for step in _steps(code)], "\n".join(exercise.result)
        title = escape(f"Worked solution of exercise {exercise.number}")
        return [
            nodes.raw("", f'<details class="solution"><summary>{title}</summary>', format="html"),
            *(node for hint in hints for node in self.parse_text_to_nodes(hint)),
            *(nodes.literal_block(step, step, language="python") for step in steps),
            *([nodes.literal_block(result, result, language="text")] if result else []),
            nodes.raw("", "</details>", format="html"),
        ]


def _steps(code: str) -> list[str]:
    """Statement by statement, each with the comment above it; an import goes with what follows it."""
    lines, parts, start = code.splitlines(), [], 0
    for statement in ast.parse(code).body:
        end = statement.end_lineno or 0
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            parts.append("\n".join(lines[start:end]).strip("\n"))
            start = end
    rest = "\n".join(lines[start:]).strip("\n")
    return [*parts, *([rest] if rest else [])]


def setup(app: Sphinx) -> None:
    app.add_directive("exercises", Exercises)
    app.add_css_file("gvc/exercises.css", priority=900)
