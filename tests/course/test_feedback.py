"""Feedback pages: points, hints by name and comments for one student; no right value, no key, nothing that runs."""

import json
import re
import shutil
from html import unescape
from importlib.resources import files

import nbformat
import pytest
from graded import KEY, NAME, graded, new
from leaks import MARKERS, leaks, of_key, of_notebook, of_values

from valuechains import tongue
from valuechains.course import standing
from valuechains.course.copies import TEXT_STUB
from valuechains.course.folder import Course, CourseError
from valuechains.course.results import pages as drawn
from valuechains.course.results.feedback import feedback
from valuechains.course.results.marked import given, marked

EVIL = (
    '<script>document.title = "owned"</script> ![](https://other.example/p.png) <img src="https://other.example/p.png" '
    'onerror="document.title = 1"> </blockquote></style> [x](javascript:alert(1))'
)
TEXTS = [name for name, task in KEY.tasks.items() if task.public["kind"] == "text"]
CODE = [name for name in KEY.tasks if name not in TEXTS]
WORKS = {
    "right": {
        "texts": {"2b": "B earns it at home.", "6c": "x " * 300},
        "by hand": {"2b": 1.5},
        "comments": {"2b": "Say <b>whose</b> income.", "answer-1": "Neat."},
    },
    "slips": {
        "answers": {"1": [29.81, 30.24, 31.22], "2a": [0.1, 0.2, 0.3], "2c": "<img src=x>", "3": "who", "5b": "A"},
        "hours": -27,
        "penalty": 2,
        "texts": {"2b": TEXT_STUB},
    },
    "empty": {"answers": dict.fromkeys(CODE, ...), "texts": dict.fromkeys(TEXTS, TEXT_STUB)},
    "evil": {
        "texts": {"2b": EVIL, "2e": EVIL},
        "answers": {"2c": EVIL, "5a": EVIL, "5b": EVIL},
        "comments": {"2e": EVIL, "answer-5": "No."},
    },
    "broken": {},
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = new(tmp_path_factory.mktemp("feedback"), WORKS)
    graded(course, NAME, WORKS)
    (course.root / "autograded" / "broken" / NAME / f"{NAME}.ipynb").write_text("{", encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def pages(course):
    return {path.parent.parent.name: path.read_text(encoding="utf-8") for path in feedback(course, "2")}


def row(page, task):
    cells = re.search(rf'<th scope="row">{task}</th>(.*?)</tr>', page, re.S)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", cells).split())


def test_everybody_who_was_graded_gets_a_page_where_nbgrader_looks_for_it(course, pages):
    assert set(pages) == set(WORKS)
    assert (course.root / "feedback" / "slips" / NAME / f"{NAME}.html").is_file()
    assert not list(course.root.rglob("feedback/**/.*"))


def test_what_the_exchange_asks_for_lies_beside_the_page_of_work_that_came_through_it(course):
    submitted = course.root / "submitted" / "slips" / NAME
    submitted.mkdir(parents=True)
    for name in ("timestamp.txt", "submission_secret.txt"):
        (submitted / name).write_text(name)
        assert feedback(course, NAME, "slips")
        beside = sorted(path.name for path in (course.root / "feedback" / "slips" / NAME).iterdir())
        assert beside == (
            [f"{NAME}.html"] if name == "timestamp.txt" else [f"{NAME}.html", "submission_secret.txt", "timestamp.txt"]
        )
    shutil.rmtree(course.root / "submitted")


def test_points_are_those_of_the_gradebook(course, pages):
    works = {work.student: work for work in marked(course, NAME)}
    right = KEY.checked + 1.5  # what is marked by hand there
    assert (works["right"].points, works["right"].most, works["right"].unread) == (right, KEY.points, 5)
    assert f"<strong>{right} of {KEY.points} points</strong> so far; 5 more depend on texts" in pages["right"]
    assert f"<strong>0 of {KEY.points} points</strong>." in pages["empty"]
    assert row(pages["right"], "2b") == "a text read 1.5 of 2"
    assert row(pages["right"], "6c") == "a text to be read ? of 4"
    assert row(pages["slips"], "1") == "content not yet 0 of 3"


def test_each_miss_has_its_hint_by_name(pages):
    assert "These are percentages: give fractions, 0.25 and not 25." in pages["slips"]
    assert "and 9 numbers are asked for" in pages["slips"]
    assert "That row is above one in fabrication only: a factory economy." in pages["slips"]
    assert "not yet. " not in pages["slips"]
    assert pages["empty"].count("Not done yet.") == len(CODE)
    assert "Task 4: " not in pages["slips"]  # what is right needs no words


def test_own_text_stands_with_its_comment_and_marks(pages):
    assert '<blockquote class="own">B earns it at home.</blockquote>' in pages["right"]
    assert "Task 2b: read, 1.5 of 2" in pages["right"]
    assert "Say &lt;b&gt;whose&lt;/b&gt; income." in pages["right"]
    assert "Neat." in pages["right"] and "<pre>content = " in pages["right"]
    assert "There is no text of yours here." in pages["slips"] and TEXT_STUB not in pages["slips"]


def test_a_cell_that_answers_two_tasks_stands_once_and_nbgraders_own_comment_nowhere(pages):
    assert pages["evil"].count("<p>No.</p>") + pages["evil"].count('">No.</p>') == 1
    assert "No response" not in pages["empty"] and "<pre>" not in pages["empty"]


def test_late_work_says_so(pages):
    assert "That is 1 day 3 hours late." in pages["slips"]
    assert "&minus;2" in pages["slips"]
    assert " late" not in pages["empty"]


@pytest.mark.parametrize("student", ["slips", "empty", "evil", "broken"])
def test_no_page_holds_an_answer(pages, student):
    secrets = [*(("a marker", marker) for marker in MARKERS), *of_notebook(NAME), *of_key(NAME), *of_values(NAME)]
    assert leaks({student: pages[student]}, secrets) == []


def test_the_search_for_answers_finds_one(pages):
    what, value = next(of_values(NAME))
    assert leaks({"page": pages["slips"] + value}, [(what, value)])


def test_of_an_error_that_is_not_the_checks_own_only_the_name_is_shown(course):
    path = course.root / "autograded" / "slips" / NAME / f"{NAME}.ipynb"
    kept = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "check-1")
    value = "0.298129496"
    cell.outputs = [
        nbformat.v4.new_output("stream", text=value),
        nbformat.v4.new_output("error", ename="NameError<b>", evalue=value, traceback=[value]),
    ]
    standing.forget(cell)
    nbformat.write(notebook, path)
    page = feedback(course, NAME, "slips")[0].read_text(encoding="utf-8")
    path.write_bytes(kept)
    assert "The check stopped with NameErrorb: a cell above did not run through." in page
    assert value not in page


def test_a_notebook_that_cannot_be_read_costs_the_words_and_not_the_points(pages):
    assert f"<strong>{KEY.checked} of {KEY.points} points</strong>" in pages["broken"]
    assert "could not be marked" in pages["broken"] and "<h3>" not in pages["broken"]
    assert "could not be marked" not in pages["slips"]


def test_nothing_of_a_student_runs_or_loads(pages):
    page = pages["evil"]
    assert not re.search(r"<(script|img|link|iframe|object)|javascript:[^a]|<a ", page)
    assert "&lt;script&gt;" in page and "default-src &#39;none&#39;" not in page
    assert "default-src 'none'" in page
    assert page.count("</blockquote>") == page.count("<blockquote") and page.count("</style>") == 1


def test_whom_there_is_no_work_of_is_said_in_one_sentence(course, tmp_path):
    with pytest.raises(CourseError, match="no submission of nobody"):
        feedback(course, NAME, "nobody")
    with pytest.raises(CourseError, match="no gradebook.db"):
        feedback(new(tmp_path, ["a"]), NAME)


def test_the_same_marks_give_the_same_page(course, pages):
    again = feedback(course, NAME, "evil")
    assert [path.read_text(encoding="utf-8") for path in again] == [pages["evil"]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x = 1\nx = [1, 2]", [1, 2]),
        ("x, y = 3, 'A'", 3),
        ("x = f()", None),
        ("x = (", None),
        ("x = " + "(" * 500, None),
        ("y = 1", None),
        ("x = 1\0", None),
    ],
)
def test_what_a_cell_writes_out_is_read_and_never_run(text, value):
    assert given(text, "x") == value


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_sound_in_a_browser(course, pages, browser, scheme):
    asked = []
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for student in ("evil", "slips", "right"):
        page.goto((course.root / "feedback" / student / NAME / f"{NAME}.html").as_uri())
        assert "feedback for" in page.title()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert found["passes"] and [fault["id"] for fault in found["violations"]] == []
    context.close()
    assert [url for url in asked if not url.startswith("file:")] == []


