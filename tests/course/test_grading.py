"""Grading a class: hostile, broken and honest submissions in one run; each costs its own mark, and nobody else's
changes."""

import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from conftest import ROOT

from valuechains.checks.variants import drawn
from valuechains.course import files, grading, sandbox, version
from valuechains.course.copies import student_copy
from valuechains.course.folder import Course, CourseError
from valuechains.course.key import load
from valuechains.course.release import release
from valuechains.course.results.feedback import feedback

NAME = "02-services"
SOURCE = ROOT / "exercises" / NAME
SALT = "autumn"
KEY = load(SOURCE)
CELLS = {
    "answer-1": ["1"],
    "answer-2": ["2a"],
    "answer-2-widget": ["2c", "2d"],
    "answer-3": ["3"],
    "answer-4": ["4"],
    "answer-5": ["5a", "5b"],
    "answer-6": ["6a", "6b"],
}
ALL = sum(KEY.tasks[task].public["points"] for tasks in CELLS.values() for task in tasks)  # marked without a reader
COPY = json.loads(student_copy(SOURCE / f"{NAME}.ipynb"))
# to be quick
COPY["cells"] = [cell for cell in COPY["cells"] if not cell["id"].startswith(("widget", "table", "everything"))]
next(cell for cell in COPY["cells"] if cell["id"] == "setup")["source"] = (
    "from valuechains import checks, datasets\n\nsheet = checks.sheet()"
)
LIMITS = sandbox.Limits(cell=8, wall=150, memory=2 << 30)


def notebook(student: str, **lines: str) -> dict:
    """The work of a student who has everything right, but for the text of these cells; {} in it stands for the right
    line."""
    made = json.loads(json.dumps(COPY))
    variant = KEY.variants[drawn(len(KEY.variants), SALT, NAME, student)]
    for cell in made["cells"]:
        name = cell["id"]
        if name in CELLS:
            right = {
                KEY.tasks[task].public["name"]: np.asarray(KEY.tasks[task].answer(variant).right).tolist()
                for task in CELLS[name]
            }
            cell["source"] = "\n".join(f"{variable} = {value!r}" for variable, value in right.items())
        if name.replace("-", "_") in lines:
            cell["source"] = lines[name.replace("-", "_")].replace("{}", "".join(cell["source"]))
    return made


def without(made: dict, *names: str) -> dict:
    return {**made, "cells": [cell for cell in made["cells"] if cell["id"] not in names]}


def flipped(made: dict) -> dict:
    """Every fact that nbgrader keeps in a cell is changed, and an answer is there twice."""
    for cell in made["cells"]:
        if "nbgrader" in cell["metadata"]:
            facts = cell["metadata"]["nbgrader"]
            facts |= {
                "points": 100,
                "grade": not facts["grade"],
                "locked": False,
                "solution": not facts["solution"],
                "checksum": 3,
            }
    made["cells"][0]["metadata"]["nbgrader"] = "none"
    made["cells"].insert(
        3,
        {
            "cell_type": "code",
            "id": "twin",
            "source": "",
            "outputs": [],
            "execution_count": None,
            "metadata": {"nbgrader": {"grade_id": "check-1", "grade": True, "points": 9}},
        },
    )
    return made


PATCH = """import builtins, sys, valuechains.checks.sheet as module
from valuechains import indicators
class AssertionError(Exception): pass
builtins.AssertionError = AssertionError
module.judge = lambda *_: module.Reply("1", "right", "right")
sheet.check = sheet.reply = lambda *_: "right"
indicators.leontief_inverse = None
sys.modules["key"] = sys.modules["valuechains.course"] = sys
"""
PEEK = """import glob, os
content = [open(file).read() for root in {roots} for file in glob.glob(root + "/**/*.*", recursive=True)] or 0
os.makedirs("{course}/submitted", exist_ok=True)"""
WRONG = "content = [9.0, 9.0, 9.0]"
# What does harm looks first whether it is behind walls, does it up to a bound, and deletes only the test's own: a
# sandbox that is broken fails the test and leaves the machine of whoever broke it alone.
WALLED = f"import os\nassert os.getcwd() == {sandbox.DESK!r}, 'this cell does harm: it runs behind walls only'\n"


