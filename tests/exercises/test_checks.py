"""Seals, variants, and what the sheet says: on a small sheet of its own."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from valuechains import checks
from valuechains.checks import Sheet, State, seals
from valuechains.checks.replies import Reply
from valuechains.checks.saved import TEXT_STUB
from valuechains.checks.variants import drawn
from valuechains.course.key import Answer, Key


def made() -> Key:
    key = Key("x", title="X", minutes=1, variants=[{"economy": code} for code in ("CHN", "DEU", "KOR", "IND")])

    @key.numbers(
        "1",
        "share",
        points=2,
        shape=(2,),
        unit="fractions",
        tolerance=5e-4,
        decimals=3,
        labels=[("home", "abroad")],
        bounds=(0, 1),
        hints=("look", "divide", "so"),
    )
    def share(variant):
        return Answer(
            [0.2, 0.3], {"Gross, not value added.": [0.4, 0.6], "Foreign and domestic are swapped.": [0.7, 0.1]}
        )

    @key.words("2", "kinds", points=1, options=("level", "rate", "rank"), keys=("a", "b"))
    def kinds(variant):
        return Answer(["level", "rank"], {"b is no rate.": {1: "rate"}})

    @key.numbers("3", "own", points=1, unit="US$", tolerance=1, decimals=0, varies=True)
    def own(variant):
        return Answer(100 + 10 * len(variant.economy) + ord(variant.economy[0]))

    key.form(
        "4", "plan", points=1, fields={"event": {"words": 3}, "chance": {"between": [0, 1]}, "date": {"date": True}}
    )
    key.text("5", points=3)
    return key


KEY = made()
SHEET = Sheet(KEY.sheet())


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4), st.floats(-0.9, 0.9), st.sampled_from([1e-3, 0.5, 10]))
def test_a_seal_opens_within_its_tolerance_and_not_beyond(values, part, tolerance):
    seal = seals.seal_numbers(np.array(values), tolerance, "salt")
    assert seals.opens_numbers(seal, np.array(values) + part * tolerance, "salt")
    assert not seals.opens_numbers(seal, np.array(values) + 1.1 * tolerance, "salt")
    assert not seals.opens_numbers(seal, np.array([*values, 1.0]), "salt")


def test_a_seal_shows_only_digits_below_the_tolerance():
    one, other = (seals.seal_numbers(np.array([value]), 0.5, "salt") for value in (1234.25, 17.25))
    assert one["phase"] == other["phase"]
    assert one["digest"] != other["digest"]


def test_a_variant_follows_from_salt_and_id_and_nothing_else():
    assert drawn(8, "salt", "02", None) == drawn(8, "salt", "02", "") == 0
    assert drawn(8, "salt", "02", "s1") == drawn(8, "salt", "02", "s1")
    places = [drawn(8, "salt", "02", f"s{number}") for number in range(400)]
    assert set(places) == set(range(8))
    assert max(map(places.count, range(8))) < 100
    assert places != [drawn(8, "other salt", "02", f"s{number}") for number in range(400)]


def test_a_student_gets_the_answer_of_the_own_variant():
    for student in ("a", "b", "c", "d", "e"):
        sheet = Sheet(KEY.sheet(), student=student)
        value = KEY.tasks["3"].answer(vars(sheet.variant)).right
        assert sheet.reply("3", own=value).state == "right"
        assert sheet.reply("3", own=value + 4).state == "wrong"


@pytest.mark.parametrize(
    ("answers", "state", "part"),
    [
        (dict(share=[0.2, 0.3]), "right", "right."),
        (dict(share=pd.Series([0.2, 0.3])), "right", "right."),
        (dict(share=np.array([[0.2, 0.3]])), "right", "right."),
        (dict(share=[0.2004, 0.2997]), "right", "right."),
        (
            dict(share=[0.2006, 0.3]),
            "wrong",
            "In `share`, 'home' is not what is asked for (fractions; three decimals).",
        ),
        (dict(share=[0.4, 0.6]), "wrong", "Gross, not value added."),
        (dict(share=[20, 30]), "wrong", "percentages"),
        (dict(share=[20.04, 29.96]), "wrong", "percentages"),
        (dict(share=[-0.2, -0.3]), "wrong", "sign"),
        (dict(share=[0.3, 0.2]), "wrong", "order"),
        (dict(share=[0.2, 3]), "wrong", "In `share`, 'abroad' lies outside of what is possible, from 0 to 1"),
        (dict(share=[0, 0.3]), "wrong", "In `share`, 'home' is not what is asked for"),
        (dict(share=[2, 3.5]), "wrong", "In `share`, 'home' and 'abroad' lie outside of what is possible"),
        (dict(share=0.2), "wrong", "one number, and 2 numbers are asked for"),
        (dict(share="0.2"), "wrong", "one number"),
        (dict(share=0.5), "wrong", "is the sum of what is asked for: give the 2 numbers"),
        (dict(share=["0.2", "30 %"]), "right", "right."),
        (dict(share={"abroad": 0.3, "home": 0.2}), "right", "right."),
        (dict(share=[0.2, 30]), "wrong", "'abroad' is a percentage: give a fraction."),
        (dict(share=[0.2, "x"]), "wrong", "entry 2 is the text 'x'"),
        (dict(share=[0.2, None]), "to do", "not done yet"),
        (dict(share=[0.2, float("nan")]), "wrong", "missing or infinite"),
        (dict(kinds={"b": "rank", "a": "level"}), "right", "right."),
        (dict(kinds=["level", "rate"]), "wrong", "b is no rate."),
        (dict(kinds={"a": "level"}), "wrong", "no entry 'b'"),
        (
            dict(kinds=["level", "cause"]),
            "wrong",
            'In `kinds`, \'b\' is \'cause\': choose one of "level"; "rate"; "rank".',
        ),
        (dict(kinds=["rate", "rank"]), "wrong", "In `kinds`, 'a' does not fit."),
        (dict(kinds=["rank", "level"]), "wrong", "In `kinds`, 'a' and 'b' do not fit."),
        (dict(kinds=["level"]), "wrong", "has 1 entry, and 2 are asked for"),
        (dict(plan={"event": "exports of services fall", "chance": 0.2, "date": "2030-12-31"}), "right", "complete"),
        (dict(plan={"event": "a fall", "chance": 0.2, "date": "2030-12-31"}), "wrong", "2 words"),
        (dict(plan={"event": "exports of services fall", "chance": 20, "date": "2030-12-31"}), "wrong", "from 0 to 1"),
        (dict(plan={"event": "exports of services fall", "chance": 0.2, "date": "soon"}), "wrong", "a date such as"),
        (dict(plan={"event": "exports of services fall", "chance": 0.2}), "wrong", "'date' is empty"),
        (dict(plan="a plan"), "wrong", "is text"),
    ],
)
def test_what_is_said(answers, state, part):
    task = {"share": "1", "kinds": "2", "plan": "4"}[next(iter(answers))]
    reply = SHEET.reply(task, **answers)
    assert (reply.state, part in reply.says) == (state, True), reply.says


def test_a_known_mistake_is_told_by_its_number():
    assert [SHEET.reply("1", share=one).mistake for one in ([0.4, 0.6], [0.7, 0.1], [0.2, 0.3])] == [0, 1, None]
    assert SHEET.reply("2", kinds=["level", "rate"]).mistake == 0


def test_each_state_has_a_sign_of_its_own():
    states = (State.RIGHT, State.NEARLY, State.WRONG, State.TO_DO, State.TO_BE_READ)
    assert [str(Reply("2b", state, "so.")) for state in states] == [f"{sign} Exercise 2b: so." for sign in "✓≈✗○✎"]


def test_the_page_knows_the_text_that_a_student_finds():
    desk = (ROOT / "valuechains/book/onpage/page/desk.js").read_text(encoding="utf-8")
    assert f"const STUB = {json.dumps(TEXT_STUB)}; " in desk


def test_the_sheet_holds_no_answer():
    text = json.dumps(KEY.sheet())
    for word in ("[0.2, 0.3]", '"level", "rank"', '"rank"]}', "compute"):
        assert word not in text


def test_progress_and_hints_are_for_everybody(capsys):
    frame = SHEET.progress(share=[0.2, 0.3], kinds=..., plan=...)
    assert frame.state.to_dict()["1"] == "done"
    assert frame.points["checked here"] == "2 of 5"
    assert frame.points["read by people"] == "? of 3"
    SHEET.hint("9")
    assert "no hint" in capsys.readouterr().out


def test_a_hint_says_that_it_opens_and_holds_the_next(monkeypatch):
    shown = []
    module = sys.modules[Sheet.__module__]  # `checks.sheet` is the function
    monkeypatch.setattr(module, "display", lambda html: shown.append(BeautifulSoup(html.data, "html.parser")))
    SHEET.hint("1")
    lines = [line.get_text() for line in shown[0].find_all("summary")]
    rungs = ("a nudge", "the method", "a sister case, worked")
    assert lines == [f"▶Hint {place} of 3: {rung} (click to open)" for place, rung in enumerate(rungs, start=1)]
    assert [len(fold.find_all("details")) for fold in shown[0].find_all("details")] == [2, 1, 0]


@pytest.mark.parametrize("part", ["2a", "2b", "2c", "2", 2])
def test_any_part_of_an_exercise_opens_its_hints(monkeypatch, part):
    task = {"kind": "text", "points": 1}
    parts = {"1": {}, "2a": {"hints": ["look", "divide", "so"]}, "2b": {}, "2c": {}, "22": {"hints": ["another"]}}
    sheet = Sheet({"assignment": "x", "salt": "", "variants": [], "tasks": {k: task | v for k, v in parts.items()}})
    shown = []
    monkeypatch.setattr(sys.modules[Sheet.__module__], "display", lambda html: shown.append(html.data))
    sheet.hint(part)
    assert "look" in shown[0] and "another" not in shown[0]
    sheet.hint("1")
    assert len(shown) == 1


def test_marking_says_what_the_sheet_says():
    KEY.mark("1", [0.2, 0.3], SHEET)
    with pytest.raises(AssertionError, match="Gross, not value added"):
        KEY.mark("1", [0.4, 0.6], SHEET)
    with pytest.raises(AssertionError, match="not done yet"):
        KEY.mark("2", ..., SHEET)
    with pytest.raises(AssertionError, match="is not what is asked for"):
        KEY.mark("3", 1.0, SHEET)


def test_a_missing_or_damaged_sheet_is_said_in_one_sentence(tmp_path):
    with pytest.raises(checks.DamagedSheet, match="unpack the exercise again"):
        checks.sheet(folder=tmp_path)
    (tmp_path / "sheet.json").write_text('{"assignment": "x"}')
    with pytest.raises(checks.DamagedSheet, match="unpack"):
        checks.sheet(folder=tmp_path)
