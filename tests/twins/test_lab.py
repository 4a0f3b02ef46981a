"""Twins in a real JupyterLab: run, moved by keyboard, and compared with the Python model."""

from random import Random
from statistics import median

import nbformat
import psutil
import pytest
from conftest import ROOT
from demo_twins import harvest_twin
from keyboard import by_chance, last, moves
from labs import READY, alone, ask, jupyterlab, run
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import TimeoutError

from valuechains import twins

pytestmark = pytest.mark.browser

TWINS = {"smile-explorer": twins.smile_explorer, "who-is-paid": twins.who_is_paid, "harvest": harvest_twin}
CELLS = [
    "from demo_twins import harvest_twin\nfrom valuechains import twins",
    "twins.smile_explorer()",
    "twins.who_is_paid()",
    "harvest_twin()",
]


FITTING = (ROOT / "tests" / "support" / "fitting.js").read_text(encoding="utf-8")
# What of the controls reaches beyond the cell.
BEYOND = """cell => {
    const edge = cell.querySelector(".jp-OutputArea-output").getBoundingClientRect().right + 1;
    return [...cell.querySelectorAll("select, button, .noUi-target")]
        .filter((one) => one.getBoundingClientRect().right > edge).map((one) => one.textContent);
}"""


FITS = """([element, cell]) => {
    const room = cell.querySelector(".jp-OutputArea-output").clientWidth, wide = element.clientWidth;
    return wide <= room && Math.round(element.querySelector("svg.marks").getBoundingClientRect().width) === wide;
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with one notebook in it."""
    folder = tmp_path_factory.mktemp("lab")
    home = tmp_path_factory.mktemp("home")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in CELLS], metadata=kernel), folder / "twins.ipynb")
    with jupyterlab(folder, home) as address:
        yield address


