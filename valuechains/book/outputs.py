"""Stored Vega-Lite specifications become figures of the page: caption, drawing, text, table, downloads, source."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import shutil
import zlib
from decimal import Decimal
from html import escape
from pathlib import Path
from string import ascii_uppercase

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from valuechains.authoring.chapter import NUMBERED
from valuechains.book import workshop
from valuechains.book.onpage import fetch
from valuechains.figures import THEME, bare, drawing, titled, wide
from valuechains.figures.drawing import svg as _svg  # noqa: F401  (trials of a figure draw it here)
from valuechains.figures.outline import outline
from valuechains.figures.publishing import measured, sourced
from valuechains.figures.reading import Column, decimals, is_number
from valuechains.tongue import say, together
from valuechains.widgets import chart_words, standing

logger = logging.getLogger(__name__)

MIMES = ("application/vnd.vegalite.v5+json", "application/vnd.vegalite.v6+json", "application/vnd.vegalite.v6.json")
TALL = 430  # pixels of a drawing that paper gives more room (paper.css)
LINE = 60  # letters of a source that stand in one line
PACKED_FROM, APART_FROM = 2_500, 20_000  # letters of a specification
ON_PAGE = ("alternative", "name")  # what is said of a chart that its page says already
ROWS_SHOWN = 30  # of a longer table the page shows this many; the CSV file has all


class chart(nodes.General, nodes.Element):
    """A published figure: `spec` is its specification; its one child is the caption, for search and numbering."""


class Figures:
    """MyST-NB mime renderer, found through the entry point in pyproject.toml."""

    mime_priority_overrides = [("*", mime, 5) for mime in MIMES]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        if inline or data.mime_type not in MIMES:
            return None
        spec = data.content if isinstance(data.content, dict) else json.loads(data.content)
        about = spec.get("usermeta", {}).get("valuechains", {})
        missing = [key for key in ("finding", "measure", "unit", "source", "alternative", "name") if not about.get(key)]
        if missing:
            logger.warning(
                "A chart without %s: show it with valuechains.figures.publish.",
                ", ".join(missing),
                location=(renderer.renderer.document["source"], data.line),
            )
            return []
        document = renderer.renderer.document
        node = figure(spec)
        node["names"] = [about["name"]]
        _free(document, node["ids"][0])
        document.note_explicit_target(node, node)
        return [node]


def figure(spec: dict) -> chart:
    """The figure of a page, in the page's language; its drawing is ordered here."""
    spec = chart_words.told(spec)
    about = spec["usermeta"]["valuechains"]
    workshop.order(drawing.figure, *drawn_from(spec))
    caption = nodes.caption("", about["finding"], translatable=False)
    return chart("", caption, spec=spec, ids=[nodes.make_id(about["name"])])


def add_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """For a page with figures; charts.js brings Vega when one comes near."""
    figures = list(doctree.findall(chart)) if doctree is not None else []
    if figures:
        twins = any("twin" in one["spec"]["usermeta"]["valuechains"] for one in figures)
        for script in ["look.js", "fit.js", "charts.js"] + ["twins.js"] * twins:
            app.add_js_file(f"gvc/{script}", loading_method="defer")


def _free(document: nodes.document, anchor: str) -> None:
    """A heading that reads like the name of a figure leaves it the anchor: the name was chosen for links."""
    heading = document.ids.get(anchor)
    if isinstance(heading, nodes.section):
        other = f"{anchor}-section"
        heading["ids"] = [other if one == anchor else one for one in heading["ids"]]
        document.ids[other] = document.ids.pop(anchor)


