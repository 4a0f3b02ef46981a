"""Slides of a chapter, made from the chapter and its notes: what a class looks at, in the order of the chapter.

Title, outcomes, the opening poll; every figure with its finding, every displayed formula, every claim card; the board
example; the questions to discuss. A chapter's slides are one HTML file that asks no other host for anything. Without
its script it is a long page; with it the arrow keys turn slides and T hides what a class is to find; printed, each
slide is a page.
"""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Callable, Iterator, Sequence
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
from valuechains.book.instructor import board
from valuechains.book.outputs import MIMES
from valuechains.course import kit
from valuechains.course.results import pages
from valuechains.figures import bare
from valuechains.figures.drawing import DRAWN_WIDTH, svg
from valuechains.tongue import say

GLUED = "application/papermill.record/text/plain"
MATH = re.compile(r"(?<![\w\\$])\$(?![\s$])([^$\n]+?)(?<!\s)\$(?![\w$])")
SHOWN = re.compile(r"^\$\$\n(?P<formula>.+?)\n\$\$$|^```\{claim\} (?P<claim>A[\d-]+)\n```$", re.M | re.S)
HEADING = re.compile(r"^#{2,3} (.+)$", re.M)
NOTES = kit.ROOT / "exercises" / "instructor" / "notes"
POLLED = re.compile(r"^```\{poll\} (.+)$", re.M)
ON_THE_BOARD = re.compile(r"^## On the board\n(.+?)(?=^## )", re.M | re.S)
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
        *_poll(notebook.stem),
        *_body(cells),
        *_board(notebook.stem),
        *(_talk(_inline(item, glued)) for item in chapter.listed(notebook, TO_DISCUSS)),
    ]
    width, height = PAGE
    return pages.page("slides.html", title=title, slides=[Markup(one) for one in slides], wide=width, high=height)


def figures(notebook: Path) -> Iterator[Shown]:
    """Every published figure of a chapter, in order."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        yield from _figures(cell)


def _figures(cell: nbformat.NotebookNode) -> Iterator[Shown]:
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        yield from (_drawn(data[mime]) for mime in MIMES if mime in data)


def _drawn(spec: dict) -> Shown:
    about = spec["usermeta"]["valuechains"]
    as_of = say(" As of {about}.", about=about["as_of"]) if about.get("as_of") else ""
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
    return _html(markdown, glued, MarkdownIt().renderInline)


def _html(markdown: str, glued: dict[str, str], render: Callable[[str], str]) -> str:
    formulas: list[str] = []

    def role(found: re.Match) -> str:
        name, content = found.groups()
        if name == "ledger":
            return str(evidence.number(content))
        if name == "board":
            chapter_name, _, number = content.partition(".")
            return f'<span class="worked">{board.example(chapter_name)[number]}</span>'
        return glued[content] if name.startswith("glue") else chapter.shown(content)

    def formula(found: re.Match) -> str:
        formulas.append(to_mathml(found[1]))
        return f"MATH{len(formulas) - 1}HTAM"

    html = render(MATH.sub(formula, LINK.sub(r"\1", ROLE.sub(role, markdown))))
    return re.sub(r"MATH(\d+)HTAM", lambda found: formulas[int(found[1])], html)


# --- slides ----------------------------------------------------------------------------------------------------------


def _title(title: str, question: str) -> str:
    book = say("Services in Global Value Chains")
    return f'<h1>{escape(title)}</h1>\n<p class="question">{question}</p>\n<p class="by">{book}</p>'


def _listed(heading: str, items: Sequence[str]) -> str:
    return f"<h2>{escape(heading)}</h2>\n<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>"


def _poll(name: str) -> Iterator[str]:
    """The claims that the notes have a class vote on, without what the ledger says of them."""
    for ids in POLLED.findall(_notes(name)):
        yield _listed(say("What do you think?"), [escape(evidence.claim(id).says) for id in ids.split()])


def _body(cells: Sequence) -> Iterator[str]:
    """Formulas, cards and figures, as the chapter has them."""
    heading = ""
    for cell in cells:
        if cell.cell_type == "markdown":
            titles = [(found.start(), found[1]) for found in HEADING.finditer(cell.source)]
            for found in SHOWN.finditer(cell.source):
                heading = ([heading] + [title for at, title in titles if at < found.start()])[-1]
                yield _card(found["claim"]) if found["claim"] else _formula(heading, found["formula"])
            heading = titles[-1][1] if titles else heading
        yield from map(_figure, _figures(cell))


def _formula(heading: str, formula: str) -> str:
    return f'<h2>{escape(chapter.plain(heading))}</h2>\n<div class="formula">{to_mathml(formula, block=True)}</div>'


def _card(id: str) -> str:
    card = evidence.claim(id)
    verdict = f"<strong>{card.verdict.capitalize()}, confidence {card.confidence}.</strong> {escape(card.line)}"
    counts, finds = say("Counts: {what}", what=escape(card.counts)), say("Finds: {what}", what=escape(card.finds))
    return (
        f'<h2>{escape(card.says)}</h2>\n<p class="card">{counts}</p>\n'
        f'<div class="found"><p class="card">{finds}</p>\n<p class="card">{verdict}</p></div>'
    )


def _board(name: str) -> Iterator[str]:
    """The board example of the notes, its numbers worked out."""
    for text in ON_THE_BOARD.findall(_notes(name)):
        told = _html(text, {}, MarkdownIt().enable("table").render)
        yield f'<h2>{say("On the board")}</h2>\n<div class="board">{told}</div>'


def _notes(name: str) -> str:
    path = NOTES / f"{name}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _figure(figure: Shown) -> str:
    image = base64.b64encode(figure.svg.encode()).decode()
    can_move = say("On the chapter's page this one can be driven.")
    moves = f"<p class='moves'>{can_move}</p>" if figure.moves else ""
    return (
        f'<h2>{escape(figure.finding)}</h2>\n<p class="measure">{escape(figure.measure)}</p>\n'
        f'<img src="data:image/svg+xml;base64,{image}" alt="{escape(figure.alternative)}">\n'
        f'{moves}<p class="source">{say("Source: {sources}", sources=escape(figure.source))}</p>'
    )


def _talk(question: str) -> str:
    return f'<h2>{TO_DISCUSS}</h2>\n<p class="question">{question}</p>'
