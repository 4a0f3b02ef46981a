"""Grading: every submission is run by itself (`sandbox`), then marked here, in a process that runs nobody's code.

    for outcome in grade(course, "02-services", workers=2):
        print(outcome.student, outcome.points, outcome.line)

Marking is nbgrader's own autograder with two preprocessors of ours in place of its Execute: `Mended` gives cells back
what the source says they are, and `Recorded` puts recorded outputs under them and marks the recorded answers with the
chapter's key. A submission thus decides its own answers and nothing else. What is done is not done again: a killed run
goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import TextIO

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import compute_checksum
from sqlalchemy.exc import SAWarning

from valuechains.checks.replies import NOT_YET, SIGNS, Reply, State
from valuechains.checks.values import restored
from valuechains.course import files, harmless, kit, sandbox, standing, stored, version
from valuechains.course.copies import student_copy
from valuechains.course.errors import refusal
from valuechains.course.folder import Course, CourseError
from valuechains.course.intake import notebooks, submission
from valuechains.course.intake.archives import LARGEST
from valuechains.course.intake.submission import Refused
from valuechains.course.key import Key
from valuechains.course.settings import settings
from valuechains.tongue import say, to_say

Progress = Callable[[int, int, str], None]


class Fared(StrEnum):
    """How a submission fared."""

    GRADED = to_say("graded")
    KEPT = to_say("kept")  # nothing has changed since
    STOPPED = to_say("stopped")
    REFUSED = to_say("refused")
    MISSING = to_say("missing")
    FAILED = to_say("failed")  # nbgrader could not mark it


@dataclass(frozen=True)
class Outcome:
    """How one submission fared.

    line: one sentence if there is something to say, else empty. points: its score in the gradebook. seconds: its run
    and marking.
    """

    student: str
    state: Fared
    line: str
    points: float
    seconds: float


class Exercise:
    """What grading needs of one chapter of a course, read once."""

    def __init__(self, course: Course, chapter: str):
        self.course, self.chapter, self.trusted = course, chapter, False
        self.source = course.root / "source" / chapter
        if not (self.source / f"{chapter}.ipynb").is_file():
            raise CourseError(
                say(
                    "There is no source/{chapter}/{chapter}.ipynb in {name}: choose a chapter of the course.",
                    chapter=chapter,
                    name=course.root.name,
                )
            )

    @cached_property
    def released(self) -> version.Release:
        """The key, and the library and data to run with: those of the release."""
        return version.released(self.course.root, self.course.key(self.chapter), self.source / "key.py")

    @property
    def key(self) -> Key:
        return self.released.key

    @cached_property
    def copy(self) -> list[NotebookNode]:
        """The cells of the student's copy."""
        return nbformat.reads(student_copy(self.source / f"{self.chapter}.ipynb"), as_version=4).cells

    @cached_property
    def cells(self) -> dict[str, NotebookNode]:
        """Those that nbgrader knows, by grade_id."""
        return {cell.metadata.nbgrader.grade_id: cell for cell in self.copy if "nbgrader" in cell.metadata}

    @cached_property
    def asked(self) -> dict[str, tuple[str, str]]:
        """(exercise, variable) of each graded code cell, by grade_id."""
        tasks = self.key.tasks
        graded = {
            name: name.removeprefix("check-")
            for name, cell in self.cells.items()
            if cell.cell_type == "code" and cell.metadata.nbgrader.grade
        }
        return {
            name: (task, tasks[task].public["name"])
            for name, task in graded.items()
            if "name" in tasks.get(task, _Nothing).public
        }

    @cached_property
    def told(self) -> dict[str, dict]:
        """What the sheet tells students of each task."""
        return json.loads((self.source / "sheet.json").read_text(encoding="utf-8"))["tasks"]

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What lies beside the notebook: the sheet without its seals, and data of the exercise's own."""
        return {"sheet.json": _unsealed((self.source / "sheet.json").read_bytes()), **kit.beside(self.source)}

    @cached_property
    def marks_digest(self) -> str:
        """Changes when the key or the source does, and so what an answer is worth."""
        read = [(self.source / name).read_bytes() for name in ("key.py", f"{self.chapter}.ipynb")]
        return _digest(*read, self.released.version.encode())

    def submitted(self, student: str) -> Path:
        return self.course.root / "submitted" / student / self.chapter / f"{self.chapter}.ipynb"

    def run_file(self, student: str) -> Path:
        return self.course.run_file(self.chapter, student)

    def mark_file(self, student: str) -> Path:
        return self.course.root / "work" / "marks" / self.chapter / f"{student}.json"

    def text_file(self, student: str) -> Path:
        return self.course.root / "work" / "texts" / self.chapter / f"{student}.json"

    def steps(self, notebook: NotebookNode) -> list[dict]:
        """What the sandbox does: runs the cells in order, records the variable at each check, and all at the end."""
        steps = []
        for place, cell in enumerate(notebook.cells):
            name = _grade_id(cell)
            if cell.cell_type == "code" and not (name in self.asked and cell.source == self.cells[name].source):
                steps.append({"step": str(place), "run": cell.source})
            if name in self.asked:
                steps.append({"step": name, "record": self.asked[name][1]})
        return steps + [
            {"step": f"{name} at the end", "record": variable} for name, (_, variable) in self.asked.items()
        ]

    def run(self, student: str, again: bool = False, limits: sandbox.Limits = sandbox.Limits()) -> dict:
        """The record of a submission: the one there is, if nothing changed, or a new one. Raises Refused."""
        notebook, content = read_submission(self, student)
        digest = _digest(content, self.released.version.encode(), *self.files.values())
        stored = files.noted(self.run_file(student))
        if not again and stored.get("digest") == digest:
            return stored
        self.needs_walls()
        steps = self.steps(notebook)
        run = sandbox.execute(steps, self.files, student=student, limits=limits, library=self.released.library)
        record = {"digest": digest, "order": [step["step"] for step in steps], **asdict(run)}
        files.write(self.run_file(student), json.dumps(record))
        return record

    def needs_walls(self) -> None:
        """Raise CourseError where nothing stands between a submission and the teacher, who did not say to trust it."""
        if not (self.trusted or sandbox.walled()):
            raise CourseError(
                say(
                    "There are no walls here, so nothing is run: {how_to_wall}; or, if you trust "
                    "everybody in this class with your files, use `course grade` with --trust.",
                    how_to_wall=sandbox.how_to_wall(),
                )
            )

    def says(self, student: str, name: str, record: Mapping) -> tuple[bool, str]:
        """Whether the recorded answer of a graded cell is right, and the sentence for the student."""
        reply = self.replied(student, name, record)
        return reply.state is State.RIGHT, reply.says

    def replied(self, student: str, name: str, record: Mapping) -> Reply:
        """What there is to say of the recorded answer of a graded cell; a mistake has its number on the sheet."""
        task, variable = self.asked[name]
        lines = record["lines"]
        line = lines[name] if "value" in lines.get(name, {}) else lines.get(f"{name} at the end", {})
        try:
            answer = restored(line["value"]) if "value" in line else ...
            sheet, known = self.course.sheet(self.chapter, student), self.told[task].get("mistakes", ())
            reply = self.key.reply(task, answer, sheet, known)
            if reply.state is State.RIGHT:
                return Reply(task, State.RIGHT, "right.")
            if self._of_practice(task, answer, student):
                return Reply(task, State.WRONG, NOT_YET + stored.PRACTICE, practice=True)
        except Exception:  # whatever a hostile value does to numpy, it costs this answer only
            return Reply(task, State.WRONG, stored.UNREADABLE.format(variable=variable))
        if reply.state is State.TO_DO and (failed := _failed(name, record)):
            return Reply(task, State.WRONG, NOT_YET + stored.NO_VALUE.format(variable=variable, why=failed))
        if record["stopped"] and "value" not in line:
            return replace(reply, says=stored.AND_THE_RUN.format(said=reply.says, stopped=record["stopped"]))
        return reply

    def _of_practice(self, task: str, answer: object, student: str) -> bool:
        """Whether an answer that is wrong for a student is right for the variant of a kit without an id."""
        practice, own = self.course.sheet(self.chapter, None), self.course.sheet(self.chapter, student)
        varies = self.key.tasks[task].varies and vars(practice.variant) != vars(own.variant)
        return varies and self.key.reply(task, answer, practice).state is State.RIGHT


