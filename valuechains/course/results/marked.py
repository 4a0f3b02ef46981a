"""The marked work of a chapter as it stands: points from nbgrader's gradebook, words from the autograded notebooks."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import nbformat
from nbgrader.api import Grade, MissingEntry, SubmittedAssignment

from valuechains.checks.replies import State
from valuechains.checks.values import restored
from valuechains.course import harmless, standing, stored
from valuechains.course.files import noted
from valuechains.course.folder import Course, CourseError
from valuechains.course.intake import attempts
from valuechains.tongue import say

SAID = 400  # characters of what a check said; the library's own sentences are shorter


@dataclass(frozen=True)
class Mark:
    """One task of one submission.

    state: RIGHT, WRONG, TO_DO, TO_BE_READ (a text without points yet) or NOT_RUN (nothing for its check).
    says: the sentence of the check. mistake: its number on the sheet, if it is a known one. text: the student's own,
    code or words. comment: the instructor's.
    recorded: what the variable held when the submission was run, if the run wrote it down.
    """

    task: str
    points: float
    most: float
    state: State
    says: str = ""
    text: str = ""
    comment: str = ""
    is_text: bool = False
    by_hand: bool = False
    recorded: object = None
    mistake: int | None = None

    def value(self, name: str) -> object:
        """What the answer's variable held: as recorded, else as the cell writes it out, else None."""
        return given(self.text, name) if self.recorded is None else self.recorded


@dataclass(frozen=True)
class Work:
    """One student's submission. handed_in: aware, or None if nothing tells when; due: with the student's extension.

    marked_late: the LMS says that it is late, and not by how much.
    opened: whether there is a marked notebook; there is none of a file that was refused, and `refused` says why.
    """

    student: str
    due: datetime
    handed_in: datetime | None = None
    penalty: float = 0.0
    marks: dict[str, Mark] = field(default_factory=dict)
    opened: bool = True
    refused: str = ""
    marked_late: bool = False

    @property
    def late(self) -> timedelta:
        return max(self.handed_in - self.due, timedelta()) if self.handed_in else timedelta()

    @property
    def points(self) -> float:
        return max(0.0, sum(mark.points for mark in self.marks.values()) - self.penalty)

    @property
    def most(self) -> float:
        return sum(mark.most for mark in self.marks.values())

    @property
    def unread(self) -> float:
        """Points of texts that nobody has read yet."""
        return sum(mark.most for mark in self.marks.values() if mark.state == State.TO_BE_READ)


def marked(course: Course, chapter: str, student: str | None = None) -> list[Work]:
    """Every graded submission of a chapter, or one student's, by id. Raises CourseError where there is nothing yet."""
    if not (course.root / "gradebook.db").is_file():
        raise CourseError(
            say(
                "{name} has no gradebook.db: release and grade {chapter} first.", name=course.root.name, chapter=chapter
            )
        )
    with course.gradebook() as book:
        try:
            found = book.assignment_submissions(chapter)
        except MissingEntry:
            found = []
        tasks = asked(course, chapter)["tasks"]
        wanted = [one for one in found if one.notebooks and student in (None, one.student.id)]
        works = [_work(course, chapter, one, tasks) for one in wanted]
    if not works:
        whose = f"of {student} " if student else ""
        raise CourseError(
            say(
                "The gradebook has no submission {whose}for {chapter}: collect and grade it first.",
                whose=whose,
                chapter=chapter,
            )
        )
    return sorted(works, key=lambda work: work.student)


def asked(course: Course, chapter: str) -> dict:
    """What students are told, from the sealed sheet, which holds no answer: {"title": ..., "tasks": {task: facts}}."""
    return json.loads((course.root / "source" / chapter / "sheet.json").read_text(encoding="utf-8"))


def given(text: str, name: str) -> object:
    """The value that a cell writes out for a variable, or None if it computes it or cannot be read."""
    try:
        assignments = [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]
        pairs = [(target, one.value) for one in assignments for target in one.targets]
        values = [found for target, value in pairs for found in _assigned(target, value, name)]
        return ast.literal_eval(values[-1]) if values else None
    except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError):
        return None


