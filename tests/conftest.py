"""What the browser tests share: the built book, a server for it, a browser with every other host refused."""

import contextlib
import functools
import http.server
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from browser import PATIENCE, installed, starts  # noqa: E402
from check import SLOW  # noqa: E402
from frozen import limited  # noqa: E402

# One way for all properties: no clock decides, and the same examples are tried on every machine.
settings.register_profile("project", max_examples=60, deadline=None, derandomize=True, database=None)
settings.load_profile("project")

# What tests start heeds Ctrl+C, though a shell that runs the tests in the background has switched it off for them.
signal.signal(signal.SIGINT, signal.default_int_handler)

BUILT = ROOT / "_build" / "html"
SOURCES = ("_config.yml", "_toc.yml", "chapters", "locale", "valuechains", "data")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # every other host is refused
]


def _newest(*paths: Path) -> float:
    files = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*")))
    made = (file.stat().st_mtime for file in files if file.is_file() and "__pycache__" not in file.parts)
    return max(made, default=0)


@contextlib.contextmanager
def _alone():
    """One test process at a time: the others wait (a lock of SQLite's, which a process that dies gives back)."""
    BUILT.parent.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(BUILT.parent / "lock", timeout=900, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the built book; built first if it is missing or older than what it is made from."""
    stamp = BUILT / "searchindex.js"
    with _alone():
        sources = [*(ROOT / name for name in SOURCES), *ROOT.glob("exercises/*/questions.yml")]
        if not stamp.exists() or stamp.stat().st_mtime < _newest(*sources):
            command = [sys.executable, "tools/book.py"]
            made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if made.returncode:
                said = made.stdout[-3000:] + made.stderr[-3000:]
                pytest.fail(f"tools/book.py ended with status {made.returncode}:\n{said}")
            os.utime(stamp)
    return BUILT


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *ignored):
        pass

    def end_headers(self):
        """As a strict host serves it: no script that stands in a page is run."""
        self.send_header("Content-Security-Policy", "script-src 'self' 'unsafe-eval'; object-src 'none'")
        super().end_headers()


@pytest.fixture(scope="session")
def site(built, tmp_path_factory):
    """The two addresses of the built book: {"http": ..., "file": ...}, without a slash at the end.

    The folder is one as readers have them: with blanks and letters of other scripts in its name.
    """
    folder = tmp_path_factory.mktemp("My books") / "全球价值链 (été)"
    folder.symlink_to(built, target_is_directory=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(built)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"http": f"http://127.0.0.1:{server.server_port}", "file": folder.as_uri()}
    server.shutdown()


def _patient(opening):
    """A way of opening whose pages may take their time over anything."""

    @functools.wraps(opening)
    def opened(*arguments, **options):
        made = opening(*arguments, **options)
        made.set_default_timeout(PATIENCE * 1000)
        return made

    return opened


@pytest.fixture(scope="session")
def browser():
    """The machine's Chromium, else Playwright's own; without either the test is skipped."""
    from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

    if not installed() and not starts():
        pytest.skip("no browser to test with: README.md says how to install one")
    # a page is asked again now and then, not at every frame, which it would have to draw for that
    Page.wait_for_function = functools.partialmethod(Page.wait_for_function, polling=50)
    Browser.new_context, Browser.new_page = _patient(Browser.new_context), _patient(Browser.new_page)
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        except Error as error:
            pytest.skip(f"no browser to test with: {str(error).splitlines()[0]}")
        yield opened
        opened.close()


def pytest_collection_modifyitems(items):
    """The files that take longest first, so that nobody waits for one of them at the end: browser, then slow ones."""
    browser = {item.path for item in items if item.get_closest_marker("browser")}
    slow = {f"test_{name}" for name in SLOW}
    items.sort(key=lambda item: (item.path not in browser, item.path.stem not in slow))


# Long files whose parts need not wait for one another, and what tells the parts in the name of a test.
PARTS = {
    "tests/book/test_lab_opens.py": r"\[(chapters|exercises|my-exercises)/",
    "tests/book/test_site.py": r"chapters/\w\w",
    "tests/book/test_engines.py": r"webkit",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file is tested in one process, and so is a part of a long one."""
    from xdist.scheduler import LoadScopeScheduling

    class InParts(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            path, _, name = nodeid.partition("::")
            found = re.search(PARTS.get(path, "$^"), name)
            return f"{path} {found[0]}" if found else path

    return InParts(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """No test takes ten minutes, so a page that does hangs."""
    with limited(600) if item.get_closest_marker("browser") else contextlib.nullcontext():
        return (yield)


@pytest.fixture
def page_report(record_property):
    """Say something of a page in the table printed after the run: page_report("02-services", charts="8 of 8")."""
    return lambda page, **facts: record_property("page", (page, facts))


def pytest_terminal_summary(terminalreporter):
    facts: dict[str, dict[str, str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "page" and getattr(report, "when", "") == "call":
                    facts.setdefault(value[0], {}).update(value[1])
    if not facts:
        return
    columns = list(dict.fromkeys(column for page in facts.values() for column in page))
    rows = [["page", *columns]]
    rows += [[name, *(str(page.get(column, "")) for column in columns)] for name, page in facts.items()]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    terminalreporter.section("the built site, page by page")
    for row in rows:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
