"""Fetch what the pages' Python is made of (npm, pip), so that the next `make book` has exercises worked on the page.

python tools/on_page.py                        fetch
python tools/on_page.py --compare [CHAPTER...] every right answer and named mistake, by this Python and by the pages':
                                               where a reply differs, its row is printed and the status is 1 (minutes)
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from notebooks import ROOT

from valuechains.book.onpage import fetch, pack

REPLIES = Path(__file__).parent / "onpage" / "replies.py"


def bring() -> str:
    """Fetch; empty, or one line that says what the book will be without."""
    try:
        fetch.fetch()
    except fetch.Missing as missing:
        return f"The book is built without Python on its pages: {missing}."
    return ""


def compare(chapters: list[str]) -> int:
    """Print how many replies agree, and each that does not."""
    here = _rows([sys.executable, str(REPLIES), str(ROOT), *chapters])
    with tempfile.NamedTemporaryFile(suffix=".zip") as packages:
        packages.write(pack.packages(fetch.fetch()))
        packages.flush()
        engine = ["node", str(REPLIES.with_suffix(".mjs")), str(fetch.fetch()), packages.name, str(ROOT)]
        there = _rows([*engine, str(REPLIES), *chapters])
    differ = [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]]
    for name, counted in _table(here, differ).items():
        print(f"{name}: {counted}")
    for ours, theirs in differ:
        print(f"{ours}\n  on the page: {theirs}")
    return 1 if differ else 0


def _rows(command: list[str]) -> list[list]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def _table(rows: list[list], differ: list[tuple]) -> dict[str, str]:
    """By chapter: tasks, variants, replies, and how many differ."""
    others = Counter(ours[0] for ours, _ in differ)
    return {
        name: f"{len({row[2] for row in own})} tasks, {len({row[1] for row in own})} variants, {len(own)} replies, "
        f"{others[name]} differ"
        for name in dict.fromkeys(row[0] for row in rows)
        for own in [[row for row in rows if row[0] == name]]
    }


def main() -> int:
    if said := bring():
        print(said)
        return 1
    if "--compare" in sys.argv:
        chapters = sys.argv[sys.argv.index("--compare") + 1 :]
        return compare(chapters or [path.parent.name for path in sorted((ROOT / "exercises").glob("*/key.py"))])
    print(f"What the pages' Python is made of is in {fetch.fetched()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
