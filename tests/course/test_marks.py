"""One source makes the marks too: nbgrader itself, in a course folder, on right, wrong and empty work."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbgrader.api import Gradebook

from valuechains.course.copies import CODE_STUB, TEXT_STUB, student_copy
from valuechains.course.key import load

NAME = "02-services"
SOURCE = ROOT / "exercises" / NAME
CONFIG = f"""c = get_config()
c.CourseDirectory.course_id = "gvc"
c.ClearSolutions.code_stub = {{"python": {CODE_STUB!r}}}
c.ClearSolutions.text_stub = {TEXT_STUB!r}
c.ExecutePreprocessor.timeout = 60
c.Autograde.create_student = True
"""


def nbgrader(course: Path, *arguments: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic by name
    env = {
        **os.environ,
        "PATH": path,
        "JUPYTER_CONFIG_DIR": str(course / "config"),
        "IPYTHONDIR": str(course / "ipython"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def answered(notebook: nbformat.NotebookNode, **answers: str) -> nbformat.NotebookNode:
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return notebook


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text(CONFIG)
    shutil.copytree(
        SOURCE, course / "source" / NAME, ignore=shutil.ignore_patterns("questions.yml", ".*", "__pycache__")
    )
    nbgrader(course, "generate_assignment", NAME, "--CourseDirectory.ignore=key.py", "--create")
    right = nbformat.read(SOURCE / f"{NAME}.ipynb", as_version=4)
    empty = nbformat.reads(student_copy(SOURCE / f"{NAME}.ipynb"), as_version=4)
    released = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    slips = answered(
        nbformat.reads(nbformat.writes(empty), as_version=4),
        **{
            "answer-1": "content = [0.2981, 0.3024, 0.3122]",
            "answer-2": "domestic = [13.2, 25.5, 12.4]",
            "answer-3": "contributions = 'who knows'",
            "answer-5": "headquarters = 'B'",
            "check-1": "print('right')",
        },
    )
    for student, notebook in {"right": right, "empty": empty, "slips": slips}.items():
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{NAME}.ipynb")
    nbgrader(course, "autograde", NAME)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        yield book, course, released


def points(gradebook, student) -> dict[str, float]:
    found = gradebook[0].find_submission_notebook(NAME, NAME, student).grades
    return {grade.cell.name.removeprefix("check-"): grade.score for grade in found if grade.cell.cell_type == "code"}


def test_right_answers_get_every_point(gradebook):
    expected = {task: entry.public["points"] for task, entry in load(SOURCE).tasks.items() if entry.compute}
    assert points(gradebook, "right") == expected


def test_an_empty_notebook_gets_none_and_is_no_accident(gradebook):
    assert set(points(gradebook, "empty").values()) == {0}


def test_each_answer_is_marked_by_itself_and_a_rewritten_check_is_restored(gradebook):
    assert {task for task, score in points(gradebook, "slips").items() if score} == {"1", "5b"}


def test_texts_wait_for_the_instructor(gradebook):
    book = gradebook[0]
    texts = [
        grade
        for grade in book.find_submission_notebook(NAME, NAME, "right").grades
        if grade.cell.cell_type == "markdown"
    ]
    assert len(texts) == 3
    assert all(grade.needs_manual_grade for grade in texts)


def test_what_nbgrader_releases_is_what_our_kit_holds(gradebook):
    _, course, released = gradebook
    assert not (course / "release" / NAME / "key.py").exists()
    own = nbformat.reads(student_copy(SOURCE / f"{NAME}.ipynb"), as_version=4)
    assert [(cell.id, cell.source) for cell in released.cells] == [(cell.id, cell.source) for cell in own.cells]


def test_the_hint_of_a_slip_is_in_the_marked_notebook(gradebook):
    _, course, _ = gradebook
    text = (course / "autograded" / "slips" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "These are percentages" in text
    assert "is the text 'who knows', and 9 numbers are asked for" in text
