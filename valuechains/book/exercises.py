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
from valuechains.tongue import say, to_say

NUMBERS = (
    to_say("No"),
    to_say("One"),
    to_say("Two"),
    to_say("Three"),
    to_say("Four"),
    to_say("Five"),
    to_say("Six"),
    to_say("Seven"),
    to_say("Eight"),
)


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
            found = source.read_whole(notebook)
        except ValueError as error:
            raise self.error(str(error)) from None
        tasks = json.loads(sheet.read_text(encoding="utf-8"))
        shown = [node for one in found.exercises for node in self._exercise(one, tasks["tasks"])]
        first = [node for part in found.given for node in self._part(say("what the exercises share"), part)]
        return [*self._head(folder.name, len(found.exercises), tasks), *first, *shown]

    def _head(self, name: str, count: int, sheet: dict) -> list[nodes.Node]:
        points = sum(task["points"] for task in sheet["tasks"].values())
        up = "../" * (self.env.docname.count("/") + edition.is_other(self.env.app))
        offer = say("Download the notebook of chapter {number} and what it needs (zip)", number=int(name[:2]))
        button = (
            f'<p class="gvc-kit" data-chapter="{name}"><a class="kit" href="{up}kits/{name}.zip" download>'
            f"{offer}</a></p>"
        )
        text = to_say(
            "{count} exercises, {points} points, about {minutes} minutes. In JupyterLab each is "
            "checked as you go: unpack the download and run `python3 tools/lab.py` in it "
            "(on Windows `py tools\\lab.py`), or `make lab` in a copy of this project. The odd-numbered ones have a "
            "worked solution here, to unfold once you have tried."
        )
        about = {"count": say(NUMBERS[count]), "points": points, "minutes": sheet["minutes"]}
        return [*self._said(text, **about), nodes.raw("", button, format="html")]

    def _exercise(self, exercise: Posed, tasks: dict) -> list[nodes.Node]:
        anchor = f"exercise-{exercise.number}"
        title = say("{number}. {title}", number=exercise.number, title=say(exercise.title))
        marks = edition.marks(exercise.title)
        heading = nodes.rubric("", title, classes=["exercise", *marks], ids=[anchor], translatable=False)
        heading["heading-level"] = 4
        whose = say("exercise {number}", number=exercise.number)
        parts = [node for part in exercise.question for node in self._part(whose, part)]
        return [heading, *parts, *(self._solution(exercise, tasks) if exercise.is_open else [])]

    def _part(self, whose: str, part: Part) -> list[nodes.Node]:
        kind, content = part.kind, part.content
        if kind == source.CELL:  # onpage puts an editor here
            return [nodes.raw("", f'<div class="gvc-work" data-cell="{content}" hidden></div>', format="html")]
        if kind == source.CODE:
            line = f'<details class="gvc-fold gvc-code"><summary>{escape(say("Show the code"))}</summary>'
            code = nodes.literal_block(content, content, language="python")
            return [nodes.raw("", line, format="html"), code, nodes.raw("", "</details>", format="html")]
        if kind == source.PRINTED:
            return [nodes.literal_block(content, content, language="text", classes=["given"])]
        if kind == source.TABLE:
            label = escape(say("Table of {whose}", whose=whose))
            frame = f'<div class="gvc-scroll" tabindex="0" role="region" aria-label="{label}">{content}</div>'
            return [nodes.raw("", frame, format="html")]
        return self.parse_text_to_nodes(source.bold_headings(content))

    def _solution(self, exercise: Posed, tasks: dict) -> list[nodes.Node]:
        hints = [
            task["hints"][1]
            for name, task in tasks.items()
            if exercise_number(name) == str(exercise.number) and len(task.get("hints", [])) == 3
        ]
        steps, result = [step for code in exercise.solution for step in _steps(code)], "\n".join(exercise.result)
        title = escape(say("Worked solution of exercise {number}", number=exercise.number))
        return [
            nodes.raw("", f'<details class="solution"><summary>{title}</summary>', format="html"),
            *(node for hint in hints for node in self._said(hint)),
            *(nodes.literal_block(step, step, language="python") for step in steps),
            *([nodes.literal_block(result, result, language="text")] if result else []),
            nodes.raw("", "</details>", format="html"),
        ]

    def _said(self, message: str, **fields: object) -> list[nodes.Node]:
        """A message of markup, which goes through our own catalogue and not through that of the pages' text."""
        found = self.parse_text_to_nodes(say(message, **fields))
        for node in (text for part in found for text in part.findall(nodes.TextElement)):
            node["translatable"] = False
        for part in found:
            part["classes"] += edition.marks(message)  # type: ignore[index]  # blocks are elements
        return found


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
