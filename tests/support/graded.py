"""A course with one graded chapter, made in seconds: rows of the gradebook and autograded notebooks, no kernel."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np

from valuechains.checks import State
from valuechains.course import kit, standing
from valuechains.course.copies import TEXT_STUB, student_copy
from valuechains.course.folder import Course
from valuechains.course.key import load

NAME = "02-services"
KEY = load(kit.ROOT / "exercises" / NAME)
TWO_CHAPTERS = """title = "Spring"
salt = "pepper"
start = 2026-11-23
zone = "Europe/Berlin"
[[chapter]]
name = "01-in-flux"
opens = 2026-11-23
due = 2026-11-30T23:59:00
[[chapter]]
name = "02-services"
opens = 2026-11-30
due = 2026-12-07T23:59:00
"""
DUE = datetime(2026, 11, 30, 23, 59)


def new(folder: Path, students, name=NAME) -> Course:
    """A course of one chapter and these ids."""
    people = folder / "class.csv"
    rows = "".join(f"{one},Given{one},Family{one},\n" for one in students)
    people.write_text("id,first_name,last_name,email\n" + rows)
    return Course.new(
        folder / "course", title="Spring", chapters=[name], start=date(2026, 11, 23), students=people, salt="pepper"
    )


def graded(course: Course, name, works: dict[str, dict]) -> Course:
    """Grade. works: {student: {"answers": {task: value, by default right}, "texts": {task: text}, "hours": before the
    deadline, "by hand": {task: points}, "comments": {cell: text}, "penalty": points}}."""
    source = nbformat.read(course.root / "source" / name / f"{name}.ipynb", as_version=4)
    copy = student_copy(course.root / "source" / name / f"{name}.ipynb")
    with course.gradebook() as book:
        book.add_assignment(name, duedate=DUE)
        book.add_notebook(name, name)
        for cell in source.cells:
            facts = cell.metadata.get("nbgrader", {})
            if facts.get("grade"):
                book.add_grade_cell(facts["grade_id"], name, name, max_score=facts["points"], cell_type=cell.cell_type)
            if facts.get("solution"):
                book.add_solution_cell(facts["grade_id"], name, name)
        for student, work in works.items():
            _work(course, name, book, student, work, nbformat.reads(copy, as_version=4))
        book.db.commit()
    return course


def _work(course, name, book, student, work, notebook) -> None:
    key, variant = course.key(name), course.variant(name, student)
    book.update_or_create_student(student)
    at = DUE - timedelta(hours=work.get("hours", 24))
    book.add_submission(name, student, timestamp=at)
    answer = None
    for cell in notebook.cells:
        facts = cell.metadata.get("nbgrader", {})
        task = facts.get("grade_id", "").removeprefix("check-")
        if facts.get("solution"):
            answer = cell
        if not facts.get("grade"):
            continue
        grade = book.find_grade(facts["grade_id"], name, name, student)
        grade.needs_manual_grade = False
        if cell.cell_type == "markdown":
            cell.source = work.get("texts", {}).get(task, f"My words on {task}.")
            grade.auto_score = 0 if cell.source == TEXT_STUB else None
            if grade.auto_score == 0:
                book.find_comment(facts["grade_id"], name, name, student).auto_comment = "No response."
            grade.needs_manual_grade = grade.auto_score is None
        else:
            entry = key.tasks[task]
            value = work["answers"][task] if task in work.get("answers", {}) else _right(entry, variant)
            reply = _reply(course, name, key, task, value, variant)
            says = "" if reply.state is State.RIGHT else reply.says
            grade.auto_score = 0 if says else entry.public["points"]
            standing.keep(cell, reply)
            failed = nbformat.v4.new_output("error", ename="AssertionError", evalue=says, traceback=[says])
            cell.outputs = [failed] if says else []
            if value is not ...:
                answer.source = answer.source.replace("# Replace the dots above; use as many lines as you like.", "")
                answer.source += f"\n{entry.public['name']} = {value!r}"
        if task in work.get("by hand", {}):
            grade.manual_score, grade.needs_manual_grade = work["by hand"][task], False
    for cell, text in work.get("comments", {}).items():
        book.find_comment(cell, name, name, student).manual_comment = text
    book.find_submission_notebook(name, name, student).late_submission_penalty = work.get("penalty")
    path = course.root / "autograded" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def _right(entry, variant):
    if not entry.compute:
        return ...
    right = entry.answer(variant).right
    return right if isinstance(right, (str, list, dict)) else np.asarray(right).tolist()


def _reply(course, name, key, task, value, variant):
    told = json.loads((course.source(name).parent / "sheet.json").read_text())["tasks"][task]
    return key.reply(task, value, SimpleNamespace(variant=SimpleNamespace(**variant)), told.get("mistakes", ()))
