"""Scores for a learning management system: a CSV file in the layout that it imports, from nbgrader's gradebook.

    path = scores(course, "canvas", "02-services")
    for line in remarks(course, "02-services"):    # what waits for a mark, what is late, who handed in nothing
        print(line)

The columns, as the systems' own importers read them:

moodle      Grades > Import > CSV file; map "ID number" (or "Email address") to the user and the chapter to its item.
            The feedback column says what is late; map it together with the points, or leave both out.
canvas      Grades > Import; a student is found by "SIS User ID", else by login, else by name.
blackboard  Grade Center > Work offline > Upload; a student is found by "Username".
plain       everything that is known, a row a student and chapter.
tasks       a row a student, a column a task, for your own reckoning.

`only` counts a part of the tasks: Only.read("even") the exercises of even number, which have no published solution,
Only.read("2,4b") these. `total` adds the weighted mean of the chapters, in percent, with the weights of course.toml:

    [weights]
    02-services = 2     # a chapter that is not named weighs 1

An LMS makes a new column for a heading that it does not know: `headings` gives its own, such as {"02-services":
"Chapter 2 (4711)"}. Where points are still to be given the score is left empty, so that no half mark is imported.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

from nbgrader.api import Assignment, MissingEntry, SubmittedAssignment

from valuechains.checks.sheet import exercise_number
from valuechains.course import files, spans
from valuechains.course.folder import Chapter, Course, CourseError
from valuechains.course.intake import attempts
from valuechains.course.people import Student
from valuechains.course.worded import number
from valuechains.tongue import say

TOTAL = "Total (percent)"


@dataclass(frozen=True)
class Only:
    """Which tasks count: all, those of exercises of even number, or those named by number or by task."""

    even: bool = False
    named: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str | None) -> Only:
        """Out of "even", or "2,4b". Raises CourseError."""
        if not text:
            return cls()
        if text.strip().casefold() == "even":
            return cls(even=True)
        named = tuple(one.strip() for one in text.split(",") if one.strip())
        wrong = next((one for one in named if not re.fullmatch(r"\d+\w*", one)), None)
        if wrong or not named:
            raise CourseError(say("{task!r} is no task: write their names, such as 2,4b, or even.", task=wrong or text))
        return cls(named=named)

    def counts(self, task: str) -> bool:
        number = exercise_number(task)
        if self.even:
            return number.isdigit() and int(number) % 2 == 0
        return not self.named or task in self.named or number in self.named

    @property
    def name(self) -> str:
        return "even" if self.even else "_".join(self.named)


ALL = Only()


class Stage(StrEnum):
    """How far the mark of a chapter is."""

    MARKED = "marked"
    WAITS = "waits"  # for marks by hand
    UNGRADED = "ungraded"
    MISSING = "missing"


@dataclass(frozen=True)
class ChapterMark:
    """What the gradebook says of a student's chapter.

    marked_late: the LMS says that it is late, and not by how much. tasks: the points of each task, None of what waits.
    """

    student: Student
    chapter: str
    state: Stage
    of: float
    automatic: float = 0.0
    manual: float = 0.0
    penalty: float = 0.0
    unmarked: float = 0.0
    handed_in: datetime | None = None
    late: timedelta = timedelta()
    marked_late: bool = False
    tasks: tuple[tuple[str, float | None], ...] = ()

    @property
    def so_far(self) -> float:
        return max(0.0, self.automatic + self.manual - self.penalty)

    @property
    def points(self) -> str:
        """The score, or nothing as long as it is not final."""
        return number(self.so_far) if self.state is Stage.MARKED else ""


def scores(
    course: Course,
    layout: str,
    chapter: str | None = None,
    headings: Mapping[str, str] | None = None,
    *,
    only: Only = ALL,
    total: bool = False,
) -> Path:
    """Write scores/<layout>[-<chapter>][-<tasks>].csv and return its path; every student of the class list has a row.

    layout: moodle, canvas, blackboard, plain or tasks. chapter: one, else all that were graded. headings: the LMS's own
    column names. only: the tasks that count. total: a column with the weighted mean. Raises CourseError.
    """
    if layout not in LAYOUTS:
        raise CourseError(
            say(
                "There is no layout {layout!r} for scores: choose among {layouts}.",
                layout=layout,
                layouts=", ".join(LAYOUTS),
            )
        )
    found = marks(course, chapter, only)
    table = _Table(
        course.students,
        list(dict.fromkeys(one.chapter for one in found)),
        {(one.student.id, one.chapter): one for one in found},
        dict(headings or {}),
        course.weights if total else None,
    )
    name = "-".join(filter(None, (layout, course.chapter(chapter).name if chapter else "", only.name)))
    return files.write(course.root / "scores" / f"{name}.csv", LAYOUTS[layout](table))


def marks(course: Course, chapter: str | None = None, only: Only = ALL) -> list[ChapterMark]:
    """The marks of all students, of one chapter or of all that somebody handed in. Raises CourseError for nothing."""
    wanted = [course.chapter(chapter)] if chapter else list(course.chapters)
    if not (course.root / "gradebook.db").is_file():
        raise CourseError(say("{title} has no gradebook yet: collect and grade a chapter first.", title=course.title))
    found = []
    with course.gradebook() as book:
        for one in wanted:
            try:
                assignment = book.find_assignment(one.name)
            except MissingEntry:
                continue
            by_student = {given.student.id: given for given in assignment.submissions}
            if by_student or chapter:
                found += [
                    _mark(course, student, one, assignment, by_student.get(student.id), only)
                    for student in course.students
                ]
    if not found:
        what = say("{name} is not", name=wanted[0].name) if chapter else say("Nothing is")
        raise CourseError(
            say("{what} in the gradebook of {title}: collect and grade first.", what=what, title=course.title)
        )
    if not any(one.of for one in found):
        raise CourseError(
            say(
                "No task counts: {what} is in none of the chapters.", what=", ".join(only.named) or say("the even ones")
            )
        )
    return found


def remarks(course: Course, chapter: str | None = None, only: Only = ALL) -> list[str]:
    """What the scores do not show: a sentence for each student whose score is not final, or whose work was late."""
    lines, unknown = [], []
    for one in marks(course, chapter, only):
        who = f"{one.chapter}, {one.student.id}"
        if one.state is Stage.WAITS:
            lines.append(
                say(
                    "{who}: {unmarked} of {most} points wait for a mark by hand ({so_far} so far); the "
                    "score is left empty.",
                    who=who,
                    unmarked=number(one.unmarked),
                    most=number(one.of),
                    so_far=number(one.so_far),
                )
            )
        elif one.state is Stage.UNGRADED:
            lines.append(say("{who}: handed in and not graded; the score is left empty.", who=who))
        elif one.state is Stage.MISSING:
            lines.append(say("{who}: nothing handed in; the score is left empty.", who=who))
        if one.late:
            lines.append(f"{who}: {late(one)}{_cost(one)}.")
        elif one.marked_late:
            nothing = say(", so nothing is taken off") if course.late.per_day else ""
            lines.append(
                say("{who}: {late}; by how much is not known{nothing}.", who=who, late=late(one), nothing=nothing)
            )
        elif one.state in (Stage.MARKED, Stage.WAITS) and not one.handed_in and course.late.per_day:
            unknown.append(who)
    if unknown:
        lines.append(
            say("When these handed in is not known, so nothing is taken off: {unknown}.", unknown="; ".join(unknown))
        )
    return lines


def _cost(mark: ChapterMark) -> str:
    return say(", {points} points taken off", points=number(mark.penalty)) if mark.penalty else ""


def late(mark: ChapterMark) -> str:
    if not mark.late:
        return say("late, by the LMS's mark") if mark.marked_late else ""
    return say("late by {full}", full=spans.full(mark.late))


def _mark(
    course: Course,
    student: Student,
    chapter: Chapter,
    assignment: Assignment,
    given: SubmittedAssignment | None,
    only: Only,
) -> ChapterMark:
    name = chapter.name
    cells = [cell for notebook in assignment.notebooks for cell in notebook.grade_cells]
    of = sum(float(cell.max_score) for cell in cells if only.counts(_task(cell.name)))
    if given is None:
        return ChapterMark(student, name, Stage.MISSING, of)
    handed_in = given.timestamp.replace(tzinfo=UTC) if given.timestamp else None
    due = course.due(name, student.id, given.extension)
    after = max(timedelta(), handed_in - due) if handed_in else timedelta()
    attempt = None if handed_in else attempts.counted(course.root, name, student.id)
    by_mark = bool(attempt and attempt.late)
    grades = [grade for notebook in given.notebooks for grade in notebook.grades]
    if not grades:
        return ChapterMark(student, name, Stage.UNGRADED, of, handed_in=handed_in, late=after, marked_late=by_mark)
    grades = [grade for grade in grades if only.counts(_task(grade.cell.name))]
    waiting = [grade for grade in grades if grade.needs_manual_grade]
    counted = [grade for grade in grades if not grade.needs_manual_grade]
    by_hand = [grade for grade in counted if grade.manual_score is not None]
    return ChapterMark(
        student,
        name,
        Stage.WAITS if waiting else Stage.MARKED,
        of,
        automatic=sum(float(grade.score) for grade in counted if grade.manual_score is None),
        manual=sum(float(grade.score) for grade in by_hand),
        penalty=float(given.late_submission_penalty or 0) + course.late.points(after, of),
        unmarked=sum(float(grade.max_score) for grade in waiting),
        handed_in=handed_in,
        late=after,
        marked_late=by_mark,
        tasks=tuple(
            (_task(grade.cell.name), None if grade.needs_manual_grade else float(grade.score)) for grade in grades
        ),
    )


def _task(cell: str) -> str:
    return cell.removeprefix("check-")


@dataclass(frozen=True)
class _Table:
    students: Sequence[Student]
    chapters: Sequence[str]
    marks: Mapping[tuple[str, str], ChapterMark]
    headings: Mapping[str, str]
    weights: Mapping[str, float] | None = None

    @property
    def total_heads(self) -> list[str]:
        return [] if self.weights is None else [TOTAL]

    def total(self, student: Student) -> list[str]:
        """The weighted mean in percent; empty while anything waits. What was not handed in counts as nothing."""
        if self.weights is None:
            return []
        row = self.row(student)
        if any(mark.state in (Stage.WAITS, Stage.UNGRADED) for mark in row):
            return [""]
        weights = [self.weights.get(mark.chapter, 1.0) if mark.of else 0.0 for mark in row]
        shares = [mark.so_far / mark.of if mark.of and mark.state is Stage.MARKED else 0.0 for mark in row]
        whole = sum(weights)
        return [number(100 * sum(map(float.__mul__, weights, shares)) / whole) if whole else ""]

    def row(self, student: Student) -> list[ChapterMark]:
        return [self.marks[student.id, chapter] for chapter in self.chapters]

    def of(self, chapter: str) -> str:
        return number(self.marks[self.students[0].id, chapter].of)

    def heading(self, chapter: str, own: str | None = None) -> str:
        return self.headings.get(chapter, own or chapter)


def _moodle(table: _Table) -> bytes:
    heads = [head + kind for head in map(table.heading, table.chapters) for kind in ("", " (feedback)")]
    rows = [["First name", "Last name", "ID number", "Email address", *heads, *table.total_heads]]
    for one in table.students:
        cells = [cell for mark in table.row(one) for cell in (mark.points, late(mark) if mark.points else "")]
        rows.append([one.first_name, one.last_name, one.id, one.email, *cells, *table.total(one)])
    return _csv(rows)


def _canvas(table: _Table) -> bytes:
    rows = [
        [
            "Student",
            "ID",
            "SIS User ID",
            "SIS Login ID",
            "Section",
            *map(table.heading, table.chapters),
            *table.total_heads,
        ],
        ["    Points Possible", "", "", "", "", *map(table.of, table.chapters), *("100" for _ in table.total_heads)],
    ]
    for one in table.students:
        name = ", ".join(filter(None, (one.last_name, one.first_name))) or one.id
        login = one.username or one.email
        points = (mark.points for mark in table.row(one))
        rows.append([name, one.canvas_id, one.id, login, one.group, *points, *table.total(one)])
    return _csv(rows)


def _blackboard(table: _Table) -> bytes:
    heads = [table.heading(chapter, f"{chapter} [Total Pts: {table.of(chapter)} Score]") for chapter in table.chapters]
    rows = [["Last Name", "First Name", "Username", *heads, *table.total_heads]]
    for one in table.students:
        points = (mark.points for mark in table.row(one))
        rows.append([one.last_name, one.first_name, one.username or one.id, *points, *table.total(one)])
    return _csv(rows, encoding="utf-8-sig", quoting=csv.QUOTE_ALL)


def _plain(table: _Table) -> bytes:
    rows = [
        [
            "id",
            "last_name",
            "first_name",
            "email",
            "chapter",
            "state",
            "points",
            "of",
            "automatic",
            "manual",
            "unmarked",
            "penalty",
            "handed_in_utc",
            "late_minutes",
            "late_by_mark",
            *(["total_percent"] if table.total_heads else []),
        ]
    ]
    for one in table.students:
        for mark in table.row(one):
            known = mark.state in (Stage.MARKED, Stage.WAITS)
            figures = [
                number(value) if known else "" for value in (mark.automatic, mark.manual, mark.unmarked, mark.penalty)
            ]
            minutes = max(1, round(mark.late.total_seconds() / 60)) if mark.late else 0
            when = f"{mark.handed_in:%Y-%m-%d %H:%M:%S}" if mark.handed_in else ""
            rows.append(
                [
                    one.id,
                    one.last_name,
                    one.first_name,
                    one.email,
                    mark.chapter,
                    mark.state,
                    mark.points,
                    number(mark.of),
                    *figures,
                    when,
                    str(minutes) if when else "",
                    "yes" if mark.marked_late else "",
                    *table.total(one),
                ]
            )
    return _csv(rows, encoding="utf-8-sig")


def _tasks(table: _Table) -> bytes:
    """A row a student: the points of each task (nothing where a mark is still to be given), and of each chapter."""
    names = {
        chapter: list(dict.fromkeys(task for one in table.students for task, _ in table.marks[one.id, chapter].tasks))
        for chapter in table.chapters
    }
    heads = [
        head for chapter in table.chapters for head in (*(f"{chapter} {task}" for task in names[chapter]), chapter)
    ]
    rows = [["id", "last_name", "first_name", *heads, *table.total_heads]]
    for one in table.students:
        cells = []
        for mark in table.row(one):
            given = dict(mark.tasks)
            values = (given.get(task) for task in names[mark.chapter])
            cells += [*("" if value is None else number(value) for value in values), mark.points]
        rows.append([one.id, one.last_name, one.first_name, *cells, *table.total(one)])
    return _csv(rows, encoding="utf-8-sig")


LAYOUTS = {"moodle": _moodle, "canvas": _canvas, "blackboard": _blackboard, "plain": _plain, "tasks": _tasks}


def _csv(
    rows: Iterable[Iterable[str]], encoding: str = "utf-8", quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL
) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=quoting).writerows([files.cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode(encoding)
