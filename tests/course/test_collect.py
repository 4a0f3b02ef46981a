"""Collecting submissions as an LMS hands them out: whose they are, which attempt counts, and nothing lost."""

import io
import json
import os
import shutil
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from graded import TWO_CHAPTERS
from nbgrader.utils import parse_utc

from valuechains.course import kit, reading
from valuechains.course.collect import _problem, collect
from valuechains.course.folder import Course, CourseError
from valuechains.course.grading import read_submission
from valuechains.course.intake import archives
from valuechains.course.intake.submission import Refused
from valuechains.course.owners import Owners, clues
from valuechains.course.people import Student

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
        ("ｓ００１.ipynb", {"s001"}),
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
        ("Group A-Ana Alpha_1_assignsubmission_file_/x.ipynb", {"s001"}),
        ("Seminar Blue-Alpha Ana_1_assignsubmission_file_x.ipynb", {"s001"}),
        ("Ana Alpha (aalpha)_1_assignsubmission_file_/x.ipynb", {"s001"}),
        ("Annie Alpha aalpha@uni.example_1_assignsubmission_file_/x.ipynb", {"s001"}),
        ("Annie Alpha aalpha@other.example_1_assignsubmission_file_/x.ipynb", set()),
        ("Ana Silva [ana2]_1_assignsubmission_file_/x.ipynb", {"s005"}),
        ("Team 4-Ana Silva ana1_1_assignsubmission_file_/x.ipynb", {"s004"}),
        ("Ana Alpha (s002)_1_assignsubmission_file_/x.ipynb", {"s001", "s002"}),
        ("Eva-Ana Alpha_1_assignsubmission_file_/x.ipynb", set()),
        ("Ana Alpha Smith_1_assignsubmission_file_/x.ipynb", set()),
        ("Essay, part 2_aalpha_attempt_2026-11-30-23-10-05_x.ipynb", {"s001"}),
        ("123-45 - Ana Alpha - Nov 30, 2026 1110 PM - work.ipynb", {"s001"}),
        ("Week 2/Alpha, Ana(aalpha)/Submission attachment(s)/work.ipynb", {"s001"}),
        ("Silva_Ana_ana2_12345/work.ipynb", {"s005"}),
        ("aalpha.smith.ipynb", set()),
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


def test_canvas_numbers_decide_only_where_the_class_list_has_them():
    students = [Student("1001", "Ana", "Alpha"), Student("1002", "Dora", "Delta")]
    found = {path: Owners(students).of(clues(path, NAME)) for path in ("x_1002_9_w.ipynb", "alphaana_1002_9_w.ipynb")}
    assert list(found.values()) == [set(), {"1001"}]
    numbered = Owners([Student("a", "Ana", "Alpha", canvas_id="77"), Student("77", "Dora", "Delta", canvas_id="78")])
    assert numbered.of(clues("preferred_77_9_w.ipynb", NAME)) == {"a"}


def test_a_number_of_ilias_decides_nothing_alone():
    owners = Owners([Student("12345", "Cy", "Gamma"), Student("s2", "Ben", "Beta", username="bb")])
    assert owners.of(clues("Beta_Ben_bb_12345/w.ipynb", NAME)) == {"s2"}
    assert owners.of(clues("Zed_Zoe_zz_12345/w.ipynb", NAME)) == set()
    assert owners.of(clues("Homework_Cy_Gamma_12345/w.ipynb", NAME)) == {"12345"}


def test_a_word_of_a_name_is_no_id():
    owners = Owners([Student("ana", "Ana", "Gamma"), Student("s2", "Bo", "Beta", username="bo")])
    assert owners.of(clues("Ana Smith.ipynb", NAME)) == set()
    assert owners.of(clues("Bo Smith_1_assignsubmission_file_/x.ipynb", NAME)) == set()
    assert owners.of(clues("ana.ipynb", NAME)) == {"ana"}


def test_blackboards_text_names_whom_its_user_name_does_not(course, handed):
    attempt = "Essay_jlsj_attempt_2026-12-01-10-00-00"
    found = handed(
        {
            f"{attempt}_work.ipynb": notebook("by the text"),
            f"{attempt}.txt": b"Name: Bo O'Neil-Ray (jlsj)\nAssignment: Essay\n",
            "Essay_zz_attempt_2026-12-01-10-00-00_work.ipynb": notebook("of another"),
            "Essay_zz_attempt_2026-12-01-10-00-00.txt": b"Name: Ana Alpha (somebody)\n",
        }
    )
    assert (found["s_007"].state, submitted(course, "s_007")) == ("collected", "by the text")
    assert found["s001"].state == "missing"


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
    assert not (course.root / "submitted/s001" / NAME / "timestamp.txt").exists()  # Moodle states no time
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


