"""Pages of a course: one file each, no script, nothing from another host; for light, dark, paper and screen readers."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from mdit_py_plugins.dollarmath import dollarmath_plugin

from valuechains import tongue
from valuechains.authoring.formulas import formula
from valuechains.course.worded import number
from valuechains.figures import PALETTE, THEME, Figure, bare, drawing
from valuechains.figures.reading import Column, is_number


def page(template: str, **facts: object) -> str:
    """A page of this folder's templates; every fact is escaped unless it is Markup."""
    return _environment.get_template(template).render(colours=PALETTE, language=tongue.language(), **facts)


def said(message: str, **fields: object) -> Markup:
    """A message of a template, which may have marks of HTML in it; its fields are escaped."""
    text = Markup(tongue.say(message))
    return text.format(**fields) if fields else text


def said_of(one: str, many: str, number: int, **fields: object) -> Markup:
    """A message of a template with `{number}` in it."""
    return Markup(tongue.count(one, many, number, **{name: escape(field) for name, field in fields.items()}))


def prose(text: str) -> Markup:
    """Our own Markdown with formulas: questions, hints, mark schemes."""
    return Markup(_prose.render(text))


def sentence(text: str) -> Markup:
    """One sentence that may repeat a student's words: `code` and *stress*, no links, images or HTML."""
    return Markup(_sentence.renderInline(text))


@dataclass(frozen=True)
class Drawn:
    """A published figure as a page shows it: two drawings, its words, its table."""

    about: Mapping
    light: str
    dark: str
    heads: list[str]
    rows: list[list[str]]


def chart(figure: Figure) -> Drawn:
    """Draw a figure for a page, and read its table."""
    spec = figure.spec
    table = figure.about["tables"][0]
    first = spec["datasets"][table["data"]][0]
    columns = sorted(
        (Column(**column) for column in table["columns"]), key=lambda column: is_number(first.get(column.field))
    )  # names head their rows
    rows = [[column.text(row.get(column.field)) for column in columns] for row in spec["datasets"][table["data"]]]
    themed = {name: spec | {"config": spec["config"] | theme} for name, theme in THEME.items()}
    drawn = {name: _data_uri(bare(one, drawing.DRAWN_WIDTH)) for name, one in themed.items()}
    return Drawn(figure.about, drawn["light"], drawn["dark"], [column.title for column in columns], rows)


def _data_uri(spec: dict) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.svg(spec).encode()).decode()


_prose = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image"])
_prose.use(dollarmath_plugin, renderer=formula)
_sentence = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink", "html_inline"])
_loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
_environment = jinja2.Environment(
    loader=_loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
)
_environment.globals.update(say=said, count=said_of)
_environment.filters |= {
    "prose": prose,
    "sentence": sentence,
    "points": number,
    "anchor": lambda text: re.sub(r"[^a-z0-9]+", "-", str(text).lower()),
}
