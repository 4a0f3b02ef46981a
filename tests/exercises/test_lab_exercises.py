"""An exercise as a student works it, in a real JupyterLab: start page, right and wrong answers, a widget, restart, hand
in."""

import json

import nbformat
import pytest
from labs import READY, alone, jupyterlab

from valuechains.checks import Sheet
from valuechains.course import kit
from valuechains.course.key import load
from valuechains.twins import who_is_paid

pytestmark = pytest.mark.browser

NAME = "02-services"
KEY = load(kit.ROOT / "exercises" / NAME)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The folder that `make lab` makes."""
    folder = tmp_path_factory.mktemp("desk")
    kit.hand_out(kit.sources(), folder)
    return folder


@pytest.fixture(scope="module")
def page(browser, desk, tmp_path_factory):
    with jupyterlab(desk, tmp_path_factory.mktemp("home"), "--LabApp.default_url=/lab/tree/start.ipynb") as address:
        context = browser.new_context(viewport={"width": 1300, "height": 1000})
        opened = alone(context, address)
        opened.goto(address, wait_until="domcontentloaded")
        yield opened
        context.close()


def cell(page, number):
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").nth(number)


def places(desk):
    """Where the code cells are, by name."""
    cells = nbformat.read(desk / NAME / f"{NAME}.ipynb", as_version=4).cells
    return {one.id: number for number, one in enumerate(one for one in cells if one.cell_type == "code")}


def menu(page, top, item):
    page.get_by_role("menuitem", name=top, exact=True).click()
    page.get_by_role("menuitem", name=item).first.click()


def run_all(page, last, total):
    """Restart the kernel, run from the top, and wait until the table of the last cell says a total."""
    page.wait_for_function(READY)
    menu(page, "Kernel", "Restart Kernel and Run All Cells")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function(
        """([number, total]) => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            const code = notebook.widgets.filter((cell) => cell.model.type === "code");
            return JSON.stringify(code[number].model.outputs.toJSON()).includes(total);
        }""",
        arg=[last, total],
    )
    page.wait_for_function(READY)
    # Charts that are drawn above push the table out of sight, where it is not drawn.
    page.wait_for_function(
        """([number, total]) => {
            const cells = document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell');
            cells[number]?.scrollIntoView();
            return cells[number]?.querySelector('table')?.innerText.includes(total);
        }""",
        arg=[last, total],
    )


def answer(page, number, text):
    """Type an answer into a cell, run it and the check below; what the check says."""
    one = cell(page, number)
    one.scroll_into_view_if_needed()
    one.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")
    below = cell(page, number + 1)
    below.locator(".cm-content").click()
    was = below.locator(".jp-InputPrompt").inner_text()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "([element, was]) => /\\[\\d+\\]/.test(element.textContent) && element.textContent.trim() !== was.trim()",
        arg=[below.locator(".jp-InputPrompt").element_handle(), was],
    )
    return below.locator(".jp-OutputArea-output").inner_text()


def test_the_start_page_is_not_changed_by_opening_it(page):
    page.wait_for_function(READY)
    assert page.evaluate("window.jupyterapp.shell.currentWidget.context.path") == "start.ipynb"
    assert not page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty")


def test_a_student_works_from_the_start_page_to_handing_in(page, desk, tmp_path):
    at = places(desk)
    link = page.locator(".jp-Notebook a", has_text="Services: from embedding")
    link.click()
    cell(page, 0).wait_for()

    run_all(page, at["everything"], f"0 of {KEY.checked}")  # nothing is answered yet
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count() == 0

    assert "✗ Exercise 1: not yet. These are percentages" in answer(
        page, at["answer-1"], "content = [29.81, 30.24, 31.22]"
    )
    page.screenshot(path=tmp_path / "wrong.png")
    assert "✓ Exercise 1: right." in answer(page, at["answer-1"], "content = [0.2981, 0.3024, 0.3122]")
    page.screenshot(path=tmp_path / "right.png")
    assert "✗ Exercise 2a: “domestic” is the text" in answer(page, at["answer-2"], "domestic = 'a third'")

    export = move_the_widget(page, at["widget-2"])
    share = KEY.tasks["2d"].answer({"economy": "CHN", "year": 2005}).right
    assert "✓ Exercise 2c: right." in answer(page, at["answer-2-widget"], f"export, share = {export!r}, {share:.3f}")

    run_all(page, at["everything"], f"5 of {KEY.checked}")

    page.keyboard.press("Control+S")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    path = desk / NAME / f"{NAME}.ipynb"
    handed_in = nbformat.read(path, as_version=4)
    assert "content = [0.2981, 0.3024, 0.3122]" in [one.source for one in handed_in.cells]
    assert page.refused == []
    assert [error for error in page.errors if "Canceled future" not in error] == []  # of the kernel that was restarted


def move_the_widget(page, number) -> str:
    """Set exporter and year by keyboard, light up the foreign part, and find the export of which most goes abroad."""
    one = cell(page, number)
    one.scroll_into_view_if_needed()
    one.locator(".gvc-twin[data-drawn]").wait_for(state="attached")
    one.get_by_role("combobox", name="Exporter", exact=True).select_option(label="China")
    one.get_by_role("combobox", name="Light up", exact=True).select_option(label="Foreign: bought in from abroad")
    slider = one.get_by_role("slider", name="Year", exact=True)
    slider.focus()
    years = who_is_paid().controls["year"].values
    for _ in range(years.index(2011) - years.index(2005)):
        page.keyboard.press("ArrowLeft")
    found = {}
    for code, label in {
        "FTX": "Food, textiles and other light goods",
        "ELE": "Electrical and optical equipment",
        "TRE": "Transport equipment",
    }.items():
        one.get_by_role("combobox", name="Export", exact=True).select_option(label=label)
        status = one.get_by_role("status")
        page.wait_for_function(
            "([element, code]) => element.textContent.includes(code) && element.textContent.includes('2005')",
            arg=[status.element_handle(), label.split(",")[0]],
        )
        found[code] = float(status.inner_text().split("earn ")[1].split("%")[0])
    return max(found, key=found.get)


def test_myst_text_renders_in_the_start_page(page):
    """MyST text, such as the admonition of the start page, is drawn and not shown as marks."""
    page.get_by_role("tab", name="start.ipynb").click()
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    panel.locator("text=How an exercise works >> visible=true").first.wait_for()
    assert ":::{" not in panel.inner_text()


def test_the_desk_is_what_a_kit_holds(desk):
    sheet = Sheet(json.loads((desk / NAME / "sheet.json").read_text(encoding="utf-8")))
    assert sheet.reply("1", content=[0.2981, 0.3024, 0.3122]).state == "right"
    assert not list(desk.rglob("key.py"))
