"""Every notebook in a real JupyterLab: every chart is drawn whole, as stored and after a run, and memory stays low."""

from time import monotonic

import psutil
import pytest
from conftest import ROOT
from copies import copied
from frozen import limited
from labs import alone, ask, jupyterlab, run
from notebooks import notebooks

from valuechains.course import kit
from valuechains.figures import MIME

pytestmark = pytest.mark.browser

SOURCES = [path.relative_to(ROOT).as_posix() for path in notebooks()]
COPIES = [f"my-exercises/{path.partition('/')[2]}" for path in SOURCES if path.startswith("exercises/")]
WIDE = 1366  # pixels of a small laptop
LEAST = 220  # pixels of a chart, of chart.js; one without a width would have 200
MOST = 600e6  # bytes of memory of the page's process with one notebook
FRESH = 700e6  # above it the page is opened anew: JupyterLab does not give back what a closed notebook took
LITTLE = 300e6  # below it a page counts as empty, and is not cleared: that takes as long as drawing a chapter

OPEN = """async (path) => {
    const app = window.jupyterapp, panel = await app.commands.execute("docmanager:open", {path, factory: "Notebook"});
    await panel.context.ready;
    await panel.revealed;
    await panel.sessionContext.ready;
}"""
# Go to each chart as a reader does, and say how wide it is, how many colours it has, up to six, and what sticks out.
LOOK = """async (mime) => {
    const notebook = window.jupyterapp.shell.currentWidget.content, found = [];
    const frame = () => new Promise((done) => setTimeout(done, 50));
    for (const [place, cell] of notebook.widgets.entries()) {
      const outputs = cell.model.type === "code" ? cell.model.outputs.toJSON().filter((one) => one.data?.[mime]) : [];
      if (!outputs.length || cell.inputHidden && cell.outputHidden) continue;
      await notebook.scrollToItem(place, "start");
      let drawn = [];
      for (let turn = 0; turn < 1200 && drawn.length < outputs.length; turn++) {
        await frame();
        drawn = [...cell.node.querySelectorAll(".jp-RenderedVegaCommon5 canvas, .gvc-twin[data-drawn] svg.marks")]
          .filter((one) => one.getBoundingClientRect().width);
      }
      found.push([
        outputs.map((one) => one.data[mime].usermeta.valuechains.name),
        drawn.map((one) => [one.getBoundingClientRect().width, rich(one)]),
        [...cell.node.querySelectorAll(".jp-OutputArea-output, .cm-scroller")]
          .filter((one) => one.scrollWidth > one.clientWidth + 1)
          .map((one) => [one.className, one.scrollWidth, one.clientWidth]),
      ]);
    }
    function rich(drawing) {
      if (drawing.tagName !== "CANVAS") return drawing.querySelectorAll("path, text").length;
      const { width, height } = drawing, colours = new Set();
      for (const pixel of new Uint32Array(drawing.getContext("2d").getImageData(0, 0, width, height).data.buffer)) {
        colours.add(pixel);
        if (colours.size > 5) break;
      }
      return colours.size;
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
    for name in ("chapters", "exercises"):
        copied(name, folder)
    kit.hand_out(kit.sources(), folder / "my-exercises")
    with jupyterlab(folder, tmp_path_factory.mktemp("home")) as opened:
        yield opened


class Lab:
    """JupyterLab's page; opened anew where a notebook has broken it."""

    def __init__(self, browser, address: str):
        self.browser, self.address, self.page = browser, address, None
        self.context = browser.new_context(viewport={"width": WIDE, "height": 1000})

    def start(self):
        """A new page, in a process of its own."""
        if self.page:
            before = self.renderers()
            self.page.close()
            psutil.wait_procs(before, timeout=30)
        self.page = alone(self.context, self.address)
        self.page.goto(f"{self.address}/lab?reset", wait_until="domcontentloaded")
        self.page.wait_for_function("window.jupyterapp?.shell && window.jupyterapp.restored.then(() => true)")
        self.empty = self.closed = self.cleared()

    def look(self, theme: str, width: int):
        self.page.set_viewport_size({"width": width, "height": 1000})
        ask(self.page, "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        self.page.wait_for_function(
            "theme => document.body.dataset.jpThemeName === theme && document.body.dataset.jpThemeLight", arg=theme
        )

    def cleared(self) -> float:
        """Bytes of the page's process without what only waits to be cleared away."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        return self.largest()

    def largest(self) -> float:
        """Bytes of the largest process that draws pages."""
        return max(one.memory_info().rss for one in self.renderers())

    def renderers(self) -> list[psutil.Process]:
        processes = self.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        return [
            psutil.Process(one["id"]) for one in processes if one["type"] == "renderer" and psutil.pid_exists(one["id"])
        ]


@pytest.fixture(scope="module")
def lab(browser, address):
    opened = Lab(browser, address)
    opened.start()
    yield opened
    opened.context.close()


def check(lab, path, page_report, when, seconds):
    charts = ask(lab.page, LOOK, MIME)
    for names, drawn, cut in charts:
        assert len(drawn) == len(names), names
        assert when == "run" or not cut, (names, cut)  # on a narrow page they scroll
        assert all(width >= LEAST and rich > 5 for width, rich in drawn), (names, drawn)
    memory = lab.empty + lab.largest() - lab.closed
    if memory >= MOST:
        memory = lab.empty + lab.cleared() - lab.closed
    facts = {f"charts {when}": len(charts), f"MB {when}": f"{memory / 1e6:.0f}", f"s {when}": f"{seconds():.1f}"}
    page_report(path, **facts)
    assert memory < MOST
    assert lab.page.refused == []
    return charts


@pytest.mark.parametrize("path", [*SOURCES, *COPIES])
def test_every_chart_is_drawn_as_stored_and_after_a_run(lab, path, page_report):
    """As stored in the light; then run in the dark on a narrow screen. A student's copy has no outputs and the cells of
    its source, which is run."""
    lab.closed = lab.cleared() if lab.largest() > LITTLE else lab.empty
    if lab.closed > FRESH:
        lab.start()
    try:
        begun = monotonic()
        lab.look("JupyterLab Light", WIDE)
        with limited(100):
            ask(lab.page, OPEN, path)
            assert check(lab, path, page_report, "stored", lambda: monotonic() - begun) or path in COPIES
        if path in SOURCES:
            begun = monotonic()
            lab.look("JupyterLab Dark", 700)
            with limited(300):
                assert run(lab.page) == []
                assert check(lab, path, page_report, "run", lambda: monotonic() - begun)
        ask(lab.page, CLOSE)
    except Exception:
        lab.start()
        raise
