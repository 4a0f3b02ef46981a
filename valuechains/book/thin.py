"""What the theme brings, cut to what the pages of this book use: its styles and signs; and the font of formulas.

A rule stays if every class, id and element that its selector asks for stands on a page or is a word of a script: what a
script opens later looks as it always did. It is done when all pages are written.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path

import tinycss2
from sphinx.application import Sphinx
from tinycss2 import ast

from valuechains.book import font, workshop

OURS = "gvc"
WORDLESS = ("vega.js", "search-places.js")  # scripts whose words name no part of a page
SCRIPTS = Path(__file__).parent / "onpage" / "page"  # they come onto a page when they are asked for
SIGNS = "_static/vendor/fontawesome/webfonts"
NESTED = ("media", "supports", "layer", "container")
BESIDES = ("index", "404", "search", "genindex")  # pages that no source of the book is
WORD = re.compile(r"[A-Za-z_][\w-]*")
SIGN = re.compile(r"\\([ef][0-9a-f]{3})|([\ue000-\uf8ff])")
DRAWN_WITH = re.compile(r'url\(([^)]*)\.woff2\) format\("woff2"\),\s*url\([^)]*\.ttf\) format\("truetype"\)')


def names(pages: list[str], static: Path) -> set[str]:
    """Every element, class and id of the pages, and every word of the scripts."""
    found: set[str] = set()
    for html in pages:
        found.update(re.findall(r"<([a-z][\w-]*)", html))
        for value in set(re.findall(r'\b(?:class|id)="([^"]*)"', html)):
            found.update(value.split())
    for script in (*static.rglob("*.js"), *SCRIPTS.glob("*.js")):
        if script.name not in WORDLESS:
            found.update(WORD.findall(script.read_text(encoding="utf-8")))
    return found


def characters(pages: list[str]) -> str:
    """Every character of the formulas."""
    formulas = (formula for html in pages for formula in re.findall(r"<math.*?</math>", html, re.S))
    return "".join(sorted({sign for one in formulas for sign in unescape(re.sub(r"<[^>]*>", "", one))}))


def style(css: str, words: str) -> dict[str, bytes]:
    """A style sheet for the workshop, without the rules that ask for anything else than these words."""
    rules = tinycss2.parse_stylesheet(css, skip_whitespace=True)
    return {"style.css": "".join(_kept(rules, set(words.split()))).encode()}


def _kept(rules: Iterable[ast.Node], words: set[str]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, ast.Comment):
            yield rule.serialize() if rule.value.startswith("!") else ""  # whose work it is
        elif isinstance(rule, ast.QualifiedRule):
            asks = [tinycss2.serialize(one).strip() for one in _selectors(rule.prelude) if asked(one) <= words]
            yield f"{','.join(asks)}{{{tinycss2.serialize(rule.content)}}}" if asks else ""
        elif isinstance(rule, ast.AtRule) and rule.lower_at_keyword in NESTED and rule.content is not None:
            if inside := "".join(_kept(tinycss2.parse_rule_list(rule.content, True, True), words)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}"
        else:
            yield rule.serialize()


def _selectors(prelude: list[ast.Node]) -> Iterator[list[ast.Node]]:
    one: list[ast.Node] = []
    for token in prelude:
        if token == ",":
            yield one
            one = []
        else:
            one.append(token)
    yield one


def asked(selector: list[ast.Node]) -> set[str]:
    """The names that have to be there: not those in brackets, which may be alternatives, or what must not be."""
    found, before = set(), None
    for token in selector:
        if isinstance(token, ast.HashToken) or (isinstance(token, ast.IdentToken) and before != ":"):
            found.add(token.value)
        before = token
    return found


def cut(app: Sphinx, failure: Exception | None) -> None:
    if failure or app.builder.name != "html":
        return
    site = Path(app.outdir)
    written = (site / f"{name}.html" for name in sorted({*app.env.found_docs, *BESIDES}))
    pages = [page.read_text(encoding="utf-8") for page in written if page.is_file()]  # not an edition's in this folder
    workshop.order(font.mathematical, characters(pages))
    known = names(pages, site / "_static")
    sheets = {}
    for sheet in sorted((site / "_static").rglob("*.css")):
        if OURS not in sheet.parts:
            css = sheet.read_text(encoding="utf-8")
            sheets[sheet] = css, " ".join(sorted(known.intersection(WORD.findall(css.replace("\\", "")))))
            workshop.order(style, *sheets[sheet])
    shown: set[str] = set()
    for sheet, order in sheets.items():
        css = (workshop.take(style, *order) / "style.css").read_text(encoding="utf-8")
        shown.update(escaped or f"{ord(plain):x}" for escaped, plain in SIGN.findall(css))
        sheet.write_text(DRAWN_WITH.sub(r'url(\1.woff) format("woff")', css), encoding="utf-8")
    for whole in sorted((site / SIGNS).glob("*.ttf")):
        made = workshop.take(font.signs, str(whole), sha256(whole.read_bytes()).hexdigest(), " ".join(sorted(shown)))
        shutil.copyfile(made / "signs.woff", whole.with_suffix(".woff"))
        whole.unlink()
        whole.with_suffix(".woff2").unlink()
    shutil.copyfile(
        workshop.take(font.mathematical, characters(pages)) / "math.woff", site / "_static" / OURS / "math.woff"
    )


def setup(app: Sphinx) -> None:
    app.connect("build-finished", cut, priority=900)
