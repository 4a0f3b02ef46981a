"""The book as EPUB 3, from its built pages: well-formed XHTML, charts as SVG, formulas as MathML, no script."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path, PurePosixPath
from time import gmtime, strftime

from bs4 import BeautifulSoup, Tag

from valuechains.book.away.archive import archive
from valuechains.book.away.pages import Page, leads, target

CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
STYLE = Path(__file__).with_name("epub.css")
OBSOLETE = ("align", "halign", "valign", "border", "width", "height", "loading")  # of pandas, mostly


def write(site: Path, out: Path, pages: list[Page], title: str, author: str, moment: int) -> None:
    """Every file of the book in one zip, the type first and unpacked, all at one moment."""
    known = {f"{page.name}.html": page for page in pages}
    drawings: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for page in pages:
        files[f"book/{page.key}.xhtml"] = _xhtml(page, known, drawings)
    for path, name in drawings.items():
        files[f"book/{name}"] = (site / path).read_bytes()
    files["book/style.css"] = STYLE.read_bytes()
    files["book/nav.xhtml"] = _nav(pages, title).encode()
    files["book/book.opf"] = _package(pages, sorted(drawings.values()), title, author, moment).encode()
    with archive(out, moment) as add:
        add("mimetype", b"application/epub+zip", packed=False)
        add("META-INF/container.xml", CONTAINER.encode())
        for name, content in sorted(files.items()):
            add(name, content)


def _xhtml(page: Page, known: dict[str, Page], drawings: dict[str, str]) -> bytes:
    article: Tag = BeautifulSoup(str(page.article), "html.parser").article  # type: ignore[assignment]
    for image in article.find_all("img"):
        path = target(page, str(image["src"]))[0]  # type: ignore[index]  # a drawing is a file of the site
        image["src"] = drawings.setdefault(path, f"drawings/{len(drawings) + 1:03}{PurePosixPath(path).suffix}")
    for link in article.find_all("a", href=True):
        if there := leads(link, page, known):
            link["href"] = f"{there[0].key}.xhtml" + (f"#{there[1]}" if there[1] else "")
    seen: set[str] = set()
    for part in article.find_all(True):
        _tidy(part, seen)
    text = re.sub(r"<math\b(?![^>]*xmlns)", '<math xmlns="http://www.w3.org/1998/Math/MathML"', article.decode())
    title = escape(page.title)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en"><head><title>{title}</title>'
        f'<link rel="stylesheet" type="text/css" href="style.css"/></head><body>{text}</body></html>\n'
    ).encode()


def _tidy(part: Tag, seen: set[str]) -> None:
    """What XHTML does not know, and ids that stand twice, leave."""
    for name in [name for name in part.attrs if name in OBSOLETE or name.startswith(("data-", "on"))]:
        if part.name != "img" or name == "loading":
            del part[name]
    if part.name == "img":
        for side in ("width", "height"):
            if side in part.attrs:
                part[side] = str(round(float(str(part[side]))))
    if part.name in ("form", "fieldset", "legend", "label"):
        part.attrs = {key: value for key, value in part.attrs.items() if key in ("id", "class")}
        part.name = "p" if part.name == "legend" else "span" if part.name == "label" else "div"
    if "id" in part.attrs:
        if part["id"] in seen:
            del part["id"]
        else:
            seen.add(str(part["id"]))


def _nav(pages: list[Page], title: str) -> str:
    listed = "".join(f'<li><a href="{page.key}.xhtml">{escape(page.title)}</a></li>' for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en"><head><title>{escape(title)}</title></head>'
        f'<body><nav epub:type="toc"><h1>Contents</h1><ol>{listed}</ol></nav></body></html>\n'
    )


def _package(pages: list[Page], drawings: list[str], title: str, author: str, moment: int) -> str:
    items = "".join(
        f'<item id="p-{page.key}" href="{page.key}.xhtml" media-type="application/xhtml+xml"{_mathml(page)}/>\n'
        for page in pages
    )
    items += "".join(
        f'<item id="d{place}" href="{name}" media-type="image/{"svg+xml" if name.endswith("svg") else "png"}"/>\n'
        for place, name in enumerate(drawings)
    )
    spine = "".join(f'<itemref idref="p-{page.key}"/>' for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="id" xml:lang="en"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:services-in-global-value-chains</dc:identifier>'
        f"<dc:title>{escape(title)}</dc:title>"
        f"<dc:language>en</dc:language><dc:creator>{escape(author)}</dc:creator>"
        "<dc:rights>CC BY 4.0</dc:rights>"
        f'<meta property="dcterms:modified">{strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(moment))}</meta></metadata>\n'
        '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'<item id="style" href="style.css" media-type="text/css"/>\n{items}</manifest>\n'
        f"<spine>{spine}</spine></package>\n"
    )


def _mathml(page: Page) -> str:
    return ' properties="mathml"' if page.article.find("math") else ""
