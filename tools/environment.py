"""Make the project's virtual environment from requirements.lock, unless it is already the one the lock describes.

    python3 tools/environment.py

Needs Python alone; pyproject.toml says which Pythons. It is made beside the one that is there, and takes its place when
it is whole: nothing is lost where it cannot be made. What goes wrong is said in one sentence with its remedy. A Python
too old for us gets as far as that sentence, from 3.6 on: hence the plain annotations here and in lab.py.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path

from spoken import ROOT, say, to_say

STATE = ROOT / ".lab"  # locks, pip's words, what JupyterLab remembers
HOME = ROOT / ".venv"
NEW, OLD = STATE / HOME.name, STATE / "old"  # where one is made, and where one goes that is replaced
INTERPRETER = "Scripts/python.exe" if os.name == "nt" else "bin/python"
PYTHON = HOME / INTERPRETER
STAMP = HOME / "made-from"
SAID = STATE / "pip.log"
LOCK, PROJECT = ROOT / "requirements.lock", ROOT / "pyproject.toml"
PER_PACKAGE = 6e6  # bytes on the disk, on average
REASONS = (
    (
        r"No space left on device|Errno 28\b|WinError 112|Disk quota exceeded",
        to_say("The disk is full: make room, then run the same command again."),
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        to_say(
            "The package index could not be trusted, as behind the proxy of some schools: take another network, or "
            "set PIP_CERT to your institution's certificate, then run the same command again."
        ),
    ),
    (
        r"DO NOT MATCH THE HASHES",
        to_say(
            "A package is not the one that the lock names and was not installed: take another network or index, "
            "then run the same command again."
        ),
    ),
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|ConnectionReset|ProxyError|Max retries|Connection broken|"
        r"getaddrinfo|name resolution|Network is unreachable",
        to_say(
            "The package index could not be reached: see to a network (it is needed this once only), "
            "then run the same command again."
        ),
    ),
    (
        r"No matching distribution|Failed to build",
        to_say(
            "No ready-made build of a package was found for this Python on this machine, or the package index could "
            "not be reached: see to a network, or take another of the Pythons that README.md names, "
            "then run the same command again."
        ),
    ),
)
SCRIPT = b"""#!/bin/sh
'''exec' "%s" "$0" "$@"
' '''
"""


def main() -> None:
    """Leave with an environment that is complete, or with one sentence."""
    fits()
    try:
        waiting = say("Another start in this folder is making the environment; waiting for it ...")
        with alone("environment", waiting):
            if not _serves(HOME):
                if not _serves(NEW):
                    make()
                replace()
            if _stamp(HOME)["at"] != str(HOME):
                settle()
            if OLD.exists():
                print(say("Removing the old environment ..."), flush=True)
                _remove(OLD)
    except KeyboardInterrupt:
        sys.exit("\n" + _stopped())


def _stopped() -> str:
    if STAMP.exists():
        return say(
            "Stopped before the environment was complete, and the one that was there is left as it was: run the same "
            "command again to make it."
        )
    return say("Stopped before the environment was complete: run the same command again to make it.")


def fits() -> None:
    """Leave with a sentence if this Python is none of those that pyproject.toml names."""
    found = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"', PROJECT.read_text(encoding="utf-8"), re.M)
    if not found:
        sys.exit(say('{file} names no Python as `requires-python = ">=3.X,<3.Y"`: restore it.', file=PROJECT.name))
    first, beyond = int(found.group(1)), int(found.group(2))
    if not (3, first) <= sys.version_info[:2] < (3, beyond):
        one = f"python3.{beyond - 2}"
        needs = say(
            "This project needs Python 3.{first} to 3.{last}, and {here} is {version}: install one of those and name "
            "it, as in {start} or {make}.",
            first=first,
            last=beyond - 1,
            here=sys.executable,
            version=sys.version.split()[0],
            start=f"`{one} tools/{Path(sys.argv[0]).name}`",
            make=f"`make PYTHON={one}`",
        )
        sys.exit(needs)
    if sys.maxsize < 2**32:
        bits = say(
            "This project needs a Python of 64 bits, and {here} has 32: install one from python.org.",
            here=sys.executable,
        )
        sys.exit(bits)


@contextlib.contextmanager
def alone(name: str, meanwhile: str = ""):
    """Hold a lock of this folder; yields whether it is held. With a sentence to say meanwhile, wait for it.

    The lock is SQLite's, which is the same on every system: a process that dies gives it back.
    """
    try:
        STATE.mkdir(exist_ok=True)
        lock = sqlite3.connect(str(STATE / f"{name}.lock"), timeout=0, isolation_level=None)
        held = _held(lock)
        if not held and meanwhile:
            print(meanwhile, flush=True)
            lock.execute("PRAGMA busy_timeout = 3600000")
            held = _held(lock)
    except (OSError, sqlite3.OperationalError) as error:
        elsewhere = say(
            "{folder} cannot be written to ({error}): copy the folder to a place of your own, then run the same "
            "command again.",
            folder=ROOT,
            error=error,
        )
        sys.exit(elsewhere)
    with contextlib.closing(lock):
        yield held


def _held(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True


def fingerprint() -> str:
    """What the environment is made from: the lock, the package's own description, this Python."""
    described = PROJECT.read_bytes().partition(b"\n[tool.")[0]  # what tools are told changes nothing that is installed
    return hashlib.sha256(sys.version.encode() + LOCK.read_bytes() + described).hexdigest()


