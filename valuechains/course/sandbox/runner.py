"""Runs one submission's cells inside the sandbox. It is bound there alone, without the rest of `valuechains.course`.

In: a job (JSON) on standard input. Out: a line (JSON) a step on a descriptor that was standard output. What a line says
is the word of hostile code: `sandbox` reads it as such. Lines come as the steps are done, so what was recorded before a
step that never ends is not lost.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import io
import json
import os
import signal
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

END = b'{"end": true}\n'
VALUE = 200_000  # characters of one recorded value
SAID = 200  # characters of what an error says


class TooLong(KeyboardInterrupt):
    """The time of one cell is over."""


class Pad(io.TextIOBase):
    """Keeps the first characters that are written, and counts the rest."""

    def __init__(self, most: int):
        self.most, self.lost = most, 0
        self.kept: list[str] = []

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        taken = text[: self.most]
        self.kept.append(taken)
        self.most -= len(taken)
        self.lost += len(text) - len(taken)
        return len(text)

    def text(self) -> str:
        return "".join(self.kept) + (f"\n... and {self.lost} more characters" if self.lost else "")


def recorded(namespace: dict, name: str) -> dict:
    """{"value": ...} of a variable; {} if there is none; {"$": "other"} for what cannot be written down."""
    from valuechains.checks import values

    if name not in namespace:
        return {}
    try:
        value = namespace[name] = values.read_once(namespace[name])
        value = values.plain(value)
        written = json.dumps(value, allow_nan=False)
        written.encode()
    except Exception:  # the value is the student's: its methods can raise anything
        return {"value": {"$": "other", "is": "object"}}
    return {"value": value if len(written) <= VALUE else {"$": "other", "is": "object"}}


def restrict(limits: dict) -> None:
    """The limits of this process and of its children, where the system has them."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {
        resource.RLIMIT_CPU: limits["cpu"],
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_NOFILE: limits["files"],
        resource.RLIMIT_CORE: 0,
    }
    if limits["processes"]:
        wanted[resource.RLIMIT_NPROC] = limits["processes"]
    for which, most in wanted.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


NEW_NAMESPACES = 0x7E020000  # what clone may be asked to make new
#: by architecture: its number, how the kernel counts clone, and the calls that give memory which no limit of a process
#: counts (memfd, shared memory and queues of System V, rings, maps, keys) or make room for it (mounts, namespaces)
REFUSED = {
    "x86_64": (
        0xC000003E,
        56,
        (319, 447, 29, 30, 68, 425, 323, 321, 298, 248, 249, 250, 165, 166, 155, 272, 308, 428, 429, 430, 432, 442),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (279, 447, 194, 196, 186, 425, 282, 280, 241, 217, 218, 219, 40, 39, 41, 97, 268, 428, 429, 430, 432, 442),
    ),
}


