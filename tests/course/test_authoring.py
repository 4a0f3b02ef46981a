"""What authors write, read in one place: an exercise's source."""

import pytest

from valuechains.authoring.source import exercise_number


@pytest.mark.parametrize(
    "task, exercise", [("1", "1"), ("9b", "9"), ("10", "10"), ("12b", "12"), ("120c", "120"), ("a1", ""), ("", "")]
)
def test_a_task_belongs_to_the_exercise_that_its_name_begins_with(task, exercise):
    assert exercise_number(task) == exercise
