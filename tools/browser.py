"""A Chromium for the tests: the machine's own, else Debian's package where it may be installed, else Playwright's."""

import os
import shutil
import subprocess
import sys

from programs import BROWSER

from valuechains.course.meanwhile import told

PATIENCE = 240  # seconds; what takes longer has stopped, since a busy machine is slow


def installed() -> str | None:
    """The path of a browser on this machine."""
    return next(filter(None, map(shutil.which, BROWSER.commands)), None)


def starts() -> bool:
    """Whether Playwright's own browser is there and finds the system's libraries that it and its driver need."""
    script = "from playwright.sync_api import sync_playwright as p\nwith p() as start: start.chromium.launch().close()"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0


def from_debian() -> bool:
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", *BROWSER.debian.split()]):
        asked = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, check=False)
    return asked.returncode == 0 and installed() is not None


def from_playwright() -> bool:
    command = [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0 and starts()


def ensure() -> bool:
    """Whether a browser is there for the tests, after trying to bring one."""
    if installed() or starts():
        return True
    print("There is no browser here; fetching one for the tests (once, a minute or two) ...", flush=True)
    with told("Fetching a browser"):
        return from_debian() or from_playwright()
