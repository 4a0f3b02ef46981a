"""Marking texts by sheets: each once, with its scheme; marks go in all or none, and for the text that was read."""

import csv
import re
import shutil

import pytest
from graded import NAME, graded, new

from valuechains.course.folder import Course, CourseError
from valuechains.course.results import reading_sheets as marking
from valuechains.course.results.marked import marked

IDS = [f"s{place}" for place in range(1, 8)]
EVIL = '<script>x</script> =HYPERLINK("x")'


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory):
    works = {one: {"texts": {"2b": f"{one} thinks {EVIL}"}} for one in IDS}
    works["s2"] = {"by hand": {"2b": 1}, "comments": {"2b": "=1+1"}, "texts": {"2b": "Read once."}}
    return graded(new(tmp_path_factory.mktemp("marking"), IDS), NAME, works).root


@pytest.fixture
def course(graded_once, tmp_path):
    return Course.open(shutil.copytree(graded_once, tmp_path / "course"))


def table(path, **changes):
    """Rows of a table with some of them filled in: {(student, task): {column: value}}."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(changes.get(f"{row['student']}_{row['task']}", {}))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, marking.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return rows


def marks(course) -> dict:
    return {
        (work.student, mark.task): (mark.points, mark.comment, mark.by_hand)
        for work in marked(course, NAME)
        for mark in work.marks.values()
        if mark.is_text
    }


def test_a_sheet_has_the_scheme_beside_the_text_and_runs_nothing(course):
    page, _ = marking.sheets(course, NAME)
    text = page.read_text(encoding="utf-8")
    assert text.count("the split differs (B mostly domestic") == 1
    assert text.count("<h3>s1, task 2b</h3>") == 1
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "default-src 'none'" in text
    assert "Given" not in text  # ids and no names


def test_texts_are_allotted_evenly_and_each_once(course):
    made = marking.sheets(course, NAME, ["anna", "ben", "cem"])
    rows = {path.stem: table(path) for path in made if path.suffix == ".csv"}
    people = [{row["student"] for row in each} for each in rows.values()]
    assert sorted(map(len, people)) == [2, 2, 3]
    assert sorted(one for each in people for one in each) == IDS
    before = made[0].read_bytes()
    marking.sheets(course, NAME, ["anna", "ben", "cem"])
    assert made[0].read_bytes() == before
    with pytest.raises(CourseError, match="short names"):
        marking.sheets(course, NAME, ["a/b"])


def test_marks_and_comments_go_into_the_gradebook(course):
    path = marking.sheets(course, NAME)[1]
    assert ",'=1+1" in path.read_text(encoding="utf-8-sig")  # no formula for a spreadsheet
    given = {"points": "1,5", "codes": "def; NUM", "comment": "Well read."}
    table(path, s1_2b=given, s2_2b={"points": "2"}, s3_2b={"points": "0"})
    assert marking.enter(course, NAME, path).startswith("3 marks entered, 1 of them in place of another mark;")
    found = marks(course)
    assert found["s1", "2b"][0] == 1.5
    assert found["s1", "2b"][1].startswith("Say first what is counted")
    assert found["s1", "2b"][1].endswith("Well read.")
    assert found["s2", "2b"] == (2, "=1+1", True)
    assert found["s3", "2b"] == (0, "", True)
    assert not found["s4", "2b"][2]


@pytest.mark.parametrize(
    "change, said",
    [
        ({"points": "9"}, "9 stands for points; give a number from 0 to 2"),
        ({"points": "nan"}, "nan stands for points"),
        ({"comment": "no points"}, "nothing stands for points"),
        ({"points": "1", "codes": "zz"}, "no code 'zz'"),
        ({"points": "1", "text": "0" * 12}, "is another than the one that was read"),
        ({"points": "1", "student": "s9"}, "no text of 's9'"),
    ],
)
def test_a_table_with_a_fault_is_refused_whole(course, change, said):
    path = marking.sheets(course, NAME)[1]
    table(path, s1_2b={"points": "2"}, s3_2b=change)
    before = marks(course)
    with pytest.raises(CourseError, match=re.escape(said)):
        marking.enter(course, NAME, path)
    assert marks(course) == before


def test_the_bank_of_comments_is_the_courses_own(course):
    (course.root / "comments.csv").write_text("code,chapter,comment\na,,For all\nb,01-in-flux,For another\n")
    assert marking.comments(course, NAME) == {"a": "For all"}
    (course.root / "comments.csv").write_text("code,comment\na,One\nA,Two\n")
    with pytest.raises(CourseError, match="comments.csv, line 3"):
        marking.comments(course, NAME)
    (course.root / "class.txt").write_text("id\ns1\n")
    with pytest.raises(CourseError, match="is no marking table|comments.csv"):
        marking.enter(course, NAME, course.root / "class.txt")