@pytest.fixture(scope="module")
def notebook(browser, lab):
    """The notebook, run from top to bottom, with every other host refused."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = alone(context, lab)
    page.goto(f"{lab}/lab/tree/twins.ipynb", wait_until="domcontentloaded")
    assert run(page) == []
    # JupyterLab draws an output when it comes into view.
    for number in range(1, len(CELLS)):
        cell(page, number).locator(".gvc-twin[data-drawn]").wait_for(state="attached")
    yield page
    context.close()


def cell(page, place: int, panel: int = 0):
    """A cell, brought into view: JupyterLab takes off the page what is out of sight."""
    page.evaluate("place => window.jupyterapp.shell.currentWidget.content.scrollToItem(place, 'start')", place)
    return page.locator(".jp-NotebookPanel").nth(panel).locator(f".jp-Cell[data-windowed-list-index='{place}']")


class Bench:
    """A twin in its cell."""

    def __init__(self, page, name: str, panel: int = 0):
        self.page, self.twin = page, TWINS[name]()
        self.cell = cell(page, [*TWINS].index(name) + 1, panel)
        self.chart = self.cell.locator(".gvc-twin")

    def control(self, name: str):
        control = self.twin.controls[name]
        role = "slider" if control.kind == "range" else "combobox"
        return self.cell.get_by_role(role, name=control.label, exact=True)

    def settings(self) -> dict:
        return {name: self.ask(f"view.signal('{name}')") for name in self.twin.controls}

    def ask(self, expression: str):
        return self.chart.evaluate(f"element => {{ const view = element.gvc.view; return {expression}; }}")

    def move(self, setting: dict) -> dict:
        """Press the keys that bring the controls there, and wait for the chart to follow. Returns how the controls are
        set then: one that changes nothing there stays as it was."""
        now = self.settings()
        for name, value, pressed in moves(self.twin, now, setting):
            self.page.wait_for_function("part => !part.closest('[disabled]')", arg=self.control(name).element_handle())
            self.control(name).focus()
            for key in pressed:
                self.page.keyboard.press(key)
            now[name] = value
        self.wait(now)
        return now

    def wait(self, setting: dict) -> None:
        says = self.twin.read(**setting).says
        try:
            self.page.wait_for_function(
                """([element, setting, says]) => element.querySelector('[role=status]').textContent === says
                   && Object.entries(setting).every(([name, value]) => element.gvc.view.signal(name) === value)""",
                arg=[self.chart.element_handle(), setting, says],
            )
        except TimeoutError:
            pytest.fail(
                f"expected {setting} and {says!r}, found {self.settings()} and "
                f"{self.chart.get_by_role('status').inner_text()!r}"
            )


def same(found, expected) -> bool:
    return found is None if expected is None or expected != expected else found == expected


@pytest.mark.parametrize("name", TWINS)
def test_moved_by_keyboard_it_shows_what_the_model_says(notebook, name):
    bench = Bench(notebook, name)
    lot = Random(name)
    for _ in range(5):
        setting = bench.move(by_chance(bench.twin, lot))
        reading = bench.twin.read(**setting)
        assert bench.ask("view.signal('result')") == reading.result
        for frame_name, frame in reading.frames.items():
            rows = bench.ask(f"view.data('{frame_name}').map(row => ({{...row}}))")
            assert len(rows) == len(frame)
            for found, expected in zip(rows, frame.to_dict("records"), strict=True):
                assert all(same(found[column], value) for column, value in expected.items()), (setting, found, expected)
    assert notebook.refused == [] and notebook.errors == []


@pytest.mark.parametrize("name", TWINS)
def test_its_button_resets_it(notebook, name):
    bench = Bench(notebook, name)
    bench.move(last(bench.twin))
    bench.cell.get_by_role("button", name="Reset").focus()
    notebook.keyboard.press("Enter")
    bench.wait(bench.twin.settings())


def test_an_empty_setting_is_said(notebook):
    bench = Bench(notebook, "harvest")
    bench.move({"place": "north", "year": 2021, "doubled": "no"})
    assert bench.ask("view.data('fields').length") == 0
    assert bench.chart.get_by_role("status").inner_text() == 'The "north", 2021: nothing was reported.'
    bench.move(bench.twin.settings())


def test_a_reading_that_comes_late_does_not_take_a_newer_one_s_place(notebook):
    bench = Bench(notebook, "harvest")
    bench.move({"place": "south"})
    sent = """async (code) => {
        const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
        return (await kernel.requestExecute({code, store_history: false}).done).content.status;
    }"""
    chart = f"get_ipython().user_ns['Out'][{len(CELLS)}].bench.chart"
    late = "{'turn': 0, 'signals': {'place': 'north', 'says': 'late'}, 'frames': {}}"
    assert ask(notebook, sent, f"{chart}.send({{'type': 'reading', 'reading': {late}}})") == "ok"
    bench.wait({"place": "south"})
    bench.move(bench.twin.settings())


def test_it_is_drawn_in_the_colours_of_the_theme(notebook):
    bench = Bench(notebook, "who-is-paid")
    colours = (
        "[...new Set([...element.querySelectorAll('.mark-rect path')].map(bar => bar.getAttribute('fill')))].sort()"
    )
    light = bench.ask(colours)
    notebook.evaluate("document.body.dataset.jpThemeLight = 'false'")
    notebook.wait_for_function(
        "([element, was]) => !element.querySelector('.mark-rect path')?.getAttribute('fill').match(was[0])",
        arg=[bench.chart.element_handle(), light],
    )
    dark = bench.ask(colours)
    notebook.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert light and len(dark) == len(light) and not set(light) & set(dark)


def width(bench) -> float:
    return bench.ask("element.querySelector('svg.marks').getBoundingClientRect().width")


@pytest.mark.parametrize("away", [False, True], ids=["in sight", "out of sight"])
@pytest.mark.parametrize("name", TWINS)
def test_it_keeps_its_width_when_the_theme_changes(notebook, name, away):
    """Changed in JupyterLab's own way; a cell out of sight may be off the page, where nothing has a width."""
    bench = Bench(notebook, name)
    before, chart, place = width(bench), bench.chart.element_handle(), [*TWINS].index(name) + 1
    scroll = "place => window.jupyterapp.shell.currentWidget.content.scrollToItem(place, 'start')"
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        chart.evaluate("element => { delete element.dataset.drawn; }")
        notebook.evaluate(scroll, (place + 2) % len(CELLS) if away else place)
        notebook.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        notebook.evaluate(scroll, place)
        notebook.wait_for_function("element => element.dataset.drawn", arg=chart)
        assert notebook.evaluate("document.body.dataset.jpThemeLight") == str("Light" in theme).lower()
        assert width(bench) == before > 300


