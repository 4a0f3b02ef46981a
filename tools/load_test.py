"""Grading under load: generated submissions of mixed kind through our grading and, the same ones, through plain
nbgrader.

    python tools/load_test.py [--count 300] [--plain 300] [--workers 2] [--chapter 02-services]

Prints a table: submissions, seconds, seconds a submission, peak memory, how many were not marked; then, by kind of
submission, what they got. The same seed makes the same class. Plain nbgrader runs the hostile ones too, so it is put
behind bubblewrap here, where it sees a copy of the course, no network and 8 GiB of memory a process; it has no such
walls of its own. With `--plain 60` it gets the first 60 submissions of the class only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from valuechains.course import grading, sandbox
from valuechains.course.copies import student_copy
from valuechains.course.folder import Course
from valuechains.course.meanwhile import told
from valuechains.course.release import release
from valuechains.course.settings import COURSE_ID, gradebook

Given = TypeVar("Given")
ROOT = Path(__file__).resolve().parents[1]
HOSTILE = {
    "loops": "while True: pass",
    "memory": "held = [b'x' * (1 << 28) for _ in range(100)]",
    "prints": "for _ in range(1100): print('x' * (1 << 20))",
    "quits": "import os\nos._exit(1)",
    "patches": "import builtins\nbuiltins.AssertionError = ValueError\nsheet.check = print",
    "deletes": "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)",
}
SHARES = {"right": 40, "wrong": 25, "half": 20, "hostile": 10, "broken": 5}  # percent
PLAIN = f"""c = get_config()
c.CourseDirectory.course_id = "{COURSE_ID}"
c.ExecutePreprocessor.timeout = {sandbox.Limits().cell:.0f}
"""
MEMORY = 8 << 30


def answers(course: Course, chapter: str, student: str) -> dict[str, object]:
    """What is right for a student, by variable; nothing for forms and texts."""
    key, variant = course.key(chapter), course.variant(chapter, student)
    return {
        task.public["name"]: np.asarray(task.answer(variant).right).tolist()
        for task in key.tasks.values()
        if task.compute
    }


def work(course: Course, chapter: str, student: str, kind: str, copy: dict, chance: random.Random) -> bytes:
    """A notebook of one kind: its answers stand in the first answer cell."""
    if kind == "broken":
        return json.dumps(copy).encode()[: chance.randrange(5000)]
    given = answers(course, chapter, student)
    names = list(given)
    if kind == "wrong":
        given |= dict.fromkeys(chance.sample(names, len(names) // 2), 0.123)
    if kind == "half":
        given = {name: given[name] for name in names[: len(names) // 2]}
    made = json.loads(json.dumps(copy))
    solutions = [
        cell
        for cell in made["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code"
    ]
    if kind != "half":
        for cell in solutions:
            cell["source"] = "pass"
    solutions[0]["source"] = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    setup = next(cell for cell in made["cells"] if "checks.sheet()" in "".join(cell["source"]))
    # as the notebook says
    setup["source"] = "".join(setup["source"]).replace("checks.sheet()", f"checks.sheet({student!r})")
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
    course = Course.new(
        root / "course",
        title="Load",
        chapters=[chapter],
        start=date(2026, 11, 23),
        students=root / "class.csv",
        salt="load",
    )
    release(course, chapter)
    copy = json.loads(student_copy(course.root / "source" / chapter / f"{chapter}.ipynb"))
    for student, kind in zip(ids, drawn):
        folder = course.root / "submitted" / student / chapter
        folder.mkdir(parents=True)
        (folder / f"{chapter}.ipynb").write_bytes(work(course, chapter, student, kind, copy, chance))
    return course


def measured(run: Callable[[], Given]) -> tuple[Given, float, float]:
    """What a function gives, its seconds, and the peak memory (MB) of this process and its children, looked at each
    half second."""
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


def walls(root: Path, *seen: str | Path) -> list[str | Path]:
    """A command that runs its arguments where only this folder can be written to; `seen` are there even if in /tmp."""
    shut = "--unshare-net --unshare-pid --cap-drop ALL --die-with-parent".split()
    view = ["--ro-bind", "/", "/", "--tmpfs", "/tmp", "--dev", "/dev", "--proc", "/proc"]
    shown = [word for folder in dict.fromkeys(seen) for word in ("--ro-bind", folder, folder)]
    return ["bwrap", *view, *shown, *shut, "--bind", root, root, "--chdir", root]


def plain(root: Path, chapter: str) -> None:
    """nbgrader's own autograder, as it comes, on the course in a folder."""
    (root / "nbgrader_config.py").write_text(PLAIN)
    (root / "home").mkdir()
    env = {**os.environ, "HOME": str(root / "home")}
    limited = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # noqa: E731
    with open(root / "log", "w", encoding="utf-8") as log:
        subprocess.run(
            [*walls(root, ROOT, sys.prefix, sys.base_prefix), sys.executable, "-m", "nbgrader", "autograde", chapter],
            cwd=root,
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=limited,
            check=False,
        )


