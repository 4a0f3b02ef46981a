"""Whatever takes long says what it is doing: every command of a course, and every tool that `make` calls."""

import ast
import io
import re
import sys
import threading

import pytest
from conftest import ROOT

from valuechains.course import cli, meanwhile

SPEAK = {  # on their own, all the time: Sphinx, pytest, pip, mutmut; or are done at once and then wait
    "book.py", "check.py", "environment.py", "lab.py", "mutants.py", "serve.py", "test.py"
}  # fmt: skip


class Log(io.StringIO):
    """What is said on stderr, as in a log; `heard` is set when these words are."""

    def __init__(self, words: str):
        super().__init__()
        self.words, self.heard = words, threading.Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if self.words in self.getvalue():
            self.heard.set()
        return written


@pytest.mark.parametrize("say", [meanwhile.told, cli.bar])
def test_what_takes_long_is_told_with_its_count_in_a_log_too(say, monkeypatch):
    log = Log("Running: 3 of 10, anna ... (0:0")
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(meanwhile, "PATIENCE", 0.001)
    with say("Running") as count:
        count(3, 10, "anna")
        assert log.heard.wait(60)
    assert not any(thread.name == "tells" for thread in threading.enumerate())


def test_what_is_done_soon_says_nothing(capsys, monkeypatch):
    monkeypatch.setattr(meanwhile, "PATIENCE", 3600)
    with meanwhile.told("Running"):
        pass
    assert capsys.readouterr() == ("", "")


def called(node: ast.AST) -> set[str]:
    return {one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}


def test_every_command_of_a_course_says_what_takes_long():
    tree = ast.parse((ROOT / "valuechains" / "course" / "cli.py").read_text(encoding="utf-8"))
    made = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    commands = [node for node in made if ast.unparse(node.decorator_list[0]) == "command"]
    assert len(commands) == len(cli.course_app.registered_commands)
    assert [node.name for node in commands if not called(node) & {"bar", "told", "_write"}] == []


def test_every_tool_that_make_calls_says_what_takes_long():
    named = set(re.findall(r"\btools/(\w+\.py)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    assert named > SPEAK
    texts = {name: (ROOT / "tools" / name).read_text(encoding="utf-8") for name in named - SPEAK}
    assert [name for name, text in sorted(texts.items()) if "told(" not in text] == []
