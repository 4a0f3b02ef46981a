"""Exercises worked on the page: Python in a worker, from a folder and with every other host refused.

One page and one start of Python for all of it: what is slow is done once. Where npm and pip had nothing to bring, the
book has no such button, and there is nothing to test.
"""

import gzip
import json
import re

import nbformat
import numpy as np
import pytest
from access import axe
from conftest import ROOT
from graded import new
from onpage import replies

from valuechains import twins
from valuechains.book.onpage import pack
from valuechains.checks import Sheet
from valuechains.checks.replies import SIGNS
from valuechains.course import grading, kit, sandbox
from valuechains.course import key as keys
from valuechains.course.collect import collect
from valuechains.course.intake import submission
from valuechains.course.release import release
from valuechains.course.results.marked import marked

pytestmark = pytest.mark.browser
CHAPTER = "02-services"
RIGHT = """A = world.Z / world.x
B = np.linalg.inv(np.eye(9) - A)
v = 1 - A.sum(axis=0)
paid = v[:, None] * B
content = paid[[2, 5, 8]][:, [1, 4, 7]].sum(axis=0)
content"""
READ = 'print([float(twins.who_is_paid().model(name, "ELE", 2011, "foreign")["foreign"]) for name in ("CHN", "DEU")])'
WIDGET = f"""import altair as alt
share = twins.who_is_paid().model("CHN", "ELE", 2011, "foreign")["foreign"]
{READ}
export = "ELE"
alt.Chart(pd.DataFrame({{"a": [1, 2]}})).mark_bar().encode(x="a:O", y="a:Q")"""


@pytest.fixture(scope="module")
def desk(browser, site, built):
    """The page with its desk open and Python awake; what it asked for stands in `asked`."""
    if not (built / "python" / "index.js").is_file():
        pytest.skip("npm or pip had nothing to bring: tools/on_page.py says what")
    context = browser.new_context(viewport={"width": 1100, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.asked, page.answered = [], []
    page.on("response", lambda answer: answer.url.startswith("http") and page.answered.append(answer.url))
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site['file']}/chapters/{CHAPTER}.html")
    page.before = list(page.asked)
    page.click(".gvc-wake")
    page.wait_for_function("document.querySelector('.gvc-status')?.textContent === 'Python is ready.'")
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
    )
    return page.inner_text(f'[data-cell="check-{task}"] .gvc-reply')


def modelled() -> list[float]:
    """What READ prints, by this Python."""
    model = twins.who_is_paid().model
    return [model(economy, "ELE", 2011, "foreign")["foreign"] for economy in ("CHN", "DEU")]


def read(out) -> list[float]:
    return json.loads(out.locator("pre").first.inner_text())


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
    assert read(shown(desk, "answer-2-widget")) == pytest.approx(modelled(), rel=1e-12)
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
    shown(desk, "answer-7").locator("pre").wait_for()
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


def test_a_cell_that_asks_for_too_much_or_shows_without_end_does_no_harm(desk):
    write(desk, "answer-3", "mine = 1\nnp.ones((12_000, 12_000))")
    desk.click('[data-cell="answer-3"] button')
    shown(desk, "answer-3").locator(".gvc-error").wait_for()
    assert "Python has no memory left on this page" in shown(desk, "answer-3").inner_text()
    write(desk, "answer-3", "for turn in range(3000):\n    display(turn)\nprint(mine)")
    desk.click('[data-cell="answer-3"] button')
    shown(desk, "answer-3").filter(has_text=re.compile(r"\(What follows is not shown\.\)\s*1\s*$")).wait_for()
    lines = shown(desk, "answer-3").inner_text().split()
    assert "199" in lines and "200" not in lines and lines[-1] == "1", "the same Python goes on"


def test_html_of_a_cell_runs_nothing_and_a_cell_reaches_no_network(desk, site):
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
    elsewhere = f"{site['http']}/_static/gvc/site.js"
    for way in ("import(url)", "new FontFace('a', `url(${url})`).load()"):
        desk.workers[0].evaluate(f"url => {way}.catch(() => 0)", elsewhere)
    write(desk, "answer-3", f"import altair as alt\nalt.Chart('{elsewhere}').mark_point().encode(x='a:Q')")
    desk.click('[data-cell="answer-3"] button')
    shown(desk, "answer-3").get_by_text(f"This chart asks for {elsewhere}, and a page asks nobody").wait_for()
    shown(desk, "answer-3").locator("svg").wait_for()
    assert desk.answered == []


