"""The table of claims, the map of the module and the uses of each term, on a small book of one chapter."""

from __future__ import annotations

import json
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook

from valuechains import evidence
from valuechains.book import claims_table, module_map, overviews

PARTS = ("claims", "claims_table", "claim_review", "module_map", "glossary", "head", "edition")
EXTENSIONS = ["myst_nb", *(f"valuechains.book.{name}" for name in PARTS)]
SPEAK = '<script src="{{ pathto("_static/gvc/theme.js", 1) }}"></script>'  # scripts say what they say by it
LAYOUT = f'{{% extends "!layout.html" %}}{{% block extrahead %}}{SPEAK}{{% include "about.html" %}}{{% endblock %}}'
HEAD = """# The first

*Why?*

| | |
|---|---|
| **Time** | 3.5 hours: 2 of reading, 1.5 of work |
| **Before you start** | Percentages (needed) |
| **Claims** | One: A1-1-01 |
| **Widgets** | None |
"""
LAST = HEAD.replace("The first", "The last").replace("3.5 hours: 2 of reading, 1.5 of work", "4 to 6 hours")
PAGES = {
    "index.md": "# Book\n\n```{module-map}\n```\n\n```{toctree}\n01-first\n09-last\nclaims\nwords\n```\n",
    "claims.md": "# Claims\n\n```{claims-table}\n```\n",
    "words.md": "# Words\n\n```{glossary}\nlevel\n  An amount.\n\nrate\n  A ratio.\n```\n",
    "01-first.ipynb": [HEAD, "A {term}`level <Level>` is no rate.\n\n```{claim} A1-1-01\n```"],
    "09-last.ipynb": [LAST, "One more {term}`level`."],
}


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """The folder of a built book with two chapters, a table of claims and a glossary."""
    folder = tmp_path_factory.mktemp("book")
    source = folder / "source"
    (source / "static").mkdir(parents=True)
    ours = Path(claims_table.__file__).parent
    shutil.copytree(ours / "assets", source / "static" / "gvc")
    shutil.copytree(ours / "theme", source / "templates")
    (source / "templates" / "layout.html").write_text(LAYOUT, encoding="utf-8")
    (source / "chapters" / "shared").mkdir(parents=True)
    (source / "chapters" / "shared" / "picture.png").write_bytes(b"a picture")
    settings = {
        "extensions": EXTENSIONS,
        "html_static_path": ["static"],
        "html_theme": "basic",
        "html_title": "A small book",
        "html_baseurl": "https://example.org/a/book",
        "templates_path": ["templates"],
        "smartquotes": False,
        "nb_execution_mode": "off",
    }
    (source / "conf.py").write_text(
        "\n".join(f"{name} = {value!r}" for name, value in settings.items()), encoding="utf-8"
    )
    for name, content in PAGES.items():
        if name.endswith(".md"):
            (source / name).write_text(content, encoding="utf-8")
        else:
            nbformat.write(new_notebook(cells=[new_markdown_cell(cell) for cell in content]), source / name)
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(folder / "html")]
    done = subprocess.run(build, capture_output=True, text=True, check=False)  # apart: MyST-NB changes Sphinx for good
    warnings = [line for line in done.stderr.splitlines() if "claims.css" not in line]
    assert (done.returncode, warnings) == (0, [])
    return folder / "html"


