"""Twins on the page, from a file and with every other host refused: moved by keyboard, compared with the Python
model."""

import csv
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlsplit

import altair as alt
import nbformat
import pandas as pd
import pytest
from demo_twins import harvest_twin, newsvendor_twin
from grids import OVER_A_GRID, by_lot, differing, same
from keyboard import last, moves
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from valuechains import figures, twins
from valuechains.figures import MIME
from valuechains.widgets import Grid, Stored, Twin

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
CONF = """project = "Twins"
extensions = ["myst_nb", "valuechains.book"]
nb_execution_mode = "off"
html_theme = "sphinx_book_theme"
"""
TWINS = {
    twin.name: twin for twin in (newsvendor_twin(), harvest_twin(), *(getattr(twins, name)() for name in twins.__all__))
}
# A chart may leave out what it cannot place: rows without these, or without anything.
PLACED = {"smile-explorer": ["position", "height"]}
EVERY_TWIN = pytest.mark.parametrize("name", TWINS, scope="module")  # the tests of a twin follow one another
ASKED = {
    twin.name: twin for twin in (twins.every_way(of) for of in ("regional", "partners"))
}  # of one kind with a twin above


def _published() -> dict[str, str]:
    """The twins that the chapters show, with their pages."""
    found = {}
    for notebook in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                about = output.get("data", {}).get(MIME, {}).get("usermeta", {}).get("valuechains", {})
                if "twin" in about:
                    found[about["name"]] = f"chapters/{notebook.stem}.html"
    return found


PUBLISHED = _published()


def plain_figure() -> figures.Figure:
    """A chart that is no twin."""
    rows = pd.DataFrame({"year": [2010, 2011], "share": [0.25, 0.31]})
    return figures.publish(
        alt.Chart(rows).mark_bar().encode(x="year:O", y="share:Q"),
        finding="A share grew",
        measure="Share",
        unit="of the whole",
        source="Made up for the tests, 2026",
        name="plain",
    )


@pytest.fixture(scope="module")
def own_pages(tmp_path_factory) -> str:
    """The address of a book with a page for each twin, as it is declared now."""
    folder = tmp_path_factory.mktemp("twins")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    figured = {**{name: twin.figure for name, twin in TWINS.items()}, "plain": plain_figure()}
    for name, figure in figured.items():
        output = new_output("display_data", data=figure._repr_mimebundle_())
        cells = [new_markdown_cell(f"# {name}"), new_code_cell("show", execution_count=1, outputs=[output])]
        nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / f"{name}.ipynb")
    (folder / "index.md").write_text(
        "# Every twin\n\n```{toctree}\n" + "\n".join(figured) + "\n```\n", encoding="utf-8"
    )
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    made = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", folder, folder / "html"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return (folder / "html").as_uri()


class Page:
    """A page with a twin, its controls moved by keyboard."""

    def __init__(self, browser, address: str, twin: Twin):
        self.twin, self.now = twin, twin.settings()
        self.refused, self.errors = [], []
        self.context = browser.new_context(viewport={"width": 1000, "height": 900})
        self.context.on("request", lambda asked: self._note(asked.url))
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        self.page.goto(address)
        self.page.evaluate("gvc.drawn")  # asked for, a chart is drawn that is not near
        self.figure = self.page.locator(f"figure#{twin.name}")
        self.page.wait_for_function(
            "name => document.getElementById(name).gvc && document.querySelector(`#${name} .gvc-controls button`)",
            arg=twin.name,
        )
        self.first = self.signals("says", *twin.controls)

    def _note(self, url: str):
        if not url.startswith(("file:", "data:", "blob:")):
            self.refused.append(url)

    def reset(self):
        """As it was opened."""
        self.page.emulate_media(media="screen")
        self.figure.get_by_role("button", name="Reset").click()
        self.now = self.twin.settings()
        self.move()

    def control(self, name: str):
        return self.figure.get_by_label(self.twin.controls[name].label, exact=True)

    def move(self, **changes) -> dict:
        """Press the keys that bring the controls there: the arrows, after Home or End where that is nearer. Returns how
        the controls are set then: one that changes nothing there stays as it was."""
        for name, value, pressed in moves(self.twin, self.now, changes, by_pages=True):
            self.page.wait_for_function("part => !part.ariaDisabled", arg=self.control(name).element_handle())
            self.control(name).focus()
            for key in pressed:
                self.page.keyboard.press(key)
            self.now[name] = value
        self.page.wait_for_function(  # a list tells of its new entry a moment after the key
            "([twin, now]) => Object.entries(now).every(([name, value]) => "
            "document.getElementById(twin).gvc.view.signal(name) === value)",
            arg=[self.twin.name, self.now],
        )
        return dict(self.now)

    def ask(self, script: str, *arguments):
        """What a script finds; `figure` is the twin's and `view` its Vega view, with nothing left to draw."""
        return self.page.evaluate(
            f"""async ([name, ...given]) => {{
            const figure = document.getElementById(name), view = figure.gvc.view;
            await view.runAsync();
            {script} }}""",
            [self.twin.name, *arguments],
        )

    def signals(self, *names: str) -> list:
        return self.ask("return given.map((signal) => view.signal(signal));", *names)

    def save(self, kind: str) -> Path:
        """The file that a link of the figure saves."""
        with self.page.expect_download() as saved:
            self.figure.locator(".gvc-downloads a", has_text=kind).click()
        assert saved.value.suggested_filename == f"{self.twin.name}.{kind.lower()}"
        return saved.value.path()

    def rows(self, frame: str, columns: list[str]) -> list[dict]:
        """The rows of a frame that the chart draws."""
        return self.ask(
            """const [frame, columns] = given;
            const { data } = view.getState({data: () => true, signals: () => false});
            const held = Object.keys(data).find((one) => view.data(one)[0]?._frame === frame);
            if (!held) return [];
            return view.data(held).map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));""",
            frame,
            columns,
        )