POINTS = {
    "a-honest": ALL,
    "b-loops": ALL - 3,
    "c-memory": ALL - 3,
    "d-prints": ALL,
    "e-forks": ALL - 6,
    "f-deletes": ALL,
    "g-peeks": ALL - 3,
    "h-edits": ALL - 3,
    "i-patches": ALL - 3,
    "j-data": ALL - 3,
    "k-broken": 0,
    "l-empty": 0,
    "m-other": 0,
    "n-bytes": 0,
    "o-halves": ALL - 3,
    "p-metadata": ALL,
    "q-lacks": ALL - 4,
    "r-quits": 11,
    "s-bombs": ALL - 9,
    "t-list": 0,
    "z-honest": ALL,
}  # what each deserves


def submissions(root) -> dict[str, object]:
    """What each student hands in."""
    course = str(root)
    return {
        "a-honest": notebook("a-honest"),
        "b-loops": notebook("b-loops", answer_3="while True: pass"),
        "c-memory": notebook("c-memory", answer_4=WALLED + "held = [bytearray(1 << 28) for _ in range(100)]\n{}"),
        "d-prints": notebook("d-prints", answer_5=WALLED + "for _ in range(1100): print('x' * (1 << 20))\n{}"),
        "e-forks": notebook(
            "e-forks", answer_6=WALLED + "while len(os.listdir('/proc')) < 900: os.fork()  # far over the limit\n{}"
        ),
        "f-deletes": notebook(
            "f-deletes",
            answer_1=WALLED + f"{{}}\nimport shutil\nfor at in ({course!r}, os.getcwd(), {sandbox.KIT!r}): "
            "shutil.rmtree(at, ignore_errors=True)",
        ),
        "g-peeks": notebook(
            "g-peeks", answer_1=PEEK.format(roots=[course, str(ROOT / "exercises"), str(ROOT / "tests")], course=course)
        ),
        "h-edits": notebook("h-edits", answer_1=WRONG, check_1="print('right')", check_2a="assert True"),
        "i-patches": notebook("i-patches", answer_1=PATCH + WRONG),
        "j-data": notebook(
            "j-data",
            answer_1=WALLED + "{}\nfor table in datasets.folder().glob('*.csv'): table.unlink()",
            answer_3="contributions = 1",
        ),
        "k-broken": json.dumps(notebook("k-broken"))[:3000].encode(),
        "l-empty": b"",
        "m-other": student_copy(ROOT / "exercises" / "03-dual-engines" / "03-dual-engines.ipynb").encode(),
        "n-bytes": b'{"cells": [\xff\xfe]}',
        "o-halves": json.dumps(notebook("o-halves", answer_1="'\ud800'")).encode(),
        "p-metadata": flipped(notebook("p-metadata")),
        "q-lacks": without(notebook("q-lacks"), "check-2a", "answer-5", "2b"),
        "r-quits": notebook("r-quits", answer_4="import os\nos._exit(0)"),
        "s-bombs": notebook(
            "s-bombs",
            answer_1="content = 10**400",
            answer_2="domestic = [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]",
            answer_3="contributions = object()",
        ),
        "t-list": b"[1, 2]",
        "z-honest": notebook("z-honest"),
    }


LINES = {
    "k-broken": "the file is no sound notebook",
    "l-empty": "the file is empty",
    "m-other": "this is the notebook of 03-dual-engines",
    "n-bytes": "the file is no sound notebook",
    "t-list": "the file is no sound notebook",
    "r-quits": "ended its own process",
}


def hand_in(course: Course, student: str, work: object) -> None:
    path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(work if isinstance(work, bytes) else json.dumps(work).encode())


