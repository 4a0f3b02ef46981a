"""A hint in a real JupyterLab: it looks like something to click, and opens by mouse and by keyboard."""

import nbformat
import pytest
from labs import alone, jupyterlab, run
from nbformat.v4 import new_code_cell, new_notebook, new_output

from valuechains.checks.folds import ladder

pytestmark = pytest.mark.browser

RUNGS = [(f"Hint {place} of 3 (click to open)", f"<p>text {place}</p>") for place in (1, 2, 3)]
CELL = f"from IPython.display import HTML\nfrom valuechains.checks.folds import ladder\nHTML(ladder({RUNGS!r}))"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A JupyterLab on a notebook whose hints were shown in an earlier session, so that it trusts nothing in them."""
    folder = tmp_path_factory.mktemp("lab")
    stored = new_output("display_data", {"text/html": ladder(RUNGS), "text/plain": "hints"})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [new_code_cell(CELL, outputs=[stored], execution_count=1)]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "hints.ipynb")
    with jupyterlab(folder, tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.mark.parametrize("state", ["stored", "run"])
def test_a_hint_looks_like_a_thing_that_opens(browser, address, state):
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = alone(context, address)
    page.goto(f"{address}/lab/tree/hints.ipynb", wait_until="domcontentloaded")
    cell = page.locator(".jp-CodeCell").first
    if state == "run":
        assert run(page) == []
        drawn = cell.locator(".jp-OutputArea style")  # the sanitizer is out of the way
        drawn.wait_for(state="attached")
    line = cell.locator("summary")
    first = line.first
    first.wait_for()
    looks = first.evaluate("""line => {
        const style = getComputedStyle(line), marker = line.querySelector("span");
        return [style.cursor, style.display, style.borderTopStyle, marker.textContent, marker.offsetWidth > 5];
    }""")
    assert looks == ["pointer", "inline-block", "solid", "\N{BLACK RIGHT-POINTING TRIANGLE}", True]
    first.click()
    assert [line.nth(place).is_visible() for place in range(3)] == [True, True, False]
    line.nth(1).focus()
    page.keyboard.press("Enter")
    assert line.nth(2).is_visible() and cell.get_by_text("text 2", exact=True).is_visible()
    assert not cell.get_by_text("text 3", exact=True).is_visible()
    context.close()
