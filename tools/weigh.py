"""make weigh: what a first visit costs on a slow phone, beside a plain book's page of the same text, in one run.

A processor four times slower, 1.6 Mbit/s, 150 ms to the host, gzip, nothing kept from before. The plain page is the
chapter in the theme as its package brings it, with pictures where charts are and none of our scripts and styles. Pages
take turns and the best of a few counts; on a busy machine only the ratios say something.
"""

from __future__ import annotations

import argparse
import gzip
import re
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from math import inf, isfinite
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from book import PAGES
from browser import installed
from playwright.sync_api import Browser, sync_playwright

from valuechains.course.meanwhile import told

PHONE: Any = {"width": 390, "height": 844}
SLOWER = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
LONG = 0.2  # seconds of one task, in which a page answers nobody
THEMES = [files(name) / "theme" / name for name in ("sphinx_book_theme", "pydata_sphinx_theme")]
APART = {"kits", "away", "python"}  # of the site: loaded when asked for, or made to take along

WATCH = """
window.seen = {tasks: [], drawn: [], pictures: []};
new PerformanceObserver((list) => list.getEntries().forEach((task) => seen.tasks.push(task.duration)))
    .observe({type: "longtask", buffered: true});
addEventListener("DOMContentLoaded", () => { // as for a reader who goes to a chart at once
    for (const picture of document.querySelectorAll("figure.gvc-figure .gvc-view img")) {
        picture.loading = "eager";
        picture.decode().then(() => seen.pictures.push(performance.now()), () => {}); // the live chart may be sooner
    }
    window.gvc?.drawn;
});
addEventListener("gvc:drawn", () => seen.drawn.push(performance.now()), true);
"""
ALL_DRAWN = "[...document.querySelectorAll('figure.gvc-figure')].every((figure) => figure.gvc)"
TIMES = ("painted", "loaded", "pictures", "first", "last")  # the last three are of charts: as pictures, and alive
SHOWN = """(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    loaded: performance.getEntriesByType("navigation")[0].loadEventEnd,
    pictures: Math.max(...seen.pictures), first: Math.min(...seen.drawn), last: Math.max(...seen.drawn),
    tasks: seen.tasks,
}))()"""


@cache
def plain(path: str) -> bytes | None:
    """A file of the plain book: the theme's own, or a page without what is ours."""
    for theme in THEMES if path.startswith("/_static/") else ():
        if (file := Path(str(theme), "static", path.removeprefix("/_static/"))).is_file():
            return file.read_bytes()
    content = ours(path)
    if content and path.endswith(".html"):
        text = re.sub(r'<script[^>]*class="gvc-spec".*?</script>', "", content.decode(), flags=re.S)
        text = re.sub(r'<script[^>]*src="[^"]*/gvc/[^>]*></script>|<link[^>]*/gvc/[^>]*>', "", text)
        return text.encode()
    return content


@cache
def ours(path: str) -> bytes | None:
    file = PAGES / path.lstrip("/")
    return file.read_bytes() if file.is_file() else None


class Host(BaseHTTPRequestHandler):
    """A host of files that packs what can be packed."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *ignored: object) -> None:
        pass

    def do_GET(self) -> None:
        book, _, path = urlsplit(self.path).path.lstrip("/").partition("/")
        content = (plain if book == "plain" else ours)(f"/{path}")
        kind = guess_type(path)[0] or "application/octet-stream"
        packed = content is not None and (kind.startswith("text/") or kind in {"application/json", "image/svg+xml"})
        body = gzip.compress(content, 6) if packed and content else content or b""
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


def visit(browser: Browser, address: str, charts: bool) -> dict:
    """One first visit: seconds, seconds of each long task, and MB that came over the line."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    page = context.new_page()
    engine = context.new_cdp_session(page)
    engine.send("Network.enable")
    engine.send("Network.emulateNetworkConditions", LINE)
    engine.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    came: list[float] = []
    engine.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load", timeout=120_000)
    if charts:
        page.wait_for_function(ALL_DRAWN, timeout=120_000)
    page.wait_for_load_state("networkidle")
    found = page.evaluate(SHOWN)
    context.close()
    seconds = {name: found[name] / 1000 for name in TIMES if isfinite(found[name] or inf)}
    return {**seconds, "tasks": [task / 1000 for task in found["tasks"]], "MB": sum(came) / 1e6}


def best(visits: list[dict]) -> dict:
    """The least of each; of the longest tasks too, since another program makes each of them longer and none shorter."""
    least = {name: min(one[name] for one in visits) for name in visits[0] if name != "tasks"}
    return {
        **least,
        "longest": min(max(one["tasks"], default=0) for one in visits),
        "long": min(sum(task > LONG for task in one["tasks"]) for one in visits),
    }


def compare(browser: Browser, host: str, name: str, rounds: int) -> None:
    charts = b'class="gvc-spec"' in (ours(f"/{name}.html") or b"")
    runs: dict[str, list[dict]] = {"plain": [], "ours": []}
    for _ in range(rounds):
        for book, visits in runs.items():
            visits.append(visit(browser, f"{host}/{book}/{name}.html", charts and book == "ours"))
    found = {book: best(visits) for book, visits in runs.items()}
    print(f"\n{name}\n{'':8}{''.join(f'{name:>10}' for name in TIMES)}{'longest':>9}{'> 0.2 s':>9}{'MB':>8}")
    for book, cost in found.items():
        times = "".join(f"{cost[name]:10.2f}" if name in cost else f"{'':10}" for name in TIMES)
        print(f"{book:8}{times}{cost['longest']:9.2f}{cost['long']:9}{cost['MB']:8.2f}")
    mine, its = found["ours"], found["plain"]
    ratios = f"{mine['loaded'] / its['loaded']:.2f} of its time to load, {mine['MB'] / its['MB']:.2f} of its weight"
    if charts:
        ratios += f"; the first chart at {mine['first'] / its['loaded']:.2f} of the plain page's time to load"
    print(f"Beside the plain page: {ratios}.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", default=["chapters/index", "chapters/02-services"])
    parser.add_argument("--rounds", type=int, default=3, help="how often the pages take turns")
    options = parser.parse_args()
    for name in options.pages:
        if not (PAGES / f"{name}.html").is_file():
            parser.error(f"there is no page {name} in {PAGES}: name one such as chapters/index, after `make book`")
    site = [path for path in PAGES.rglob("*") if path.is_file() and not APART & set(path.relative_to(PAGES).parts)]
    print(f"Site without {', '.join(sorted(APART))}: {sum(path.stat().st_size for path in site) / 1e6:.1f} MB")
    print(f"A phone {SLOWER} times slower, 1.6 Mbit/s, 150 ms: seconds and MB, best of {options.rounds}")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=["--no-sandbox", "--disable-gpu"])
        for name in options.pages:
            with told(f"Visiting {name}"):
                compare(browser, f"http://127.0.0.1:{server.server_port}", name, options.rounds)
        browser.close()


if __name__ == "__main__":
    main()