@pytest.fixture(scope="module")
def shared(browser, own_pages, name):
    """The page of a twin, opened once for its tests."""
    page = Page(browser, f"{own_pages}/{name}.html", TWINS[name])
    yield page
    page.context.close()


@pytest.fixture
def page(shared):
    """The page of a twin, set as it was opened."""
    shared.reset()
    return shared


@pytest.fixture
def opened(browser, request):
    """A page of one's own with a twin: opened(name)."""
    pages = []

    def go(name: str, published: bool = False) -> Page:
        address = (
            f"{request.getfixturevalue('site')['file']}/{PUBLISHED[name]}"
            if published
            else f"{request.getfixturevalue('own_pages')}/{name}.html"
        )
        pages.append(Page(browser, address, {**TWINS, **ASKED}[name]))
        return pages[-1]

    yield go
    for page in pages:
        page.context.close()


def order(row: dict) -> list:
    """Vega keeps no order among rows that come and go: by what they are called, then by their numbers."""
    words = [value for value in row.values() if isinstance(value, str)]
    numbers = [value for value in row.values() if not isinstance(value, str)]
    return [words, [-1e9 if value is None or value != value else round(value, 2) for value in numbers]]


@EVERY_TWIN
def test_moved_by_keyboard_it_shows_what_the_model_says(page, name):
    twin = page.twin
    assert page.first == [twin.read().says, *twin.settings().values()]
    exact = 0 if isinstance(twin.page, Grid) else 1e-7
    for setting in [twin.settings(), *by_lot(twin, 6)]:
        setting = page.move(**setting)
        reading = twin.read(**setting)
        assert page.signals(*twin.controls) == list(setting.values())
        (result,) = page.signals("result")
        assert list(result) == list(reading.result)
        assert all(same(result[field], value, exact) for field, value in reading.result.items()), (setting, result)
        page.figure.get_by_role("status").get_by_text(reading.says, exact=True).wait_for()
        for frame_name, frame in reading.frames.items():
            close = exact if isinstance(twin.page.frames[frame_name], Stored) else 1e-3
            rows = page.rows(frame_name, list(frame))
            frame = frame if len(rows) == len(frame) else frame.dropna(subset=PLACED.get(name))
            assert len(rows) == len(frame)
            for found, expected in zip(
                sorted(rows, key=order), sorted(frame.to_dict("records"), key=order), strict=True
            ):
                assert all(same(found[column], value, close) for column, value in expected.items()), (
                    setting,
                    found,
                    expected,
                )
    assert page.refused == [] and page.errors == []


@EVERY_TWIN
def test_over_a_grid_of_settings_it_agrees_with_the_model(page, name):
    settings = by_lot(page.twin, 300)
    found = page.ask(f"return ({OVER_A_GRID})(given[0], given[1]);", page.twin.name, settings)
    assert differing(page.twin, settings, found) == []


@EVERY_TWIN
def test_its_controls_are_named_and_a_button_resets_them(page, name):
    twin = page.twin
    group = page.figure.get_by_role("group", name=twin.finding)
    for control in twin.controls.values():
        found = group.get_by_role("slider" if control.kind == "range" else "combobox", name=control.label, exact=True)
        if control.kind == "range":
            assert found.get_attribute("aria-valuetext") == control.options[control.start]
        else:
            assert found.evaluate("select => [...select.options].map(option => option.textContent)") == list(
                control.offered(twin.settings()).values()
            )
    setting = page.move(**last(twin))
    for control in twin.controls.values():
        if control.kind == "range":
            assert page.control(control.name).get_attribute("aria-valuetext") == control.options[setting[control.name]]
            assert page.figure.locator("output", has_text=control.options[setting[control.name]]).first.is_visible()
    assert page.figure.get_by_role("status").count() == 1, "a move is told once"
    group.get_by_role("button", name="Reset").focus()
    page.page.keyboard.press("Enter")
    assert page.signals(*twin.controls) == list(twin.settings().values())
    page.figure.get_by_role("status").get_by_text(twin.read().says, exact=True).wait_for()


