"""The report of a chapter: its statistics are those that definition and simulation give; its page is sound."""

import json
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import numpy as np
import pytest
from graded import NAME, graded, new

from valuechains.authoring.source import read
from valuechains.checks import State
from valuechains.course.results.alike import alike, same_notebooks, same_texts, wrong_answer
from valuechains.course.results.codes import as_published, named, shared_code
from valuechains.course.results.marked import Mark, Work
from valuechains.course.results.report import SPANS, items, mistakes, report, span

DUE = datetime(2026, 11, 30, tzinfo=UTC)
TASKS = {str(task): {"name": "x", "varies": task > 10, "mistakes": ["a", "b", "c", "d"]} for task in range(14)}


def work(student, marks):
    return Work(student, DUE, DUE, marks={mark.task: mark for mark in marks})


def drawn_class(size, seed):
    """A class in which everybody works alone: (works, variants). Values of tasks that vary follow from the variant."""
    random = np.random.default_rng(seed)
    ability, variants = random.normal(size=size), {f"s{place:03d}": int(random.integers(12)) for place in range(size)}
    works = []
    for place, student in enumerate(variants):
        marks = []
        for task in TASKS:
            wrong = random.random() < 1 / (1 + np.exp(ability[place] + 0.3))
            kind = random.choice(6, p=[0.4, 0.25, 0.1, 0.05, 0.1, 0.1])
            own = 7.0 + (variants[student] if TASKS[task]["varies"] else 0)
            value = own if kind == 4 else round(random.normal(), 3)
            says = f"not yet. {'abcd'[kind]}" if kind < 4 else "not yet. `x` is further than 1 from what is asked for."
            named = int(kind) if kind < 4 else None
            slip = Mark(task, 0, 1, State.WRONG, says, f"x = {value!r}", mistake=named)
            marks.append(slip if wrong else Mark(task, 1, 1, State.RIGHT))
        works.append(work(student, marks))
    return works, variants


def test_difficulty_and_discrimination_by_hand():
    scores = np.array([[1, 2, 0], [1, 0, 1], [0, 2, 1], [1, 2, 1], [0, 0, 0], [1, 2, 0]])
    works = [
        work(f"s{row}", [Mark(str(task), float(line[task]), (1, 2, 1)[task], "right") for task in range(3)])
        for row, line in enumerate(scores)
    ]
    table = items(works).set_index("task")
    assert table.share.tolist() == pytest.approx([4 / 6, 8 / 12, 3 / 6])
    rest = scores[:, 1:].sum(axis=1)
    apart = rest[scores[:, 0] == 1].mean() - rest[scores[:, 0] == 0].mean()
    assert table.discrimination["0"] == pytest.approx(apart / rest.std() * np.sqrt(4 * 2 / 36))  # point-biserial


def test_a_text_counts_once_all_are_read():
    read, missing = Mark("b", 2, 2, "right", is_text=True), Mark("b", 0, 2, "to do", is_text=True)
    unread = Mark("b", 0, 2, "to be read", is_text=True)
    assert np.isnan(items([work("s1", [read]), work("s2", [unread]), work("s3", [missing])]).share[0])
    assert items([work("s1", [read]), work("s3", [missing])]).share[0] == 0.5


def test_a_task_that_all_have_right_tells_nobody_apart():
    works = [work(f"s{place}", [Mark("1", 1, 1, "right"), Mark("2", place % 2, 1, "right")]) for place in range(8)]
    assert np.isnan(items(works).discrimination[0])


def test_named_mistakes_are_counted_and_others_are_not():
    made = [0, 0, 1, None]
    works = [work(f"s{place}", [Mark("1", 0, 1, State.WRONG, mistake=one)]) for place, one in enumerate(made)]
    assert mistakes(works, TASKS).values.tolist() == [["1", "a", 2, 4], ["1", "b", 1, 4]]


