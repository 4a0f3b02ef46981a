"""Every exercise: its sealed sheet knows the right answer and each planted mistake by name, in every variant."""

import ast
import builtins
import json
import re
from collections import defaultdict

import nbformat
import numpy as np
import pytest
import yaml
from conftest import ROOT
from sheets import sheets

from valuechains.checks import Sheet, answers
from valuechains.course import key as keys

FOLDERS = sorted(path.parent for path in (ROOT / "exercises").glob("*/key.py"))
KEYS = {folder.name: keys.load(folder) for folder in FOLDERS}
STORED = {folder.name: json.loads((folder / "sheet.json").read_text(encoding="utf-8")) for folder in FOLDERS}
COMPUTED = [(name, task) for name, key in KEYS.items() for task in key.tasks if key.tasks[task].compute]
GUIDE = {
    path.stem: yaml.safe_load(path.read_text()) for path in sorted((ROOT / "tests" / "guide_answers").glob("*.yml"))
}


def variants(name, task):
    menu = KEYS[name].variants or [{}]
    return list(enumerate(menu)) if KEYS[name].tasks[task].varies else [(0, menu[0])]


def at(name, place) -> Sheet:
    """The stored sheet as the student of one variant has it."""
    sheet = Sheet(STORED[name])
    sheet._place = place
    return sheet


def asked(name, task):
    return KEYS[name].tasks[task].public["name"]


def answer(name, task, value, variant):
    """What a student would put into the variable for this value."""
    public = KEYS[name].tasks[task].public
    if public["kind"] == "words":
        right = keys.places(KEYS[name].tasks[task].answer(variant).right)
        words = [{**right, **keys.places(value)}[place] for place in sorted(right)]
        value = words if len(words) > 1 else words[0]
    return dict(zip(public["keys"], value, strict=True)) if public["keys"] else value


def test_every_chapter_has_its_exercises():
    chapters = {path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb")}
    assert set(KEYS) == chapters


@pytest.fixture(scope="module")
def sealed():
    return sheets()


@pytest.mark.parametrize("name", KEYS)
def test_the_stored_sheet_is_what_the_key_gives(name, sealed):
    assert sealed[ROOT / "exercises" / name / "sheet.json"] == (ROOT / "exercises" / name / "sheet.json").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(("name", "task"), COMPUTED)
def test_the_right_answer_is_right_in_every_variant(name, task):
    for place, variant in variants(name, task):
        right = KEYS[name].tasks[task].answer(variant).right
        reply = at(name, place).reply(task, **{asked(name, task): answer(name, task, right, variant)})
        assert reply.state == "right", (variant, reply.says)


DECIMALS = {"whole number": 0, "one decimal": 1, "two decimal": 2, "three decimal": 3, "four decimal": 4}
NUMBERS = [(name, task) for name, task in COMPUTED if KEYS[name].tasks[task].public["kind"] == "numbers"]


def question(name, task):
    """The words of the notebook that ask for a task."""
    cells = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", as_version=4).cells
    texts = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    number = re.match(r"\d+", task)[0]
    own = re.search(rf"^## {number}\. .*?(?=^## |\Z)", texts, re.M | re.S)[0]
    if task == number:
        return own
    begins = rf"\*\*(?:\d[a-z], )*{task}(?:, \d[a-z])*\."
    return " ".join(found[0] for found in re.finditer(rf"{begins}.*?(?=\*\*\d[a-z][.,]|^\*\*\d|\Z)", own, re.M | re.S))


@pytest.mark.parametrize(("name", "task"), NUMBERS)
def test_a_question_states_its_precision(name, task):
    asked = {DECIMALS[words] for words in re.findall("|".join(DECIMALS), " ".join(question(name, task).split()))}
    assert KEYS[name].tasks[task].public["decimals"] in asked, question(name, task)


@pytest.mark.parametrize(("name", "task"), NUMBERS)
def test_precision_as_asked_is_right_and_one_digit_less_is_nearly(name, task):
    places = KEYS[name].tasks[task].public["decimals"]
    for place, variant in variants(name, task)[:3]:
        right = np.asarray(KEYS[name].tasks[task].answer(variant).right, dtype=float)
        reply = at(name, place).reply(
            task, **{asked(name, task): answer(name, task, right.round(places).tolist(), variant)}
        )
        assert reply.state == "right", (variant, reply.says)
        coarse = right.round(places - 1)
        if not places or np.array_equal(coarse, right.round(places)):
            continue
        reply = at(name, place).reply(task, **{asked(name, task): answer(name, task, coarse.tolist(), variant)})
        # a step of a slider, or another mistake, may be at that place: then the reply says both
        assert reply.state in ("right", "nearly") or reply.mistake is not None, (variant, coarse, reply.says)
        assert reply.state == "right" or "decimal" in reply.says, (variant, coarse, reply.says)


@pytest.mark.parametrize(("name", "task"), COMPUTED)
def test_a_wrong_entry_of_several_is_named_and_no_other(name, task):
    entry, (place, variant) = KEYS[name].tasks[task], variants(name, task)[0]
    public = entry.public
    if public["kind"] == "words":
        right = list(keys.places(entry.answer(variant).right).values())
        wrong = [next(word for word in public["options"] if word != right[0]), *right[1:]]
    else:
        right = np.asarray(entry.answer(variant).right, dtype=float)
        wrong = right.copy()
        wrong.flat[0] += 0.37 * max(1.0, abs(right).max())  # nobody's mistake
        wrong = wrong.tolist()
    if np.size(right) < 2:
        return
    given = dict(zip(public["keys"], wrong)) if public["keys"] else wrong
    says = at(name, place).reply(task, **{asked(name, task): given}).says
    if says.removeprefix("not yet. ") not in STORED[name]["tasks"][task]["mistakes"] and "add up" not in says:
        assert answers.entry(public, 0) in says, says
        assert answers.entry(public, 1) not in says.split(" is ")[0], says


@pytest.mark.parametrize("name", KEYS)
def test_replies_are_plain_text(name):
    for task in STORED[name]["tasks"].values():
        for said in (*task.get("mistakes", ()), task.get("praise", "")):
            assert not re.search(r"\*\w|\w\*|\$|\]\(", said), said


@pytest.mark.parametrize("name", KEYS)
def test_the_first_cell_imports_what_students_need(name):
    notebook = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    known, needed = set(dir(builtins)), {"np", "pd"}
    for cell in cells:
        tree = ast.parse(cell.source)
        given = "solution" not in cell.metadata.get("nbgrader", {}) or not cell.metadata.nbgrader.solution
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and (given or getattr(node, "module", "") == "itertools"):
                known |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.Name):
                (needed if isinstance(node.ctx, ast.Load) else known).add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.arg)):
                known.add(node.name if isinstance(node, ast.FunctionDef) else node.arg)
    assert needed <= known, needed - known


