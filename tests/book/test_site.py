"""The built book in a real browser, over http and from the folder itself, with every other host refused."""

from __future__ import annotations

import contextlib
import csv
import gzip
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import access
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from pages import CHARTED, DRAWN, FITTING, PAGES, TRANSLATED, english, formulas, outputs, speaking
from playwright.sync_api import expect
from screens import LAPTOP, PHONE

from valuechains import evidence
from valuechains.book import claim_review
from valuechains.book.onpage import fetch
from valuechains.tongue import say

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
FIRST_VISIT, FIRST_VISIT_GZIP, NEXT_PAGE = 2e6, 0.8e6, 0.48e6  # bytes; the largest page is chapter 2


class Visit:
    """A page opened with every other host refused, and what was seen while it loaded."""

    def __init__(self, browser, site, page, scheme="http", viewport=LAPTOP, theme="light"):
        self.refused, self.bodies, self.errors = [], {}, []
        self.context = browser.new_context(viewport=viewport, color_scheme=theme, reduced_motion="reduce")
        self.context.on("request", lambda asked: self._note(asked.url, site[scheme]))
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("response", self._keep)
        self.page.goto(f"{site[scheme]}/{page}.html", wait_until="load")
        self.page.evaluate("window.gvc?.drawn")
        self.settle()

    def _note(self, url, address):
        if not url.startswith((address, "data:", "blob:")):
            self.refused.append(url)

    def _keep(self, response):
        if response.ok and response.request.url.startswith("http"):
            self.bodies.setdefault(urlsplit(response.url).path, response)

    def weigh(self) -> dict[str, tuple[int, int]]:
        """Bytes of each file fetched, as it is and gzipped."""
        bodies = {path: response.body() for path, response in self.bodies.items()}
        return {path: (len(body), len(gzip.compress(body, 6))) for path, body in bodies.items()}

    def settle(self):
        """Let the page draw what it has begun, and let colours that fade reach their end."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.evaluate("Promise.allSettled(document.getAnimations().map(change => change.finished))")
        self.page.evaluate("new Promise(done => requestIdleCallback(done))")

    def theme(self, name):
        """Show the page in its light or dark theme."""
        self.page.emulate_media(color_scheme=name)
        self.page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=name)
        self.settle()

    def open_folds(self):
        self.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")

    def close(self):
        self.context.close()


@pytest.fixture
def visit(browser, site):
    """Open a page for one test: visit("search", "file")."""
    opened = []

    def go(page, *args, **kwargs):
        opened.append(Visit(browser, site, page, *args, **kwargs))
        return opened[-1]

    yield go
    for one in opened:
        one.close()


@pytest.fixture(scope="module", params=[*PAGES, *TRANSLATED])
def page(request):
    """Each page of the book; of the module's scope, so that the tests of a page follow one another."""
    return request.param


@pytest.fixture(scope="module")
def laptop(browser, site, page):
    """The page over http on a laptop, in the light theme, with its folds open; shared by the tests that only look."""
    seen = Visit(browser, site, page)
    seen.open_folds()
    yield seen
    seen.close()


@pytest.fixture(scope="module")
def phone(browser, site, page):
    """The page on a phone, opened from the folder; shared likewise."""
    seen = Visit(browser, site, page, "file", PHONE)
    seen.open_folds()
    yield seen
    seen.close()


def _drawn(seen: Visit) -> tuple[int, int]:
    """How many charts and formulas of a page are drawn."""
    seen.open_folds()
    return tuple(seen.page.evaluate(DRAWN))


def test_over_http_it_draws_what_it_declares_and_asks_no_other_host(laptop, built, page, page_report):
    drawn, declared = _drawn(laptop), (len(outputs(page)), formulas(built, page))
    page_report(
        page,
        **{
            "other hosts": len(laptop.refused),
            "charts": f"{drawn[0]}/{declared[0]}",
            "formulas": f"{drawn[1]}/{declared[1]}",
            "script errors": len(laptop.errors),
        },
    )
    assert (laptop.refused, laptop.errors) == ([], [])
    assert drawn == declared


def test_from_the_folder_it_draws_what_it_declares_and_asks_no_other_host(phone, built, page, page_report):
    drawn, declared = _drawn(phone), (len(outputs(page)), formulas(built, page))
    page_report(
        page,
        **{
            "file: hosts": len(phone.refused),
            "file: charts": f"{drawn[0]}/{declared[0]}",
            "file: formulas": f"{drawn[1]}/{declared[1]}",
        },
    )
    assert (phone.refused, phone.errors) == ([], [])
    assert drawn == declared


