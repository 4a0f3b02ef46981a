"""A submission runs by itself: what hostile code can see, use up and say, under each means that this system has."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import psutil
import pytest
from conftest import ROOT

from valuechains.checks.values import plain, restored
from valuechains.course import sandbox
from valuechains.course.kit import LEFT_OUT
from valuechains.course.sandbox import Limits, execute, runner

HERE = [way for way in ("bwrap", "unshare") if shutil.which(way)]
RECORD = {"step": "x", "record": "x"}
STUBBORN = "import signal\nfor clock in (14, 27): signal.signal(clock, signal.SIG_IGN)\nwhile True: pass"
LOOK = """
import os
found = []
for top in ("/work", "/root", "/home", "/kit", "/desk", "/tmp", "/etc", "/old", "/mnt", "/srv", "/var", "/opt", "/proc/1/root"):
    for folder, folders, files in os.walk(top):
        folders[:] = [one for one in folders if one not in ("site-packages", "usr", "proc", "sys") and not one.startswith("python3")]
        found += [os.path.join(folder, one) for one in files if one in names] + [os.path.join(folder, "course")] * ("course" in folders)
x = found
"""
MOUNTS = """
mounts = [line.split(" - ") for line in open("/proc/self/mountinfo")]
print([at.split()[4] for at, kind in mounts if "ro" not in at.split()[5].split(",") and kind.split()[0] not in ("tmpfs", "proc", "devtmpfs", "devpts")])
"""


@pytest.fixture(scope="module", autouse=True)
def namespaces():
    """These tests need namespaces. Where CI is set, a system without them fails; elsewhere they are skipped."""
    if sandbox.means() == "limits":
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no namespaces here: install bubblewrap")


def cells(*sources: str) -> list[dict]:
    return [{"step": str(place), "run": source} for place, source in enumerate(sources)]


@pytest.mark.parametrize("way", HERE)
def test_a_submission_sees_python_the_library_and_the_data_and_nothing_else(way, tmp_path):
    listening = socket.create_server(("127.0.0.1", 0))  # as the teacher's JupyterLab does
    secrets = ("key.py", "gradebook.db", "course.toml", "secret.txt", "requirements.lock")
    for name in secrets:
        (tmp_path / name).write_text("the answers")
    probes = cells(
        f"names = {secrets!r}{LOOK}",
        "import valuechains.twins\nfrom valuechains import datasets\nlen(datasets.read('countries'))",
        f"open({str(tmp_path / 'secret.txt')!r}).read()",
        f"open({str(ROOT / 'exercises' / '02-services' / 'key.py')!r}).read()",
        f"from importlib.util import find_spec as seen\nassert not any(seen(f'valuechains.{{one}}') for one in {LEFT_OUT})\n"
        "import valuechains.course",
        "open(datasets.folder() / 'README.md', 'r+')",
        f"import socket\nsocket.create_connection({listening.getsockname()}, timeout=2)",
        "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=2)",
        "import os\nos.setuid(0)",
        "import subprocess\nsubprocess.run(['mount', '-t', 'tmpfs', 'none', '/kit'], check=True)",
        "import os\nprint(sorted(int(one) for one in os.listdir('/proc') if one.isdigit())[-1] < 100, "
        "os.environ.get('SECRET'))",
        "print(open('sheet.json').read(), [one for one in os.listdir('.') if one[0] != '.'], "
        "os.environ['VALUECHAINS_STUDENT'])",
        MOUNTS,
    )
    os.environ["SECRET"] = "a token of the instructor"
    try:
        run = execute([*probes, RECORD], {"sheet.json": b"the sheet"}, student="s017", way=way)
    finally:
        del os.environ["SECRET"]
        listening.close()
    assert not run.stopped
    errors = [run.lines[str(place)]["error"] for place in range(len(probes))]
    assert run.lines["x"] == {"value": []}
    assert errors[:2] == [None, None], run.lines
    assert errors[2:5] == ["FileNotFoundError", "FileNotFoundError", "ModuleNotFoundError"]
    assert all(errors[5:10]), errors
    assert errors[6] in ("ConnectionRefusedError", "OSError")
    assert run.lines["10"]["text"] == "True None\n"
    assert run.lines["11"]["text"] == "the sheet ['sheet.json'] s017\n"
    assert run.lines["12"]["text"] == "[]\n", "a folder of the system can be written to"


def test_a_python_that_was_started_by_a_path_with_dots_has_the_same_walls():
    """`../.venv/bin/python -m valuechains ...`, typed in a folder of the project."""
    dotted = os.path.join("..", os.path.relpath(sys.executable, ROOT))
    command = [dotted, "-c", "from valuechains.course import sandbox; print(sandbox.means())"]
    said = subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, check=True).stdout.strip()
    assert said == sandbox.means()


def test_nothing_is_left_on_the_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    execute(cells("open('/tmp/left', 'w').write('a')", "open('left', 'w').write('a')"), {}, student="a")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys
from valuechains.course import sandbox
begun = "import sys, time\\nopen('begun', 'w').close()\\ntime.sleep(600)"
print("ready", flush=True)
sandbox.execute([{{"step": "0", "run": begun}}], {{}}, student="a", way={way!r}, limits=sandbox.Limits(wall=600))
"""


