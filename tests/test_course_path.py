"""A class of ten from the class list to the scores, by the command line, played twice: the marks are the same."""

import csv
import io
import json
import re
import zipfile

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from nbgrader.apps import NbGraderApp
from typer.testing import CliRunner

from valuechains.__main__ import main
from valuechains.course import kit
from valuechains.course.cli import app
from valuechains.course.folder import Course
from valuechains.course.key import places

NAME = "08-turning-point"
IDS = [f"s{number:02}" for number in range(1, 11)]
RUN = CliRunner()


def ask(*arguments, status=0) -> str:
    done = RUN.invoke(app, ["course", *map(str, arguments)], env={"COLUMNS": "200"})
    assert done.exit_code == status, done.output + str(done.exception)
    return done.output if status else done.stdout


def written(task, value) -> str:
    """Python that gives a task's variable a value, as a student would type it."""
    public = task.public
    if public["kind"] == "words":
        value = [word for _, word in sorted(places(value).items())]
        value = value[0] if len(value) == 1 and not public["keys"] else value
    else:
        value = np.asarray(value, dtype=float).tolist()
    return f"{public['name']} = {dict(zip(public['keys'], value)) if public['keys'] else value!r}"


def work(course: Course, student: str, tasks: int, slip: bool = False) -> bytes:
    """A student's notebook from the own kit, with the first `tasks` computed tasks answered; with a slip, the first one
    wrong."""
    archive = zipfile.ZipFile(course.root / "kits" / f"{NAME}--{student}.zip")
    notebook = nbformat.reads(archive.read(f"{kit.TOP}/handed-out/{NAME}/{NAME}.ipynb.original").decode(), as_version=4)
    key, variant = course.key(NAME), course.variant(NAME, student)
    computed = [task for task in key.tasks.values() if task.compute][:tasks]
    for place, task in enumerate(computed):
        answer = task.answer(variant)
        value = next(iter(answer.mistakes.values())) if slip and place == 0 else answer.right
        cell = next(
            cell
            for cell in notebook.cells
            if cell.cell_type == "code"
            and re.search(rf"^[\w, ]*\b{task.public['name']}\b[\w, ]* = ", cell.source, re.M)
            and "..." in cell.source
        )
        cell.source += f"\n{written(task, value)}"
    return nbformat.writes(notebook).encode()


def handed_out(course: Course) -> bytes:
    """A zip as a learning management system makes it: right, slips, half done, two attempts, late, corrupt, empty,
    missing."""
    submissions = {f"s0{number}_{NAME}.ipynb": work(course, f"s0{number}", 99) for number in (1, 2, 3)}
    submissions |= {
        f"s04/{NAME}.ipynb": work(course, "s04", 99, slip=True),
        f"{NAME}--s05.ipynb": work(course, "s05", 3),
        f"s06_{NAME} (1).ipynb": work(course, "s06", 1),
        f"s06_{NAME} (2).ipynb": work(course, "s06", 99),
        f"s07_{NAME}.ipynb": work(course, "s07", 0),
        f"s08_{NAME}.ipynb": b'{"cells": [',
        f"s09_{NAME}.ipynb": b"",
        "somebody.ipynb": work(course, "s01", 1),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in submissions.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(2026, 11, 25, 12, 0, 0)), data)
    return content.getvalue()


def played(folder) -> dict:
    """The whole path in one folder: what came out."""
    (folder / "class.csv").write_text(
        "id,first_name,last_name,email\n" + "".join(f"{one},N{one},Ö{one},\n" for one in IDS), encoding="utf-8"
    )
    course = folder / "course"
    ask("new", course, "--chapters", "8", "--start", "2026-11-23", "--students", folder / "class.csv", "--salt", "salt")
    ask("syllabus", course)
    ask("release", course, "8", "--personal")
    (folder / "lms.zip").write_bytes(handed_out(Course.open(course)))
    said = ask("collect", course, "8", folder / "lms.zip")
    assert "somebody.ipynb" in said
    graded = ask("grade", course, "8")
    for command in (("feedback", course, "8"), ("scores", course), ("report", course, "8"), ("key", course, "8")):
        for path in ask(*command).split():
            assert (course / path).is_file()
    table = next((course / "scores").glob("plain*.csv")).read_text(encoding="utf-8-sig")
    return {"scores": list(csv.DictReader(io.StringIO(table))), "table": table, "graded": graded, "course": course}


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    return [played(tmp_path_factory.mktemp("class")) for _ in range(2)]