def scores(course: Course) -> dict[str, dict[str, tuple]]:
    with course.gradebook() as book:
        return {
            one.student.id: {
                grade.cell.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                for grade in one.notebooks[0].grades
            }
            for one in book.find_assignment(NAME).submissions
        }


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course whose chapter is released and for which nothing was handed in."""
    root = tmp_path_factory.mktemp("courses")
    ids = [*POINTS, "zz-absent"]
    (root / "class.csv").write_text("id,first_name\n" + "".join(f"{one},Some\n" for one in ids))
    course = Course.new(
        root / "course",
        title="Autumn",
        chapters=[NAME],
        start=date(2026, 11, 23),
        students=root / "class.csv",
        salt=SALT,
    )
    release(course, NAME)
    return course


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """(course, outcomes by student, what the course's files were before): everybody's work, graded in one run."""
    if sandbox.means() == "limits":
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "no namespaces here, and this is hostile code: install bubblewrap"
        )
    root = tmp_path_factory.mktemp("hostile") / "course"
    shutil.copytree(released.root, root)
    course = Course.open(root)
    for student, work in submissions(root).items():
        hand_in(course, student, work)
    before = {
        path: path.read_bytes()
        for top in ("source", "release", "submitted")
        for path in (root / top).rglob("*.*")
        if path.is_file()
    }
    outcomes = {one.student: one for one in grading.grade(course, NAME, workers=2, limits=LIMITS)}
    return course, outcomes, before


@pytest.mark.parametrize("student", POINTS)
def test_each_submission_gets_what_its_own_answers_deserve(graded, student):
    _, outcomes, _ = graded
    assert outcomes[student].points == POINTS[student], outcomes[student]
    expected = (
        "refused" if student in LINES and student != "r-quits" else "stopped" if student == "r-quits" else "graded"
    )
    assert outcomes[student].state == expected
    assert LINES.get(student, "") in outcomes[student].line
    assert "\n" not in outcomes[student].line


def test_everybody_of_the_class_has_an_outcome_and_is_in_the_gradebook(graded):
    course, outcomes, _ = graded
    assert list(outcomes) == [one.id for one in course.students]
    assert outcomes["zz-absent"].state == "missing"
    with course.gradebook() as book:
        assert {one.id for one in book.students} == set(outcomes)
    assert set(scores(course)) == set(outcomes) - {"zz-absent"}
    assert all(len(cells) == len(course.key(NAME).tasks) for cells in scores(course).values())


def test_the_course_is_as_it_was_and_peeking_found_nothing(graded):
    course, _, before = graded
    assert {path: path.read_bytes() for path in before} == before
    record = json.loads((course.root / "work" / "runs" / NAME / "g-peeks.json").read_text())
    assert record["lines"]["check-1"] == {"value": 0}


def test_what_is_marked_is_short_and_the_key_is_not_in_it(graded):
    course, _, _ = graded
    for path in (course.root / "autograded").rglob("*"):
        assert path.name != "key.py"
        assert path.is_dir() or path.suffix != ".ipynb" or path.stat().st_size < 400_000


def test_a_gigabyte_of_print_is_cut_and_a_hint_is_under_its_check(graded):
    course, _, _ = graded
    text = (course.root / "autograded" / "s-bombs" / NAME / f"{NAME}.ipynb").read_text()
    assert "`contributions` is of type object, and 9 numbers are asked for." in text
    assert "✗ Exercise 3: " in text
    printed = (course.root / "work" / "runs" / NAME / "d-prints.json").read_text()
    assert len(printed) < 200_000
    assert "more characters" in printed


def test_unanswered_texts_are_zero_and_answered_ones_wait(released, tmp_path):
    exercise = grading.Exercise(released, NAME)
    cell = exercise.cells["2b"]
    assert cell.cell_type == "markdown"
    wordless = written(notebook("a-honest"), "...\n\n<!-- later -->")
    course = copy(released, tmp_path, {"a-honest": wordless, "z-honest": written(notebook("z-honest"))})
    grading.grade(course, NAME, workers=2)
    found = scores(course)
    assert [found["a-honest"][text] for text in ("2b", "2e", "6c")] == [(0, None, False)] * 3
    assert found["z-honest"]["2b"] == (None, None, True)
    assert found["z-honest"]["2e"] == (0, None, False)

    with course.gradebook() as book:  # as formgrader does
        book.find_grade("2b", NAME, NAME, "z-honest").manual_score = 1.5
        book.db.commit()
    hand_in(course, "z-honest", written(notebook("z-honest", answer_1=WRONG)))
    states = {one.student: (one.state, one.points) for one in grading.grade(course, NAME, workers=2)}
    assert states["z-honest"] == ("graded", ALL - 3 + 1.5)
    assert states["a-honest"] == ("kept", ALL)
    hand_in(course, "z-honest", b"")
    assert grading.grade(course, NAME)[-2].points == 1.5
    assert scores(course)["z-honest"]["2b"][1] == 1.5


def stripped(made: dict) -> dict:
    return {**made, "cells": [{**cell, "metadata": {}} for cell in made["cells"]]}


def practised(student: str) -> dict:
    """The work of somebody who never wrote the id into the first cell."""
    made = notebook(student)
    for cell in made["cells"]:
        if cell["id"] in CELLS:
            answers = {task: KEY.tasks[task].answer(KEY.variants[0]).right for task in CELLS[cell["id"]]}
            cell["source"] = "\n".join(
                f"{KEY.tasks[task].public['name']} = {np.asarray(right).tolist()!r}" for task, right in answers.items()
            )
    return made


MAGIC = "%matplotlib inline\n%load_ext autoreload\n{}"
NO_SEALS = """{}
import json
told = json.load(open("sheet.json"))
assert told["marking"] and not [one for one in told["tasks"].values() if "sealed" in one]
assert str(sheet.reply("1")) == "✎ Exercise 1: handed in; the marks follow."
sheet.check("1"), sheet.check(), sheet.hint("1"), sheet.progress()
"""


def test_honest_work_in_odd_clothes_gets_its_points(released, tmp_path):
    own = [one for one in POINTS if drawn(len(KEY.variants), SALT, NAME, one)]
    works = {
        "a-honest": notebook("a-honest", **{name.replace("-", "_"): MAGIC for name in CELLS}, setup="%time {}"),
        "b-loops": stripped(notebook("b-loops")),
        "c-memory": notebook("c-memory", answer_3="contributions = of_nobody"),
        "d-prints": notebook("d-prints", answer_1=NO_SEALS),
        own[-1]: practised(own[-1]),
    }
    course = copy(released, tmp_path, works)
    found = {one.student: one for one in grading.grade(course, NAME, workers=2)}
    assert [found[one].points for one in ("a-honest", "b-loops", "c-memory", "d-prints")] == [ALL, ALL, ALL - 3, ALL]
    text = (course.root / "autograded" / "c-memory" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "the cell above stopped with NameError: name 'of_nobody' is not defined." in text
    record = json.loads((course.root / "work" / "runs" / NAME / "d-prints.json").read_text())
    assert [line["error"] for line in record["lines"].values() if line.get("error")] == []
    fits = [task for tasks in CELLS.values() for task in tasks if KEY.tasks[task].varies]
    assert f"{len(fits)} answers are those of the practice variant" in found[own[-1]].line
    page = feedback(course, NAME, own[-1])[0].read_text(encoding="utf-8")
    assert "This is right for the practice variant" in page


def test_a_mark_by_hand_stays_final_while_its_text_is_unchanged_and_is_asked_for_where_it_changed(released, tmp_path):
    course = copy(released, tmp_path, {"a-honest": written(notebook("a-honest")), "z-honest": notebook("z-honest")})
    grading.grade(course, NAME, workers=2)
    with course.gradebook() as book:  # as formgrader does
        for student, cell, points in (("a-honest", "2b", 1.5), ("z-honest", "check-1", 2)):
            mark = book.find_grade(cell, NAME, NAME, student)
            mark.manual_score, mark.needs_manual_grade = points, False
        book.db.commit()
    key = course.root / "source" / NAME / "key.py"
    key.write_text(key.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    for again in (True, False, True):  # twice the same, and by a key that was changed
        states = {one.student: one for one in grading.grade(course, NAME, workers=2, again=again)}
        assert scores(course)["a-honest"]["2b"] == (None, 1.5, False)
        assert scores(course)["z-honest"]["check-1"] == (3, 2, False)
        assert states["a-honest"].line == states["z-honest"].line == ""
    hand_in(course, "a-honest", written(notebook("a-honest"), "Now they say something else."))
    for again in (False, True):  # running it once more is no reading of it
        states = {one.student: one for one in grading.grade(course, NAME, workers=2, again=again)}
        assert scores(course)["a-honest"]["2b"] == (None, 1.5, True)
        assert "2b changed since you marked it by hand" in states["a-honest"].line


def test_work_is_graded_against_the_data_and_library_of_its_release(released, tmp_path, monkeypatch):
    own = notebook("a-honest", answer_5="from valuechains import version_of_today\n{}")
    course = copy(released, tmp_path, {"a-honest": own, "z-honest": notebook("z-honest")})
    package = tmp_path / "package"
    shutil.copytree(version.PACKAGE, package, ignore=shutil.ignore_patterns("course", "__pycache__"))
    (package / "version_of_today.py").write_text("")
    monkeypatch.setattr(version, "PACKAGE", package)
    monkeypatch.setattr(sandbox, "PACKAGE", package)
    version.current.cache_clear()
    other = course.key(NAME).tasks["1"]
    now = replace(other, compute=lambda variant: replace(other.answer(vars(variant)), right=[9.0, 9.0, 9.0]))
    monkeypatch.setitem(course.key(NAME).tasks, "1", now)
    try:
        assert "right answers of 1: graded against those of the release" in grading.warning(course, NAME)
        found = {one.student: one.points for one in grading.grade(course, NAME, workers=2)}
        assert found["z-honest"] == ALL
        lost = sum(KEY.tasks[task].public["points"] for task in CELLS["answer-5"])
        assert found["a-honest"] == ALL - lost, "the library of today was there"
        release(course, NAME)
        assert grading.warning(course, NAME) == ""
        found = {one.student: one.points for one in grading.grade(course, NAME, workers=2)}
        assert (found["a-honest"], found["z-honest"]) == (ALL - 3, ALL - 3)
    finally:
        version.current.cache_clear()


def test_a_key_that_was_changed_since_the_release_counts_as_it_is_now(released, tmp_path, monkeypatch):
    course = copy(released, tmp_path, {})
    monkeypatch.setattr(version, "current", lambda: "of today")
    assert grading.warning(course, NAME) == ""  # no right answer is another one
    key = course.root / "source" / NAME / "key.py"
    key.write_text(key.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert "so did its key: right answers are those that the key gives now" in grading.warning(course, NAME)


def test_without_walls_nothing_is_run_unless_it_is_trusted(released, tmp_path, monkeypatch):
    course = copy(released, tmp_path, {"a-honest": notebook("a-honest")})
    monkeypatch.setattr(sandbox, "means", lambda: "limits")
    with pytest.raises(CourseError, match="There are no walls here, so nothing is run: .* --trust"):
        grading.grade(course, NAME)
    told = subprocess.run(
        [sys.executable, "-c", ALONE, str(course.root)], capture_output=True, text=True, check=False, cwd=course.root
    )
    assert "no walls here" in told.stdout + told.stderr
    assert not (course.root / "work" / "runs").exists()
    assert grading.grade(course, NAME, trust=True)[0].points == ALL


ALONE = f"""import sys
from valuechains.course import sandbox
sandbox.means = lambda: "limits"
from nbgrader.apps import NbGraderApp
sys.argv = ["nbgrader", "autograde", {NAME!r}]
NbGraderApp.launch_instance()
"""


def test_a_killed_run_goes_on_and_ends_in_the_same_gradebook(graded, released, tmp_path):
    whole, _, _ = graded
    few = ("a-honest", "l-empty", "p-metadata", "q-lacks", "z-honest")
    course = copy(released, tmp_path, {student: submissions(tmp_path)[student] for student in few})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    env = {**os.environ, "TMPDIR": str(temporary)}
    for word in ("ran", "marked"):
        script = (
            "import sys\nfrom valuechains.course import grading\nfrom valuechains.course.folder import "
            f"Course\ngrading.grade(Course.open({str(course.root)!r}), {NAME!r}, workers=2, progress=lambda *at: "
            "print(at[2], flush=True))"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=env,
        )
        seen = [line.split()[0] for line, _ in zip(iter(process.stdout.readline, ""), range(2 if word == "ran" else 7))]
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert word in seen
    runs = course.root / "work" / "runs" / NAME
    times = {path: path.stat().st_mtime_ns for path in runs.glob("*.json")}
    assert len(times) == len(few)
    cut = random.Random(1).choice(sorted(times))
    cut.write_bytes(cut.read_bytes()[:20])  # as a file system may leave it
    gone = process.pid
    cut.with_name(f".{cut.name}.{gone}.half").write_bytes(b"half")  # of what was being written
    grading.grade(course, NAME, workers=2)
    assert sorted(path for path in times if path.stat().st_mtime_ns != times[path]) == [cut]
    assert scores(course) == {student: marks for student, marks in scores(whole).items() if student in few}
    assert {one.state for one in grading.grade(course, NAME)} == {"kept", "refused", "missing"}
    assert list(temporary.iterdir()) == []
    assert list(course.root.rglob("*.half")) == []


FULL = f"""import resource, sys
from valuechains.__main__ import main
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), most))
sys.argv = ["valuechains", "course", "grade", sys.argv[1], {NAME!r}]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit for a file's size there")
@pytest.mark.parametrize("room", [0, 12_000])
def test_a_full_disk_is_said_in_a_sentence_and_costs_nobody_a_point(released, tmp_path, room):
    """A file may not grow: as good as a full disk, and the same wherever the test runs."""
    works = {student: notebook(student) for student in list(POINTS)[:5]}
    course = copy(released, tmp_path, works)
    with course.gradebook() as book:
        for name in (f"x{place}" for place in range(150)):  # larger than any other file that grading writes
            book.add_student(name, first_name="x" * 1000)
    size = (course.root / "gradebook.db").stat().st_size + room
    told = subprocess.run(
        [sys.executable, "-c", FULL, str(course.root), str(size)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert told.returncode == 1, told.stdout
    assert "Traceback" not in told.stdout + told.stderr
    assert told.stderr.count("Error: The gradebook refused (") == 1, told.stderr
    states = {one.student: (one.state, one.points) for one in grading.grade(course, NAME, workers=2)}
    assert {one[1] for student, one in states.items() if student in works} == {ALL}
    assert {one[0] for student, one in states.items() if student in works} <= {"graded", "kept"}


@pytest.mark.parametrize(
    "cause", [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("is full")]
)
def test_what_the_disk_stops_while_marking_is_marked_by_the_next_run(released, tmp_path, monkeypatch, cause):
    """Where room comes back as nbgrader takes away what it had begun, so that a nought could be written."""
    course = copy(released, tmp_path, {"a-honest": notebook("a-honest")})

    def stopped(*_) -> None:
        try:
            raise cause
        except Exception:
            raise RuntimeError("nbgrader's own") from None

    with monkeypatch.context() as patched, pytest.raises(CourseError, match="refused .*full|refused .*No space"):
        patched.setattr(grading, "_autograde", stopped)
        grading.grade(course, NAME)
    assert scores(course) == {}
    assert grading.grade(course, NAME)[0].points == ALL


def test_two_gradings_of_a_course_do_not_mix(released, tmp_path):
    course = copy(released, tmp_path, {})
    with files.alone(course.root), pytest.raises(CourseError, match="is being graded by another command"):
        grading.grade(course, NAME)
    assert {one.state for one in grading.grade(course, NAME)} == {"missing"}


def test_whatever_marking_an_answer_raises_costs_that_answer_only(graded, monkeypatch):
    exercise = grading.Exercise(graded[0], NAME)
    record = exercise.run("a-honest")
    assert exercise.says("a-honest", "check-1", record) == (True, "right.")
    monkeypatch.setattr(exercise.key, "reply", lambda *_: 1 / 0)
    assert exercise.says("a-honest", "check-1", record) == (
        False,
        "what `content` holds cannot be read: give plain numbers or words.",
    )


def test_nbgrader_by_itself_marks_what_the_sandbox_recorded(graded, released, tmp_path):
    whole, _, _ = graded
    few = ("a-honest", "j-data", "l-empty")
    course = copy(released, tmp_path, {student: submissions(tmp_path)[student] for student in few})
    told = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", NAME],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Autograding" in told.stderr, told.stderr
    assert {student: scores(course)[student] for student in few[:2]} == {
        student: scores(whole)[student] for student in few[:2]
    }
    assert "check-1" in json.loads((course.root / "work" / "runs" / NAME / "j-data.json").read_text())["lines"]
    assert not list((course.root / "autograded").rglob("key.py"))


def test_feedback_says_why_a_file_was_refused(graded):
    course, _, _ = graded
    page = feedback(course, NAME, "l-empty")[0].read_text(encoding="utf-8")
    shutil.rmtree(course.root / "feedback")
    assert "<strong>Your notebook could not be marked</strong>: the file is empty." in page


def test_a_chapter_that_was_not_released_is_said_to_be_so(released, tmp_path):
    course = copy(released, tmp_path, {})
    (course.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match="release it first"):
        grading.grade(course, NAME)


def copy(released: Course, folder, works: dict) -> Course:
    shutil.copytree(released.root, folder / "course")
    course = Course.open(folder / "course")
    for student, work in works.items():
        hand_in(course, student, work)
    return course


def written(made: dict, text: str = "They differ in who is paid.") -> dict:
    for cell in made["cells"]:
        if cell["id"] == "2b":
            cell["source"] = text
    return made
