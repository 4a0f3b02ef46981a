"""The path of someone who works alone: what the browser keeps, shown on *Your work*, taken along and brought in."""

import datetime
import json
import re

import pytest
from access import axe
from conftest import ROOT
from screens import LAPTOP, PHONE

from valuechains.authoring.chapter import NUMBERED
from valuechains.book.exercises import _steps

CHAPTERS = sorted(path for path in (ROOT / "chapters").glob("*.ipynb") if NUMBERED.match(path.name))
CHAPTER = "03-dual-engines"
EXPECT = re.compile(r"```\{expect\} (\S+)\n:shown: \d\n")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_asks_three_times_before_a_look(chapter):
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    names = EXPECT.findall("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"))
    assert len(set(names)) == len(names) == 3


def test_a_solution_is_split_by_statements_with_their_comments():
    code = "import numpy as np\n\n# a matrix\nA = np.eye(\n    2\n)\nfor row in A:\n    print(row)\n# the end"
    assert _steps(code) == [
        "import numpy as np\n\n# a matrix\nA = np.eye(\n    2\n)",
        "for row in A:\n    print(row)",
        "# the end",
    ]


@pytest.fixture(scope="module")
def reader(browser, site):
    """One reader, one page, opened from the folder; what they do in one test is there in the next."""
    context = browser.new_context(viewport=LAPTOP, accept_downloads=True, reduced_motion="reduce")
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.at = lambda name: page.goto(f"{site['file']}/chapters/{name}")
    yield page
    assert page.faults == []
    context.close()


@pytest.mark.browser
def test_a_chart_is_covered_until_one_has_said_what_one_expects_or_asks_for_it(reader):
    reader.at(f"{CHAPTER}.html")
    forms = reader.locator("form.gvc-expect")
    assert forms.count() == 3 and reader.locator(".gvc-covered").count() == 3
    first, second, _ = (forms.nth(place) for place in range(3))
    first.get_by_role("button", name="Look", exact=True).click()
    assert "Choose what you expect" in first.locator("output").inner_text()
    first.get_by_label("Faster").check()
    first.get_by_role("button", name="Look", exact=True).click()
    assert first.locator("output").inner_text().startswith("You expected “Faster")
    second.get_by_role("button", name="Look without a guess").click()
    assert not second.is_visible()
    assert reader.locator(".gvc-covered").count() == 1
    reader.emulate_media(media="print")
    assert reader.evaluate("getComputedStyle(document.querySelector('.gvc-covered > *')).opacity") == "1"
    reader.emulate_media(media="screen")
    reader.locator(".gvc-covered summary").last.focus()
    assert reader.locator(".gvc-covered").count() == 0, "who comes by keyboard sees it"
    reader.reload()
    assert reader.locator(".gvc-covered").count() == 2
    assert first.locator("output").inner_text().startswith("You expected “Faster")
    reader.at(f"{CHAPTER}.html?a#{reader.locator('.gvc-covered figure').last.get_attribute('id')}")
    assert reader.locator(".gvc-covered").count() == 1, "where a link leads"


@pytest.mark.browser
def test_a_solution_opens_step_by_step(reader):
    solution = reader.locator("details.solution").first
    steps = solution.locator("> :not(summary, .gvc-steps)")
    solution.locator("summary").first.click()
    count = steps.count()
    assert count > 2
    seen = [one.is_visible() for one in steps.all()]
    assert seen == [True] + [False] * (count - 1)
    solution.get_by_role("button", name="Next step").click()
    assert [one.is_visible() for one in steps.all()] == [True, True] + [False] * (count - 2)
    assert solution.get_by_role("status").inner_text() == f"Step 2 of {count}"
    solution.get_by_role("button", name="The whole solution").click()
    assert all(one.is_visible() for one in steps.all())


