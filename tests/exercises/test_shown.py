"""What a student reads of a sheet is formulas and names, never the marks of LaTeX and Markdown that they have there."""

import json
import re
from contextlib import nullcontext
from html import unescape

import pytest
from conftest import ROOT

from valuechains import tongue
from valuechains.authoring import catalogue
from valuechains.checks import hints
from valuechains.checks.replies import Reply, State
from valuechains.course.quizzes import words
from valuechains.course.results import pages

SHEETS = {path.parent.name: json.loads(path.read_text("utf-8")) for path in ROOT.glob("exercises/*/sheet.json")}
MARKS = re.compile(r"`|\$[^$\s]|\\[a-z(]|[\^{}]|(?<!\w)[*_]\w")
TEX = re.compile(r"\\\(.*?\\\)")  # a learning management system draws it


def every(kind: str) -> list[str]:
    """All hints, or all mistakes, of all chapters."""
    return [text for sheet in SHEETS.values() for task in sheet["tasks"].values() for text in task.get(kind, ())]


def read(html: str) -> str:
    """What of a piece of HTML is read, without the names in it that are shown as code."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<code>.*?</code>|<math.*?</math>", "", html, flags=re.S)))


@pytest.fixture(params=["en", "zh_CN"])
def language(request):
    catalogue.compile_all(ROOT)
    theirs = tongue.LOCALE / request.param / "LC_MESSAGES" / "ours.mo"
    with nullcontext() if request.param == "en" else tongue.speaking(theirs):
        yield request.param


def test_no_hint_shows_how_it_is_written(language):
    shown = [hints.html(tongue.say(text)) for text in every("hints")]
    assert len(shown) > 100 and [text for text in shown if MARKS.search(read(text).replace("US$", ""))] == []
    assert sum("<sup>" in text or "<i>" in text for text in shown) > 20 and sum("<code>" in text for text in shown) > 10


def test_no_reply_that_is_printed_shows_how_it_is_written(language):
    said = [str(Reply("1", State.WRONG, tongue.say(text))) for text in every("mistakes")]
    assert len(said) > 300 and [text for text in said if MARKS.search(text)] == []
    assert any(
        "\N{LEFT DOUBLE QUOTATION MARK}sheet.variant.year\N{RIGHT DOUBLE QUOTATION MARK}" in text for text in said
    )


def test_no_page_of_feedback_and_no_quiz_shows_how_it_is_written():
    shown = [*map(pages.sentence, every("mistakes")), *map(pages.prose, every("hints"))]
    for mathml in (True, False):
        shown += [TEX.sub("", words.inline(text, mathml=mathml)) for text in every("mistakes") + every("hints")]
    assert [text for text in shown if MARKS.search(read(text).replace("US$", ""))] == []


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\hat{v}B", "<i>v\N{COMBINING CIRCUMFLEX ACCENT}</i><i>B</i>"),
        (r"\sigma \sqrt{1 - R^2}", "σ √(1 − <i>R</i><sup>2</sup>)"),
        (r"c_u + L_{ss}", "<i>c</i><sub><i>u</i></sub> + <i>L</i><sub><i>ss</i></sub>"),
        (r"1/\mathrm{HHI} < 2", "1/HHI &lt; 2"),
    ],
)
def test_a_formula_is_shown_in_letters(latex, shown):
    assert hints.letters(latex) == shown


@pytest.mark.parametrize("latex", [r"\frac{a}{b}", r"a^", r"\begin{matrix}", "{"])
def test_what_letters_cannot_show_is_refused_by_name(latex):
    with pytest.raises(ValueError, match="has more than letters can show"):
        hints.letters(latex)


def test_amounts_of_money_are_no_formula():
    assert hints.html("US$8.46 of US$237.45 and $n$") == "<p>US$8.46 of US$237.45 and <i>n</i></p>\n"