def test_a_list_on_the_page_follows_the_control_on_which_it_hangs(opened):
    page = opened("verdict-bench")
    offers = page.twin.controls["leave"].offers
    many, few = (pick(offers, key=lambda claim: len(offers[claim])) for pick in (max, min))
    listed = "select => [...select.options].map(option => option.textContent)"
    left = [*offers[many]][-1]
    page.move(claim=many, leave=left)
    assert page.control("leave").evaluate(listed) == list(offers[many].values())
    page.figure.get_by_role("status").get_by_text(page.twin.read(claim=many, leave=left).says, exact=True).wait_for()
    page.control("claim").select_option(page.twin.controls["claim"].options[few])
    page.figure.get_by_role("status").get_by_text(page.twin.read(claim=few).says, exact=True).wait_for()
    assert page.control("leave").evaluate(listed) == list(offers[few].values()) and left not in offers[few]
    assert page.errors == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_book_s_own_page_holds_the_twin_as_it_is_declared(opened, name):
    page = opened(name, published=True)
    setting = page.move(**last(page.twin))
    reading = page.twin.read(**setting)
    assert page.signals("says") == [reading.says]
    page.figure.get_by_role("status").get_by_text(reading.says, exact=True).wait_for()
    assert page.refused == [] and page.errors == []


def test_an_empty_setting_is_said_and_its_table_is_empty(opened):
    page = opened("harvest")
    page.move(year=2021)
    page.figure.get_by_role("status").get_by_text('The "north", 2021: nothing was reported.', exact=True).wait_for()
    assert page.rows("fields", ["field"]) == []
    assert page.figure.locator("tbody tr").count() == 0
    idle = page.control("doubled")
    assert idle.get_attribute("aria-disabled") == "true"
    assert idle.evaluate("part => document.getElementById(part.getAttribute('aria-describedby')).textContent") == (
        "No effect here. Nothing was reported."
    )
    page.control("year").press("Tab")
    assert idle.evaluate("part => part === document.activeElement"), "it keeps its place in the order of focus"
    page.page.keyboard.press("ArrowDown")
    assert page.signals("doubled") == ["no"]
    page.move(place="south", year=2020)
    assert idle.get_attribute("aria-disabled") is None and idle.get_attribute("aria-describedby") is None
    page.move(year=2021)
    page.figure.get_by_role("status").get_by_text("South's end: +0.00 on 1 fields.", exact=True).wait_for()
    assert page.figure.locator("tbody tr").count() == 1
    assert "NaN" not in page.figure.inner_text()


def test_table_download_and_words_follow_the_controls(opened):
    page = opened("harvest")
    page.move(doubled="yes")
    says = page.twin.read(doubled="yes").says
    page.figure.get_by_role("status").get_by_text(says, exact=True).wait_for()
    page.figure.get_by_text("Show the data").click()
    frame = page.twin.read(doubled="yes").frames["fields"].dropna()
    shown = page.figure.locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in shown] == frame["field"].tolist()
    assert "6.28" in shown[0] and "\N{MINUS SIGN}5" in shown[1]
    link = page.figure.locator(".gvc-downloads a", has_text="CSV").get_attribute("href")
    _head, *rows = csv.reader(io.StringIO(unquote(link.partition(",")[2])))
    assert len(rows) == 2 and frame.loc[0, "field"] in rows[0] and "6.28" in rows[0]
    assert page.figure.locator("#harvest-words").text_content().startswith(says)
    page.figure.get_by_role("button", name="Walk").press("Enter")
    line = page.figure.locator("[role=treeitem]:focus")
    line.wait_for()
    page.page.keyboard.press("End")
    page.figure.locator("[role=treeitem]:focus", has_text="Yield in 2020, \N{MINUS SIGN}5.00 to 6.28").wait_for()
    page.move(doubled="no")
    page.figure.get_by_role("treeitem", name="Yield in 2020, \N{MINUS SIGN}2.50 to 3.14").wait_for()
    page.figure.get_by_role("button", name="Reset").press("w")
    page.figure.locator("[role=treeitem]:focus", has_text="Yield in 2020").wait_for()


