"""The book as PDF: its pages one after another, printed by Chromium, which tags, embeds fonts and sets bookmarks.

It is printed twice: the first time tells on which sheet each place is, the second has it beside the links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag

from valuechains.book.away.pages import NAMED_BY_ID, Page, leads, target
from valuechains.course import files

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BOXES = """() => {
    const board = Object.assign(document.createElement("canvas"), {width: 32, height: 32})
        .getContext("2d", {willReadFrequently: true});
    const drawn = (letter) => {
        board.clearRect(0, 0, 32, 32);
        board.font = "20px serif";
        board.fillText(letter, 4, 24);
        return board.getImageData(0, 0, 32, 32).data.join();
    };
    const box = drawn("\\u0378"); // a letter that no font has
    return [...new Set(document.body.textContent)].filter((letter) => letter > "~" && drawn(letter) === box).join("");
}"""
PART = re.compile(rb"\(node\d{8}\)")
BESIDE = "beside:"  # stands before the name of a file in the same folder until it is printed
SHEETS = ("styles/theme.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css")


def book(
    site: Path, pages: list[Page], title: str, sheets: dict[str, int] | None = None, beside: Iterable[Page] = ()
) -> str:
    """The pages as one, every link inside it with the number of a sheet: 000 where that is not known yet.

    A link to one of the pages that have a PDF of their own beside this one leads to that file.
    """
    known = {f"{page.name}.html": page for page in pages}
    others = {f"{page.name}.html": f"{page.key}.pdf" for page in beside if page not in pages}
    bodies = [_body(page, known, others, sheets, len(pages) > 1) for page in pages]
    contents = "".join(
        f'<li><a href="#{page.key}">{escape(page.title)}</a><span class="at">{_at(sheets, page.key)}</span></li>'
        for page in pages
    )
    front = f'<h1 class="title">{escape(title)}</h1><nav aria-label="Contents"><ul class="toc">{contents}</ul></nav>'
    front = front if len(pages) > 1 else ""
    own = sorted(path.name for path in (site / "_static" / "gvc").glob("*.css") if path.name != "noscript.css")
    styles = [f"_static/{name}" for name in SHEETS] + [f"_static/gvc/{name}" for name in own]
    links = "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"{links}<style>@page {{ size: A4; }}</style></head>"
        f'<body class="gvc-paper">{front}{"".join(bodies)}</body></html>'
    )


def _at(sheets: dict[str, int] | None, place: str) -> str:
    return str((sheets or {}).get(place, "000"))


def _body(page: Page, known: dict[str, Page], others: dict[str, str], sheets: dict[str, int] | None, many: bool) -> str:
    article: Tag = BeautifulSoup(str(page.article), "html.parser").article  # type: ignore[assignment]
    for part in article.find_all(id=True):
        part["id"] = f"{page.key}--{part['id']}"
    for name in NAMED_BY_ID:
        for part in article.select(f"[{name}]"):
            ids = part[name] if isinstance(part[name], list) else str(part[name]).split()
            part[name] = " ".join(f"{page.key}--{one}" for one in ids)
    for image in article.find_all("img"):
        image["src"] = target(page, str(image["src"]))[0]  # type: ignore[index]  # a drawing is a file of the site
    for link in article.find_all("a", href=True):
        there = target(page, str(link["href"]))
        if there and there[0] in others:
            link["href"] = f"{BESIDE}{others[there[0]]}"
        else:
            _lead(link, page, known, sheets, many)
    article["id"] = page.key
    return str(article)


def _lead(link: Tag, page: Page, known: dict[str, Page], sheets: dict[str, int] | None, many: bool) -> None:
    """A link inside the book leads to its sheet."""
    there = leads(link, page, known)
    if there is None:
        return
    place = f"{there[0].key}--{there[1]}" if there[1] else there[0].key
    found_alone = link.find_parent(class_="bibtex-citation") or link.select_one(".std-term")  # by number, by letter
    link["href"] = f"#{place}"
    if many and not found_alone and link.get_text(strip=True):
        link.append(BeautifulSoup(f'<span class="at"> p. {_at(sheets, place)}</span>', "html.parser"))


def sheets(pdf: bytes) -> dict[str, int]:
    """On which sheet each place is that a link leads to. Chromium writes these objects as plain text."""
    kids = {
        int(found[1]): [int(number) for number in re.findall(rb"(\d+) 0 R", found[2])]
        for found in re.finditer(rb"(\d+) 0 obj\n<</Type /Pages\b[^>]*?/Kids \[([^]]*)\]", pdf)
    }
    below = {kid for some in kids.values() for kid in some}
    order: list[int] = []
    waiting = [top for top in kids if top not in below]
    while waiting:
        one = waiting.pop(0)
        waiting[:0] = kids.get(one, [])
        order += [one] * (one not in kids)
    number = {one: at for at, one in enumerate(order, 1)}
    places = re.findall(rb"/([^\s/]+) \[(\d+) 0 R /XYZ", pdf)
    return {name.decode(): number[int(page)] for name, page in places if name != b"Dest"}


def fixed(pdf: bytes, moment: str) -> bytes:
    """The same bytes whenever it is made: the two dates are the one given, and the parts, which Chromium numbers as it
    goes, count from one. A link to a file beside it becomes relative. All stays as long: bytes are counted."""
    parts = {name: b"(node%08d)" % at for at, name in enumerate(sorted(set(PART.findall(pdf))), 1)}
    pdf = PART.sub(lambda found: parts[found[0]], pdf)
    leads = rb"/URI \(%s([^)]*)\)" % BESIDE.encode()
    pdf = re.sub(leads, lambda found: (b"/URI (%s)" % found[1]).ljust(len(found[0])), pdf)
    return re.sub(rb"(/(?:Creation|Mod)Date) \(D:\d{14}[^)]*\)", rb"\1 (D:%s+00'00')" % moment.encode(), pdf)


def write(
    site: Path, out: Path, pages: list[Page], title: str, browser: Browser, moment: str, beside: Iterable[Page] = ()
) -> str:
    """Print pages into a PDF; returns the letters that no font of this machine has, which are boxes on paper."""
    numbers: dict[str, int] | None = None
    for _ in range(3 if len(pages) > 1 else 1):
        pdf, boxes = printed(site, book(site, pages, title, numbers, beside), browser)
        found = sheets(pdf) if len(pages) > 1 else numbers
        if found == numbers:
            break
        numbers = found
    files.write(out, fixed(pdf, moment))
    return boxes


def printed(site: Path, html: str, browser: Browser) -> tuple[bytes, str]:
    """What is printed and what are boxes in it; a file beside the site's own is opened, for as long as it takes."""
    page = browser.new_page()
    source = site / "print.html"
    try:
        source.write_text(html, encoding="utf-8")
        page.goto(source.as_uri(), wait_until="load")
        page.evaluate("document.fonts.ready")
        paper = page.pdf(tagged=True, outline=True, prefer_css_page_size=True, print_background=True)
        return paper, page.evaluate(BOXES)
    finally:
        source.unlink(missing_ok=True)
        page.close()
