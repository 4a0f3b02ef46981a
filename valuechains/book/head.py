"""What a page says of itself to a browser, a search engine and a chat that shows a link; the root and the 404 page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

LONGEST = 200  # letters of a description
PICTURE = "gvc/picture.png"
LISTED = (nodes.table, nodes.footnote, nodes.Admonition)  # what stands in these does not say what a page is about


def configure(app: Sphinx, config: Config) -> None:
    """The project is called what the book is called, and its address ends as a folder's does; without scripts a page is
    light, as its drawings are."""
    config.project = config.html_title or config.project
    config.html_baseurl = config.html_baseurl and config.html_baseurl.rstrip("/") + "/"
    config.html_context.setdefault("default_mode", "light")


def description(doctree: nodes.document) -> str:
    """The first paragraph of a page: whole sentences of it as far as they fit, else whole words."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        around = paragraph.parent
        while around is not None and not isinstance(around, LISTED):
            around = around.parent
        if around is None and len(text) > 30:
            return shortened(text)
    return ""


def shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    whole = re.match(rf".{{40,{LONGEST}}}[.?!](?=\s)", text)
    return whole[0] if whole else text[:LONGEST].rpartition(" ")[0].rstrip(",;:") + " ..."


def describe(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """One viewport, a description, Open Graph; addresses only where the site has one (`html: baseurl`)."""
    context["metatags"] = re.sub(r'<meta name="viewport"[^>]*>\s*', "", context.get("metatags", ""))
    context["description"] = description(doctree) if doctree is not None else ""
    base = app.config.html_baseurl
    context["site_path"] = urlsplit(base).path or "/"
    context["picture"] = f"{base}_static/{PICTURE}" if base else ""


def pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """The page for an address that leads nowhere, and the root of a book whose first page is in a folder."""
    yield "404", {}, "404.html"
    if app.config.root_doc != "index":
        yield "index", {"first": app.builder.get_target_uri(app.config.root_doc)}, "root.html"


def keep_picture(app: Sphinx) -> None:
    """The picture that Open Graph names, which has to be an absolute address."""
    picture = Path(app.srcdir, "chapters", "shared", "picture.png")
    if app.builder.name == "html" and app.config.html_baseurl and picture.is_file():
        folder = Path(app.outdir, "_static", PICTURE).parent
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, Path(app.outdir, "_static", PICTURE))


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure, priority=800)
    app.connect("builder-inited", keep_picture)
    app.connect("html-page-context", describe, priority=950)
    app.connect("html-collect-pages", pages)
