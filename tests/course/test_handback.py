"""What an LMS hands out goes back in the names it knows: out of one zip, through the course, into another."""

import io
import re
import shutil
import zipfile

import pytest
from graded import NAME, graded, new

from valuechains.course.collect import collect
from valuechains.course.folder import Course, CourseError
from valuechains.course.results.feedback import feedback
from valuechains.course.results.handback import handback, kits

WORK = b'{"cells": [{"cell_type": "code", "source": "x = %d", "metadata": {}}], "nbformat": 4}'
OUT = {  # how each system names the work of s1, and what it must be given back
    "moodle": (
        "Givens1 Familys1_4711_assignsubmission_file_/work.ipynb",
        r"Givens1 Familys1_4711_assignsubmission_file_/[^/]+\.html",
    ),
    "moodle, flat": (
        "Givens1 Familys1_4711_assignsubmission_file_work.ipynb",
        r"Givens1 Familys1_4711_assignsubmission_file_[^/]+\.html",
    ),
    "moodle, from 4.1": (
        "Givens1 Familys1_4711_assignsubmission_file/work.ipynb",
        r"Givens1 Familys1_4711_assignsubmission_file/[^/]+\.html",
    ),
    "canvas": ("familys1givens1_LATE_77_880_work-1.ipynb", r"familys1givens1_LATE_77_880_[^/]+\.html"),
    "brightspace": (
        "12-345 - Givens1 Familys1 - Nov 25, 2026 1110 PM/work.ipynb",
        r"12-345 - Givens1 Familys1 - Nov 25, 2026 1110 PM/[^/]+\.html",
    ),
    "blackboard": (
        "Week 2_s1_attempt_2026-11-25-10-00-00_work.ipynb",
        r"Week 2_s1_attempt_2026-11-25-10-00-00_[^/]+\.html",
    ),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Course:
    made = graded(new(tmp_path_factory.mktemp("class"), ["s1", "s2"]), NAME, {"s1": {}, "s2": {}})
    feedback(made, NAME)
    return made


@pytest.fixture
def marked(template, tmp_path) -> Course:
    """A class with its feedback, for one test."""
    return Course.open(shutil.copytree(template.root, tmp_path / "course"))


@pytest.mark.parametrize("system", OUT)
def test_feedback_goes_back_by_the_name_that_work_came_with(marked, tmp_path, system):
    course, (came, goes) = marked, OUT[system]
    given = tmp_path / "download.zip"
    with zipfile.ZipFile(given, "w") as archive:
        archive.writestr(came, WORK % 1)
        archive.writestr("s2.ipynb", WORK % 2)
    assert [one.state for one in collect(course, NAME, given)] == ["collected", "collected"]
    made = handback(course, NAME, system.partition(",")[0])
    archive = zipfile.ZipFile(made.path)
    (name,) = archive.namelist()
    assert re.fullmatch(goes, name)
    assert archive.read(name) == (course.root / "feedback" / "s1" / NAME / f"{NAME}.html").read_bytes()
    assert made.line == "1 student. Not in it: s2."
    assert handback(course, NAME, system.partition(",")[0]).path.read_bytes() == made.path.read_bytes()


def test_work_that_came_another_way_does_not_go_back_with_it(marked, tmp_path):
    course = marked
    given = tmp_path / "download.zip"
    with zipfile.ZipFile(given, "w") as archive:
        archive.writestr(OUT["moodle"][0], WORK % 1)
        archive.writestr("familys2givens2_77_880_work.ipynb", WORK % 2)
    collect(course, NAME, given)
    assert [handback(course, NAME, one).line for one in ("moodle", "canvas")] == [
        "1 student. Not in it: s2.", "1 student. Not in it: s1."
    ]  # fmt: skip


def test_moodle_reads_the_participants_number_out_of_what_goes_back(marked, tmp_path):
    """The rule of Moodle's importer: five parts between underscores, the second a number, then kind and plugin."""
    course = marked
    for student in ("s1", "s2"):
        (course.root / "kits").mkdir(exist_ok=True)
        (course.root / "kits" / f"{NAME}--{student}.zip").write_bytes(student.encode())
    sheet = tmp_path / "Grades.csv"
    sheet.write_text(
        "\ufeffIdentifier,Full name,ID number,Grade\nParticipant 501,Somebody Else,s2,\n"
        "Teilnehmer/in502,Givens1 Familys1,,\n",
        encoding="utf-8",
    )
    made = kits(course, NAME, sheet)
    archive = zipfile.ZipFile(io.BytesIO(made.path.read_bytes()))
    found = {}
    for name in archive.namelist():
        folder, _, _ = name.partition("/")
        _, number, kind, plugin = folder.split("_")
        assert (kind, plugin) == ("assignsubmission", "file")
        found[number] = archive.read(name).decode()
    assert found == {"501": "s2", "502": "s1"}


def test_what_cannot_go_back_is_said_in_a_sentence(tmp_path):
    course = graded(new(tmp_path, ["s1"]), NAME, {"s1": {}})
    with pytest.raises(CourseError, match="no feedback for 02-services yet"):
        handback(course, NAME, "moodle")
    feedback(course, NAME)
    with pytest.raises(CourseError, match="None of the work .* download of canvas"):
        handback(course, NAME, "canvas")
    with pytest.raises(CourseError, match="no layout 'fax'"):
        handback(course, NAME, "fax")
    (tmp_path / "x.csv").write_text("id\ns1\n")
    with pytest.raises(CourseError, match="no kit of s1|no grading worksheet"):
        kits(course, NAME, tmp_path / "x.csv")