def visit_chart(self: HTML5Translator, node: chart) -> None:
    """Write the figure, and its files beside the page."""
    spec = node["spec"]
    about = spec["usermeta"]["valuechains"]
    name, page = node["ids"][0], self.builder.current_docname
    folder, page_uri = f"figures/{page}", self.builder.get_target_uri(page)
    here = relative_uri(page_uri, f"{folder}/{name}")
    walk = outline_of(spec)
    drawn = _write_files(Path(self.builder.outdir, folder), name, spec, walk)
    self.body.append(
        f'<figure class="gvc-figure" id="{name}" aria-labelledby="{name}-finding">\n<figcaption>'
        f'<p class="gvc-finding" id="{name}-finding">'
    )
    self.add_fignumber(node)
    self.body.append(f"{escape(about['finding'])}")
    self.add_permalink_ref(node, say("Link to this figure"))
    self.body.append(f'</p>\n<p class="gvc-measure">{escape(measured(about))}</p></figcaption>\n')
    number = self.builder.fignumbers.get("figure", {}).get(name)  # type: ignore[attr-defined]  # of the HTML builder
    called = self.config.numfig_format["figure"] % ".".join(map(str, number)) if number else f"“{about['finding']}”"
    foot = _source(about) + _words(name, about) + _data(name, here, spec, bool(walk), escape(called.strip()))
    self.body.append(f'{_drawing(name, here, drawn, about)}<div class="gvc-foot">{foot}</div>\n')
    apart = f"specifications/{page}/{name}.js"
    self.body.append(_specification(spec, Path(self.builder.outdir), apart, relative_uri(page_uri, apart)))
    self.body.append("</figure>\n")
    raise nodes.SkipNode


