"""One submission, run by itself: what its cells print, and what the variables that are asked for hold.

    run = execute(steps, files, student="s017")     # Run(lines, stopped, seconds)

A submission runs in a process of its own that has no network and sees Python, the library without the teacher's side,
the data (all read-only) and an empty folder in memory; not the course, its key, its gradebook or anybody's work. It is
given its job and gives its lines through pipes, so that it can write nothing of ours. What comes out is the word of
hostile code: it is read as bounded JSON and decides nothing but that student's own recorded answers.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import random
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import psutil

import valuechains
from valuechains import datasets
from valuechains.checks.values import clean
from valuechains.course import stored
from valuechains.course.kit import LEFT_OUT
from valuechains.course.sandbox.runner import END
from valuechains.tongue import say, to_say, together

PACKAGE = Path(valuechains.__file__).resolve().parent
RUNNER = Path(__file__).with_name("runner.py")
KIT, DESK = "/kit", "/desk"  # in the sandbox: the library, and the folder that the submission runs in
CACHES = 256 << 20  # bytes of the folder in memory
SHARED = 64 << 20  # bytes of /dev/shm
MEMORY = to_say(
    "Memory is bounded by counting what its processes hold, twice a second; folders in "
    "memory have a size, and on x86-64 and ARM64 the kernel refuses it memory that no "
    "limit counts (memfd, shared memory of System V)."
)
KERNEL = to_say("It shares the kernel with you: a fault of the kernel is not covered.")
SIGHT = to_say("It cannot see or change the course, the key, the gradebook, other work or your files.")
PROMISES = {
    "bwrap": to_say(
        "bubblewrap: each submission has its own processes, memory, empty folder and no "
        "network, and sees Python, the library and the data, read-only."
    ),
    "unshare": to_say(
        "Linux namespaces (unshare): each submission has its own processes, empty folder and "
        "no network, and sees Python, the library and the data, read-only."
    ),
    "limits": to_say(
        "No walls: time, memory and output of each submission are bounded as far as this "
        "system can and it runs in a folder of its own, but it CAN read and change what you "
        "can, the course and the network included. Marks are still computed outside."
    ),
}
INSTALL = {
    "linux": to_say(
        "install bubblewrap (Debian, Ubuntu: `sudo apt install bubblewrap`; Fedora: `sudo "
        "dnf install bubblewrap`; Arch: `sudo pacman -S bubblewrap`) and grade again"
    ),
    "darwin": to_say(
        "grade on Linux with bubblewrap, which a virtual machine or a container can be (macOS has no such walls)"
    ),
    "win32": to_say(
        "grade in Linux with bubblewrap, for one in WSL (`wsl --install`, then `sudo apt install bubblewrap`)"
    ),
}


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds, bytes, or counts.

    wall: the whole run. cell: one cell, in seconds of the processor. cpu: each process. text: characters a cell may
    print.
    """

    wall: float = 180
    cell: float = 30
    cpu: int = 120
    memory: int = 3 << 30
    file: int = 64 << 20
    files: int = 256
    processes: int = 48
    output: int = 4 << 20
    text: int = 50_000


@dataclass(frozen=True)
class Run:
    """What came out: {step: {"text", "error"} or {"value"}}, why it was stopped (one clause, or empty), and how long it
    took."""

    lines: dict[str, dict]
    stopped: str
    seconds: float


def walled() -> bool:
    """Whether a submission is locked away here."""
    return means() != "limits"


def how_to_wall() -> str:
    """What to do to get walls on this system, as a clause."""
    return say(INSTALL.get(sys.platform, INSTALL["darwin"]))


def isolation() -> str:
    """In words: which means of the operating system is in force, and what it promises."""
    promised = (PROMISES[means()], *((SIGHT, MEMORY, KERNEL) if walled() else ()))
    return together(map(say, promised))


@cache
def means() -> str:
    """The strongest of bwrap, unshare and limits with which a trial submission runs to its end."""
    trial = [{"step": "0", "run": "import numpy, pandas, valuechains\nx = 1"}, {"step": "x", "record": "x"}]
    for way in ("bwrap", "unshare"):
        if shutil.which(way):
            run = execute(trial, {}, student="trial", way=way)
            if not run.stopped and run.lines.get("x") == {"value": 1}:
                return way
    return "limits"


