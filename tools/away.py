"""The book to take along, from the pages that `make book` built, into _build/html/away: tools/away.py pdf epub bundle.

pdf: the whole book and each chapter (needs Chromium); epub: for an e-reader; bundle: book, kits and data in one zip,
and all figures as files. Nothing is built again; the first page links to what is there.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from book import PAGES
from browser import installed
from notebooks import ROOT
from programs import BROWSER

from valuechains.book.away import pages, shelf
from valuechains.course.meanwhile import told

TITLE = "Services in Global Value Chains"
AWAY = PAGES / "away"
MOMENT = int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))  # 1980: the first day that a zip knows


def read() -> list[pages.Page]:
    return [pages.Page(PAGES, name) for name in pages.listed(ROOT)]


def pdf() -> list[Path]:
    from playwright.sync_api import sync_playwright

    from valuechains.book.away import pdf as paper

    if not (program := installed()):
        raise SystemExit(f"A PDF needs Chromium, and none was found. To install it: {BROWSER.how}")
    moment = time.strftime("%Y%m%d%H%M%S", time.gmtime(MOMENT))
    whole, made = read(), [AWAY / "book.pdf"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        boxes = paper.write(PAGES, made[0], whole, TITLE, browser, moment)
        chapters = [page for page in whole if page.key[:2].isdigit()]
        for page in chapters:
            made.append(AWAY / f"{page.key}.pdf")
            paper.write(PAGES, made[-1], [page], page.title, browser, moment, beside=chapters)
        browser.close()
    if boxes:
        print(f"Boxes in the PDF: no font here has {boxes}. To install one: sudo apt install fonts-droid-fallback")
    return made


def epub() -> list[Path]:
    from valuechains.book.away import epub as reader

    reader.write(PAGES, AWAY / "book.epub", read(), TITLE, "The contributors", MOMENT)
    return [AWAY / "book.epub"]


def all_figures() -> list[Path]:
    from valuechains.book.away import bundle as zips

    found = [zips.described(page, spec) for page, spec in zips.figures(ROOT, pages.listed(ROOT))]
    whole = zips.as_json(found)
    files = list(zips.under(PAGES / "figures", "figures"))
    zips.packed(AWAY / "figures.zip", [*files, ("figures/figures.json", whole)], MOMENT)
    (AWAY / "figures.json").write_bytes(whole)
    return [AWAY / "figures.zip", AWAY / "figures.json"]


def bundle() -> list[Path]:
    from valuechains.book.away import bundle as zips

    made = all_figures()
    first = f"{shelf.FIRST}.html"
    page = shelf.shelf((PAGES / first).read_text(encoding="utf-8"), AWAY, but="bundle.zip")
    left = [first, "away/bundle.zip", *(path.name for path in PAGES.glob("print.html"))]
    files = [
        ("Open the book.html", zips.START.encode()),
        (f"book/{first}", page.encode()),
        *zips.under(PAGES, "book", left),
        *zips.under(ROOT / "data", "data", [str(path.name) for path in (ROOT / "data").glob("*.py")]),
    ]
    named = [(f"{zips.FOLDER}/{name}", content) for name, content in files if "/recipes/" not in name]
    zips.packed(AWAY / "bundle.zip", named, MOMENT)
    return [*made, AWAY / "bundle.zip"]


KINDS: dict[str, Callable[[], list[Path]]] = {"pdf": pdf, "epub": epub, "bundle": bundle}


def main(kinds: list[str]) -> int:
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        said = f"not {unknown[0]}" if unknown else "name one or more"
        print(f"tools/away.py makes {', '.join(KINDS)}: {said}.", file=sys.stderr)
        return 2
    if not (PAGES / "chapters" / "index.html").is_file():
        print("There are no pages to take along yet: run `make book` first.", file=sys.stderr)
        return 1
    for kind in kinds:
        with told(f"Making the {kind}"):
            made = KINDS[kind]()
        for path in made:
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
        shelf.write(PAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
