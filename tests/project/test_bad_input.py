"""What is asked of a tool and is not there is one sentence, and not done."""

import subprocess
import sys

import pytest
from conftest import ROOT

ASKED = {
    "refresh.py nosuch.ipynb": "there is no notebook",
    "same.py foo": "there is no notebook",
    "notebooks.py nosuch.ipynb": "There is no notebook nosuch.ipynb.",
    "sheets.py nosuch": "unrecognized arguments: nosuch",
    "serve.py abc": "invalid int value: 'abc'",
    "away.py foo": "not foo",
    "away.py": "name one or more",
    "translations.py --build xx": "invalid choice: 'xx'",
    "on_page.py --compare nosuch": "there is no chapter nosuch",
    "mutants.py nosuch": "there is no module valuechains.nosuch",
    "article_runs.py nosuch": "there is no text nosuch",
    "what_changed.py a b": "There is no source 'a'",
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_tool_says_what_is_not_there(asked):
    name, *given = asked.split()
    command = [sys.executable, ROOT / "tools" / name, *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip().splitlines()
    assert done.returncode and ASKED[asked] in said[-1]
    assert not any(line.startswith("Traceback") for line in said)
