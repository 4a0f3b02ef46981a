"""Scores for the LMS: its own columns, final marks only, late work said, nothing that a spreadsheet would run."""

import csv
import shutil
from datetime import datetime, timedelta

import pytest
from graded import TWO_CHAPTERS

from valuechains.course import files
from valuechains.course.folder import Course, CourseError
from valuechains.course.intake import attempts
from valuechains.course.results.scores import Only, marks, remarks, scores

CLASS = '''id,first_name,last_name,email
s001,Łukasz,Øst,l@uni.example
s002,"=HYPERLINK(""http://evil"",""x"")",+Smith,@evil
s003,María José,"Núñez, ""Pepa""",m@uni.example
s004,伟,王,
s005,Ana,-Silva,
'''
ONE, TWO = "01-in-flux", "02-services"


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory):
    """A course with a gradebook; nbgrader takes a second to make one."""
    root = tmp_path_factory.mktemp("course")
    (root / "course.toml").write_text(TWO_CHAPTERS, encoding="utf-8")
    (root / "students.csv").write_text(CLASS, encoding="utf-8")
    opened = Course.open(root)
    _fill(opened)
    return root


@pytest.fixture
def course(graded_once, tmp_path):
    return Course.open(shutil.copytree(graded_once, tmp_path / "course"))


def _fill(opened: Course) -> None:
    with opened.gradebook() as book:
        for name in (ONE, TWO):
            book.add_assignment(name)
            book.add_notebook(name, name)
            book.add_grade_cell("check-1", name, name, max_score=3, cell_type="code")
            book.add_grade_cell("text-1", name, name, max_score=4.5, cell_type="markdown")
        for student in opened.students:
            book.add_student(student.id)
        on_time = datetime(2026, 12, 7, 22, 59)  # UTC: the last minute in Berlin
        late = on_time + timedelta(hours=26)
        for student, when in (("s001", on_time), ("s002", late), ("s003", on_time), ("s005", None)):
            book.add_submission(TWO, student, timestamp=when)
        graded(book, "s001", 2.5, 4)
        graded(book, "s002", 3, 4.25)
        graded(book, "s003", 3, None)
        for grade in book.find_submission(TWO, "s005").notebooks[0].grades:
            book.db.delete(grade)
        book.db.commit()


def graded(book, student, code, text):
    for grade in book.find_submission_notebook(TWO, TWO, student).grades:
        if grade.cell.name == "check-1":
            grade.auto_score, grade.needs_manual_grade = code, False
        else:
            grade.manual_score, grade.needs_manual_grade = text, text is None
    book.db.commit()


def read(path, encoding="utf-8"):
    return list(csv.reader(path.read_text(encoding=encoding).splitlines()))


def test_a_mark_is_what_the_check_and_the_hand_gave(course):
    found = {one.student.id: one for one in marks(course, TWO)}
    assert {student: (one.state, one.points) for student, one in found.items()} == {
        "s001": ("marked", "6.5"),
        "s002": ("marked", "7.25"),
        "s003": ("waits", ""),
        "s004": ("missing", ""),
        "s005": ("ungraded", ""),
    }
    assert (found["s001"].automatic, found["s001"].manual, found["s003"].unmarked) == (2.5, 4, 4.5)
    assert (found["s001"].late, found["s002"].late) == (timedelta(), timedelta(hours=26))


def test_points_not_given_yet_are_said_and_never_counted_as_none(course):
    said = remarks(course, TWO)
    assert said == [
        "02-services, s002: late by 1 d 2 h 0 min.",
        "02-services, s003: 4.5 of 7.5 points wait for a mark by hand (3 so far); the score is left empty.",
        "02-services, s004: nothing handed in; the score is left empty.",
        "02-services, s005: handed in and not graded; the score is left empty.",
    ]


def test_moodle_finds_people_by_id_number_or_email_and_gets_what_is_late_as_feedback(course):
    rows = read(scores(course, "moodle", "2"))
    assert rows[0] == ["First name", "Last name", "ID number", "Email address", TWO, f"{TWO} (feedback)"]
    assert rows[1] == ["Łukasz", "Øst", "s001", "l@uni.example", "6.5", ""]
    assert rows[2][4:] == ["7.25", "late by 1 d 2 h 0 min"]
    assert rows[3] == ["María José", 'Núñez, "Pepa"', "s003", "m@uni.example", "", ""]
    assert len(rows) == 6


def test_canvas_gets_its_five_columns_and_the_points_possible(course):
    rows = read(scores(course, "canvas", TWO))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", TWO]
    assert rows[1] == ["    Points Possible", "", "", "", "", "7.5"]
    assert rows[2] == ["Øst, Łukasz", "", "s001", "l@uni.example", "", "6.5"]
    assert rows[4] == ['Núñez, "Pepa", María José', "", "s003", "m@uni.example", "", ""]


def test_blackboard_finds_people_by_username(course):
    path = scores(course, "blackboard", TWO)
    head = '\ufeff"Last Name","First Name","Username","02-services [Total Pts: 7.5 Score]"\r\n'
    assert path.read_bytes().startswith(head.encode())
    assert read(path, "utf-8-sig")[1] == ["Øst", "Łukasz", "s001", "6.5"]
    assert read(path, "utf-8-sig")[4] == ["王", "伟", "s004", ""]


