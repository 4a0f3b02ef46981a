"""Collecting submissions as an LMS hands them out: whose they are, which attempt counts, and nothing lost."""

import io
import json
import os
import zipfile
from datetime import UTC, datetime

import pytest
from graded import TWO_CHAPTERS
from nbgrader.utils import parse_utc

from valuechains.course import archives
from valuechains.course.collect import collect
from valuechains.course.folder import Course, CourseError, Student
from valuechains.course.owners import Owners, clues

NAME = "02-services"
CLASS = """id,first_name,last_name,email
s001,Ana,Alpha,aalpha@uni.example
s002,Łukasz,Øst,
s003,María José,"Núñez, PhD",
s004,Ana,Silva,ana1@uni.example
s005,Ana,Silva,ana2@uni.example
s006,伟,王,
s_007,Bo,O'Neil-Ray,
"""


def notebook(text: str) -> bytes:
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(files: dict, time=(2026, 12, 1, 10, 0, 0)) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            data, when = data if isinstance(data, tuple) else (data, time)
            archive.writestr(zipfile.ZipInfo(name, when), data)
    return content.getvalue()


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.toml").write_text(TWO_CHAPTERS, encoding="utf-8")
    (root / "students.csv").write_text(CLASS, encoding="utf-8")
    return Course.open(root)


@pytest.fixture
def handed(course, tmp_path):
    """Collect from a zip of these files; what was said by student, ownerless lines under the empty id."""

    def run(files: dict, **how) -> dict:
        path = tmp_path / "download.zip"
        path.write_bytes(zipped(files, **how))
        said = collect(course, NAME, path)
        return {**{one.student: one for one in said}, "": [one for one in said if not one.student]}

    return run


def submitted(course, student: str) -> str | None:
    path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
    return json.loads(path.read_bytes())["cells"][0]["source"] if path.exists() else None


def kept(course, folder: str) -> set[str]:
    found = course.root.glob(f"work/collected/{NAME}/{folder}/*.ipynb")
    return {json.loads(path.read_bytes())["cells"][0]["source"] for path in found}


def everything(course) -> dict:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in course.root.rglob("*") if path.is_file()}


def stamp(course, student: str) -> datetime:
    return parse_utc((course.root / "submitted" / student / NAME / "timestamp.txt").read_text())


@pytest.mark.parametrize(
    "path, owner",
    [
        ("Alpha Ana_12345_assignsubmission_file_/work.ipynb", {"s001"}),
        ("Ana Alpha_12345_assignsubmission_file_work.ipynb", {"s001"}),
        ("Spring-02/Nunez, PhD María José_9_assignsubmission_file_/a/b.ipynb", {"s003"}),
        ("Ana Silva_9_assignsubmission_file_/x.ipynb", {"s004", "s005"}),
        ("Ana Silva_9_assignsubmission_file_/s005.ipynb", {"s005"}),
        ("Ana Alpha_9_assignsubmission_file_/s002.ipynb", {"s001", "s002"}),
        ("alphaana_123_456_02-services-1.ipynb", {"s001"}),
        ("alphaana_LATE_123_456_02-services.ipynb", {"s001"}),
        ("onilray_1_2_x.ipynb", set()),
        ("oneilraybo_1_2_x.ipynb", {"s_007"}),
        ("王伟_1_2_x.ipynb", {"s006"}),
        ("02 services_s002_attempt_2026-11-30-23-10-05_02-services.ipynb", {"s002"}),
        ("02 services_s_007_attempt_2026-11-30-23-10-05_x.ipynb", {"s_007"}),
        ("Week 2_s001_attempt_2026-11-30-23-10-05_x.ipynb", {"s001"}),
        ("02 services_aalpha_attempt_2026-11-30-23-10-05_x.ipynb", {"s001"}),
        ("02 services_xs002_attempt_2026-11-30-23-10-05_x.ipynb", set()),
        ("s001.ipynb", {"s001"}),
        ("S001.ipynb", {"s001"}),
        ("s001/02-services.ipynb", {"s001"}),
        ("02-services--s001 (2).ipynb", {"s001"}),
        ("02_services_s001_v3.ipynb", {"s001"}),
        ("s0011.ipynb", set()),
        ("s001 and s002.ipynb", {"s001", "s002"}),
        ("02-services.ipynb", set()),
        ("Lukasz Ost.ipynb", set()),
        ("Łukasz Øst/02-services.ipynb", {"s002"}),
        ("stukasz_1_2_x.ipynb", {"s002"}),
        ("aalpha@uni.example/x.ipynb", {"s001"}),
    ],
)
def test_the_owner_is_read_off_the_name_and_never_guessed(course, path, owner):
    assert Owners(course.students).of(clues(path, NAME)) == owner