def marked(root: Path, chapter: str) -> dict[str, float]:
    """The points of everybody who has a marked notebook."""
    with gradebook(root) as book:
        return {
            path.parents[1].name: book.find_submission(chapter, path.parents[1].name).score
            for path in root.glob(f"autograded/*/{chapter}/{chapter}.ipynb")
        }


def spread(points: Iterable[float]) -> str:
    """Points and how often they were given: "24 x 12"."""
    return ", ".join(f"{value:g} x {times}" for value, times in sorted(Counter(points).items(), reverse=True)) or "-"


def shown(name: str, count: int, seconds: float, peak: float, points: dict) -> list[str]:
    return [name, str(count), f"{seconds:.0f}", f"{seconds / count:.2f}", f"{peak:.0f}", str(count - len(points))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300, help="submissions")
    parser.add_argument("--plain", type=int, help="how many of them through plain nbgrader; all if not given")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="submissions side by side, in our grading")
    parser.add_argument("--chapter", default="02-services")
    given = parser.parse_args()
    drawn, few = kinds(given.count, random.Random(1)), given.count if given.plain is None else given.plain
    with tempfile.TemporaryDirectory() as folder:
        course, other = made(Path(folder), given.chapter, drawn), Path(folder, "plain")
        shutil.copytree(course.root, other)
        for one in sorted((other / "submitted").iterdir())[few:]:
            shutil.rmtree(one)
        begun = time.monotonic()
        outcomes, seconds, peak = measured(
            lambda: grading.grade(
                course,
                given.chapter,
                workers=given.workers,
                progress=lambda done, of, what: print(
                    f"{time.monotonic() - begun:6.0f} s, {done} of {of}, {what}", file=sys.stderr
                ),
            )
        )
        found = [marked(course.root, given.chapter)]
        rows = [shown("ours", given.count, seconds, peak, found[0])]
        if few:
            with told("Marking by plain nbgrader"):
                _, seconds, peak = measured(lambda: plain(other, given.chapter))
            found.append(marked(other, given.chapter))
            if not found[1]:
                last = (other / "log").read_text(encoding="utf-8").strip().splitlines()[-1:]
                print(f"Plain nbgrader marked nothing; its last words: {''.join(last)}", file=sys.stderr)
            rows.append(shown("plain nbgrader", few, seconds, peak, found[1]))
    table = Table(
        "way",
        "submissions",
        "seconds",
        "a submission",
        "peak memory, MB",
        "not marked",
        title=f"{given.chapter}, {given.workers} workers, {sandbox.means()}, {os.cpu_count()} processors",
    )
    for row in rows:
        table.add_row(*row)
    got = Table(
        "kind", "submissions", *(f"points x times, {row[0]}" for row in rows), "states, ours", title="What they got"
    )
    for kind, count in sorted(Counter(drawn).items()):
        ids = [f"s{place:04}" for place, one in enumerate(drawn) if one == kind]
        states = Counter(one.state for one in outcomes if one.student in ids)
        got.add_row(
            kind,
            str(count),
            *(spread(points[one] for one in ids if one in points) for points in found),
            ", ".join(f"{state} {times}" for state, times in states.items()),
        )
    for printed in (table, got):
        Console(width=130).print(printed)


if __name__ == "__main__":
    main()