class _Nothing:
    public: dict = {}


class HandedIn(NotebookExporter):
    """Reads what was handed in as everything here reads it; nbgrader's configuration names it."""

    def from_file(  # type: ignore[override]  # gives text, as every exporter does, whatever nbconvert says it gives
        self, file_stream: TextIO, resources: dict | None = None, **more: object
    ) -> tuple[str, dict]:
        return self.from_notebook_node(notebooks.read(file_stream.buffer.read()), resources=resources, **more)


class Mended(NbGraderPreprocessor):
    """Cells of a submission are again what the source says they are, and nothing that was handed in can act."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        exercise, student = _whose(resources)
        nb = submission.matched(nb, exercise.copy)
        ours = {cell.source for cell in exercise.copy}
        nb.cells = [cell if cell.source in ours else harmless.cell(cell) for cell in nb.cells]
        _leave_beside(
            exercise.course.root / "autograded" / student / exercise.chapter, {*exercise.files, "timestamp.txt"}
        )
        return nb, resources


class Recorded(NbGraderPreprocessor):
    """In place of Execute: recorded outputs under the student's cells, and under each check what the key says of the
    recorded answer."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        exercise, student = _whose(resources)
        record = exercise.run(student)
        for place, cell in enumerate(nb.cells):
            name = _grade_id(cell)
            standing.forget(cell)
            if name in exercise.asked:
                reply = exercise.replied(student, name, record)
                right = reply.state is State.RIGHT
                whole = f"{SIGNS[State.RIGHT if right else State.WRONG]} Exercise {reply.exercise}: {reply.says}"
                cell.outputs = [_printed(whole) if right else _error(reply.says, whole)]
                standing.keep(cell, reply)
            elif cell.cell_type == "code":
                line = record["lines"].get(str(place), {})
                cell.outputs = [_printed(line["text"])] if line.get("text") else []
            elif name in exercise.cells and not submission.has_words(cell, exercise.copy):
                # nbgrader's sign of "no response": 0, and nothing to read
                cell.metadata.nbgrader.checksum = compute_checksum(cell)
        return nb, resources


