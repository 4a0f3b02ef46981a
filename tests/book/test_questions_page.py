"""The short questions in a real browser, over http and from the folder itself, with every other host refused."""

import functools
import http.server
import json
import subprocess
import sys
import threading
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from conftest import _Quiet
from screens import LAPTOP, PHONE, RULES

from valuechains.authoring.questions import ChoiceQuestion, NumberQuestion, read

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
CHAPTER, OTHER = "02-services", "06-industrial-brain"
CONF = """project = "Questions"
extensions = ["myst_nb", "valuechains.book"]
nb_execution_mode = "off"
html_theme = "sphinx_book_theme"
"""
NUMBERS = yaml.safe_dump(
    [
        {
            "id": "half",
            "kind": "number",
            "text": "What is half of it?",
            "answer": "50",
            "unit": "percent",
            "tolerance": 0.1,
            "right": "So it is.",
            "nudge": "Halve.",
            "mistakes": [{"value": 25, "says": "A quarter."}, {"value": 100, "says": "All."}],
        },
        {
            "id": "ratio",
            "kind": "number",
            "text": "What is $9/8$?",
            "answer": "9 / 8",
            "tolerance": 0.01,
            "right": "So it is.",
            "nudge": "Divide.",
            "mistakes": [{"value": "8 / 9", "says": "Upside down."}, {"value": 72, "says": "A product."}],
        },
    ]
)
FILES = {chapter: ROOT / "exercises" / chapter / "questions.yml" for chapter in (CHAPTER, OTHER)}
SOURCES = {chapter: file.read_text(encoding="utf-8") for chapter, file in FILES.items()}


def _as_met(file: Path) -> list[ChoiceQuestion | NumberQuestion]:
    """The questions in the order in which a reader of `_write`'s page meets them."""
    asked = read(file)
    places = list(dict.fromkeys(one.after for one in asked))
    return sorted(asked, key=lambda one: places.index(one.after))


ASKED = {chapter: _as_met(file) for chapter, file in FILES.items()}
CHOICE = next(place for place, one in enumerate(ASKED[CHAPTER]) if isinstance(one, ChoiceQuestion))
NUMBER = next(place for place, one in enumerate(ASKED[CHAPTER]) if isinstance(one, NumberQuestion))
BOTH_SCHEMES = pytest.mark.parametrize("scheme", ["http", "file"])