def refuse_calls() -> bool:
    """Have the kernel refuse, to this process and its children, what gets round the limits; whether it does."""
    machine = os.uname().machine if hasattr(os, "uname") and sys.platform == "linux" else ""
    if machine not in REFUSED:
        return False
    architecture, clone, calls = REFUSED[machine]
    load, equal, at_least, any_bit, give = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, not_permitted, not_there = 0x7FFF0000, 0x00050001, 0x00050026
    program = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, not_permitted), (load, 0, 0, 0)]
    program += [(at_least, 0, 1, 0x40000000), (give, 0, 0, not_permitted)]  # the same calls by other numbers
    for call in calls:
        program += [(equal, 0, 1, call), (give, 0, 0, not_permitted)]
    program += [(equal, 0, 1, 435), (give, 0, 0, not_there)]  # clone3 hides its flags: the C library then asks clone
    program += [(equal, 0, 3, clone), (load, 0, 0, 16), (any_bit, 0, 1, NEW_NAMESPACES), (give, 0, 0, not_permitted)]
    program += [(give, 0, 0, allow)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    no_new_rights, seccomp = (38, 1, 0, 0, 0), (22, 2, ctypes.addressof(filter_), 0, 0)
    return all(prctl(*map(ctypes.c_ulong, asked)) == 0 for asked in (no_new_rights, seccomp))


def settle(job: dict) -> None:
    """The folder of the submission, its files, and the user that it runs as."""
    os.chdir(job["folder"])
    if job["uid"]:
        os.chmod(".", 0o777)
        os.setgroups([])
        os.setresgid(job["uid"], job["uid"], job["uid"])
        os.setresuid(job["uid"], job["uid"], job["uid"])
    for name, content in job["files"].items():
        with open(os.path.basename(name), "wb") as file:
            file.write(base64.b64decode(content))
    os.environ.update(
        HOME=os.getcwd(),
        IPYTHONDIR=os.path.join(os.getcwd(), ".ipython"),
        VALUECHAINS_STUDENT=job["student"],
        PIP_NO_INDEX="1",
    )


def interpreter() -> InteractiveShell:
    """The shell of a kernel, without the kernel: displays are plain text, no history is kept, nobody is asked."""
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(ZMQInteractiveShell):
        displayhook_class = DisplayHook  # type: ignore[assignment]  # a terminal's: no front end listens
        display_pub_class = DisplayPublisher  # type: ignore[assignment]
        _showtraceback = InteractiveShell._showtraceback

        def enable_gui(self, gui: str | None = None) -> None:
            """There is no window, whatever `%matplotlib` asks for."""
            self.active_eventloop = gui

        def ask_exit(self) -> None:
            """The next cell has its turn."""

        def system(self, command: str) -> None:
            """`!command`: its output, or one sentence; never an error."""
            try:
                done = subprocess.run(
                    self.var_expand(command, depth=1),
                    shell=True,
                    capture_output=True,
                    text=True,
                    errors="replace",
                    check=False,
                )
                said, self.user_ns["_exit_code"] = done.stdout + done.stderr, done.returncode
            except (OSError, ValueError) as why:
                said, self.user_ns["_exit_code"] = f"commands are not run where work is marked ({why})", 1
            print(said, end="")

    shell = Shell.instance(colors="nocolor", config=Config(HistoryManager={"enabled": False}))
    assert shell.extension_manager and shell.display_formatter  # made with the shell
    shell.extension_manager.load_extension("storemagic")  # as a kernel does
    shell.InteractiveTB.set_mode("Minimal")
    shell.display_formatter.active_types = ["text/plain"]
    shell.display_formatter.mimebundle_formatter.enabled = False  # nobody looks: a chart is not drawn
    sys.modules["__main__"] = shell.user_module
    sys.path.insert(0, "")  # modules of the submission's own, as under a kernel
    return shell


def execute(shell: InteractiveShell, loop: asyncio.AbstractEventLoop, source: str, limits: dict) -> dict:
    """Run one cell; its text, and in a line the error it ended with."""
    pad = Pad(limits["text"])
    error: BaseException | None = None
    timed(limits["cell"])
    try:
        with contextlib.redirect_stdout(pad), contextlib.redirect_stderr(pad):
            done = loop.run_until_complete(cell(shell, source))
        error = done.error_before_exec or done.error_in_exec
    except BaseException as raised:  # whatever a cell does, the next one has its turn
        error = raised
    finally:
        timed(0)
    return {"text": pad.text(), "error": type(error).__name__[:80] if error else None, "says": told(error)}


async def cell(shell: InteractiveShell, source: str) -> ExecutionResult:
    """One cell as a kernel runs it: `await` works, and what was begun goes on in the next cell."""
    try:
        transformed, failed = shell.transform_cell(source), None
    except Exception:
        transformed, failed = source, sys.exc_info()
    done = await shell.run_cell_async(
        source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failed
    )
    shell.events.trigger("post_execute")
    shell.events.trigger("post_run_cell", done)
    return done


def told(error: BaseException | None) -> str:
    """What an error says, in one line: the words are the student's or Python's."""
    try:
        return " ".join(str(error).split())[:SAID] if error else ""
    except Exception:  # its class is the student's
        return ""


def timed(seconds: float) -> None:
    """Stop the cell after so many seconds of the processor, or four times as many of waiting; 0 takes the clock
    away."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # again each second, for a cell that catches everything
        signal.setitimer(signal.ITIMER_REAL, 4 * seconds, 1)


def too_long(*_: object) -> None:
    raise TooLong("The cell ran too long and was stopped.")


def main() -> None:
    job = json.load(sys.stdin.buffer)
    settle(job)
    restrict(job["limits"])
    refuse_calls()
    shell, loop = interpreter(), asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    for clock in ("SIGALRM", "SIGPROF"):
        if hasattr(signal, clock):
            signal.signal(getattr(signal, clock), too_long)
    out, nowhere = os.dup(1), os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    own = os.getpid()
    for step in job["steps"]:
        said = {"step": step["step"]}
        if "run" in step:
            said |= execute(shell, loop, step["run"], job["limits"])
        else:
            said |= recorded(shell.user_ns, step["record"])
        if os.getpid() != own:  # a copy that the cell made of this process
            os._exit(0)
        os.write(out, json.dumps(said).encode() + b"\n")
    os.write(out, END)
    os._exit(0)  # without what a submission left for the end


if __name__ == "__main__":
    main()
