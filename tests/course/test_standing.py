"""How an answer stands goes as data from the reply to the report: no sentence decides what is counted."""

import nbformat
import pytest
from graded import NAME, graded, new

from valuechains.checks import State
from valuechains.course import standing
from valuechains.course.results.alike import wrong_answer
from valuechains.course.results.feedback import feedback
from valuechains.course.results.marked import asked, marked
from valuechains.course.results.report import mistakes


def as_marked(course, change):
    """The autograded notebook of s1, with each failed check changed."""
    path = course.root / "autograded" / "s1" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                change(cell, output)
    nbformat.write(notebook, path)


def reworded(cell, output):
    output.evalue = "Leider noch falsch, oder gar nichts da."


def before_replies_were_kept(cell, output):
    standing.forget(cell)


def somebody_elses(cell, output):
    cell.metadata[standing.NAME] = {"state": "brilliant", "mistake": [1]}


@pytest.fixture
def slips(tmp_path):
    """A student with a named mistake in the second task that has one, nothing in the third, the rest right."""
    course = new(tmp_path, ["s1"])
    key, variant = course.key(NAME), course.variant(NAME, "s1")
    computed = [name for name, task in key.tasks.items() if task.compute]
    task = key.tasks[computed[1]]
    value = list(task.answer(variant).mistakes.values())[1]
    answers = {computed[1]: value if isinstance(value, str) else value.tolist(), computed[2]: ...}
    return graded(course, NAME, {"s1": {"answers": answers}}), computed[1], computed[2]


@pytest.mark.parametrize("change", [lambda *_: None, reworded, before_replies_were_kept])
def test_no_wording_changes_what_is_counted(slips, change):
    course, wrong, undone = slips
    as_marked(course, change)
    work, told = marked(course, NAME)[0], asked(course, NAME)["tasks"]
    hint = list(course.key(NAME).tasks[wrong].answer(course.variant(NAME, "s1")).mistakes)[1]
    assert (work.marks[wrong].state, work.marks[undone].state) == (State.WRONG, State.TO_DO)
    assert told[wrong]["mistakes"][work.marks[wrong].mistake] == hint == wrong_answer(work.marks[wrong], told[wrong])
    assert mistakes([work], told).values.tolist() == [[wrong, hint, 1, 1]]
    page = feedback(course, NAME)[0].read_text(encoding="utf-8")
    assert "Not yet. " not in page and hint[1:20] in page


def test_metadata_of_another_kind_count_for_no_mistake(slips):
    course, wrong, _ = slips
    as_marked(course, somebody_elses)
    mark = marked(course, NAME)[0].marks[wrong]
    assert (mark.state, mark.mistake) == (State.WRONG, None)


def test_every_known_mistake_has_its_number_on_the_sheet(slips):
    course, _, _ = slips
    key, told = course.key(NAME), asked(course, NAME)["tasks"]
    variant = course.variant(NAME, "s1")
    for name, task in key.tasks.items():
        for hint, value in task.answer(variant).mistakes.items() if task.compute else ():
            reply = key.reply(name, value, course.sheet(NAME, "s1"), told[name]["mistakes"])
            if reply.mistake is not None:
                assert reply.says.endswith(told[name]["mistakes"][reply.mistake]), (name, hint)