def _assigned(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, its_value in zip(target.elts, value.elts):
            yield from _assigned(one, its_value, name)


def _work(course: Course, chapter: str, submission: SubmittedAssignment, tasks: dict[str, dict]) -> Work:
    notebook, cells = submission.notebooks[0], _cells(course, chapter, submission.student.id)
    comments = {comment.name: comment.manual_comment or "" for comment in notebook.comments}
    record = noted(course.run_file(chapter, submission.student.id))
    values = _recorded(record)
    marks = {mark.task: mark for mark in (_mark(grade, cells, comments, values, tasks) for grade in notebook.grades)}
    student, at = submission.student.id, submission.timestamp
    due, at = course.due(chapter, student, submission.extension), at and at.replace(tzinfo=UTC).astimezone(course.zone)
    late = max(at - due, timedelta()) if at else timedelta()
    attempt = None if at else attempts.counted(course.root, chapter, student)
    return Work(
        student,
        due,
        at,
        (notebook.late_submission_penalty or 0.0) + course.late.points(late, sum(mark.most for mark in marks.values())),
        {task: marks[task] for task in tasks if task in marks},
        opened=bool(cells),
        refused=str(record.get("refused", "")),
        marked_late=bool(attempt and attempt.late),
    )


def _mark(
    grade: Grade, cells: dict[str, tuple], comments: dict[str, str], values: dict[str, object], tasks: dict[str, dict]
) -> Mark:
    cell, answer = cells.get(grade.cell.name, (None, None))
    is_text = grade.cell.cell_type != "code"
    says = "" if is_text or cell is None else _said(cell)
    task = grade.cell.name.removeprefix("check-")
    state, mistake = _state(grade, is_text, cell, says, tasks.get(task, {}).get("mistakes", ()))
    own = answer.metadata.nbgrader.grade_id if answer is not None else grade.cell.name
    return Mark(
        task,
        grade.score,
        grade.max_score,
        state,
        says,
        answer.source.replace(harmless.JOINER, "") if answer is not None else "",
        comments.get(own, ""),
        is_text,
        grade.manual_score is not None,
        values.get(grade.cell.name),
        mistake,
    )


def _state(
    grade: Grade, is_text: bool, cell: nbformat.NotebookNode | None, says: str, mistakes: Sequence[str]
) -> tuple[State, int | None]:
    if is_text and grade.manual_score is None and (grade.auto_score is None or grade.needs_manual_grade):
        return State.TO_BE_READ, None
    if grade.score >= grade.max_score:
        return State.RIGHT, None
    if is_text:
        return State.TO_DO if grade.manual_score is None else State.WRONG, None
    if cell is None or not says:
        return State.NOT_RUN, None
    state, mistake = standing.kept(cell, says, mistakes)
    return state if state is State.TO_DO else State.WRONG, mistake  # nearly right has no points either


def _cells(course: Course, chapter: str, student: str) -> dict[str, tuple]:
    """Each graded cell of an autograded notebook, by its id, with the cell that holds the student's answer."""
    path = course.root / "autograded" / student / chapter / f"{chapter}.ipynb"
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:  # missing, or what a broken submission left: the gradebook still has the points
        return {}
    found: dict[str, tuple] = {}
    answer = None
    for cell in notebook.cells:
        facts = cell.metadata.get("nbgrader", {})
        answer = cell if facts.get("solution") else answer
        if facts.get("grade"):
            found.setdefault(facts["grade_id"], (cell, answer))
    return found


def _recorded(record: dict) -> dict[str, object]:
    """What the variables held when the submission was run, by the cell that asks; what cannot be read is left out."""
    found: dict[str, object] = {}
    try:
        for name, line in record["lines"].items():
            if "value" in line:
                found.setdefault(name.removesuffix(" at the end"), restored(line["value"]))
    except Exception:  # it is the word of the student's code
        pass
    return {name: value for name, value in found.items() if value is not ...}


def cut(says: str) -> str:
    """A sentence of a check as it is kept here."""
    return " ".join(says.split())[:SAID]


def _said(cell: nbformat.NotebookNode) -> str:
    """The sentence with which a check failed; of any other error its name alone, which holds nothing computed."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            if output.ename == "AssertionError":
                return cut(output.evalue)
            name = re.sub(r"[^A-Za-z]", "", output.ename)[:40]
            return stored.CHECK_STOPPED.format(error=name)
    return ""
