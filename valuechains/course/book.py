"""The instructor's part of the book: what its pages compute. Only that book's configuration names this module.

Directives: ``{answer-key} 02-services`` (values, named mistakes, mark schemes), ``{chapter-table}`` (minutes, points,
variants), ``{plan}`` (weeks and their minutes), ``{prerequisites}``, ``{poll} A1-1-05 A1-1-08`` (claims and what the
ledger says of them), ``{minutes} 90`` (a class that must add up), ``{slides}`` (links to them).
Role: ``{board}`` (a number of a board example, such as 02-services.B).
"""

from __future__ import annotations

import inspect
import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import nbformat
import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from valuechains import evidence
from valuechains.book.module_map import Head, read_head
from valuechains.course import board, kit
from valuechains.course.copies import SOLUTION
from valuechains.course.key import Key, Task, load, named_mistakes

ROOT = Path(__file__).resolve().parents[2]
SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===\n(.*?)\n=== END MARK SCHEME ===", re.S)
READING = re.compile(r"(\d+) minutes of reading(?:, (\d+) with the)?")
WEEK = re.compile(r"(?P<week>[^:]+): (?P<chapters>\d(?:, \d)*)(?P<rest>(?: \+ \d+ [^+]+)*)$")
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
EXTRA = re.compile(r"\+ (\d+) ([^+]+)")


@dataclass(frozen=True)
class Chapter:
    """A chapter as a teacher plans it."""

    name: str
    head: Head
    key: Key

    @property
    def number(self) -> int:
        return int(self.name[:2])

    @property
    def reading(self) -> int:
        """Minutes of reading and widgets, from the chapter's head; none where the chapter is all exercise."""
        found = READING.search(self.head.hours)
        return sum(int(minutes) for minutes in found.groups() if minutes) if found else 0

    @property
    def minutes(self) -> int:
        return self.reading + self.key.minutes


@cache
def chapter(name: str) -> Chapter:
    return Chapter(name, read_head(ROOT / "chapters" / f"{name}.ipynb"), load(ROOT / "exercises" / name))


def chapters() -> list[Chapter]:
    return [chapter(folder.name) for folder in kit.sources()]


# --- tables of chapters and weeks ------------------------------------------------------------------------------------


class ChapterTable(SphinxDirective):
    """Minutes, points and variants of every chapter, and their sums."""

    def run(self) -> list[nodes.Node]:
        rows = [
            [
                f"{one.number} {one.head.title}",
                one.reading,
                one.key.minutes,
                one.minutes,
                one.key.points,
                _read_by_hand(one.key),
                len(one.key.variants),
                _varying(one.key),
            ]
            for one in chapters()
        ]
        sums = ["**All**", *(sum(row[place] for row in rows) for place in range(1, 6)), "", ""]
        return self.parse_text_to_nodes(
            _table(
                (
                    "Chapter",
                    "Reading and widgets, min",
                    "Exercises, min",
                    "Together, min",
                    "Points",
                    "of them read by you",
                    "Variants",
                    "Exercises that vary",
                ),
                [*rows, sums],
            )
        )


def _read_by_hand(key: Key) -> int:
    return sum(task.public["points"] for task in key.tasks.values() if task.compute is None)


def _varying(key: Key) -> str:
    numbers = sorted({int(re.match(r"\d+", task.exercise)[0]) for task in key.tasks.values() if task.varies})
    return ", ".join(map(str, numbers)) or "none"


class Plan(SphinxDirective):
    """Weeks with their chapters and what comes besides: ``Week 1: 0, 1 + 60 a claim card``; minutes are summed."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        weeks = [WEEK.match(line) for line in self.content if line.strip()]
        if not all(weeks):
            raise self.error('A line of a plan reads "Week 1: 0, 1 + 60 a claim card".')
        by_number = {one.number: one for one in chapters()}
        rows = [_week(week, by_number) for week in weeks]
        total = sum(row[-1] for row in rows)
        sums = ["**All**", "", *(sum(row[place] for row in rows) for place in (2, 3)), "", total]
        return self.parse_text_to_nodes(
            _table(
                ("", "Chapters", "Reading and widgets, min", "Exercises, min", "Besides", "Together, min"),
                [*rows, sums],
            )
            + f"\n\nIn all about {round(total / 30) / 2:g} hours of a student's time."
        )


def _week(week: re.Match, by_number: dict[int, Chapter]) -> list:
    those = [by_number[int(number)] for number in week["chapters"].split(", ")]
    extras = [(int(minutes), what.strip()) for minutes, what in EXTRA.findall(week["rest"])]
    reading, exercises = sum(one.reading for one in those), sum(one.key.minutes for one in those)
    titles = "; ".join(f"{one.number} {one.head.title}" for one in those)
    besides = "; ".join(f"{what}, {minutes}" for minutes, what in extras)
    together = reading + exercises + sum(minutes for minutes, _ in extras)
    return [week["week"], titles, reading, exercises, besides, together]


class Prerequisites(SphinxDirective):
    """What each chapter's head says that one needs before it."""

    def run(self) -> list[nodes.Node]:
        rows = [[f"{one.number} {one.head.title}", LINK.sub(r"\1", one.head.before)] for one in chapters()]
        return self.parse_text_to_nodes(_table(("Chapter", "Before you start"), rows))


