"""Runs one submission's cells inside the sandbox. It is bound there alone, without the rest of `valuechains.course`.

In: a job (JSON) on standard input. Out: a line (JSON) a step on a descriptor that was standard output. What a line says
is the word of hostile code: `sandbox` reads it as such. Lines come as the steps are done, so what was recorded before a
step that never ends is not lost.
"""

import base64
import contextlib
import datetime
import io
import json
import math
import os
import signal
import sys

END = b'{"end": true}\n'
DEPTH = 12  # lists in lists
VALUE = 200_000  # characters of one recorded value


class TooLong(KeyboardInterrupt):
    """The time of one cell is over."""


class Pad(io.TextIOBase):
    """Keeps the first characters that are written, and counts the rest."""

    def __init__(self, most: int):
        self.most, self.kept, self.lost = most, [], 0

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


def plain(value: object, depth: int = DEPTH) -> object:
    """A value as JSON: what JSON has no word for is {"$": kind, "is": ...}. `sandbox.restored` turns it back."""
    import numpy as np
    import pandas as pd

    if depth == 0:
        return {"$": "other", "is": "list"}
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or isinstance(value, bool) else str(value)
    if value is ...:
        return {"$": "dots"}
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 2**63 else plain(float(value))
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else {"$": "float", "is": repr(float(value))}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return str(value)
    if isinstance(value, dict):
        return {"$": "dict", "is": [[plain(key, 1), plain(item, depth - 1)] for key, item in value.items()]}
    if isinstance(value, pd.Series):
        return {"$": "series", "is": [[plain(key, 1), plain(item, depth - 1)] for key, item in value.items()]}
    if isinstance(value, pd.DataFrame):
        return {"$": "frame", "is": plain(value.to_numpy().tolist(), depth)}
    if isinstance(value, (np.ndarray, pd.Index)):
        return {"$": "array", "is": plain(np.asarray(value).tolist(), depth)}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth - 1) for item in value]
    return {"$": "other", "is": type(value).__name__[:40]}


def recorded(namespace: dict, name: str) -> dict:
    """{"value": ...} of a variable; {} if there is none; {"$": "other"} for what cannot be written down."""
    if name not in namespace:
        return {}
    try:
        value = plain(namespace[name])
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
        HOME=os.getcwd(), IPYTHONDIR=os.path.join(os.getcwd(), ".ipython"), VALUECHAINS_STUDENT=job["student"]
    )


def interpreter() -> object:
    """An IPython shell whose displays are plain text and which keeps no history."""
    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell

    HistoryManager.enabled = False
    shell = InteractiveShell.instance(colors="nocolor")
    shell.InteractiveTB.set_mode("Minimal")
    shell.display_formatter.active_types = ["text/plain"]
    shell.display_formatter.mimebundle_formatter.enabled = False  # nobody looks: a chart is not drawn
    sys.modules["__main__"] = shell.user_module
    return shell


def execute(shell: object, source: str, limits: dict) -> dict:
    """Run one cell; its text, and in a word or two the error it ended with."""
    pad, error = Pad(limits["text"]), None
    timed(limits["cell"])
    try:
        with contextlib.redirect_stdout(pad), contextlib.redirect_stderr(pad):
            done = shell.run_cell(source, store_history=False)
        error = done.error_before_exec or done.error_in_exec
    except BaseException as raised:  # whatever a cell does, the next one has its turn
        error = raised
    finally:
        timed(0)
    return {"text": pad.text(), "error": type(error).__name__[:80] if error else None}


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
    shell = interpreter()
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
            said |= execute(shell, step["run"], job["limits"])
        else:
            said |= recorded(shell.user_ns, step["record"])
        if os.getpid() != own:  # a copy that the cell made of this process
            os._exit(0)
        os.write(out, json.dumps(said).encode() + b"\n")
    os.write(out, END)
    os._exit(0)  # without what a submission left for the end


if __name__ == "__main__":
    main()
