"""The book to take along: PDF, EPUB, bundle, figures, and the list of them on the first page."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from conftest import ROOT
from pages import CHARTED

from valuechains.authoring import questions
from valuechains.book.away import bundle, epub, pdf, shelf
from valuechains.book.away.pages import Page, listed
from valuechains.book.edition import CHINESE

SOME = ("chapters/05-challenges", "chapters/notation")  # charts, cards, exercises and formulas; and links between two
COLUMN = 614  # pixels of a line of text on A4, at least
MILLIMETRE = 96 / 25.4  # pixels
XHTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


@pytest.fixture(scope="module")
def taken(built) -> list[Page]:
    return [Page(built, name) for name in SOME]


def test_pages_leave_with_cards_open_and_solutions_after_the_exercises(taken):
    article = taken[0].article
    assert article.select("details.claim") and not article.select("details:not([open]), script, button, input")
    assert all(image["alt"] for image in article.find_all("img"))
    settings = [part.get_text() for part in article.select(".gvc-setting")]
    assert settings and all(one.startswith("Shown as its controls first stand on the page: ") for one in settings)
    (solutions,) = article.select("#worked-solutions")
    assert solutions.find_next_sibling("details") and not solutions.find_next("h4")


@pytest.mark.parametrize("name", ["00-reading-a-claim", "05-challenges"])
def test_questions_leave_with_their_options_apart_and_their_answers_after_all_of_them(built, name):
    """Nothing checks them on paper: what is right stands there, and what the page says to it."""
    article = Page(built, f"chapters/{name}").article
    asked = questions.read(ROOT / "exercises" / name / "questions.yml")
    answers = [part.get_text(" ", strip=True) for part in article.select("#answers ~ p")]
    assert len(answers) == len(asked) > 3 and not article.select("form label")
    for one in asked:
        options = [part.get_text(" ", strip=True) for part in article.select(f"#question-{one.id} li")]
        assert len(options) == len(getattr(one, "options", ()))
        right = options[one.right] if options else f"{one.answer:.4g} {one.unit}".strip()
        why = (one.says[one.right] if options else one.right).replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        (link,) = article.select(f'#answers ~ p a[href="#question-{one.id}"]')
        said = link.find_parent("p").get_text(" ", strip=True)
        assert said == f"{link.get_text()} {right.removesuffix('.')}. {why}"


def test_no_heading_leaves_without_what_it_heads(taken):
    headings = taken[0].article.select("section > :is(h2, h3, h4)")
    bare = [one for one in headings if not "".join(rest.get_text() for rest in one.find_next_siblings()).strip()]
    assert len(headings) > 10 and [one.get_text() for one in bare] == []


@pytest.mark.parametrize("page", CHARTED)
def test_on_paper_the_letters_of_a_drawing_can_be_read(built, page):
    """Of 12 pixels as drawn; a drawing is made smaller until it fits a line's width and the height of paper.css."""
    paper = (ROOT / "valuechains" / "book" / "assets" / "paper.css").read_text(encoding="utf-8")
    low, high = (int(size) * MILLIMETRE for size in re.findall(r"max-height: (\d+)mm", paper))
    for view in Page(built, page).article.select(".gvc-view"):
        drawn = view.find("img")
        most = high if "gvc-tall" in view["class"] else low
        scale = min(1, COLUMN / float(drawn["width"]), most / float(drawn["height"]))
        assert 12 * scale > 7, drawn["src"]


def test_chinese_words_leave_as_chinese(built):
    """For who has a book or an e-reader read aloud: both are made of these articles."""
    article = Page(built, "chapters/06-industrial-brain").article
    found = article.find_all(string=CHINESE)
    assert found and all(text.find_parent(lang="zh") for text in found)


@pytest.fixture(scope="module")
def archive(built, taken, tmp_path_factory) -> zipfile.ZipFile:
    out = tmp_path_factory.mktemp("epub") / "book.epub"
    epub.write(built, out, taken, "A title & more", "Somebody", 315532800)
    first = out.read_bytes()
    epub.write(built, out, taken, "A title & more", "Somebody", 315532800)
    assert out.read_bytes() == first
    return zipfile.ZipFile(out)


def test_an_epub_is_well_formed_and_every_link_in_it_leads_somewhere(archive):
    names = archive.namelist()
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    pages = {name: ElementTree.fromstring(archive.read(name)) for name in names if name.endswith(".xhtml")}
    ids = {name: [part.get("id") for part in tree.iter() if part.get("id")] for name, tree in pages.items()}
    for name, tree in pages.items():
        assert len(ids[name]) == len(set(ids[name]))
        assert tree.find(f"{XHTML}head/{XHTML}title").text
        for link in tree.iter(f"{XHTML}a"):
            path, _, place = link.get("href", "").partition("#")
            if not re.match(r"\w+:", path):
                assert f"book/{path}" in names and (not place or place in ids[f"book/{path}"]), link.get("href")
        assert all(f"book/{image.get('src')}" in names for image in tree.iter(f"{XHTML}img"))
    chapter = pages["book/05-challenges.xhtml"]
    assert len(list(chapter.iter(f"{XHTML}figure"))) == 6 and len(list(chapter.iter(f"{MATHML}math"))) > 20
    package = ElementTree.fromstring(archive.read("book/book.opf"))
    opf = "{http://www.idpf.org/2007/opf}"
    items = {f"book/{item.get('href')}" for item in package.iter(f"{opf}item")}
    assert items == {name for name in names if name.startswith("book/")} - {"book/book.opf"}
    assert "A title & more" in [part.text for part in package.iter()]


