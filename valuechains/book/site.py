"""The look and the weight of the site: its own assets, and a theme cut to what is used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO

from docutils import nodes
from myst_nb.sphinx_ext import add_global_html_resources
from pygments.formatters import HtmlFormatter
from pygments.token import Token
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import new_document

from valuechains import figures
from valuechains.book import edition, outputs, workshop
from valuechains.book.onpage import fetch
from valuechains.evidence import VERDICTS
from valuechains.figures import PALETTE, THEME, drawing

HERE = Path(__file__).parent
# Scripts and styles left out: no kernel is to be had, and twins on a page need no state of a Jupyter widget.
UNUSED = ("sphinx-thebe", "togglebutton", "design-tabs", "jupyter.widget-state", "sphinx_highlight", "translations")

# Files of the theme and of extensions for those, and what only their makers read.
DEAD = (
    "_static/**/*.map", "_static/scripts/fontawesome.js*", "_static/locales", "_static/*webpack-macros.html",
    "_static/sphinx-thebe.*", "_static/togglebutton.*", "_static/design-tabs.js", "_static/sphinx_highlight.js",
    "_static/searchtools.js", "_static/translations.js", "figures/**/*.png",
)  # fmt: skip

WRITTEN = "written-with"  # a digest of what pages share, kept beside what was read
PLACES = "search-places.js"  # the search's own, made of the written pages

WRITES = ("authoring", "book", "evidence", "figures", "widgets")  # rooms of the library whose code is read on a page

# Under a theme of the reader's system what is written and ruled in a chart has its colours, as the page has.
SYSTEM = ";".join(
    f"--gvc-{name}:{colour}"
    for name, colour in {
        "paper": "Canvas", "ink": "CanvasText", "muted": "CanvasText", "rule": "CanvasText", "grid": "GrayText",
        "link": "LinkText",
    }.items()
)  # fmt: skip


def configure(app: Sphinx, config: Config) -> None:
    """Settings that follow from the extension being there; what the author sets in _config.yml is kept."""
    config.html_math_renderer = "mathml"
    config.nb_ipywidgets_js = {}  # twins draw themselves; no widget manager, no require.js
    config.html_copy_source = False
    config.templates_path[:0] = [str(HERE / "theme"), str(HERE / "theme" / "components")]
    empty: dict[str, list] = dict.fromkeys(("navbar_start", "navbar_center", "navbar_end", "navbar_persistent"), [])
    options = {
        "use_download_button": False,
        "use_fullscreen_button": False,
        "article_header_end": ["language.html", "article-header-buttons.html"],
        **empty,
        "pygments_light_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
    }
    config.html_theme_options = options | config.html_theme_options


def write_assets(app: Sphinx) -> None:
    """The site's own scripts and styles; what takes time is ordered here and made while the pages are read."""
    if app.builder.format != "html":
        return
    if not edition.is_other(app):
        workshop.order(drawing.script)
    folder = Path(app.outdir, "_static", "gvc")
    folder.mkdir(parents=True, exist_ok=True)
    add_global_html_resources(app, None)  # which MyST-NB does at the end, when pages have named its style
    for asset in (*sorted((HERE / "assets").iterdir()), drawing.FIT):
        shutil.copyfile(asset, folder / asset.name)
    (folder / "palette.css").write_text(_palette_css(), encoding="utf-8")


def write_ordered(app: Sphinx, env: BuildEnvironment) -> None:
    """The Vega bundle, from a locked package, and the look of charts; before the pages, which give checksums."""
    if app.builder.format != "html":
        return
    edition.wait_for_english_pages(app)  # which have ordered what both have
    folder = Path(app.outdir, "_static", "gvc")
    vega = (workshop.take(drawing.script) / "vega.js").read_text(encoding="utf-8")
    vega = f"(function(){{{vega}}})();\n"  # in a function of its own: its names must not become the page's
    (folder / "vega.js").write_text(vega, encoding="utf-8")
    address = f"vega.js?v={sha256(vega.encode()).hexdigest()[:8]}"
    (folder / "look.js").write_text(_look(address), encoding="utf-8")
    app.config.html_context["brought_vega"] = address  # for the pages, which are written next
    if brought := fetch.fetched():
        shutil.copyfile(brought / "chart2music.js", folder / "chart2music.js")


def _shared(app: Sphinx) -> str:
    """What a page may show that is not its own: scripts and styles, named with a sign of their content; the pages in
    order, their titles, and whatever can be linked to by its name or number."""
    env = app.env
    gvc = sorted(Path(app.outdir, "_static", "gvc").glob("*.*s"))
    signs = [[path.name, sha256(path.read_bytes()).hexdigest()] for path in gvc if path.name != PLACES]
    titles = [[page, str(env.titles[page])] for page in (*outputs.pages(env), *sorted(env.titles))]
    standard = env.get_domain("std").data
    linked = [sorted(map(str, standard[kind].items())) for kind in ("labels", "anonlabels", "objects", "terms")]
    headings = {
        page: sorted((slug, *map(str, place[1:])) for slug, place in about.get("myst_slugs", {}).items())
        for page, about in sorted(env.metadata.items())
    }
    numbers = [sorted(map(str, found.items())) for found in (env.toc_fignumbers, env.toc_secnumbers)]
    return sha256(json.dumps([signs, titles, linked, headings, numbers]).encode()).hexdigest()


