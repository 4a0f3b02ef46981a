"""Marking texts: a sheet to read for each marker, with the mark scheme beside the text, and a table to give marks in.

    for path in sheets(course, "02-services", markers=["anna", "ben"]): ...    # work/marking/02-services-anna.html and
    .csv print(enter(course, "02-services", Path("02-services-anna.csv")))

The table takes points and comments: codes of the course's bank of comments (comments.csv), words of one's own, or
both. Entered marks are marks by hand of nbgrader's gradebook, as the formgrader's are. A row counts for the text that
was read: where the student's text changed since, the whole table is refused, and says which.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from valuechains.authoring import source
from valuechains.authoring.source import ModelText
from valuechains.checks.replies import State
from valuechains.checks.sheet import exercise_number
from valuechains.course import files, people
from valuechains.course.errors import CourseError
from valuechains.course.folder import Course
from valuechains.course.results import pages
from valuechains.course.results.marked import Mark, marked
from valuechains.tongue import say

COLUMNS = ("student", "task", "most", "points", "codes", "comment", "text")
BANK = """code,chapter,comment
def,,Say first what is counted and of what: without a denominator a percentage says nothing.
num,,The argument is there; give the number that it rests on and say where it comes from.
src,,Name the source so that a reader can open it.
rival,,Name the other explanation and say what would tell the two apart.
run,,Good: the number follows from the cell above it.
"""


@dataclass(frozen=True)
class Text:
    """One text of one student, as a marker reads it."""

    student: str
    mark: Mark

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.mark.text.encode()).hexdigest()[:12]


def sheets(course: Course, chapter: str, markers: Sequence[str] = ()) -> list[Path]:
    """Write a page and a table for each marker, or one of each; their paths. Raises CourseError.

    Students are allotted by lot (the course's salt), evenly, and each with all of their texts.
    """
    chapter = course.chapter(chapter).name
    wrong = next((one for one in markers if not people.ID.fullmatch(one)), None)
    if wrong is not None or len({one.casefold() for one in markers}) < len(markers):
        raise CourseError(
            say(
                "The markers {markers} need short names of letters and digits, each its own.",
                markers=", ".join(markers),
            )
        )
    found = _texts(course, chapter)
    if not found:
        raise CourseError(
            say("There is no text to read in {chapter}: nobody wrote one, or nothing is graded yet.", chapter=chapter)
        )
    bank = comments(course, chapter)
    made = []
    for marker, students in _allotted(course, chapter, sorted({one.student for one in found}), markers).items():
        own = [one for one in found if one.student in students]
        stem = course.root / "work" / "marking" / "-".join(filter(None, (chapter, marker)))
        made.append(files.write(stem.with_name(f"{stem.name}.html"), _page(course, chapter, marker, own, bank)))
        made.append(files.write(stem.with_name(f"{stem.name}.csv"), _table(own)))
    return made


def comments(course: Course, chapter: str) -> dict[str, str]:
    """The bank of comments for a chapter, by code; without one, a few to start with are written. Raises CourseError."""
    path = course.root / "comments.csv"
    if not path.exists():
        files.write(path, BANK)
    lines = people.table(path)
    heads = [head.strip().casefold() for head in lines[0][1]] if lines else []
    if not {"code", "comment"} <= set(heads):
        raise CourseError(
            say("comments.csv has no columns code and comment: begin it with the line code,chapter,comment.")
        )
    found: dict[str, str] = {}
    for place, cells in lines[1:]:
        row = dict(zip(heads, (cell.strip() for cell in cells)))
        if row.get("chapter") in ("", None, chapter):
            code = row["code"].casefold()
            if not code or code in found or not row.get("comment"):
                raise CourseError(
                    say("comments.csv, line {place}: give each comment a code of its own, and words.", place=place)
                )
            found[code] = row["comment"]
    return found


def enter(course: Course, chapter: str, path: Path) -> str:
    """Enter the marks of a table, all or none; a sentence on what was entered. Raises CourseError."""
    chapter = course.chapter(chapter).name
    bank, known = comments(course, chapter), {(one.student, one.mark.task): one for one in _texts(course, chapter)}
    rows = [(place, row) for place, row in _rows(path) if row.get("points") or row.get("codes") or row.get("comment")]
    given = [_given(path, place, row, known, bank) for place, row in rows]
    changed = 0
    with course.gradebook() as book:
        for text, points, said in given:
            grade = book.find_grade(text.mark.task, chapter, chapter, text.student)
            changed += grade.manual_score is not None and grade.manual_score != points
            grade.manual_score, grade.needs_manual_grade = points, False
            book.find_comment(text.mark.task, chapter, chapter, text.student).manual_comment = said or None
        book.db.commit()
    left = len(known) - len(given)
    again = say(", {changed} of them in place of another mark", changed=changed) if changed else ""
    return say(
        "{number} marks entered{again}; {left} texts have no mark in this table.",
        number=len(given),
        again=again,
        left=left,
    )


def _given(path: Path, place: int, row: dict, known: dict, bank: dict[str, str]) -> tuple[Text, float, str]:
    where = f"{path.name}, line {place}"
    text = known.get((row.get("student", ""), row.get("task", "")))
    if text is None:
        raise CourseError(
            say(
                "{where}: there is no text of {student!r} for task {task!r}.",
                where=where,
                student=row.get("student"),
                task=row.get("task"),
            )
        )
    if row.get("text") != text.digest:
        raise CourseError(
            say(
                "{where}: the text of {student} for {task} is another than the one that was read; "
                "write the sheets again and read it once more. Nothing was entered.",
                where=where,
                student=text.student,
                task=text.mark.task,
            )
        )
    try:
        points = float(row.get("points", "").replace(",", "."))
    except ValueError:
        points = float("nan")
    if not 0 <= points <= text.mark.most:
        raise CourseError(
            say(
                "{where}: {points} stands for points; give a number from 0 to {most:g}. Nothing was entered.",
                where=where,
                points=row.get("points") or say("nothing"),
                most=text.mark.most,
            )
        )
    codes = [code.strip().casefold() for code in row.get("codes", "").replace(",", " ").replace(";", " ").split()]
    unknown = next((code for code in codes if code not in bank), None)
    if unknown:
        raise CourseError(
            say(
                "{where}: comments.csv has no code {unknown!r} for this chapter. Nothing was entered.",
                where=where,
                unknown=unknown,
            )
        )
    return text, points, "\n\n".join(filter(None, (*(bank[code] for code in codes), row.get("comment", "").strip())))


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    lines = people.table(path)
    heads = [head.strip().casefold() for head in lines[0][1]] if lines else []
    if not {"student", "task", "points", "text"} <= set(heads):
        raise CourseError(
            say(
                "{path} is no marking table: its first line must have {columns}.",
                path=path.name,
                columns=", ".join(COLUMNS),
            )
        )
    return [(place, dict(zip(heads, (_bare(cell) for cell in cells)))) for place, cells in lines[1:]]


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" else cell


def _texts(course: Course, chapter: str) -> list[Text]:
    """Everybody's texts that there is something to read of, task by task: read with one scheme in mind."""
    found = [
        Text(work.student, mark)
        for work in marked(course, chapter)
        for mark in work.marks.values()
        if mark.is_text and (mark.state == State.TO_BE_READ or mark.by_hand)
    ]
    order = {task: place for place, task in enumerate(dict.fromkeys(one.mark.task for one in found))}
    return sorted(found, key=lambda one: (order[one.mark.task], one.student))


def _allotted(course: Course, chapter: str, students: Sequence[str], markers: Sequence[str]) -> dict[str, set[str]]:
    def lot(student: str) -> str:
        return hashlib.sha256(f"{course.salt}/marking/{chapter}/{student}".encode()).hexdigest()

    drawn = sorted(students, key=lot)
    if not markers:
        return {"": set(drawn)}
    return {marker: set(drawn[place :: len(markers)]) for place, marker in enumerate(markers)}


def _page(course: Course, chapter: str, marker: str, found: Sequence[Text], bank: dict[str, str]) -> str:
    about = source.read(course.source(chapter))
    tasks = [
        {
            "task": task,
            "heading": f"{exercise_number(task)}. {about.titles.get(exercise_number(task), '')}",
            "most": next(one.mark.most for one in found if one.mark.task == task),
            "texts": [one for one in found if one.mark.task == task],
            **asdict(about.texts.get(task, ModelText())),
        }
        for task in dict.fromkeys(one.mark.task for one in found)
    ]
    return pages.page(
        "marking.html",
        title=course.key(chapter).title,
        course=course.title,
        chapter=chapter,
        marker=marker,
        tasks=tasks,
        bank=[[code, said] for code, said in bank.items()],
        students=len({one.student for one in found}),
    )


def _table(found: Sequence[Text]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for one in found:
        given = f"{one.mark.points:g}" if one.mark.by_hand else ""
        said = files.cell(one.mark.comment)
        rows.writerow([one.student, one.mark.task, f"{one.mark.most:g}", given, "", said, one.digest])
    return text.getvalue().encode("utf-8-sig")