def html(book: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((book / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


# --- the table of claims ---------------------------------------------------------------------------------------------


def test_the_table_holds_the_ledger(book):
    rows = html(book, "claims").select("table.claims-table tbody tr")
    told = [[cell.get_text(strip=True) for cell in row.find_all(["td", "th"])] for row in rows]
    assert told == [[claim.id, claim.paraphrase, claim.article.author, claim.section, claim.kind, claim.verdict, claim.confidence]
                    for claim in evidence.claims()]  # fmt: skip


def test_a_row_leads_to_its_card_and_chapter_and_stands_without_them(book):
    rows = {
        row.find("th").get_text(strip=True): row for row in html(book, "claims").select("table.claims-table tbody tr")
    }
    assert [link["href"] for link in rows["A1-1-01"].find_all("a")] == ["01-first.html#claim-a1-1-01", "01-first.html"]
    assert rows["A1-1-02"].find_all("a") == []


def test_the_filters_are_labelled_and_in_the_order_of_the_ledger(book):
    form = html(book, "claims").select_one("form.claims-filter")
    assert form.has_attr("hidden")
    assert all(field.find_parent("label") for field in form.find_all(["input", "select"]))
    verdicts = [option.get_text() for option in form.select("select[name=verdict] option")]
    assert verdicts == ["all", *evidence.VERDICTS.values()]


def test_only_the_page_with_the_table_loads_its_script(book):
    scripts = {
        page: [script.get("src", "") for script in html(book, page).find_all("script")] for page in ("claims", "words")
    }
    assert any("claims-table.js" in script for script in scripts["claims"])
    assert not any("claims-table.js" in script for script in scripts["words"])


@pytest.fixture
def page(browser, book):
    context = browser.new_context()
    opened = context.new_page()
    opened.goto((book / "claims.html").as_uri())
    yield opened
    context.close()


def shown(page, column: str) -> list[str]:
    return page.evaluate(f"""[...document.querySelectorAll('.claims-table tbody tr')].filter(row => row.checkVisibility())
        .map(row => row.querySelector('.{column}').textContent.trim())""")


@pytest.mark.browser
def test_filters_narrow_the_table_by_keyboard_and_say_how_far(page):
    assert page.get_by_role("status").text_content() == "60 of 60 claims shown"
    page.get_by_label("Verdict").focus()
    page.keyboard.type("contra")
    contradicted = evidence.claims(verdict="C")
    assert shown(page, "claim") == [claim.id for claim in contradicted]
    assert page.get_by_role("status").text_content() == f"{len(contradicted)} of 60 claims shown"
    page.get_by_label("Text").fill(contradicted[-1].paraphrase)
    assert shown(page, "claim") == [contradicted[-1].id]
    page.get_by_label("Text").fill("no such words")
    assert page.get_by_role("status").text_content().startswith("0 of 60 claims shown: no claim has all of this")
    page.get_by_role("button", name="Show all").press("Enter")
    page.wait_for_function("document.querySelector('[role=status]').textContent === '60 of 60 claims shown'")
    assert len(shown(page, "claim")) == 60


@pytest.mark.browser
@pytest.mark.parametrize("column, order", [
    ("confidence", list(evidence.CONFIDENCE)), ("verdict", list(evidence.VERDICTS.values())), ("kind", list(evidence.KINDS)),
])  # fmt: skip
def test_a_column_sorts_both_ways_in_the_order_of_the_ledger(page, column, order):
    head = page.get_by_role("columnheader", name=column.capitalize())
    assert head.get_attribute("aria-sort") is None
    for direction in ("ascending", "descending"):
        head.get_by_role("button").press("Enter")
        assert head.get_attribute("aria-sort") == direction
        assert page.locator("[aria-sort]").count() == 1
        ranks = [order.index(cell) for cell in shown(page, column)]
        assert len(set(ranks)) > 1 and ranks == sorted(ranks, reverse=direction == "descending")


@pytest.mark.browser
def test_the_table_is_whole_without_a_script(browser, book):
    context = browser.new_context(java_script_enabled=False)
    try:
        opened = context.new_page()
        opened.goto((book / "claims.html").as_uri())
        assert opened.locator(".claims-table tbody tr").count() == 60
        assert not opened.locator("form.claims-filter").is_visible()
    finally:
        context.close()


# --- the map ---------------------------------------------------------------------------------------------------------


def test_the_map_says_what_the_chapters_say(book):
    index = html(book, "index")
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])]
        for row in index.select(".module-map tbody tr")
    ]
    assert rows == [
        ["1 The first", "3.5 hours", "Percentages (needed)", "One: A1-1-01", "None"],
        ["9 The last", "4 to 6 hours", "Percentages (needed)", "One: A1-1-01", "None"],
    ]
    assert index.select_one(".module-map tbody a")["href"] == "01-first.html"
    assert "In all 7.5 to 9.5 hours of student time." in index.get_text()


@pytest.mark.parametrize("wrong, said", [
    (HEAD.replace("**Widgets**", "**Toys**"), "lacks Widgets"),
    (HEAD.replace("# The first", "The first"), "lacks a title"),
    (HEAD.replace("3.5 hours", "An afternoon"), "lacks hours at the start of Time"),
])  # fmt: skip
def test_a_chapter_without_its_head_is_named(tmp_path, wrong, said):
    path = tmp_path / "03-third.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(wrong)]), path)
    with pytest.raises(ValueError, match=rf"03-third.ipynb {re.escape(said)}"):
        module_map.read_head(path)


# --- the glossary ----------------------------------------------------------------------------------------------------


def test_a_term_names_the_chapters_that_use_it(book):
    entries = html(book, "words").select("dl.glossary dd")
    assert [entry.get_text(" ", strip=True) for entry in entries] == ["An amount. Used in chapters 1 , 9", "A ratio."]
    assert [link["href"] for link in entries[0].find_all("a")] == ["01-first.html", "09-last.html"]


# --- where it is published -------------------------------------------------------------------------------------------


def test_a_book_with_an_address_says_it_wherever_a_page_is_shown_elsewhere(book):
    at = "https://example.org/a/book/"
    page = html(book, "01-first")
    (told,) = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert told["url"] == f"{at}01-first.html#claim-a1-1-01" and told["author"]["name"] == "A small book"
    assert page.select_one("link[rel=canonical]")["href"] == f"{at}01-first.html"
    shown = {part["property"]: part["content"] for part in page.select("meta[property]")}
    assert shown["og:url"] == f"{at}01-first.html" and shown["og:title"] == "The first"
    assert shown["og:image"] == f"{at}_static/gvc/picture.png"
    assert (book / "_static" / "gvc" / "picture.png").read_bytes() == b"a picture"
    assert html(book, "404").base["href"] == "/a/book/", "links of a lost address start from the book's own folder"


# --- what is read again ----------------------------------------------------------------------------------------------


def test_a_page_made_from_others_is_read_again_when_any_page_is_and_only_then(book):
    env = pickle.loads((book / ".doctrees" / "environment.pickle").read_bytes())
    assert list(overviews.outdated(None, env, set(), set(), set())) == []
    for place in range(3):
        moved = [{"01-first"} if one == place else set() for one in range(3)]
        assert sorted(overviews.outdated(None, env, *moved)) == ["claims", "index"]