def test_the_exported_notebook_is_the_handed_out_one_with_the_answers_in_it(desk, tmp_path):
    desk.fill('[data-cell="2b"] textarea', "B buys at home.")
    made = notebook(desk, tmp_path / "work.ipynb")
    nbformat.validate(made)
    given = json.loads(kit.exercise(ROOT / "exercises" / CHAPTER)[f"{CHAPTER}.ipynb"])
    assert [(cell.id, cell.cell_type, cell.metadata) for cell in made.cells] == [
        (cell["id"], cell["cell_type"], cell["metadata"]) for cell in given["cells"]
    ]
    changed = {cell.id for cell, was in zip(made.cells, given["cells"]) if cell.source != "".join(was["source"])}
    assert changed == {"answer-1", "answer-2", "answer-2-widget", "answer-3", "answer-4", "answer-7", "2b"}


def notebook(page, path):
    """The notebook that the page exports."""
    with page.expect_download() as download:
        page.click("text=Export as a notebook")
    download.value.save_as(path)
    return nbformat.read(path, as_version=4)


def brought(page, path, *, says) -> None:
    """Import a file and wait for what the page says of it."""
    page.set_input_files(".gvc-desk input[type=file]", path)
    page.wait_for_function("says => document.querySelector('.gvc-status').textContent.includes(says)", arg=says)


def test_the_chapters_own_code_is_changed_where_it_stands_and_put_back(desk):
    """It runs after the code above that it stands on, hidden cells too, and apart from the exercises' names."""
    size = desk.locator(".cell_input", has_text="over_half = year")
    size.get_by_role("button", name="Try this code").click()
    tried = desk.locator('[data-cell="code-size"]')
    tried.locator(".gvc-out pre").wait_for()
    book = tried.locator(".gvc-out").inner_text()
    tried.locator(".cm-content").click()
    desk.keyboard.press("Control+a")
    desk.keyboard.insert_text("rows = datasets.read('services_in_gdp')\n'content' in dir(), len(rows) > 0")
    desk.keyboard.press("Shift+Enter")
    tried.locator(".gvc-out", has_text="(False, True)").wait_for()
    tried.get_by_role("button", name="Back to the book’s").click()
    tried.get_by_role("button", name="Run", exact=True).click()
    tried.locator(".gvc-out", has_text=book.strip()).wait_for()
    tried.locator(".cm-content").click()
    desk.keyboard.press("Control+a")
    desk.keyboard.insert_text(f"from valuechains import twins\n{READ}")
    desk.keyboard.press("Shift+Enter")
    tried.locator(".gvc-out", has_text="[").wait_for()
    assert read(tried.locator(".gvc-out")) == pytest.approx(modelled(), rel=1e-12)
    folded = desk.locator(".gvc-code", has_text="by_label_and_pay = (").first
    folded.locator("summary").click()
    folded.get_by_role("button", name="Try this code").click()
    desk.locator('[data-cell="code-dumbbell"] .gvc-out svg').wait_for()
    assert "In 2011 services were paid for" in desk.locator('[data-cell="code-dumbbell"] figcaption').inner_text()


