"""The built book in Firefox, from its folder, and in WebKit, Safari's engine, over http: every chart, formula, fold and
twin is what it is in Chromium, which the other tests of the site open, and so is Python on a page."""

import contextlib
import functools
import http.server
import threading
from dataclasses import dataclass

import engines
import programs
import pytest
from grids import OVER_A_GRID, by_lot, declared, differing
from keyboard import last
from onpage import replies
from onpage.browsers import asked, wake
from pages import CHARTED, DRAWN, FITTING, ROOT, TRANSLATED, formulas, outputs, speaking

from valuechains.course import key as keys

pytestmark = pytest.mark.browser
SCHEMES = {"firefox": "file", "webkit": "http"}
SETTINGS = 25  # of each twin; Chromium tries 300
# Opens every fold of the page by its own line; gives those that did not open.
UNFOLDED = """async () => {
    const folds = [...document.querySelectorAll('main details:not([open])')];
    folds.forEach((fold) => fold.querySelector(':scope > summary').click());
    await new Promise((done) => setTimeout(done));
    await window.gvc?.drawn;
    return folds.filter((fold) => !fold.open).map((fold) => fold.outerHTML.slice(0, 90));
}"""
# Sets the controls of a twin as a hand does, and waits for its sentence.
MOVED = """async (name, places) => {
    const figure = document.getElementById(name), says = figure.querySelector('.gvc-says');
    const read = new Promise((done) => new MutationObserver(done).observe(says, {childList: true}));
    for (const [control, place] of Object.entries(places)) {
        const input = document.getElementById(`${name}-${control}`);
        input.value = place;
        input.dispatchEvent(new Event('input'));
    }
    await read;
    return says.textContent;
}"""


@dataclass
class Seen:
    engine: str
    page: str
    address: str
    browser: engines.Tab


def present(name) -> None:
    if lacking := [one.how for one in programs.ENGINES[name] if not one.is_here]:
        pytest.skip(f"{name} is not here: {'; '.join(lacking)}")


@pytest.fixture(scope="module")
def browsers():
    """Each engine started once, when it is first asked for."""
    with contextlib.ExitStack() as running:
        yield functools.cache(lambda name: running.enter_context(engines.opened(name)))


@pytest.mark.parametrize("silent", [0, 1, 2])
def test_a_driver_that_does_not_answer_is_started_anew_once(monkeypatch, silent):
    starts, ended = [], []

    def start(folder, running):
        running.callback(ended.append, folder)
        starts.append(folder)
        if len(starts) <= silent:
            raise TimeoutError("timed out")
        return "a page"

    monkeypatch.setitem(engines.BROWSERS, "silent", start)
    with pytest.raises(TimeoutError) if silent == 2 else contextlib.nullcontext(), engines.opened("silent") as page:
        assert page == "a page" and starts[-1].is_dir() and ended == starts[:-1]
    assert len(starts) == min(silent, 1) + 1 and ended == starts


@pytest.fixture(scope="module")
def addresses(built):
    with engines.served(built) as address:
        yield address


