"""The answer key for instructors: every value in full, for every variant and student, with causes, code and anchors."""

import csv
import json
import re
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest
from graded import new
from leaks import of_key, of_notebook, plain

from valuechains import evidence
from valuechains.checks.forms import FAULTS
from valuechains.checks.sheet import exercise_number
from valuechains.course import worded
from valuechains.course.folder import CourseError
from valuechains.course.results import answer_key as made
from valuechains.course.results.answer_key import answers, source

NAMES = ("02-services", "09-capstone")
STUDENTS = [f"s{place:02d}" for place in range(9)]


@pytest.fixture(scope="module", params=NAMES)
def written(request, tmp_path_factory):
    course = new(tmp_path_factory.mktemp("answers"), STUDENTS, request.param)
    page, table = answers(course, request.param)
    with open(table, encoding="utf-8", newline="") as file:
        return course, request.param, page.read_text(encoding="utf-8"), list(csv.DictReader(file))


def test_every_computed_task_has_every_variant(written):
    course, name, _, rows = written
    key = course.key(name)
    for task, entry in key.tasks.items():
        variants = [row["variant"] for row in rows if row["task"] == task and row["answer"] == "right"]
        if entry.compute:
            assert variants == ([json.dumps(one) for one in key.variants] if entry.varies else [""])
        else:
            assert variants == []


def test_values_are_full_and_are_marked_as_the_grader_marks_them(written):
    """Right ones pass the key to the last digit, wrong ones get the sentence of their cause."""
    course, name, _, rows = written
    key = course.key(name)
    for row in rows:
        variant = json.loads(row["variant"]) if row["variant"] else (key.variants or [{}])[0]
        task, value = key.tasks[row["task"]], json.loads(row["value"])
        sheet = SimpleNamespace(variant=SimpleNamespace(**variant))
        if row["answer"] == "right":
            key.mark(row["task"], value, sheet)
            if task.public["kind"] == "numbers":
                right = task.answer(variant).right
                assert np.array_equal(
                    np.ravel(list(value.values()) if isinstance(value, dict) else value), np.ravel(right)
                )
        elif task.public["kind"] == "numbers":
            with pytest.raises(AssertionError) as said:
                key.mark(row["task"], value, sheet)
            alike = {
                other["cause"] for other in rows if other["task"] == row["task"] and other["variant"] == row["variant"]
            }
            assert str(said.value).removeprefix("not yet. ") in alike  # two causes may give the same value


def test_each_mistake_is_there_with_its_cause(written):
    course, name, page, rows = written
    key = course.key(name)
    for task, entry in key.tasks.items():
        if entry.compute:
            causes = {row["cause"] for row in rows if row["task"] == task and row["answer"] == "wrong"}
            assert set(entry.answer((key.variants or [{}])[0]).mistakes) & causes
    known = {(row["task"], row["cause"]) for row in rows if row["cause"]}
    assert len(known) >= 3 * len({exercise_number(row["task"]) for row in rows})
    assert all(row["value"] in page or row["value"].replace('"', "&#34;") in page for row in rows)


def test_each_student_has_the_answers_of_the_own_variant(written):
    course, name, page, rows = written
    for task, entry in course.key(name).tasks.items():
        if not entry.compute:
            continue
        for student in STUDENTS:
            right = [row for row in rows if row["task"] == task and row["answer"] == "right"]
            own = [row for row in right if student in row["students"].split()]
            assert len(own) == 1
            assert not entry.varies or json.loads(own[0]["variant"]) == course.variant(name, student)
    assert all(f'<th scope="row">{student}</th>' in page for student in STUDENTS)


def test_code_and_anchors_are_there(written):
    course, name, page, _ = written
    text = plain(page).replace("&#34;", '"')
    missing = [secret for _, secret in of_key(name) if secret.replace("'", '"') not in text.replace("'", '"')]
    assert len(missing) <= len(list(of_key(name))) / 4  # ast writes some expressions in another way
    for task, entry in course.key(name).tasks.items():
        assert f"<h3>Task {task}</h3>" in page
        if entry.public["kind"] == "text":
            part = page[page.index(f"<h3>Task {task}</h3>") :]
            assert '<p class="label">Anchors</p>' in part[: part.index("<h3>", 5) if "<h3>" in part[5:] else None]
    assert "BEGIN MARK SCHEME" not in page.split("The key, whole")[0]
    assert list(of_notebook(name))


