"""The answer key on the instructor's pages: values, named mistakes and mark schemes of the practice variant."""

from __future__ import annotations

import inspect
import re
import textwrap
from itertools import groupby

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from valuechains import evidence
from valuechains.authoring import source
from valuechains.authoring.source import ModelText
from valuechains.book.instructor.plans import CHAPTERS, EXERCISES
from valuechains.book.markdown import table
from valuechains.checks.sheet import exercise_number
from valuechains.course.key import Task, load, named_mistakes
from valuechains.course.worded import fields, points, written
from valuechains.tongue import say


class AnswerKey(SphinxDirective):
    """The key of a chapter at its practice variant: right values, code, tolerance, named mistakes, mark schemes."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = EXERCISES / self.arguments[0]
        try:
            key = load(folder)
        except FileNotFoundError as error:
            raise self.error(str(error)) from None
        found = source.read(folder / f"{folder.name}.ipynb")
        solutions = {one.number: one.solution for one in found.exercises}
        variant = key.variants[0] if key.variants else {}
        given = ", ".join(f"`{name}` {value}" for name, value in variant.items()) or "none"
        shown = self.parse_text_to_nodes(
            say(
                "{points} points, about {minutes} minutes. Practice variant: {given}. The menu has "
                "{number}; `course key` computes the others.",
                points=key.points,
                minutes=key.minutes,
                given=given,
                number=len(key.variants),
            )
            + f"\n\n{_claims(folder.name)}"
        )
        for place, tasks in groupby(key.tasks.values(), key=lambda task: int(exercise_number(task.exercise))):
            shown.append(_heading(_exercise(place), 2))
            shown += [_code(code, "python") for code in solutions.get(place, [])]
            for task in tasks:
                shown += self._task(task, variant, found.texts.get(task.exercise, ModelText()))
        return shown

    def _task(self, task: Task, variant: dict, text: ModelText) -> list[nodes.Node]:
        facts = task.public
        varies = ", varies" if task.varies else ""
        name = f" {facts['name']}" if "name" in facts else ""
        heading = _heading(f"{task.exercise}{name}: {points(facts['points'])}{varies}", 3)
        if facts["kind"] == "text":
            return [heading, *self.parse_text_to_nodes(_model(text))]
        if task.compute is None:
            return [heading, *self.parse_text_to_nodes(_form(facts))]
        answer = task.answer(variant)
        mistakes = [
            [hint, f"`{written(facts, value, short=True)}`"] for hint, value in named_mistakes(task, answer).items()
        ]
        unit = (
            say(" {unit}; within {tolerance:g}", unit=facts["unit"], tolerance=facts["tolerance"])
            if facts["kind"] == "numbers"
            else ""
        )
        code = _code(textwrap.dedent(inspect.getsource(task.compute)), "python")
        return [
            heading,
            *self.parse_text_to_nodes(say("Right:{unit}", unit=unit)),
            _code(written(facts, answer.right).replace("], [", "],\n ["), "text"),
            *self.parse_text_to_nodes(table((say("Mistake, as the student reads it"), say("It gives")), mistakes)),
            *_fold(say("How the key computes it"), code),
        ]


def _exercise(place: int) -> str:
    return say("Exercise {place}, worked on the public page" if place % 2 else "Exercise {place}", place=place)


def _claims(name: str) -> str:
    """The claims whose cards a chapter has, with what the ledger says and when it was last checked."""
    text = (CHAPTERS / f"{name}.ipynb").read_text(encoding="utf-8")
    claims = [evidence.claim(id) for id in re.findall(r"```\{claim\} (\S+?)\\n", text)]
    if not claims:
        return ""
    rows = [[one.id, one.paraphrase, one.verdict, one.confidence, one.as_of] for one in claims]
    shown = table((say("Claim"), say("In one line"), say("Verdict"), say("Confidence"), say("As of")), rows)
    read = say("The ledger's sources were last read on {day}.", day=f"{evidence.retrieved():%d %B %Y}")
    return f"{shown}\n\n{read}"


def _model(text: ModelText) -> str:
    quoted = "\n".join(f"> {line}" for line in text.model.splitlines())
    scheme = text.scheme or say("None: use the rubric.")
    return f"{say('Model text')}\n\n{quoted}\n\n{say('Mark scheme')}\n\n{scheme}"


def _form(facts: dict) -> str:
    shown = [[f"`{name}`", rule] for name, rule in fields(facts)]
    return f"{say('Checked for being complete, read by you.')}\n\n" + table(
        (say("Field"), say("What it must hold")), shown
    )


def _heading(text: str, level: int) -> nodes.rubric:
    heading = nodes.rubric("", text)
    heading["heading-level"] = level
    return heading


def _code(text: str, language: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def _fold(title: str, *content: nodes.Node) -> list[nodes.Node]:
    opened, closed = f"<details><summary>{title}</summary>", "</details>"
    return [nodes.raw("", opened, format="html"), *content, nodes.raw("", closed, format="html")]