def execute(
    steps: Sequence[Mapping],
    files: Mapping[str, bytes],
    *,
    student: str,
    limits: Limits = Limits(),
    way: str | None = None,
    library: Path | None = None,
) -> Run:
    """Run a submission's steps in order, {"step": name, "run": source} or {"step": name, "record": variable}.

    library: a folder with valuechains/ and data/ to run with, if not those here.
    """
    way, begun = way or means(), time.monotonic()
    inside = way != "limits"
    with contextlib.nullcontext("/") if inside else _own_folder() as folder:
        job = {
            "steps": list(steps),
            "student": student,
            "limits": asdict(limits) | {"processes": limits.processes if inside else 0},
            "folder": DESK if inside else folder,
            "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
            # a user of its own, so that processes can be counted
            "uid": random.randrange(61_000, 64_000) if inside and _root() else 0,
        }
        with tempfile.TemporaryFile() as given:
            given.write(json.dumps(job).encode())
            given.seek(0)
            process = subprocess.Popen(
                _command(way, library),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=_environment(inside, folder, library),
                start_new_session=True,
            )
        try:
            said, stopped = _listen(process, limits, begun + limits.wall)
        finally:
            _end(process)
    lines, ended = _lines(said)
    if not (ended or stopped):
        stopped = stored.ENDED
    return Run(lines, stopped, time.monotonic() - begun)


@contextlib.contextmanager
def _own_folder() -> Iterator[str]:
    """A folder for a submission that has no walls; those that a killed run left behind are taken away first."""
    for left in Path(tempfile.gettempdir()).glob("submission-*-*"):
        owner = left.name.split("-")[1]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"submission-{os.getpid()}-") as folder:
        yield folder


def _root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0


def _environment(inside: bool, folder: str, library: Path | None) -> dict[str, str]:
    own = {
        "PATH": f"{os.path.normpath(sys.prefix)}/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "HOME": DESK if inside else folder,
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "agg",
        "PYTHONPATH": KIT if inside else str(library or PACKAGE.parent),
    }
    return (
        own
        if inside
        else {
            **own,
            "VALUECHAINS_DATA": str(library / "data" if library else datasets.folder()),
            **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
        }
    )  # Windows needs its own


def _command(way: str, library: Path | None) -> list[str]:
    ends_with_us = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    if way == "limits":
        return [*ends_with_us, sys.executable, "-P", str(RUNNER)]
    inside = [os.path.normpath(sys.executable), "-P", f"{KIT}/runner.py"]
    if way == "bwrap":
        return [*_bubblewrap(library), *inside]
    mine = [] if _root() else ["--user", "--map-root-user"]
    less = [] if _root() else ["unshare", "--user", "--mount"]  # gives up the means to undo what is mounted
    return [
        *ends_with_us,
        "unshare",
        *mine,
        "--net",
        "--pid",
        "--mount",
        "--ipc",
        "--uts",
        "--fork",
        "--kill-child",
        "sh",
        "-euc",
        _script(library),
        "sh",
        *less,
        *inside,
    ]


def _view(library: Path | None) -> list[tuple[str, str]]:
    """What a submission sees, all of it read-only: (where it is, where it is seen)."""
    system = [
        path for path in ("/usr", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime") if os.path.exists(path)
    ]
    system += [
        path for path in ("/bin", "/lib", "/lib32", "/lib64") if os.path.isdir(path) and not os.path.islink(path)
    ]
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix)  # with ".." in them where Python was started so
    python = {own(prefix) for prefix in prefixes for own in (os.path.normpath, os.path.realpath)}
    package, data = (library / "valuechains", library / "data") if library else (PACKAGE, datasets.folder().resolve())
    parts = [path for path in sorted(package.iterdir()) if path.name not in (*LEFT_OUT, "__pycache__")]
    return [
        *((path, path) for path in system),
        *((path, path) for path in sorted(python) if not path.startswith("/usr/") and path != "/usr"),
        *((str(path), f"{KIT}/valuechains/{path.name}") for path in parts),
        (str(data), f"{KIT}/data"),
        (str(RUNNER), f"{KIT}/runner.py"),
    ]


def _links() -> list[tuple[str, str]]:
    """The system's folders that are links into /usr: (what it says, where it is)."""
    return [(os.readlink(path), path) for path in ("/bin", "/lib", "/lib32", "/lib64") if os.path.islink(path)]


def _bubblewrap(library: Path | None) -> list[str]:
    if _root():  # real root gives up its rights here, and the runner its user
        isolated = [
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--cap-drop",
            "ALL",
            "--cap-add",
            "CAP_SETUID",
            "--cap-add",
            "CAP_SETGID",
        ]
    else:
        isolated = ["--unshare-all"]
    parents = dict.fromkeys(str(one) for _, there in _view(library) for one in reversed(Path(there).parents[:-1]))
    made = [word for path in parents for word in ("--perms", "0755", "--dir", path)]
    seen = [word for here, there in _view(library) for word in ("--ro-bind", here, there)]
    linked = [word for says, there in _links() for word in ("--symlink", says, there)]
    # before what may lie in it
    return [
        "bwrap",
        *isolated,
        "--die-with-parent",
        "--new-session",
        "--size",
        str(CACHES),
        "--tmpfs",
        "/tmp",
        *made,
        *seen,
        *linked,
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--perms",
        "1777",
        "--size",
        str(SHARED),
        "--tmpfs",
        "/dev/shm",
        "--remount-ro",
        "/dev",
        "--size",
        str(CACHES),
        "--tmpfs",
        DESK,
        "--chdir",
        DESK,
    ]