@pytest.mark.parametrize(("name", "task"), COMPUTED)
def test_each_planted_mistake_gets_its_own_hint(name, task):
    entry = KEYS[name].tasks[task]
    for place, variant in variants(name, task)[:3]:  # the seals of all variants are made in one way
        given = entry.answer(variant)
        seen = set()
        for hint, value in keys.named_mistakes(entry, given).items():
            said = answer(name, task, value, variant)
            if repr(said) not in seen:
                reply = at(name, place).reply(task, **{asked(name, task): said})
                said_of_it = reply.says.partition(" If you rounded it")[0]
                assert (reply.state, said_of_it) == ("wrong", f"not yet. {hint}"), (variant, value)
            seen.add(repr(said))


@pytest.mark.parametrize("name", KEYS)
def test_every_exercise_knows_three_mistakes(name):
    known = defaultdict(set)
    automatic = re.compile(
        "sign is turned round|These are percentages|These are fractions|order is turned round|transpose"
    )
    for task, entry in KEYS[name].tasks.items():
        number = re.match(r"\d+", task)[0]
        if entry.compute:
            _place, variant = variants(name, task)[0]
            mistakes = keys.named_mistakes(entry, entry.answer(variant))
            known[number] |= {hint for hint in mistakes if not automatic.search(hint)}
    few = {number: len(hints) for number, hints in known.items() if len(hints) < 3}
    assert not few


@pytest.mark.parametrize(("name", "task"), COMPUTED)
def test_no_hint_or_question_says_the_answer(name, task):
    entry = KEYS[name].tasks[task]
    if entry.public["kind"] != "numbers":
        return
    said = " ".join([*entry.public["hints"], entry.public["praise"]])
    for _, variant in variants(name, task):
        for value in np.ravel(entry.answer(variant).right):
            for digits in (4, 5):
                text = f"{value:.{digits}g}"
                if len(text.replace("-", "").replace(".", "").strip("0")) >= 4:
                    assert text not in said