def test_short_numbers_as_ids_stand_alone():
    owners = Owners([Student("2"), Student("17"), Student("123456")])
    assert owners.of(clues("17.ipynb", NAME)) == {"17"}
    assert owners.of(clues("2/02-services.ipynb", NAME)) == {"2"}
    assert owners.of(clues("02-services (2).ipynb", NAME)) == set()
    assert owners.of(clues("my 17 answers.ipynb", NAME)) == set()
    assert owners.of(clues("work of 123456.ipynb", NAME)) == {"123456"}
    assert owners.of(clues("Ana Alpha_17_assignsubmission_file_/x.ipynb", NAME)) == set()  # Moodle's number is its own


def test_a_mixed_class_is_sorted_and_each_is_said(course, handed):
    found = handed(
        {
            "Alpha Ana_11_assignsubmission_file_/02-services.ipynb": notebook("moodle"),
            "02 services_s002_attempt_2026-12-06-10-00-00_02-services.ipynb": notebook("first"),
            "02 services_s002_attempt_2026-12-08-01-04-00_02-services.ipynb": notebook("last"),
            "02 services_s002_attempt_2026-12-08-01-04-00.txt": b"Name: somebody",
            "Ana Silva_12_assignsubmission_file_/02-services.ipynb": notebook("whose?"),
            "s006.ipynb": b'{"cells": [',
            "stranger/02-services.ipynb": notebook("nobody's"),
            "s_007/work.zip": zipped(
                {
                    "kit.zip": zipped(
                        {
                            "exercises/01-in-flux/01-in-flux.ipynb": notebook("one"),
                            "exercises/02-services/02-services.ipynb": notebook("two"),
                        }
                    )
                }
            ),
            "__MACOSX/._s003.ipynb": b"junk",
            "s003/.ipynb_checkpoints/02-services-checkpoint.ipynb": notebook("junk"),
        }
    )
    states = {student: one.state for student, one in found.items() if student}
    assert states == {
        "s001": "collected",
        "s002": "collected",
        "s003": "missing",
        "s004": "missing",
        "s005": "missing",
        "s006": "corrupt",
        "s_007": "collected",
    }
    assert {student: submitted(course, student) for student in ("s001", "s002", "s_007")} == {
        "s001": "moodle",
        "s002": "last",
        "s_007": "two",
    }
    assert (course.root / "submitted/s006/02-services/02-services.ipynb").read_bytes() == b'{"cells": ['
    assert found["s002"].late
    assert "1 h 5 min late, the last of 2 attempts" in found["s002"].line
    assert not found["s001"].late
    assert stamp(course, "s002") == datetime(2026, 12, 8, 0, 4)  # UTC
    assert stamp(course, "s001") == datetime(2026, 12, 1, 9, 0)
    assert {(one.state, one.line.split()[-1]) for one in found[""]} == {("ambiguous", "again."), ("unknown", "again.")}
    assert "s004, s005" in next(one.line for one in found[""] if one.state == "ambiguous")
    assert kept(course, "_unmatched") == {"whose?", "nobody's"}


def test_collecting_again_changes_nothing(course, handed):
    given = {"s001.ipynb": notebook("a"), "s002.ipynb": b"", "alphaana_LATE_1_2_x.ipynb": notebook("b")}
    handed(given)
    before = everything(course)
    found = handed(given)
    assert everything(course) == before
    assert [found[one].state for one in ("s001", "s002", "s003")] == ["unchanged", "corrupt", "missing"]