class Minutes(SphinxDirective):
    """A class in steps, ``10 Opening poll``; the minutes must add up to the argument."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        steps = [line.split(maxsplit=1) for line in self.content if line.strip()]
        total = sum(int(minutes) for minutes, _ in steps)
        if total != int(self.arguments[0]):
            raise self.error(f"These steps take {total} minutes, not {self.arguments[0]}: change one of them.")
        return self.parse_text_to_nodes(_table(("Minutes", "What"), [*steps, [f"**{total}**", "**together**"]]))


class Poll(SphinxDirective):
    """Claims to vote on, and, for you, the verdict and confidence of the ledger."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        try:
            asked = [evidence.claim(id) for id in self.arguments[0].split()]
        except evidence.UnknownEntry as error:
            raise self.error(str(error)) from None
        return self.parse_text_to_nodes(
            _table(
                ("Read out", "Claim", "The ledger, for afterwards"),
                [[one.paraphrase, one.id, f"{one.verdict}, confidence {one.confidence}"] for one in asked],
            )
        )


class Slides(SphinxDirective):
    """Links to the slides that are there."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.app.outdir, "slides")
        files = sorted(folder.glob("*.html"))
        if not files:
            raise self.error("There are no slides yet: `make instructor-book` writes them first.")
        return [nodes.raw("", f"<ul>{''.join(map(_slide_links, files))}</ul>", format="html")]


def _slide_links(path: Path) -> str:
    one = chapter(path.stem)
    printed = f' (<a href="slides/{path.stem}.pdf">PDF</a>)' if path.with_suffix(".pdf").exists() else ""
    return f'<li><a href="slides/{path.name}">{one.number} {one.head.title}</a>{printed}</li>'


class BoardNumber(SphinxRole):
    """A number of a board example: ``02-services.B``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, number = self.text.partition(".")
        try:
            return [nodes.inline("", board.example(name)[number], classes=["board"])], []
        except KeyError:
            said = f"There is no number {self.text!r} in valuechains.course.board."
            message = self.inliner.reporter.error(said, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]


def _table(head: Sequence[str], rows: Iterable[Sequence]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    cells = ([str(cell).replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in cells)])


# --- the answer key --------------------------------------------------------------------------------------------------