def _drawing(name: str, here: str, svg: str, about: dict) -> str:
    """The chart as drawn when the book was built; charts.js puts the live one in its place."""
    size = re.search(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"', svg)
    assert size, "a drawing says how large it is"
    width, height = size.groups()
    tall = " gvc-tall" * (float(height) > TALL)
    return (
        f'{_controls(about)}<div class="gvc-view{tall}" role="img" aria-labelledby="{name}-finding" '
        f'aria-describedby="{name}-words">'
        f'<img src="{here}.drawn.svg" alt="" width="{width}" height="{height}" loading="lazy"></div>\n'
    )


def _controls(about: dict) -> str:
    """The place of a twin's controls, and what its first setting is and shows; twins.js keeps both up to date."""
    if "twin" not in about:
        return ""
    still = say(
        "The controls of this chart need scripts, which are off here. The picture shows its first setting: {setting}.",
        setting=escape(about["twin"]["setting"]),
    )
    return (
        '<div class="gvc-controls"></div>\n'
        f'<noscript><p class="gvc-still">{still}</p></noscript>\n'
        f'<p class="gvc-setting">{escape(about["twin"]["setting"])}</p>\n'
        f'<p class="gvc-says" role="status">{escape(about["twin"]["says"])}</p>\n'
    )


def _specification(spec: dict, site: Path, apart: str, address: str) -> str:
    """The specification for charts.js; a long one is packed, and a very long one, such as a twin's with its grid of
    answers, is a script of its own, which the page need not wait for and a page in a folder may load too."""
    fluid = bare(spec, "container")
    kept = {key: value for key, value in fluid.items() if key not in ("$schema", "description")}
    about = kept["usermeta"]["valuechains"]
    kept["usermeta"] = {"valuechains": {key: value for key, value in about.items() if key not in ON_PAGE}}
    kept["config"] = {key: value for key, value in fluid["config"].items() if value != THEME["light"].get(key)}
    text = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    if len(text) < PACKED_FROM:
        plain = text.replace("</", "<\\/")
        return f'<script type="application/json" class="gvc-spec">{plain}</script>\n'
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    if len(packed) >= APART_FROM:
        (site / apart).parent.mkdir(parents=True, exist_ok=True)
        (site / apart).write_text(f'gvc.packed="{packed}";\n', encoding="utf-8")
        return f'<script type="text/plain" class="gvc-spec" data-packed data-file="{escape(address)}"></script>\n'
    return f'<script type="text/plain" class="gvc-spec" data-packed>{packed}</script>\n'


def _words(name: str, about: dict) -> str:
    """The description: it is shown when its fold is open, and stands outside, where `aria-describedby` finds it."""
    return (
        f'<details class="gvc-fold gvc-described"><summary>{say("Describe this chart")}</summary></details>'
        f'<p id="{name}-words" class="gvc-words">{escape(about["alternative"])}</p>\n'
    )


def _data(name: str, here: str, spec: dict, walked: bool, called: str) -> str:
    """The table, and links to its files, which say of which figure they are."""
    about = spec["usermeta"]["valuechains"]
    tables = "".join(
        _table(spec, table, f"{name}-data-{number}", about) for number, table in enumerate(about["tables"], start=1)
    )
    files = [
        (
            f"{here}{_suffix(number)}.csv",
            f"CSV{_suffix(number).replace('-', ' ')}",
            say(": the data of {figure}", figure=called),
        )
        for number, _ in enumerate(about["tables"], start=1)
    ]
    files.append((f"{here}.svg", "SVG", say(": the drawing of {figure}", figure=called)))
    links = " ".join(
        f'<a href="{href}" download>{kind}<span class="gvc-hidden">{what}</span></a>' for href, kind, what in files
    )
    # charts.js makes the picture when it is asked for; its link names the drawing, for what has to exist
    picture = f'<span class="gvc-hidden">{say(": the picture of {figure}", figure=called)}</span>'
    links += f' <a class="pst-js-only" href="{here}.svg#as.png" download>PNG{picture}</a>'
    if walked:
        links += (
            f' <button type="button" class="gvc-walk pst-js-only" data-outline="{here}.walk.js" aria-keyshortcuts="W">'
            f'{say("Walk")}<span class="gvc-hidden">{say(" through {figure}", figure=called)}</span></button>'
        )
    return (
        f'<details class="gvc-fold"><summary>{say("Show the data")}</summary>\n{tables}</details>\n'
        f'<p class="gvc-downloads"><span class="gvc-hidden">{say("Download")}</span> {links}</p>\n'
    )


def _table(spec: dict, table: dict, name: str, about: dict) -> str:
    columns = [Column(**column) for column in table["columns"]]
    rows = _rows(spec, table)
    numbers = " ".join(f"n{place}" for place, column in enumerate(columns, start=1) if _is_number(column, rows))
    head = "".join(f'<th scope="col">{escape(column.title)}</th>' for column in columns)
    digits = [_digits(column, rows) for column in columns]
    body = "".join(f"<tr>{_cells(row, columns, digits)}</tr>\n" for row in rows[:ROWS_SHOWN])
    count = len(about["tables"])
    caption = say("Data: {finding}", finding=about["finding"])
    if count > 1:
        place = about["tables"].index(table) + 1
        caption = say("{caption} (table {place} of {count})", caption=caption, place=place, count=count)
    if len(rows) > ROWS_SHOWN:
        note = say("The first {shown} of {rows} rows; the CSV file has all.", shown=ROWS_SHOWN, rows=len(rows))
        caption = together([caption, note])
    return (
        f'<div class="gvc-scroll" tabindex="0" role="region" aria-labelledby="{name}">'
        f'<table class="{numbers}"><caption id="{name}">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>\n"
    )


def _is_number(column: Column, rows: list[dict]) -> bool:
    return column.format != "d" and any(is_number(row.get(column.field)) for row in rows)


def _digits(column: Column, rows: list[dict]) -> int:
    """Digits after the point for a whole column: four figures of its largest number, two of its smallest if that takes
    no more than three digits more; and none that no number has."""
    values = [row.get(column.field) for row in rows]
    scaled = [value * 100 if column.format == "%" else value for value in values if is_number(value)]
    sizes = [abs(value) for value in scaled if value and value == value]
    if not sizes:
        return 0
    written = (f"{size:.10g}" for size in sizes)
    most = max(len(f"{Decimal(text):f}".partition(".")[2]) for text in written)
    for_largest, for_smallest = decimals([max(sizes)], 4), decimals([min(sizes)], 2)
    return min(most, for_largest + 3, max(for_largest, for_smallest))


def _cells(row: dict, columns: list[Column], digits: list[int]) -> str:
    first, *others = (
        escape(column.text(row.get(column.field), places)) for column, places in zip(columns, digits, strict=True)
    )
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{text}</td>" for text in others)


def _source(about: dict) -> str:
    text = sourced(about)
    reached = ' tabindex="0"' if len(text) > LINE else ""  # a wide page shows one line of it, and all where one points
    return f'<p class="gvc-source"{reached}>{escape(text)}</p>\n'


# --- files beside the page -------------------------------------------------------------------------------------------


def _suffix(number: int) -> str:
    return "" if number == 1 else f"-{number}"


def _write_files(folder: Path, name: str, spec: dict, walk: dict | None) -> str:
    """Write the drawings and the tables of a figure; returns the drawing that the page shows."""
    folder.mkdir(parents=True, exist_ok=True)
    about = spec["usermeta"]["valuechains"]
    drawings = workshop.take(drawing.figure, *drawn_from(spec))
    for kind in drawing.FILES:
        shutil.copyfile(drawings / kind, folder / f"{name}.{kind}")
    for number, table in enumerate(about["tables"], start=1):
        (folder / f"{name}{_suffix(number)}.csv").write_text(_csv(spec, table), encoding="utf-8", newline="")
    if walk:
        (folder / f"{name}.walk.js").write_text(_walk(name, walk), encoding="utf-8")
    return (drawings / "drawn.svg").read_text(encoding="utf-8")


def outline_of(spec: dict) -> dict | None:
    """By what one walks through a figure; None of a chart that transforms its data in a way only it knows."""
    try:
        return outline(standing(spec))
    except ValueError:
        return None


def _walk(name: str, outline: dict) -> str:
    """What walk.js asks for: the outline, and whether the figure can be heard."""
    about = json.dumps({"outline": outline, "heard": bool(fetch.fetched())}, separators=(",", ":"), ensure_ascii=False)
    return f"window.gvc.outlines[{json.dumps(name)}] = {about};\n"


def drawn_from(spec: dict) -> tuple[str, str]:
    """What is drawn for the page, and for a file that leaves it: with finding, setting and source."""
    about = spec["usermeta"]["valuechains"]
    notes = [about["twin"]["setting"], about["twin"]["says"]] if "twin" in about else []
    alone = wide(spec, drawing.DRAWN_WIDTH) | {
        "title": titled(about, *notes),
        "config": {**spec["config"], "padding": 16},
    }
    return json.dumps(_untitled(spec)), json.dumps(alone)


def _untitled(spec: dict) -> dict:
    """A figure as the page draws it, which says title and source itself."""
    return bare(spec, drawing.DRAWN_WIDTH)


def _csv(spec: dict, table: dict) -> str:
    columns = [Column(**column) for column in table["columns"]]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            say("{column} (fraction)", column=column.title) if column.format == "%" else column.title
            for column in columns
        ]
    )
    writer.writerows([row.get(column.field) for column in columns] for row in _rows(spec, table))
    return text.getvalue()