@pytest.mark.parametrize("name", KEYS)
def test_variants_differ_and_are_well_conditioned(name):
    key = KEYS[name]
    varying = [task for task in key.tasks.values() if task.varies]
    if not varying:
        assert len(key.variants) <= 1 or not varying
        return
    assert len(key.variants) >= 6
    assert len({json.dumps(variant, sort_keys=True) for variant in key.variants}) == len(key.variants)
    for task in varying:
        if task.public["kind"] != "numbers":
            continue
        sizes = []
        for variant in key.variants:
            computed = task.answer(variant)
            right = np.ravel(np.asarray(computed.right, dtype=float))
            assert np.isfinite(right).all(), (task.exercise, variant)
            assert np.abs(right).max() >= 2 * task.public["tolerance"], (
                task.exercise,
                variant,
                "the tolerance swallows the answer",
            )
            sizes.append(len(keys.named_mistakes(task, computed)))
        assert max(sizes) - min(sizes) <= 3, (
            task.exercise,
            "some variants have mistakes that give the right answer",
            sizes,
        )
        answers = {
            tuple(np.round(np.ravel(task.answer(variant).right) / task.public["tolerance"])) for variant in key.variants
        }
        assert len(answers) >= len(key.variants) / 2, (task.exercise, "variants share their answers")


@pytest.mark.parametrize(("name", "task"), [(name, task) for name, tasks in GUIDE.items() for task in tasks])
def test_the_guide_gives_the_same_numbers(name, task):
    printed = GUIDE[name][task]
    right = KEYS[name].tasks[task].answer((KEYS[name].variants or [{}])[0]).right
    if KEYS[name].tasks[task].public["kind"] == "words":
        assert list(keys.places(right).values()) == [
            str(word) for word in (printed if isinstance(printed, list) else [printed])
        ]
        return
    texts = np.ravel(np.array(printed, dtype=float))
    digits = [len(repr(float(value)).split(".")[1].rstrip("0")) for value in texts]
    for value, text, places in zip(np.ravel(right), texts, digits, strict=True):
        assert abs(value - text) <= 0.51 * 10.0**-places, (value, text)


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize(
    "wrong", ["some words", float("nan"), float("inf"), [], {}, object(), [[1, 2], [3]], -1e12, lambda: 1]
)
def test_anything_else_gets_one_sentence(name, wrong):
    sheet = Sheet(STORED[name])
    for task, public in STORED[name]["tasks"].items():
        if public["kind"] == "text":
            continue
        reply = sheet.reply(task, **{public["name"]: wrong})
        assert reply.state in {"wrong", "to do"}, reply.says
        assert reply.says.endswith((".", ")"))
        assert "\n" not in reply.says


@pytest.mark.parametrize("name", KEYS)
def test_unanswered_and_missing_variables_say_what_to_do(name):
    sheet = Sheet(STORED[name])
    for task, public in STORED[name]["tasks"].items():
        if public["kind"] == "text":
            continue
        assert "not done yet" in sheet.reply(task, **{public["name"]: ...}).says
        assert "no variable" in sheet.reply(task).says


@pytest.mark.parametrize("name", KEYS)
def test_the_notebook_asks_for_every_task_once(name):
    notebook = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", as_version=4)
    graded = {
        cell.metadata.nbgrader.grade_id.removeprefix("check-"): cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    tasks = KEYS[name].tasks
    assert set(graded) == set(tasks)
    assert {task: cell.metadata.nbgrader.points for task, cell in graded.items()} == {
        task: entry.public["points"] for task, entry in tasks.items()
    }
    for task, cell in graded.items():
        if cell.cell_type == "code":
            assert f'sheet.check("{task}")' in cell.source
            assert f'key.mark("{task}", {tasks[task].public["name"]}, sheet)' in cell.source
    assert any(re.search(r"\btwins\.\w+\(\)", cell.source) for cell in notebook.cells if cell.cell_type == "code")
    assert any(entry.public["kind"] == "text" for entry in tasks.values())


@pytest.mark.parametrize("name", KEYS)
def test_every_exercise_has_three_hints(name):
    numbers = {re.match(r"\d+", task)[0] for task, entry in KEYS[name].tasks.items() if entry.compute}
    hinted = {
        re.match(r"\d+", task)[0] for task, entry in KEYS[name].tasks.items() if len(entry.public.get("hints", [])) == 3
    }
    assert numbers <= hinted
