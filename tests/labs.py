"""A real JupyterLab on loopback, and its page in the browser with every other host refused."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from conftest import ROOT

OPTIONS = [
    "--no-browser",
    "--ip",
    "127.0.0.1",
    "--IdentityProvider.token=",
    "--ServerApp.password=",
    "--allow-root",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
]


@contextlib.contextmanager
def jupyterlab(folder: Path, home: Path, *options: str, config: Path = ROOT / "tools" / "jupyter"):
    """The address of a JupyterLab that shows a folder; it uses a home of its own. config: by default a student's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": str(config),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
    }
    with open(home / "log", "w", encoding="utf-8") as said:
        command = [
            sys.executable,
            "-m",
            "jupyter",
            "lab",
            *OPTIONS,
            *options,
            "--port",
            str(port),
            f"--ServerApp.root_dir={folder}",
        ]
        server = subprocess.Popen(command, cwd=folder, env=env, stdout=said, stderr=said)
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1)
                break
            except OSError:
                assert server.poll() is None, (home / "log").read_text(encoding="utf-8")
                time.sleep(0.5)
        try:
            yield address
        finally:
            server.terminate()
            server.wait(30)


def alone(context, address: str):
    """A page that reaches nothing but the address; what it asked elsewhere is in `refused`, script errors in
    `errors`."""
    page = context.new_page()
    page.refused, page.errors = [], []

    def route(asked):
        if asked.request.url.startswith((address, "data:", "blob:")):
            return asked.continue_()
        page.refused.append(asked.request.url)
        return asked.abort()

    page.route("**/*", route)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page
