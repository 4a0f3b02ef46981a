"""An edition of the book in another language: the same sources, read with the catalogues of `locale/`.

The prose goes through Sphinx's own gettext, everything else through `tongue`. What is not translated, or has changed
since it was, stands there in English, says so to a screen reader (lang="en"), and is counted. A link to a page that the
edition does not have leads to the English one.
"""

from __future__ import annotations

import json
import pickle
import re
import shutil
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from valuechains import tongue
from valuechains.authoring.catalogue import OURS
from valuechains.book import outputs
from valuechains.tongue import count, say

ENGLISH = "language-en"  # docutils writes such a class as lang="en"
PROSE = "prose"  #: the catalogue of the pages' text
HEARD = "heard.json"  #: what was asked for while messages are collected
NAMES = {"zh_CN": "简体中文"}  # a language as its own readers call it
HERE = Path(__file__).parent
CHINESE = re.compile(r"[\d.-]*[\u2e80-\u9fff](?:[\d.\uff00-\uffef-]*[\u2e80-\u9fff])*[\uff00-\uffef]*")
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
SAID = re.compile(rf"gvc(?:Say|Linked)\(\s*{_QUOTED}")
COUNTED = re.compile(rf"gvcCount\(\s*{_QUOTED},\s*{_QUOTED}")
CONTENT = re.compile(r'content: "( ?\(?[A-Z][\w ]*|[ (]+[a-z][\w ]*\))"')  # what a style says
SHARED = re.compile(r'((?:href|src|data-places)=")((?:\.\./)*)(_static/[^"?#]*)')
UNPUBLISHED = ("404.html", "_sources", ".buildinfo", "objects.inv", "searchindex.js")
OWN_LINK = re.compile(r'(<a [^>]*?)href="((?:\.\./)+(?!_static|_images|figures)[^"]*)"')


# --- beside the English book --------------------------------------------------------------------------------------

_english: dict[str, Callable[[], Any]] = {}


def beside(**told: Callable[[], Any]) -> None:
    """Where both are built at once: `when_read`, called by the English book when all of its pages are read; and what an
    edition calls to wait, `until_read` and `until_made`."""
    _english.update(told)


def _english_book(what: str) -> None:
    if what in _english:
        _english[what]()


def wait_for_english_pages(app: Sphinx) -> None:
    """Until the English book has read all of its pages, where it is built beside this edition."""
    if is_other(app):
        _english_book("until_read")


# --- what a page of the edition says ------------------------------------------------------------------------------


def is_other(app: Sphinx) -> bool:
    return app.config.language not in (None, "en")


def marks(message: str) -> list[str]:
    """Classes for a text: English where the edition lacks it."""
    return [] if tongue.is_english() or message not in tongue.lacking else [ENGLISH]


def paragraph(message: str, *classes: str) -> nodes.paragraph:
    text = say(message)
    return nodes.paragraph("", text, classes=[*classes, *marks(message)])


def english(text: str) -> nodes.Node:
    """A text that stays English in every edition, such as a title."""
    return nodes.Text(text) if tongue.is_english() else nodes.inline("", text, classes=[ENGLISH])