@pytest.mark.parametrize(
    "said",
    [
        "Dec 8, 2026 105 AM",
        "8 December, 2026 01 05",
        "8. Dezember 2026 0105",
        "mardi 8 décembre 2026 1 h 05",
        "8 de diciembre de 2026 1:05 a. m.",
        "2026年12月8日 上午1:05",
    ],
)
def test_a_system_states_the_time_in_its_own_language(course, handed, said):
    found = handed({f"12-345 - Ana Alpha - {said} - work.ipynb": notebook("a")})
    assert stamp(course, "s001") == datetime(2026, 12, 8, 0, 5)
    assert "1 h 6 min late" in found["s001"].line


@pytest.mark.parametrize(
    ("said", "hour"), [("1205 AM", 0), ("1205 PM", 12), ("105 PM", 13), ("2305", 23), ("11:05 p.m.", 23)]
)
def test_twelve_hours_are_told_from_twenty_four(said, hour):
    found = clues(f"1-2 - Ana Alpha - Dec 8, 2026 {said} - work.ipynb", NAME)
    assert found.time == datetime(2026, 12, 8, hour, 5)


@pytest.mark.parametrize("said", ["Foo 8, 2026 1205 AM", "Dec 38, 2026 1205 AM", "Dec 8, 2026", "2026 12 8 2605"])
def test_what_is_no_moment_is_none(said):
    found = clues(f"1-2 - Ana Alpha - {said} - work.ipynb", NAME)
    assert (found.lms, found.time) == ("brightspace", None)


@pytest.mark.parametrize(
    "name",
    ["s001.txt", "s001/02-services.json", "s001/02-services", "s001.ipynb.zip", "s001/02-services.ipynb.download"],
)
def test_what_is_in_a_file_makes_it_a_notebook_and_not_its_ending(course, handed, name):
    found = handed({name: notebook("a"), "s002.txt": b"My answers", "s004.json": b'{"cells": 3}'})
    assert [found[one].state for one in ("s001", "s002", "s004")] == ["collected", "other", "other"]
    assert submitted(course, "s001") == "a"


def test_a_zip_that_is_called_a_notebook_is_looked_into(course, handed):
    handed({"s001/work.ipynb": zipped({"02-services.ipynb": notebook("a")})})
    assert submitted(course, "s001") == "a"


def test_the_chapter_to_read_is_not_taken_for_its_exercises(course, handed):
    """Both have one name, and who hands in the whole desk, or both, hands in the two of them."""
    late, read = (2026, 12, 3, 0, 0, 0), "# Services in chains"
    asked = json.loads(notebook("sheet.check('1')"))
    asked["cells"][0] |= {"cell_type": "code", "outputs": [], "execution_count": None}
    exercises = json.dumps(asked).encode()
    found = handed(
        {
            "s001/my-exercises/02-services/02-services.ipynb": exercises,
            "s001/my-exercises/chapters/02-services.ipynb": (notebook(read), late),
            "stukasz_1_200_02-services.ipynb": exercises,
            "stukasz_1_201_02-services-1.ipynb": notebook(read),
            "Week_s_007_attempt_2026-12-01-10-00-00_02-services.ipynb": exercises,
            "Week_s_007_attempt_2026-12-01-10-00-00_02-services (1).ipynb": notebook(read),
            "Ana Silva (ana2)_1_assignsubmission_file_/02-services.ipynb": exercises,
            "Ana Silva (ana2)_1_assignsubmission_file_/02-services (1).ipynb": notebook(read),
            "s006/02-services.ipynb": notebook(read),
            "s004/02-services.ipynb": reading.copy(kit.ROOT / "chapters" / "02-services.ipynb").encode(),
        }
    )
    assert {submitted(course, one) for one in ("s001", "s002", "s_007", "s005")} == {"sheet.check('1')"}
    assert found["s006"].line.endswith("which holds no exercises.")
    assert found["s004"].line.endswith("the chapter to read, not its exercises: ask for 02-services/02-services.ipynb.")


def test_a_copy_of_a_copy_counts_from_the_earliest_time_it_had(course, tmp_path):
    source = tmp_path / "unpacked"
    source.mkdir()
    for turn, hours in enumerate((2, -2)):  # late, then the same files from before the deadline
        for place, name in enumerate(("s001", "s002")):
            (source / f"{name}.ipynb").write_bytes(notebook(name))
            at = datetime(2026, 12, 7, 22, 59, tzinfo=UTC).timestamp() + 3600 * hours - 86_400 * place
            os.utime(source / f"{name}.ipynb", (at, at))
        found = {one.student: one for one in collect(course, NAME, source)}
        assert found["s001"].late == (turn == 0)
    for name in ("s001", "s002"):
        os.utime(source / f"{name}.ipynb", (at + 9e5, at + 9e5 * (1 + (name == "s002"))))
    assert not any(one.late for one in collect(course, NAME, source))