def write_anew(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Every page, where what they share is not what it was when all of them had been written: Sphinx asks when figures
    have been counted."""
    if app.builder.format != "html":
        return []
    shared, written = _shared(app), Path(app.doctreedir, WRITTEN)
    before = written.read_text(encoding="utf-8") if written.is_file() else ""
    if shared != before:
        written.unlink(missing_ok=True)
    env.gvc_shared = shared  # type: ignore[attr-defined]  # for `note_written`
    return [] if shared == before else sorted(env.found_docs)


def note_written(app: Sphinx, failure: Exception | None) -> None:
    shared = getattr(app.env, "gvc_shared", "")
    if shared and not failure:
        Path(app.doctreedir, WRITTEN).write_text(shared, encoding="utf-8")


def fetch_ahead(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """A chapter fetches Vega while it is read; the first page waits until its chart comes near."""
    if page != app.config.root_doc and 'class="gvc-spec"' in context.get("body", ""):
        address = context["pathto"](f"_static/gvc/{context['brought_vega']}", 1)
        link = f'<link rel="preload" as="script" fetchpriority="low" href="{address}">'
        context["metatags"] = f"{context.get('metatags', '')}\n{link}"


@cache
def _digest() -> str:
    """Of the code that reads and draws pages: when it changes, every page is made again."""
    package = HERE.parent
    files = (*package.glob("*.py"), *(path for room in WRITES for path in (package / room).rglob("*")))
    made_by = sorted(path for path in files if path.suffix in {".py", ".html"})
    return sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()


def _look(brought: str) -> str:
    """The look of every chart, and by which address this build's Vega is brought when a chart is to be drawn."""
    follow = {colour: f"var(--gvc-{name})" for name, colour in PALETTE["light"].items()}
    return f"window.gvc={json.dumps({'palette': follow, 'config': THEME['light'], 'vega': brought})};\n"


def _palette_css() -> str:
    def block(selector: str, theme: str) -> str:
        return f"{selector}{{{';'.join(f'--gvc-{name}:{colour}' for name, colour in PALETTE[theme].items())}}}\n"

    return (
        block(":root", "light")
        + block('html[data-theme="dark"]', "dark")
        + "@media print{"
        + block("html[data-theme]", "light").strip()
        + "}\n"
        + f"@media (forced-colors:active){{html[data-theme]{{{SYSTEM}}}}}\n"
        + "".join(map(_verdict_css, VERDICTS.items()))
    )


def _verdict_css(verdict: tuple[str, str]) -> str:
    """A verdict's sign, wherever its class stands, and its colour there and on the card around it."""
    code, look = verdict[0].lower(), figures.verdict(verdict[1])
    assert look, f"figures.look gives {verdict[1]!r} no sign"
    said = f'--gvc-sign:"{look.sign}";--gvc-verdict:var(--gvc-{look.colour})'
    edge = f"{{border-inline-start-color:var(--gvc-{look.colour})}}"
    return f".verdict-{code}{{{said}}}details.claim:has(.verdict-{code}){edge}\n"


def trim(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    """Leave out scripts and styles of the theme that no page uses, and scripts that stand in the page itself."""

    def used(asset: object) -> bool:
        attributes = getattr(asset, "attributes", {})
        said = f"{getattr(asset, 'filename', asset)} {attributes.get('type')}"
        return not attributes.get("body") and not any(word in said for word in UNUSED)

    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context.get(kind, []) if used(asset)]


def leave_kernel(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """No kernel is to be had from a page, so what sphinx-thebe wrote at its end to ask for one goes."""
    for raw in list(doctree.findall(nodes.raw)):
        if "x-thebe-config" in raw.astext() or "kernelName" in raw.astext():
            raw.parent.remove(raw)


def prune(app: Sphinx, failure: Exception | None) -> None:
    """What the theme brings and no page of the book asks for, and pictures that an older build made."""
    for pattern in DEAD if app.builder.name == "html" else ():
        for path in list(Path(app.outdir).glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


class Sparing(HtmlFormatter):
    """Code in colour, without a tag around each name, comma and blank that has no colour of its own."""

    def format(self, tokens: Iterable[tuple], out: IO[str]) -> None:
        plain = (Token.Name, Token.Punctuation, Token.Text.Whitespace)
        super().format(((Token.Text if kind in plain else kind, text) for kind, text in tokens), out)


def colour_sparingly(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.highlighter.formatter = Sparing  # type: ignore[attr-defined]  # of the HTML builder


def leave_index(app: Sphinx) -> None:
    """The search of the book has its own words (`search`): Sphinx's knows the titles alone, and stems no page."""
    if app.builder.format == "html":
        index = app.builder.index_page  # type: ignore[attr-defined]  # of the HTML builder
        app.builder.index_page = lambda page, tree, title: index(page, new_document(page), title)  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    app.add_config_value("valuechains_code", _digest(), "env")
    app.connect("config-inited", configure, priority=900)
    app.connect("builder-inited", write_assets)
    app.connect("env-updated", write_ordered)
    app.connect("env-get-updated", write_anew, priority=900)
    app.connect("build-finished", note_written)
    app.connect("build-finished", lambda app, failure: workshop.tidy())
    app.connect("build-finished", lambda app, failure: workshop.close(), priority=990)
    app.connect("build-finished", prune)
    app.connect("builder-inited", colour_sparingly)
    app.connect("builder-inited", leave_index)
    app.connect("doctree-resolved", leave_kernel, priority=900)
    app.connect("html-page-context", trim, priority=900)
    app.connect("html-page-context", fetch_ahead, priority=900)
    app.add_css_file("gvc/palette.css")
    app.add_css_file("gvc/site.css", priority=900)
    app.add_css_file("gvc/paper.css", priority=910)
    app.add_js_file("gvc/site.js", priority=900, loading_method="defer")
