"""Slides of a chapter, made from the chapter: title, outcomes, every figure with its finding, the questions to discuss.

A chapter's slides are one HTML file that asks no other host for anything. Without its script it is a long page; with it
the arrow keys turn slides; printed, each slide is a page.
"""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt
from markupsafe import Markup

from valuechains import evidence
from valuechains.authoring import chapter
from valuechains.authoring.chapter import LINK, OUTCOMES, ROLE, TO_DISCUSS
from valuechains.authoring.formulas import to_mathml
from valuechains.book.outputs import MIMES
from valuechains.course.results import pages
from valuechains.figures import bare
from valuechains.figures.drawing import DRAWN_WIDTH, svg

GLUED = "application/papermill.record/text/plain"
MATH = re.compile(r"(?<![\w\\$])\$(?![\s$])([^$\n]+?)(?<!\s)\$(?![\w$])")
PAGE = ("320mm", "180mm")
ROOM = {"left": 40, "right": 16, "top": 6, "bottom": 6}  # a picture clips labels that the reader's font makes wider


@dataclass(frozen=True)
class Shown:
    """What a slide shows of a published figure."""

    finding: str
    measure: str
    source: str
    alternative: str
    svg: str
    moves: bool  # a widget: on the chapter's page it can be driven


def write(notebook: Path, folder: Path) -> Path:
    """Write a chapter's slides beside the others; returns the file, named as the chapter is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{notebook.stem}.html"
    path.write_text(page(notebook), encoding="utf-8")
    return path


def print_all(pages: Sequence[Path], browser: str) -> list[Path]:
    """Print slides to PDF, one slide a page, with the browser at this path; the PDF stands beside its HTML."""
    from playwright.sync_api import sync_playwright

    printed = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_page()
        for path in pages:
            tab.goto(path.resolve().as_uri())
            tab.pdf(path=path.with_suffix(".pdf"), prefer_css_page_size=True, print_background=True)
            printed.append(path.with_suffix(".pdf"))
        chromium.close()
    return printed


def page(notebook: Path) -> str:
    """The slides of a chapter as one HTML page. ValueError says what the chapter lacks."""
    cells = nbformat.read(notebook, as_version=4).cells
    glued = _glued(cells)
    title = f"{int(notebook.stem[:2])} {chapter.read_head(notebook).title}"
    slides = [
        _title(title, _inline(chapter.question(notebook), glued)),
        _listed(OUTCOMES, [_inline(item, glued) for item in chapter.listed(notebook, OUTCOMES)]),
        *(_figure(figure) for figure in figures(notebook)),
        *(_talk(_inline(item, glued)) for item in chapter.listed(notebook, TO_DISCUSS)),
    ]
    width, height = PAGE
    return pages.page("slides.html", title=title, slides=[Markup(one) for one in slides], wide=width, high=height)


def figures(notebook: Path) -> Iterator[Shown]:
    """Every published figure of a chapter, in order."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            yield from (_drawn(data[mime]) for mime in MIMES if mime in data)


def _drawn(spec: dict) -> Shown:
    about = spec["usermeta"]["valuechains"]
    as_of = f" As of {about['as_of']}." if about.get("as_of") else ""
    source = "; ".join(about["source"]).rstrip(".") + "." + as_of
    return Shown(
        about["finding"],
        f"{about['measure']}, {about['unit']}",
        source,
        about["alternative"],
        svg(bare(spec, DRAWN_WIDTH) | {"padding": ROOM}),
        "twin" in about,
    )


# --- the chapter's text ----------------------------------------------------------------------------------------------


def _glued(cells: Sequence) -> dict[str, str]:
    """The numbers that the chapter gives its text, by name."""
    outputs = [output for cell in cells for output in cell.get("outputs", []) if GLUED in output.get("data", {})]
    return {output.metadata["scrapbook"]["name"]: str(ast.literal_eval(output.data[GLUED])) for output in outputs}


def _inline(markdown: str, glued: dict[str, str]) -> str:
    """A line of MyST as HTML: numbers are put in, links and references become their words, formulas become MathML."""
    formulas: list[str] = []

    def role(found: re.Match) -> str:
        name, content = found.groups()
        if name == "ledger":
            return str(evidence.number(content))
        return glued[content] if name.startswith("glue") else chapter.shown(content)

    def formula(found: re.Match) -> str:
        formulas.append(to_mathml(found[1]))
        return f"MATH{len(formulas) - 1}HTAM"

    plain = MATH.sub(formula, LINK.sub(r"\1", ROLE.sub(role, markdown)))
    html = MarkdownIt().renderInline(plain)
    return re.sub(r"MATH(\d+)HTAM", lambda found: formulas[int(found[1])], html)


# --- slides ----------------------------------------------------------------------------------------------------------


def _title(title: str, question: str) -> str:
    return (
        f'<h1>{escape(title)}</h1>\n<p class="question">{question}</p>\n'
        '<p class="by">Services in Global Value Chains</p>'
    )


def _listed(heading: str, items: Sequence[str]) -> str:
    return f"<h2>{escape(heading)}</h2>\n<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>"


def _figure(figure: Shown) -> str:
    image = base64.b64encode(figure.svg.encode()).decode()
    moves = "<p class='moves'>On the chapter's page this one can be driven.</p>" if figure.moves else ""
    return (
        f'<h2>{escape(figure.finding)}</h2>\n<p class="measure">{escape(figure.measure)}</p>\n'
        f'<img src="data:image/svg+xml;base64,{image}" alt="{escape(figure.alternative)}">\n'
        f'{moves}<p class="source">Source: {escape(figure.source)}</p>'
    )


def _talk(question: str) -> str:
    return f'<h2>{TO_DISCUSS}</h2>\n<p class="question">{question}</p>'