def _build(folder: Path, builder: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder, folder, folder / builder]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _write(folder: Path, **sources: str) -> None:
    """The sources of a site: a page for each chapter, with its questions."""
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text("# Home\n\n```{toctree}\n" + "\n".join(sources) + "\n```\n", encoding="utf-8")
    for chapter, source in sources.items():
        stored = folder / "exercises" / chapter / "questions.yml"
        stored.parent.mkdir(parents=True)
        stored.write_text(source, encoding="utf-8")
        places = dict.fromkeys(entry["after"] for entry in yaml.safe_load(source) if "after" in entry)
        sections = "".join(f"## {place.replace('-', ' ')}\n\nSome text.\n\n" for place in places)
        page = f"# Chapter\n\n{sections}## Check yourself\n\n```{{questions}} {chapter}\n```\n\n## After\n"
        (folder / f"{chapter}.md").write_text(page, encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The addresses of a small site with the questions of two chapters, and with two for the reading of numbers."""
    folder = tmp_path_factory.mktemp("questions")
    _write(folder, **SOURCES, numbers=NUMBERS)
    made = _build(folder, "html")
    assert made.returncode == 0, made.stderr
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder / "html"))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"http": f"http://127.0.0.1:{server.server_port}", "file": (folder / "html").as_uri()}
    server.shutdown()


def _printed(text: str) -> str:
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


class Reader:
    """A reader at the questions of a chapter; refused requests and script errors are noted."""

    def __init__(self, browser, site, scheme="file", viewport=LAPTOP, **settings):
        self.site, self.faults = site[scheme], []
        self.context = browser.new_context(viewport=viewport, reduced_motion="reduce", **settings)
        self.context.on("request", lambda asked: self._note(asked.url))
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))

    def _note(self, url):
        if not url.startswith((self.site, "data:", "blob:")):
            self.faults.append(url)

    def open(self, chapter=CHAPTER):
        self.page.goto(f"{self.site}/{chapter}.html")
        return self

    def form(self, place):
        return self.page.locator(".gvc-questions form").nth(place)

    def answer(self, place, given) -> str:
        """Answer a question, with the place of an option or with what to type; returns the reply."""
        form = self.form(place)
        if isinstance(given, int):
            form.locator("input").nth(given).check()
        else:
            form.locator("input").fill(given)
        form.get_by_role("button").click()
        return self.reply(place)

    def reply(self, place) -> str:
        return self.form(place).locator("output").inner_text()

    def status(self) -> str:
        return self.page.locator(".gvc-progress [role=status]").inner_text()

    def button(self, name):
        return self.page.locator(".gvc-progress").get_by_role("button", name=name)

    def exported(self) -> tuple[str, list[dict]]:
        with self.page.expect_download() as download:
            self.button("Export").click()
        return download.value.suggested_filename, json.loads(Path(download.value.path()).read_text(encoding="utf-8"))


@pytest.fixture
def reader(browser, pages):
    """Open a page as one reader: reader("http"); no other host is asked, no script fails."""
    opened = []

    def come(*args, **settings):
        opened.append(Reader(browser, pages, *args, **settings))
        return opened[-1]

    yield come
    for one in opened:
        one.context.close()
    assert [one.faults for one in opened] == [[]] * len(opened)


@pytest.fixture(scope="module")
def shared(browser, pages):
    """A page with a number in percent and one without a unit, for tests that only type and look."""
    seen = Reader(browser, pages).open("numbers")
    yield seen
    seen.context.close()


@BOTH_SCHEMES
def test_every_option_gets_its_own_reply(reader, scheme):
    seen, one = reader(scheme).open(), ASKED[CHAPTER][CHOICE]
    for place, says in enumerate(one.says):
        word = "Right." if place == one.right else "Not yet."
        assert seen.answer(CHOICE, place) == _printed(f"{word} {says}")


@BOTH_SCHEMES
def test_a_number_and_its_mistakes_get_their_replies(reader, scheme):
    seen, one = reader(scheme).open(), ASKED[CHAPTER][NUMBER]
    assert seen.answer(NUMBER, f"{one.answer:g}") == _printed(f"Right. {one.right}")
    assert seen.answer(NUMBER, f"{one.answer + 0.9 * one.tolerance:.6g}").startswith("Right.")
    for value, says in one.mistakes:
        assert seen.answer(NUMBER, f"{value:.6g}") == _printed(f"Not yet. {says}")
    assert seen.answer(NUMBER, f"{one.answer * 1.3:g}") == _printed(f"Not yet. {one.nudge}")


PERCENT, PLAIN = 0, 1


@pytest.mark.parametrize(
    "place, text, reply",
    [
        (PERCENT, "50", "Right. So it is."),
        (PERCENT, "50 percent", "Right. So it is."),
        (PERCENT, "50 %", "Right. Read as 50 percent."),
        (PERCENT, " 50,0 ", "Right. Read as 50 percent."),
        (PERCENT, "0.5", "Not yet. The digits are right and the size is 100 times off"),
        (PLAIN, "112.5%", "Right. Read as 1.125."),
        (PLAIN, "1,12", "Right. Read as 1.12."),
        (PLAIN, "1,125", "Not yet. Read as 1125."),
        (PLAIN, "1.234,5", "Not yet. Read as 1234.5."),
        (PLAIN, "12 345", "Not yet. Read as 12345."),
        (PLAIN, "0,889", "Not yet. Read as 0.889. Upside down."),
        (PLAIN, "US$ 72", "Not yet. Read as 72. A product."),
        (PLAIN, "\N{MINUS SIGN}2", "Not yet. Read as -2."),
        *((PLAIN, text, "Not checked.") for text in ("", "abc", "1.2.3", "5 apples", "1/2", "-")),
    ],
)
def test_a_number_is_read_as_people_write_it(shared, place, text, reply):
    assert shared.answer(place, text).startswith(reply)


@BOTH_SCHEMES
def test_progress_is_kept_until_it_is_cleared(reader, scheme):
    seen, total = reader(scheme).open(), len(ASKED[CHAPTER])
    one, other = ASKED[CHAPTER][CHOICE], ASKED[CHAPTER][NUMBER]
    right = seen.answer(CHOICE, one.right)
    wrong = seen.answer(NUMBER, f"{other.mistakes[0][0]:g}")
    assert seen.status() == f"1 of {total} right"
    seen.page.reload()
    assert (seen.status(), seen.reply(CHOICE), seen.reply(NUMBER)) == (f"1 of {total} right", right, wrong)
    assert seen.form(CHOICE).locator("input").nth(one.right).is_checked()
    seen.button("Clear").click()
    assert seen.status() == f"Cleared. 0 of {total} right"
    assert (seen.reply(CHOICE), seen.form(NUMBER).locator("input").input_value()) == ("", "")
    seen.page.reload()
    assert (seen.status(), seen.reply(CHOICE)) == (f"0 of {total} right", "")
    assert seen.page.evaluate("localStorage.getItem('gvc-questions:02-services')") is None


def test_a_changed_answer_takes_its_reply_away(reader):
    seen = reader().open()
    seen.answer(CHOICE, ASKED[CHAPTER][CHOICE].right)
    seen.form(CHOICE).locator("input").nth((ASKED[CHAPTER][CHOICE].right + 1) % 3).check()
    assert (seen.reply(CHOICE), seen.status()[:1]) == ("", "0")


@BOTH_SCHEMES
def test_answers_are_exported_for_one_chapter_and_for_all(reader, scheme):
    seen = reader(scheme).open(OTHER)
    seen.answer(0, "1")
    seen.open()
    seen.answer(NUMBER, "1,5")
    name, rows = seen.exported()
    assert name == f"answers-{CHAPTER}.json"
    assert [set(row) for row in rows] == [{"chapter", "question", "answer", "state", "time"}]
    assert (rows[0]["question"], rows[0]["answer"], rows[0]["state"]) == (ASKED[CHAPTER][NUMBER].id, "1,5", "wrong")
    seen.page.get_by_label("All chapters").check()
    name, rows = seen.exported()
    assert (name, [row["chapter"] for row in rows]) == ("answers-all.json", [CHAPTER, OTHER])
    seen.page.on("dialog", lambda dialog: dialog.accept())
    seen.button("Clear").click()
    seen.open(OTHER)
    assert seen.status().startswith("0 of")


def test_everything_is_done_by_keyboard(reader):
    seen, one = reader().open(), ASKED[CHAPTER][CHOICE]
    press = seen.page.keyboard.press
    radios = seen.form(CHOICE).locator("input")
    radios.first.focus()
    press("Space")
    for _ in range(one.right):
        press("ArrowDown")
    press("Tab")
    assert seen.page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Check question {CHOICE + 1}"
    press("Enter")
    assert seen.reply(CHOICE).startswith("Right.")
    seen.form(NUMBER).locator("input").focus()
    seen.page.keyboard.type("x")
    press("Enter")
    assert seen.reply(NUMBER).startswith("Not checked.")
    reached = []
    while len(reached) < 60 and "Clear" not in reached:
        press("Tab")
        reached.append(seen.page.evaluate("document.activeElement.textContent"))
    assert reached[-2:] == ["Export", "Clear"]
    press("Enter")
    assert seen.status().startswith("Cleared.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_answered_questions_have_no_fault_that_axe_finds(reader, theme):
    seen = reader("http", {**LAPTOP, "height": 3000}, color_scheme=theme).open()
    seen.answer(CHOICE, ASKED[CHAPTER][CHOICE].right)
    seen.answer(NUMBER, "7")
    seen.page.locator(".gvc-questions form").last.get_by_role("button").click()
    states = seen.page.evaluate("[...document.querySelectorAll('form[data-state]')].map(form => form.dataset.state)")
    assert set(states) == {"right", "wrong", "none"}
    seen.page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
    seen.page.evaluate("Promise.allSettled(document.getAnimations().map(change => change.finished))")
    seen.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = seen.page.evaluate("rules => axe.run('.gvc-questions', {runOnly: rules, preload: false})", RULES)
    assert found["passes"], "axe looked at nothing"
    assert [(rule["id"], node["html"]) for rule in found["violations"] for node in rule["nodes"]] == []


def test_fits_a_phone_and_its_fingers(reader):
    seen = reader(viewport=PHONE).open()
    for place, one in enumerate(ASKED[CHAPTER]):
        seen.answer(place, 0 if isinstance(one, ChoiceQuestion) else "7")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    heights = seen.page.evaluate("""[...document.querySelectorAll('.gvc-questions :is(label, button)')]
        .map(part => part.getBoundingClientRect().height)""")
    assert min(heights) >= 24


def test_without_a_script_the_page_says_so(reader):
    seen = reader(java_script_enabled=False).open()
    assert seen.page.locator(".gvc-questions noscript").count() == 1
    assert "turn JavaScript on" in seen.page.locator(".gvc-questions noscript").inner_text()
    assert seen.page.get_by_role("button", name="Check").count() == 0


def test_answers_are_checked_where_nothing_can_be_kept(reader):
    seen = reader()
    seen.context.add_init_script("""const kept = Storage.prototype.setItem;
        Storage.prototype.setItem = function (name, value) {
          if (name.startsWith("gvc-questions:")) throw new Error("refused");
          kept.call(this, name, value);
        };""")
    seen.open()
    assert seen.answer(CHOICE, ASKED[CHAPTER][CHOICE].right).startswith("Right.")
    assert "keeps no answers" in seen.page.locator(".gvc-kept").inner_text()
    assert len(seen.exported()[1]) == 1


def test_print_shows_the_questions_and_no_buttons(reader):
    seen = reader().open()
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".gvc-questions legend").first.is_visible()
    assert seen.page.locator(".gvc-questions label").first.is_visible()
    assert not any(button.is_visible() for button in seen.page.locator(".gvc-questions button").all())


def test_the_page_carries_little(pages, tmp_path):
    folder = Path(pages["file"].removeprefix("file://"))
    for chapter in ASKED:
        html = (folder / f"{chapter}.html").read_text(encoding="utf-8")
        start = html.index('<div class="gvc-questions"')
        assert len(html[start : html.index("</section>", start)].encode()) < 6000
    without = (folder / "index.html").read_text(encoding="utf-8")
    assert "questions.js" not in without and "questions.css" not in without


def test_a_question_stands_in_its_section_and_the_end_leads_to_each(reader):
    seen = reader().open()
    stand = seen.page.evaluate("""[...document.querySelectorAll(".gvc-questions form")].map((form) =>
        [form.closest("section").querySelector("h2").firstChild.data, form.querySelector("legend").textContent])""")
    asked = ASKED[CHAPTER]
    assert [place for place, _ in stand] == [one.after.replace("-", " ") for one in asked]
    assert [said.split(".")[0] for _, said in stand] == [f"Question {n}" for n in range(1, len(asked) + 1)]
    assert seen.page.locator("section#check-yourself .gvc-progress").count() == 1
    ways = seen.page.locator("section#check-yourself .gvc-ways a")
    assert ways.count() == len(asked)
    seen.answer(CHOICE, asked[CHOICE].right)
    assert ways.nth(CHOICE).get_attribute("data-state") == "right"
    ways.nth(CHOICE).click()
    assert seen.page.evaluate("location.hash") == f"#question-{asked[CHOICE].id}"


def test_a_question_for_no_section_stops_the_build(tmp_path):
    wrong = SOURCES[CHAPTER].replace(f"after: {ASKED[CHAPTER][0].after}", "after: nowhere", 1)
    _write(tmp_path, **{CHAPTER: wrong})
    page = tmp_path / f"{CHAPTER}.md"
    page.write_text(page.read_text(encoding="utf-8").replace("## nowhere", "## somewhere"), encoding="utf-8")
    made = _build(tmp_path, "dummy")
    assert made.returncode
    assert f"{CHAPTER}/questions.yml, question" in made.stderr and "no heading has the id 'nowhere'" in made.stderr


def test_a_faulty_file_stops_the_build(tmp_path):
    _write(tmp_path, numbers=NUMBERS.replace("tolerance: 0.1", "tolerance: 40"))
    made = _build(tmp_path, "dummy")
    assert made.returncode
    assert "exercises/numbers/questions.yml, question half: the tolerance must be" in made.stderr
