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

from valuechains import tongue
from valuechains.authoring import catalogue, source
from valuechains.checks import Sheet
from valuechains.checks.replies import NOT_YET, State
from valuechains.checks.sheet import exercise_number
from valuechains.course import files, kit, stored
from valuechains.course.folder import Course
from valuechains.course.people import Student
from valuechains.course.results import pages
from valuechains.course.results.marked import Mark, Work, asked, cut, marked
from valuechains.course.spans import duration
from valuechains.figures.publishing import WIDE
from valuechains.tongue import count, dated, retold, say, to_say, together

STANDS = {
    State.RIGHT: to_say("right"),
    State.WRONG: to_say("not yet"),
    State.TO_DO: to_say("not done"),
    State.TO_BE_READ: to_say("to be read"),
    State.NOT_RUN: to_say("did not run"),
}
NOT_RUN = to_say(
    "There was nothing to look at here: run your notebook from the top (Kernel, Restart and Run All), and see "
    "that each cell ends without an error."
)
STAMPS = ("timestamp.txt", "submission_secret.txt")
NO_TEXT = to_say("There is no text of yours here.")
LACKING = to_say("it is missing, damaged, or of another chapter")


class Told(str):
    """What a student is told; `english` if the page's language has no words for it yet."""

    english: bool = False


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
        with catalogue.spoken(kit.ROOT, course.speaks(work.student)):
            sheet = None if tongue.is_english() else course.sheet(chapter, work.student)
            text = _page(work, _called(people.get(work.student, Student(work.student))), sheet, **facts)
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


def _page(
    work: Work,
    name: str,
    sheet: Sheet | None,
    *,
    course: str,
    title: str,
    tasks: dict[str, dict],
    headings: dict[str, str],
) -> str:
    marks = work.marks
    again = {
        mark.task for before, mark in pairwise(marks.values()) if not mark.is_text and mark.text == before.text
    }  # one cell may answer two tasks
    shown = {task for task, mark in marks.items() if _is_shown(mark, tasks[task])} - again
    told = [mark for task, mark in marks.items() if mark.state != State.RIGHT or task in shown] if work.opened else []
    exercises = [
        (_told(_heading, place, headings.get(place, "")), list(group))
        for place, group in groupby(told, key=lambda mark: exercise_number(mark.task))
    ]
    heading = _told(say, title)
    hints = {task: _told(_hint, mark, tasks[task], sheet) for task, mark in marks.items()}
    facts = {
        "title": heading,
        "handed_in": _told(_handed_in, work),
        "refused": _told(retold, work.refused, stored.REFUSALS) or _told(say, LACKING),
        "stands": {task: _told(_stands, mark) for task, mark in marks.items()},
        "hints": hints,
        "exercises": exercises,
    }
    return pages.page(
        "feedback.html",
        work=work,
        name=name,
        course=course,
        shown=shown,
        asks={task: one.get("name") or say("a text") for task, one in tasks.items()},
        missed=next((mark.task for mark in told if mark.state != State.RIGHT and tasks[mark.task].get("hints")), ""),
        left=_left([heading, *(named for named, _ in exercises), *(hints[mark.task] for mark in told)]),
        **facts,
    )


def _called(student: Student) -> str:
    """A student's name; of a Chinese one, on a Chinese page, the family's comes first."""
    if student.first_name and student.last_name and WIDE.search(student.name):
        return say("person|{first} {last}", first=student.first_name, last=student.last_name)
    return student.name


def _told(tell: Callable[..., str], *about: object) -> Told:
    with tongue.noting() as missed:
        said = Told(tell(*about))
    said.english = bool(missed)
    return said


def _left(told: list[Told]) -> str:
    """How much of a page is in English, for its head."""
    number = sum(one.english for one in told)
    return (
        count(
            "{number} sentence of this page is not translated yet and stands in English.",
            "{number} sentences of this page are not translated yet and stand in English.",
            number,
        )
        if number
        else ""
    )


def _heading(place: str, title: str) -> str:
    return f"{place}. {say(title)}".strip()


def _is_shown(mark: Mark, task: dict) -> bool:
    """Whether the student's own words, or commented code, stand on the page."""
    return (mark.is_text and mark.state != State.TO_DO) or bool(mark.comment) or task["kind"] == "form"


def _stands(mark: Mark) -> str:
    if mark.is_text and mark.by_hand:
        return say("mark|read")
    stands = say(STANDS[mark.state])
    return say("{stands}, marked by hand", stands=stands) if mark.by_hand else stands


def _hint(mark: Mark, task: dict, sheet: Sheet | None) -> str:
    if mark.state in (State.RIGHT, State.TO_BE_READ):
        return ""
    if mark.is_text:
        return say(NO_TEXT) if mark.state == State.TO_DO else ""
    named = "" if mark.mistake is None else say(task["mistakes"][mark.mistake])
    said = named or _says(mark, task, sheet) or say(NOT_RUN)
    return said[:1].upper() + said[1:]


def _says(mark: Mark, task: dict, sheet: Sheet | None) -> str:
    """What the check said. It was stored in English: for another language the check is asked once more."""
    if sheet and mark.says:
        value = mark.value(task["name"])
        answer = {task["name"]: ... if value is None else value}
        with tongue.english():
            same = cut(sheet.reply(mark.task, **answer).says) == mark.says
        if same:
            return sheet.reply(mark.task, **answer).says.removeprefix(say(NOT_YET))
    return retold(mark.says.removeprefix(NOT_YET), stored.OF_MARKING)


def _handed_in(work: Work) -> str:
    if not work.handed_in:
        late = say("Late, by the mark of the learning management system; due {due}.", due=_said(work.due))
        return late if work.marked_late else ""
    when = say(
        "Handed in {at}; due {due} ({zone}).", at=_said(work.handed_in), due=_said(work.due), zone=f"{work.due:%Z}"
    )
    return together([when, say("That is {time} late.", time=duration(work.late))]) if work.late else when


def _said(moment: datetime) -> str:
    return say("{day}, {time}", day=dated(moment), time=f"{moment:%H:%M}")