def test_every_rule_of_a_form_has_its_words():
    rules = {"words": 1, "date": True, "after": "2030-01-01", "contains": "x"}
    rules |= {"options": ["a, b", "c"], "between": [0, 1], "unlike": "y"}
    assert set(rules) == set(FAULTS)
    ((name, said),) = worded.fields({"fields": {"x": rules}})
    assert (name, said) == (
        "x",
        'at least 1 words; a date; after 2030-01-01; has \'x\' in it; one of "a, b"; "c"; a number from 0 to 1; '
        "not the same as 'y'",
    )


def test_an_answer_is_worded_with_its_names_and_a_mistake_with_its_places():
    numbers = {"kind": "numbers", "keys": ["a", "b"], "tolerance": 0.01}
    assert worded.written(numbers, [1 / 3, 0]) == '{"a": 0.3333333333333333, "b": 0.0}'
    assert worded.written(numbers, [1 / 3, 0], short=True) == '{"a": 0.3333, "b": 0.0}'
    assert worded.written({**numbers, "keys": []}, [[1, 2], [3, 4]]) == "[[1.0, 2.0], [3.0, 4.0]]"
    words = {"kind": "words", "keys": ["x", "y"], "count": 2}
    assert worded.written(words, ["rück", "vor"]) == '{"x": "rück", "y": "vor"}'
    assert worded.written(words, {1: "rück"}) == '{"y": "rück"}'
    plain = {**words, "keys": []}
    assert worded.written(plain, ["q", "r"]) == '["q", "r"]' and worded.written(plain, {1: "q"}) == '{"entry 2": "q"}'
    assert worded.written({**plain, "count": 1}, "q") == '"q"'
    assert [worded.points(count) for count in (1, 2)] == ["1 point", "2 points"]


def test_cited_claims_say_when_they_were_last_checked(written):
    course, name, page, _ = written
    cited = made.claims(course.root / "source" / name)
    assert bool(cited) == (name == "09-capstone")
    assert all(claim.id in page and f"last checked on {evidence.retrieved()}" in page for claim in cited)


def test_the_page_says_for_whom_it_is(written):
    assert 'class="watermark">For instructors' in written[2] and 'class="behind"' in written[2]
    assert "<script" not in written[2]


def test_the_code_of_a_function_comes_without_its_decorator(written):
    course, name, _, _ = written
    for task in course.key(name).tasks.values():
        assert (source(task.compute).startswith("def ")) == bool(task.compute)


def test_a_chapter_that_is_not_taught_is_refused(written):
    with pytest.raises(CourseError, match="no chapter"):
        answers(written[0], "05-challenges")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_sound_in_a_browser(written, browser, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto((written[0].root / "work" / "answers" / f"{written[1]}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"] and [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    context.close()


def test_numbers_are_shown_with_four_digits_or_as_many_as_the_tolerance_asks_for(written):
    course, name, page, _ = written
    assert worded.rounded(0.123456789, 0.01) == 0.1235
    assert worded.rounded(1234.56789, 0.001) == 1234.5679
    assert worded.rounded(0.0, 0.1) == 0.0
    for one in made.entries(course, name):
        task = course.key(name).tasks[one.task]
        if task.public["kind"] == "numbers":
            full, short = (json.loads(text) for text in (one.value, one.shown))
            full, short = (np.ravel(list(each.values()) if isinstance(each, dict) else each) for each in (full, short))
            assert np.abs(full - short).max() <= task.public["tolerance"] / 10
    visible = re.sub(r'title="[^"]*"', "", page.split("Computed by")[0])
    assert not re.search(r"\d\.\d{12,}", visible)