@pytest.mark.parametrize(
    ("record", "value"),
    [
        ({"check-1": {"value": [1, 2]}}, [1, 2]),
        ({"check-1": {}, "check-1 at the end": {"value": 3}}, 3),
        ({"check-1": {"value": {"$": "dots"}}}, None),
        ({"check-1": {"value": {"$": []}}}, None),
        ([], None),
        ("", None),
    ],
)
def test_what_a_run_recorded_is_read_with_suspicion(course, record, value):
    path = course.root / "work" / "runs" / NAME / "slips.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"lines": record}), encoding="utf-8")
    (work,) = marked(course, NAME, "slips")
    path.unlink()
    assert work.marks["1"].recorded == value


def test_the_late_rule_of_the_course_is_on_the_page(tmp_path):
    course = graded(new(tmp_path, ["s1", "s2"]), NAME, {"s1": {"hours": -26}, "s2": {"hours": 1}})
    path = course.root / "course.toml"
    path.write_text(path.read_text() + "[late]\nper_day = 10\n")
    written = feedback(Course.open(course.root), NAME)
    late, early = (page.read_text(encoding="utf-8") for page in written)
    most = sum(mark.most for mark in marked(course, NAME)[0].marks.values())
    assert f"&minus;{drawn.number(0.2 * most)}" in late
    assert "&minus;" not in early


