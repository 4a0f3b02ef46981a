"""Which variant of a chapter's exercises is a student's: a keyed digest of the course-local id, and nothing
personal."""

from __future__ import annotations

import hmac


def drawn(count: int, salt: str, assignment: str, student: str | None) -> int:
    """The place of a student's variant among `count`; without an id the first, on which one can practise alone."""
    if not student:
        return 0
    digest = hmac.digest(salt.encode(), f"{assignment}/{student}".encode(), "sha256")
    return int.from_bytes(digest[:8], "big") % count