def drawn_texts(svg: str) -> str:
    """What is written in a drawing, a blank between the pieces."""
    texts = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return " ".join(" ".join(piece for text in texts for piece in text.itertext()).split())


@EVERY_TWIN
def test_what_is_saved_is_what_is_on_screen(page, name):
    """From file://, where a link to a picture would take the page's place."""
    setting = page.move(**last(page.twin))
    page.figure.get_by_role("status").get_by_text(page.twin.read(**setting).says, exact=True).wait_for()
    before = page.page.url
    svg = page.save("SVG").read_text(encoding="utf-8")
    said = drawn_texts(svg)
    about = page.twin.figure.about
    for part in (about["finding"], page.twin.setting(setting), page.twin.read(**setting).says, about["source"][0]):
        assert " ".join(part.rstrip(".").split()) in said
    assert page.ask(
        """const marks = (svg) => [...svg.querySelectorAll(".role-mark path")].length;
        const saved = new DOMParser().parseFromString(given[0], "image/svg+xml");
        return marks(saved) === marks(figure.querySelector(".gvc-live svg"));""",
        svg,
    )
    assert "var(--" not in svg and 'fill="white"' in svg, "on paper"
    png = page.save("PNG").read_bytes()
    assert png.startswith(b"\x89PNG") and int.from_bytes(png[16:20], "big") > 1200
    assert page.page.url == before and page.errors == []


def test_pictures_of_two_settings_differ(opened):
    page = opened("newsvendor")
    first = page.save("PNG").read_bytes(), page.save("SVG").read_bytes()
    page.move(sd=5)
    page.figure.get_by_role("status").get_by_text(page.twin.read(sd=5).says, exact=True).wait_for()
    second = page.save("PNG").read_bytes(), page.save("SVG").read_bytes()
    assert all(before != after for before, after in zip(first, second, strict=True))


@EVERY_TWIN
def test_paper_has_the_setting_and_the_sentence(page, name):
    setting = page.move(**last(page.twin))
    page.figure.get_by_role("status").get_by_text(page.twin.read(**setting).says, exact=True).wait_for()
    page.page.emulate_media(media="print")
    shown = " ".join(page.figure.inner_text().split())
    for part in (page.twin.finding, page.twin.setting(setting), page.twin.read(**setting).says, "Source: "):
        assert " ".join(part.split()) in shown
    assert not page.figure.locator(".gvc-controls").is_visible()


def test_without_scripts_the_first_setting_is_said(browser, own_pages):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name, twin in TWINS.items():
        page.goto(f"{own_pages}/{name}.html")
        figure = page.locator(f"figure#{name}")
        stored = figure.locator(".gvc-downloads a", has_text="SVG").evaluate("link => link.href")
        drawn = drawn_texts(Path(unquote(urlsplit(stored).path)).read_text(encoding="utf-8"))
        for said in (" ".join(figure.inner_text().split()), drawn):
            assert all(" ".join(part.split()) in said for part in (twin.setting(twin.settings()), twin.read().says))
    context.close()


def test_a_chart_s_files_are_saved_from_the_folder_and_leave_the_page_in_place(browser, own_pages):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{own_pages}/plain.html")
    page.wait_for_function("document.getElementById('plain').gvc")
    saved = {}
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as download:
            page.locator("#plain .gvc-downloads a", has_text=kind).click()
        assert download.value.suggested_filename == f"plain.{kind.lower()}"
        saved[kind] = download.value.path().read_bytes()
    assert page.url == f"{own_pages}/plain.html"
    said = drawn_texts(saved["SVG"].decode())
    assert all(part in said for part in ("A share grew", "Share, of the whole", "Source: Made up for the tests, 2026."))
    assert saved["PNG"].startswith(b"\x89PNG")
    assert saved["CSV"].decode().splitlines()[1:] == ["2010,0.25", "2011,0.31"]
    context.close()


@EVERY_TWIN
def test_it_answers_at_once(page, name, page_report):
    """Not a test of the clock: the time from a moved control to the redrawn chart goes into the summary."""
    times = page.ask(
        """const inputs = [...figure.querySelectorAll(".gvc-control :is(select, input)")], times = [];
        for (const place of given[0]) {
          const input = inputs[place % inputs.length], last = input.options?.length ?? Number(input.max) + 1;
          const start = performance.now();
          input.value = (Number(input.value) + 1 + place % (last - 1 || 1)) % last;
          input.dispatchEvent(new Event("input"));
          await view.runAsync();
          times.push(performance.now() - start);
        }
        return times;""",
        list(range(40)),
    )
    page_report(f"twin {name}", redrawn=f"{median(times):.0f} ms", slowest=f"{max(times):.0f} ms")
    assert len(times) == 40
