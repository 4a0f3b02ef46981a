"""Fetch what the pages' Python is made of (npm, pip), so that the next `make book` has exercises worked on the page.

python tools/on_page.py                        fetch
python tools/on_page.py --compare [CHAPTER...] every right answer and named mistake, by this Python and by the pages':
                                               where a reply differs, its row is printed and the status is 1 (minutes)
    --in chromium|firefox|webkit               the same in a page of the built book in that browser, not in node; with
    --from http|file                           the times to ready (first and second visit), of a check, and memory
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from notebooks import PAGES, ROOT

from valuechains.book.onpage import fetch, pack

REPLIES = Path(__file__).parent / "onpage" / "replies.py"


def bring() -> str:
    """Fetch; empty, or one line that says what the book will be without."""
    if not fetch.fetched():
        print("Fetching what the pages' Python is made of, once ...", flush=True)
    try:
        fetch.fetch()
    except fetch.Missing as missing:
        return f"The book is built without Python on its pages: {missing}."
    return ""


def compare(chapters: list[str], browser: str | None, scheme: str) -> int:
    """Print how many replies agree, and each that does not."""
    here = _rows([sys.executable, str(REPLIES), str(ROOT), *chapters])
    there = _in_browser(browser, scheme, chapters) if browser else _in_node(chapters)
    differ = [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]]
    for name, counted in _table(here, differ).items():
        print(f"{name}: {counted}")
    for ours, theirs in differ:
        print(f"{ours}\n  on the page: {theirs}")
    return 1 if differ else 0


def _in_node(chapters: list[str]) -> list[list]:
    with tempfile.NamedTemporaryFile(suffix=".zip") as packages:
        packages.write(pack.packages(fetch.fetch()))
        packages.flush()
        engine = ["node", str(REPLIES.with_suffix(".mjs")), str(fetch.fetch()), packages.name, str(ROOT)]
        return _rows([*engine, str(REPLIES), *chapters])


def _in_browser(name: str, scheme: str, chapters: list[str]) -> list[list]:
    """One browser for all chapters, each on its own page; what was measured is printed as it comes."""
    import engines
    from onpage import browsers, replies

    found = []
    with engines.served(PAGES) as address, engines.opened(name) as page:
        for chapter in chapters:
            print(f"{chapter}, {name}, {scheme}: {browsers.measured(page, address[scheme], chapter)}", flush=True)
            found += browsers.rows(page, ROOT, chapter, replies.VARIANTS)
            others = [one for one in page.asked if not one.startswith((*address.values(), "blob:", "data:"))]
            print(f"  {browsers.megabytes()} MB at the end; other hosts asked: {len(others)}", flush=True)
    return found


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


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compare", nargs="*", metavar="CHAPTER")
    parser.add_argument("--in", dest="browser", choices=("chromium", "firefox", "webkit"))
    parser.add_argument("--from", dest="scheme", choices=("http", "file"), default="http")
    asked = parser.parse_args(arguments)
    every = [path.parent.name for path in sorted((ROOT / "exercises").glob("*/key.py"))]
    if unknown := {*(asked.compare or [])} - {*every}:
        parser.error(f"there is no chapter {min(unknown)}: choose of {', '.join(every)}")
    if said := bring():
        print(said)
        return 1
    if asked.compare is not None:
        return compare(asked.compare or every, asked.browser, asked.scheme)
    print(f"What the pages' Python is made of is in {fetch.fetched()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
