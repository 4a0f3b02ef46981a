"""How many small faults the tests of the library's pure modules find: mutmut plants them one at a time.

python tools/mutants.py [NAME ...]     NAME: a module, as "indicators" or "models.trap"; without one, all of them
    --sample 200                       so many of their faults only, always the same ones
    --tests tests/library ...          these tests in place of those that pyproject.toml names
    --processes 1                      side by side; without it, as many as there are cores

It works on a copy, _build/mutants/project, and goes on where it was stopped; `mutmut results`, `mutmut show` and
`mutmut browse` work there. Linux and macOS (it forks); some hours on two cores.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "_build" / "mutants"
TOOL, PROJECT = PLACE / "tool", PLACE / "project"
COPIED = ("valuechains", "tests", "tools", "data", "exercises", "pyproject.toml", "CITATION.cff")
KILLED, SURVIVED, UNTESTED, SLOW = (1, 3), (0,), (5, 33), (-24, 24, 36, 152, 255)  # by the status of the tests' run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="modules; all if none is given")
    parser.add_argument("--sample", type=int, help="so many faults of them only")
    parser.add_argument("--tests", nargs="+", default=[], help="files of tests, in place of pyproject.toml's")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    for name in given.names:
        if not any(ROOT.glob(f"valuechains/{name.replace('.', '/')}*")):
            parser.error(f"there is no module valuechains.{name}")
    if not TOOL.exists():
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target"]
        subprocess.run([*install, TOOL, "-r", ROOT / "tools" / "mutants.lock"], check=True)
    _copy(given.tests)
    wanted = [f"valuechains.{name}*" for name in given.names]
    if given.sample:
        # plants them, and learns which tests reach which
        _mutmut("none of them", processes=given.processes, quiet=True)
        planted = (name for name in _planted() if not wanted or any(fnmatch(name, one) for one in wanted))
        wanted = _drawn(planted, given.sample)
    ended = _mutmut(*wanted, processes=given.processes)
    print(*_table(_counted()), sep="\n")
    return ended


def _mutmut(*names: str, processes: int, quiet: bool = False) -> int:
    search = os.pathsep.join((str(PROJECT / "mutants"), str(TOOL)))
    environment = {**os.environ, "PYTHONPATH": search, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    run = [sys.executable, "-m", "mutmut", "run", "--max-children", str(processes), *names]
    return subprocess.run(run, cwd=PROJECT, env=environment, capture_output=quiet, check=False).returncode


def _planted() -> list[str]:
    """The names of all faults."""
    return [name for path in _results() for name in json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]]


def _drawn(names: Iterable[str], count: int) -> list[str]:
    drawn = sorted(names)
    return random.Random(1).sample(drawn, min(count, len(drawn)))


def _copy(tests: list[str]) -> None:
    """The project as it stands, to be tried with these tests, if any; what mutmut has found out stays."""
    # there before Python starts, which looks once only whether a folder to import from is there
    (PROJECT / "mutants").mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = ROOT / name, PROJECT / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    if tests:
        config = PROJECT / "pyproject.toml"
        chosen = f"pytest_add_cli_args_test_selection = {json.dumps(tests)}"
        content = config.read_text(encoding="utf-8")
        config.write_text(re.sub(r"^pytest_add_cli_args_test_selection = .*$", chosen, content, flags=re.M), "utf-8")


def _results() -> list[Path]:
    """Where mutmut keeps how the faults of a module ended."""
    return sorted((PROJECT / "mutants").rglob("*.py.meta"))


def _counted() -> dict[str, Counter]:
    """How the faults of each module ended."""
    words = {
        status: word
        for word, statuses in (("killed", KILLED), ("survived", SURVIVED), ("no test", UNTESTED), ("slow", SLOW))
        for status in statuses
    }
    found = {}
    for path in _results():
        statuses = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        name = path.relative_to(PROJECT / "mutants" / "valuechains").as_posix().removesuffix(".py.meta")
        found[name.replace("/", ".")] = Counter(words.get(status, "not run") for status in statuses)
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
    sys.exit(main())