def test_two_plays_give_the_same_marks(twice):
    assert twice[0]["table"] == twice[1]["table"]


def test_everybody_has_the_mark_of_the_own_work(twice):
    course = Course.open(twice[0]["course"])
    computed = [task.public["points"] for task in course.key(NAME).tasks.values() if task.compute]
    found = {}
    for path in sorted((course.root / "work" / "marks" / NAME).glob("*.json")):
        found[path.stem] = json.loads(path.read_text())
    assert set(IDS[:7]) <= set(found)
    texts = twice[0]["graded"]
    for student in ("s01", "s02", "s03", "s06"):
        assert re.search(rf"{student}\s+graded\s+{sum(computed)}\b", texts), texts
    assert re.search(rf"s04\s+graded\s+{sum(computed) - computed[0]}\b", texts), texts
    assert re.search(rf"s05\s+graded\s+{sum(computed[:3])}\b", texts), texts
    assert re.search(r"s07\s+graded\s+0\b", texts), texts
    for student in ("s08", "s09", "s10"):
        assert re.search(rf"{student}\s+(?!graded)\w+", texts), texts


def test_feedback_of_a_slip_names_it_and_holds_no_answer(twice):
    course = Course.open(twice[0]["course"])
    page = (course.root / "feedback" / "s04" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    task = next(iter(course.key(NAME).tasks.values()))
    answer = task.answer(course.variant(NAME, "s04"))
    assert next(iter(answer.mistakes)).split(":")[0][:20] in page
    for value in np.ravel(answer.right):
        assert f"{value:.6g}" not in page


def test_the_column_of_an_lms_is_named_on_the_command_line(twice):
    course = twice[0]["course"]
    path = ask("scores", course, "--layout", "canvas", "--heading", "8=Week 1 (77)").split()[0]
    assert "Week 1 (77)" in (course / path).read_text(encoding="utf-8-sig").splitlines()[0]
    assert "is no heading" in ask("scores", course, "--heading", "Week 1", status=1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["new", "x", "--chapters", "77", "--start", "2026-11-23", "--students", "class.csv"], "no chapter '77'"),
        (["new", "x", "--chapters", "8", "--start", "soon", "--students", "class.csv"], "'soon' is no date"),
        (["new", "x", "--chapters", "8", "--start", "2026-11-23", "--students", "none.csv"], "no class list"),
        (["new", "x", "--chapters", "8", "--start", "2026-11-23", "--students", "twice.csv"], "appears twice"),
        (
            ["new", "x", "--chapters", "8", "--start", "2026-11-23", "--students", "class.csv", "--zone", "Atlantis"],
            "no time zone",
        ),
        (["release", "nowhere", "8"], "no course folder"),
        (["grade", "damaged", "8"], "cannot be read"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "class.csv").write_text("id\ns1\n")
    (tmp_path / "twice.csv").write_text("id\ns1\ns1\n")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "course.toml").write_text("title = ")
    said = ask(*arguments, status=1)
    assert sentence in " ".join(said.split())
    assert "Traceback" not in said
    assert not (tmp_path / "x").exists()


def test_help_reads_like_a_manual():
    for command in ("new", "syllabus", "release", "collect", "grade", "feedback", "scores", "report", "key"):
        assert command in ask("--help")
        assert "--help" in ask(command, "--help")
    assert callable(main)


def test_every_command_of_nbgrader_that_is_named_is_one():
    pages = [
        ROOT / "README.md",
        ROOT / "valuechains" / "course" / "cli.py",
        *(ROOT / "exercises" / "instructor").rglob("*.md"),
    ]
    named = {word for page in pages for word in re.findall(r"`nbgrader (\w+)", page.read_text(encoding="utf-8"))}
    assert named and named <= set(NbGraderApp.subcommands) - {"formgrade"}  # that one only says that it is no command
