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
    "--LabApp.expose_app_in_browser=True",
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
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")]),
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
        for _ in range(1200):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1)
                break
            except OSError:
                assert server.poll() is None, (home / "log").read_text(encoding="utf-8")
                time.sleep(0.1)
        try:
            yield address
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:  # it waits for kernels that a busy machine has not ended
                server.kill()
                server.wait()


def alone(context, address: str):
    """A page of the browser, which refuses every other host; what it asked elsewhere is in `refused`, script errors in
    `errors`."""
    page = context.new_page()
    page.refused, page.errors = [], []

    def note(asked):
        if not asked.url.startswith((address, "data:", "blob:")):
            page.refused.append(asked.url)

    page.on("request", note)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


# The notebook in front is there, and its kernel answers: what is asked of JupyterLab before that is lost.
READY = """() => {
    const panel = window.jupyterapp?.shell?.currentWidget;
    return panel?.context?.isReady && panel.content.widgets?.length && panel.sessionContext?.isReady
        && panel.sessionContext.session?.kernel?.status === "idle";
}"""
# JupyterLab's way of running is asked for by its own command, and errors of cells are what it gives back.
RUN = """async () => {
    const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
    await app.commands.execute("notebook:run-all-cells");
    const outputs = notebook.widgets.flatMap((cell) => cell.model.type === "code" ? cell.model.outputs.toJSON() : []);
    return outputs.filter((one) => one.output_type === "error").map((one) => `${one.ename}: ${one.evalue}`);
}"""


def ask(page, script: str, argument=None):
    """What an asynchronous script of the page finds; TimeoutError, where the page is frozen."""
    # on a busy machine no notebook is in front for a moment, between one and the next
    there = "window.jupyterapp?.shell?.currentWidget?.content" if "currentWidget" in script else "true"
    asked = f"async (argument) => {there} ? ({{found: await ({script})(argument)}}) : null"
    return page.wait_for_function(asked, arg=argument).json_value().get("found")


def run(page) -> list[str]:
    """Run the notebook in front from top to bottom; its errors."""
    page.wait_for_function(READY)
    return ask(page, RUN)