@pytest.mark.parametrize(
    ("hours", "name"),
    [
        (200, SPANS[0][0]),
        (168, SPANS[0][0]),
        (167, SPANS[1][0]),
        (0.5, "the last hour"),
        (0, "the last hour"),
        (-0.01, "up to a day late"),
        (-24, "up to a day late"),
        (-25, "over a day late"),
    ],
)
def test_hand_in_falls_into_its_span(hours, name):
    assert span(timedelta(hours=hours)) == name


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        (Mark("1", 0, 1, "wrong", "in whatever words", "x = 1", mistake=0), "a"),
        (Mark("1", 0, 1, "wrong", "not yet. else", "x = [1,  2] # mine"), "1 2"),
        (Mark("1", 0, 1, "wrong", "not yet. else", "x = f()", recorded=np.array([1, 2])), "1 2"),
        (Mark("1", 0, 1, "wrong", "not yet. else", "x = 'CHM'"), "'CHM'"),
        (Mark("1", 0, 1, "wrong", "not yet. else", "y=2 # mine\nx = f( y )"), "y = 2\nx = f(y)"),
        (Mark("1", 0, 1, "wrong", "not yet. else", "x = (  1"), "x = ( 1"),
        (Mark("1", 1, 1, "right", "", "x = 1"), None),
        (Mark("1", 0, 1, "to do", "not done yet.", "x = ..."), None),
        (Mark("1", 0, 1, "wrong", "", "words", is_text=True), None),
    ],
)
def test_what_tells_a_wrong_answer_from_others(mark, told):
    assert wrong_answer(mark, TASKS["1"]) == told


def test_classes_that_work_alone_are_hardly_ever_pointed_at():
    classes = [drawn_class(25, seed) for seed in range(30)]
    assert sum(bool(alike(works, TASKS, variants).beyond) for works, variants in classes) <= 2


def test_a_copied_submission_is_pointed_at_and_nobody_else():
    works, variants = drawn_class(30, 3)
    source = max(works, key=lambda one: sum(mark.state == "wrong" for mark in one.marks.values()))
    copier = next(one for one in works if one is not source)
    works[works.index(copier)] = work(copier.student, source.marks.values())
    variants[copier.student] = variants[source.student]
    found = alike(works, TASKS, variants)
    assert [{pair.one, pair.other} for pair in found.beyond] == [{source.student, copier.student}]
    assert found.beyond[0].chance < 0.01
    assert found.pairs == alike(works, TASKS, variants).pairs  # the deals are the same every time


def test_what_everybody_gets_wrong_in_one_way_points_at_nobody():
    same = [Mark(task, 0, 1, "wrong", "not yet. a", "x = 1") for task in TASKS]
    works = [work(f"s{place}", same) for place in range(10)]
    found = alike(works, TASKS, {})
    assert found.beyond == () and {round(pair.score, 9) for pair in found.pairs} == {0}


