"""A page opened in Firefox, in WebKit, which is Safari's engine, or in Chromium, and asked by scripts that run in it.

    with opened("firefox") as page:
        page.open(address)
        page.ask("(name) => document.getElementById(name).textContent", "finding")
        page.errors, page.asked      # what scripts threw or said as errors, and each address asked for, since then

Playwright drives Chromium. Of the others it drives only builds of its own; here each speaks the standard's protocol:
Firefox WebDriver BiDi, and WebKit, whose driver has not got so far, WebDriver.
Every other host is refused: the way there leads through a proxy that is not there.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import http.server
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import websocket
from browser import PATIENCE, installed

NOBODY = 9  # a port that no proxy listens on
HOME = "127.0.0.1"
SIZE: Any = {"width": 1280, "height": 900}
BLANK = "about:blank"
HALF_READ = "Invalid markup: "  # of a formula that Firefox lays out while its second half is still on the way
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": HOME,
    "network.proxy.http_port": NOBODY,
    "network.proxy.ssl": HOME,
    "network.proxy.ssl_port": NOBODY,
    "network.proxy.no_proxies_on": HOME,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}


class Tab(Protocol):
    """A page in a browser: one after the other is opened in it."""

    @property
    def errors(self) -> list[str]: ...
    @property
    def asked(self) -> list[str]: ...
    def open(self, address: str) -> None: ...
    def ask(self, function: str, *given: Any) -> Any: ...
    def press(self, *keys: str) -> None: ...
    def picture(self) -> bytes: ...


class Broken(Exception):
    """What a script in the page threw, or a driver refused."""


class Firefox:
    def __init__(self, folder: Path, running: contextlib.ExitStack):
        self.errors: list[str] = []
        self.asked: list[str] = []
        self._turn = 0
        told = "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
        (folder / "user.js").write_text(told, encoding="utf-8")
        program = shutil.which("firefox-esr") or shutil.which("firefox") or "firefox"
        _started(running, [program, "--headless", "--profile", str(folder), "--remote-debugging-port=0"])
        told_port = folder / "WebDriverBiDiServer.json"
        place = _until(lambda: told_port.exists() and json.loads(told_port.read_text() or "null"), "Firefox")
        address = f"ws://{HOME}:{place['ws_port']}/session"
        self._socket = running.enter_context(
            contextlib.closing(websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True))
        )
        self._say("session.new", capabilities={})
        self._say("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._page = self._say("browsingContext.getTree")["contexts"][0]["context"]
        self._say("browsingContext.setViewport", context=self._page, viewport=SIZE)

    def _say(self, method: str, **about: Any) -> dict:
        self._turn += 1
        self._socket.send(json.dumps({"id": self._turn, "method": method, "params": about}))
        while True:
            heard = json.loads(self._socket.recv())
            if heard.get("id") == self._turn:
                if heard["type"] == "error":
                    raise Broken(f"{heard['error']}: {heard['message']}")
                return heard["result"]
            self._hear(heard.get("method"), heard.get("params", {}))

    def _hear(self, event: str | None, about: dict) -> None:
        if event == "log.entryAdded" and about["level"] == "error" and not about["text"].startswith(HALF_READ):
            self.errors.append(str(about["text"]))
        elif event == "network.beforeRequestSent":
            self.asked.append(about["request"]["url"])

    def open(self, address: str) -> None:
        self._say("browsingContext.navigate", context=self._page, url=BLANK, wait="complete")
        self.errors.clear()
        self.asked.clear()
        self._say("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def ask(self, function: str, *given: Any) -> Any:
        heard = self._say(
            "script.callFunction",
            functionDeclaration=f"async (given) => JSON.stringify([await ({function})(...JSON.parse(given))])",
            arguments=[{"type": "string", "value": json.dumps(given)}],
            target={"context": self._page},
            awaitPromise=True,
        )
        if heard["type"] == "exception":
            raise Broken(heard["exceptionDetails"]["text"])
        return json.loads(heard["result"]["value"])[0]

    def press(self, *keys: str) -> None:
        self._say("input.performActions", context=self._page, actions=_typed(keys))

    def picture(self) -> bytes:
        return base64.b64decode(self._say("browsingContext.captureScreenshot", context=self._page)["data"])


class WebKit:
    def __init__(self, folder: Path, running: contextlib.ExitStack):
        self._address = ""
        screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1100x24", "-nolisten", "tcp"]
        display = _started(running, screen, stdout=subprocess.PIPE).stdout
        number = display.readline().decode().strip() if display else ""
        with socket.socket() as free:
            free.bind((HOME, 0))
            port = free.getsockname()[1]
        alone = {"DISPLAY": f":{number}", "GDK_BACKEND": "x11", "HOME": str(folder), "NO_AT_BRIDGE": "1"}
        _started(running, ["WebKitWebDriver", f"--port={port}"], env={**os.environ, **alone})
        self._driver = f"http://{HOME}:{port}"
        _until(self._ready, "WebKitWebDriver")
        proxy = {"proxyType": "manual", "httpProxy": f"{HOME}:{NOBODY}", "sslProxy": f"{HOME}:{NOBODY}"}
        wanted = {
            "proxy": {**proxy, "noProxy": [HOME]},
            "timeouts": {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000},
        }
        self._session = f"/session/{self._call('POST', '/session', capabilities={'alwaysMatch': wanted})['sessionId']}"
        running.callback(self._call, "DELETE", self._session)
        self._call("POST", f"{self._session}/window/rect", **SIZE)

    def _ready(self) -> bool:
        try:
            return self._call("GET", "/status")["ready"]
        except OSError:
            return False

    def _call(self, method: str, path: str, **about: Any) -> Any:
        body = json.dumps(about).encode() if method == "POST" else None
        asked = urllib.request.Request(self._driver + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Broken(json.load(error)["value"]["message"]) from None

    @property
    def errors(self) -> list[str]:
        """What `served` had the page keep: this driver tells of none."""
        return self.ask("() => window.heard ?? []")

    @property
    def asked(self) -> list[str]:
        entries = "() => performance.getEntriesByType('resource').map((one) => one.name)"
        return [self._address, *self.ask(entries)]

    def open(self, address: str) -> None:
        self._call("POST", f"{self._session}/url", url=BLANK)
        self._address = address
        self._call("POST", f"{self._session}/url", url=address)

    def ask(self, function: str, *given: Any) -> Any:
        script = f"""const [text, done] = arguments;
            (async () => JSON.stringify([await ({function})(...JSON.parse(text))]))()
                .then(done, (error) => done({{ failed: String(error) }}));"""
        heard = self._call("POST", f"{self._session}/execute/async", script=script, args=[json.dumps(given)])
        if isinstance(heard, dict):
            raise Broken(heard["failed"])
        return json.loads(heard)[0]

    def press(self, *keys: str) -> None:
        self._call("POST", f"{self._session}/actions", actions=_typed(keys))

    def picture(self) -> bytes:
        return base64.b64decode(self._call("GET", f"{self._session}/screenshot"))


class Chromium:
    """The machine's own, or Playwright's; with the same words as the others, for what is asked of all three."""

    def __init__(self, folder: Path, running: contextlib.ExitStack):
        from playwright.sync_api import sync_playwright

        self.errors: list[str] = []
        self.asked: list[str] = []
        proxy: Any = {"server": f"http://{HOME}:{NOBODY}", "bypass": HOME}
        started = running.enter_context(sync_playwright()).chromium.launch(
            executable_path=installed(), args=["--no-sandbox"], proxy=proxy
        )
        running.callback(started.close)
        self._page = started.new_page(viewport=SIZE)
        self._page.on("request", lambda request: self.asked.append(request.url))
        self._page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    def open(self, address: str) -> None:
        self._page.goto(BLANK)
        self.errors.clear()
        self.asked.clear()
        self._page.goto(address)

    def ask(self, function: str, *given: Any) -> Any:
        return self._page.evaluate(f"(given) => ({function})(...given)", list(given))

    def press(self, *keys: str) -> None:
        for letter in "".join(keys):
            self._page.keyboard.press(letter)

    def picture(self) -> bytes:
        return self._page.screenshot()


BROWSERS: dict[str, Callable[[Path, contextlib.ExitStack], Tab]] = {
    "chromium": Chromium,
    "firefox": Firefox,
    "webkit": WebKit,
}


@contextlib.contextmanager
def opened(name: str) -> Iterator[Tab]:
    """A browser of that name with an empty page, and nothing of another visit."""
    with contextlib.ExitStack() as running:
        yield _begun(name, running)


def _begun(name: str, running: contextlib.ExitStack) -> Tab:
    """A browser that has started. One that does not answer is started anew, once: WebKit may hang as it begins."""
    for last in (False, True):
        with contextlib.ExitStack() as starting:
            folder = starting.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            try:
                tab = BROWSERS[name](Path(folder), starting)
            except (OSError, Broken):
                if last:
                    raise
            else:
                running.push(starting.pop_all())
                return tab
    raise AssertionError


# The first script of every page that is served: what scripts throw or say as errors stands in `heard`.
HEARD = """window.heard = [];
addEventListener("error", (event) => heard.push(event.message ?? String(event.target)));
addEventListener("unhandledrejection", (event) => heard.push(String(event.reason)));
console.error = (...said) => heard.push(said.join(" "));
"""


class _Listening(http.server.SimpleHTTPRequestHandler):
    """Serves a site as a strict host does, and has each page keep its errors."""

    def log_message(self, *ignored: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if self.path == "/heard.js":
            self._give(HEARD, "text/javascript")
        elif path.suffix == ".html" and path.is_file():
            self._give(path.read_text(encoding="utf-8").replace("<head>", '<head><script src="/heard.js"></script>', 1))
        else:
            super().do_GET()

    def _give(self, text: str, kind: str = "text/html") -> None:
        body = text.encode()
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header(
            "Content-Security-Policy", "script-src 'self' 'unsafe-eval'; worker-src blob:; object-src 'none'"
        )
        super().end_headers()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[dict[str, str]]:
    """The two addresses of a built site, without a slash at the end."""
    handler = functools.partial(_Listening, directory=str(folder))
    with http.server.ThreadingHTTPServer((HOME, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"http": f"http://{HOME}:{server.server_port}", "file": folder.as_uri()}
        server.shutdown()


def _started(running: contextlib.ExitStack, command: list[str], **how: Any) -> subprocess.Popen:
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **how}
    process = subprocess.Popen(command, **quiet)
    running.callback(_ended, process)
    return process


def _ended(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until(asked: Callable[[], Any], who: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := asked():
            return answer
        time.sleep(0.05)
    raise Broken(f"{who} did not start")


def _typed(keys: tuple[str, ...]) -> list[dict]:
    """Each key down and up; a text of several letters is typed letter by letter."""
    letters = [letter for key in keys for letter in key]
    strokes = [{"type": way, "value": letter} for letter in letters for way in ("keyDown", "keyUp")]
    return [{"type": "key", "id": "keyboard", "actions": strokes}]
