"""The exercise of chapter 2: right answers by another route pass, each planted mistake gets its own hint."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from valuechains import datasets, tables

FOLDER = Path(__file__).resolve().parent.parent / "exercises" / "02-services"
specification = importlib.util.spec_from_file_location("check_services", FOLDER / "check.py")
check = importlib.util.module_from_spec(specification)
specification.loader.exec_module(check)

# The answers by another route than check.py takes: plain matrices, and the guide's own numbers.
W = tables.toy("W2")
n = len(W.x)
A = W.Z / W.x
B = np.linalg.solve(np.eye(n) - A, np.eye(n))
v = 1 - A.sum(axis=0)
exports = sum(W.Z[:, 3 * c:3 * c + 3].sum(axis=1) * (np.arange(n) // 3 != c) for c in range(3)) + sum(
    W.F[:, c] * (np.arange(n) // 3 != c) for c in range(3))
services = np.arange(n) % 3 == 2
M = [1, 4, 7]
CONTENT = (v * services) @ B[:, M]
DOMESTIC = np.array([v[3 * c + 2] * B[3 * c + 2, 3 * c + 1] for c in range(3)])
CHAIN = v * B[:, 1] * 170
LENGTH = (B @ B)[:, 1] / B[:, 1]
QUADRATIC = np.polyfit(LENGTH, v, 2, w=np.sqrt(CHAIN))[0]
FS = [[0.5, 0.454545, 0.517241, 1.525424], [1.5, 1.515152, 1.37931, 0.508475], [0.5, 0.545455, 0.827586, 1.423729]]
RIGHT = {"exercise_1": CONTENT, "exercise_2": DOMESTIC, "exercise_3": CHAIN, "exercise_4": QUADRATIC, "exercise_5": FS}
ROWS = np.linalg.inv(np.eye(n) - W.Z / W.x[:, None])


def test_the_guide_gives_the_same_numbers():
    assert CONTENT == pytest.approx([0.298093, 0.302405, 0.312222], abs=1e-6)
    assert DOMESTIC == pytest.approx([0.132254, 0.254591, 0.124292], abs=1e-6)
    assert QUADRATIC == pytest.approx(-0.178607, abs=1e-6)
    assert CHAIN.sum() == pytest.approx(170)


@pytest.mark.parametrize("exercise", RIGHT)
def test_a_right_answer_by_another_route_passes(exercise):
    assert getattr(check, exercise)(RIGHT[exercise]).state == "right"


@pytest.mark.parametrize("exercise", RIGHT)
def test_an_unanswered_cell_says_what_to_do(exercise):
    reply = getattr(check, exercise)(...)
    assert reply.state == "to do"
    assert "not done yet" in repr(reply)


def rows_content():
    domestic = np.array([v[3 * c + 2] * ROWS[3 * c + 2, 3 * c + 1] for c in range(3)])
    return domestic + np.array([sum(v[i] * ROWS[i, m] for i in (2, 5, 8) if i // 3 != m // 3) for m in M])


@pytest.mark.parametrize(("exercise", "mistake", "hint"), [
    ("exercise_1", DOMESTIC, "domestic part only"),
    ("exercise_1", CONTENT - DOMESTIC, "foreign part only"),
    ("exercise_1", rows_content(), "row coefficients"),
    ("exercise_1", CONTENT * exports[M], "a level, not a share"),
    ("exercise_1", 100 * CONTENT, "percentages"),
    ("exercise_2", CONTENT - DOMESTIC, "swapped"),
    ("exercise_2", CONTENT, "domestic and foreign together"),
    ("exercise_2", DOMESTIC / CONTENT, "part of services"),
    ("exercise_3", B[:, 1] * 170, "gross output"),
    ("exercise_3", v * B[:, 1] * 90, "own buyers"),
    ("exercise_3", v * B[:, 1], "shares"),
    ("exercise_4", np.polyfit(LENGTH, v, 2)[0], "not weighted"),
    ("exercise_4", np.polyfit(LENGTH, v, 2, w=CHAIN)[0], "squared"),
    ("exercise_4", np.polyfit(LENGTH, v, 2, w=np.sqrt(CHAIN))[1], "linear"),
    ("exercise_5", check.FUNCTIONS / check.FUNCTIONS.sum(axis=1, keepdims=True), "shares of each economy"),
    ("exercise_5", check.FUNCTIONS / check.FUNCTIONS.sum(axis=0), "shares of each function"),
])
def test_a_planted_mistake_gets_its_own_hint(exercise, mistake, hint):
    reply = getattr(check, exercise)(mistake)
    assert reply.state == "wrong"
    assert hint in reply.says


def test_the_widget_question_looks_at_the_real_exports():
    rows = datasets.read("exports_by_industry")
    rows = rows[rows.gross_exports > 0]
    more = rows[rows.services_foreign > rows.services_domestic].iloc[0]
    less = rows[rows.services_foreign < rows.services_domestic].iloc[0]
    ask = check.exercise_2_widget
    assert ask(..., ..., ...).state == "to do"
    assert ask(more.country, more.industry, more.year).state == "right"
    assert ask(less.country, less.industry, less.year).state == "wrong"
    assert "give the codes" in ask("XYZ", "c14", 2005).says


def estimates(economy, industry, **change):
    fits = datasets.read("smile_coefficients").query(
        "chain_country == @economy and chain_industry == @industry and up == 'va_rate' and weighting == 'contribution' "
        "and year in (2000, 2009)")
    return fits.set_index(["year", "across"]).quadratic.round(3).to_dict()


def test_the_real_economy_takes_two_years_and_two_axes():
    own = estimates("KOR", "c15")
    assert check.exercise_6("KOR", "c15", own).state == "right"
    assert check.exercise_6("KOR", "c15", dict.fromkeys(own, ...)).state == "to do"
    assert "two years and two axes" in check.exercise_6("KOR", "c15", {k: x for k, x in own.items() if k[0] == 2000}).says
    assert "turned round" in check.exercise_6("KOR", "c15", {k: -x for k, x in own.items()}).says
    assert "no chain" in check.exercise_6("XYZ", "c15", own).says
    assert "no setting" in check.exercise_6("KOR", "c15", {(1996, k[1]): x for k, x in own.items()} | own).says


@pytest.mark.parametrize(("values", "verdict"), [([1, 2, 3, 4], "smile"), ([-1, -2, -3, -4], "frown"), ([1, -1, 1, 1], "it depends")])
def test_the_verdict_follows_from_the_own_numbers(values, verdict):
    own = dict(enumerate(values))
    assert check.exercise_6_verdict(verdict, own).state == "right"
    assert check.exercise_6_verdict("smile" if verdict != "smile" else "frown", own).state == "wrong"
    assert check.exercise_6_verdict("perhaps", own).state == "wrong"
    assert check.exercise_6_verdict(..., dict.fromkeys(own, ...)).state == "to do"
