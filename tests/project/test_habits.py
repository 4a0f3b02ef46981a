"""What the files about the project say of it is true of every file: how text is laid out, which version this is."""

import configparser
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
import yaml
from conftest import ROOT


@cache
def kept() -> list[str]:
    """The files under git."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs git, and a clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@cache
def sections() -> list[tuple[list[str], dict[str, str]]]:
    """The patterns and rules of .editorconfig; a later section has the last word."""
    rules = configparser.ConfigParser()
    rules.read_string("[root]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))
    return [(patterns(name), dict(rules[name])) for name in rules.sections()[1:]]


def patterns(name: str) -> list[str]:
    """`*.{md,lock}` is `*.md` and `*.lock`."""
    found = re.fullmatch(r"(.*)\{(.*)\}(.*)", name)
    return [f"{found[1]}{one}{found[3]}" for one in found[2].split(",")] if found else [name]


def rules_for(name: str) -> dict[str, str]:
    fitting = [rules for names, rules in sections() if any(fnmatch(Path(name).name, one) for one in names)]
    return {key: value for rules in fitting for key, value in rules.items() if value != "unset"} | {
        key: "" for key, value in (fitting[-1] if fitting else {}).items() if value == "unset"
    }


def faults(name: str, content: bytes) -> list[str]:
    """What in a file is otherwise than .editorconfig says."""
    rules = rules_for(name)
    try:
        lines = content.decode(rules["charset"]).split("\n")
    except UnicodeDecodeError:
        return ["charset"]
    indent = {"space": "\t", "tab": " "}[rules["indent_style"]]
    found = {
        "end_of_line": any(line.endswith("\r") for line in lines),
        "insert_final_newline": bool(content) and lines[-1] != "",
        "trim_trailing_whitespace": any(line != line.rstrip() for line in lines),
        "indent_style": any(line.startswith(indent) for line in lines),
    }
    return [rule for rule, wrong in found.items() if wrong and rules.get(rule) not in (None, "", "false")]


def test_every_text_is_laid_out_as_the_editor_is_told():
    wrong = {}
    for name in kept():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content and not name.endswith(".csv") and (found := faults(name, content)):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.py", b"x = 1\r\n", ["end_of_line", "trim_trailing_whitespace"]),
        ("a.py", b"x = 1", ["insert_final_newline"]),
        ("a.py", b"x = 1 \n", ["trim_trailing_whitespace"]),
        ("a.py", b"if x:\n\ty = 1\n", ["indent_style"]),
        ("a.py", b"\xff\n", ["charset"]),
        ("a.md", b"two blanks break a line  \n", []),
        ("a.ipynb", b"{}", []),
        ("Makefile", b"all:\n\ttrue\n", []),
        ("Makefile", b"all:\n    true\n", ["indent_style"]),
    ],
)
def test_what_is_laid_out_otherwise_is_seen(name, content, found):
    assert faults(name, content) == found


def test_one_line_length_for_the_editor_and_for_ruff():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert rules_for("a.py")["max_line_length"] == str(project["tool"]["ruff"]["line-length"])


def test_one_version_and_one_day_of_its_release_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    released = re.findall(r"^## (\S+) \((\S+)\)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert released[0] == (project, str(cited["date-released"])) and cited["version"] == project


def test_each_hook_of_a_commit_runs_a_tool_that_is_there():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"].split() for repo in config["repos"] for hook in repo["hooks"]]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(entries) >= 4
    for program, *given in entries:
        name = Path(program).name
        assert (ROOT / given[0]).is_file() if name == "python" else re.search(rf"^{name}==", locked, re.M), given
