"""A Chromium for the tests: the machine's own, else Debian's package where it may be installed, else Playwright's."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """The path of a browser on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def from_debian() -> bool:
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    quiet = {"stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    asked = subprocess.run(
        ["apt-get", "install", "-y", "-qq", "chromium", "fonts-dejavu-core"],
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        **quiet,
    )
    return asked.returncode == 0 and installed() is not None


def from_playwright() -> bool:
    asked = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return asked.returncode == 0


def ensure() -> bool:
    """Whether a browser is there for the tests, after trying to bring one."""
    return bool(installed() or from_debian() or from_playwright())