def test_the_plain_table_tells_everything_and_takes_all_chapters(course):
    head, *rows = read(scores(course, "plain"), "utf-8-sig")
    rows = [dict(zip(head, row)) for row in rows]
    assert len(rows) == 5  # nobody handed in the other chapter, which has a row each when asked for
    late = next(row for row in rows if (row["id"], row["chapter"]) == ("s002", TWO))
    assert (late["points"], late["of"], late["automatic"], late["manual"]) == ("7.25", "7.5", "3", "4.25")
    assert (late["late_minutes"], late["handed_in_utc"]) == ("1560", "2026-12-09 00:59:00")
    waits = next(row for row in rows if (row["id"], row["chapter"]) == ("s003", TWO))
    assert (waits["state"], waits["points"], waits["automatic"], waits["unmarked"]) == ("waits", "", "3", "4.5")
    assert {row[5] for row in read(scores(course, "plain", ONE), "utf-8-sig")[1:]} == {"missing"}


@pytest.mark.parametrize("layout", ["moodle", "canvas", "blackboard", "plain"])
def test_no_cell_begins_a_formula(course, layout):
    cells = [cell for row in read(scores(course, layout), "utf-8-sig") for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert any("'" in cell and "Smith" in cell for cell in cells)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "  =1", "＝1", "＋1", "－1", "＠a"])
def test_what_a_spreadsheet_would_reckon_is_kept_as_text(text):
    assert files.cell(text) == f"'{text}" and files.cell(f"a{text}") == f"a{text}"


def test_the_lms_own_heading_and_an_extension_count(course):
    with course.gradebook() as book:
        book.find_submission(TWO, "s002").extension = timedelta(days=2)
        book.db.commit()
    assert not next(one for one in marks(course, TWO) if one.student.id == "s002").late
    assert read(scores(course, "canvas", TWO, headings={TWO: "Chapter 2 (4711)"}))[0][-1] == "Chapter 2 (4711)"


def test_a_penalty_is_taken_off_once_and_never_below_nought(course):
    with course.gradebook() as book:
        book.find_submission_notebook(TWO, TWO, "s001").late_submission_penalty = 1.5
        book.find_submission_notebook(TWO, TWO, "s002").late_submission_penalty = 99
        book.db.commit()
    assert [one.points for one in marks(course, TWO)[:2]] == ["5", "0"]


def test_what_cannot_be_is_said_in_a_sentence(course):
    with pytest.raises(CourseError, match="no layout 'excel'.*plain"):
        scores(course, "excel")
    with pytest.raises(CourseError, match="has no chapter '9'"):
        scores(course, "plain", "9")
    with course.gradebook() as book:
        book.remove_assignment(ONE)
    with pytest.raises(CourseError, match="01-in-flux is not in the gradebook"):
        scores(course, "plain", ONE)
    (course.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match="no gradebook yet"):
        scores(course, "plain")
    assert not (course.root / "gradebook.db").exists()


def named(course, rows):
    (course.root / "course.toml").write_text(TWO_CHAPTERS + rows, encoding="utf-8")
    return Course.open(course.root)


@pytest.mark.parametrize(
    "rule, hours, points",
    [
        ("", 26, 7.25),
        ("[late]\nper_day = 10\n", 26, 5.75),  # two days begun, of 7.5 points
        ("[late]\nper_day = 10\ngrace = 60\n", 1, 7.25),
        ("[late]\nper_day = 10\ngrace = 60\n", 1.1, 6.5),
        ("[late]\nper_day = 40\nmost = 50\n", 300, 3.5),
        ("[late]\nper_day = 100\n", 300, 0),
        ('[late]\nper_day = 10\n[[extension]]\nstudent = "s002"\ndays = 1\n', 26, 6.5),
        ('[late]\nper_day = 10\n[[extension]]\nstudent = "s002"\nchapter = "01-in-flux"\ndays = 1\n', 26, 5.75),
        ('[late]\nper_day = 10\n[[extension]]\nstudent = "s002"\ndue = 2026-12-09T02:00:00\n', 26, 7.25),
    ],
)
def test_the_late_rule_takes_off_what_it_says_and_an_extension_moves_it(course, rule, hours, points):
    with course.gradebook() as book:
        book.find_submission(TWO, "s002").timestamp = datetime(2026, 12, 7, 22, 59) + timedelta(hours=hours)
        book.db.commit()
    opened = named(course, rule)
    found = {one.student.id: one for one in marks(opened, TWO)}
    assert float(found["s002"].points) == pytest.approx(points)
    assert found["s001"].points == "6.5"
    said = [line for line in remarks(opened, TWO) if "points taken off" in line]
    assert len(said) == (points < 7.25)


