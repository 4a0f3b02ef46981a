"""What the instructor's pages compute of chapters, weeks and classes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from valuechains import evidence
from valuechains.authoring.chapter import LINK, Head, read_head
from valuechains.book.instructor import board
from valuechains.book.markdown import table
from valuechains.checks.sheet import exercise_number
from valuechains.course import kit
from valuechains.course.key import Key, load
from valuechains.course.outcomes import tested
from valuechains.tongue import say

CHAPTERS, EXERCISES = kit.ROOT / "chapters", kit.ROOT / "exercises"
WEEK = re.compile(r"(?P<week>[^:]+): (?P<chapters>\d(?:, \d)*)(?P<rest>(?: \+ \d+ [^+]+)*)$")
EXTRA = re.compile(r"\+ (\d+) ([^+]+)")


@dataclass(frozen=True)
class Planned:
    """A chapter as a teacher plans it."""

    name: str
    head: Head
    key: Key

    @property
    def number(self) -> int:
        return int(self.name[:2])

    @property
    def minutes(self) -> int:
        return self.head.reading + self.key.minutes


@cache
def chapter(name: str) -> Planned:
    return Planned(name, read_head(CHAPTERS / f"{name}.ipynb"), load(EXERCISES / name))


def chapters() -> list[Planned]:
    return [chapter(folder.name) for folder in kit.sources()]


class ChapterTable(SphinxDirective):
    """Minutes, points and variants of every chapter, and their sums."""

    def run(self) -> list[nodes.Node]:
        counts = {one: _counts(one) for one in chapters()}
        rows = [
            [f"{one.number} {one.head.title}", *counted, len(one.key.variants), _varying(one.key)]
            for one, counted in counts.items()
        ]
        sums = ["**All**", *map(sum, zip(*counts.values())), "", ""]
        return self.parse_text_to_nodes(
            table(
                (
                    "Chapter",
                    say("Reading and widgets, min"),
                    "Exercises, min",
                    "Together, min",
                    "Points",
                    say("of them read by you"),
                    say("in so many texts and forms"),
                    "Variants",
                    say("Exercises that vary"),
                ),
                [*rows, sums],
            )
        )


def _counts(one: Planned) -> tuple[int, ...]:
    """Minutes of reading, of exercises and of both; points, those that are read by hand, and in how many tasks."""
    by_hand = [task.public["points"] for task in one.key.tasks.values() if task.compute is None]
    return one.head.reading, one.key.minutes, one.minutes, one.key.points, sum(by_hand), len(by_hand)


def _varying(key: Key) -> str:
    numbers = sorted({int(exercise_number(task.exercise)) for task in key.tasks.values() if task.varies})
    return ", ".join(map(str, numbers)) or "none"


class Plan(SphinxDirective):
    """Weeks with their chapters and what comes besides: ``Week 1: 0, 1 + 60 a claim card``; minutes are summed."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        lines = [line for line in self.content if line.strip()]
        weeks = [week for line in lines if (week := WEEK.match(line))]
        if len(weeks) < len(lines):
            raise self.error('A line of a plan reads "Week 1: 0, 1 + 60 a claim card".')
        by_number = {one.number: one for one in chapters()}
        rows = [_week(week, by_number) for week in weeks]
        total = sum(row[-1] for row in rows)
        sums = ["**All**", "", *(sum(row[place] for row in rows) for place in (2, 3)), "", total]
        return self.parse_text_to_nodes(
            table(
                ("", "Chapters", say("Reading and widgets, min"), "Exercises, min", "Besides", "Together, min"),
                [*rows, sums],
            )
            + "\n\n"
            + say("In all about {hours:g} hours of a student's time.", hours=round(total / 30) / 2)
        )


def _week(week: re.Match, by_number: dict[int, Planned]) -> list:
    those = [by_number[int(number)] for number in week["chapters"].split(", ")]
    extras = [(int(minutes), what.strip()) for minutes, what in EXTRA.findall(week["rest"])]
    reading, exercises = sum(one.head.reading for one in those), sum(one.key.minutes for one in those)
    titles = "; ".join(f"{one.number} {one.head.title}" for one in those)
    besides = "; ".join(f"{what}, {minutes}" for minutes, what in extras)
    together = reading + exercises + sum(minutes for minutes, _ in extras)
    return [week["week"], titles, reading, exercises, besides, together]


class Prerequisites(SphinxDirective):
    """What each chapter's head says that one needs before it."""

    def run(self) -> list[nodes.Node]:
        rows = [[f"{one.number} {one.head.title}", LINK.sub(r"\1", one.head.before)] for one in chapters()]
        return self.parse_text_to_nodes(table(("Chapter", say("Before you start")), rows))


class Outcomes(SphinxDirective):
    """What each chapter promises, and which exercises and questions test it."""

    def run(self) -> list[nodes.Node]:
        try:
            rows = [
                [f"{one.number} {one.head.title}" if place == 0 else "", promise.outcome, promise.by]
                for one in chapters()
                for place, promise in enumerate(tested(one.name))
            ]
        except ValueError as error:
            raise self.error(str(error)) from None
        return self.parse_text_to_nodes(table(("Chapter", "Outcome", say("Tested by")), rows))


class Minutes(SphinxDirective):
    """A class in steps, ``10 Opening poll``; the minutes must add up to the argument."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        steps = [line.split(maxsplit=1) for line in self.content if line.strip()]
        total = sum(int(minutes) for minutes, _ in steps)
        if total != int(self.arguments[0]):
            raise self.error(f"These steps take {total} minutes, not {self.arguments[0]}: change one of them.")
        return self.parse_text_to_nodes(table(("Minutes", "What"), [*steps, [f"**{total}**", "**together**"]]))


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
            table(
                (say("Read out"), "Claim", say("The ledger, for afterwards")),
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
            said = say("There is no number {text!r} in valuechains.book.instructor.board.", text=self.text)
            message = self.inliner.reporter.error(said, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