@pytest.mark.parametrize("way", HERE)
def test_a_killed_run_leaves_nothing_in_the_temporary_folder_and_no_process(way, tmp_path):
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    script = KILLED.format(way=way)
    grader = subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.PIPE, text=True)
    assert grader.stdout.readline() == "ready\n"
    inside = waited(lambda: [one for one in psutil.Process(grader.pid).children(recursive=True) if runs(one)])
    grader.kill()
    grader.wait()
    grader.stdout.close()
    psutil.wait_procs(inside, timeout=60)
    assert [one for one in inside if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_without_walls_left_is_taken_away_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for owner in (gone.pid, os.getpid()):
        (tmp_path / f"submission-{owner}-x").mkdir()
    execute(cells("1"), {}, student="a", way="limits")
    assert [one.name for one in tmp_path.iterdir()] == [f"submission-{os.getpid()}-x"]


def runs(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return "runner.py" in " ".join(process.cmdline())
    return False


def waited(found):
    while not (now := found()):
        time.sleep(0.05)
    return now


# as much as is asked for has a bound, and what is not behind walls asks for nothing
WALLED = f"import os\nassert os.getcwd() == {sandbox.DESK!r}, 'this cell does harm: it runs behind walls only'\n"
HIDDEN = {
    "memfd": "one = os.memfd_create('a')\nfor _ in range(8): os.write(one, bytes(50 << 20))",
    "memfd by its number": (
        "import ctypes, platform\nlibc = ctypes.CDLL(None)\n"
        "assert libc.syscall(319 if platform.machine() == 'x86_64' else 279, b'a', 0) >= 0"
    ),
    "System V": "import ctypes\nassert ctypes.CDLL(None).shmget(0, 400 << 20, 0o1600) >= 0",
    "queues of System V": "import ctypes\nassert ctypes.CDLL(None).msgget(0, 0o1600) >= 0",
    "/dev": "with open('/dev/a', 'wb') as file: file.write(bytes(1 << 20))",
    "/dev/shm": (
        "for name in range(16):\n    with open(f'/dev/shm/{name}', 'wb') as file: file.write(bytes(20 << 20))"
    ),
    "/tmp": "for name in range(16):\n    with open(f'/tmp/{name}', 'wb') as file: file.write(bytes(30 << 20))",
    "the folder": "for name in range(16):\n    with open(f'{name}', 'wb') as file: file.write(bytes(30 << 20))",
    "a mount of one's own": (
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "assert libc.unshare(0x10020000) == 0 and libc.mount(b'none', b'/tmp', b'tmpfs', 0, 0) == 0"
    ),
    "a mount of a child's": (
        "import subprocess\nsubprocess.run(['unshare', '-Urm', 'mount', '-t', 'tmpfs', 'none', '/tmp'], check=True)"
    ),
}
ORDINARY = {
    "a pool of processes": (
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool: x = pool.map(abs, [-1, 2])"
    ),
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool: x = list(pool.map(abs, [-1, 2]))"
    ),
    "a process": "import subprocess\nx = subprocess.run(['echo', 'a'], capture_output=True, check=True).stdout",
    "/dev/null": "open('/dev/null', 'w').write('a')",
    "shared memory": (
        "from multiprocessing.shared_memory import SharedMemory\none = SharedMemory(create=True, size=1 << 20)\n"
        "one.close()\none.unlink()"
    ),
}


@pytest.mark.parametrize("way", HERE)
def test_memory_that_no_limit_counts_is_refused_and_ordinary_work_goes_on(way):
    steps = [{"step": name, "run": source} for name, source in ORDINARY.items()]
    steps += [{"step": name, "run": WALLED + source} for name, source in HIDDEN.items()]
    run = execute(steps, {}, student="a", way=way)
    assert not run.stopped
    assert {name: run.lines[name]["error"] for name in ORDINARY} == dict.fromkeys(ORDINARY)
    assert [name for name in HIDDEN if not run.lines[name]["error"]] == []


def test_a_cell_that_loops_costs_itself_and_one_that_catches_everything_the_rest():
    run = execute(
        [
            *cells("x = 1", "while True: pass", "x = 2"),
            RECORD,
            {"step": "s", "run": STUBBORN},
            {"step": "z", "record": "x"},
        ],
        {},
        student="a",
        limits=Limits(cell=1, wall=12, cpu=60),
    )
    assert run.lines["1"]["error"] == "TooLong"
    assert run.stopped.startswith("was stopped after 12 seconds")
    assert "z" not in run.lines
    assert run.lines["x"] == {"value": 2}


def test_memory_output_files_and_processes_are_bounded():
    run = execute(
        [
            *cells(
                "x = [bytearray(1 << 28) for _ in range(40)]",
                "for _ in range(1100): print('x' * (1 << 20))",
                "with open('large', 'wb') as file:\n    for _ in range(100): file.write(bytes(1 << 20))",
                "import subprocess\nmany = [subprocess.Popen(['sleep', '60']) for _ in range(200)]",
                "import os\nwhile len(os.listdir('/proc')) "
                "< 900: os.fork()",  # far over the limit, and an end if there is none
                "import os\nopened = [os.open('/dev/null', 0) for _ in range(1000)]",
                "print('still here')",
            )
        ],
        {},
        student="a",
        limits=Limits(memory=2 << 30, files=200),
    )
    errors = [run.lines[str(place)]["error"] for place in range(6)]
    assert errors == ["MemoryError", None, "OSError", "BlockingIOError", "BlockingIOError", "OSError"]
    assert len(run.lines["1"]["text"]) < 51_000
    assert "more characters" in run.lines["1"]["text"]
    assert run.lines["6"]["text"] == "still here\n"
    assert not run.stopped


def test_what_many_processes_use_together_is_bounded():
    eat = (
        "import os\nfor _ in range(8):\n    if not os.fork():\n        held = b'x' * (300 << 20)\n        "
        "__import__('time').sleep(60)\n"
    )
    run = execute(
        [*cells("x = 1"), RECORD, {"step": "e", "run": eat + "__import__('time').sleep(60)"}],
        {},
        student="a",
        limits=Limits(memory=1 << 30),
    )
    assert run.stopped.startswith("was stopped: it used more than 1 GB of memory")
    assert run.lines["x"] == {"value": 1}


FLOOD = (
    "import os\nfor fd in range(3, 50):\n    try:\n        for _ in range(100): os.write(fd, b'\\xff{[' * "
    "100000)\n    except OSError: pass"
)
FORGED = """import os
for line in ('[' * 90000, '7', '{"step": 3}', '{"step": "x", "value": {"$": "array", "is": {"$": "dict", "is": 7}}}', '{"end": "yes"}'):
    for fd in range(3, 50):
        try: os.write(fd, line.encode() + b'\\n')
        except OSError: pass
os._exit(0)"""


def test_a_twin_shown_in_a_cell_says_its_sentence_and_is_not_drawn():
    run = execute(
        [
            *cells("from valuechains import twins\ntwin = twins.who_is_paid()\ntwin", "x = 'figure' in vars(twin)"),
            RECORD,
        ],
        {},
        student="a",
    )
    assert "who-is-paid: China" in run.lines["0"]["text"]
    assert run.lines["x"] == {"value": False}


def test_a_flood_or_a_forgery_of_lines_is_taken_for_what_it_is():
    flood = execute(
        [*cells("x = 1"), RECORD, {"step": "f", "run": FLOOD}], {}, student="a", limits=Limits(output=1 << 20)
    )
    assert flood.stopped.startswith("was stopped: it gave out more than 1 MB")
    assert flood.lines["x"] == {"value": 1}
    forged = execute(cells(FORGED), {}, student="a")
    assert forged.stopped.startswith("ended its own process")
    with pytest.raises(ValueError, match="no value"):
        restored(forged.lines["x"]["value"])


@pytest.mark.parametrize(
    "value",
    [
        1,
        2.5,
        "word",
        True,
        None,
        ...,
        [1, [2.0, "a"]],
        {"a": 1, 2: [3]},
        np.arange(6.0).reshape(2, 3),
        pd.Series([1, 2], index=["a", "b"]),
        pd.DataFrame({"a": [1.5], "b": [2.0]}),
        np.float64(3),
        np.int64(4),
        np.bool_(True),
        (1, 2),
        float("inf"),
        [np.nan, 1.0],
        np.array(["a", "b"]),
        "\ud800",
    ],
)
def test_a_recorded_value_comes_back(value):
    line = json.loads(json.dumps(plain(value), allow_nan=False))
    back = restored(line)
    if isinstance(value, (pd.Series, pd.DataFrame)):
        assert type(back) is type(value)
        assert list(back.index) == list(map(str, value.index))
        assert np.array_equal(np.asarray(back), np.asarray(value))
    elif isinstance(value, np.ndarray):
        assert np.array_equal(back, value)
    elif isinstance(value, dict):
        assert back == {str(key): item for key, item in value.items()}
    elif isinstance(value, list) and value[0] != value[0]:
        assert str(back) == "[nan, 1.0]"
    elif value == "\ud800":
        assert back == "?"
    else:
        assert back == (list(value) if isinstance(value, tuple) else value)


class Trap(dict):
    def items(self):
        raise SystemError


@pytest.mark.parametrize("value", [lambda: 1, object(), Trap(), [[[[[[[[[[[[[[1]]]]]]]]]]]]]], "x" * 300_000, 1j])
def test_a_value_that_cannot_be_written_down_is_something_else(value):
    line = runner.recorded({"x": value}, "x")
    assert len(json.dumps(line)) < 1000
    restored(line["value"])


@pytest.mark.parametrize(
    "line",
    [
        {"$": "array"},
        {"$": "frame", "is": [["a", [1]]]},
        {"$": "dict", "is": [[1]]},
        {"$": "float", "is": "1e9999"},
        {},
        {"$": ["x"], "is": []},
        {"$": "other", "is": 3},
    ],
)
def test_what_no_runner_writes_is_refused(line):
    with pytest.raises(ValueError):
        restored(line)


def test_what_is_promised_is_said():
    assert "no network" in sandbox.isolation()
    assert "CAN read" in sandbox.PROMISES["limits"]
    run = execute([*cells("x = 3"), RECORD], {}, student="a", way="limits")
    assert run.lines["x"] == {"value": 3}