def _script(library: Path | None) -> str:
    """A shell script that makes the view in a new root, enters it, and becomes its arguments."""
    quoted = lambda path: "'" + path.replace("'", "'\\''") + "'"  # noqa: E731
    lines = [
        "mount -t tmpfs -o size=16m tmpfs /sys",  # a folder that is there and that nothing here needs
        "cd /sys",
        f"mkdir proc dev old tmp {DESK[1:]}",
        "mount -t proc proc proc",
        f"mount -t tmpfs -o size={CACHES} tmpfs tmp",
        f"mount -t tmpfs -o size={CACHES} tmpfs {DESK[1:]}",
    ]
    for here, there in _view(library):
        spot = quoted("." + there)
        make = (
            f"mkdir -p {spot}"
            if os.path.isdir(here)
            else f"mkdir -p {quoted('.' + os.path.dirname(there))}; touch {spot}"
        )
        lines += [make, f"mount --bind {quoted(here)} {spot}", f"mount -o remount,bind,ro {spot}"]
    for device in ("null", "zero", "urandom", "random"):
        lines += [f"touch dev/{device}", f"mount --bind /dev/{device} dev/{device}"]
    lines += ["mkdir dev/shm", f"mount -t tmpfs -o size={SHARED},mode=1777 tmpfs dev/shm"]
    lines += [f"ln -s {quoted(says)} {quoted('.' + there)}" for says, there in _links()]
    lines += ["pivot_root . old", "cd /", "umount -l old", "mount -o remount,ro / || true", f"cd {DESK}", 'exec "$@"']
    return "\n".join(lines)


def _listen(process: subprocess.Popen, limits: Limits, until: float) -> tuple[bytes, str]:
    """What the process says, up to the limits, and which of them stopped it."""
    assert process.stdout  # a pipe, by which it was started
    said, look = bytearray(), time.monotonic() + 0.5
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if selector.select(0.25):
                more = os.read(process.stdout.fileno(), 1 << 16)
                if not more:
                    return bytes(said), ""
                said += more
                if said.endswith(END):  # what the submission left running is ended with it
                    return bytes(said), ""
                if len(said) > limits.output:
                    return bytes(said[: limits.output]), stored.STOPPED_OUTPUT.format(megabytes=limits.output >> 20)
            now = time.monotonic()
            if now > until:
                return bytes(said), stored.STOPPED.format(seconds=f"{limits.wall:g}")
            if now > look:
                look = now + 0.5
                if _memory(process.pid) > limits.memory:
                    return bytes(said), stored.STOPPED_MEMORY.format(gigabytes=f"{limits.memory / (1 << 30):.2g}")


def _memory(process: int) -> int:
    """Bytes of a process and all that come from it; what they share is counted once."""
    try:
        root = psutil.Process(process)
        return sum(_own_memory(one) for one in [root, *root.children(recursive=True)])
    except psutil.Error:  # it is over
        return 0


def _own_memory(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error, OSError):
        full = process.memory_full_info()
        return getattr(full, "pss", full.uss)
    with contextlib.suppress(psutil.Error, OSError):  # the system does not let us look closer
        return process.memory_info().rss
    return 0


def _end(process: subprocess.Popen) -> None:
    """End a process and what came from it: its children, its session, and with them their namespace."""
    left = []
    with contextlib.suppress(psutil.Error):
        left = psutil.Process(process.pid).children(recursive=True)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    for one in left:
        with contextlib.suppress(psutil.Error):
            one.kill()
    if process.stdout:
        process.stdout.close()
    process.wait()


def _lines(said: bytes) -> tuple[dict[str, dict], bool]:
    """The lines that are what a runner writes, by step, and whether it came to its end."""
    found, ended = {}, False
    for raw in said.splitlines():
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            continue
        if not isinstance(line, dict):
            continue
        ended = ended or line.get("end") is True
        step = line.get("step")
        if not isinstance(step, str):
            continue
        if isinstance(line.get("text"), str):
            error = line.get("error")
            says = line.get("says")
            found[step] = {
                "text": clean(line["text"]),
                "error": clean(error)[:80] if isinstance(error, str) else None,
                "says": clean(says)[:200] if isinstance(says, str) else "",
            }
        else:
            found[step] = {"value": line["value"]} if "value" in line else {}
    return found, ended