class Quoted(SphinxRole):
    """`{glue:text}` in a translated paragraph, which MyST-NB reads apart from its notebook."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        found = quoted(Path(self.env.doc2path(self.env.docname)))
        if self.text not in found:
            message = self.inliner.reporter.error(f"The page quotes no number {self.text!r}.", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        text = tongue.named(found[self.text])
        return [nodes.inline(self.text, text, classes=["pasted-text"])], []


@cache
def quoted(notebook: Path) -> dict[str, str]:
    """The numbers that a notebook gives to its text, by name."""
    found = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("scrapbook", {})
            if "name" in about:
                found[about["name"]] = literal_eval("".join(output["data"][f"{about['mime_prefix']}text/plain"]))
    return found


def left_in_english(document: nodes.document) -> list[nodes.TextElement]:
    """Texts that Sphinx found no translation for."""
    untold = (nodes.literal_block, nodes.math_block)
    found = document.findall(nodes.TextElement)
    return [node for node in found if node.get("translated") is False and not isinstance(node, untold)]


class MarkEnglish(SphinxTransform):
    """What is left in English says so, and the page says how much of it there is."""

    default_priority = 24  # after Sphinx's Locale, before it forgets

    def apply(self, **kwargs: Any) -> None:
        if not is_other(self.app) or self.app.builder.name == "gettext":
            return
        for domain in (PROSE, OURS):  # a page is read again when its translation changes
            self.env.note_dependency(str(catalogue(self.app, domain)))
        left = left_in_english(self.document)
        for node in left:
            node["classes"].append(ENGLISH)
        self.env.metadata[self.env.docname]["english"] = len(left)


class MarkChinese(SphinxPostTransform):
    """Chinese words in English text, such as titles of sources, say so."""

    default_priority = 800  # once the bibliography stands

    def run(self, **kwargs: Any) -> None:
        for text in list(self.document.findall(lambda node: isinstance(node, nodes.Text) and CHINESE.search(node))):
            if text.parent is not None and self._is_in_english(text):
                text.parent.replace(text, list(_by_language(text.astext())))

    def _is_in_english(self, text: nodes.Node) -> bool:
        around, silent = text.parent, (nodes.literal_block, nodes.raw, nodes.math, nodes.comment)
        while around is not None and not isinstance(around, nodes.document):
            if isinstance(around, silent):
                return False
            for one in around["classes"]:
                if one.startswith("language-"):
                    return one == ENGLISH
            around = around.parent
        return not is_other(self.app)


def _by_language(text: str) -> Iterator[nodes.Node]:
    at = 0
    for found in CHINESE.finditer(text):
        if text[at : found.start()]:
            yield nodes.Text(text[at : found.start()])
        yield nodes.inline("", found[0], classes=["language-zh"])
        at = found.end()
    if text[at:]:
        yield nodes.Text(text[at:])


def every_page(env: BuildEnvironment) -> set[str]:
    """The pages of the book, those too that this edition has in English only."""
    chapters = (
        Path(env.srcdir, "chapters").glob("[0-9][0-9]-*.ipynb") if env.config.language not in (None, "en") else ()
    )
    return {*env.found_docs, *(f"chapters/{path.stem}" for path in chapters)}


# --- links to pages that stand in English only --------------------------------------------------------------------


def english_edition(app: Sphinx) -> BuildEnvironment:
    """What the English build knew: where each label, term and citation is."""
    kept = Path(app.srcdir, "_build", ".doctrees", "environment.pickle")
    try:
        with kept.open("rb") as file:
            return pickle.load(file)
    except FileNotFoundError:
        raise ExtensionError(f"{kept} is missing: build the English book first (make book).") from None


def borrow(app: Sphinx, builder: Builder) -> None:
    """The places of the pages that this edition lacks, and the numbers of figures, from the English build."""
    if not is_other(app) or builder.format != "html":
        return
    wait_for_english_pages(app)
    env, book = app.env, english_edition(app)
    lacking = set(book.all_docs) - set(env.found_docs)
    for name in ("std", "cite"):
        if name in book.domaindata:
            env.get_domain(name).merge_domaindata(list(lacking), book.domaindata[name])
    if "cite" in book.domaindata:  # which reckons them while it reads a bibliography
        env.get_domain("cite").data["citations"] = book.domaindata["cite"]["citations"]
    for page in lacking:
        env.titles.setdefault(page, book.titles[page])
        env.longtitles.setdefault(page, book.longtitles[page])
        env.all_docs.setdefault(page, book.all_docs[page])
    figures = outputs.by_chapter(book)
    for page in env.found_docs:
        if page in book.toc_fignumbers:
            env.toc_fignumbers[page] = book.toc_fignumbers[page] | figures.get(page, {})


def lead_home(app: Sphinx) -> None:
    """Addresses of pages that this edition lacks are those of the English one."""
    if not is_other(app) or app.builder.format != "html":
        return
    own = app.builder.get_target_uri

    def address(docname: str, typ: str | None = None) -> str:
        here = own(docname, typ)
        return here if docname in app.env.found_docs or docname not in app.env.all_docs else f"../{here}"

    app.builder.get_target_uri = address  # type: ignore[method-assign]
    app.builder.load_indexer = lambda pages: None  # type: ignore[attr-defined]  # Sphinx's own search is not used


# --- both editions, beside each other -----------------------------------------------------------------------------


def editions(root: Path) -> Iterator[tuple[str, set[str]]]:
    """The languages of `locale/` and the pages of each."""
    for contents in sorted(root.glob("locale/*/_toc.yml")):
        yield contents.parent.name, set(_pages(yaml.safe_load(contents.read_text(encoding="utf-8"))))


def _pages(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key in ("root", "file"))
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _pages(one)


def tag(language: str) -> str:
    """A language as HTML names it."""
    return language.replace("_", "-")


def site_of(app: Sphinx) -> Path:
    """The English book, which is built first, and in whose folder the editions stand."""
    return Path(app.srcdir, "_build", "html") if is_other(app) else Path(app.outdir)


def folder(language: str) -> str:
    """Where an edition stands in the site."""
    return language.partition("_")[0]


def tell(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Which other editions have this page, for the link at its head and for search engines."""
    context["say"] = say
    context["words"] = Path(app.outdir, "_static", "gvc", "words.js").is_file()
    here = app.config.language or "en"
    up = "../" * pagename.count("/")
    found = []
    for language, pages in editions(Path(app.srcdir)):
        if pagename in pages:
            own = app.builder.get_target_uri(pagename)
            home = up if here == "en" else f"{up}../"
            found += [
                ("en", "English", f"{home}{own}"),
                (tag(language), NAMES.get(language, language), f"{home}{folder(language)}/{own}"),
            ]
    context["editions"] = [(code, name, href, code == tag(here)) for code, name, href in dict.fromkeys(found)]


