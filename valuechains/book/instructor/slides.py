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

from valuechains import evidence
from valuechains.authoring import chapter
from valuechains.authoring.chapter import LINK, OUTCOMES, ROLE, TO_DISCUSS
from valuechains.authoring.formulas import to_mathml
from valuechains.book.outputs import MIMES
from valuechains.drawing import DRAWN_WIDTH, svg
from valuechains.figures import PALETTE, bare

GLUED = "application/papermill.record/text/plain"
MATH = re.compile(r"(?<![\w\\$])\$(?![\s$])([^$\n]+?)(?<!\s)\$(?![\w$])")
PAGE = ("320mm", "180mm")
ROOM = {"left": 40, "right": 16, "top": 6, "bottom": 6}  # a picture clips labels that the reader's font makes wider


@dataclass(frozen=True)
class Figure:
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
    return _document(title, slides)


def figures(notebook: Path) -> Iterator[Figure]:
    """Every published figure of a chapter, in order."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            yield from (_drawn(data[mime]) for mime in MIMES if mime in data)


def _drawn(spec: dict) -> Figure:
    about = spec["usermeta"]["valuechains"]
    as_of = f" As of {about['as_of']}." if about.get("as_of") else ""
    source = "; ".join(about["source"]).rstrip(".") + "." + as_of
    return Figure(
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


def _figure(figure: Figure) -> str:
    image = base64.b64encode(figure.svg.encode()).decode()
    moves = "<p class='moves'>On the chapter's page this one can be driven.</p>" if figure.moves else ""
    return (
        f'<h2>{escape(figure.finding)}</h2>\n<p class="measure">{escape(figure.measure)}</p>\n'
        f'<img src="data:image/svg+xml;base64,{image}" alt="{escape(figure.alternative)}">\n'
        f'{moves}<p class="source">Source: {escape(figure.source)}</p>'
    )


def _talk(question: str) -> str:
    return f'<h2>{TO_DISCUSS}</h2>\n<p class="question">{question}</p>'


def _document(title: str, slides: Sequence[str]) -> str:
    body = "\n".join(
        f'<section id="s{place}" aria-label="Slide {place} of {len(slides)}">\n{slide}\n'
        f'<p class="count">{place}</p>\n</section>'
        for place, slide in enumerate(slides, start=1)
    )
    colours = ";".join(f"--{name}:{PALETTE['light'][name]}" for name in ("paper", "ink", "muted", "grid"))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n<title>{escape(title)}: slides</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>:root{{{colours}}}{STYLE}</style></head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<script>{SCRIPT}</script>\n</body></html>\n"
    )


STYLE = """
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
  font:24px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
section{position:relative;display:flex;flex-direction:column;justify-content:center;gap:.4em;
  max-width:1280px;min-height:100vh;margin:0 auto;padding:5vh 5vw;border-bottom:1px solid var(--grid)}
h1{font-size:2em;line-height:1.15;margin:0} h2{font-size:1.25em;line-height:1.25;margin:0} p{margin:0} li{margin:.4em 0}
.question{font-size:1.25em;max-width:32em} .by,.measure,.source,.moves,.count{color:var(--muted);font-size:.65em}
.count{position:absolute;right:5vw;bottom:2vh}
img{width:100%;height:64vh;object-fit:contain;object-position:left}
.one section{display:none;border:0} .one section.now{display:flex}
@media print{@page{size:WIDE HIGH;margin:0}
  body{font-size:20px}
  section,.one section{display:flex;width:WIDE;max-width:none;height:HIGH;min-height:0;padding:10mm 14mm;border:0;
    break-after:page;break-inside:avoid}
  section:last-of-type{break-after:auto} img{height:112mm} .count{right:14mm;bottom:6mm}}
""".replace("WIDE", PAGE[0]).replace("HIGH", PAGE[1])

SCRIPT = """
(function(){
var all=[].slice.call(document.querySelectorAll("section")),root=document.documentElement.classList;
var at=Math.max(0,parseInt(location.hash.slice(2),10)-1||0);
var steps={ArrowRight:1,ArrowDown:1,PageDown:1," ":1,ArrowLeft:-1,ArrowUp:-1,PageUp:-1};
function show(to){
  at=Math.min(Math.max(to,0),all.length-1);
  all.forEach(function(slide,place){slide.classList.toggle("now",place===at)});
  root.add("one");history.replaceState(null,"","#s"+(at+1));scrollTo(0,0);
}
addEventListener("keydown",function(e){
  if(e.ctrlKey||e.altKey||e.metaKey)return;
  if(steps[e.key]){e.preventDefault();show(at+steps[e.key]);}
  else if(e.key==="Home")show(0);
  else if(e.key==="End")show(all.length-1);
  else if(e.key==="Escape")root.remove("one");
});
addEventListener("click",function(e){show(at+(e.clientX<innerWidth/4?-1:1));});
show(at);
})();
"""