class Saved(SaveAutoGrades):
    """Enters marks; one that was given by hand stays final while the work that it was given for is unchanged.

    nbgrader asks for another look whenever it marks again. What each mark by hand was given for is what the run before
    noted: if that is still there, there is nothing to look at.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        exercise, student = _whose(resources)
        noted, now = files.noted(exercise.text_file(student)), _worked(nb)
        self.same = {name for name, digest in now.items() if noted.get(name) == digest}
        nb, resources = super().preprocess(nb, resources)
        files.write(exercise.text_file(student), json.dumps(now))
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        name = _grade_id(cell)
        grade_ = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        final = grade_.manual_score is not None and not grade_.needs_manual_grade
        super()._add_score(cell, resources)
        if final and name in self.same:
            grade_.needs_manual_grade = False
            self.gradebook.db.commit()


def grade(
    course: Course,
    chapter: str,
    *,
    workers: int | None = None,
    again: bool = False,
    progress: Progress | None = None,
    limits: sandbox.Limits = sandbox.Limits(),
    trust: bool = False,
) -> list[Outcome]:
    """Run and mark what was handed in of a chapter; one outcome a student of the class, in its order.

    workers: submissions side by side (as many as there are processors). again: run and mark also what did not change.
    progress: called with (done, of, what). trust: run also where there are no walls. Raises CourseError.
    """
    _exercise.cache_clear()
    exercise = _exercise(course.root, course.chapter(chapter).name)
    exercise.trusted = trust
    exercise.needs_walls()
    # of its own queries; it says nothing to a reader
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
    with files.alone(course.root):
        with course.gradebook() as book:
            _enter(book, exercise)
        handed_in = [one.id for one in course.students if exercise.submitted(one.id).parent.is_dir()]
        tell = _Count(progress, 2 * len(handed_in))
        runs = dict(_run_all(exercise, handed_in, workers or os.cpu_count() or 1, again, limits, tell))
        marker = _Marker(exercise)
        outcomes = {}
        for student in handed_in:
            outcomes[student] = marker.mark(student, runs[student], again)
            tell(f"marked {student}")
        marker.write_log()
    return [
        outcomes.get(one.id) or Outcome(one.id, Fared.MISSING, say("{id}: nothing was handed in.", id=one.id), 0.0, 0.0)
        for one in course.students
    ]


def warning(course: Course, chapter: str) -> str:
    """What an instructor should know before a chapter is graded, or ""."""
    return Exercise(course, course.chapter(chapter).name).released.warning


def read_submission(exercise: Exercise, student: str) -> tuple[NotebookNode, bytes]:
    """The notebook that a student handed in, and its bytes. Raises Refused for what is no notebook of this exercise."""
    path = exercise.submitted(student)
    if path.is_symlink() or not path.is_file():
        raise Refused(stored.NO_FILE.format(name=path.name))
    if path.stat().st_size > LARGEST:
        raise Refused(stored.TOO_LARGE.format(megabytes=LARGEST >> 20))
    content = path.read_bytes()
    return submission.read(content, exercise.copy, exercise.chapter), content


class _Heard(logging.Handler):
    """What was written to a log, and the errors among it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.raised: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.levelname} {record.getMessage()}")
        self.raised += [record.exc_info[1]] if record.exc_info and record.exc_info[1] else []