class AnswerKey(SphinxDirective):
    """The key of a chapter at its practice variant: right values, code, tolerance, named mistakes, mark schemes."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = ROOT / "exercises" / self.arguments[0]
        try:
            key = load(folder)
        except FileNotFoundError as error:
            raise self.error(str(error)) from None
        solutions, texts = _of_source(folder)
        variant = key.variants[0] if key.variants else {}
        given = ", ".join(f"`{name}` {value}" for name, value in variant.items()) or "none"
        shown = self.parse_text_to_nodes(
            f"{key.points} points, about {key.minutes} minutes. Practice variant: {given}. "
            f"The menu has {len(key.variants)}; `course key` computes the others.\n\n{_claims(folder.name)}"
        )
        for number, tasks in groupby(key.tasks.values(), key=lambda task: int(re.match(r"\d+", task.exercise)[0])):
            shown.append(_heading(f"Exercise {number}" + (", worked on the public page" if number % 2 else ""), 2))
            shown += [_code(code, "python") for code in solutions.get(number, [])]
            for task in tasks:
                shown += self._task(task, variant, texts.get(task.exercise, ""))
        return shown

    def _task(self, task: Task, variant: dict, text: str) -> list[nodes.Node]:
        facts = task.public
        varies = ", varies" if task.varies else ""
        points = "1 point" if facts["points"] == 1 else f"{facts['points']} points"
        heading = _heading(f"{task.exercise}{' ' + facts['name'] if 'name' in facts else ''}: {points}{varies}", 3)
        if facts["kind"] == "text":
            return [heading, *self.parse_text_to_nodes(_model(text))]
        if task.compute is None:
            return [heading, *self.parse_text_to_nodes(_form(facts))]
        answer = task.answer(variant)
        mistakes = [[hint, f"`{_value(value, facts, 6)}`"] for hint, value in named_mistakes(task, answer).items()]
        unit = f" {facts['unit']}; within {facts['tolerance']:g}" if facts["kind"] == "numbers" else ""
        code = _code(textwrap.dedent(inspect.getsource(task.compute)), "python")
        return [
            heading,
            *self.parse_text_to_nodes(f"Right:{unit}"),
            _code(_value(answer.right, facts, 17), "text"),
            *self.parse_text_to_nodes(_table(("Mistake, as the student reads it", "It gives"), mistakes)),
            *_fold("How the key computes it", code),
        ]


def _claims(name: str) -> str:
    """The claims whose cards a chapter has, with what the ledger says and when it was last checked."""
    text = (ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf-8")
    claims = [evidence.claim(id) for id in re.findall(r"```\{claim\} (\S+?)\\n", text)]
    if not claims:
        return ""
    rows = [[one.id, one.paraphrase, one.verdict, one.confidence, one.as_of] for one in claims]
    table = _table(("Claim", "In one line", "Verdict", "Confidence", "As of"), rows)
    return f"{table}\n\nThe ledger's sources were last read on {evidence.retrieved():%d %B %Y}."


def _of_source(folder: Path) -> tuple[dict[int, list[str]], dict[str, str]]:
    """Solutions of a source notebook by exercise, and its model texts by the name of their cell."""
    solutions: dict[int, list[str]] = {}
    texts, at = {}, 0
    for cell in nbformat.read(folder / f"{folder.name}.ipynb", as_version=4).cells:
        heading = re.match(r"## (\d+)\. ", cell.source)
        at = int(heading[1]) if heading else at
        facts = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and (found := SOLUTION.search(cell.source)):
            solutions.setdefault(at, []).append(found[1].rstrip())
        elif cell.cell_type == "markdown" and facts.get("solution"):
            texts[facts["grade_id"]] = cell.source
    return solutions, texts


def _model(text: str) -> str:
    scheme = SCHEME.search(text)
    model = SCHEME.sub("", text).strip()
    quoted = "\n".join(f"> {line}" for line in model.splitlines())
    return f"Model text\n\n{quoted}\n\nMark scheme\n\n{scheme[1] if scheme else 'None: use the rubric.'}"


def _form(facts: dict) -> str:
    fields = [
        [f"`{name}`", ", ".join(f"{rule}: {value}" for rule, value in rules.items()) or "anything"]
        for name, rules in facts["fields"].items()
    ]
    return "Checked for being complete, read by you.\n\n" + _table(("Field", "Asked for"), fields)


def _value(value: object, facts: dict, digits: int) -> str:
    """An answer as text: numbers with so many significant digits, names where the question has names."""
    if facts["kind"] == "numbers":
        array = np.asarray(value, dtype=float)
        plain = np.vectorize(lambda x: float(f"{x:.{digits}g}"), otypes=[float])(array).tolist()
        named = dict(zip(facts["keys"], plain, strict=True)) if facts["keys"] else plain
        return json.dumps(named).replace("], [", "],\n [")
    if isinstance(value, dict):
        names = facts["keys"] or range(1, facts["count"] + 1)
        return "; ".join(f"{names[int(at)]}: {word}" for at, word in value.items())
    words = [str(value)] if isinstance(value, (str, bool)) else list(map(str, value))
    if facts["keys"]:
        return "\n".join(f"{name}: {word}" for name, word in zip(facts["keys"], words, strict=True))
    return ", ".join(words)


def _heading(text: str, level: int) -> nodes.rubric:
    heading = nodes.rubric("", text)
    heading["heading-level"] = level
    return heading


def _code(text: str, language: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def _fold(title: str, *content: nodes.Node) -> list[nodes.Node]:
    opened, closed = f"<details><summary>{title}</summary>", "</details>"
    return [nodes.raw("", opened, format="html"), *content, nodes.raw("", closed, format="html")]


def setup(app: Sphinx) -> dict:
    directives = {
        "answer-key": AnswerKey,
        "chapter-table": ChapterTable,
        "plan": Plan,
        "prerequisites": Prerequisites,
        "minutes": Minutes,
        "poll": Poll,
        "slides": Slides,
    }
    for name, directive in directives.items():
        app.add_directive(name, directive)
    app.add_role("board", BoardNumber())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
