"""Fetch what the pages' Python is made of (npm, pip), so that the next `make book` has exercises worked on the page.

python tools/on_page.py                        fetch
python tools/on_page.py --compare [CHAPTER...] every right answer and named mistake, by this Python and by the pages':
                                               where a reply differs, its row is printed and the status is 1 (minutes)
    --in chromium firefox webkit               the same in a page of the built book in each of these, not in node; and
    --from http file                           the times to ready (first and second visit) and of checks, and memory
python tools/on_page.py --weigh                what Python weighs in the built book, chapter by chapter
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from notebooks import PAGES, ROOT
from programs import NPM

from valuechains.book.onpage import FOLDER, fetch, pack, sizes
from valuechains.course.meanwhile import told

AT_ONCE = 3600  # seconds: all replies of a chapter are asked for at once, and a browser may be slow
REPLIES = Path(__file__).parent / "onpage" / "replies.py"


def bring() -> str:
    """Fetch; empty, or one line that says what the book will be without."""
    if not fetch.fetched() and NPM.is_here:
        print("Fetching what the pages' Python is made of, once ...", flush=True)
    try:
        with told("Fetching what the pages' Python is made of"):
            fetch.fetch()
    except fetch.Missing as missing:
        how = "" if NPM.is_here else f" To install it: {NPM.how}"
        return f"The book is built without Python on its pages: {missing}.{how}"
    return ""


def compare(chapters: list[str], browsers: list[str], schemes: list[str]) -> int:
    """Print how many replies agree, and each that does not."""
    here, differing = _rows([sys.executable, str(REPLIES), str(ROOT), *chapters]), 0
    for name, scheme in [(name, scheme) for name in browsers for scheme in schemes] or [("node", "")]:
        there = _in_browser(name, scheme, chapters) if browsers else _in_node(chapters)
        differ = [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]]
        for chapter, counted in _table(here, differ).items():
            print(f"{name} {scheme} {chapter}: {counted}", flush=True)
        for ours, theirs in differ:
            print(f"{ours}\n  on the page: {theirs}", flush=True)
        differing += len(differ)
    return 1 if differing else 0


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

    engines.PATIENCE = AT_ONCE
    found: list[list] = []
    took: list[float] = []
    with engines.served(PAGES) as address, engines.opened(name) as page:
        for chapter in chapters:
            print(f"{chapter}, {name}, {scheme}: {browsers.measured(page, address[scheme], chapter)}", flush=True)
            asked = browsers.asked(page, ROOT, chapter, replies.VARIANTS)
            found, took = found + asked.rows, took + asked.took
            others = [one for one in page.asked if not one.startswith((*address.values(), "blob:", "data:"))]
            held = f"Python had {asked.heap / 1e6:.0f} MB and the browser {browsers.megabytes()}"
            print(f"  a reply {browsers.spread(asked.took)}; {held}; other hosts asked: {len(others)}", flush=True)
    print(f"All chapters: a reply {browsers.spread(took)}")
    return found


def _rows(command: list[str]) -> list[list]:
    with told("Answering every task"):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def _table(rows: list[list], differ: list[tuple]) -> dict[str, str]:
    """By chapter and in all: tasks, replies to what was answered, and how many differ."""
    others = Counter(ours[0] for ours, _ in differ)
    chapters = {name: [row for row in rows if row[0] == name] for name in dict.fromkeys(row[0] for row in rows)}
    return {
        **{name: _counted(own, others[name]) for name, own in chapters.items()},
        "all": _counted(rows, others.total()),
    }


def _counted(rows: list[list], differ: int) -> str:
    given = Counter(row[3] if row[3] in ("right", "solution") else "mistake" for row in rows)
    tasks, variants = len({(row[0], row[2]) for row in rows}), len({row[1] for row in rows})
    return (
        f"{tasks} tasks, {variants} variants: {given['right']} right answers, {given['mistake']} named mistakes, "
        f"{given['solution']} of the solutions; {len(rows) - differ} of {len(rows)} replies equal"
    )


def weigh() -> None:
    folder = PAGES / FOLDER
    scripts = sizes(folder, "js")
    for chapter, size in sorted(sizes(folder).items()):
        print(f"{chapter}: {size:.1f} MB by http, {scripts[chapter]:.1f} MB as scripts")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compare", nargs="*", metavar="CHAPTER")
    parser.add_argument("--in", dest="browsers", nargs="+", choices=("chromium", "firefox", "webkit"), default=[])
    parser.add_argument("--from", dest="schemes", nargs="+", choices=("http", "file"), default=["http"])
    parser.add_argument("--weigh", action="store_true")
    asked = parser.parse_args(arguments)
    every = [path.parent.name for path in sorted((ROOT / "exercises").glob("*/key.py"))]
    if unknown := {*(asked.compare or [])} - {*every}:
        parser.error(f"there is no chapter {min(unknown)}: choose of {', '.join(every)}")
    if said := bring():
        print(said)
        return 1
    if asked.weigh:
        weigh()
        return 0
    if asked.compare is not None:
        return compare(asked.compare or every, asked.browsers, asked.schemes)
    print(f"What the pages' Python is made of is in {fetch.fetched()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