@pytest.fixture
def in_two_parts():
    """The address of a page whose second part follows when the first has been laid out."""
    laid_out, parts = threading.Event(), []

    class InTwoParts(http.server.BaseHTTPRequestHandler):
        def log_message(self, *ignored):
            pass

        def do_GET(self):
            self.send_response(http.HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/laid-out":
                laid_out.set()
                return
            self.wfile.write(parts[0].encode())
            laid_out.wait(engines.PATIENCE)
            self.wfile.write(parts[1].encode())

    with http.server.ThreadingHTTPServer((engines.HOME, 0), InTwoParts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield parts, f"http://{engines.HOME}:{server.server_port}/"
        server.shutdown()


LAID_OUT = "<script>requestAnimationFrame(() => requestAnimationFrame(() => fetch('/laid-out')))</script>"


@pytest.mark.parametrize(("rest", "whole"), [("<mi>b</mi></msub></math>", 1), ("</msub></math>", 0)])
def test_a_formula_of_which_half_has_come_is_no_error_and_one_that_stays_so_is_not_counted(
    browsers, in_two_parts, rest, whole
):
    present("firefox")
    parts, address = in_two_parts
    parts += [f"<!doctype html>{LAID_OUT}<p>A formula: <math><msub><mi>a</mi>", rest]
    browsers("firefox").open(address)
    assert (browsers("firefox").ask(DRAWN), browsers("firefox").errors) == ([0, whole], [])


@pytest.fixture(
    scope="module", params=[(name, page) for name in SCHEMES for page in (*CHARTED, *TRANSLATED)], ids="-".join
)
def seen(request, browsers, addresses):
    """A page opened in an engine; its tests follow one another."""
    name, page = request.param
    present(name)
    address = addresses[SCHEMES[name]]
    browsers(name).open(f"{address}/{page}.html")
    return Seen(name, page, address, browsers(name))


def test_it_draws_whole_what_it_declares_opens_what_is_folded_and_asks_no_other_host(seen, built, page_report):
    browser, page = seen.browser, seen.page
    unopened = browser.ask(UNFOLDED)
    found, declares = browser.ask(DRAWN), [len(outputs(page)), formulas(built, page)]
    page_report(page, **{seen.engine: f"{found[0]}/{declares[0]} charts, {found[1]}/{declares[1]} formulas"})
    assert (found, unopened, browser.errors) == (declares, [], [])
    browser.ask(f"() => {{ {FITTING} }}")
    assert browser.ask("() => fitting.every()") == []
    assert [one for one in browser.asked if not one.startswith((seen.address, "data:", "blob:"))] == []


def test_its_twins_say_what_the_model_says(seen):
    abouts = [spec["usermeta"]["valuechains"] for spec in outputs(seen.page)]
    for twin in [declared()[about["name"]] for about in abouts if "twin" in about]:
        setting, settings = last(twin), by_lot(twin, SETTINGS)
        places = {name: list(control.offered(setting)).index(setting[name]) for name, control in twin.controls.items()}
        with speaking(seen.page):
            assert seen.browser.ask(MOVED, twin.name, places) == twin.signals(twin.read(**setting))["says"]
            assert differing(twin, settings, seen.browser.ask(OVER_A_GRID, twin.name, settings)) == []
    assert seen.browser.errors == []


TRIED = "00-reading-a-claim"
DOWN, END, ENTER = "\ue015", "\ue010", "\ue007"  # as WebDriver names keys
CHECKED = """async (task) => {
    const cell = document.querySelector(`[data-cell="check-${task}"]`), reply = cell.querySelector('.gvc-reply');
    cell.querySelector('.gvc-check').click();
    while (['', 'Checking …'].includes(reply.textContent)) await new Promise((done) => setTimeout(done, 20));
    return reply.textContent;
}"""


def test_python_on_the_page_hears_the_keys_and_replies_as_this_one_does(browsers, addresses, built):
    """In Firefox, the first variant of one chapter; tools/on_page.py --compare --in asks for all, in each engine."""
    present(name := "firefox")
    if not (built / "python" / "index.js").is_file():
        pytest.skip("npm or pip had nothing to bring: tools/on_page.py says what")
    browser, key = browsers(name), keys.load(ROOT / "exercises" / TRIED)
    browser.open(f"{addresses[SCHEMES[name]]}/chapters/{TRIED}.html")
    wake(browser)
    task = key.tasks["1c"]
    answer = task.answer(key.variants[0])
    browser.ask("() => document.querySelector('[data-cell=answer-1] .cm-content').focus()")
    browser.press(*[DOWN] * 20, END, ENTER, f"most_often = {replies.typed(keys, task.public, answer, answer.right)!r}")
    assert browser.ask(CHECKED, "1c").startswith("✓ Exercise 1c: right.")
    assert asked(browser, ROOT, TRIED, 1).rows == replies.main(str(ROOT), [TRIED], 1)
    assert [one for one in browser.asked if not one.startswith((addresses[SCHEMES[name]], "data:", "blob:"))] == []
