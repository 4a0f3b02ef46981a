"""Exercises worked on the page: Python in a worker, from a folder and with every other host refused.

One page and one start of Python for all of it: what is slow is done once. Where npm and pip had nothing to bring, the
book has no such button, and there is nothing to test.
"""

import gzip
import json

import nbformat
import numpy as np
import pytest
from access import axe
from conftest import ROOT
from onpage import replies

from valuechains.book.onpage import pack
from valuechains.checks import Sheet
from valuechains.course import key as keys
from valuechains.course import kit

pytestmark = pytest.mark.browser
CHAPTER = "02-services"
RIGHT = """A = world.Z / world.x
B = np.linalg.inv(np.eye(9) - A)
v = 1 - A.sum(axis=0)
paid = v[:, None] * B
content = paid[[2, 5, 8]][:, [1, 4, 7]].sum(axis=0)
content"""
WIDGET = """import altair as alt
share = twins.who_is_paid().model("CHN", "ELE", 2011, "foreign")["foreign"]
export = "ELE"
alt.Chart(pd.DataFrame({"a": [1, 2]})).mark_bar().encode(x="a:O", y="a:Q")"""


@pytest.fixture(scope="module")
def desk(browser, site, built):
    """The page with its desk open and Python awake; what it asked for stands in `asked`."""
    if not (built / "python" / "index.js").is_file():
        pytest.skip("npm or pip had nothing to bring: tools/on_page.py says what")
    context = browser.new_context(viewport={"width": 1100, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site['file']}/chapters/{CHAPTER}.html")
    page.before = list(page.asked)
    page.click(".gvc-wake")
    page.wait_for_function("document.querySelector('.gvc-status')?.textContent === 'Python is ready.'", timeout=240_000)
    yield page
    context.close()


@pytest.mark.parametrize("folder", kit.sources(), ids=lambda folder: folder.name)
def test_a_page_has_the_tables_of_its_chapters_kit(folder, built):
    packed = built / "python" / f"{folder.name}.json.bin"
    if not packed.is_file():
        pytest.skip("npm or pip had nothing to bring: tools/on_page.py says what")
    here = {*json.loads(gzip.decompress(packed.read_bytes()))["tables"], *pack.EVERYWHERE}
    texts = [
        json.dumps(json.loads((ROOT / room / f"{folder.name}.ipynb").read_text(encoding="utf-8")))
        for room in ("chapters", f"exercises/{folder.name}")
    ]
    assert set(kit.tables(texts)) <= here, "the source's solutions read them too"
    assert all((built / "python" / f"{name}.bin").is_file() for name in here - {*pack.EVERYWHERE})


def write(page, cell, code):
    page.locator(f'[data-cell="{cell}"] .cm-content').click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def check(page, task) -> str:
    """What the page replies to Check."""
    page.click(f'[data-cell="check-{task}"] .gvc-check')
    page.wait_for_function(
        """task => !["", "Checking …"].includes(
             document.querySelector(`[data-cell="check-${task}"] .gvc-reply`).textContent)""",
        arg=task,
        timeout=120_000,
    )
    return page.inner_text(f'[data-cell="check-{task}"] .gvc-reply')


def shown(page, cell):
    return page.locator(f'[data-cell="{cell}"] .gvc-out').first


def test_nothing_of_python_is_asked_for_before_the_button_and_nobody_else_ever(desk):
    assert not [url for url in desk.before if "/python/" in url]
    assert [url for url in desk.asked if "/python/" in url]
    assert {url.split(":")[0] for url in desk.asked} <= {"file", "blob", "data"}


def test_answers_get_the_replies_of_the_sheet(desk):
    assert check(desk, "1").startswith("○ Exercise 1: not done yet.")
    write(desk, "answer-1", RIGHT)
    assert check(desk, "1") == "✓ Exercise 1: right."
    write(desk, "answer-1", RIGHT + " * 100")
    assert check(desk, "1") == "✓ Exercise 1: right.", "only what is shown was changed"
    write(desk, "answer-1", RIGHT + "\ncontent = content * 100")
    assert "These are percentages: give fractions" in check(desk, "1")
    write(desk, "answer-2", "domestic = paid[")
    assert "stopped before it did (line 1 is no Python" in check(desk, "2a")
    assert "was not run: line 1 is no Python" in shown(desk, "answer-2").inner_text()


def test_a_widget_is_read_a_chart_drawn_and_a_hint_opens_after_a_try(desk):
    desk.click('[data-cell="check-2c"] .gvc-quiet')
    assert "once you have tried" in shown(desk, "check-2c").inner_text()
    write(desk, "answer-2-widget", WIDGET)
    assert check(desk, "2c").startswith(("✓", "✗"))
    shown(desk, "answer-2-widget").locator("svg").wait_for()
    desk.click('[data-cell="check-2c"] .gvc-quiet')
    desk.locator('[data-cell="check-2c"] summary').first.wait_for()


def test_the_pages_python_replies_as_this_one_does(desk):
    """To the right answer and a mistake of every task; tools/on_page.py --compare asks for everything."""
    folder = ROOT / "exercises" / CHAPTER
    key, sheet = keys.load(folder), Sheet(json.loads((folder / "sheet.json").read_text(encoding="utf-8")))
    asked, ours = [], []
    for task, entry in key.tasks.items():
        if entry.compute is None:
            continue
        answer = entry.answer(key.variants[0])
        for value in [answer.right, *keys.named_mistakes(entry, answer).values()][:2]:
            given = json.loads(json.dumps(replies.typed(keys, entry.public, answer, value), default=np.ndarray.tolist))
            asked.append([task, {entry.public["name"]: given}])
            reply = sheet.reply(task, **asked[-1][1])
            ours.append([reply.state, reply.says])
    code = f"import json\nasked = json.loads({json.dumps(asked)!r})\n"
    code += "replies = [sheet.reply(task, **given) for task, given in asked]\n"
    write(desk, "answer-7", code + "print(json.dumps([[reply.state, reply.says] for reply in replies]))")
    desk.click('[data-cell="answer-7"] button')
    shown(desk, "answer-7").locator("pre").wait_for(timeout=120_000)
    theirs = json.loads(shown(desk, "answer-7").inner_text())
    assert theirs == ours
    assert {state for state, _ in ours} == {"right", "wrong"}


def test_the_desk_is_accessible_and_its_editor_can_be_left_by_keyboard(desk):
    write(desk, "answer-4", "pd.DataFrame({'a': [1, 2]})")
    desk.keyboard.press("Shift+Enter")
    shown(desk, "answer-4").locator("td").first.wait_for()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent") == "Run"
    desk.evaluate(axe())
    where = "{include: [['.gvc-desk'], ['[data-cell=answer-4]'], ['[data-cell=check-4]'], ['[data-cell=\"2b\"]']]}"
    found = desk.evaluate(f"axe.run({where}, {{resultTypes: ['violations']}})")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def test_html_of_a_cell_runs_nothing_and_a_cell_reaches_no_network(desk):
    write(
        desk,
        "answer-3",
        "from IPython.display import HTML\nimport js\n"
        "print(hasattr(js, 'fetch'), hasattr(js, 'XMLHttpRequest'), hasattr(js, 'indexedDB'))\n"
        'HTML(\'<b>seen</b><img src=x onerror="document.title=1"><a href="javascript:1">a</a>\')',
    )
    desk.click('[data-cell="answer-3"] button')
    shown(desk, "answer-3").locator("b").wait_for()
    assert "False False False" in shown(desk, "answer-3").inner_text()
    assert not shown(desk, "answer-3").locator("img, a[href]").count()


def test_the_exported_notebook_is_the_handed_out_one_with_the_answers_in_it(desk, tmp_path):
    desk.fill('[data-cell="2b"] textarea', "B buys at home.")
    with desk.expect_download() as download:
        desk.click("text=Export as a notebook")
    download.value.save_as(tmp_path / "work.ipynb")
    made = nbformat.read(tmp_path / "work.ipynb", as_version=4)
    nbformat.validate(made)
    given = json.loads(kit.exercise(ROOT / "exercises" / CHAPTER)[f"{CHAPTER}.ipynb"])
    assert [(cell.id, cell.cell_type, cell.metadata) for cell in made.cells] == [
        (cell["id"], cell["cell_type"], cell["metadata"]) for cell in given["cells"]
    ]
    changed = {cell.id for cell, was in zip(made.cells, given["cells"]) if cell.source != "".join(was["source"])}
    assert changed == {"answer-1", "answer-2", "answer-2-widget", "answer-3", "answer-4", "answer-7", "2b"}


def test_an_endless_loop_is_stopped_the_work_is_there_after_a_reload_and_a_start_can_be_cancelled(desk):
    write(desk, "answer-4", "while True:\n    pass")
    desk.click('[data-cell="answer-4"] button')
    desk.wait_for_function("document.querySelector('.gvc-stop').textContent === 'Stop'", timeout=60_000)
    desk.click(".gvc-stop")
    desk.wait_for_function("document.querySelector('.gvc-status').textContent.startsWith('Stopped.')")
    desk.reload()
    desk.click("text=Go on with your work on this page")
    desk.locator('[data-cell="answer-4"] .cm-content').wait_for()
    assert "while True" in desk.inner_text('[data-cell="answer-4"] .cm-content')
    assert desk.input_value('[data-cell="2b"] textarea') == "B buys at home."
    desk.click(".gvc-stop")
    desk.wait_for_function("document.querySelector('.gvc-status').textContent.startsWith('Cancelled.')")