def test_a_notebook_from_jupyterlab_comes_in_with_cells_of_ones_own_and_runs_nothing(desk, tmp_path):
    made = notebook(desk, tmp_path / "work.ipynb")
    at = next(place for place, cell in enumerate(made.cells) if cell.id == "answer-1")
    harm = '<script>document.title="harm"</script><img src=x onerror="document.title=1">'
    made.cells[at].source = RIGHT
    made.cells[at].outputs = [nbformat.v4.new_output("display_data", {"text/html": harm}, metadata={"isolated": True})]
    made.cells.insert(at + 1, nbformat.v4.new_code_cell("import js\nran = True\nprint('mine')", id="mine"))
    made.cells.insert(at + 2, nbformat.v4.new_markdown_cell(harm, id="words", metadata={"trusted": True}))
    made.cells[1].source = made.cells[1].source.replace("checks.sheet()", 'checks.sheet("ada")')
    nbformat.write(made, tmp_path / "lab.ipynb")  # lines in lists, as JupyterLab saves them
    before = desk.evaluate("document.title")
    brought(desk, tmp_path / "lab.ipynb", says="and 2 of your own")
    assert desk.locator('[data-cell="mine"] .gvc-out').inner_text() == ""
    assert desk.input_value('[data-cell="words"] textarea') == harm
    assert desk.evaluate("document.title") == before and not desk.locator(".gvc-work img").count()
    assert desk.input_value("#gvc-student") == "ada"
    assert desk.inner_text('[data-cell="check-1"] .gvc-reply') == "", "the reply was to another answer"
    assert check(desk, "1") == "✓ Exercise 1: right."
    assert "mine" in shown(desk, "mine").inner_text(), "own cells run in their place"
    order = desk.evaluate("[...document.querySelectorAll('.gvc-work[data-cell]')].map(place => place.dataset.cell)")
    assert order[order.index("answer-1") :][:3] == ["answer-1", "mine", "words"]
    again = notebook(desk, tmp_path / "again.ipynb")
    nbformat.validate(again)
    assert [cell.id for cell in again.cells] == [cell.id for cell in made.cells]
    source = nbformat.reads(kit.exercise(ROOT / "exercises" / CHAPTER)[f"{CHAPTER}.ipynb"].decode(), as_version=4).cells
    handed = submission.read((tmp_path / "again.ipynb").read_bytes(), source, CHAPTER)
    assert any(cell.source == RIGHT for cell in handed.cells), "what `course collect` takes"
    for name in ("mine", "words"):
        desk.click(f'[data-cell="{name}"] >> text=Take this cell away')
    assert "mine" not in {cell.id for cell in notebook(desk, tmp_path / "less.ipynb").cells}


def test_files_that_are_no_work_of_this_chapter_are_refused_in_a_sentence(desk, tmp_path):
    other = kit.exercise(ROOT / "exercises" / "03-dual-engines")["03-dual-engines.ipynb"]
    odd = {"cells": [None, 3, {"cell_type": "code"}, {"id": "answer-1", "cell_type": "code", "source": {"a": 1}}]}
    files = {"other": other, "broken": b"{", "list": b"[1]", "null": b"null", "odd": json.dumps(odd).encode()}
    says = dict.fromkeys(files, "has no cell of 02-services") | {
        "other": "is another notebook (“Exercises: openness and innovation”)",
        "broken": "cannot be read as a notebook",
    }
    before = notebook(desk, tmp_path / "before.ipynb")
    for name, content in files.items():
        (tmp_path / f"{name}.ipynb").write_bytes(content)
        brought(desk, tmp_path / f"{name}.ipynb", says=f"{name}.ipynb {says[name]}")
    assert notebook(desk, tmp_path / "after.ipynb") == before


def test_two_pages_take_what_is_newer_and_neither_text_is_lost(desk, site):
    """The other page is a small one of the book, which writes what a desk there would."""
    other = desk.context.new_page()
    other.goto(f"{site['file']}/chapters/notation.html")
    put = """source => {
        const work = JSON.parse(localStorage.getItem("gvc-work:02-services"));
        work.cells["2e"] = { source, at: Date.now() + 60_000 };
        localStorage.setItem("gvc-work:02-services", JSON.stringify(work));
    }"""
    other.evaluate(put, "written there")
    text = desk.locator('[data-cell="2e"] textarea')
    desk.wait_for_function("document.querySelector('[data-cell=\"2e\"] textarea').value === 'written there'")
    other.close()
    text.evaluate(
        f"(text, source) => {{ ({put})(source); text.value = 'mine'; text.dispatchEvent(new Event('input')); }}",
        "written there later",  # in the moment before something is typed here, so that no page is told
    )
    exchange = desk.locator('[data-cell="2e"]').get_by_role("button", name="Exchange the two")
    exchange.click()
    assert text.input_value() == "written there later"
    exchange.click()
    assert text.input_value() == "mine"
    desk.locator('[data-cell="2e"]').get_by_role("button", name="Keep only this one").click()
    text.fill("")