class _Marker:
    """nbgrader's autograder for one submission after the other, and what it says."""

    def __init__(self, exercise: Exercise):
        self.exercise, self.heard = exercise, _Heard()
        self.log = logging.Logger("grading", level=logging.INFO)
        self.log.addHandler(self.heard)

    def mark(self, student: str, run: dict | Refused, again: bool) -> Outcome:
        """Mark what a student's run recorded, unless it is marked already."""
        if isinstance(run, Refused):
            return Outcome(
                student,
                Fared.REFUSED,
                say("{student}: {run}; no points.", student=student, run=run),
                self._nothing(student),
                0.0,
            )
        exercise, seconds = self.exercise, run["seconds"]
        stamp = {"run": _digest(exercise.run_file(student).read_bytes()), "key": exercise.marks_digest}
        state = Fared.STOPPED if run["stopped"] else Fared.GRADED
        line = (
            say("{student}: the run {run}; what was recorded before counts.", student=student, run=run["stopped"])
            if run["stopped"]
            else ""
        )
        points = self._points(student)
        if (
            not again
            and points is not None
            and files.noted(exercise.mark_file(student)) == stamp
            and self._autograded(student).is_file()
        ):
            return Outcome(student, Fared.KEPT, line, points, 0.0)
        self.heard.raised.clear()
        try:
            _autograde(exercise, student, self.log)
        except Exception as error:  # nbgrader lets many kinds through; the others' marks go on
            self.log.error("%s: %s: %s", student, type(error).__name__, error, exc_info=error)
        if not self._autograded(student).is_file():
            if why := next(filter(None, map(refusal, self.heard.raised)), ""):
                raise CourseError(why)  # the disk's fault costs nobody a point
            line = say(
                "{student}: nbgrader could not mark the notebook (see work/logs/{chapter}.log); no points.",
                student=student,
                chapter=exercise.chapter,
            )
            return Outcome(student, Fared.FAILED, line, self._nothing(student), seconds)
        files.write(exercise.mark_file(student), json.dumps(stamp))
        line = " ".join(filter(None, [line, self._remark(student)]))
        return Outcome(student, state, line, self._points(student) or 0.0, seconds)

    def write_log(self) -> None:
        files.write(
            self.exercise.course.root / "work" / "logs" / f"{self.exercise.chapter}.log",
            "\n".join(self.heard.said) + "\n",
        )

    def _autograded(self, student: str) -> Path:
        return (
            self.exercise.course.root
            / "autograded"
            / student
            / self.exercise.chapter
            / f"{self.exercise.chapter}.ipynb"
        )

    def _remark(self, student: str) -> str:
        """What the instructor should know: marks by hand whose work changed, and a kit without an id."""
        exercise, said = self.exercise, []
        with exercise.course.gradebook() as book:
            grades = book.find_submission_notebook(exercise.chapter, exercise.chapter, student).grades
            again = [one.cell.name for one in grades if one.manual_score is not None and one.needs_manual_grade]
        if again:
            tasks = ", ".join(name.removeprefix("check-") for name in again)
            said.append(
                say(
                    "{student}: {tasks} changed since you marked it by hand: look again; until then your mark stands.",
                    student=student,
                    tasks=tasks,
                )
            )
        record = files.noted(exercise.run_file(student))
        practised = sum(exercise.replied(student, name, record).practice for name in exercise.asked)
        if practised:
            said.append(
                say(
                    "{student}: {practised} answers are those of the practice variant, as from a kit without an id.",
                    student=student,
                    practised=practised,
                )
            )
        return " ".join(said)

    def _points(self, student: str) -> float | None:
        with self.exercise.course.gradebook() as book:
            try:
                return float(book.find_submission(self.exercise.chapter, student).score)
            except MissingEntry:
                return None

    def _nothing(self, student: str) -> float:
        """Enter a submission with no points, as nbgrader does for a missing notebook; what an instructor gave by hand
        stays."""
        shutil.rmtree(self._autograded(student).parent, ignore_errors=True)
        self.exercise.mark_file(student).unlink(missing_ok=True)
        with self.exercise.course.gradebook() as book:
            submission = book.update_or_create_submission(self.exercise.chapter, student)
            for grade_ in (grade_ for notebook in submission.notebooks for grade_ in notebook.grades):
                grade_.auto_score, grade_.needs_manual_grade = 0, False
            book.db.commit()
            return float(submission.score)