def test_only_a_newer_attempt_replaces_and_none_is_lost(course, handed):
    handed({"s001 (1).ipynb": notebook("second"), "s002.ipynb": notebook("x")})
    found = handed({"s001 (2).ipynb": notebook("third")})
    assert (found["s001"].state, submitted(course, "s001")) == ("replaced", "third")
    assert found["s002"].state == "unchanged"
    found = handed({"s001.ipynb": notebook("first")}, time=(2026, 12, 5, 0, 0, 0))
    assert (found["s001"].state, submitted(course, "s001")) == ("unchanged", "third")
    assert kept(course, "s001") == {"first", "second", "third"}


def test_without_times_or_numbers_the_files_own_time_decides(course, handed):
    handed(
        {
            "s001/b.ipynb": (notebook("new"), (2026, 12, 3, 0, 0, 0)),
            "s001/a.ipynb": (notebook("old"), (2026, 12, 2, 0, 0, 0)),
        }
    )
    assert submitted(course, "s001") == "new"


def test_the_chapters_own_notebook_beats_a_scratch_file_and_a_copy_is_no_second_attempt(course, handed):
    late = (2026, 12, 3, 0, 0, 0)
    handed(
        {
            "s001/02-services.ipynb": notebook("work"),
            "s001/scratch.ipynb": (notebook("scratch"), late),
            "s002/02-services.ipynb": (notebook("work"), late),
            "s002/02-services-Copy1.ipynb": notebook("copy"),
        }
    )
    assert (submitted(course, "s001"), submitted(course, "s002")) == ("work", "work")


def test_a_time_of_the_attempt_beats_its_file_time_and_a_broken_last_attempt_says_what_can_be_read(course, handed):
    found = handed(
        {
            "02 services_s001_attempt_2026-12-01-10-00-00_a.ipynb": (notebook("good"), (2026, 12, 9, 0, 0, 0)),
            "02 services_s001_attempt_2026-12-02-10-00-00_a.ipynb": (b"\xff\xfe", (2026, 12, 1, 0, 0, 0)),
        }
    )
    assert found["s001"].state == "corrupt"
    assert "an earlier attempt can be read" in found["s001"].line
    assert (course.root / "submitted/s001/02-services/02-services.ipynb").read_bytes() == b"\xff\xfe"


def test_canvas_says_itself_what_is_late(course, handed):
    files = {
        "alphaana_LATE_1_2_02-services.ipynb": (notebook("a"), (2026, 12, 2, 0, 0, 0)),
        "oneilraybo_1_2_02-services-1.ipynb": (notebook("b"), (2026, 12, 20, 0, 0, 0)),
    }
    found = handed(files)
    assert (found["s001"].late, found["s_007"].late) == (True, False)
    assert "late by the LMS's mark" in found["s001"].line
    due = course.chapter(NAME).due.astimezone(UTC).replace(tzinfo=None)
    assert stamp(course, "s001") > due >= stamp(course, "s_007")


def test_another_chapters_notebook_is_not_taken_for_this_one(course, handed):
    found = handed(
        {
            "s001/01-in-flux.ipynb": notebook("one"),
            "s002/01-in-flux/01-in-flux.ipynb": notebook("one"),
            "s002/02-services/02-services.ipynb": notebook("two"),
            "s003/essay.pdf": b"%PDF",
        }
    )
    assert [found[one].state for one in ("s001", "s002", "s003")] == ["other", "collected", "other"]
    assert submitted(course, "s001") is None
    assert submitted(course, "s002") == "two"


def test_a_folder_is_collected_as_a_zip_is_and_odd_names_are_printable(course, tmp_path):
    source = tmp_path / "unpacked"
    for name in ("Alpha Ana_1_assignsubmission_file_", "s002\x1b[31m\u202e", "s004"):
        (source / name).mkdir(parents=True)
    (source / "Alpha Ana_1_assignsubmission_file_" / "02-services.ipynb").write_bytes(notebook("a"))
    (source / "s002\x1b[31m\u202e" / os.fsdecode(b"\xff\xfe.ipynb")).write_bytes(notebook("b"))
    (source / "s004" / "x.ipynb").symlink_to("/etc/passwd")
    found = {one.student: one for one in collect(course, NAME, source)}
    assert [found[one].state for one in ("s001", "s002", "s004")] == ["collected", "collected", "refused"]
    assert found["s002"].line.isprintable()
    assert found["s002"].line.encode()  # no half characters