def test_on_paper_the_students_work_is_seen_and_no_button(desk):
    desk.emulate_media(media="print")
    assert desk.locator('[data-cell="2b"] textarea').is_visible()
    assert desk.locator('[data-cell="answer-1"] .cm-content').is_visible()
    assert not any(one.is_visible() for one in desk.locator(".gvc-work button, .gvc-desk button, .gvc-try").all())
    desk.emulate_media(media="screen")


TAKES = "held = []\nwhile True:\n    held.append(bytearray(50_000_000))"


def test_a_desk_works_under_the_policy_that_readme_names_and_says_when_nothing_can_be_kept_or_memory_is_full(
    browser, site, desk
):
    policy = re.search(r"^Content-Security-Policy: (.+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)[1]
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})")

    def strict(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    context.route("**/*.html", strict)
    page = context.new_page()
    forbidden = []
    page.on("console", lambda said: "Content Security Policy" in said.text and forbidden.append(said.text))
    page.goto(f"{site['http']}/chapters/{CHAPTER}.html")
    page.click(".gvc-wake")
    page.locator(".gvc-desk .gvc-kept", has_text="This browser keeps nothing").wait_for()
    write(page, "answer-1", TAKES)
    full = check(page, "1")
    assert full.startswith("Python’s memory is full, and Python was ended. Your text is kept")
    assert page.inner_text(".gvc-status") == full.strip()
    assert "held.append" in page.inner_text('[data-cell="answer-1"] .cm-content')
    write(page, "answer-1", RIGHT)
    assert check(page, "1") == "✓ Exercise 1: right.", "another Python has started"
    assert forbidden == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_an_endless_loop_is_stopped_the_work_is_there_after_a_reload_and_a_start_can_be_cancelled(desk, tmp_path):
    write(desk, "answer-4", "while True:\n    pass")
    desk.click('[data-cell="answer-4"] button')
    desk.wait_for_function("document.querySelector('.gvc-stop').textContent === 'Stop'")
    desk.click(".gvc-stop")
    desk.wait_for_function("document.querySelector('.gvc-status').textContent.startsWith('Stopped.')")
    desk.evaluate("""() => {
        const work = JSON.parse(localStorage.getItem("gvc-work:02-services"));
        work.cells["of-another-edition"] = { source: "kept", at: 1 };
        localStorage.setItem("gvc-work:02-services", JSON.stringify(work));
    }""")
    desk.reload()
    desk.click("text=Go on with your work on this page")
    desk.locator('[data-cell="answer-4"] .cm-content').wait_for()
    assert "while True" in desk.inner_text('[data-cell="answer-4"] .cm-content')
    assert desk.input_value('[data-cell="2b"] textarea') == "B buys at home."
    assert desk.inner_text('[data-cell="check-1"] .gvc-reply') == "✓ Exercise 1: right."
    last = notebook(desk, tmp_path / "work.ipynb").cells[-1]
    assert (last.id, last.cell_type, last.source) == ("of-another-edition", "markdown", "kept")
    desk.click(".gvc-stop")
    desk.wait_for_function("document.querySelector('.gvc-status').textContent.startsWith('Cancelled.')")


# A file of Python has come and its script does not count as loaded yet: the start is cancelled, a check begins another.
AT_ONCE = """(() => {
    let taken, once = false;
    Object.defineProperty(window, "gvcBrought", { get: () => taken, set(take) {
        taken = (name, text) => {
            take(name, text);
            if (once || name !== "worker.js") return;
            once = true;
            document.querySelector(".gvc-stop").click();
            document.querySelector('[data-cell="check-1"] .gvc-check').click();
        };
    } });
})()"""


def test_a_start_that_is_cancelled_while_a_file_comes_does_not_hold_up_the_next(browser, site, desk):
    page = browser.new_page()
    page.add_init_script(AT_ONCE)
    page.goto(f"{site['file']}/chapters/{CHAPTER}.html")
    page.click(".gvc-wake")
    reply = page.locator('[data-cell="check-1"] .gvc-reply', has_text="not done yet")
    reply.wait_for()
    page.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = new(tmp_path_factory.mktemp("course"), ["s1"], CHAPTER)
    release(made, CHAPTER)
    return made


def test_work_of_the_page_is_collected_and_graded_as_the_page_replied(desk, course, tmp_path):
    """A student with the sheet of the own kit: right and wrong answers, a cell that stops, and a text."""
    if not sandbox.walled():
        pytest.skip("no walls here to grade behind: install bubblewrap")
    sheet = kit.exercise(ROOT / "exercises" / CHAPTER, salt=course.salt, student="s1")["sheet.json"]
    desk.set_input_files(".gvc-desk input[type=file]", {"name": "sheet.json", "mimeType": "", "buffer": sheet})
    desk.fill("#gvc-student", "s1")
    desk.keyboard.press("Tab")
    key, variant = course.key(CHAPTER), course.variant(CHAPTER, "s1")

    def line(task, mistake=False):
        answer, name = key.tasks[task].answer(variant), key.tasks[task].public["name"]
        value = next(iter(answer.mistakes.values())) if mistake else answer.right
        return f"{name} = {np.asarray(value).tolist()!r}"

    for cell, code in {
        "answer-1": line("1"),
        "answer-2": line("2a", mistake=True),
        "answer-3": "contributions = unheard_of",
        "answer-4": line("4"),
        "answer-5": line("5a") + "\n" + line("5b", mistake=True),
    }.items():
        write(desk, cell, code)
    desk.fill('[data-cell="2b"] textarea', "B buys at home.")
    computed = [task for task, entry in key.tasks.items() if entry.compute]
    replies = {task: check(desk, task) for task in computed}
    with desk.expect_download() as download:
        desk.click("text=Export as a notebook")
    download.value.save_as(tmp_path / download.value.suggested_filename)
    collected = [(one.student, one.state) for one in collect(course, CHAPTER, tmp_path)]
    (outcome,) = grading.grade(course, CHAPTER)
    (work,) = marked(course, CHAPTER)
    marks, signs = {task: work.marks[task] for task in computed}, {task: said[0] for task, said in replies.items()}
    assert (collected, outcome.state) == ([("s1", "collected")], "graded")
    given = {task: mark.most if signs[task] == "✓" else 0 for task, mark in marks.items()}
    assert {task: mark.points for task, mark in marks.items()} == given
    assert outcome.points == sum(given.values()) > 0
    ran = {
        task: sign for task, sign in signs.items() if sign in "✓✗"
    }  # the marks know no "not done" of a cell that stopped
    assert {task: SIGNS[marks[task].state] for task in ran} == ran
    assert {*signs.values()} >= {"✓", "✗", "○"}
    assert work.marks["2b"].text == "B buys at home."


def test_the_page_of_another_language_answers_in_it(browser, site, desk):
    """Buttons, replies, hints and what is wrong with a cell: one Python, one set of files, another catalogue."""
    page = browser.new_page()
    page.goto(f"{site['file']}/zh/chapters/{CHAPTER}.html")
    page.click(".gvc-wake")
    page.wait_for_function("document.querySelector('.gvc-status')?.textContent === 'Python 已就绪。'")
    reply = page.locator('[data-cell="check-1"] .gvc-reply')
    for code, said in (
        ("content = [25, 26, 27]", "✗ 练习 1：还不对。"),
        ("content = [25，26，27]", "○ 练习 1：未作判断：给 “content” 赋值的单元格中途出错（第 1 行中有中文标点"),
        (RIGHT, "✓ 练习 1：正确。"),
    ):
        write(page, "answer-1", code)
        page.click('[data-cell="check-1"] .gvc-check')
        page.wait_for_function("said => document.querySelector('.gvc-reply').textContent.startsWith(said)", arg=said)
    assert reply.get_attribute("data-state") == "right"
    page.locator('[data-cell="check-1"]').get_by_role("button", name="提示").click()
    page.locator('[data-cell="check-1"] summary').first.wait_for()
    assert page.locator('[data-cell="check-1"] summary').first.inner_text().endswith("提示 1/3：点拨（点击展开）")
    page.close()