def test_canvas_says_itself_what_is_late_and_no_more(course, handed):
    found = handed(
        {
            "alphaana_LATE_1_2_02-services.ipynb": (notebook("a"), (2026, 12, 2, 0, 0, 0)),
            "oneilraybo_1_2_02-services-1.ipynb": (notebook("b"), (2026, 12, 20, 0, 0, 0)),
        }
    )
    assert (found["s001"].late, found["s_007"].late) == (True, False)
    assert "late, by the LMS's mark" in found["s001"].line
    assert not list(course.root.rglob("timestamp.txt"))


@pytest.mark.parametrize("minute", [0, 1])
def test_when_a_zip_was_packed_is_not_when_anybody_handed_in(course, handed, minute):
    """All entries of one moment, or each a little later as a download streams them."""
    names = ["Ana Alpha_1_assignsubmission_file_/a.ipynb", "s002.ipynb", "123-4 - 伟 王 - in words/a.ipynb"]
    found = handed({name: (notebook(name), (2026, 12, 9, 10, minute * at, 0)) for at, name in enumerate(names)})
    assert not [one for one in found.values() if one and getattr(one, "late", False)]
    assert "when is not known" in found["s001"].line
    assert not list(course.root.rglob("timestamp.txt"))


def test_times_of_a_folder_count_where_they_differ_and_no_lms_named_the_files(course, tmp_path):
    late, early = datetime(2026, 12, 9, 10, 0, tzinfo=UTC).timestamp(), datetime(2026, 12, 1, tzinfo=UTC).timestamp()
    source = tmp_path / "unpacked"
    (source / "Ana Silva (ana2)_1_assignsubmission_file_").mkdir(parents=True)
    for name, time in {
        "s001.ipynb": late,
        "s002.ipynb": early,
        "Ana Silva (ana2)_1_assignsubmission_file_/x.ipynb": late,
    }.items():
        (source / name).write_bytes(notebook(name))
        os.utime(source / name, (time, time))
    found = {one.student: one for one in collect(course, NAME, source)}
    assert [found[one].late for one in ("s001", "s002", "s005")] == [True, False, False]
    assert stamp(course, "s001") == datetime(2026, 12, 9, 10, 0)
    assert not (course.root / "submitted/s005" / NAME / "timestamp.txt").exists()
    for path in source.rglob("*.ipynb"):
        os.utime(path, (late, late))
    again = Course.open(course.root)
    shutil.rmtree(course.root / "work")
    shutil.rmtree(course.root / "submitted")
    assert not [one for one in collect(again, NAME, source) if one.late]


def test_nbgraders_stamp_counts_and_a_students_own_does_not(course, handed):
    early = b"2026-12-01 10:00:00.000000 UTC"
    handed(
        {
            f"s001/{NAME}/{NAME}.ipynb": notebook("a"),
            f"s001/{NAME}/timestamp.txt": b"2026-12-08 10:00:00.000000 UTC",
            "s002/work.zip": zipped({"02-services.ipynb": notebook("b"), "timestamp.txt": early}),
            "Ana Silva (ana2)_1_assignsubmission_file_/x.ipynb": notebook("c"),
            "Ana Silva (ana2)_1_assignsubmission_file_/timestamp.txt": early,
        }
    )
    assert [path.parts[-3] for path in sorted(course.root.glob("submitted/*/*/timestamp.txt"))] == ["s001"]
    assert stamp(course, "s001") == datetime(2026, 12, 8, 10, 0)


def test_the_newer_download_counts_whatever_its_file_is_called(course, handed):
    """Moodle's and Canvas's downloads hold what counts now; Canvas numbers files as they come in."""
    moodle, canvas = "Ana Alpha_1_assignsubmission_file_", "oneilraybo_1"
    handed({f"{moodle}/02-services.ipynb": notebook("old"), f"{canvas}_200_02-services.ipynb": notebook("old")})
    newer = {f"{moodle}/final.ipynb": notebook("new"), f"{canvas}_305_final.ipynb": notebook("new")}
    found = handed(newer)
    assert (submitted(course, "s001"), submitted(course, "s_007")) == ("new", "new")
    assert "by the order of downloads" in found["s001"].line
    assert "by Canvas's numbers" in found["s_007"].line
    before = everything(course)
    handed({f"{canvas}_200_02-services.ipynb": notebook("old")})
    assert submitted(course, "s_007") == "new"
    handed(newer)
    assert everything(course) == before


