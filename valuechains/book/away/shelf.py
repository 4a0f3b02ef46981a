"""The list on the first page of what there is to take along: of files that were made, and of no other."""

from __future__ import annotations

from html import escape
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

from valuechains.tongue import say, to_say

FOLDER = "away"
FIRST = "chapters/index"
KNOWN = {
    "book.pdf": to_say("The whole book on paper (PDF)"),
    "book.epub": to_say("The book for an e-reader (EPUB)"),
    "bundle.zip": to_say("Book, kits and data in one zip"),
    "figures.zip": to_say("All figures: drawing, data and specification (zip)"),
    "figures.json": to_say("All figures as one JSON"),
}


def shelf(page: str, folder: Path, but: str = "") -> str:
    """The first page with a list of the files in a folder in place of the one it had; without files, without a list."""
    soup = BeautifulSoup(page, "html.parser")
    for old in soup.select(".gvc-away"):
        old.decompose()
    there = [name for name in KNOWN if name != but and (folder / name).is_file()]
    chapters = sorted(path.name for path in folder.glob("[0-9][0-9]-*.pdf"))
    if there or chapters:
        listed = "".join(f"<li>{_link(folder / name, say(KNOWN[name]))}</li>" for name in there)
        if chapters:
            each = say(", ").join(
                _link(folder / name, say("chapter {number}", number=int(name[:2]))) for name in chapters
            )
            listed += f"<li>{say('Single chapters (PDF): {each}', each=each)}</li>"
        head = f"<h2>{say('Take it with you')}</h2>"
        block = f'<section class="gvc-away" id="take-it-with-you">{head}<ul>{listed}</ul></section>'
        soup.select_one("article > section").append(BeautifulSoup(block, "html.parser"))  # type: ignore[union-attr]
        return str(soup)
    return page if page == str(soup) or "gvc-away" not in page else str(soup)


def _link(path: Path, words: str) -> str:
    size = path.stat().st_size / 1e6
    return f'<a href="../{FOLDER}/{path.name}" download>{escape(words)}</a> ({size:.1f} MB)'


def write(site: Path) -> None:
    first = site / f"{FIRST}.html"
    before = first.read_text(encoding="utf-8")
    after = shelf(before, site / FOLDER)
    if after != before:
        first.write_text(after, encoding="utf-8")


def _keep(app: Sphinx, failure: Exception | None) -> None:
    """A page that is made anew lists again what an earlier `make pdf` left."""
    site = Path(app.outdir)
    if not failure and app.builder.name == "html" and (site / FOLDER).is_dir() and (site / f"{FIRST}.html").is_file():
        write(site)


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _keep)
