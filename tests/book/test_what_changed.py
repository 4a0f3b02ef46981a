"""What changes when the tables do: two sources, two editions, and what in the book stands on them."""

import json

import pandas as pd
import pytest
import what_changed
from conftest import ROOT

from valuechains import datasets
from valuechains.book import changes


def _edition(tmp_path, change, name="services_in_exports", file="services_in_exports.csv"):
    """A data folder with one file, changed as another edition would."""
    folder = tmp_path / "edition"
    folder.mkdir()
    frame = change(pd.read_csv(ROOT / "data" / file, keep_default_na=False, dtype=str))
    frame.to_csv(folder / file, index=False)
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = [one for one in package["resources"] if one["name"] == name]
    (folder / "datapackage.json").write_text(json.dumps({"resources": [resource | {"rows": len(frame)}]}))
    return folder


def _one_file(tmp_path):
    return _edition(tmp_path, lambda frame: frame)


def _renamed(frame):
    frame["country"] = frame.country.replace("CHN", "CN1")
    frame.loc[(frame.source == "wiod2013") & (frame.country == "DEU") & (frame.year == "2011"), "domestic"] = "0.5"
    return frame


def test_the_page_shows_what_the_command_prints(capsys):
    page = (ROOT / "chapters" / "what-changed.md").read_text(encoding="utf-8")
    asked = page.split("```{what-changed} ")[1].split("\n")[0]
    assert f"python tools/what_changed.py {asked}\n" in page
    assert what_changed.main(asked.split()) == 0
    assert capsys.readouterr().out == changes.report(*asked.split())


def test_results_findings_claims_and_exercises_are_named():
    said = changes.report("wiod2013", "tiva2025")
    assert "| CHN | 2011 | 24.4 | 26.8 | 2022 | 31.9 |" in said
    assert "turns round for 1: CHN." in said and "JPN (below)" in said
    notebook = json.loads((ROOT / "chapters" / "01-in-flux.ipynb").read_text(encoding="utf-8"))
    findings = list(changes.findings(notebook, ["exports_by_country"]))
    assert findings and all(f"*{finding}*" in said for finding in findings)
    assert "- A1-2-03, " in said and "- 09-capstone: `exports_by_country`" in said
    assert list(changes.findings(notebook, ["stri"])) == []


def test_editions_are_compared_key_by_key(tmp_path, capsys):
    (tmp_path / "old").mkdir()
    old, new = _one_file(tmp_path / "old"), _edition(tmp_path, _renamed)
    assert what_changed.main([str(old), str(new)]) == 0
    said = capsys.readouterr().out
    china = (datasets.read("services_in_exports").country == "CHN").sum()
    assert f"| `services_in_exports` | {china} | {china} | country CHN gone; country CN1 new; " in said
    assert "domestic in 1 of 2," in said and "most in wiod2013 DEU 2011: 0.302" in said and "to 0.5 |" in said
    assert what_changed.main([str(old), str(old)]) == 0
    assert capsys.readouterr().out == "The two editions hold the same values.\n"


@pytest.mark.parametrize(
    "asked, says",
    [
        (
            ["wiod2013", "iot2025"],
            "wiod2013 and iot2025 say domestic of no economy in the same year: compare other sources.\n",
        ),
        (["wiod2013", "eora"], "There is no source 'eora': choose one of wiod2013,"),
        (["data", "wiod2013"], "Name two data folders, or sources only: a folder and a source do not compare.\n"),
        (["chapters", "data"], "datapackage.json cannot be read in chapters"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(asked, says, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert what_changed.main(asked) == 1
    said = capsys.readouterr()
    assert said.err.startswith(says) and said.err.count("\n") == 1 and said.out == ""
