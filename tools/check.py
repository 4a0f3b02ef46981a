"""What to run while you work: lint, format, types, imports, dead code, the library's tests, and the
notebooks that changed. No browser.

python tools/check.py

The tests run beside the rest, which leaves no core idle; a step's words come whole, when it ends.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from notebooks import ROOT, notebooks

BASE = "main"
TESTS = ROOT / "tests"
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"  # it has no -m of its own
# Left to `make test`: they open a browser or JupyterLab, run kernels or hostile work, grade whole classes, draw every
# stored chart or each widget's many, build a book, compute tables again or start one tool after another.
SLOW = {
    "answers",
    "bad_input",
    "course_path",
    "data_build",
    "environment",
    "exercises",
    "feedback",
    "grading",
    "handback",
    "hub",
    "instructor_book",
    "kits",
    "library_page",
    "make_lab",
    "marking",
    "marks",
    "newcomer",
    "notebooks",
    "overviews",
    "quizzes",
    "rebuild",
    "report",
    "same",
    "sandbox",
    "scores",
    "shell",
    "standing",
    "stored_charts",
    "widgets",
    "workshop",
}
TESTS_STEP = "tests of the library"
READ: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
OURS = "tests/project/test_house.py::test_what_make_check_looks_for_in_the_code_is_not_there"  # steps of this file


def opens_a_browser(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return "mark.browser" in text or "playwright" in text


def quick_tests() -> list[Path]:
    """The tests of the library: none of them opens a browser or starts a kernel."""
    found = (path for path in sorted(TESTS.rglob("test_*.py")) if path.stem.removeprefix("test_") not in SLOW)
    return [path for path in found if not opens_a_browser(path)]


def changed_notebooks(root: Path = ROOT) -> list[Path]:
    """Notebooks that differ from the last commit or from main, where this branch left it; without git, newer ones."""
    differing = _git(root, "diff", "--name-only", "HEAD")
    if differing is None:
        return _newer_than(_stamp(root), root)
    added = _git(root, "ls-files", "--others", "--exclude-standard") or []
    fork = _git(root, "merge-base", "HEAD", BASE)
    ahead = (_git(root, "diff", "--name-only", fork[0]) if fork else None) or []
    names = {root / name for name in (*differing, *added, *ahead)}
    return [path for path in notebooks(root) if path in names]


def _git(root: Path, *asked: str) -> list[str] | None:
    """The lines that git answers; None where there is no git, no repository of this folder, or no such commit."""
    if shutil.which("git") is None or not (root / ".git").exists():
        return None
    said = subprocess.run(["git", *asked], cwd=root, capture_output=True, text=True, check=False)
    return said.stdout.splitlines() if said.returncode == 0 else None


def _stamp(root: Path) -> Path:
    return root / "_build" / "checked"


def _newer_than(stamp: Path, root: Path) -> list[Path]:
    """All of them the first time."""
    since = stamp.stat().st_mtime if stamp.exists() else 0
    return [path for path in notebooks(root) if path.stat().st_mtime > since]


def steps(changed: list[Path]) -> dict[str, list]:
    """What is run, by what it is called."""
    together = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"]
    pytest = ["pytest", *together, "-q", "-rs", "--durations=10", f"--deselect={OURS}", *quick_tests()]
    commands: dict[str, list] = {
        "lint": ["ruff", "check", "--quiet"],
        "format": ["ruff", "format", "--check", "--quiet"],
        "types": ["mypy"],
        "imports": ["-c", LINT_IMPORTS, "--no-cache", "--no-logo"],
        "dead code": ["vulture"],
        "undeclared imports": ["deptry", "valuechains", "tools", "data", "--config", ROOT / "tools" / "deptry.toml"],
        TESTS_STEP: pytest,
    }
    if changed:
        commands[f"changed notebooks ({len(changed)})"] = [ROOT / "tools" / "refresh.py", "--check", *changed]
    return commands


def command(tool: str | Path, *options: object) -> list:
    return [sys.executable, *([tool] if isinstance(tool, Path) or tool == "-c" else ["-m", tool]), *options]


def follow(name: str, asked: list) -> bool:
    """Run a step, pass on what it says line by line, and tell whether all is in order."""
    with subprocess.Popen(command(*asked), cwd=ROOT, **READ) as run:
        for line in run.stdout or ():
            print(line, end="", flush=True)
    return _told(name, run.returncode)


def hold(name: str, asked: list) -> bool:
    """Run a step beside another, and pass on what it says when it has ended."""
    run = subprocess.run(command(*asked), cwd=ROOT, check=False, **READ)
    return _told(name, run.returncode, run.stdout)


def _told(name: str, status: int, said: str = "") -> bool:
    print(f"-- {name}: {'NOT in order' if status else 'in order'}\n{said if status else ''}", end="", flush=True)
    return status == 0


def main() -> int:
    os.environ |= {"PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"}
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the test processes share the cores
    began = time.time()
    beside = steps(changed_notebooks())
    tests = beside.pop(TESTS_STEP)
    print(f"-- {TESTS_STEP}, and beside them: {', '.join(beside)}", flush=True)
    with ThreadPoolExecutor(1) as lane:
        ended = {name: lane.submit(hold, name, asked) for name, asked in beside.items()}
        failed = [] if follow(TESTS_STEP, tests) else [TESTS_STEP]
        if left := [name for name, future in ended.items() if not future.done()]:
            print(f"-- still running: {', '.join(left)}", flush=True)
    failed += [name for name, future in ended.items() if not future.result()]
    if failed:
        print(f"Not in order: {', '.join(failed)} (see above).", file=sys.stderr)
        return 1
    _stamp(ROOT).parent.mkdir(exist_ok=True)
    _stamp(ROOT).touch()
    print(f"All in order, in {time.time() - began:.0f} s. `make test` runs the rest: browser, JupyterLab, grading.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