def _stamp(home: Path) -> dict:
    try:
        return dict(json.loads((home / STAMP.name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _serves(home: Path) -> bool:
    """Whether the environment there is the one that the lock describes, and whole."""
    made = _stamp(home)
    if made.get("from") != fingerprint() or not (home / INTERPRETER).exists():
        return False
    missing = sorted({*made.get("packages", ["everything"])} - {*_packages(home)})
    if missing:
        names = ", ".join(missing[:3])
        print(say("The environment lacks {packages}, so it is made again.", packages=names), flush=True)
    return not missing


def _packages(home: Path) -> list:
    return sorted(path.name.replace(".dist-info", "") for path in _site(home).glob("*.dist-info"))


def _site(home: Path) -> Path:
    return next(home.glob("[Ll]ib/python*/site-packages"), home / "Lib" / "site-packages")


def make() -> None:
    """Make an environment beside the one that is there; a failure leaves that one alone, and nothing else."""
    pins = len(re.findall(r"^\S+==", LOCK.read_text(encoding="utf-8"), re.M))
    if importlib.util.find_spec("ensurepip") is None:
        no_pip = say(
            "This Python cannot make environments, as its venv module lacks pip: on Debian and Ubuntu, "
            "`sudo apt install python3-venv`, then run the same command again."
        )
        sys.exit(no_pip)
    free = shutil.disk_usage(str(ROOT)).free
    if free < pins * PER_PACKAGE:
        sys.exit(_too_little(free, pins * PER_PACKAGE))
    began = time.monotonic()
    making = say(
        "Making .venv of {packages} packages, once ({few} to {many} minutes) ...",
        packages=pins,
        few=pins // 100 or 1,
        many=pins // 20 or 1,
    )
    print(making, flush=True)
    log: list[str] = []
    try:
        _remove(NEW)
        venv.create(str(NEW), with_pip=True)
        python = str(NEW / INTERPRETER)
        install = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--no-deps"]
        lock = [
            "--progress-bar=off",
            "--no-compile",
            "--only-binary=:all:",
            "--require-hashes",
            f"--requirement={LOCK}",
        ]
        _follow([*install, *lock], log, lambda: _how_far(log, pins))
        _follow([*install, "--no-build-isolation", f"--editable={ROOT}"], log)
        compiled = [python, "-m", "compileall", "-qq", "-j0", str(_site(NEW))]  # on every core, as pip does not
        _follow(compiled, log, lambda: "  " + say("all unpacked, compiling"), may_fail=True)
        made = {"from": fingerprint(), "at": str(NEW), "of": str(ROOT), "packages": _packages(NEW)}
        (NEW / STAMP.name).write_text(json.dumps(made), encoding="utf-8")
    except KeyboardInterrupt:
        _remove(NEW)
        raise
    except (OSError, subprocess.CalledProcessError) as error:
        output = getattr(error, "output", None) or b""
        log += [f"{error}\n", output.decode(errors="replace") if isinstance(output, bytes) else output]
        _remove(NEW)
        _give_up("".join(log))
    print(say("The environment is complete, after {time}.", time=_clock(began)), flush=True)


def _remove(home: Path) -> None:
    if home.is_symlink():
        home.unlink()
    shutil.rmtree(str(home), ignore_errors=True)


def _too_little(free: float, needed: float) -> str:
    sizes = {"free": round(free / 1e6), "needed": round(needed / 1e6), "folder": HOME.name}
    if HOME.exists():
        return say(
            "The disk has {free} MB free, and the environment needs about {needed}: make room, or delete the folder "
            "{folder}, which is kept until the new one is whole, then run the same command again.",
            **sizes,
        )
    return say(
        "The disk has {free} MB free, and the environment needs about {needed}: make room, then run the same command "
        "again.",
        **sizes,
    )


def _give_up(log: str) -> None:
    with contextlib.suppress(OSError):
        SAID.write_text(log, encoding="utf-8")
    failed = say("The environment could not be made.")
    if STAMP.exists():
        failed = say("The environment could not be made, and the one that was there is left as it was.")
    theirs = to_say("Pip's words are in {file}: see to what they name, then run the same command again.")
    why = next((sentence for pattern, sentence in REASONS if re.search(pattern, log)), theirs)
    sys.exit(say("{what} {why}", what=failed, why=say(why, file=SAID)))


def _follow(command: list, log: list, progress=None, *, may_fail: bool = False) -> None:
    """Run a command, keep what it says to ourselves, and show how far it is if that takes long."""
    began, shown = time.monotonic(), ""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as process:
        listener = threading.Thread(target=log.extend, args=(process.stdout,))
        listener.start()
        try:
            while process.poll() is None:
                time.sleep(0.2)
                if progress and time.monotonic() - began > 5:
                    shown = _show(progress(), began, shown)
        finally:  # stopped, too: it writes no more when we clear away
            process.kill()
            process.wait()
        listener.join()
    if shown and sys.stdout.isatty():
        print(flush=True)
    if process.returncode and not may_fail:
        raise subprocess.CalledProcessError(process.returncode, command[0])


def _how_far(log: list, pins: int) -> str:
    fetched = sum(line.startswith("Collecting ") for line in log)
    total = pins - sum(line.startswith("Ignoring ") for line in log)
    if not any(line.startswith("Installing collected") for line in log):
        return "  " + say("fetched {number} of {total}", number=fetched, total=total)
    unpacked = min(len(_packages(NEW)), total)
    return "  " + say("all fetched, unpacked {number} of {total}", number=unpacked, total=total)


def _show(progress: str, began: float, shown: str) -> str:
    """On a terminal one line that changes; elsewhere a line at every tenth package."""
    if sys.stdout.isatty():
        print(f"\r{progress} ({_clock(began)})   ", end="", flush=True)
        return progress
    step = re.sub(r"\d\b", "0", progress, count=1)
    if step != shown:
        print(f"{progress} ({_clock(began)})", flush=True)
    return step


def _clock(began: float) -> str:
    seconds = int(time.monotonic() - began)
    return f"{seconds // 60}:{seconds % 60:02}"


def replace() -> None:
    """Put the new environment in the old one's place. Cut short anywhere, the next start goes on from there."""
    try:
        if HOME.is_symlink() or HOME.exists():
            _remove(OLD)
            os.replace(str(HOME), str(OLD))
        os.replace(str(NEW), str(HOME))
    except OSError as error:  # Windows moves no folder of which a file is open
        in_use = say(
            "The old environment is in use ({error}): stop JupyterLab and what else uses this folder, then run the "
            "same command again.",
            error=error,
        )
        sys.exit(in_use)


def settle() -> None:
    """Put right what names an environment's old place; one asks for no network to move."""
    made = _stamp(HOME)
    root = made.get("of", str(Path(made["at"]).parent))
    if root != str(ROOT):
        print(say("The folder was moved, so its environment is set right for the new place."), flush=True)
    for path in [*PYTHON.parent.iterdir(), *_site(HOME).glob("*.pth"), HOME / "pyvenv.cfg"]:
        if path.is_file() and not path.is_symlink():
            body = path.read_bytes()
            right = (_launcher if path.suffix == ".exe" else _text)(body, {made["at"]: HOME, root: ROOT})
            if right != body:
                path.write_bytes(right)
    STAMP.write_text(json.dumps({**made, "at": str(HOME), "of": str(ROOT)}), encoding="utf-8")


def _text(body: bytes, now: dict) -> bytes:
    """A file that names places, with those of now; a script starts by any path, one with blanks or a long one too."""
    places = {os.fsencode(was): os.fsencode(str(place)) for was, place in now.items()}
    named = re.compile(b"|".join(map(re.escape, places)))
    head = b""
    if body.startswith(b"#!") and named.search(body):
        lines = 3 if body.startswith(b"#!/bin/sh") else 1
        head, body = SCRIPT % os.fsencode(str(PYTHON)), body.split(b"\n", lines)[lines]
    return head + named.sub(lambda found: places[found.group()], body)


def _launcher(body: bytes, now: dict) -> bytes:
    """A program of Windows that starts a script: between its code and its archive stands the Python that it calls."""
    was = re.escape(os.fsencode(next(iter(now))))
    return re.sub(b'#!"?' + was + b'[^"\r\n]*"?', lambda _: b'#!"' + os.fsencode(str(PYTHON)) + b'"', body)


if __name__ == "__main__":
    main()
