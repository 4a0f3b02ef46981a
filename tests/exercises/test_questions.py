"""The short questions of the chapters: their files are sound, a faulty one is answered with one sentence."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from docutils import nodes

from chapters import text as chapter_text
from valuechains import evidence
from valuechains.authoring.questions import ChoiceQuestion, NumberQuestion, evaluate, read

ROOT = Path(__file__).resolve().parents[2]
FILES = {path.stem: ROOT / "exercises" / path.stem / "questions.yml" for path in (ROOT / "chapters").glob("0*.ipynb")}
EVERY_CHAPTER = pytest.mark.parametrize("chapter", sorted(FILES))


@EVERY_CHAPTER
def test_a_chapter_asks_a_few_questions_of_both_kinds(chapter):
    asked = read(FILES[chapter])
    assert 4 <= len(asked) <= 8
    assert {type(one) for one in asked} == {ChoiceQuestion, NumberQuestion}
    assert len({one.id for one in asked}) == len(asked)


@EVERY_CHAPTER
def test_every_option_and_every_mistake_is_told_something_of_its_own(chapter):
    for one in read(FILES[chapter]):
        told = (
            one.says if isinstance(one, ChoiceQuestion) else [one.right, one.nudge, *(says for _, says in one.mistakes)]
        )
        assert len(set(told)) == len(told)
        for says in told:
            assert says[-1] in ".?" and not set(says) & set('$`{*"'), f"{one.id}: {says!r} is no plain sentence"
            assert not says.startswith(("Right", "Not yet", "Wrong")), "the page says the state before"


@EVERY_CHAPTER
def test_a_mistake_is_told_from_the_answer_and_from_other_mistakes(chapter):
    for one in read(FILES[chapter]):
        if isinstance(one, NumberQuestion):
            for value, other in combinations([one.answer, *(value for value, _ in one.mistakes)], 2):
                assert abs(value - other) > one.tolerance, one.id


@EVERY_CHAPTER
def test_a_number_is_computed_and_not_typed(chapter):
    for entry in yaml.safe_load(FILES[chapter].read_text(encoding="utf-8")):
        if entry["kind"] == "number":
            assert not str(entry["answer"]).replace(".", "").isdigit(), f"{entry['id']} types its answer"


@EVERY_CHAPTER
def test_the_contents_show_questions_exercises_and_essay_in_this_order(chapter):
    cells = json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    label = "(exercises)=" if chapter == "02-services" else f"(exercises-{chapter[:2]})="
    last = "".join(cells[-1]["source"])
    assert f"\n## Check yourself\n\n```{{questions}} {chapter}\n```\n\n{label}\n## Exercises\n" in last
    assert "## Essay" not in last or last.index("\n## Exercises") < last.index("\n## Essay")
    assert chapter == "09-capstone" or "shared/rubric.md" not in str(cells), "the rubric stands once, in the capstone"


@EVERY_CHAPTER
def test_every_section_of_a_chapter_asks_something(chapter):
    text = chapter_text(ROOT / "chapters" / f"{chapter}.ipynb")
    asked = {one.after for one in read(FILES[chapter])}
    assert "" not in asked, "a question without a section"
    for part in re.split(r"^## (?=\d)", text, flags=re.M)[1:]:
        part = re.split(r"^## ", part, flags=re.M)[0]
        heads = [part.split("\n")[0], *re.findall(r"^###+ (.+)$", part, re.M)]
        places = {nodes.make_id(re.sub(r"^[\d.]+ ", "", head)) for head in heads}
        places |= {place + "-section" for place in places} | set(re.findall(r"^\(([\w-]+)\)=$", part, re.M))
        assert places & asked, f"no question is asked in {heads[0]!r}"


def test_not_all_right_options_have_the_same_place():
    places = [one.right for file in FILES.values() for one in read(file) if isinstance(one, ChoiceQuestion)]
    assert all(places.count(place) >= len(places) / 6 for place in range(3))


# --- arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, value",
    [
        ("0.6**2 + 0.4**2", 0.52),
        ("-(3 - 1) / +4", -0.5),
        ("sqrt(9) * exp(0) + ln(1)", 3),
        (7, 7),
        ("{ledger: A1-1-05.growth} / 2", 7.3),
        ({"ledger": "A1-1-05.growth"}, 14.6),
        ("2**{ledger: A2-3-01.germany}", 2**-81.1),
    ],
)
def test_an_expression_is_computed(source, value):
    assert evaluate(source) == pytest.approx(value)


def test_a_ledger_value_follows_the_ledger(monkeypatch):
    entry = evidence.number("A1-1-05.growth")
    monkeypatch.setattr(evidence, "number", lambda name: type(entry)(20, "percent", "", ""))
    assert evaluate("{ledger: A1-1-05.growth} * 2") == 40


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os')",
        "open('x')",
        "a",
        "1 if 1 else 2",
        "'a' * 3",
        "True",
        "1 / 0",
        "9**9**9",
        "(-8)**0.5",
        "ln(-1)",
        "sqrt(4, 5)",
        "1 +",
        "",
        "[1][0]",
        "(1).real",
    ],
)
def test_nothing_but_arithmetic_is_run(source):
    with pytest.raises(ValueError, match="cannot be computed: use numbers"):
        evaluate(source)


def test_an_unknown_ledger_value_names_its_neighbours():
    with pytest.raises(ValueError, match="A1-1-05 has no number 'grwth'; near it are growth"):
        evaluate("{ledger: A1-1-05.grwth}")


# --- faulty files ----------------------------------------------------------------------------------------------------


def choice(**change) -> dict:
    options = [{"text": text, "says": f"Why {text}.", **({"right": True} if text == "b" else {})} for text in "abc"]
    return {"id": "one", "kind": "choice", "text": "Which?", "options": options} | change


def number(**change) -> dict:
    mistakes = [{"value": "0.6", "says": "The first."}, {"value": "0.4", "says": "The second."}]
    return {
        "id": "two",
        "kind": "number",
        "text": "How much?",
        "answer": "0.6**2 + 0.4**2",
        "tolerance": 0.01,
        "right": "So it is.",
        "mistakes": mistakes,
        "nudge": "Square.",
    } | change


def options(**last) -> list[dict]:
    """Three options, of which the last is changed; a field set to None is left out."""
    *first, changed = choice()["options"]
    return [*first, {name: value for name, value in (changed | last).items() if value is not None}]


def stored(folder: Path, entries) -> Path:
    file = folder / "exercises" / "05-demo" / "questions.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(entries if isinstance(entries, str) else yaml.safe_dump(entries), encoding="utf-8")
    return file


def test_a_sound_file_is_read(tmp_path):
    first, second = read(stored(tmp_path, [choice(), number(unit="percent")]))
    assert (first.options, first.right, first.says[1]) == (("a", "b", "c"), 1, "Why b.")
    assert second.answer == pytest.approx(0.52)
    assert second.mistakes == ((0.6, "The first."), (0.4, "The second."))
    assert second.key["unit"] == "percent"


FAULTS = [
    ([choice(), choice()], "question one: another question has this id: give each its own."),
    ([choice(kind="essay")], "question one: its kind is 'essay': write choice or number."),
    (["Which?"], "question 1: its kind is None: write choice or number."),
    ([choice(id="One!")], "question One!: its id must be of small letters, digits and hyphens"),
    ([choice(text="")], "question one: text must be filled in wherever id, kind, text, options belong: add it."),
    ([choice(hint="x")], "question one: hint means nothing here: use id, kind, text, options, after."),
    ([choice(options=options()[1:])], "question one: it needs 3 or 4 options: list them, each with a hyphen."),
    ([choice(options=options(right=True))], "2 options are marked right: write right: true at exactly one."),
    ([choice(options=[*options()[::2], {"text": "d", "says": "d."}])], "0 options are marked right"),
    ([choice(options=options(says=None))], "says must be filled in wherever text, says belong: add it."),
    ([choice(options=options(text="a"))], "two options read alike: word them differently."),
    ([choice(options=options(text=5))], "text is 5 and not a text: put it in quotes."),
    ([number(answer="0.6 squared")], "question two: '0.6 squared' cannot be computed: use numbers, + - * / **"),
    ([number(answer="0.4 - 0.6")], "the answer must be above zero, as number keys of phones have no minus"),
    ([number(tolerance="small")], "the tolerance must be above zero and under a fifth of the answer"),
    ([number(tolerance=0.2)], "the tolerance must be above zero and under a fifth of the answer"),
    ([number(mistakes=number()["mistakes"][:1])], "it needs 2 or 3 mistakes: list them"),
    ([number(tolerance=0.09)], "0.52 and 0.6 are within the tolerance of each other: change the numbers"),
    ([number(nudge=None)], "nudge must be filled in wherever"),
    ("- id: one\n  text: so: it", "questions.yml, line 2: this is not YAML; quote a text that holds a colon."),
    ("id: one", "questions.yml: begin each question with a hyphen, so that the file is a list."),
]


@pytest.mark.parametrize("entries, sentence", FAULTS, ids=[sentence[:60] for _, sentence in FAULTS])
def test_a_fault_is_told_in_one_sentence(tmp_path, entries, sentence):
    with pytest.raises(ValueError) as told:
        read(stored(tmp_path, entries))
    assert str(told.value).startswith("exercises/05-demo/questions.yml")
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ValueError, match="exercises/05-demo/questions.yml is missing: write the questions"):
        read(tmp_path / "exercises" / "05-demo" / "questions.yml")