@pytest.mark.browser
def test_a_pdf_has_tags_bookmarks_fonts_and_links_with_the_number_of_their_sheet(built, taken, browser, tmp_path):
    out = tmp_path / "book.pdf"
    other = SimpleNamespace(name="chapters/glossary", key="glossary")
    boxes = pdf.write(built, out, taken, "Two pages", browser, "19800101000000", beside=[*taken, other])
    printed = out.read_bytes()
    for part in (b"/MarkInfo", b"/StructTreeRoot", b"/Outlines", b"/FontFile2", b"/Lang"):
        assert part in printed, part
    assert b"/URI (glossary.pdf)" in printed and pdf.BESIDE.encode() not in printed  # wherever the two files lie
    assert printed[int(re.findall(rb"startxref\n(\d+)", printed)[-1]) :].startswith(b"xref"), (
        "its bytes are as it counts"
    )
    assert b"file:" not in printed and not (built / "print.html").exists()
    assert set(re.findall(rb"Date \(D:(\d{14})", printed)) == {b"19800101000000"}
    assert boxes == ""
    numbers = pdf.sheets(printed)
    text = pdf.book(built, taken, "Two pages", numbers)
    assert "p. 000" not in text and numbers["notation"] > numbers["05-challenges"] > 1
    assert f'href="#notation">Notation</a><span class="at">{numbers["notation"]}</span>' in text


@pytest.mark.browser
def test_letters_that_no_font_has_are_named(built, browser):
    printed, boxes = pdf.printed(built, "<!DOCTYPE html><html lang=en><body><p>an\u0379d \u0380 − é", browser)
    assert boxes == "\u0379\u0380" and b"/Type /Page" in printed


def test_a_pdf_is_the_same_bytes_however_the_browser_numbered_its_parts():
    """Renamed in their own order, in which their tree has to stand, and to the same length."""
    made = [b"/CreationDate (D:20260101000000+00'00')" + b"".join(b"/ID (node%08d) " % (number + first)
            for number in (7, 3, 9, 3)) for first in (0, 40)]  # fmt: skip
    one, other = (pdf.fixed(content, "19800101000000") for content in made)
    assert one == other and one.endswith(b"(node00000002) /ID (node00000001) /ID (node00000003) /ID (node00000001) ")
    assert len(one) == len(made[0])


def test_every_figure_leaves_with_its_data_its_source_and_how_it_is_drawn(built):
    found = [bundle.described(page, spec) for page, spec in bundle.figures(ROOT, listed(ROOT))]
    own = {page for page in CHARTED if (ROOT / f"{page}.ipynb").is_file()}  # the first page shows one of a chapter
    assert {one["page"].partition(".html")[0] for one in found} == own
    for one in json.loads(bundle.as_json(found))["figures"]:
        page, _, place = one["page"].partition("#")
        assert f'id="{place}"' in (built / page).read_text(encoding="utf-8")
        assert one["source"] and one["specification"]["$schema"] and any(one["data"].values())


def test_a_bundle_is_the_same_bytes_whatever_the_order_and_the_clock(tmp_path):
    files = [("b/ü.txt", b"two"), ("a.txt", b"one")]
    for name, some in (("one.zip", files), ("two.zip", files[::-1])):
        bundle.packed(tmp_path / name, some, 315532800)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").read("b/ü.txt") == b"two"


def test_the_first_page_lists_the_files_that_are_there_and_no_other(tmp_path):
    page = "<article><section><h1>Book</h1></section></article>"
    assert "gvc-away" not in shelf.shelf(page, tmp_path)
    for name in ("book.epub", "03-dual-engines.pdf", "bundle.zip"):
        Path(tmp_path, name).write_bytes(b"x" * 2_100_000)
    once = shelf.shelf(page, tmp_path)
    assert re.findall(r'href="../away/([^"]+)"', once) == ["book.epub", "bundle.zip", "03-dual-engines.pdf"]
    assert "2.1 MB" in once and shelf.shelf(once, tmp_path) == once
    assert "bundle.zip" not in shelf.shelf(once, tmp_path, but="bundle.zip")
    for path in tmp_path.iterdir():
        path.unlink()
    assert "gvc-away" not in shelf.shelf(once, tmp_path)