class _Count:
    """Counts what is done, for the progress bar."""

    def __init__(self, progress: Progress | None, total: int):
        self.progress, self.total, self.done = progress, total, 0

    def __call__(self, what: str) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.total, what)


def _run_all(
    exercise: Exercise, students: Iterable[str], workers: int, again: bool, limits: sandbox.Limits, tell: _Count
) -> Iterable[tuple[str, dict | Refused]]:
    """The record of each submission, or why it was refused, as they come."""

    def one(student: str) -> dict | Refused:
        try:
            return exercise.run(student, again, limits)
        except Refused as why:
            if files.noted(exercise.run_file(student)) != (said := {"refused": str(why)}):
                files.write(exercise.run_file(student), json.dumps(said))
            return why

    _ = exercise.released, exercise.copy, exercise.asked, exercise.told, exercise.files  # read before there are threads
    sandbox.means()
    with ThreadPoolExecutor(workers) as pool:
        waiting = {pool.submit(one, student): student for student in students}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
            tell(f"ran {waiting[done]}")


def _enter(book: Gradebook, exercise: Exercise) -> None:
    """Put the class into the gradebook. Raises CourseError if the chapter was not released."""
    try:
        book.find_notebook(exercise.chapter, exercise.chapter)
    except MissingEntry:
        raise CourseError(
            say(
                "{chapter} is not in the gradebook: release it first (`valuechains course release`).",
                chapter=exercise.chapter,
            )
        ) from None
    for one in exercise.course.students:
        book.update_or_create_student(
            one.id,
            first_name=harmless.name(one.first_name),
            last_name=harmless.name(one.last_name),
            email=harmless.name(one.email),
        )


def _autograde(exercise: Exercise, student: str, log: logging.Logger) -> None:
    """nbgrader's autograder on one submission, with the course's own configuration."""
    config = settings(
        exercise.course.root, assignment_id=exercise.chapter, student_id=student, notebook_id=exercise.chapter
    )
    Autograde(coursedir=CourseDirectory(config=config), config=config, log=log).start()


@cache
def _exercise(root: Path, chapter: str) -> Exercise:
    return Exercise(Course.open(root), chapter)


def _whose(resources: Mapping) -> tuple[Exercise, str]:
    """The exercise and the student that nbgrader is at; it works in the course's folder."""
    at = resources["nbgrader"]
    return _exercise(Path.cwd().resolve(), at["assignment"]), at["student"]


def _worked(nb: NotebookNode) -> dict[str, str]:
    """What a mark is given for, by the graded cell: a digest of the student's own text, or of the code that answers."""
    found, code = {}, ""
    for cell in nb.cells:
        facts = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and facts.get("solution"):
            code = cell.source
        if facts.get("grade"):
            found[facts["grade_id"]] = _digest((code if cell.cell_type == "code" else cell.source).encode())
    return found


def _failed(name: str, record: Mapping) -> str:
    """Which error stopped the cells above a check, in a sentence; "" if none did."""
    before, seen = record["order"][: record["order"].index(name)] if name in record.get("order", ()) else [], False
    for step in reversed(before):
        line = record["lines"].get(step, {})
        if seen and "text" not in line:  # the check of the answer before
            break
        seen = seen or "text" in line
        if line.get("error"):
            said = f": {line['says']}" if line.get("says") else ""
            return stored.FAILED.format(error=f"{line['error']}{said}")
    return ""


def _unsealed(sheet: bytes) -> bytes:
    """A sheet on which nothing can be tried out."""
    told = json.loads(sheet)
    tasks = {
        name: {fact: value for fact, value in task.items() if fact not in ("sealed", "total")}
        for name, task in told["tasks"].items()
    }
    return json.dumps({**told, "tasks": tasks, "marking": True}, ensure_ascii=False).encode()


def _leave_beside(folder: Path, names: set[str]) -> None:
    """Take away what else was handed in: the formgrader would serve it, and a page among it would act as the marker."""
    for path in [path for path in folder.rglob("*") if path.is_symlink() or path.is_file()]:
        if path.parent != folder or path.name not in names:
            path.unlink()


def _grade_id(cell: Mapping) -> str | None:
    facts = cell.get("metadata", {}).get("nbgrader")
    name = facts.get("grade_id") if isinstance(facts, Mapping) else None
    return name if isinstance(name, str) else None


def _printed(text: str) -> NotebookNode:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def _error(sentence: str, shown: str) -> NotebookNode:
    """What a failing assertion of the key leaves, which nbgrader scores as 0."""
    return nbformat.v4.new_output("error", ename="AssertionError", evalue=sentence, traceback=[shown])


def _digest(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