def test_late_by_the_lms_mark_has_no_span_and_costs_nothing(course):
    with course.gradebook() as book:
        book.find_submission(TWO, "s002").timestamp = None
        book.db.commit()
    folder = attempts.folder(course.root, TWO, "s002")
    folder.mkdir(parents=True)
    given = attempts.Attempt("x.ipynb", "a_LATE_1_2_x.ipynb", None, None, 0, True, True, "", submission=2, lms="canvas")
    (folder / "attempts.json").write_text(attempts.written([given]))
    opened = named(course, "[late]\nper_day = 10\n")
    assert read(scores(opened, "moodle", TWO))[2][4:] == ["7.25", "late, by the LMS's mark"]
    with course.gradebook() as book:
        book.find_submission(TWO, "s001").timestamp = None
        book.db.commit()
    unknown = "When these handed in is not known, so nothing is taken off: 02-services, s001."
    assert remarks(opened)[-1] == unknown
    assert unknown not in remarks(course)  # where being late costs nothing
    assert "02-services, s002: late, by the LMS's mark; by how much is not known, so nothing is taken off." in remarks(
        opened
    )


@pytest.mark.parametrize(
    "rows, said",
    [
        ("[late]\nper_week = 1\n", "there is no per_week"),
        ("[late]\nper_day = -1\n", "per_day is -1; give a number"),
        ('[late]\ngrace = "an hour"\n', "grace is 'an hour'"),
        ("[[extension]]\ndays = 2\n", "names no student"),
        ('[[extension]]\nstudent = "s1"\n', "the extension of s1: give days"),
        ('[[extension]]\nstudent = "s1"\ndue = 2026-12-09\n', "a date without a time; write 2026-12-09T23:59:00"),
        ('[[extension]]\nstudent = "s1"\nchapter = "9"\ndays = 2\n', "there is no chapter '9'"),
        ('[weights]\n"09-x" = 2\n', "there is no chapter '09-x'"),
        ("[weights]\n02-services = -2\n", "02-services weighs -2"),
    ],
)
def test_a_rule_that_cannot_be_is_said_in_a_sentence(course, rows, said):
    with pytest.raises(CourseError, match=said):
        named(course, rows)


def test_even_exercises_or_a_few_tasks_count_alone(course):
    with course.gradebook() as book:
        points = {"check-2a": 1.5, "check-2b": 1, "check-3": 0.5}
        for name in points:
            book.add_grade_cell(name, TWO, TWO, max_score=2, cell_type="code")
        book.add_submission(TWO, "s004", timestamp=datetime(2026, 12, 1))
        for grade in book.find_submission_notebook(TWO, TWO, "s004").grades:
            grade.manual_score, grade.needs_manual_grade = points.get(grade.cell.name, 3), False
        book.db.commit()

    def of(which):
        one = next(one for one in marks(course, TWO, Only.read(which)) if one.student.id == "s004")
        return one.of, one.points

    assert of("even") == (4, "2.5")
    assert of("2") == (4, "2.5")
    assert of("2b,3") == (4, "1.5")
    assert of(None) == (13.5, "9")
    path = scores(course, "canvas", TWO, only=Only.read("even"))
    assert path.name == "canvas-02-services-even.csv"
    assert read(path)[1][-1] == "4"
    with pytest.raises(CourseError, match="none of the chapters"):
        marks(course, TWO, Only.read("9"))
    with pytest.raises(CourseError, match="'two' is no task"):
        Only.read("two")


def test_scores_by_task_leave_empty_what_waits(course):
    head, first, _, third, *_ = read(scores(course, "tasks", TWO), "utf-8-sig")
    assert head == ["id", "last_name", "first_name", f"{TWO} 1", f"{TWO} text-1", TWO]
    assert first[3:] == ["2.5", "4", "6.5"]
    assert third[3:] == ["3", "", ""]


def test_a_total_weighs_the_chapters_and_waits_for_marks(course):
    with course.gradebook() as book:
        book.add_submission(ONE, "s001", timestamp=datetime(2026, 11, 30))
        for grade in book.find_submission_notebook(ONE, ONE, "s001").grades:
            grade.manual_score, grade.needs_manual_grade = grade.cell.max_score, False
        book.db.commit()
    totals = [row[-1] for row in read(scores(named(course, "[weights]\n01-in-flux = 3\n"), "moodle", total=True))]
    assert totals[0] == "Total (percent)"
    assert float(totals[1]) == pytest.approx((3 * 100 + 6.5 / 7.5 * 100) / 4, abs=0.01)
    assert totals[3] == ""  # a text waits
    assert totals[4] == "0"  # nothing handed in


def test_each_system_gets_the_names_it_knows_people_by(course):
    text = "id,first_name,last_name,email,username,canvas_id,group\n007,Ana,Alpha,a@x.example,aalpha,9000,S1\n"
    (course.root / "students.csv").write_text(text)
    opened = Course.open(course.root)
    assert read(scores(opened, "canvas", TWO))[2][:5] == ["Alpha, Ana", "9000", "007", "aalpha", "S1"]
    assert read(scores(opened, "blackboard", TWO), "utf-8-sig")[1][:3] == ["Alpha", "Ana", "aalpha"]
    assert read(scores(opened, "moodle", TWO))[1][2] == "007"
