"""Every notebook in a real JupyterLab: every chart is drawn, as stored and after a run, and memory stays low."""

import shutil

import psutil
import pytest
from conftest import ROOT
from labs import alone, jupyterlab
from notebooks import notebooks

from valuechains.course import kit
from valuechains.figures import MIME

pytestmark = pytest.mark.browser

SOURCES = [path.relative_to(ROOT).as_posix() for path in notebooks()]
COPIES = [f"my-exercises/{path.partition('/')[2]}" for path in SOURCES if path.startswith("exercises/")]
MOST = 600e6  # bytes of memory of the page's process
FRESH = 400e6  # above it the page is opened anew: JupyterLab does not give back what a closed notebook took

OPEN = """async (path) => {
    const app = window.jupyterapp, panel = await app.commands.execute("docmanager:open", {path, factory: "Notebook"});
    await panel.context.ready;
    await panel.revealed;
    await panel.sessionContext.ready;
}"""
RUN = """async () => {
    const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
    await app.commands.execute("notebook:run-all-cells");
    const outputs = notebook.widgets.flatMap((cell) => cell.model.type === "code" ? cell.model.outputs.toJSON() : []);
    return outputs.filter((one) => one.output_type === "error").map((one) => `${one.ename}: ${one.evalue}`);
}"""
# Go to each chart as a reader does, and say how wide it is and how many colours it has.
LOOK = """async (mime) => {
    const notebook = window.jupyterapp.shell.currentWidget.content, found = [];
    const frame = () => new Promise((done) => setTimeout(done, 50));
    for (const [place, cell] of notebook.widgets.entries()) {
      const outputs = cell.model.type === "code" ? cell.model.outputs.toJSON().filter((one) => one.data?.[mime]) : [];
      if (!outputs.length || cell.inputHidden && cell.outputHidden) continue;
      await notebook.scrollToItem(place, "start");
      let drawn = [];
      for (let turn = 0; turn < 200 && drawn.length < outputs.length; turn++) {
        await frame();
        drawn = [...cell.node.querySelectorAll(".jp-RenderedVegaCommon5 canvas, .gvc-twin[data-drawn] svg.marks")]
          .filter((one) => one.getBoundingClientRect().width);
      }
      found.push([
        outputs.map((one) => one.data[mime].usermeta.valuechains.name),
        drawn.map((one) => [one.getBoundingClientRect().width, rich(one)]),
      ]);
    }
    function rich(drawing) {
      if (drawing.tagName !== "CANVAS") return drawing.querySelectorAll("path, text").length;
      const { width, height } = drawing;
      return new Set(new Uint32Array(drawing.getContext("2d").getImageData(0, 0, width, height).data.buffer)).size;
    }
    return found;
}"""
CLOSE = """async () => {
    const app = window.jupyterapp, panel = app.shell.currentWidget;
    panel.context.model.dirty = false;
    await panel.sessionContext.shutdown();
    panel.dispose();
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """JupyterLab on a copy of the project's notebooks, and the students' beside them."""
    folder = tmp_path_factory.mktemp("desk")
    for name in SOURCES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
        for beside in ("sheet.json", "key.py"):
            if (ROOT / name).with_name(beside).is_file():
                shutil.copyfile((ROOT / name).with_name(beside), (folder / name).with_name(beside))
    kit.hand_out(kit.sources(), folder / "my-exercises")
    with jupyterlab(folder, tmp_path_factory.mktemp("home"), "--LabApp.expose_app_in_browser=True") as opened:
        yield opened


class Lab:
    """JupyterLab's page; opened anew where a notebook has broken it."""

    def __init__(self, browser, address: str):
        self.browser, self.address, self.page = browser, address, None

    def start(self):
        """A new page."""
        if self.page:
            self.page.context.close()
        context = self.browser.new_context(viewport={"width": 1300, "height": 1000})
        self.page = alone(context, self.address)
        self.page.set_default_timeout(90_000)
        self.page.goto(f"{self.address}/lab?reset", wait_until="domcontentloaded")
        self.page.wait_for_function("window.jupyterapp?.shell && window.jupyterapp.restored.then(() => true)")

    def look(self, theme: str, width: int):
        self.page.set_viewport_size({"width": width, "height": 1000})
        self.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        self.page.wait_for_function(
            "theme => document.body.dataset.jpThemeName === theme && document.body.dataset.jpThemeLight", arg=theme
        )

    def memory(self) -> float:
        """Bytes of the largest process that draws pages, without what only waits to be cleared away."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        processes = self.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        return max(psutil.Process(one["id"]).memory_info().rss for one in processes if one["type"] == "renderer")


@pytest.fixture(scope="module")
def lab(browser, address):
    opened = Lab(browser, address)
    opened.start()
    yield opened
    opened.page.context.close()


@pytest.fixture
def notebook(lab, request):
    path = request.param
    if lab.memory() > FRESH:
        lab.start()
    try:
        lab.page.evaluate(OPEN, path)
        yield lab, path
        lab.page.evaluate(CLOSE)
    except Exception:
        lab.start()
        raise


def check(lab, path, page_report, when):
    charts = lab.page.evaluate(LOOK, MIME)
    for names, drawn in charts:
        assert len(drawn) == len(names), names
        assert all(width > 300 and rich > 5 for width, rich in drawn), (names, drawn)
    memory = lab.memory()
    page_report(path, **{f"charts {when}": len(charts), f"MB {when}": f"{memory / 1e6:.0f}"})
    assert memory < MOST
    assert lab.page.refused == []
    return charts


@pytest.mark.parametrize("notebook", [*SOURCES, *COPIES], indirect=True)
def test_every_chart_that_is_stored_is_drawn(notebook, page_report):
    lab, path = notebook
    lab.look("JupyterLab Light", 1300)
    charts = check(lab, path, page_report, "stored")
    assert charts or path in COPIES  # a student's copy is handed out without outputs


@pytest.mark.parametrize("notebook", SOURCES, indirect=True)
def test_run_in_the_dark_on_a_narrow_screen_every_chart_is_drawn(notebook, page_report):
    lab, path = notebook
    lab.look("JupyterLab Dark", 700)
    assert lab.page.evaluate(RUN) == []
    assert check(lab, path, page_report, "run")
