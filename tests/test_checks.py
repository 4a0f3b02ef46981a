"""A check answers right, wrong, missing and mistaken answers with the sentence they deserve."""

import math

import numpy as np
import pytest

from valuechains import checks

EXPECTED = [0.25, 0.5]
MISTAKES = {"These are row coefficients.": [0.4, 0.8]}


def reply(answer):
    return checks.numbers("Exercise 1", "shares", answer, EXPECTED, mistakes=MISTAKES)


@pytest.mark.parametrize("answer", [EXPECTED, np.array(EXPECTED), (0.25, 0.5), [[0.25], [0.5]], [0.2501, 0.5001]])
def test_right_by_any_route(answer):
    assert reply(answer).state == "right"


@pytest.mark.parametrize("answer", [..., None])
def test_an_empty_answer_is_to_do(answer):
    assert reply(answer).state == "to do"
    assert "`shares`" in reply(answer).says


@pytest.mark.parametrize(("answer", "says"), [
    ("a quarter", "is text"),
    ({"a": 1}, "is of type dict"),
    (0.25, "shape ()"),
    ([0.25, 0.5, 0.25], "shape (3,)"),
    ([0.25, math.nan], "missing or infinite"),
    ([0.25, math.inf], "missing or infinite"),
    ([0.4, 0.8], "row coefficients"),
    ([25, 50], "percentages"),
    ([0.3, 0.5], "more than 0.1%"),
])
def test_a_wrong_answer_is_told_what_is_wrong(answer, says):
    assert reply(answer).state == "wrong"
    assert says in reply(answer).says


@pytest.mark.parametrize("answer", ["a", 0.3, [0.3, 0.3], [0.4, 0.8], [math.nan, 1]])
def test_no_reply_shows_the_value(answer):
    assert not any(str(value) in reply(answer).says for value in EXPECTED)


def test_words():
    options = ("smile", "frown", "flat")
    ask = lambda answer: checks.word("Exercise 6", "verdict", answer, "frown", options)  # noqa: E731
    assert [ask(a).state for a in (..., "frown", "smile", "grin", 3)] == ["to do", "right", "wrong", "wrong", "wrong"]
    assert "choose one of" in ask("grin").says
