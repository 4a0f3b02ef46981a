"""`make check`: which notebooks it runs, and that nothing it runs opens a browser."""

import os
import shutil
import subprocess

import check
import pytest


def notebook(root, name: str):
    path = root / "chapters" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    return path


@pytest.fixture
def repository(tmp_path):
    """A project under git with two notebooks, on a branch that has left main."""
    if shutil.which("git") is None:
        pytest.skip("needs git")

    def git(*asked):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *asked], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-b", "main")
    notebook(tmp_path, "01-one"), notebook(tmp_path, "02-two")
    git("add", "."), git("commit", "-m", "first"), git("checkout", "-b", "branch")
    return tmp_path, git


def test_a_notebook_changed_added_or_committed_on_the_branch_is_run(repository):
    root, git = repository
    assert check.changed_notebooks(root) == []
    committed = root / "chapters" / "01-one.ipynb"
    committed.write_text('{"a": 1}', encoding="utf-8")
    git("commit", "-am", "second")
    assert check.changed_notebooks(root) == [committed]
    changed, added = root / "chapters" / "02-two.ipynb", notebook(root, "03-three")
    changed.write_text('{"a": 1}', encoding="utf-8")
    assert check.changed_notebooks(root) == [committed, changed, added]


def test_without_git_those_newer_than_the_last_check_are_run(tmp_path):
    first, second = notebook(tmp_path, "01-one"), notebook(tmp_path, "02-two")
    assert check.changed_notebooks(tmp_path) == [first, second]
    stamp = tmp_path / "_build" / "checked"
    stamp.parent.mkdir()
    stamp.touch()
    os.utime(first, (1, 1))
    os.utime(second, (3, 3))
    os.utime(stamp, (2, 2))
    assert check.changed_notebooks(tmp_path) == [second]


def test_no_quick_test_opens_a_browser_and_most_files_are_quick():
    quick = {path.name for path in check.quick_tests()}
    assert "test_indicators_worked.py" in quick and len(quick) > 30
    assert not quick & {"test_site.py", "test_twins_page.py", "test_lab.py", "test_notebooks.py"}


def test_every_file_named_as_slow_is_there():
    assert [name for name in sorted(check.SLOW) if not [*check.TESTS.rglob(f"test_{name}.py")]] == []


@pytest.mark.parametrize("broken", ["lint", "tests of the library"])
def test_what_is_not_in_order_is_shown_and_named_and_the_rest_is_run(broken, tmp_path, monkeypatch, capsys):
    for name in ("PYTHONHASHSEED", "PYTHONUNBUFFERED", "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # as before, when this test has ended
    steps = {name: ["-c", "print('well')"] for name in ("lint", "types", "tests of the library")}
    steps[broken] = ["-c", "print('a fault'); raise SystemExit(2)"]
    monkeypatch.setattr(check, "steps", lambda _: steps.copy())
    monkeypatch.setattr(check, "_stamp", lambda root: tmp_path / "checked")
    assert check.main() == 1
    said, last = capsys.readouterr()
    assert last == f"Not in order: {broken} (see above).\n"
    assert said.count("a fault") == 1 and f"-- {broken}: NOT in order" in said and "-- types: in order" in said
    steps[broken] = ["-c", "print('well')"]
    assert (check.main(), (tmp_path / "checked").exists()) == (0, True)
