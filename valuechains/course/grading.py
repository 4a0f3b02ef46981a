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
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TextIO

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum
from sqlalchemy.exc import SAWarning

from valuechains.checks.replies import SIGNS
from valuechains.course import files, notebooks, sandbox, submission
from valuechains.course.copies import student_copy
from valuechains.course.folder import Course, CourseError
from valuechains.course.key import Key
from valuechains.course.settings import settings
from valuechains.course.submission import Refused

LARGEST = 50 << 20  # bytes of a submitted notebook
OURS = {"sheet.json", "key.py", "questions.yml", "progress.json"}
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcome:
    """How one submission fared. state: graded, kept (nothing changed since), stopped, refused, missing or failed.

    line: one sentence if there is something to say, else empty. points: its score in the gradebook. seconds: its run
    and marking.
    """

    student: str
    state: str
    line: str
    points: float
    seconds: float


class Exercise:
    """What grading needs of one chapter of a course, read once."""

    def __init__(self, course: Course, chapter: str):
        self.course, self.chapter = course, chapter
        self.source = course.root / "source" / chapter
        if not (self.source / f"{chapter}.ipynb").is_file():
            raise CourseError(
                f"There is no source/{chapter}/{chapter}.ipynb in {course.root.name}: choose a chapter of the course."
            )

    @property
    def key(self) -> Key:
        return self.course.key(self.chapter)

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
    def files(self) -> dict[str, bytes]:
        """What lies beside the notebook: the sheet, and data of the exercise's own."""
        return {
            path.name: path.read_bytes()
            for path in sorted(self.source.iterdir())
            if path.is_file()
            and (path.name == "sheet.json" or (path.name not in OURS and path.suffix in {".csv", ".png", ".json"}))
        }

    @cached_property
    def marks_digest(self) -> str:
        """Changes when the key or the source does, and so what an answer is worth."""
        return _digest((self.source / "key.py").read_bytes(), (self.source / f"{self.chapter}.ipynb").read_bytes())

    def submitted(self, student: str) -> Path:
        return self.course.root / "submitted" / student / self.chapter / f"{self.chapter}.ipynb"

    def run_file(self, student: str) -> Path:
        return self.course.run_file(self.chapter, student)

    def mark_file(self, student: str) -> Path:
        return self.course.root / "work" / "marks" / self.chapter / f"{student}.json"

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
        digest = _digest(content, *self.files.values())
        stored = files.noted(self.run_file(student))
        if not again and stored.get("digest") == digest:
            return stored
        run = sandbox.execute(self.steps(notebook), self.files, student=student, limits=limits)
        record = {"digest": digest, **asdict(run)}
        files.write(self.run_file(student), json.dumps(record))
        return record

    def says(self, student: str, name: str, record: Mapping) -> tuple[bool, str]:
        """Whether the recorded answer of a graded cell is right, and the sentence for the student."""
        task, variable = self.asked[name]
        lines = record["lines"]
        line = lines[name] if "value" in lines.get(name, {}) else lines.get(f"{name} at the end", {})
        try:
            self.key.mark(
                task,
                sandbox.restored(line["value"]) if "value" in line else ...,
                self.course.sheet(self.chapter, student),
            )
        except AssertionError as sentence:
            why = f" The run {record['stopped']}." if record["stopped"] and "value" not in line else ""
            return False, f"{sentence}{why}"
        except Exception:  # whatever a hostile value does to numpy, it costs this answer only
            return False, f"what `{variable}` holds cannot be read: give plain numbers or words."
        return True, "right."


class _Nothing:
    public: dict = {}


class HandedIn(NotebookExporter):
    """Reads what was handed in as everything here reads it; nbgrader's configuration names it."""

    def from_file(self, file_stream: TextIO, resources: dict | None = None, **more: object) -> tuple[str, dict]:
        return self.from_notebook_node(notebooks.read(file_stream.buffer.read()), resources=resources, **more)