def test_the_same_value_of_one_variant_is_compared_within_the_variant():
    """All of a variant share a mistake without a name, so its value tells nothing, rare as it is in the class."""
    works = [
        work(
            f"s{place}",
            [Mark(task, 0, 1, "wrong", "not yet. else", f"x = {place // 2}") for task in ("11", "12", "13")],
        )
        for place in range(20)
    ]
    found = alike(works, TASKS, {f"s{place}": place // 2 for place in range(20)})
    assert found.beyond == () and max(pair.score for pair in found.pairs) == pytest.approx(0)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    names = [f"s{place:02d}" for place in range(8)]
    course = new(tmp_path_factory.mktemp("report"), [*names, "absent"])
    key = course.key(NAME)
    owner = next(name for name in names if course.variant(NAME, name) != course.variant(NAME, "s07"))
    other = course.variant(NAME, owner)
    works = {
        name: {
            "hours": 30 * place - 40,
            "answers": {
                "5b": "A" if place % 2 else "B",
                "3": [float(place // 2)] * 9,
                "2a": [0.9, 0.8, 0.1 * (place // 2)],
            },
        }
        for place, name in enumerate(names)
    }
    works["s07"]["answers"]["6a"] = key.tasks["6a"].answer(other).right.tolist()
    works["s01"]["by hand"] = {"2b": 2}
    works["s03"]["answers"]["2c"] = "</style><script>alert(1)</script>"
    path = report(graded(course, NAME, works), "02")
    return path, path.read_text(encoding="utf-8"), owner


def test_the_page_has_a_section_for_each_question_with_chart_words_and_table(page):
    path, text, _ = page
    assert path.parts[-3:] == ("work", "reports", f"{NAME}.html")
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", text)
    assert headings == ["Difficulty", "Discrimination", "Named mistakes", "Hand-in", "Alike"]
    assert text.count('<img class="light" src="data:image/svg+xml;base64,') == 5
    assert text.count('<img class="dark" src="data:image/svg+xml;base64,') == 5
    assert all(len(alternative) > 40 for alternative in re.findall(r'alt="([^"]*)"', text))
    assert "That row is above one in fabrication only: a factory economy." in text
    assert "8 graded submissions, 1 of the class without one" in text and "For instructors" in text
    assert "2 of 8 came late" in text


def test_people_appear_by_id(page):
    assert "Givens" not in page[1] and "Familys" not in page[1]


def test_a_number_of_somebody_elses_variant_is_shown(page):
    _, text, owner = page
    table = text[text.index("Wrong numbers that are right for somebody else") :]
    assert re.search(r'<th scope="row">s07</th><td>6a</td><td>[^<]*\b' + owner, table)


def test_nothing_runs_or_loads(page):
    assert not re.search(r"<script|<link|<iframe|https?://(?!www\.w3\.org)", page[1])


def test_a_chapter_of_one_submission_has_a_report(tmp_path):
    course = graded(new(tmp_path, ["solo"]), NAME, {"solo": {}})
    text = report(course, NAME).read_text(encoding="utf-8")
    assert "A correlation needs 5 submissions that differ." in text and "No named mistake was made." in text
    assert "No two submissions share more" in text


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_sound_in_a_browser(page, browser, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800}, bypass_csp=True)
    shown = context.new_page()
    shown.goto(page[0].as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert shown.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 100)")
    assert shown.locator(f"img.{scheme}:visible").count() == shown.locator("img:visible").count() == 5
    shown.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = shown.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"] and [fault["id"] for fault in found["violations"]] == []
    context.close()


def test_the_same_notebook_and_the_same_text_are_said_and_what_all_share_is_not():
    given = ["# Title", "x = ..."]
    cells = {
        "s1": ["# Title", "x = 1"],
        "s2": ["# Title", "x = 1 \n"],
        "s3": ["# Title", "x = 2"],
        "s4": given,
        "s5": given,
    }
    assert same_notebooks(cells, given) == [("s1", "s2")]
    essay = (
        "Services inside goods count for more than the label says, since makers buy design and transport from others."
    )
    near = essay.replace("design and transport", "design, advice and transport")
    question = "What does the label of an export leave out of the account? "
    texts = {
        "1t": {
            "s1": question + essay,
            "s2": question + near,
            "s3": question + "Nothing much, as the goods are sold whole and every buyer pays for them at once.",
            "s4": question + "It leaves out what the seller paid to others before the good was finished and shipped.",
            "s5": question,
        }
    }
    found = same_texts(texts)
    assert [(text.one, text.other) for text in found] == [("s1", "s2")]
    assert 0.5 <= found[0].share < 1
    assert [text.share for text in same_texts({"1t": dict.fromkeys(["a", "b", "c", "d"], essay)})] == [1.0] * 6


GIVEN = ["import numpy as np", "world = tables.toy()", "content = ...\n# Replace the dots above"]
OWN = """A = world.Z / world.x
inverse = np.linalg.inv(np.eye(9) - A)
rates = 1 - A.sum(axis=0)
rows = [place for place in range(9) if place % 3 == 2]
content = np.array([rates[rows] @ inverse[rows][:, column] for column in (1, 4, 7)])
"""
RENAMED = """# all mine
M=world.Z/world.x
L = np.linalg.inv(np.eye(9) -  M)   # the inverse

v = 1-M.sum( axis=0 )
s = [i for i in range(9)
     if i % 3 == 2]
content = np.array([v[s] @ L[s][:, k] for k in (1, 4, 7)])
"""
OTHER = """made = world.Z @ np.diag(1 / world.x)
need, left = np.linalg.solve(np.eye(9) - made, np.eye(9)), np.ones(9) - made.sum(axis=0)
table = pd.DataFrame(left[:, None] * need)
content = table.iloc[[2, 5, 8], [1, 4, 7]].sum().tolist()
"""


def test_code_is_the_same_whatever_its_names_comments_and_blanks():
    codes = {
        "s1": OWN,
        "s2": RENAMED,
        "s3": OTHER,
        "s4": "content = [0.3, 0.3, 0.3]",
        "s5": "content = [0.3, 0.3, 0.3]",
    }
    found = shared_code(codes, GIVEN)
    assert [(pair.one, pair.other, pair.share) for pair in found] == [("s1", "s2", 1.0)]
    assert shared_code(codes, GIVEN, [OWN]) == []  # who both took a published solution did not copy from one another
    assert shared_code(dict.fromkeys("abcdefg", OWN), GIVEN) == []  # what a third of the class wrote
    part = RENAMED.replace("(1, 4, 7)", "cols").replace("# all mine", "cols = [1, 4, 7]") + "\ncontent.round(3)\n"
    assert [0.7 <= pair.share < 1 for pair in shared_code({"s1": OWN, "s2": part, "s3": OTHER}, GIVEN)] == [True]
    shared_code({"s1": "x = (", "s2": "x = ?", "s3": "\t\tif\n  x"}, GIVEN)  # no Python


def test_a_published_solution_is_known_again_and_a_short_one_is_anybodys():
    names = named(GIVEN)
    assert as_published("# from the page\n" + RENAMED + "\nprint(content)", OWN, names)
    assert not as_published(OTHER, OWN, names)
    assert not as_published("content = [1, 2]", "content = [1, 2]", names)


def test_the_page_says_who_handed_in_published_solutions(tmp_path):
    course = new(tmp_path, ["s1", "s2", "s3"])
    exercises = {one.number: one.solution[0] for one in read(course.source(NAME)).exercises}
    graded(course, NAME, {one: {"answers": {"1": 7.0, "2a": 7.0}} for one in ("s1", "s2", "s3")})
    for student, codes in {"s1": (1, 2), "s2": (2,)}.items():
        path = course.root / "autograded" / student / NAME / f"{NAME}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            for number in codes:
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == f"answer-{number}":
                    cell["source"] = exercises[number]
        path.write_text(json.dumps(notebook))
    text = report(course, NAME).read_text(encoding="utf-8")
    table = text[text.index("Odd exercises answered with the code of their published solution") :]
    assert re.findall(r'<th scope="row">(s\d)</th><td>([^<]*)</td>', table[: table.index("</table>")]) == [("s1", "1")]
    assert not re.search(r"cheat|plagiar|guilty|suspect", text, re.I)


def test_the_page_names_copies_as_facts(tmp_path):
    course = graded(new(tmp_path, ["s1", "s2", "s3"]), NAME, {one: {} for one in ("s1", "s2", "s3")})
    for student in ("s1", "s2"):
        path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "x = 1",
        }
        path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    text = report(course, NAME).read_text(encoding="utf-8")
    assert "s1, s2" in text[text.index("Notebooks that say the same in every cell") :]
    assert not re.search(r"cheat|plagiar|guilty|suspect", text, re.I)
