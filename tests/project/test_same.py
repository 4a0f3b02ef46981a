"""What is stored is the same by other code paths of numpy; tools/once.py runs every notebook by the oldest, with
linear algebra slightly wrong."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import notebooks  # noqa: E402
import same  # noqa: E402


def on(path: str) -> dict[str, str]:
    """The environment of a code path; the test is skipped where there is no such path."""
    return same.environment(path) or pytest.skip(f"this processor cannot take numpy's path for {path}")


@pytest.mark.parametrize("path", ["Haswell", "oldest"])
def test_a_path_that_is_asked_for_is_taken(path):
    kernels, wide = same.taken(on(path))
    assert kernels == {"Haswell": "Haswell", "oldest": "Katmai"}[path]
    assert bool(wide) == (path == "Haswell")


def test_a_path_that_cannot_be_taken_is_not_counted(monkeypatch, capsys):
    monkeypatch.setitem(same.PATHS, "none", {"OPENBLAS_CORETYPE": "Cray"})
    monkeypatch.setattr(sys, "argv", ["same.py", "--paths", "none"])
    assert same.main() == 1 and "cannot take it" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["oldest", "perturbed"])
def test_a_notebook_that_stores_last_bits_is_found(tmp_path, path):
    """One that rounds stays as it is, one that does not differs."""
    env = on(path)
    sums = "import numpy as np\nA = np.random.default_rng(0).random((300, 300))\nx = float(np.linalg.inv(A).sum())\n"
    found = {}
    for name, shown in {"rounded": "round(x, 6)", "raw": "x"}.items():
        trial = tmp_path / f"{name}.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(sums + shown)]), trial)
        trial.write_text(notebooks.run(trial, OPENBLAS_NUM_THREADS="1"), encoding="utf-8")
        found |= same.differing(env, [trial], False)
    assert list(found.values()) == ["same", "DIFFERS"]


def test_floats_are_summed_as_other_pythons_sum_them():
    """From 3.12 on `sum` keeps what rounding loses; a notebook that shows all digits of one would differ."""
    asked = "print(repr(sum([0.1] * 10)), sum(range(4)), sum([[1], [2]], []), sum([0.5, float('inf')]))"
    env = {**os.environ, **on("perturbed")}
    here, there = (
        subprocess.run([sys.executable, "-c", asked], env=one, capture_output=True, text=True, check=True).stdout.split(
            " ", 1
        )
        for one in (os.environ, env)
    )
    assert {here[0], there[0]} == {"1.0", "0.9999999999999999"}
    assert here[1] == there[1] == "6 [1, 2] inf\n"
