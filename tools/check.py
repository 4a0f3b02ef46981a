"""What to run while you work: lint, format, types, imports, dead code, the library's tests, and the
notebooks that changed. No browser.

python tools/check.py
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from notebooks import ROOT, notebooks

BASE = "main"
TESTS = ROOT / "tests"
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"  # it has no -m of its own
# Left to `make test`: they open a browser or JupyterLab, run kernels or hostile work, grade whole classes or draw every
# stored chart.
SLOW = {
    "answers",
    "course_path",
    "environment",
    "exercises",
    "feedback",
    "grading",
    "handback",
    "hub",
    "instructor_book",
    "kits",
    "make_lab",
    "marking",
    "marks",
    "newcomer",
    "notebooks",
    "overviews",
    "quizzes",
    "report",
    "same",
    "sandbox",
    "scores",
    "shell",
    "standing",
    "stored_charts",
    "workshop",
}


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
    tools = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile", "-q", "-p", "no:cacheprovider"]
    commands: dict[str, list] = {
        "lint": ["ruff", "check", "--quiet"],
        "format": ["ruff", "format", "--check", "--quiet"],
        "types": ["mypy"],
        "imports": ["-c", LINT_IMPORTS, "--no-cache", "--no-logo"],
        "dead code": ["vulture"],
        "undeclared imports": ["deptry", "valuechains", "tools", "data", "--config", ROOT / "tools" / "deptry.toml"],
        "tests of the library": ["pytest", *tools, *quick_tests()],
    }
    if changed:
        commands[f"changed notebooks ({len(changed)})"] = [ROOT / "tools" / "refresh.py", "--check", *changed]
    return commands


def main() -> int:
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the test processes share the cores
    began = time.time()
    failed = []
    for name, (tool, *options) in steps(changed_notebooks()).items():
        print(f"-- {name}", flush=True)
        run = [sys.executable, *([tool] if isinstance(tool, Path) or tool == "-c" else ["-m", tool]), *options]
        if subprocess.run(run, cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"Not in order: {', '.join(failed)} (see above).", file=sys.stderr)
        return 1
    _stamp(ROOT).parent.mkdir(exist_ok=True)
    _stamp(ROOT).touch()
    print(f"All in order, in {time.time() - began:.0f} s. `make test` runs the rest: browser, JupyterLab, grading.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
