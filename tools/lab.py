"""Open JupyterLab on a desk of your own: my-exercises/, and nothing outside it.

    python3 tools/lab.py [--no-browser] [--port 8888] [--language zh_CN]

Copies of what is handed out are put there first; work that is there is never written over. What JupyterLab remembers
(settings, open notebooks) is kept in .lab/, apart from any other JupyterLab of yours. Checks, hints and widgets speak
English, or the language asked for; the notebooks stay in English.
"""

import argparse
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import environment
from environment import STATE
from spoken import LANGUAGE, ROOT, languages, opens_in, say

DESK = ROOT / "my-exercises"
SILENT = 40  # only errors are told: what JupyterLab and a kernel warn of, no student can mend
QUIET = ROOT / "tools" / "jupyter"  # no news from the network, none of nbgrader's panels for instructors
# in the project the copies are made from the sources, in a kit they are handed out
LAY = """
import importlib.util
from pathlib import Path
if importlib.util.find_spec("valuechains.authoring"):
    from valuechains.authoring import catalogue
    catalogue.compile_all(Path())
from valuechains.checks import desk
target = Path("my-exercises")
if importlib.util.find_spec("valuechains.course"):
    from valuechains.course import kit
    said = kit.hand_out(kit.sources(), target)
else:
    said = desk.take_over(Path("exercises"), target)
    said += desk.sentences(desk.lay(desk.handed_out(Path("handed-out")), target))
if said:
    print(*said, sep="\\n", flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=say("JupyterLab on your copies of the exercises, in my-exercises/."))
    parser.add_argument("--no-browser", action="store_true", help=say("only say the address"))
    parser.add_argument("--port", type=int, default=8888, help=say("the first port to try"))
    parser.add_argument(
        "--language", choices=languages(), default=opens_in(), help=say("what checks, hints and widgets speak")
    )
    asked = parser.parse_args()
    if asked.language:
        os.environ[LANGUAGE] = asked.language
    environment.main()
    os.chdir(str(ROOT))
    with environment.alone("lab") as held:
        if not held or addresses():
            return already_open()
        return lay() or opened(asked)


def lay() -> int:
    """Put the copies onto the desk; 0 if that went well."""
    print(say("Preparing your copies in my-exercises ..."), flush=True)
    done = subprocess.run([str(environment.PYTHON), "-c", LAY], stderr=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [say("it gave no reason")])[-1]
        remedy = say("delete the folder .venv and start again: it is made anew")
        if "ImportError" not in last and "ModuleNotFoundError" not in last:
            remedy = say("mend what it names and start again; your work was left as it is")
        said = say("Your copies could not be prepared ({reason}): {remedy}.", reason=last, remedy=remedy)
        print(said, file=sys.stderr)
    return done.returncode


def opened(asked: argparse.Namespace) -> int:
    """Run JupyterLab until it is stopped."""
    port = free_port(asked.port)
    if port != asked.port:
        taken = say(
            "Port {taken} is taken by another program, so this JupyterLab has port {port}.", taken=asked.port, port=port
        )
        print(taken, flush=True)
    profile = STATE / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    told = json.dumps({"IPKernelApp": {"log_level": SILENT}})
    (profile / "ipython_kernel_config.json").write_text(told, encoding="utf-8")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have switched Ctrl+C off
    server = subprocess.Popen(command(port, asked.no_browser), env=surroundings())
    with contextlib.suppress(KeyboardInterrupt):
        address = wait_for_address(server)
        if address:
            there = say("JupyterLab is open on your exercises. If your browser does not show it, go to")
            stop = say("Keep this window open while you work. To stop, save your notebooks, then press Ctrl+C here.")
            print(f"\n{there}\n\n    {address}\n\n{stop}\n", flush=True)
        status = server.wait()
        if status:
            ended = say("JupyterLab ended with status {status}; what it said is above.", status=status)
            print(ended, file=sys.stderr)
        return status
    return stopped(server)


def stopped(server: subprocess.Popen) -> int:
    """After Ctrl+C, which JupyterLab got too: let it end its kernels."""
    with contextlib.suppress(KeyboardInterrupt):
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.terminate()
            server.wait()
    print("\n" + say("JupyterLab was stopped. What you saved is in my-exercises."), flush=True)
    return 0


def already_open() -> int:
    """A second start in this folder: the first one's address, as soon as it has one."""
    while True:
        for address in addresses():
            there = say("JupyterLab is already open on this folder, from another window: go to")
            print(f"{there}\n\n    {address}\n", flush=True)
            return 0
        with environment.alone("lab") as held:
            if held:
                print(say("The other start in this folder has ended: start again."), file=sys.stderr)
                return 1
        time.sleep(0.5)


def free_port(first: int) -> int:
    """The first port from there on that nobody listens on."""
    for port in range(first, min(first + 100, 65536)):
        with socket.socket() as trial:
            if os.name != "nt":  # on Windows it would allow what it should tell
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                trial.bind(("127.0.0.1", port))
                return port
    sys.exit(
        say("No port from {first} on is free: give another one, as in `python3 tools/lab.py --port 9500`.", first=first)
    )


def command(port: int, no_browser: bool) -> list:
    settings = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": DESK,
        "ServerApp.preferred_dir": DESK,
        "ServerApp.answer_yes": True,  # one Ctrl+C stops it
        "LabApp.default_url": "/lab/tree/start.ipynb",
        "LabApp.workspaces_dir": STATE / "workspaces",
        "LabApp.user_settings_dir": STATE / "settings",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "Application.log_level": SILENT,
    }
    flags = ["--no-browser"] if no_browser else []
    flags += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        str(environment.PYTHON),
        "-m",
        "jupyterlab",
        *flags,
        *(f"--{name}={value}" for name, value in settings.items()),
    ]


def surroundings() -> dict:
    """The environment's variables, with places of its own for all that Jupyter and IPython keep."""
    return {
        **os.environ,
        "JUPYTER_CONFIG_PATH": str(QUIET),
        "JUPYTER_CONFIG_DIR": str(STATE / "config"),
        "JUPYTER_DATA_DIR": str(STATE / "data"),
        "JUPYTER_RUNTIME_DIR": str(STATE / "run"),
        "IPYTHONDIR": str(STATE / "ipython"),
        "JUPYTER_TOKEN": secrets.token_hex(24),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning about frozen modules
    }


def addresses() -> list:
    """Where a JupyterLab of this folder answers, by the notes that it keeps while it runs."""
    found = []
    for note in (STATE / "run").glob("jpserver-*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError):
            server = json.loads(note.read_text(encoding="utf-8"))
            urllib.request.urlopen(f"{server['url']}api/status?token={server['token']}", timeout=5).close()
            found.append(f"{server['url']}lab/tree/start.ipynb?token={server['token']}")
    return found


def wait_for_address(server: subprocess.Popen) -> str:
    """Where it answers; nothing if it ended before it did."""
    began, said = time.monotonic(), False
    while server.poll() is None:
        found = addresses()
        if found:
            return found[0]
        if not said and time.monotonic() - began > 5:
            said = True
            print(say("Starting JupyterLab (the first time takes half a minute or so) ..."), flush=True)
        time.sleep(0.2)
    return ""


if __name__ == "__main__":
    sys.exit(main())
