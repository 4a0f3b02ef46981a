"""The benchmark's tasks run on any table, each does its work, and the report says whether the budget is kept."""

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "tools" / "bench.py"
spec = importlib.util.spec_from_file_location("bench", PATH)
bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench)


def test_the_synthetic_table_is_an_economy():
    table = bench.synthetic(3, 4, 2011).validate()
    assert (table.va > 0).all() and len(table.x) == 12


@pytest.mark.parametrize("task", bench.TASKS)
def test_every_task_is_measured(task):
    cost = bench.measure(task, (3, 6), repeats=1, years=2)
    assert 0 <= cost["seconds"] < float("inf") and cost["peak"] >= cost["added"] >= 0


@pytest.mark.parametrize(("ours", "verdict"), [(1.9, "Budget kept"), (2.1, "Budget MISSED"), (3.5, "Budget MISSED")])
def test_the_report_states_the_budget(monkeypatch, capsys, ours, verdict):
    seconds = {bench.INVERSE: 1.0, bench.OURS: ours, bench.PYMRIO: 3.0}
    monkeypatch.setattr(bench, "in_child", lambda task, *_: {"seconds": seconds[task], "peak": 9.0, "added": 1.0})
    bench.report((41, 35), rounds=1)
    shown = capsys.readouterr().out
    assert verdict in shown and "SYNTHETIC table: 41 economies x 35 industries, n = 1,435" in shown
    assert shown.count("\n") > 18
