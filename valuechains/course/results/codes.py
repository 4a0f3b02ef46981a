"""Code as it reads whatever its names, comments and blanks: which was written once and handed in twice.

    shared_code(codes, given, published)     # pairs of students
    as_published(code, solution)             # whether it is a published solution's

Code is compared by runs of SIGNS signs in a row. A name that was not handed out, in the notebook or by Python, stands
for any other. What was handed out, what is published and what a third of the class wrote counts for nothing.
"""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from valuechains.course.results.alike import sharing

SIGNS = 8
ALIKE = 0.7  # of the runs of the shorter
ENOUGH = 20  # runs: less is what anybody would write
SOLVED = 0.9  # of the runs of a published solution
IDLE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
KNOWN = {*keyword.kwlist, *dir(builtins)}


@dataclass(frozen=True)
class SharedCode:
    """Two students, and which share of the shorter one's runs both have."""

    one: str
    other: str
    share: float


def shared_code(codes: Mapping[str, str], given: Iterable[str], published: Iterable[str] = ()) -> list[SharedCode]:
    """Pairs of students whose code is the same or nearly so. codes: {student: all that answers}."""
    given = list(given)
    names = named(given)
    old = set().union(*(runs(code, names) for code in (*given, *published)))
    own = {student: runs(code, names) - old for student, code in codes.items()}
    found = [SharedCode(*pair, share) for pair, share, count in sharing(own) if share >= ALIKE and count >= ENOUGH]
    return sorted(found, key=lambda pair: (-pair.share, pair.one, pair.other))


def as_published(code: str, solution: str, names: Container[str]) -> bool:
    """Whether the code of a solution stands in a student's; never of one that is short, which others find too."""
    told = runs(solution, names)
    return len(told) >= ENOUGH and len(told & runs(code, names)) >= SOLVED * len(told)


def named(sources: Iterable[str]) -> set[str]:
    """The names that stand in pieces of code."""
    return {sign.string for source in sources for sign in _signs(source) if sign.type == tokenize.NAME}


def runs(code: str, names: Container[str]) -> set[tuple[str, ...]]:
    """Every SIGNS signs in a row."""
    signs = _signs(code)
    said = [
        "name" if sign.type == tokenize.NAME and not _kept(sign.string, names, before) else sign.string
        for before, sign in zip([None, *signs], signs)
    ]
    return {tuple(said[at : at + SIGNS]) for at in range(len(said) - SIGNS + 1)}


def _kept(name: str, names: Container[str], before: tokenize.TokenInfo | None) -> bool:
    """Whether a name is more than the student's choice: Python's, handed out, or of something's own."""
    return name in KNOWN or name in names or (before is not None and before.string == ".")


def _signs(code: str) -> list[tokenize.TokenInfo]:
    """The tokens of a piece of code, up to where it is no Python."""
    found = []
    try:
        for sign in tokenize.generate_tokens(io.StringIO(code).readline):
            found += [] if sign.type in IDLE else [sign]
    except (tokenize.TokenError, SyntaxError):
        pass
    return found