@pytest.mark.parametrize("name", TWINS)
def test_in_a_narrow_cell_nothing_is_cut_and_nothing_lies_over_another(notebook, name):
    """Title, axes, legend, marks and controls; and in a wide one again it is as it was."""
    bench = Bench(notebook, name)
    before, chart, whole = width(bench), bench.chart.element_handle(), bench.cell.element_handle()
    notebook.evaluate(FITTING)
    try:
        for wide in (320, 390, 480, 600):
            whole.evaluate("(element, wide) => { element.style.maxWidth = `${wide}px`; }", wide)
            notebook.wait_for_function(FITS, arg=[chart, whole])
            notebook.wait_for_function(
                "element => !fitting.faults(element.querySelector('svg.marks'), element).length", arg=chart
            )
            assert bench.cell.evaluate(BEYOND) == []
    finally:
        whole.evaluate("element => { element.style.maxWidth = ''; }")
    at = "([element, wide]) => element.querySelector('svg.marks').getBoundingClientRect().width === wide"
    notebook.wait_for_function(at, arg=[chart, before])


def test_the_slider_says_its_stop_and_its_text_is_no_input(notebook):
    bench = Bench(notebook, "who-is-paid")
    for year in (2005, 2022):
        bench.move({"year": year})
        assert bench.control("year").get_attribute("aria-valuetext") == bench.twin.controls["year"].options[year]
    for readout in bench.cell.locator(".widget-readout").all():
        assert readout.get_attribute("contenteditable") == "false"
        assert readout.get_attribute("role") is None
    bench.move(bench.twin.settings())


def test_a_second_view_of_a_twin_follows_the_first(notebook):
    bench = Bench(notebook, "harvest")
    commands = "window.jupyterapp.commands.execute('notebook:create-output-view')"
    notebook.evaluate(f"window.jupyterapp.shell.currentWidget.content.activeCellIndex = {len(CELLS) - 1}; {commands}")
    second = notebook.locator(".jp-LinkedOutputView .gvc-twin")
    second.and_(notebook.locator("[data-drawn]")).wait_for()
    setting = {"place": "south", "year": 2020, "doubled": "yes"}
    bench.move(setting)
    second.get_by_role("status").get_by_text(bench.twin.read(**setting).says, exact=True).wait_for()
    notebook.locator(".lm-TabBar-tab.jp-mod-current .jp-icon-hover, .lm-TabBar-tabCloseIcon").last.click()
    bench.move(bench.twin.settings())


@pytest.mark.parametrize("name", ["smile-explorer", "who-is-paid"])
def test_it_answers_at_once(notebook, name, page_report):
    """Not a test of the clock: the time from a key pressed to the redrawn chart goes into the summary."""
    bench = Bench(notebook, name)
    control = bench.control("year")
    keys = ["ArrowDown", "ArrowUp"] if bench.twin.controls["year"].kind == "select" else ["ArrowLeft", "ArrowRight"]
    times = []
    for turn in range(20):
        control.focus()
        bench.chart.evaluate(
            "element => { delete element.dataset.drawn; addEventListener('keydown', () => "
            "{ element.pressed = performance.now(); }, {capture: true, once: true}); }"
        )
        notebook.keyboard.press(keys[turn % 2])
        notebook.wait_for_function("element => element.dataset.drawn", arg=bench.chart.element_handle())
        times.append(bench.chart.evaluate("element => element.dataset.drawn - element.pressed"))
    page_report(f"twin {name}", **{"in Lab": f"{median(times):.0f} ms", "slowest in Lab": f"{max(times):.0f} ms"})
    assert len(times) == 20


def test_in_a_notebook_that_is_renamed_it_goes_on(notebook):
    bench = Bench(notebook, "harvest")
    rename = "name => window.jupyterapp.shell.currentWidget.context.rename(name)"
    ask(notebook, rename, "renamed.ipynb")
    try:
        notebook.get_by_role("tab", name="renamed.ipynb").wait_for()
        bench.move({"place": "south"})
    finally:
        ask(notebook, rename, "twins.ipynb")
    bench.move(bench.twin.settings())


def test_on_a_page_that_is_loaded_again_it_goes_on(notebook):
    bench = Bench(notebook, "harvest")
    bench.move({"place": "south"})
    save(notebook)
    notebook.reload(wait_until="domcontentloaded")
    notebook.wait_for_function(READY)
    bench = Bench(notebook, "harvest")
    bench.chart.and_(notebook.locator("[data-drawn][data-state=fine]")).wait_for()
    bench.wait({"place": "south"})
    bench.move(bench.twin.settings())


