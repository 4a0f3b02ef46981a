"""A check in a kernel of its own: what failed or was edited above it is not judged by what was there before."""

import json
import os
import shutil

import nbformat
import pytest
from conftest import ROOT
from jupyter_client.manager import start_new_kernel

from valuechains.checks import Sheet, progress, start
from valuechains.course.copies import TEXT_STUB, student_copy
from valuechains.course.key import load

NAME = "02-services"
KEY = load(ROOT / "exercises" / NAME)
TASKS = sum(task.public["kind"] != "text" for task in KEY.tasks.values())
ANSWER = "answer-1"
RIGHT = "content = [0.298, 0.302, 0.312]"


class Lab:
    """A student's folder, and a kernel that runs cells as JupyterLab sends them: with the id of the cell."""

    def __init__(self, folder):
        self.folder = folder / NAME
        self.folder.mkdir(parents=True)
        shutil.copy(ROOT / "exercises" / NAME / "sheet.json", self.folder)
        self.notebook = self.folder / f"{NAME}.ipynb"
        self.notebook.write_text(student_copy(ROOT / "exercises" / NAME / f"{NAME}.ipynb"), encoding="utf-8")
        start.write(folder)
        env = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / ".ipython")}
        self.manager, self.client = start_new_kernel(cwd=str(self.folder), env=env)
        self.run("from valuechains import checks\nsheet = checks.sheet()")

    def run(self, source: str, cell: str = "scratch") -> str:
        """The text that a cell gives out."""
        request = self.client.session.msg(
            "execute_request",
            {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False},
            metadata={"cellId": cell},
        )
        self.client.shell_channel.send(request)
        said = []
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])
            if message["msg_type"] == "error":
                said.append(message["content"]["ename"])
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return "".join(said)

    def save(self, cell: str, source: str) -> None:
        content = nbformat.read(self.notebook, as_version=4)
        next(one for one in content.cells if one.id == cell).source = source
        nbformat.write(content, self.notebook)
        later = os.stat(self.notebook).st_mtime + 60  # a clock that is too coarse does not hide the edit
        os.utime(self.notebook, (later, later))


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("my-exercises"))
    yield lab
    lab.client.stop_channels()
    lab.manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("content = [0.1, 0.2, 1 / 0]", "stopped before it did (ZeroDivisionError: division by zero)"),
        ("content = nothing", "NameError"),
        ("content = [−0.298, 0.302, 0.312]", "line 1 has a minus sign that was copied from a page"),
        ("content = [“0.298”, 0.302]", "quotation marks of a word processor"),
        ("content = [1,050, 2,010]", "a comma or a zero too many: write 1050"),
        ("content = [0.298, 0.302", "is no Python"),
        ("first = 1\ncontent, second = 1 / 0, 2", "ZeroDivisionError"),
        ("raise KeyboardInterrupt\ncontent = 1", "it was interrupted"),
    ],
)
def test_what_a_failed_cell_left_behind_is_not_judged(lab, source, part):
    lab.run(RIGHT, ANSWER)
    assert "right." in lab.run('sheet.check("1")')
    lab.run(source, ANSWER)
    said = lab.run('sheet.check("1")')
    assert "not judged: the cell that gives “content” its value" in said and part in said
    assert "right" not in said
    lab.run(RIGHT, ANSWER)
    assert "right." in lab.run('sheet.check("1")')


def test_a_value_that_a_cell_gave_before_it_stopped_is_judged(lab):
    lab.run(f"{RIGHT}\n1 / 0", ANSWER)
    assert "right." in lab.run('sheet.check("1")')


def test_a_magic_is_no_error(lab):
    lab.run(f"%precision 3\n{RIGHT}", ANSWER)
    assert "right." in lab.run('sheet.check("1")')


def test_a_cell_that_was_edited_and_saved_after_its_run_is_not_judged(lab):
    lab.run(RIGHT, ANSWER)
    lab.save(ANSWER, "content = [1, 2, 3]")
    assert "was edited after it was run" in lab.run('sheet.check("1")')
    lab.save(ANSWER, RIGHT)
    assert "right." in lab.run('sheet.check("1")')
    os.utime(lab.notebook, (0, 0))


def test_a_generator_is_read_once(lab):
    lab.run("content = (n for n in (0.298, 0.302, 0.312))", ANSWER)
    assert ["right." in lab.run('sheet.check("1")') for _ in range(2)] == [True, True]


def test_an_untouched_text_is_to_do_and_a_written_one_waits_for_a_reader(lab):
    ask = 'print(sheet.reply("2b").state, sheet.reply("2b").says)'
    lab.save("2b", TEXT_STUB)
    assert lab.run(ask).startswith("to do not done yet. No text is there")
    lab.save("2b", "A third of each export is paid to services.")
    assert lab.run(ask).startswith("to be read")


def test_the_table_tells_what_is_checked_from_what_is_read(lab):
    lab.run(RIGHT, ANSWER)
    table = lab.run("print(sheet.progress().tail(2).to_csv())")
    assert f"checked here,,1 of {TASKS} done,3 of {KEY.checked}" in table
    assert "read by people,," in table and "? of 7" in table


def test_progress_reaches_the_start_page(lab):
    lab.run(RIGHT, ANSWER)
    lab.run("sheet.check()")
    assert progress.noted(lab.folder)["1"] == "right"
    assert (
        f"| 1 of {TASKS} checked, " in json.loads((lab.folder.parent / start.NAME).read_text())["cells"][0]["source"][4]
    )


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({}, "not begun"),
        ({"1": "right", "2": "nearly", "3": "to be read"}, "1 of 2 checked, 1 of 2 texts written"),
        ({"1": "wrong", "3": "to do", "4": "to do"}, "0 of 2 checked, 0 of 2 texts written"),
    ],
)
def test_progress_tells_what_is_right_and_which_texts_are_written(states, said):
    kinds = {"1": "numbers", "2": "words", "3": "text", "4": "text"}
    assert progress.summary({"tasks": {task: {"kind": kind} for task, kind in kinds.items()}}, states) == said


def test_a_text_is_not_looked_at_where_there_is_no_notebook():
    reply = Sheet(json.loads((ROOT / "exercises" / NAME / "sheet.json").read_text(encoding="utf-8"))).reply("2b")
    assert (reply.state, "not looked at until it is handed in" in reply.says) == ("to be read", True)


def test_nothing_is_noted_beside_a_source(tmp_path):
    for name in ("sheet.json", "key.py"):
        (tmp_path / name).write_text("{}")
    progress.note(tmp_path, {"1": "right"})
    assert not (tmp_path / progress.NAME).exists()