class Mended(NbGraderPreprocessor):
    """Cells of a submission are again what the source says they are."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        exercise, _ = _whose(resources)
        return submission.matched(nb, exercise.copy), resources


class Recorded(NbGraderPreprocessor):
    """In place of Execute: recorded outputs under the student's cells, and under each check what the key says of the
    recorded answer."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        exercise, student = _whose(resources)
        record = exercise.run(student)
        for place, cell in enumerate(nb.cells):
            name = _grade_id(cell)
            if name in exercise.asked:
                right, sentence = exercise.says(student, name, record)
                whole = f"{SIGNS['right' if right else 'wrong']} Exercise {exercise.asked[name][0]}: {sentence}"
                cell.outputs = [_printed(whole) if right else _error(sentence, whole)]
            elif cell.cell_type == "code":
                line = record["lines"].get(str(place), {})
                cell.outputs = [_printed(line["text"])] if line.get("text") else []
            elif name in exercise.cells and not submission.has_words(cell, exercise.copy):
                # nbgrader's sign of "no response": 0, and nothing to read
                cell.metadata.nbgrader.checksum = compute_checksum(cell)
        return nb, resources


def grade(
    course: Course,
    chapter: str,
    *,
    workers: int | None = None,
    again: bool = False,
    progress: Progress | None = None,
    limits: sandbox.Limits = sandbox.Limits(),
) -> list[Outcome]:
    """Run and mark what was handed in of a chapter; one outcome a student of the class, in its order.

    workers: submissions side by side (as many as there are processors). again: run and mark also what did not change.
    progress: called with (done, of, what). Raises CourseError.
    """
    _exercise.cache_clear()
    exercise = _exercise(course.root, course.chapter(chapter).name)
    # of its own queries; it says nothing to a reader
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
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
        outcomes.get(one.id) or Outcome(one.id, "missing", f"{one.id}: nothing was handed in.", 0.0, 0.0)
        for one in course.students
    ]


def read_submission(exercise: Exercise, student: str) -> tuple[NotebookNode, bytes]:
    """The notebook that a student handed in, and its bytes. Raises Refused for what is no notebook of this exercise."""
    path = exercise.submitted(student)
    if path.is_symlink() or not path.is_file():
        raise Refused(f"there is no file {path.name} in what was handed in")
    if path.stat().st_size > LARGEST:
        raise Refused(f"the notebook is larger than {LARGEST >> 20} MB")
    content = path.read_bytes()
    return submission.read(content, exercise.copy, exercise.chapter), content


class _Marker:
    """nbgrader's autograder for one submission after the other, and what it says."""

    def __init__(self, exercise: Exercise):
        self.exercise, self.said = exercise, []
        self.log = logging.Logger("grading", level=logging.INFO)
        handler = logging.Handler()
        handler.emit = lambda record: self.said.append(f"{record.levelname} {record.getMessage()}")
        self.log.addHandler(handler)

    def mark(self, student: str, run: dict | Refused, again: bool) -> Outcome:
        """Mark what a student's run recorded, unless it is marked already."""
        if isinstance(run, Refused):
            return Outcome(student, "refused", f"{student}: {run}; no points.", self._nothing(student), 0.0)
        exercise, seconds = self.exercise, run["seconds"]
        stamp = {"run": _digest(exercise.run_file(student).read_bytes()), "key": exercise.marks_digest}
        state = "stopped" if run["stopped"] else "graded"
        line = f"{student}: the run {run['stopped']}; what was recorded before counts." if run["stopped"] else ""
        points = self._points(student)
        if (
            not again
            and points is not None
            and files.noted(exercise.mark_file(student)) == stamp
            and self._autograded(student).is_file()
        ):
            return Outcome(student, "kept", line, points, 0.0)
        try:
            _autograde(exercise, student, self.log)
        except Exception as error:  # nbgrader lets many kinds through; the others' marks go on
            self.log.error("%s: %s: %s", student, type(error).__name__, error)
        if not self._autograded(student).is_file():
            line = f"{student}: nbgrader could not mark the notebook (see work/logs/{exercise.chapter}.log); no points."
            return Outcome(student, "failed", line, self._nothing(student), seconds)
        files.write(exercise.mark_file(student), json.dumps(stamp))
        return Outcome(student, state, line, self._points(student) or 0.0, seconds)

    def write_log(self) -> None:
        files.write(
            self.exercise.course.root / "work" / "logs" / f"{self.exercise.chapter}.log", "\n".join(self.said) + "\n"
        )

    def _autograded(self, student: str) -> Path:
        return (
            self.exercise.course.root
            / "autograded"
            / student
            / self.exercise.chapter
            / f"{self.exercise.chapter}.ipynb"
        )

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

    _ = exercise.copy, exercise.asked, exercise.files  # read before there are threads
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
            f"{exercise.chapter} is not in the gradebook: release it first (`valuechains course release`)."
        ) from None
    for one in exercise.course.students:
        book.update_or_create_student(
            one.id, first_name=one.first_name or None, last_name=one.last_name or None, email=one.email or None
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
