"""Spans of time in words, as long as the place for them allows."""

from __future__ import annotations

from datetime import timedelta

from valuechains.tongue import count


def duration(span: timedelta) -> str:
    """As one says it: "1 day 3 hours", "20 minutes"."""
    days, hours, minutes = _parts(span)
    parts = (
        count("{number} day", "{number} days", days) if days else "",
        count("{number} hour", "{number} hours", hours) if hours else "",
        count("{number} minute", "{number} minutes", minutes) if minutes and not days else "",
    )
    return " ".join(filter(None, parts))


def short(span: timedelta) -> str:
    """To the minute, for a line on the screen: "1 d 3 min"."""
    return " ".join(f"{number} {unit}" for number, unit in zip(_parts(span), ("d", "h", "min")) if number)


def full(span: timedelta) -> str:
    """To the minute, alike in every row of a table: "1 d 0 h 3 min"."""
    days, hours, minutes = _parts(span)
    return f"{days} d {hours} h {minutes} min"


def _parts(span: timedelta) -> tuple[int, int, int]:
    minutes = max(1, round(span.total_seconds() / 60))
    return minutes // 1440, minutes // 60 % 24, minutes % 60