# --- in another language ------------------------------------------------------------------------------------------

TITLE = "Services: from embedding to shaping global value chains"
OWN = r"'[^']*'|\"[^\"]*\"|sheet\.\w+|\bslips\b|<img src=x>|\b(?:domestic|export|contributions)\b"  # names, answers


@pytest.fixture(scope="module")
def chinese(course, tmp_path_factory):
    """The same class, of which one is addressed in Chinese: a page by student."""
    root = shutil.copytree(course.root, tmp_path_factory.mktemp("chinese") / "course")
    lines = (root / "students.csv").read_text(encoding="utf-8").splitlines()
    lines = [line.replace("slips,Givenslips,Familyslips", "slips,小明,王") for line in lines]
    told = [f"{line},{'language' if line.startswith('id,') else 'zh-CN' * line.startswith('slips,')}" for line in lines]
    (root / "students.csv").write_text("\n".join(told), encoding="utf-8")
    return {path.parent.parent.name: path.read_text(encoding="utf-8") for path in feedback(Course.open(root), NAME)}


def words_of_english(page):
    """What is left in English: without names, code, and what the student wrote."""
    main = re.sub(r"<(pre|blockquote)\b.*?</\1>", "", page.partition("<main>")[2], flags=re.S)
    cells = re.sub(r"<td>[a-z_]+</td>", "", main)  # names of variables
    return re.findall(r"\b[a-z]{3,}\b", re.sub(OWN, " ", unescape(re.sub(r"<[^>]*>", " ", cells))))


def test_who_is_addressed_in_chinese_reads_chinese_and_the_others_what_they_read_before(chinese, pages):
    assert {student: page for student, page in chinese.items() if student != "slips"} == {
        student: page for student, page in pages.items() if student != "slips"
    }
    page = chinese["slips"]
    assert '<html lang="zh-CN">' in page and "<h1>《服务：从嵌入到塑造全球价值链》作业反馈</h1>" in page
    assert "提交时间：2026 年 12 月 2 日" in page and "迟交 1 天 3 小时。" in page
    assert "王小明 (slips)" in page and words_of_english(page.replace("(slips)", "")) == []


def test_what_a_check_said_is_said_again_in_the_students_language(chinese, pages):
    page = chinese["slips"]
    assert "这些是百分数" in page and "`" not in re.sub(r"<[^>]*>", "", page.partition("<main>")[2])
    assert row(page, "1") == "content 还不对 0/3" and "要求 9 个数" in page
    assert page.count("<h3>") == pages["slips"].count("<h3>")


def test_what_has_no_words_in_a_language_stands_in_english_says_so_and_is_counted(course, tmp_path, monkeypatch):
    root = shutil.copytree(course.root, tmp_path / "course")
    facts = (root / "course.toml").read_text(encoding="utf-8")
    (root / "course.toml").write_text(facts.replace("zone =", 'language = "zh"\nzone ='), encoding="utf-8")
    lost, speak = (TITLE, "These are percentages: give fractions, 0.25 and not 25."), tongue.speak

    def forgetful(catalogue):
        speak(catalogue)
        for message in lost if catalogue else ():
            del tongue._spoken._catalog[message]

    monkeypatch.setattr(tongue, "speak", forgetful)
    page = feedback(Course.open(root), NAME, "slips")[0].read_text(encoding="utf-8")
    assert f'《<span lang="en">{TITLE}</span>》' in page and '<p lang="en">These are percentages' in page
    assert "本页有 2 处文字尚未译出，以英文显示。" in page
    assert page.count('lang="en"') == 2
