"""How many small faults the tests of the library's pure modules find: mutmut plants them one at a time.

python tools/mutants.py [NAME ...]     NAME: a module, as "indicators" or "models.trap"; without one, all of them

It works on a copy, _build/mutants/project, and goes on where it was stopped; `mutmut results`, `mutmut show` and
`mutmut browse` work there. Linux and macOS (it forks); an hour or two on two cores.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "_build" / "mutants"
TOOL, PROJECT = PLACE / "tool", PLACE / "project"
COPIED = ("valuechains", "tests", "tools", "data", "exercises", "pyproject.toml", "CITATION.cff")
KILLED, SURVIVED, UNTESTED, SLOW = (1, 3), (0,), (5, 33), (-24, 24, 36, 152, 255)  # by the status of the tests' run


def main(names: list[str]) -> int:
    if not TOOL.exists():
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target"]
        subprocess.run([*install, TOOL, "-r", ROOT / "tools" / "mutants.lock"], check=True)
    _copy()
    wanted = [f"valuechains.{name}*" for name in names]
    search = os.pathsep.join((str(PROJECT / "mutants"), str(TOOL)))
    environment = {**os.environ, "PYTHONPATH": search, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    run = [sys.executable, "-m", "mutmut", "run", *wanted]
    ended = subprocess.run(run, cwd=PROJECT, env=environment, check=False).returncode
    print(*_table(_counted(PROJECT / "mutants")), sep="\n")
    return ended


def _copy() -> None:
    """The project as it stands; what mutmut has found out stays."""
    # there before Python starts, which looks once only whether a folder to import from is there
    (PROJECT / "mutants").mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = ROOT / name, PROJECT / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)


def _counted(folder: Path) -> dict[str, Counter]:
    """How the faults of each module ended."""
    words = {
        status: word
        for word, statuses in (("killed", KILLED), ("survived", SURVIVED), ("no test", UNTESTED), ("slow", SLOW))
        for status in statuses
    }
    found = {}
    for path in sorted(folder.rglob("*.py.meta")):
        statuses = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        name = path.relative_to(folder / "valuechains").as_posix().removesuffix(".py.meta").replace("/", ".")
        found[name] = Counter(words.get(status, "not run") for status in statuses)
    return {name: counts for name, counts in found.items() if counts}


def _table(found: dict[str, Counter]) -> list[str]:
    kinds = ("killed", "slow", "survived", "no test", "not run")
    rows = [f"{'module':32}{''.join(f'{kind:>10}' for kind in kinds)}     score"]
    for name, counts in [*found.items(), ("all", sum(found.values(), Counter()))]:
        tried = sum(counts.values()) - counts["not run"]
        score = f"{(counts['killed'] + counts['slow']) / tried:10.1%}" if tried else f"{'-':>10}"
        rows.append(f"{name:32}{''.join(f'{counts[kind]:>10}' for kind in kinds)}{score}")
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
