"""Every outcome that a chapter states is tested by an exercise or a short question, and the instructor sees which."""

import pytest

from valuechains.checks.sheet import exercise_number
from valuechains.course import kit, outcomes
from valuechains.course.key import load

BESIDE = {  # exercises on a claim of the chapter, beside its outcomes
    "04-global-impact": ["3"],  # a sum in dollars, by exchange rate
    "07-exportable-service": ["6"],  # what the researchers would sign
}
CHAPTERS = [folder.name for folder in kit.sources()]
STATED = ["**Compute** a share.", "**Weigh** two [sources](x)."]
NAMED = {"Compute": "1 2b paid", "Weigh": "pair"}


def shown(named, stated=STATED):
    return outcomes.matched("02-toy", stated, named, exercises={"1", "1a", "2", "2b"}, asked={"paid", "pair"})


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_outcome_of_a_chapter_is_tested(name):
    for one in outcomes.tested(name):
        assert one.exercises or one.questions


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_exercise_is_work_for_nothing(name):
    """Each tests an outcome, or is named here with what else it is good for."""
    named = {exercise_number(one) for outcome in outcomes.tested(name) for one in outcome.exercises}
    posed = {exercise_number(task) for task in load(kit.ROOT / "exercises" / name).tasks}
    assert posed - named == set(BESIDE.get(name, ())), name


def test_what_tests_an_outcome_is_said_in_words():
    compute, weigh = shown(NAMED)
    assert (compute.outcome, compute.by) == ("**Compute** a share.", "exercises 1, 2b; question paid")
    assert (weigh.outcome, weigh.by) == ("**Weigh** two sources.", "question pair")


@pytest.mark.parametrize(
    "named, sentence",
    [
        ({"Compute": "1"}, "No exercise or question tests 'Weigh' of chapter 02-toy: name one under outcomes in exe"),
        ({**NAMED, "Weigh": " "}, "No exercise or question tests 'Weigh'"),
        ({**NAMED, "Judge": "1"}, "names tests of 'Judge', and the chapter states no such outcome: correct its name"),
        ({**NAMED, "Weigh": "pair 9"}, "tests 'Weigh' with 9, which is no exercise or question there: correct it"),
    ],
)
def test_an_outcome_without_a_test_and_a_test_without_an_outcome_are_refused(named, sentence):
    with pytest.raises(ValueError, match=sentence):
        shown(named)


def test_two_outcomes_with_one_verb_are_refused():
    with pytest.raises(ValueError, match="Two outcomes of 02-toy begin with the same words in bold"):
        shown(NAMED, [*STATED, "**Weigh** three."])
