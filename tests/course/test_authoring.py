"""What authors write, read in one place: an exercise's source, a chapter's head."""

import pytest

from valuechains.authoring.chapter import Head
from valuechains.checks.sheet import exercise_number


@pytest.mark.parametrize(
    "task, exercise", [("1", "1"), ("9b", "9"), ("10", "10"), ("12b", "12"), ("120c", "120"), ("a1", ""), ("", "")]
)
def test_a_task_belongs_to_the_exercise_that_its_name_begins_with(task, exercise):
    assert exercise_number(task) == exercise


@pytest.mark.parametrize(
    ("hours", "ends"),
    [("2 hours", (2, 2)), ("1.5 to 2.5 hours: 40 minutes of reading, 1 hour of exercises", (1.5, 2.5))],
)
def test_the_hours_of_a_head_have_two_ends(hours, ends):
    assert Head("Title", hours, "", "", "").range == ends