# The rows of a figure's data are alike; all of them together take axe as long as the rest of the page.
SHOW_LONG_TABLES = """shown => document.querySelectorAll('.gvc-figure tbody tr:nth-child(n+9)')
    .forEach(row => { row.style.display = shown ? '' : 'none'; })"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_has_no_fault_that_axe_finds(laptop, page, theme, page_report):
    laptop.theme(theme)
    laptop.page.evaluate(SHOW_LONG_TABLES, False)
    faults = access.faults(laptop.page, everything=theme == "light")
    laptop.page.evaluate(SHOW_LONG_TABLES, True)
    laptop.theme("light")
    page_report(page, **{f"axe {theme}": len(faults)})
    assert faults == []


def test_fits_a_phone(phone, page, page_report):
    width = phone.page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    page_report(page, phone=f"{width} px")
    assert width <= PHONE["width"], phone.page.evaluate("""[...document.querySelectorAll('main *')]
        .filter(part => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest('[tabindex="0"]'))
        .slice(0, 5).map(part => part.outerHTML.slice(0, 120))""")
    phone.page.set_viewport_size({"width": 320, "height": 700})
    phone.settle()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    broken = phone.page.evaluate("""[...document.querySelectorAll('main td code')]
        .filter(code => /^\\w+$/.test(code.textContent) && code.getClientRects().length > 1)
        .map(code => code.textContent)""")
    assert broken == [], "names in tables are broken in two"


def test_a_link_to_a_place_hangs_over_no_edge(laptop):
    """Also where the last line before it is full."""
    assert (
        laptop.page.evaluate("""() => {
      const over = [];
      for (const link of document.querySelectorAll("figcaption .headerlink, h2 .headerlink, caption .headerlink")) {
        const line = link.parentElement, words = document.createRange();
        words.setStart(line, 0);
        words.setEndBefore(link);
        line.style.cssText = "width: max-content; max-width: none";
        line.style.width = `${Math.ceil(words.getBoundingClientRect().width) + 1}px`; // the words fill their line
        if (link.getBoundingClientRect().right > line.getBoundingClientRect().right + 1) over.push(line.textContent);
        line.style.cssText = "";
      }
      return over;
    }""")
        == []
    )


def test_no_line_begins_with_what_ends_a_formula(laptop):
    assert (
        laptop.page.evaluate("""[...document.querySelectorAll('main span.math')].filter(formula => {
        const after = formula.nextSibling, first = document.createRange();
        if (!/^[),.;:!?]/.test(after?.data ?? '')) return false;
        first.setStart(after, 0);
        first.setEnd(after, 1);
        return first.getBoundingClientRect().left < formula.getBoundingClientRect().right - 3;
    }).map(formula => formula.parentElement.textContent)""")
        == []
    )


def test_weighs_no_more_than_it_may(laptop, page, page_report):
    weights = laptop.weigh()
    plain, packed = (sum(weight[place] for weight in weights.values()) for place in (0, 1))
    own = sum(weight for path, (weight, _) in weights.items() if not path.startswith(("/_static/", "/searchindex.js")))
    page_report(page, first=f"{plain / 1e6:.2f} MB", gzip=f"{packed / 1e6:.2f}", next=f"{own / 1e6:.2f}")
    assert plain <= FIRST_VISIT
    assert packed <= FIRST_VISIT_GZIP
    assert own <= NEXT_PAGE * (1.1 if page in TRANSLATED else 1), sorted(weights.items(), key=lambda item: -item[1][0])[
        :5
    ]


def test_everything_of_a_figure_is_reached_by_keyboard(laptop):
    wanted = laptop.page.evaluate("""
        [...document.querySelectorAll('.gvc-figure :is(summary, a[href], input, select, button, [tabindex="0"])')]
        .filter(part => part.checkVisibility({visibilityProperty: true}))
        .map((part, place) => { part.dataset.wanted = place; return place; })""")
    reached = set()
    laptop.page.evaluate("document.querySelector('main').querySelector('a, button').focus()")
    while len(reached) < len(wanted):
        laptop.page.keyboard.press("Tab")
        at = laptop.page.evaluate("[document.activeElement.dataset.wanted, document.activeElement.tagName]")
        if at[0] is not None:
            reached.add(int(at[0]))
        if at[1] == "BODY":  # once around
            break
    assert reached == set(wanted)


def test_a_figure_says_what_is_stored_and_follows_the_theme(laptop, page):
    stored = [spec["usermeta"]["valuechains"] for spec in outputs(page)]
    shown = laptop.page.evaluate("""[...document.querySelectorAll('figure.gvc-figure')].map(figure => {
        const view = figure.querySelector('.gvc-view');
        const text = name => document.getElementById(view.getAttribute(name)).textContent;
        return [text('aria-labelledby'), text('aria-describedby'), figure.querySelector('.gvc-source').textContent,
                figure.querySelectorAll('.gvc-scroll tbody tr').length];
    })""")
    for about, (name, words, source, rows) in zip(stored, shown, strict=True):
        assert about["finding"] in name
        assert about["alternative"] in words  # a twin says its setting first
        assert about["source"][0].rstrip(".") in source
        assert rows > 0
    colours = """[...document.querySelectorAll('.gvc-live .role-axis-label text')]
        .map(text => getComputedStyle(text).fill)"""
    laptop.theme("light")
    light = laptop.page.evaluate(colours)
    laptop.theme("dark")
    dark = laptop.page.evaluate(colours)
    laptop.theme("light")
    assert all(before != after for before, after in zip(light, dark, strict=True))


def _links(built: Path, page: str, selector: str) -> list[Path]:
    """The files that links of a page lead to inside the book, as the page writes them."""
    source = built / f"{page}.html"
    hrefs = [link["href"] for link in BeautifulSoup(source.read_text(encoding="utf-8"), "html.parser").select(selector)]
    paths = [unquote(urlsplit(href).path) for href in hrefs if not urlsplit(href).scheme]
    return [(source.parent / path).resolve() if path else source for path in paths]


def test_links_inside_the_book_lead_somewhere(built, page):
    targets = _links(built, page, "a[href]")
    assert targets and [path for path in targets if not path.is_file()] == []


def test_files_to_download_hold_the_data(built, page):
    files_there = _links(built, page, "a[download]")
    for spec in outputs(page):
        about = spec["usermeta"]["valuechains"]
        ours = {path.suffix: path for path in files_there if path.stem == nodes.make_id(about["name"])}
        assert set(ours) == {".csv", ".svg"}
        rows = list(csv.reader(ours[".csv"].open(encoding="utf-8", newline="")))
        table = about["tables"][0]
        with speaking(page):
            fraction, source = say("{column} (fraction)"), say("Source: {sources}.").partition("{")[0]
        titles = [
            (fraction if one["format"] == "%" else "{column}").format(column=one["title"]) for one in table["columns"]
        ]
        assert rows[0] == titles
        assert len(rows) - 1 == len(spec["datasets"][table["data"]])
        drawing = ours[".svg"].read_text(encoding="utf-8")
        assert about["finding"].split()[0][:12] in drawing and source in drawing


def _soup(built: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((built / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


DATA_BLOCKS = {"application/json", "application/ld+json", "text/plain"}


@pytest.mark.parametrize("extra", ["", "../index", "../404"], ids=["page", "root", "404"])
def test_a_page_says_what_it_is_and_holds_no_script(built, page, extra):
    """A host with a strict policy runs no script that stands in a page; charts keep their data there, which is none."""
    if extra and page != PAGES[0]:
        return
    text = ((built / f"{page}.html").parent / f"{extra}.html" if extra else built / f"{page}.html").read_text("utf-8")
    soup = BeautifulSoup(text, "html.parser")
    assert text.lstrip().lower().startswith("<!doctype html>") and soup.html["lang"] and soup.title.text.strip()
    assert len(soup.select("meta[name=viewport]")) == 1 and soup.select("link[rel=icon]")
    scripts = [part for part in soup.select("script:not([src])") if part.get("type") not in DATA_BLOCKS]
    handlers = [part.name for part in soup.find_all(True) if any(name.startswith("on") for name in part.attrs)]
    assert (scripts, handlers) == ([], [])
    if not extra and page not in ("search", "genindex"):
        said = {
            soup.select_one(f"meta[{name}]")["content"] for name in ("name=description", 'property="og:description"')
        }
        assert len(said) == 1 and 30 < len(said.pop()) <= 210


def test_pages_differ_in_what_they_say_of_themselves(built):
    said = [_soup(built, page).select_one("meta[name=description]") for page in PAGES]
    said = [one["content"] for one in said if one]
    assert len(said) == len(set(said)) == len(PAGES) - 2


def test_the_page_for_a_lost_address_leads_back(built):
    soup = _soup(built, "404")
    assert soup.base["href"] == "/"  # the site's root, wherever the address was
    wanted = [
        part.get("href") or part.get("src") or part.get("action") for part in soup.select("a, link, script, form")
    ]
    assert wanted and [path for path in wanted if not (built / path).is_file()] == []


NUMBER = re.compile(r"[−-]?[\d,]+(\.\d+)?%?")


def test_tables_have_a_name_and_columns_one_number_of_decimals(built, page):
    captions = []
    for table in _soup(built, page).select("article table"):
        captions.append(table.caption.get_text(" ", strip=True) if table.caption else "")
        assert table.thead is None or table.thead.get_text(strip=True), f"{captions[-1]}: an empty head"
        cells = [[cell.get_text(strip=True) for cell in row(["td", "th"])] for row in (table.tbody or table)("tr")]
        for column in zip(*cells, strict=False):
            digits = {len(text.rstrip("%").partition(".")[2]) for text in column if NUMBER.fullmatch(text)}
            assert len(digits) <= 1, (captions[-1], column[:6])
    assert all(captions) and len(captions) == len(set(captions))


def test_a_link_says_more_than_a_number(built, page):
    links = [link.get_text(strip=True) for link in _soup(built, page).select("article a[href]")]
    assert [text for text in links if re.fullmatch(r"[\W\d_]*\d[\W\d_]*", text)] == []


def test_no_sentence_is_read_as_a_formula(built, page):
    formulas = [math["alttext"] for math in _soup(built, page).select("math[alttext]")]
    named = r"\\(?:text|mathrm|operatorname)\{[^}]*\}"
    assert [one for one in formulas if re.search(r"[a-z]{3,} +[a-z]{3,}", re.sub(named, "", one))] == []


def test_the_site_is_light(built):
    """Without the kits and Python for the page, which are loaded when asked for, and what was made to take along."""
    apart = {"kits", "away", "python"}
    files = [path for path in built.rglob("*") if path.is_file() and not apart & set(path.relative_to(built).parts)]
    assert sum(path.stat().st_size for path in files) < 25e6
    assert [path.name for path in files if path.suffix in (".map", ".png") and "figures" in path.parts] == []
    assert [path.name for path in files if path.suffix == ".map"] == []


def test_each_card_of_a_page_is_told_to_machines(built, page):
    text = (built / f"{page}.html").read_text(encoding="utf-8")
    cards = re.findall(r'<details class="claim" id="([^"]+)"', text)
    told = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    said_here = [] if page in TRANSLATED else cards  # a claim is told once, by the English page
    assert [one["url"].partition("#")[2] for data in told for one in json.loads(data)] == said_here


def test_all_cards_and_their_schema_are_files_of_the_site(built):
    for name, source in (("claims.json", evidence.ledger_file()), ("claims.schema.json", claim_review.SCHEMA)):
        assert (built / "_static" / "gvc" / name).read_bytes() == source.read_bytes()


# Words of code whose contrast with what is behind them is under 4.5: the ratio of WCAG.
PALE = """(() => {
    const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (part) => {
        const colour = getComputedStyle(part).backgroundColor;
        return /, 0\\)$/.test(colour) && part.parentElement ? behind(part.parentElement) : colour;
    };
    document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
    return [...document.querySelectorAll(".highlight pre, .highlight span")].filter((part) => {
        const [one, other] = [light(getComputedStyle(part).color), light(behind(part))];
        return part.textContent.trim() && (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5;
    }).map((part) => part.outerHTML).slice(0, 5);
})()"""


def test_a_chart_is_there_without_any_script(browser, site):
    page = CHARTED[0]
    context = browser.new_context(java_script_enabled=False, viewport=LAPTOP, color_scheme="dark")
    try:
        opened = context.new_page()
        opened.goto(f"{site['file']}/{page}.html")
        drawings = opened.locator("figure.gvc-figure .gvc-view img")
        assert drawings.count() == len(outputs(page))
        for place in range(drawings.count()):
            drawings.nth(place).scroll_into_view_if_needed()
            assert drawings.nth(place).bounding_box()["height"] > 40
        assert opened.evaluate(PALE) == [], "code that can hardly be read"
    finally:
        context.close()


def test_a_picture_is_made_when_it_is_asked_for(visit):
    """On a strict host; the link itself leads to the drawing, for want of scripts."""
    seen = visit(CHARTED[0])
    with seen.page.expect_download() as coming:
        seen.page.locator(".gvc-downloads a", has_text="PNG").first.click()
    assert Path(coming.value.path()).read_bytes().startswith(b"\x89PNG")
    assert coming.value.suggested_filename.endswith(".png") and seen.errors == []


def test_on_paper_cards_are_whole_and_nothing_is_an_empty_box(visit):
    seen = visit(CARDS, viewport={"width": 700, "height": 1000}).page
    seen.evaluate("dispatchEvent(new Event('beforeprint'))")
    seen.emulate_media(media="print")
    whole = "details.claim:not(:has(> dl.long)), dl.long > dd:not(.sources), .gvc-figure"
    faults = seen.evaluate(
        """whole => [...document.querySelectorAll(whole)]
        .filter((part) => !getComputedStyle(part).breakInside.startsWith("avoid")).map((part) => part.id)""",
        whole,
    )
    assert seen.locator("dl.long").count() and seen.locator("details.claim:not(:has(> dl.long))").count()
    empty = seen.evaluate("""[...document.querySelectorAll("article details")].filter((fold) => {
        const inside = [...fold.children].filter((part) => part.localName !== "summary");
        const says = getComputedStyle(fold.querySelector("summary"), "::after").content !== "none";
        const bare = parseFloat(getComputedStyle(fold).borderTopWidth) === 0;
        return fold.checkVisibility() && !(says && bare) && !inside.some((part) => part.checkVisibility());
    }).map((fold) => fold.outerHTML.slice(0, 90))""")
    cut = seen.evaluate("""[...document.querySelectorAll("article :is(pre, table, .gvc-view)")]
        .filter((part) => part.checkVisibility() && part.getBoundingClientRect().right > innerWidth + 1)
        .map((part) => part.outerHTML.slice(0, 90))""")
    assert (faults, empty, cut) == ([], [], [])
    assert seen.locator("article h1").first.is_visible(), "a page without its title"
    address = seen.locator("article a[href^=http]").first.evaluate("link => getComputedStyle(link, '::after').content")
    assert "http" in address, "an address that paper does not show cannot be followed"


CUT_HEADS = """[...document.querySelectorAll("article thead th")].flatMap((head) => {
    const walk = document.createTreeWalker(head, NodeFilter.SHOW_TEXT), range = document.createRange(), cut = [];
    for (let node; (node = walk.nextNode());) for (const { 0: word, index } of node.data.matchAll(/\\w{3,10}/g)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) cut.push(word);
    }
    return cut;
})"""


def test_on_paper_the_heads_of_a_table_are_words(visit):
    seen = visit("chapters/02-services", viewport={"width": 680, "height": 900}).page
    seen.emulate_media(media="print")
    assert seen.locator("article thead th").count() > 10 and seen.evaluate(CUT_HEADS) == []


WIDTHS = (320, 1920, 768, 390)  # a phone and a tablet are turned, a window is narrowed and widened


def test_a_chart_fits_whatever_the_window_becomes_on_paper_too_and_in_another_font(laptop, page):
    if not outputs(page):
        return
    seen = laptop.page
    seen.evaluate(FITTING)
    faults = {LAPTOP["width"]: seen.evaluate("fitting.every()")}

    def becomes(width):
        seen.set_viewport_size({"width": width, "height": LAPTOP["height"]})
        laptop.settle()  # who watches sizes is told in a frame
        seen.evaluate("gvc.drawn")
        return seen.evaluate("fitting.every()")

    try:
        for width in WIDTHS:
            faults[width] = becomes(width)
            for paper in ("A4", "Letter") if width == max(WIDTHS) else ():
                seen.pdf(format=paper)
                faults[paper] = seen.evaluate("fitting.printed.splice(0)")
        seen.evaluate("fitting.font('Liberation Serif')")
    finally:
        faults["another font"] = becomes(LAPTOP["width"])
    assert {where: found for where, found in faults.items() if found} == {}


LOOK = """(() => {
    const shown = (part) => part.checkVisibility() && part.getBoundingClientRect().width;
    const letters = [...document.querySelectorAll(".bd-article section > p")].filter(shown).flatMap((text) => {
        const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), range = document.createRange(), lines = [];
        let top = -Infinity;
        for (let node; (node = walk.nextNode());) for (let at = 0; at < node.length; at += 1) {
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const box = range.getBoundingClientRect();
            if (!box.width) continue;
            if (box.top > top + 8) { lines.push(0); top = box.top; }
            lines[lines.length - 1] += 1;
        }
        return lines.slice(0, -1); // the last line of a paragraph ends where it ends
    }).sort((one, other) => one - other);
    const figures = [...document.querySelectorAll("figure.gvc-figure")];
    return {
        letters: letters[Math.floor(letters.length / 2)],
        text: document.querySelector(".bd-article section > p").clientWidth,
        plots: figures.map((figure) => figure.querySelector(".gvc-view").clientWidth),
        feet: figures.map((figure) => {
            const open = [...figure.querySelectorAll("details[open]")];
            for (const fold of open) fold.open = false;
            const boxes = [...figure.querySelectorAll(".gvc-foot > *")].filter(shown)
                .map((part) => part.getBoundingClientRect());
            for (const fold of open) fold.open = true;
            return Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top));
        }),
        numbers: [...document.querySelectorAll("figure .caption-number")].map((number) => number.textContent.trim()),
    };
})()"""


def test_a_page_has_the_look_that_contributing_describes(laptop, page):
    if not outputs(page):
        return
    look = laptop.page.evaluate(LOOK)
    least, most = (30, 42) if page in TRANSLATED else (60, 75)  # a Chinese letter is as wide as two
    assert least <= look["letters"] <= most, "letters in a line, in the middle of all lines"
    assert all(width > 1.2 * look["text"] for width in look["plots"]), "figures are wider than the text"
    assert max(look["feet"]) < 34, "pixels: source, words, data and downloads stand in one line"
    word = "图" if page in TRANSLATED else r"Fig\."
    own = re.match(r"\d\d", Path(page).name)
    chapter = str(int(own[0])) if own else "[A-Z]"
    first = english(page) == PAGES[0]  # its figure has a number in its chapter
    assert len(look["numbers"]) == (0 if first else len(look["plots"]))
    for place, number in enumerate(look["numbers"], start=1):
        assert re.fullmatch(rf"{word} {chapter}\.{place}", number)


@pytest.mark.parametrize("font", ["DejaVu Sans", "Liberation Sans"])
def test_no_drawing_made_with_the_book_loses_a_text_in_a_font(browser, built, font):
    seen = browser.new_page(viewport=LAPTOP)
    try:
        seen.evaluate(FITTING)
        lost = {}
        for drawing in sorted((built / "figures").rglob("*.svg")):
            svg = re.sub('font-family="[^"]*"', f'font-family="{font}"', drawing.read_text(encoding="utf-8"))
            seen.evaluate("svg => { document.body.innerHTML = svg; }", svg)
            lost[drawing.name] = seen.evaluate("fitting.faults(...Array(2).fill(document.querySelector('svg')))")
        assert {name: faults for name, faults in lost.items() if faults} == {} != lost
    finally:
        seen.close()


TWINNED = next(page for page in CHARTED if any("twin" in spec["usermeta"]["valuechains"] for spec in outputs(page)))
SAYS = "document.querySelector('.gvc-says').textContent"


@contextlib.contextmanager
def _forbidden_to_make_code(browser, site, name):
    """A page as a host gives it that lets no text become a script; what goes wrong there is kept."""
    policy = {"content-security-policy": "default-src 'self' data:; style-src 'self' 'unsafe-inline'"}
    seen, errors = browser.new_page(viewport=LAPTOP), []
    seen.on("pageerror", lambda error: errors.append(str(error)))

    def strict(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, **policy})

    seen.route(f"**/{name}.html", strict)
    with contextlib.closing(seen):
        seen.goto(f"{site['http']}/{name}.html")
        seen.evaluate("gvc.drawn")  # to wait for a function that is sent as text would be against the policy
        yield seen, errors


@pytest.mark.parametrize("name", [TWINNED, "zh/chapters/index", "zh/chapters/02-services"])
def test_a_page_is_whole_under_a_policy_that_forbids_making_code(browser, site, name):
    with _forbidden_to_make_code(browser, site, name) as (seen, errors):
        assert seen.evaluate("[...document.querySelectorAll('figure.gvc-figure')].every(figure => figure.gvc)")
        first = seen.evaluate(SAYS)
        seen.locator(".gvc-controls select").first.press("ArrowDown")
        expect(seen.locator(".gvc-says").first).not_to_have_text(first)
        assert errors == []


def test_a_twin_is_walked_under_a_policy_that_forbids_making_code(browser, site):
    with _forbidden_to_make_code(browser, site, TWINNED) as (seen, errors):
        _walked(seen, seen.locator("figure", has=seen.locator(".gvc-controls")))
        assert errors == []


def _walked(seen, figure):
    """A chart is a tree by its keys, as a screen reader is told, and can be heard where the build has Chart2Music."""
    reset = figure.get_by_role("button", name="Reset")
    assert not seen.evaluate("window.gvc.walk"), "brought before it is asked for"
    reset.press("w")
    at = figure.locator("[role=treeitem]:focus")
    at.wait_for()

    def press(*keys: str) -> str:
        for key in keys:
            seen.keyboard.press(key)
        return at.inner_text()

    root = at.inner_text()
    first, inside = press("ArrowDown"), press("ArrowRight", "ArrowRight")
    assert at.get_attribute("aria-level") == "3" and len({root, first, inside}) == 3
    assert press("ArrowLeft") == first and press("ArrowLeft", "ArrowUp") == root
    assert press("End") != root and press("Home") == root
    last = press("End")
    assert press("Home", last[0].lower(), last[1]) == last, "by its first letters"
    assert press("Home", "ArrowDown", "*") == first and figure.locator("[aria-level='3']").count() > 1
    engine = seen.context.new_cdp_session(seen)
    told = [node for node in engine.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    named = {(node["role"]["value"], node.get("name", {}).get("value")) for node in told if "role" in node}
    finding = figure.locator(".gvc-finding").text_content().removesuffix("#").strip()
    assert ("tree", finding) in named and {("treeitem", root), ("treeitem", first)} <= named
    hear = figure.get_by_role("button", name="Listen")
    assert hear.count() == bool(fetch.fetched())
    if hear.count():
        hear.press("Enter")
        figure.locator("[role=application]:focus").wait_for()
        seen.keyboard.press("End")
        figure.locator(".gvc-heard div:visible", has_text=re.compile(r"^\S+, \S+")).wait_for()
        seen.keyboard.press("Escape")
        figure.locator("button:focus", has_text="Listen").wait_for()
    figure.locator("[role=treeitem][tabindex='0']").press("Escape")
    figure.locator("button:focus", has_text="Reset").wait_for()
    assert figure.locator("[role=tree]").is_hidden()


def test_a_chart_follows_the_reader_s_own_colours_and_style(browser, site):
    seen = browser.new_page(viewport=LAPTOP, color_scheme="dark", forced_colors="active")
    written = """getComputedStyle(document.querySelector('.gvc-live .role-axis-label text'))"""
    try:
        seen.goto(f"{site['http']}/{PAGES[0]}.html")
        seen.evaluate("gvc.drawn")
        system, fill = seen.evaluate(f"[getComputedStyle(document.body).color, {written}.fill]")
        assert fill == system != "rgb(167, 176, 188)", "a theme of the system"
        seen.add_style_tag(content="svg text { fill: rgb(1, 2, 3) !important; font-size: 20px !important; }")
        assert seen.evaluate(f"[{written}.fill, {written}.fontSize]") == ["rgb(1, 2, 3)", "20px"]
    finally:
        seen.close()


def test_where_nothing_can_be_drawn_a_figure_says_so(browser, site):
    seen = browser.new_page(viewport=LAPTOP)
    try:
        seen.route("**/gvc/vega.js*", lambda route: route.abort())
        seen.goto(f"{site['http']}/{TWINNED}.html")
        seen.evaluate("gvc.drawn")
        said = seen.locator("p.gvc-still").all_inner_texts()
        assert len(said) == len(outputs(TWINNED)) and any("its controls are left out" in text for text in said)
        assert not seen.locator(".gvc-controls").first.is_visible()
        assert seen.locator(".gvc-view img").first.is_visible()
    finally:
        seen.close()


def test_without_scripts_a_phone_shows_a_drawing_that_can_be_read_and_a_twin_says_what_it_is(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    try:
        seen = context.new_page()
        seen.goto(f"{site['file']}/{TWINNED}.html")
        for drawing in seen.locator(".gvc-view img").all():
            shown = drawing.bounding_box()["width"] / float(drawing.get_attribute("width"))
            assert 12 * shown >= 9, "pixels of its text"
        assert seen.locator("noscript .gvc-still").first.is_visible()
        assert seen.locator("html").evaluate("page => page.scrollWidth") <= PHONE["width"]
    finally:
        context.close()


CARDS = PAGES[1]  # the first chapter: cards in the text, and links to them


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_what_a_link_points_at_opens(visit, scheme):
    seen = visit("chapters/claims", scheme).page
    seen.click("table.claims-table a[href*='00-reading-a-claim.html#claim-a1-0-05']")
    seen.wait_for_selector("#claim-a1-0-05[open]")
    seen.wait_for_function("Math.abs(document.querySelector('#claim-a1-0-05').getBoundingClientRect().top) < 200")
    link = seen.locator("article a[href='#claim-a1-0-03']").first
    link.click()
    seen.wait_for_selector("#claim-a1-0-03[open]")
    seen.evaluate("document.querySelector('#claim-a1-0-03').open = false")
    link.click()  # the address is there already
    seen.wait_for_selector("#claim-a1-0-03[open]")


def test_a_link_opens_every_fold_around_its_place(visit):
    """A browser opens folds around a place by itself; the card that is the place stays shut without the script."""
    seen = visit(CARDS).page
    seen.evaluate("""const card = document.querySelector("#claim-a1-0-01"), fold = document.createElement("details");
        card.before(fold); fold.append(card); location.hash = "#claim-a1-0-01";""")
    seen.wait_for_selector("details[open] > #claim-a1-0-01[open] dl")


def test_a_card_says_its_verdict_while_it_is_closed_and_is_open_on_paper(visit):
    seen = visit(CARDS).page
    shown = seen.evaluate("""[...document.querySelectorAll("details.claim")].map((card) => {
        const closed = card.querySelector("summary .sign"), within = card.querySelector("dd.verdict p");
        const sign = (part) => getComputedStyle(part, "::before").content;
        return [closed.checkVisibility(), closed.textContent, sign(closed), within.textContent.trim(), sign(within)];
    })""")
    assert shown
    for visible, word, sign, inside, mark in shown:
        assert visible and word == inside and sign == mark != "none"
    closed = seen.locator("details.claim:not([open])").count()
    seen.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed == len(shown) and seen.locator("details.claim:not([open])").count() == 0
    seen.evaluate("dispatchEvent(new Event('afterprint'))")
    assert seen.locator("details.claim:not([open])").count() == closed


def test_whatever_folds_looks_and_acts_like_a_thing_that_opens(laptop, page):
    plain = laptop.page.evaluate("""[...document.querySelectorAll("main summary")].filter((line) => {
        const drawn = getComputedStyle(line, "::before");
        return getComputedStyle(line).cursor !== "pointer" || !/\\S/.test(drawn.content.replace(/"/g, "")) ||
            drawn.content === "none" || !line.textContent.trim() || line.getBoundingClientRect().height < 24;
    }).map((line) => line.outerHTML)""")
    assert plain == []
    named = laptop.page.evaluate("""[...document.querySelectorAll("main :is(summary, button)[aria-label]")]
        .filter((part) => !part.ariaLabel.includes(part.textContent.trim())).map((part) => part.outerHTML)""")
    assert named == [], "what one reads is not what one can say to a voice control"
    lines = laptop.page.locator("main summary")
    if lines.count():
        fold = lines.first.locator("xpath=..")
        before = fold.evaluate("fold => fold.open")
        lines.first.press("Enter")
        assert fold.evaluate("fold => fold.open") is not before
        lines.first.press("Enter")


def test_a_chart_has_its_description_where_a_screen_reader_looks(visit):
    seen = visit(CARDS)
    engine = seen.context.new_cdp_session(seen.page)
    engine.send("Accessibility.enable")
    tree = engine.send("Accessibility.getFullAXTree")["nodes"]
    said = [
        node.get("description", {}).get("value", "")
        for node in tree
        if node.get("role", {}).get("value") == "image" and "fig." in node.get("name", {}).get("value", "").lower()
    ]
    assert len(said) == len(outputs(CARDS))
    for spec in outputs(CARDS):  # the tree is not in the order of the page
        words = spec["usermeta"]["valuechains"]["alternative"][:60]
        assert sum(words in " ".join(text.split()) for text in said) == 1, words


@pytest.mark.parametrize("part", ["primary", "secondary"])
def test_a_menu_of_the_phone_gives_the_focus_back(visit, part):
    seen = visit(CARDS, viewport=PHONE).page
    seen.locator(f".{part}-toggle").first.press("Enter")
    seen.wait_for_selector("dialog[open]")
    seen.keyboard.press("Escape")
    seen.wait_for_function("part => document.activeElement.matches(`.${part}-toggle`)", arg=part)
    assert seen.locator("dialog[open]").count() == 0


def test_the_contents_of_a_page_have_their_word_for_a_name(visit):
    seen = visit(CARDS).page
    assert seen.get_by_role("navigation", name="Contents", exact=True).count() == 1


# --- search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("words", ["upstreamness", "services deficit", "Gini", "measured VALUE added", "A1-2-04"])
def test_search_says_where_and_what_stands_there(visit, scheme, words):
    seen = visit("search", scheme)
    seen.page.fill("main input[name=q]", words)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#search-results li a")
    rows = seen.page.evaluate("""[...document.querySelectorAll("#search-results li")].map((row) => [
        row.querySelector("a").getAttribute("href"), row.querySelector("a").textContent,
        row.querySelector("p").textContent, row.querySelectorAll("mark").length])""")
    assert f"{len(rows)} place" in seen.page.locator("main [role=status]").inner_text() or len(rows) == 40
    assert len({href for href, *_ in rows}) == len(rows), "two results lead to one place"
    assert all("#" in href and name.strip() for href, name, _, _ in rows)
    assert sum(marks > 0 and len(said) > 40 for _, _, said, marks in rows) > len(rows) / 2
    assert seen.refused == [] and seen.errors == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_result_lands_on_its_words_and_opens_their_fold(visit, scheme):
    seen = visit("search", scheme).page
    seen.fill("main input[name=q]", "gini 2019 residents")
    seen.keyboard.press("Enter")
    seen.click("#search-results a[href*='#claim-a1-0-05']")
    seen.wait_for_selector("#claim-a1-0-05[open]")
    seen.wait_for_function("CSS.highlights.get('gvc-found')?.size > 0")
    seen.wait_for_function("""(() => {
        const box = [...CSS.highlights.get("gvc-found")][0].getBoundingClientRect();
        return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
    })()""")


def test_search_says_when_nothing_has_the_words(visit):
    seen = visit("search")
    seen.page.fill("main input[name=q]", "zzyzx chain")
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("status").get_by_text("Try fewer words").wait_for()
    assert seen.page.locator("#search-results li").count() == 0


def test_search_fits_a_phone_and_is_done_by_keyboard(visit):
    seen = visit("search", viewport=PHONE).page
    assert seen.evaluate("document.activeElement.name") == "q"
    seen.keyboard.type("smile curve")
    seen.keyboard.press("Enter")
    seen.wait_for_selector("#search-results li a")
    assert seen.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    seen.locator("main input[name=q]").focus()
    seen.keyboard.press("Tab")
    seen.keyboard.press("Tab")
    assert seen.evaluate("document.activeElement.matches('#search-results li:first-child a')")
    seen.keyboard.press("Enter")
    seen.wait_for_url("**/*found=*#*")


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_search_button_leads_to_results(visit, scheme):
    seen = visit(PAGES[0], scheme)
    assert not any("search" in path for path in seen.bodies), "search is loaded where one searches"
    seen.page.click(".search-button-field")
    sign, text = (seen.page.locator(f"#pst-search-dialog {part}") for part in ("i", "input"))
    edge = text.evaluate(
        "field => field.getBoundingClientRect().left + parseFloat(getComputedStyle(field).paddingLeft)"
    )
    assert sign.bounding_box()["x"] + sign.bounding_box()["width"] <= edge, "the sign covers the first letter"
    seen.page.keyboard.type("chain")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#search-results li a")
    assert seen.errors == []


# --- the first page --------------------------------------------------------------------------------------------------


def test_the_first_page_shows_a_chart_alive_once_it_is_near(browser, site):
    seen = browser.new_page(viewport={"width": 390, "height": 240})
    asked = []
    seen.on("request", lambda request: asked.append(urlsplit(request.url).path.rpartition("/")[2]))
    try:
        seen.goto(f"{site['http']}/{PAGES[0]}.html", wait_until="networkidle")
        assert "charts.js" in asked and "vega.js" not in asked, "Vega comes for a chart that is near"
        first = seen.locator(".gvc-says").text_content()
        seen.locator("figure.gvc-figure").scroll_into_view_if_needed()
        seen.locator(".gvc-controls select").first.select_option(index=1)
        seen.wait_for_function("first => document.querySelector('.gvc-says').textContent !== first", arg=first)
        assert asked.count("vega.js") == 1 and seen.locator("figure.gvc-figure").count() == 1
    finally:
        seen.close()


def test_the_first_page_says_what_was_found_and_what_each_chapter_asks(built):
    soup = _soup(built, PAGES[0])
    tally = {verdict: number for verdict, number in evidence.tally().items() if number}
    assert [one.text for one in soup.select("article p > .sign")] == [
        f"{number} {verdict}" for verdict, number in tally.items()
    ]
    chapters = [page for page in PAGES if re.match(r"chapters/\d\d", page)]
    ways = soup.select(".gvc-questions-asked a")
    assert [f"chapters/{link['href'].removesuffix('.html')}" for link in ways] == chapters
    assert all(link.text.endswith("?") for link in ways)
    assert soup.select(".gvc-figure .caption-number") == [], "a figure has its number in its chapter"
