"""Grading under load: generated submissions of mixed kind through our grading and, a sample of them, through plain nbgrader.

    python tools/load_test.py [--count 300] [--plain 12] [--workers 2] [--chapter 02-services]

Prints a table: submissions, seconds, seconds a submission, peak memory, failures. What plain nbgrader would take for all of them is
an extrapolation from its sample, and is marked as one. The same seed makes the same class.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from valuechains.course import grading, sandbox  # noqa: E402
from valuechains.course.copies import student_copy  # noqa: E402
from valuechains.course.folder import Course  # noqa: E402
from valuechains.course.release import release  # noqa: E402

HOSTILE = {
    "loops": "while True: pass",
    "memory": "held = [b'x' * (1 << 28) for _ in range(100)]",
    "prints": "for _ in range(1100): print('x' * (1 << 20))",
    "quits": "import os\nos._exit(1)",
    "patches": "import builtins\nbuiltins.AssertionError = ValueError\nsheet.check = print",
    "deletes": "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)",
}
SHARES = {"right": 40, "wrong": 25, "half": 20, "hostile": 10, "broken": 5}  # percent
PLAIN = ("right", "wrong", "half", "loops", "broken")  # nothing that would harm the machine: plain nbgrader has no sandbox


def answers(course: Course, chapter: str, student: str) -> dict[str, object]:
    """What is right for a student, by variable; nothing for forms and texts."""
    key, variant = course.key(chapter), course.variant(chapter, student)
    return {task.public["name"]: np.asarray(task.answer(variant).right).tolist() for task in key.tasks.values() if task.compute}


def work(course: Course, chapter: str, student: str, kind: str, copy: dict, chance: random.Random) -> bytes:
    """A notebook of one kind: its answers stand in the first answer cell."""
    if kind == "broken":
        return json.dumps(copy).encode()[: chance.randrange(5000)]
    given = answers(course, chapter, student)
    names = list(given)
    if kind == "wrong":
        given |= {name: 0.123 for name in chance.sample(names, len(names) // 2)}
    if kind == "half":
        given = {name: given[name] for name in names[: len(names) // 2]}
    made = json.loads(json.dumps(copy))
    solutions = [cell for cell in made["cells"] if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code"]
    if kind != "half":
        for cell in solutions:
            cell["source"] = "pass"
    solutions[0]["source"] = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    if kind in HOSTILE:
        solutions[-1]["source"] = HOSTILE[kind]
    return json.dumps(made).encode()


def kinds(count: int, chance: random.Random) -> list[str]:
    drawn = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    return [chance.choice(list(HOSTILE)) if kind == "hostile" else kind for kind in drawn]


def made(root: Path, chapter: str, drawn: list[str]) -> Course:
    """A released course with everybody's work in submitted/."""
    chance, ids = random.Random(2), [f"s{place:04}" for place in range(len(drawn))]
    (root / "class.csv").write_text("id\n" + "\n".join(ids) + "\n")
    course = Course.new(root / "course", title="Load", chapters=[chapter], start=date(2026, 11, 23), students=root / "class.csv", salt="load")
    release(course, chapter)
    copy = json.loads(student_copy(course.root / "source" / chapter / f"{chapter}.ipynb"))
    for student, kind in zip(ids, drawn):
        folder = course.root / "submitted" / student / chapter
        folder.mkdir(parents=True)
        (folder / f"{chapter}.ipynb").write_bytes(work(course, chapter, student, kind, copy, chance))
    return course


def measured(run: Callable[[], object]) -> tuple[object, float, float]:
    """What a function gives, its seconds, and the peak memory (MB) of this process and its children, looked at each half second."""
    peak, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            peak[0] = max(peak[0], sandbox._memory(os.getpid()) / 2**20)
    watcher, begun = threading.Thread(target=watch, daemon=True), time.monotonic()
    watcher.start()
    given = run()
    seconds = time.monotonic() - begun
    over.set()
    watcher.join()
    return given, seconds, peak[0]


def plain(course: Course, chapter: str) -> tuple[int, int]:
    """nbgrader's own autograder, as it comes: (submissions, those without an autograded notebook)."""
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Autograde.create_student = True\nc.ExecutePreprocessor.timeout = 30\n")
    env = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    subprocess.run([sys.executable, "-m", "nbgrader", "autograde", chapter], cwd=course.root, env=env, capture_output=True, check=False)
    count = len(list((course.root / "submitted").iterdir()))
    return count, count - len(list((course.root / "autograded").glob(f"*/{chapter}/*.ipynb")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300, help="submissions through our grading")
    parser.add_argument("--plain", type=int, default=12, help="how many through plain nbgrader; 0 for none")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="submissions side by side")
    parser.add_argument("--chapter", default="02-services")
    given = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder, "ours")
        mine.mkdir()
        drawn = kinds(given.count, chance)
        course = made(mine, given.chapter, drawn)
        outcomes, seconds, peak = measured(lambda: grading.grade(
            course, given.chapter, workers=given.workers, progress=lambda done, of, what: print(f"\r{done} of {of}, {what}   ", end="", file=sys.stderr)))
        rows = [("ours", given.count, seconds, peak, sum(one.state == "failed" for one in outcomes), "")]
        if given.plain:
            other = Path(folder, "plain")
            other.mkdir()
            sample = made(other, given.chapter, [PLAIN[place % len(PLAIN)] for place in range(given.plain)])
            (count, lost), taken, high = measured(lambda: plain(sample, given.chapter))
            rows.append(("plain nbgrader, a sample", count, taken, high, lost, ""))
            rows.append(("plain nbgrader, all", given.count, taken / count * given.count, high, lost * given.count // count, "extrapolated"))
    table = Table("way", "submissions", "seconds", "a submission", "peak memory, MB", "failures", "", title=f"{given.chapter}, {given.workers} workers")
    for name, count, taken, high, lost, note in rows:
        table.add_row(name, str(count), f"{taken:.0f}", f"{taken / count:.2f}", f"{high:.0f}", str(lost), note)
    Console(width=120).print(table)
    Console(width=120).print("kinds:", dict(Counter(drawn)), "states:", dict(Counter(one.state for one in outcomes)), sandbox.means(), highlight=False)


if __name__ == "__main__":
    main()
