"""Feedback and personal kits in one zip, named so that a learning management system gives each to its student.

    made = handback(course, "02-services", "moodle")     # made.path, made.line

moodle        Submissions > Upload multiple feedback files in a zip. Folders are named as in Moodle's download.
canvas        Assignment > Upload Submissions: files become comments, found by the two numbers in Canvas's own names.
brightspace   Assignments > Add Feedback Files: folders as in the download.
blackboard    takes no zip of feedback back. The files are named as in its download, to be attached one by one.

A student is found by the name that the LMS gave the collected work, so collect first. Personal kits go out before
anybody handed in: Moodle alone has a way, by the participant numbers of its grading worksheet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from valuechains.course import files, people, zips
from valuechains.course.errors import CourseError
from valuechains.course.folder import Course
from valuechains.course.intake import attempts
from valuechains.course.intake.attempts import Attempt
from valuechains.tongue import count, say, together

LAYOUTS = ("moodle", "canvas", "brightspace", "blackboard")
NUMBER = re.compile(r"(\d+)\s*$")  # of "Participant 12345", in whatever language


@dataclass(frozen=True)
class HandBack:
    """The zip, how many students it holds, and who is not in it."""

    path: Path
    count: int
    without: tuple[str, ...]

    @property
    def line(self) -> str:
        missing = say("Not in it: {without}.", without=", ".join(self.without)) if self.without else ""
        return together([count("{number} student.", "{number} students.", self.count), missing])


def handback(course: Course, chapter: str, layout: str) -> HandBack:
    """Zip the feedback pages of a chapter, feedback/<chapter>-<layout>.zip. Raises CourseError."""
    _known(layout)
    chapter = course.chapter(chapter).name
    pages = {path.parent.parent.name: path for path in sorted(course.root.glob(f"feedback/*/{chapter}/{chapter}.html"))}
    if not pages:
        raise CourseError(
            say(
                "There is no feedback for {chapter} yet: write it first (`valuechains course feedback`).",
                chapter=chapter,
            )
        )
    named, without = {}, []
    for student, path in pages.items():
        attempt = attempts.counted(course.root, chapter, student)
        if attempt and attempt.lms == layout and attempt.place:
            named[entry(attempt, f"{chapter}-feedback.html")] = path.read_bytes()
        else:
            without.append(student)
    if not named:
        raise CourseError(
            say(
                "None of the work of {chapter} was collected from a download of {layout}: give the "
                "layout that it came in, or send the pages.",
                chapter=chapter,
                layout=layout,
            )
        )
    target = course.root / "feedback" / f"{chapter}-{layout}.zip"
    return HandBack(files.write(target, zips.zipped(sorted(named.items()))), len(named), tuple(without))


def kits(course: Course, chapter: str, worksheet: Path) -> HandBack:
    """Zip the personal kits of a chapter as Moodle takes them back, kits/<chapter>-moodle.zip. Raises CourseError.

    worksheet: Moodle's grading worksheet, which has a number for each student of the assignment.
    """
    chapter = course.chapter(chapter).name
    numbers, named, without = participants(course, worksheet), {}, []
    for student in course.students:
        path = course.root / "kits" / f"{chapter}--{student.id}.zip"
        if not path.is_file():
            raise CourseError(say("There is no kit of {id}: make them first (`release --personal`).", id=student.id))
        if student.id not in numbers:
            without.append(student.id)
            continue
        name = re.sub(r"[_/\\]", " ", student.name)
        named[f"{name}_{numbers[student.id]}_assignsubmission_file/{path.name}"] = path.read_bytes()
    target = course.root / "kits" / f"{chapter}-moodle.zip"
    return HandBack(files.write(target, zips.zipped(sorted(named.items()))), len(named), tuple(without))


def participants(course: Course, worksheet: Path) -> dict[str, str]:
    """Moodle's number of each student of the class. Raises CourseError."""
    rows = people.table(worksheet)
    heads = [head.strip() for head in rows[0][1]] if rows else []
    if not heads or not rows[1:] or not all(NUMBER.search(row[0]) for _, row in rows[1:]):
        raise CourseError(
            say(
                "{worksheet} is no grading worksheet of Moodle: its first column must be like Participant 123.",
                worksheet=worksheet.name,
            )
        )
    whose: dict[str, set[str]] = {}
    for one in course.students:
        for text in filter(None, (one.id, one.email, one.username, one.name)):
            whose.setdefault(text.casefold(), set()).add(one.id)
    found = {}
    for _, row in rows[1:]:
        said = [cell.strip().casefold() for cell in row[1:]]
        ids = set().union(*(whose.get(cell, set()) for cell in said if cell))
        if len(ids) == 1:
            found[ids.pop()] = NUMBER.search(row[0])[1]  # type: ignore[index]  # looked at above
    return found


def entry(attempt: Attempt, name: str) -> str:
    """The name of a file in the zip: in the student's folder, or with the student's beginning of a name."""
    if attempt.lms == "brightspace":
        return f"{attempt.place.rstrip(' -')}/{name}"
    in_folder = attempt.name.rpartition(attempt.place)[2].startswith("/")
    if attempt.lms == "blackboard":
        return f"{attempt.place}_{name}"
    return f"{attempt.place}{'/' if in_folder else ''}{name}"


def _known(layout: str) -> None:
    if layout not in LAYOUTS:
        raise CourseError(
            say(
                "There is no layout {layout!r} to hand back in: choose among {layouts}.",
                layout=layout,
                layouts=", ".join(LAYOUTS),
            )
        )
