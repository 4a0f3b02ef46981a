"""Feedback: one page a student with points, hints by name and the instructor's comments, and no right value.

It is made from the gradebook, the marked notebook and the sealed sheet, and never opens the key. What a student wrote
is shown to that student alone, as text. The pages lie where `nbgrader release_feedback` looks for them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path

from valuechains.authoring import source
from valuechains.checks.replies import NOT_YET, State
from valuechains.checks.sheet import exercise_number
from valuechains.course import files
from valuechains.course.folder import Course
from valuechains.course.people import Student
from valuechains.course.results import pages
from valuechains.course.results.marked import Mark, Work, asked, marked
from valuechains.course.spans import duration

STANDS = {
    State.RIGHT: "right",
    State.WRONG: "not yet",
    State.TO_DO: "not done",
    State.TO_BE_READ: "to be read",
    State.NOT_RUN: "did not run",
}
NOT_RUN = (
    "There was nothing to look at here: run your notebook from the top (Kernel, Restart and Run All), and see "
    "that each cell ends without an error."
)
STAMPS = ("timestamp.txt", "submission_secret.txt")
NO_TEXT = "There is no text of yours here."


def feedback(
    course: Course, chapter: str, student: str | None = None, progress: Callable[[int, int, str], None] | None = None
) -> list[Path]:
    """Write the pages of everybody who was graded, or of one student; their paths. Raises CourseError."""
    chapter = course.chapter(chapter).name
    works = marked(course, chapter, student)
    people = {one.id: one for one in course.students}
    told = asked(course, chapter)
    facts = {
        "course": course.title,
        "title": told["title"],
        "tasks": told["tasks"],
        "headings": source.read(course.source(chapter)).titles,
    }
    made = []
    for place, work in enumerate(works, start=1):
        text = _page(work, people.get(work.student, Student(work.student)).name, **facts)
        made.append(files.write(course.root / "feedback" / work.student / chapter / f"{chapter}.html", text))
        _stamp(course.root / "submitted" / work.student / chapter, made[-1].parent)
        if progress:
            progress(place, len(works), work.student)
    return made


def _stamp(submitted: Path, page: Path) -> None:
    """Hand on what nbgrader's exchange asks for beside a page: the time and the secret of a submission that came
    through it.

    From them `nbgrader release_feedback` makes a file name that only this student's server knows.
    """
    if all((submitted / name).is_file() for name in STAMPS):
        for name in STAMPS:
            shutil.copyfile(submitted / name, page / name)


def _page(work: Work, name: str, *, course: str, title: str, tasks: dict[str, dict], headings: dict[str, str]) -> str:
    marks = work.marks
    again = {
        mark.task for before, mark in pairwise(marks.values()) if not mark.is_text and mark.text == before.text
    }  # one cell may answer two tasks
    shown = {task for task, mark in marks.items() if _is_shown(mark, tasks[task])} - again
    told = [mark for task, mark in marks.items() if mark.state != State.RIGHT or task in shown] if work.opened else []
    exercises = [
        {"title": f"{place}. {headings.get(place, '')}".strip(), "marks": list(group)}
        for place, group in groupby(told, key=lambda mark: exercise_number(mark.task))
    ]
    return pages.page(
        "feedback.html",
        work=work,
        name=name,
        course=course,
        title=title,
        exercises=exercises,
        shown=shown,
        handed_in=_handed_in(work),
        asks={task: one.get("name", "a text") for task, one in tasks.items()},
        stands={task: _stands(mark) for task, mark in marks.items()},
        hints={task: _hint(mark, tasks[task]) for task, mark in marks.items()},
        missed=next((mark.task for mark in told if mark.state != State.RIGHT and tasks[mark.task].get("hints")), ""),
    )


def _is_shown(mark: Mark, task: dict) -> bool:
    """Whether the student's own words, or commented code, stand on the page."""
    return (mark.is_text and mark.state != State.TO_DO) or bool(mark.comment) or task["kind"] == "form"


def _stands(mark: Mark) -> str:
    if mark.is_text and mark.by_hand:
        return "read"
    return STANDS[mark.state] + (", marked by hand" if mark.by_hand else "")


def _hint(mark: Mark, task: dict) -> str:
    if mark.state in (State.RIGHT, State.TO_BE_READ):
        return ""
    if mark.is_text:
        return NO_TEXT if mark.state == State.TO_DO else ""
    named = "" if mark.mistake is None else task["mistakes"][mark.mistake]
    said = named or mark.says.removeprefix(NOT_YET) or NOT_RUN
    return said[:1].upper() + said[1:]


def _handed_in(work: Work) -> str:
    if not work.handed_in:
        return (
            f"Late, by the mark of the learning management system; due {_said(work.due)}." if work.marked_late else ""
        )
    when = f"Handed in {_said(work.handed_in)}; due {_said(work.due)} ({work.due:%Z})."
    return when + (f" That is {duration(work.late)} late." if work.late else "")


def _said(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M}"
