"""Programs that the tests use and that pip cannot bring: what is not tested without them, and how to install them."""

import shutil
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    name: str
    commands: tuple[str, ...]  # any of them will do
    untested: str  # without it
    debian: str  # its packages there
    elsewhere: str  # what to type, or where to look, on other systems
    linux_only: bool = False

    @property
    def is_here(self) -> bool:
        return any(map(shutil.which, self.commands))

    @property
    def line(self) -> str:
        return f"Without {self.name}, this was not tested: {self.untested}. To install it: {self.how}"

    @property
    def how(self) -> str:
        return f"sudo apt install {self.debian}" if shutil.which("apt-get") else self.elsewhere


BROWSER = Program(
    "a browser",
    (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ),  # quickest first
    "the built pages, JupyterLab and the slides as PDF",
    "chromium-headless-shell fonts-dejavu-core",
    "your system's package chromium, or Google Chrome",
)
FIREFOX = Program(
    "Firefox", ("firefox-esr", "firefox"), "the built pages in Firefox", "firefox-esr", "your system's package firefox"
)
WEBKIT = Program(
    "WebKit's driver",
    ("WebKitWebDriver",),
    "the built pages in WebKit, Safari's engine",
    "--no-install-recommends webkit2gtk-driver",
    "your system's package of WebKitGTK with its driver",
    linux_only=True,
)
SCREEN = Program(
    "Xvfb",
    ("Xvfb",),
    "the built pages in WebKit, which needs a screen",
    "--no-install-recommends xvfb",
    "your system's package of Xvfb",
    linux_only=True,
)
NODE = Program(
    "node",
    ("node",),
    "the tree by which a chart is walked without its picture",
    "nodejs",
    "your system's package of Node.js",
)
NPM = Program(
    "npm", ("npm",), "exercises worked on the page, and questions in another player", "npm", "Node.js, which brings it"
)
WALLS = Program(
    "bubblewrap",
    ("bwrap",),
    "marking hostile work behind walls",
    "bubblewrap",
    "your system's package bubblewrap",
    linux_only=True,
)
ENGINES = {"firefox": (FIREFOX,), "webkit": (WEBKIT, SCREEN)}
OTHERS = (
    WALLS,
    Program(
        "JupyterHub's proxy",
        ("configurable-http-proxy",),
        "a class under JupyterHub",
        "nodejs node-configurable-http-proxy",
        "npm install --global configurable-http-proxy",
    ),
    Program("git", ("git",), "that students' work is never committed", "git", "your system's package git"),
    NODE,
    NPM,
    *(one for each in ENGINES.values() for one in each),
)


def lines(has_browser: bool) -> list[str]:
    """One line for each program that is missing here."""
    wanted = [one for one in OTHERS if not one.is_here and (sys.platform == "linux" or not one.linux_only)]
    wanted += [] if has_browser else [BROWSER]
    return [one.line for one in wanted]