def test_files_of_one_submission_are_told_apart_by_the_chapters_name(course, handed):
    handed(
        {
            "alphaana_1_200_02-services.ipynb": notebook("work"),
            "alphaana_1_201_scratch.ipynb": notebook("scratch"),
            "Ana Silva (ana2)_1_assignsubmission_file_/scratch.ipynb": notebook("scratch"),
            "Ana Silva (ana2)_1_assignsubmission_file_/02-services.ipynb": notebook("work"),
        }
    )
    assert (submitted(course, "s001"), submitted(course, "s005")) == ("work", "work")


def test_an_extension_moves_what_is_late(course, handed):
    text = TWO_CHAPTERS + '[[extension]]\nstudent = "s002"\nchapter = "02-services"\ndays = 2\n'
    (course.root / "course.toml").write_text(text)
    stamped = "Week 2_{}_attempt_2026-12-08-10-00-00_x.ipynb"
    files = {stamped.format(one): notebook(one) for one in ("s001", "s002")}
    path = course.root.parent / "given.zip"
    path.write_bytes(zipped(files))
    found = {one.student: one.late for one in collect(Course.open(course.root), NAME, path)}
    assert (found["s001"], found["s002"]) == (True, False)


def test_a_ledger_cut_short_is_said_before_anything_is_written(course, handed):
    handed({"s002.ipynb": notebook("a")})
    ledger = course.root / "work/collected" / NAME / "s002/attempts.json"
    ledger.write_text(ledger.read_text()[:40])
    before = everything(course)
    with pytest.raises(CourseError, match="s002/attempts.json is cut short.*delete it"):
        handed({"s001.ipynb": notebook("b"), "s002.ipynb": notebook("c")})
    assert everything(course) == before


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
            "s_007/empty.zip": zipped({}),
            "s006.zip": zipped({"a.zip": zipped({"b.zip": zipped({"c.ipynb": notebook("deep")})})}),
        }
    )
    assert [one for one in found if one and found[one].state == "refused"] == [
        "s001", "s002", "s003", "s005", "s006", "s_007"
    ]  # fmt: skip
    assert found["s004"].state == "collected"
    assert "would unpack to" in found["s001"].line
    assert "outside its folder" in found["s003"].line
    monkeypatch.setattr(archives, "WHOLE", 100_000)
    with pytest.raises(CourseError, match="would unpack to"):
        handed({"s001.ipynb": b"0" * 200_000})


def test_a_notebook_over_fifty_megabytes_is_refused_where_it_is_collected_and_where_it_is_graded(tmp_path):
    path, zone = tmp_path / "02-services.ipynb", ZoneInfo("UTC")
    exercise = SimpleNamespace(submitted=lambda student: path, copy=None, chapter="02-services")
    for megabytes, more, refused in ((50, 0, False), (50, 1, True), (51, 0, True)):
        with open(path, "wb") as file:
            file.truncate(megabytes * 2**20 + more)  # a hole: nothing is written to the disk
        (one,) = archives.files(tmp_path, zone)
        assert bool(one.refused) == refused
        with pytest.raises(Refused, match="larger than 50 MB" if refused else "the file is empty"):
            read_submission(exercise, "s001")


@pytest.mark.parametrize(
    ("content", "whole", "problem"),
    [
        (b"", True, "empty"),
        (b"\xef\xbb\xbf \0\n", True, "empty"),
        (b"{}", True, "no notebook that can be read"),
        (b'{"cells": "empty', True, "no notebook that can be read"),
        (b"", False, "damaged in its zip"),
        (b'{"cells": [{"cell_type": "code", "source": ""}]}', True, ""),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_word(content, whole, problem):
    assert _problem(content, whole) == problem


@pytest.mark.parametrize(
    "entries, limit, refused",
    [
        ([4 << 30], archives.WHOLE, ""),
        ([4 << 30, 1], archives.WHOLE, "would unpack to"),
        ([512 << 20], archives.WITHIN, ""),
        ([512 << 20, 1], archives.WITHIN, "would unpack to"),
        ([0] * 100_000, archives.WHOLE, ""),
        ([0] * 100_001, archives.WHOLE, "in 100,001 files"),
    ],
)
def test_a_zip_may_unpack_to_so_much_and_no_more(entries, limit, refused):
    listed = [SimpleNamespace(filename="a", file_size=size, external_attr=0) for size in entries]
    said = archives._refusal(SimpleNamespace(infolist=lambda: listed), limit)
    assert bool(said) == bool(refused) and refused in said


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