def _rows(spec: dict, table: dict) -> list[dict]:
    return spec["datasets"][table["data"]]


# --- the numbers of figures ------------------------------------------------------------------------------------------


def by_chapter(env: BuildEnvironment) -> dict[str, dict[str, dict[str, tuple]]]:
    """Each page's figures, counted within a chapter, which is a number, or a page of reference, which is a letter."""
    letters = iter(ascii_uppercase)
    numbers: dict[str, dict[str, dict[str, tuple]]] = {}
    for page in pages(env):
        counted = env.toc_fignumbers.get(page, {}).get("figure")
        if page == env.config.root_doc:  # what it shows is counted in its chapter
            numbers[page] = {"figure": {}}
        elif counted:
            own = NUMBERED.match(Path(page).name)
            first = str(int(own[0][:2])) if own else next(letters)
            ids = sorted(counted, key=counted.__getitem__)
            numbers[page] = {"figure": {name: (first, at) for at, name in enumerate(ids, start=1)}}
    return numbers


def pages(env: BuildEnvironment) -> list[str]:
    """The pages of the book in the order of its contents."""
    listed: dict[str, None] = {}

    def walk(page: str) -> None:
        if page not in listed:
            listed[page] = None
            for inner in env.toctree_includes.get(page, []):
                walk(inner)

    walk(env.config.root_doc)
    return list(listed)


def number(app: Sphinx, builder: Builder) -> None:
    """Done in memory, after the environment was kept: Sphinx compares its own count with the one of the last build."""
    for page, numbers in by_chapter(app.env).items():
        app.env.toc_fignumbers[page] = app.env.toc_fignumbers.get(page, {}) | numbers


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", add_scripts)
    app.connect("write-started", number, priority=400)  # an edition then borrows those of the English book
    app.add_enumerable_node(chart, "figure", lambda node: node[0].astext(), html=(visit_chart, None))  # type: ignore[arg-type]  # it is never left
