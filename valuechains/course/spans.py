"""Spans of time in words, as long as the place for them allows."""

from __future__ import annotations

from datetime import timedelta


def duration(span: timedelta) -> str:
    """As one says it: "1 day 3 hours", "20 minutes"."""
    days, hours, minutes = _parts(span)
    parts = [(days, "day"), (hours, "hour"), (0 if days else minutes, "minute")]
    return " ".join(f"{count} {unit}{'s' * (count > 1)}" for count, unit in parts if count)


def short(span: timedelta) -> str:
    """To the minute, for a line on the screen: "1 d 3 min"."""
    return " ".join(f"{count} {unit}" for count, unit in zip(_parts(span), ("d", "h", "min")) if count)


def full(span: timedelta) -> str:
    """To the minute, alike in every row of a table: "1 d 0 h 3 min"."""
    days, hours, minutes = _parts(span)
    return f"{days} d {hours} h {minutes} min"


def _parts(span: timedelta) -> tuple[int, int, int]:
    minutes = max(1, round(span.total_seconds() / 60))
    return minutes // 1440, minutes // 60 % 24, minutes % 60
