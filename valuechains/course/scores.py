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

An LMS makes a new column for a heading that it does not know: `headings` gives its own, such as {"02-services":
"Chapter 2 (4711)"}. Where points are still to be given the score is left empty, so that no half mark is imported.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.api import Assignment, MissingEntry, SubmittedAssignment

from valuechains.course import files
from valuechains.course.folder import Chapter, Course, CourseError, Student

RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a spreadsheet takes what begins so for a formula


@dataclass(frozen=True)
class Mark:
    """What the gradebook says of a student's chapter. state: marked, waits (for marks by hand), ungraded or missing."""

    student: Student
    chapter: str
    state: str
    of: float
    automatic: float = 0.0
    manual: float = 0.0
    penalty: float = 0.0
    unmarked: float = 0.0
    handed_in: datetime | None = None
    late: timedelta = timedelta()

    @property
    def so_far(self) -> float:
        return max(0.0, self.automatic + self.manual - self.penalty)

    @property
    def points(self) -> str:
        """The score, or nothing as long as it is not final."""
        return number(self.so_far) if self.state == "marked" else ""


def scores(course: Course, layout: str, chapter: str | None = None, headings: Mapping[str, str] | None = None) -> Path:
    """Write scores/<layout>[-<chapter>].csv and return its path; every student of the class list has a row.

    layout: moodle, canvas, blackboard or plain. chapter: one, else all that were graded. headings: the LMS's own column
    names. Raises CourseError.
    """
    if layout not in LAYOUTS:
        raise CourseError(f"There is no layout {layout!r} for scores: choose among {', '.join(LAYOUTS)}.")
    found = marks(course, chapter)
    table = _Table(
        course.students,
        list(dict.fromkeys(one.chapter for one in found)),
        {(one.student.id, one.chapter): one for one in found},
        dict(headings or {}),
    )
    name = f"{layout}-{course.chapter(chapter).name}" if chapter else layout
    return files.write(course.root / "scores" / f"{name}.csv", LAYOUTS[layout](table))


def marks(course: Course, chapter: str | None = None) -> list[Mark]:
    """The marks of all students, of one chapter or of all that somebody handed in. Raises CourseError for nothing."""
    wanted = [course.chapter(chapter)] if chapter else list(course.chapters)
    if not (course.root / "gradebook.db").is_file():
        raise CourseError(f"{course.title} has no gradebook yet: collect and grade a chapter first.")
    found = []
    with course.gradebook() as book:
        for one in wanted:
            try:
                assignment = book.find_assignment(one.name)
            except MissingEntry:
                continue
            by_student = {given.student.id: given for given in assignment.submissions}
            if by_student or chapter:
                found += [_mark(student, one, assignment, by_student.get(student.id)) for student in course.students]
    if not found:
        what = f"{wanted[0].name} is not" if chapter else "Nothing is"
        raise CourseError(f"{what} in the gradebook of {course.title}: collect and grade first.")
    return found


def remarks(course: Course, chapter: str | None = None) -> list[str]:
    """What the scores do not show: a sentence for each student whose score is not final, or whose work was late."""
    lines = []
    for one in marks(course, chapter):
        who = f"{one.chapter}, {one.student.id}"
        if one.state == "waits":
            lines.append(
                f"{who}: {number(one.unmarked)} of {number(one.of)} points wait for a mark by hand "
                f"({number(one.so_far)} so far); the score is left empty."
            )
        elif one.state == "ungraded":
            lines.append(f"{who}: handed in and not graded; the score is left empty.")
        elif one.state == "missing":
            lines.append(f"{who}: nothing handed in; the score is left empty.")
        if one.late:
            lines.append(f"{who}: {late(one)}.")
    return lines


def number(value: float) -> str:
    """At most two places, without needless noughts: 7.5, 30."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def late(mark: Mark) -> str:
    minutes = max(1, round(mark.late.total_seconds() / 60)) if mark.late else 0
    return f"late by {minutes // 1440} d {minutes // 60 % 24} h {minutes % 60} min" if minutes else ""


def _mark(student: Student, chapter: Chapter, assignment: Assignment, given: SubmittedAssignment | None) -> Mark:
    name, of = chapter.name, float(assignment.max_score)
    if given is None:
        return Mark(student, name, "missing", of)
    handed_in = given.timestamp.replace(tzinfo=UTC) if given.timestamp else None
    after = max(timedelta(), handed_in - chapter.due - (given.extension or timedelta())) if handed_in else timedelta()
    grades = [grade for notebook in given.notebooks for grade in notebook.grades]
    if not grades:
        return Mark(student, name, "ungraded", of, handed_in=handed_in, late=after)
    waiting = [grade for grade in grades if grade.needs_manual_grade]
    counted = [grade for grade in grades if not grade.needs_manual_grade]
    by_hand = [grade for grade in counted if grade.manual_score is not None]
    return Mark(
        student,
        name,
        "waits" if waiting else "marked",
        of,
        automatic=sum(float(grade.score) for grade in counted if grade.manual_score is None),
        manual=sum(float(grade.score) for grade in by_hand),
        penalty=float(given.late_submission_penalty or 0),
        unmarked=sum(float(grade.max_score) for grade in waiting),
        handed_in=handed_in,
        late=after,
    )


@dataclass(frozen=True)
class _Table:
    students: Sequence[Student]
    chapters: Sequence[str]
    marks: Mapping[tuple[str, str], Mark]
    headings: Mapping[str, str]

    def row(self, student: Student) -> list[Mark]:
        return [self.marks[student.id, chapter] for chapter in self.chapters]

    def of(self, chapter: str) -> str:
        return number(self.marks[self.students[0].id, chapter].of)

    def heading(self, chapter: str, own: str | None = None) -> str:
        return self.headings.get(chapter, own or chapter)


def _moodle(table: _Table) -> bytes:
    heads = [head + kind for head in map(table.heading, table.chapters) for kind in ("", " (feedback)")]
    rows = [["First name", "Last name", "ID number", "Email address", *heads]]
    for one in table.students:
        cells = [cell for mark in table.row(one) for cell in (mark.points, late(mark) if mark.points else "")]
        rows.append([one.first_name, one.last_name, one.id, one.email, *cells])
    return _csv(rows)


def _canvas(table: _Table) -> bytes:
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *map(table.heading, table.chapters)],
        ["    Points Possible", "", "", "", "", *map(table.of, table.chapters)],
    ]
    for one in table.students:
        name = ", ".join(filter(None, (one.last_name, one.first_name))) or one.id
        rows.append([name, "", one.id, one.email, "", *(mark.points for mark in table.row(one))])
    return _csv(rows)


def _blackboard(table: _Table) -> bytes:
    heads = [table.heading(chapter, f"{chapter} [Total Pts: {table.of(chapter)} Score]") for chapter in table.chapters]
    rows = [["Last Name", "First Name", "Username", *heads]]
    rows += [
        [one.last_name, one.first_name, one.id, *(mark.points for mark in table.row(one))] for one in table.students
    ]
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
        ]
    ]
    for one in table.students:
        for mark in table.row(one):
            known = mark.state in ("marked", "waits")
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
                ]
            )
    return _csv(rows, encoding="utf-8-sig")


LAYOUTS = {"moodle": _moodle, "canvas": _canvas, "blackboard": _blackboard, "plain": _plain}


def _csv(rows: Iterable[Iterable[str]], encoding: str = "utf-8", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=quoting).writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode(encoding)


def _safe(cell: str) -> str:
    """Text that a spreadsheet does not take for a formula: an apostrophe goes before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(RISKY) else cell