def test_names_in_a_zip_that_hides_its_utf8_are_read(course, tmp_path):
    raw = "Łukasz Øst_1_assignsubmission_file_/x.ipynb".encode()
    plain = tmp_path / "plain.zip"
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("x" * len(raw), notebook("a"))
    plain.write_bytes(plain.read_bytes().replace(b"x" * len(raw), raw))
    assert {one.student: one.state for one in collect(course, NAME, plain)}["s002"] == "collected"


@pytest.mark.parametrize("name", ["../../evil.ipynb", "/etc/evil.ipynb", "a/..\\..\\evil.ipynb", "C:\\evil.ipynb"])
def test_a_zip_that_leads_outside_is_refused_whole(course, handed, name):
    with pytest.raises(CourseError, match="outside its folder.*nothing was collected"):
        handed({"s001.ipynb": notebook("a"), name: notebook("b")})
    assert not (course.root / "submitted").exists()
    assert not (course.root / "work").exists()


def test_a_zip_of_gigabytes_is_refused_whole_and_a_students_own_costs_that_student_alone(course, handed, monkeypatch):
    monkeypatch.setattr(archives, "WITHIN", 100_000)
    monkeypatch.setattr(archives, "LARGEST", 300_000)
    found = handed(
        {
            "s001/work.zip": zipped({"02-services.ipynb": b"0" * 200_000}),
            "s002.ipynb": b" " * 400_000,
            "s003/x.zip": zipped({"../02-services.ipynb": notebook("a")}),
            "s004.ipynb": notebook("fine"),
            "s005/a.zip": b"no zip",
            "s006.zip": zipped({"a.zip": zipped({"b.zip": zipped({"c.ipynb": notebook("deep")})})}),
        }
    )
    assert [one for one in found if one and found[one].state == "refused"] == ["s001", "s002", "s003", "s005", "s006"]
    assert found["s004"].state == "collected"
    assert "would unpack to" in found["s001"].line
    assert "outside its folder" in found["s003"].line
    monkeypatch.setattr(archives, "WHOLE", 100_000)
    with pytest.raises(CourseError, match="would unpack to"):
        handed({"s001.ipynb": b"0" * 200_000})


def test_a_damaged_entry_is_handed_on_as_far_as_it_can_be_read(course, tmp_path):
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("s001.ipynb", notebook("stored"))
        archive.writestr("s002.ipynb", notebook("fine"))
    path.write_bytes(path.read_bytes().replace(b"stored", b"st\0red", 1))
    found = {one.student: one for one in collect(course, NAME, path)}
    assert (found["s001"].state, found["s002"].state) == ("corrupt", "collected")
    assert "damaged in its zip" in found["s001"].line


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 10])
def test_no_zip_is_said_in_a_sentence(course, tmp_path, content):
    path = tmp_path / "download.zip"
    path.write_bytes(content)
    with pytest.raises(CourseError, match="no zip file that can be read"):
        collect(course, NAME, path)
    with pytest.raises(CourseError, match="There is no nowhere"):
        collect(course, NAME, tmp_path / "nowhere")


def test_what_came_by_nbgraders_exchange_is_an_attempt_like_others(course, handed):
    target = course.root / "submitted" / "s001" / NAME
    target.mkdir(parents=True)
    (target / f"{NAME}.ipynb").write_bytes(notebook("exchange"))
    (target / "timestamp.txt").write_text("2026-12-04 10:00:00.000000 UTC")
    handed({"s001.ipynb": notebook("older")})
    assert submitted(course, "s001") == "exchange"
    found = handed({"s001.ipynb": (notebook("newer"), (2026, 12, 5, 10, 0, 0))})
    assert (found["s001"].state, submitted(course, "s001")) == ("replaced", "newer")
    assert kept(course, "s001") == {"exchange", "older", "newer"}


def test_progress_is_told(course, tmp_path):
    told = []
    (tmp_path / "empty").mkdir()
    collect(course, NAME, tmp_path / "empty", progress=lambda *said: told.append(said))
    assert told[-1] == (7, 7, "s_007")
