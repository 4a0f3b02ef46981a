"""Spans of time in words: as one says them, short for a line, alike in every row of a table."""

from datetime import timedelta

import pytest

from valuechains.course import spans


@pytest.mark.parametrize(
    ("span", "said", "short", "full"),
    [
        (timedelta(seconds=1), "1 minute", "1 min", "0 d 0 h 1 min"),
        (timedelta(hours=1), "1 hour", "1 h", "0 d 1 h 0 min"),
        (timedelta(hours=13, minutes=5), "13 hours 5 minutes", "13 h 5 min", "0 d 13 h 5 min"),
        (timedelta(days=1, minutes=3), "1 day", "1 d 3 min", "1 d 0 h 3 min"),
        (timedelta(days=2, hours=1, seconds=59 * 60 + 31), "2 days 2 hours", "2 d 2 h", "2 d 2 h 0 min"),
    ],
)
def test_a_span_is_said_as_its_place_allows(span, said, short, full):
    assert (spans.duration(span), spans.short(span), spans.full(span)) == (said, short, full)
