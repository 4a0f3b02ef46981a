"""The chapters are even-handed: every claim has its card, good and bad news, the same test elsewhere, verdicts only
from the ledger."""

from __future__ import annotations

import re

import pytest

from chapters import CHAPTERS, PAGES, cards, cells, paragraphs, shown, text
from valuechains import datasets, evidence
from valuechains.figures import MIME

EACH_CHAPTER = pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: page.stem)
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
CARDED = [page for page in CHAPTERS if cards(page)]
HOLDS, FALLS = {"S", "P"}, {"C", "N"}
COUNTS = dict(zip(["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"], range(1, 11)))


# --- every claim has a card ------------------------------------------------------------------------------------------


def test_each_claim_has_exactly_one_card():
    placed = sorted(id for page in CHAPTERS for id in cards(page))
    assert placed == sorted(claim.id for claim in evidence.claims())


@pytest.mark.parametrize("page", CARDED, ids=lambda page: page.stem)
def test_a_chapter_treats_its_sections_whole_and_says_so_in_its_head(page):
    sections = {evidence.claim(id).section_code for id in cards(page)}
    wanted = [claim.id for section in sorted(sections) for claim in evidence.claims(section=section)]
    assert sorted(cards(page)) == wanted
    row = re.search(r"^\| \*\*Claims\*\* \| (\w+): (.+?) \|$", text(page), re.M)
    assert (COUNTS[row[1]], announced(row[2])) == (len(wanted), wanted)


def announced(words: str) -> list[str]:
    """The claims that "A1-0-01 to A1-0-05, A2-0-01" names."""
    ledger = [claim.id for claim in evidence.claims()]
    named = []
    for first, last in re.findall(r"(A\d-\d-\d\d)(?: to (A\d-\d-\d\d))?", words):
        named += ledger[ledger.index(first) : ledger.index(last or first) + 1]
    return named


# --- good news and bad news ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", CARDED, ids=lambda page: page.stem)
def test_a_chapter_shows_what_holds_and_what_does_not(page):
    sections = {evidence.claim(id).section_code for id in cards(page)}
    ledger = {claim.verdict_code for section in sections for claim in evidence.claims(section=section)}
    told = {evidence.claim(id).verdict_code for id in cards(page)}
    for news in (HOLDS, FALLS):
        assert told & news or not ledger & news
    assert told & HOLDS, "every section of the two articles has a claim that holds, if only in part"


# --- the same test elsewhere -----------------------------------------------------------------------------------------


def economies() -> dict[str, str]:
    """Code of each economy of the tables, by its name and by its code."""
    known = datasets.read("countries").query("(in_world_tables or in_national_tables) and country != 'ROW'")
    return dict(zip(known.name, known.country)) | dict(zip(known.country, known.country)) | {"Korea": "KOR"}


def strings(value):
    """Every text inside nested lists and mappings, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from strings(item)


def compared(output: dict) -> set[str]:
    """Economies other than China in the data of a published figure, or in a table printed by a cell; not in a twin."""
    codes = economies()
    if MIME in output:
        about = output[MIME]["usermeta"]["valuechains"]
        said = [] if "twin" in about else list(strings(output[MIME]["datasets"]))
    else:
        said = list(strings(output.get("text/html", "")))
    name = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, codes), key=len, reverse=True))})\b")
    return {codes[found] for one in said for found in name.findall(one)} - {"CHN"}


@EACH_CHAPTER
def test_a_chapter_runs_the_same_test_on_two_other_economies(page):
    assert max((len(compared(output)) for output in shown(page)), default=0) >= 2


def test_a_comparison_counts_other_economies_only():
    def figure(*rows, **about):
        return {MIME: {"datasets": {"rows": list(rows)}, "usermeta": {"valuechains": about}}}

    assert compared(figure({"economy": "China"}, {"economy": "Germany"}, {"country": "DEU"})) == {"DEU"}
    assert compared(figure({"economy": "World"}, {"economy": "Asia"}, {"economy": "Rest of the world"})) == set()
    assert compared(figure({"country": "USA"}, {"country": "IND"}, twin={})) == set()
    assert compared({"text/html": ["<td>Korea</td>\n", "<td>United States</td>"]}) == {"KOR", "USA"}


# --- verdicts come from the ledger -----------------------------------------------------------------------------------

VERDICT = (
    r"(?:supported|contradicted|definition-dependent|not checkable|uncheckable|partly (?:true|right|supported)|refuted"
    r"|debunked|disproved)"
)
JUDGED = rf"(?:{VERDICT}|confirmed|true|false)"
IS = r"(?:is|are|was|were|stands?|remains?|turns? out|comes? out)"
NUMBER = r"(?:none|one|two|three|four|five|six|seven|eight|nine|ten|most|\d+)"
GAP, SHORT = r"[^.?!:;|]{0,60}", r"[^.?!:;|]{0,30}"
TYPED = re.compile(
    # the claim is contradicted
    rf"(?<!that the )(?<!whether the )\b(?:claims?|ROLE-claim|A\d-\d-\d\d)\b{GAP}\b{IS}\s+(?:\w+\s+)?{JUDGED}\b"
    rf"|\bverdicts?\b{SHORT}\b{IS}\s+[\"*]*{JUDGED}\b"  # the verdict is "supported"
    rf"|\b{NUMBER}\b(?:\s+\w+){{0,3}}\s+claims?\b(?! that){SHORT}\b(?:holds?|fails?|falls?)\b"  # two of the claims hold
    rf"|\b{NUMBER}\b (?:of (?:the|its|these|them){SHORT} )?{IS} {VERDICT}\b",  # three are supported
    re.I,
)


@EACH_PAGE
def test_no_verdict_is_typed_by_hand(page):
    assert [found[0] for one in paragraphs(text(page)) for found in TYPED.finditer(one)] == []


@pytest.mark.parametrize("sentence", [
    "This claim is contradicted by the filings.",
    "The second claim, on ports, is only partly true.",
    "{claim}`A1-4-02` is false.",
    "A1-4-02 turns out refuted.",
    "The verdict is *supported*.",
    "Two of the seven claims hold.",
    "Of its claims three are supported and one is not.",
])  # fmt: skip
def test_a_typed_verdict_is_found(sentence):
    assert TYPED.search(paragraphs(sentence)[0])


@pytest.mark.parametrize("sentence", [
    "What no claim says cannot be tested.",
    "Of {glue:text}`nine` claims the ledger has: {glue:text}`verdicts`.",
    "It is not the probability that the claim is true.",
    "A verdict answers whether an independent source agrees.",
    "Choose one claim that holds and one that does not.",
    "The share is as stated. Its whole is smaller.",
    "```{claim} A1-4-02\n```\n\nIt is true that Peru has more ports.",
])  # fmt: skip
def test_other_sentences_are_left_alone(sentence):
    assert not any(TYPED.search(one) for one in paragraphs(sentence))


def test_the_pages_are_there():
    assert len(CHAPTERS) == 10 and {"claims", "definitions"} <= {page.stem for page in PAGES}
    assert all(cells(page, "markdown") for page in PAGES)
