"""Notebooks are tests: what is stored is what runs, and the guards that say so can fail."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from copies import copied
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import notebooks  # noqa: E402

STORED = notebooks.notebooks()


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_stored_notebook_has_no_fault(path):
    assert notebooks.faults(path) == []


def stored(tmp_path, *cells) -> Path:
    path = tmp_path / "trial.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def text(value):
    return nbformat.v4.new_output("stream", name="stdout", text=f"{value}\n")


def nbval(path, *options, **env) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        *options,
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        str(path.parent),
        str(path),
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tools"), **env}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("counts", [(2, 1), (1, 3), (None, None), (1, 1)])
def test_cells_run_out_of_order_are_refused(tmp_path, counts):
    cells = [new_code_cell("x = 1", execution_count=count) for count in counts]
    assert "not run once from top to bottom" in notebooks.faults(stored(tmp_path, *cells))[0]


@pytest.mark.parametrize(
    "source",
    [
        "!pip install x",
        "%pip install x",
        "!ls",
        "import requests\nrequests.get('x')",
        "open('/home/me/x.csv')",
        "interact(f)",
    ],
)
def test_what_a_notebook_may_not_do_is_refused(tmp_path, source):
    assert notebooks.faults(stored(tmp_path, new_code_cell(source, execution_count=1)))


def test_an_excused_difference_needs_a_reason(tmp_path):
    cell = new_code_cell("1", execution_count=1, metadata={"tags": ["nbval-ignore-output"]})
    assert "without a `reason`" in notebooks.faults(stored(tmp_path, cell))[0]
    cell.metadata["reason"] = "the address of an object"
    assert notebooks.faults(stored(tmp_path, cell)) == []


def test_a_stored_error_is_refused(tmp_path):
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    assert notebooks.faults(stored(tmp_path, new_code_cell("x", execution_count=1, outputs=[error])))


WAYS = pytest.mark.parametrize("way", [(), ("-p", "once")], ids=["by nbval", "run once"])


def kept(path: Path) -> Path:
    """The notebook as `make refresh` stores it."""
    path.write_text(notebooks.run(path), encoding="utf-8")
    return path


@WAYS
def test_stale_outputs_turn_nbval_red(tmp_path, way):
    path = kept(stored(tmp_path, new_code_cell("print(1)"), new_code_cell(""), new_code_cell("print(2)\n3")))
    assert nbval(path, *way).returncode == 0
    path.write_text(path.read_text(encoding="utf-8").replace('"2\\n"', '"1\\n"'), encoding="utf-8")
    red = nbval(path, *way)
    assert red.returncode == 1 and "Cell 2" in red.stdout and "mismatch" in red.stdout


@WAYS
def test_a_cell_that_stops_turns_nbval_red(tmp_path, way):
    path = stored(tmp_path, new_code_cell("1 / 0", execution_count=1), new_code_cell("2", execution_count=2))
    red = nbval(path, *way)
    assert red.returncode == 1 and "ZeroDivisionError" in red.stdout


def test_stale_state_of_widgets_turns_the_bytes_red_though_nbval_cannot_see_it(tmp_path):
    path = kept(stored(tmp_path, new_code_cell("import ipywidgets\nipywidgets.IntSlider(value=41)")))
    assert nbval(path, "-p", "once").returncode == 0
    path.write_text(path.read_text(encoding="utf-8").replace('"value": 41', '"value": 42'), encoding="utf-8")
    assert nbval(path).returncode == 0
    red = nbval(path, "-p", "once")
    assert red.returncode == 1 and "stored bytes" in red.stdout and "1 failed" in red.stdout


def test_hidden_state_is_refused(tmp_path):
    """A cell that needs what a deleted cell once defined runs in no fresh kernel."""
    path = stored(tmp_path, new_code_cell("print(gone)", execution_count=1, outputs=[text(1)]))
    assert nbval(path).returncode == 1
    with pytest.raises(Exception, match="gone"):
        notebooks.run(path)


def test_a_broken_notebook_is_one_sentence(tmp_path):
    path = tmp_path / "cut.ipynb"
    path.write_text('{"cells": [')
    with pytest.raises(ValueError, match="cut.ipynb cannot be read as a notebook"):
        notebooks.faults(path)


def test_one_changed_number_in_data_turns_nbval_red(tmp_path):
    """Strict nbval on chapter 2, first on the data as shipped, then with one number changed."""
    chapter = ROOT / "chapters" / "02-services.ipynb"
    data = copied("data", tmp_path, "recipes")
    changed = data / "exports_by_country.csv"
    lines = changed.read_text(encoding="utf-8").splitlines(keepends=True)
    column = lines[0].strip().split(",").index("services_va_share")
    row = next(i for i, line in enumerate(lines) if line.startswith("CHN,2011,"))
    cells = lines[row].rstrip("\n").split(",")
    cells[column] = str(float(cells[column]) + 0.01)
    lines[row] = ",".join(cells) + "\n"
    changed.write_text("".join(lines), encoding="utf-8")
    red = nbval(chapter, VALUECHAINS_DATA=str(data))
    assert red.returncode == 1, red.stdout[-2000:]
    assert "mismatch" in red.stdout.lower()