def test_on_two_pages_each_shows_what_the_other_set(notebook, lab):
    save(notebook)
    page = alone(notebook.context, lab)
    page.goto(f"{lab}/lab/tree/twins.ipynb", wait_until="domcontentloaded")
    page.wait_for_function(READY)
    both_follow(Bench(notebook, "harvest"), Bench(page, "harvest"))
    page.close()


def test_in_two_views_of_a_notebook_each_shows_what_the_other_set(notebook):
    notebook.evaluate("window.jupyterapp.commands.execute('docmanager:clone')")
    notebook.locator(".jp-NotebookPanel").nth(1).wait_for()
    both_follow(Bench(notebook, "harvest"), Bench(notebook, "harvest", panel=1))
    notebook.evaluate("window.jupyterapp.shell.currentWidget.dispose()")


def save(page):
    ask(page, "async () => { await window.jupyterapp.shell.currentWidget.context.save(); }")


def both_follow(*benches):
    start, away = benches[0].twin.settings(), {"place": "south", "year": 2020, "doubled": "yes"}
    for bench in benches:
        bench.chart.and_(bench.page.locator("[data-drawn][data-state=fine]")).wait_for()
    for one, other in (benches, benches[::-1]):
        for setting in (away, start):
            one.page.bring_to_front()
            one.move(setting)
            other.wait(setting)


# What a reader finds in the widget's place when there is no kernel to answer; these tests end the kernel.


def says(notebook, place: int, text: str):
    cell(notebook, place).get_by_role("note").get_by_text(text).wait_for()


def test_while_the_kernel_does_not_answer_it_is_said_and_the_chart_follows_later(notebook):
    bench = Bench(notebook, "harvest")
    kernels = [one for one in psutil.Process().children(recursive=True) if "ipykernel" in " ".join(one.cmdline())]
    for kernel in kernels:
        kernel.suspend()
    try:
        bench.control("place").select_option(label="South's end")
        says(notebook, len(CELLS) - 1, "Waiting for the kernel")
    finally:
        for kernel in kernels:
            kernel.resume()
    bench.wait({"place": "south"})
    assert bench.chart.get_attribute("data-state") == "fine"
    bench.move(bench.twin.settings())


def test_after_a_restart_the_picture_stays_and_says_what_to_do(notebook):
    bench = Bench(notebook, "who-is-paid")
    notebook.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    says(notebook, [*TWINS].index("who-is-paid") + 1, "run this cell again to move the controls")
    assert width(bench) > 300


def test_a_notebook_saved_and_opened_again_shows_the_picture_and_says_what_to_do(notebook):
    """The last picture, and no error; also where JupyterLab's setting that keeps it is off, as it is at first. A
    student's is on (tools/jupyter/labconfig)."""
    notebook.evaluate("window.jupyterapp.commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState')")
    notebook.evaluate("window.jupyterapp.commands.execute('runmenu:run-all')")
    drawn = {}
    for name in TWINS:
        bench = Bench(notebook, name)
        bench.chart.and_(notebook.locator("[data-drawn][data-state=fine][data-kept]")).wait_for()
        drawn[name] = bench.chart.get_by_role("status").inner_text()
    closed = bench.chart.element_handle()
    notebook.evaluate("""async () => {
        const app = window.jupyterapp, panel = app.shell.currentWidget;
        await panel.context.save();
        await panel.sessionContext.shutdown();
        panel.dispose();
        const again = await app.commands.execute("docmanager:open", {path: "twins.ipynb", factory: "Notebook"});
        await again.sessionContext.ready;
    }""")
    for place, (name, sentence) in enumerate(drawn.items(), start=1):
        says(notebook, place, "run this cell to bring it to life")
        shown = cell(notebook, place)
        assert shown.get_by_role("status").inner_text() == sentence
        picture = shown.locator(".gvc-twin img")
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300, name
        assert "Error displaying widget" not in shown.inner_text()
    # JupyterLab holds on to the elements of a notebook that was closed: there is no drawing in them
    assert closed.evaluate("element => [Boolean(element.gvc), element.childElementCount]") == [False, 0]