@pytest.mark.browser
def test_what_is_done_shows_by_outcome_and_what_is_due_is_asked_again(reader):
    form = reader.locator(".gvc-questions form").first
    name, key = form.get_attribute("id"), json.loads(form.get_attribute("data-key"))
    question = key["id"]
    if "right" in key and "says" in key and isinstance(key["says"], list):
        form.locator("input").nth(key["right"]).check()
    else:
        form.locator("input").fill(f"{key['answer']:g}")
    form.get_by_role("button").click()
    reader.at("your-work.html")
    link = reader.locator(f'.gvc-outcomes[data-chapter="{CHAPTER}"] a[data-question="{question}"]')
    assert link.get_attribute("data-state") == "done"
    assert reader.locator('.gvc-outcomes a[data-state="done"]').count() == 1
    next_up = reader.locator('[data-part="next"]').inner_text()
    assert "You were last at" in next_up and "in chapter 3" in next_up and "exercise 1a of chapter 0" in next_up
    due = reader.locator('[data-part="due"]')
    if due.get_attribute("data-scheduled"):
        due.get_by_text("Nothing is due now.").wait_for()
        before = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=40)).isoformat()
        reader.evaluate(
            "([name, asked]) => localStorage.setItem(name, JSON.stringify(asked))",
            [f"gvc-asked:{CHAPTER}", {question: [[before, True]]}],
        )
        reader.reload()
        due.get_by_role("link").click()
        form = reader.locator(f"#{name}")
        assert form.locator("output").inner_text() == "" and not form.locator("input:checked").count()
        form.locator("input").first.check() if "says" in key else form.locator("input").fill("1")
        form.get_by_role("button").click()
        form.get_by_role("link", name="Back to what is due").click()
        reader.locator('[data-part="due"]').get_by_text("Nothing is due now.").wait_for()
    else:
        assert "without its scheduler" in due.inner_text()


@pytest.mark.browser
def test_all_of_it_is_taken_along_deleted_and_brought_in_and_a_hostile_file_brings_nothing(reader, tmp_path):
    kept = "Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.startsWith('gvc-')).sort())"
    before = reader.evaluate(kept)
    assert {name.split(":")[0] for name in before} >= {"gvc-questions", "gvc-expected", "gvc-place"}
    with reader.expect_download() as download:
        reader.get_by_role("button", name="Export all").click()
    download.value.save_as(tmp_path / "my-work.json")
    reader.get_by_role("button", name="Delete all").click()
    assert reader.evaluate(kept) == {}
    assert "Nothing is kept here yet" in reader.locator('[data-part="next"]').inner_text()
    bring = reader.locator('[data-part="keep"] input')
    said = reader.locator(".gvc-said")
    work = json.loads((tmp_path / "my-work.json").read_text(encoding="utf-8"))
    hostile = {
        f"gvc-place:{CHAPTER}": {"id": "x", "title": "<img src=x onerror=alert(1)>", "at": 1},
        "gvc-place:09-capstone": {"id": "javascript:alert(1)", "title": "t", "at": 2},
        "gvc-work:../../evil": {"cells": {}},
        f"gvc-work:{CHAPTER}": {"cells": {"answer-1": {"source": {"evil": 1}, "at": 1}}},
        f"gvc-asked:{CHAPTER}": {"q": [["no date", True]]},
        "mode": "dark",
    }
    (tmp_path / "hostile.json").write_text(json.dumps({**work, "kept": hostile}), encoding="utf-8")
    bring.set_input_files(tmp_path / "hostile.json")
    said.get_by_text("4 entries could not be read").wait_for()
    assert set(reader.evaluate(kept)) == {f"gvc-place:{CHAPTER}", "gvc-place:09-capstone"}
    assert not reader.locator('[data-part="next"] img, [data-part="next"] a[href*="javascript:"]').count()
    for content, reply in (("[1]", "no file that this page exported"), ("{", "no file that this page exported")):
        (tmp_path / "odd.json").write_text(content, encoding="utf-8")
        bring.set_input_files(tmp_path / "odd.json")
        said.get_by_text(reply).wait_for()
    bring.set_input_files(tmp_path / "my-work.json")
    said.get_by_text("are here now").wait_for()
    after = reader.evaluate(kept)
    assert {name: after[name] for name in before} == before


@pytest.mark.browser
def test_the_page_is_accessible_and_fits_a_phone(reader):
    reader.evaluate(axe())
    found = reader.evaluate("axe.run('main', {resultTypes: ['violations']})")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    reader.set_viewport_size(PHONE)
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.browser
def test_where_nothing_can_be_kept_it_is_said_and_nothing_breaks(browser, site):
    context = browser.new_context(viewport=LAPTOP)
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})")
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(error.stack))
    page.goto(f"{site['file']}/chapters/your-work.html")
    assert "This browser keeps nothing" in page.locator('[data-part="keep"]').inner_text()
    page.goto(f"{site['file']}/chapters/{CHAPTER}.html")
    form = page.locator("form.gvc-expect").first
    form.get_by_label("Faster").check()
    form.get_by_role("button", name="Look", exact=True).click()
    assert form.locator("output").inner_text().startswith("You expected")
    assert [stack for stack in faults if "pydata-sphinx-theme" not in stack] == [], "the theme keeps its own colours"
    context.close()