def mark_links(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if is_other(app) and "body" in context:
        left = _left(app, pagename)
        note = f'<p class="gvc-untranslated">{left}</p>\n' if left else ""
        context["body"] = note + OWN_LINK.sub(_marked(pagename), context["body"])


def _marked(pagename: str) -> Callable[[re.Match], str]:
    """Links that leave the edition say in which language the page is that they lead to."""
    deep = pagename.count("/") + 1

    def mark(found: re.Match) -> str:
        leaves = found[2].startswith("../" * deep)
        return f'{found[1]}hreflang="en" href="{found[2]}"' if leaves else found[0]

    return mark


def _left(app: Sphinx, pagename: str) -> str:
    number = app.env.metadata.get(pagename, {}).get("english", 0)
    return (
        count(
            "{number} paragraph of this page is not translated yet, or has changed since, and stands in English.",
            "{number} paragraphs of this page are not translated yet, or have changed since, and stand in English.",
            number,
        )
        if number
        else ""
    )


def write_words(app: Sphinx) -> None:
    """The messages of the page's scripts; in English they are in the scripts."""
    if is_other(app) and app.builder.format == "html":
        place = Path(app.outdir, "_static", "gvc", "words.js")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(script(HERE.glob("**/*.js")), encoding="utf-8")
        for style in place.parent.glob("*.css"):
            text = style.read_text(encoding="utf-8")
            style.write_text(CONTENT.sub(lambda found: f'content: "{say(found[1])}"', text), encoding="utf-8")


def script(sources: Iterable[Path]) -> str:
    """A script with what the messages of these scripts are in this language."""
    singles, several = messages_in("".join(path.read_text(encoding="utf-8") for path in sorted(sources)))
    words: dict[str, str | list[str]] = {message: say(message) for message in singles}
    words |= {one: tongue.forms(one, many)[0] for one, many in several}
    rule = tongue.forms("", "")[1]
    table = json.dumps(words, ensure_ascii=False, indent=0, sort_keys=True)
    return f"window.gvcWords = {table};\nwindow.gvcPlural = (n) => Number({rule});\n"


def messages_in(script: str) -> tuple[list[str], list[tuple[str, str]]]:
    """What a script says: messages, and those with a number in them."""
    several = [(_unquoted(one), _unquoted(many)) for one, many in COUNTED.findall(script)]
    return [*map(_unquoted, SAID.findall(script))], several


def _unquoted(text: str) -> str:
    return json.loads(f'"{text}"')


def publish(app: Sphinx, failure: Exception | None) -> None:
    """The edition goes into its folder of the site, less what both have alike: its pages ask for the English one's."""
    if failure or not is_other(app) or app.builder.name != "html":
        return
    _english_book("until_made")
    made, site = Path(app.outdir), site_of(app)
    place = site / folder(app.config.language)
    shutil.rmtree(place, ignore_errors=True)
    for path in sorted(path for path in made.rglob("*") if path.is_file()):
        name = path.relative_to(made)
        twin = site / name
        alike = name.parts[0] == "_static" and twin.is_file() and twin.read_bytes() == path.read_bytes()
        alike |= name.parts[:2] == ("_static", "styles")  # the site's are cut for more pages, and their signs lie there
        if not alike and name.parts[0] not in UNPUBLISHED:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place / name)
    for page in sorted(place.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        page.write_text(SHARED.sub(lambda found: _shared(found, place), text), encoding="utf-8")


def _shared(found: re.Match, place: Path) -> str:
    return found[0] if (place / found[3]).is_file() else f"{found[1]}{found[2]}../{found[3]}"


# --- speaking and listening ---------------------------------------------------------------------------------------


def catalogue(app: Sphinx, domain: str) -> Path:
    return Path(app.srcdir, app.config.locale_dirs[0], app.config.language, "LC_MESSAGES", f"{domain}.mo")


def open_catalogue(app: Sphinx) -> None:
    if app.builder.name == "gettext":
        tongue.listen()
    elif is_other(app):
        tongue.speak(catalogue(app, OURS))
    else:
        tongue.speak(None)


def note_heard(app: Sphinx, failure: Exception | None) -> None:
    if not failure and app.builder.name == "gettext":
        place = Path(app.outdir, HEARD)
        place.write_text(json.dumps(sorted(tongue.lacking), ensure_ascii=False, indent=1), encoding="utf-8")


def setup(app: Sphinx) -> None:
    if is_other(app):
        app.setup_extension("myst_nb")
        app.add_role_to_domain("glue", "text", Quoted(), override=True)
    app.add_transform(MarkEnglish)
    app.add_post_transform(MarkChinese)
    app.connect("builder-inited", open_catalogue, priority=100)
    app.connect("builder-inited", lead_home, priority=100)
    app.connect("builder-inited", write_words, priority=600)
    app.connect("write-started", borrow)
    app.connect("write-started", lambda app, builder: _english_book("when_read"))
    app.connect("html-page-context", tell, priority=400)  # before the theme asks which parts of a page are empty
    app.connect("html-page-context", mark_links, priority=960)
    app.connect("build-finished", publish, priority=950)  # once the styles are cut
    app.connect("build-finished", note_heard)
