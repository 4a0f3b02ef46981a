"""What the theme brings is cut to what pages use, and nothing that a reader can open loses its look."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from valuechains.book import font, thin

THEMES = [Path(str(files(name))) / "theme" / name / "static" for name in ("sphinx_book_theme", "pydata_sphinx_theme")]
SHEETS = {f"styles/{path.name}": path for theme in THEMES[::-1] for path in (theme / "styles").glob("*-theme.css")}
LIVE = """[...new Set([...document.querySelectorAll('*')]
    .flatMap(part => [part.localName, part.id, ...part.classList]))].filter(Boolean).join(' ')"""


@pytest.mark.parametrize(
    "css, kept",
    [
        (".used{a:b}.other{a:b}", ".used{a:b}"),
        ("p,.other,.used p{a:b}", "p,.used p{a:b}"),
        (".used:not(.other),.used:is(.other,p){a:b}", ".used:not(.other),.used:is(.other,p){a:b}"),
        (".used.other,.used>.other,#other,other{a:b}", ""),
        ("p::before,p:hover,[data-x=other],*,:root{a:b}", "p::before,p:hover,[data-x=other],*,:root{a:b}"),
        ("@media print{.other{a:b}.used{a:b}}", "@media print{.used{a:b}}"),
        ("@media print{.other{a:b}}@supports (a:b){@media print{p{a:b}}}", "@supports (a:b){@media print{p{a:b}}}"),
        ('@charset "utf-8";@font-face{src:url(x)}@keyframes turn{0%{a:b}}', None),
        ("/*! whose it is *//* why */p{a:b}", "/*! whose it is */p{a:b}"),
        (r".\31 0{a:b}.used\:x{a:b}", ""),
    ],
)
def test_a_rule_stays_if_what_it_asks_for_may_be_there(css, kept):
    assert thin.style(css, "used p")["style.css"].decode() == (css if kept is None else kept)


def test_names_come_from_pages_and_from_scripts(tmp_path):
    (tmp_path / "theme.js").write_text('part.classList.add("opened-late", kind)')
    (tmp_path / "vega.js").write_text('"of-no-page"')
    found = thin.names(['<p class="one two" id="three">four</p><my-tag>'], tmp_path)
    assert {"p", "one", "two", "three", "my-tag", "opened-late", "kind"} <= found
    assert not {"four", "of-no-page"} & found


def _glyphs(content: bytes, folder: Path) -> set[int]:
    (folder / "font").write_bytes(content)
    with TTFont(folder / "font") as opened:
        return set(opened.getBestCmap())


def test_a_font_of_formulas_has_their_letters_as_they_are_shown(tmp_path):
    assert thin.characters(["<p>z</p><math><mi>x</mi><mo>&#x2211;</mo></math>"]) == "x∑"
    points = _glyphs(font.mathematical("∑β")["math.woff"], tmp_path)
    assert {ord(one) for one in "∑β𝛽𝑥𝑋ℎ√"} <= points and ord("∫") not in points


@pytest.mark.browser
def test_whatever_a_page_opens_looks_as_in_the_whole_theme(built, site, browser, tmp_path):
    """The rules for all that stands on a page once its menus and folds were opened are rules of the site."""
    seen = browser.new_page(viewport={"width": 390, "height": 800})
    live = set()
    try:
        seen.goto(f"{site['http']}/chapters/02-services.html")
        seen.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
        for opener in (".primary-toggle", ".secondary-toggle", ".search-button__button", ".theme-switch-button"):
            seen.evaluate("opener => document.querySelector(opener).click()", opener)
            live.update(seen.evaluate(LIVE).split())
            seen.keyboard.press("Escape")
    finally:
        seen.close()
    for name, whole in SHEETS.items():
        cut = (built / "_static" / name).read_text(encoding="utf-8")
        wanted = thin.style(whole.read_text(encoding="utf-8"), " ".join(live))["style.css"].decode()
        rules = {rule for rule in re.findall(r"[^{}]+\{[^{}]*\}", wanted) if "url(" not in rule}
        assert len(rules) > 60 and len(cut) < 0.7 * whole.stat().st_size
        selectors = {one for rule in rules for one in rule.split("{")[0].split(",")}
        there = {one for rule in re.findall(r"[^{}]+\{", cut) for one in rule[:-1].split(",")}
        assert selectors - there == set()


def test_the_signs_that_pages_show_are_in_their_font(built, tmp_path):
    pages = " ".join(path.read_text(encoding="utf-8") for path in (built / "chapters").glob("*.html"))
    css = (built / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    (file,) = (built / thin.SIGNS).glob("*solid*")
    points = _glyphs(file.read_bytes(), tmp_path)
    for name in set(re.findall(r'class="fa-solid (fa-[a-z-]+)', pages)):
        escaped, plain = re.search(rf"\.{name}[^{{]*\{{[^}}]*?{thin.SIGN.pattern}", css).groups()
        assert (int(escaped, 16) if escaped else ord(plain)) in points, name
    assert file.suffix == ".woff" and file.stat().st_size < 30_000 and f"{file.name}) format" in css


def addresses(site: Path) -> dict[str, set[str]]:
    """Of each style and script of the site, by what its address ends in where a page names it; 404 names no version."""
    found: dict[str, set[str]] = {}
    for page in (one for one in site.rglob("*.html") if one.name != "404.html"):
        for name, version in re.findall(r'="([^":?]+\.(?:css|js))(\?[^"]*)?"', page.read_text(encoding="utf-8")):
            found.setdefault(str((page.parent / name).resolve()), set()).add(version)
    return found


def test_every_page_names_a_style_and_a_script_alike(built):
    """Also one that was written again when the others were not."""
    assert [name for name, versions in addresses(built).items() if len(versions) > 1] == []
