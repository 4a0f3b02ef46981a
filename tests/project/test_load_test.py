"""The load test's walls around plain nbgrader: the project is seen wherever it stands, the course alone is written."""

import subprocess

import pytest
from load_test import walls
from programs import WALLS


@pytest.mark.skipif(not WALLS.is_here, reason=WALLS.line)
def test_a_project_in_tmp_is_seen_behind_the_walls_and_nothing_else_there(tmp_path):
    for name in ("project", "course", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    line = "cat ../project/file file; echo new > file; echo new > ../project/file; cat ../other/file"
    done = subprocess.run(
        [*walls(tmp_path / "course", tmp_path / "project"), "sh", "-c", line],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout == "projectcourse" and done.returncode != 0, done.stderr
    assert [(tmp_path / name / "file").read_text() for name in ("project", "course")] == ["project", "new\n"]
