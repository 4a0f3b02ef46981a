"""A class of ten from the class list to the scores, by the command line, played twice: the marks are the same."""

import csv
import io
import json
import re
import zipfile
from datetime import date

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from nbgrader.apps import NbGraderApp
from typer.testing import CliRunner

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


PEOPLE = {"0017": ("Ana", "Alpha", "aalpha"), "0018": ("Bo", "Beta", "bbeta")}
SYSTEMS = {  # the class list as exported, how work is named, how what goes back begins, the scores' column and row
    "moodle": (
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\n"
        + "".join(f"{a};{b};{i};{u}@x.example\n" for i, (a, b, u) in PEOPLE.items()),
        "Gruppe 1-{first} {last}_{number}_assignsubmission_file/{name}.ipynb",
        "Gruppe 1-{first} {last}_{number}_assignsubmission_file/",
        "ID number",
        "{id}",
    ),
    "canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section,Week (1)\n    Points Possible,,,,,9\n"
        + "".join(f'"{b}, {a}",{70 + int(i)},{i},{u},S1,\n' for i, (a, b, u) in PEOPLE.items())
        + '"Student, Test",999,,0123456789abcdef0123,S1,\n',
        "{last}{first}_LATE_{number}_55{number}_{name}.ipynb",
        "{last}{first}_LATE_{number}_55{number}_",
        "SIS User ID",
        "{id}",
    ),
    "blackboard": (
        "\ufeff"
        + "Last Name\tFirst Name\tUsername\tStudent ID\n"
        + "".join(f"{b}\t{a}\t{u}\t{i}\n" for i, (a, b, u) in PEOPLE.items()),
        "Week 1_{user}_attempt_2026-11-25-10-00-00_{name}.ipynb",
        "Week 1_{user}_attempt_2026-11-25-10-00-00_",
        "Username",
        "{user}",
    ),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_systems_layout_goes_in_and_comes_out(tmp_path, system):
    """Class list, submissions, scores and feedback in the system's own layout; everybody keeps the own mark."""
    listed, named, back, column, row = SYSTEMS[system]
    encoding = "utf-16" if system == "blackboard" else "utf-8-sig"
    (tmp_path / "class.csv").write_bytes(listed.removeprefix("\ufeff").encode(encoding))
    root = tmp_path / "course"
    said = ask(
        "new", root, "--chapters", "8", "--start", "2026-11-23", "--students", tmp_path / "class.csv", "--salt", "s"
    )
    assert "is the id" in said
    ask("release", root, "8", "--personal")
    course = Course.open(root)
    assert [one.id for one in course.students] == list(PEOPLE)
    facts = {
        one: {"first": first, "last": last, "user": user, "number": 7000 + int(one), "name": NAME, "id": one}
        for one, (first, last, user) in PEOPLE.items()
    }
    if system == "canvas":
        for one in facts.values():
            one |= {"first": one["first"].lower(), "last": one["last"].lower(), "number": 70 + int(one["id"])}
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for place, (one, fact) in enumerate(facts.items()):
            archive.writestr(
                zipfile.ZipInfo(named.format(**fact), (2027, 1, 1, 0, 0, 0)), work(course, one, 99, slip=place == 1)
            )
    ask("collect", root, "8", tmp_path / "in.zip")
    graded = ask("grade", root, "8")
    points = {one: float(re.search(rf"{one}\s+graded\s+([\d.]+)", graded)[1]) for one in PEOPLE}
    assert points["0017"] > points["0018"] > 0
    with course.gradebook() as book:  # as if the texts were read, without points
        for one in PEOPLE:
            for grade in book.find_submission_notebook(NAME, NAME, one).grades:
                if grade.needs_manual_grade:
                    grade.manual_score, grade.needs_manual_grade = 0, False
        book.db.commit()
    table = (root / ask("scores", root, "--layout", system, "--heading", "8=Week 1 (77)").split()[0]).read_text(
        "utf-8-sig"
    )
    rows = {one[column]: one for one in csv.DictReader(io.StringIO(table))}
    for one, fact in facts.items():
        assert float(rows[row.format(**fact)]["Week 1 (77)"]) == points[one]
    ask("feedback", root, "8")
    archive = zipfile.ZipFile(root / ask("handback", root, "8", "--layout", system).split()[0])
    assert len(archive.namelist()) == len(PEOPLE)
    for one, fact in facts.items():
        (name,) = [name for name in archive.namelist() if name.startswith(back.format(**fact))]
        assert PEOPLE[one][0] in archive.read(name).decode()
        assert not any(PEOPLE[other][0] + " " in archive.read(name).decode() for other in PEOPLE if other != one)


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
        (["new", "x[1]", "--chapters", "8", "--start", "2026-11-23", "--students", "class.csv"], "has [ ] in its name"),
        (["new", "50%/x", "--chapters", "8", "--start", "2026-11-23", "--students", "class.csv"], "has % in its name"),
        (["new", "a?b", "--chapters", "8", "--start", "2026-11-23", "--students", "class.csv"], "has ? in its name"),
        (["release", "nowhere", "8"], "no course folder"),
        (["grade", "damaged", "8"], "cannot be read"),
        (["release", "dated", "8"], "2026-11-30 is a date without a time; write 2026-11-30T23:59:00"),
        (["release", "quoted", "8"], "is no moment; write one such as"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "class.csv").write_text("id\ns1\n")
    (tmp_path / "twice.csv").write_text("id\ns1\ns1\n")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "course.toml").write_text("title = ")
    facts = 'title = "T"\nsalt = "x"\nstart = 2026-11-23\n[[chapter]]\nname = "08-turning-point"\nopens = 2026-11-23\n'
    for name, due in (("dated", "2026-11-30"), ("quoted", '"2026-11-30T23:59:00"')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "course.toml").write_text(f"{facts}due = {due}\n")
    said = ask(*arguments, status=1)
    assert sentence in " ".join(said.split())
    assert "Traceback" not in said
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(("x", "50%", "a?b", "."))]


def test_a_gradebook_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "class.csv").write_text("id\ns1\n")
    course = Course.new(
        tmp_path / "c", title="T", chapters=["8"], start=date(2026, 11, 23), students=tmp_path / "class.csv", salt="x"
    )
    (course.root / "gradebook.db").mkdir()  # as good as read-only, also for root
    for command in ("release", "collect", "grade"):
        said = " ".join(
            ask(command, course.root, "8", *([tmp_path / "none"] * (command == "collect")), status=1).split()
        )
        assert "Traceback" not in said
        assert said.count("Error:") == 1


def test_help_reads_like_a_manual():
    commands = "new syllabus release collect grade marking feedback scores handback report key questions"
    for command in commands.split():
        assert command in ask("--help")
        assert "--help" in ask(command, "--help")


def test_every_command_of_nbgrader_that_is_named_is_one():
    pages = [
        ROOT / "README.md",
        ROOT / "valuechains" / "course" / "cli.py",
        *(ROOT / "exercises" / "instructor").rglob("*.md"),
    ]
    named = {word for page in pages for word in re.findall(r"`nbgrader (\w+)", page.read_text(encoding="utf-8"))}
    assert named and named <= set(NbGraderApp.subcommands) - {"formgrade"}  # that one only says that it is no command
