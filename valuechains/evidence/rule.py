"""The rule by which a verdict and its confidence follow from readings, results and sources.

A claim can be read in more than one fair way. Each *reading* has a result; the verdict follows from the results,
the confidence from what the evidence measures, for when, and who published it. Nothing here is a matter of taste: who
disagrees names another reading, another result or another source, and the same functions give another verdict.

>>> wdi = Source("wdi", "World Bank", "World Development Indicators", "2025", "international organisation")
>>> nbs = Source("nbs", "National Bureau of Statistics", "Economic census", "2024", "official statistics")
>>> share = Reading("above one half of GDP", AGREES, (Evidence(wdi, 2025), Evidence(nbs, 2025)))
>>> judge("share", 2025, [share])[:2]
('S', 'high')
>>> judge("share", 2025, [share, Reading("above one half of jobs", DISAGREES, (Evidence(wdi, 2023),))])[:2]
('D', 'medium')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from valuechains.evidence.sources import Source

VERDICTS = {
    "S": "supported",
    "P": "partly",
    "C": "contradicted",
    "D": "definition-dependent",
    "N": "not checkable with open data",
    "O": "opinion / forecast / prescription",
}
CONFIDENCE = ("high", "medium", "low", "none")
NOT_GRADED = ("forecast", "prescription")
AGREES, DISAGREES, UNTESTABLE = RESULTS = ("agrees", "disagrees", "cannot be tested openly")
UNHEARD = "no accepted evidence"  #: what becomes of a result whose evidence a judge does not accept
OPEN = (UNTESTABLE, UNHEARD)
WHOLE = "the claim"
CAUSE = "the cause"
OLD = 5  #: years between evidence and claim beyond which the evidence is old


@dataclass(frozen=True)
class Evidence:
    """What one source gives for one reading.

    until: the last year that the evidence speaks of. own: whether it measures the claim's own quantity, not a stand-in.
    circular: why it is the claim itself over again, if it is. assumes: what it takes for granted without a test.
    """

    source: Source
    until: int
    own: bool = True
    assumes: str = ""
    circular: str = ""
    dataset: str = ""


@dataclass(frozen=True)
class Reading:
    """One way in which a fair reader can take the claim, or a part of it, and what came of testing it.

    design: for a cause, the comparison that could have shown the opposite; without one an agreeing result is no proof.
    """

    reads: str
    result: str
    evidence: tuple[Evidence, ...] = ()
    part: str = WHOLE
    design: str = ""


class Terms(NamedTuple):
    """What a judge is ready to accept; the module's own terms are the defaults."""

    interested: bool = True  #: sources with a stake
    oldest: int | None = None  #: years between evidence and claim
    design: bool = True  #: a cause needs a design that could have shown the opposite
    all_readings: bool = True  #: every fair reading counts, not the author's most likely one alone
    without_sources: frozenset[str] = frozenset()  #: sources that are left out, by their ids
    without_readings: frozenset[str] = frozenset()  #: readings that are left out, by what they read


class Judgement(NamedTuple):
    """A verdict, its confidence, and the line that says how each follows; because: of that line the verdict's reason,
    without what each reading came to."""

    code: str
    confidence: str
    line: str
    why: str
    because: str


def judge(kind: str, until: int, readings: Sequence[Reading], terms: Terms = Terms()) -> Judgement:
    """Judge a claim of one of `models.dissector.KINDS` that speaks of the years up to `until`.

    readings: of each part, the author's most likely one first. A claim in the present tense speaks of the last full
    year before it was published. Confidence is high with a source that measures the claim's own quantity for its own
    period, official or peer-reviewed, and a second, independent publisher; medium with one such source, or one that
    stops up to five years before the claim; low with anything less. Agreeing and disagreeing readings, and parts, each
    need evidence of their own: the weakest decides. Raises ValueError for a claim of fact without a reading and for an
    unknown result.
    """
    if kind in NOT_GRADED:
        line = f"A {kind} is not graded: no evidence of today could show it right or wrong."
        return Judgement("O", "none", line, "", line)
    heard = hear(kind, until, readings, terms)
    if not heard:
        raise ValueError("A claim of fact needs at least one reading.")
    code = verdict(heard, terms)
    level, why = _confidence(code, until, heard, terms)
    because = _because(code, heard, terms)
    return Judgement(code, level, f"{_each(code, heard, terms)}{because}", why, because)


def verdict(readings: Iterable[Reading], terms: Terms = Terms()) -> str:
    """The code of the verdict that follows from the readings' results.

    Within a part: all testable readings agree S, all disagree C, they differ D, none is testable N. Parts of a compound
    claim that differ give P, and so does a part that stands beside one that cannot be tested.
    """
    parts = {name: _status([_result(one, terms) for one in ones]) for name, ones in _by_part(readings).items()}
    tested = set(parts.values()) - {"N"}
    if not tested:
        return "N"
    if len(tested) > 1 or (tested == {"S"} and "N" in parts.values()):
        return "P"
    return tested.pop()


def age(evidence: Evidence, until: int) -> int:
    """Years by which the evidence stops before the claim; 0 if it does not."""
    return max(until - evidence.until, 0)


# --- results ----------------------------------------------------------------------------------------------------


def hear(kind: str, until: int, readings: Sequence[Reading], terms: Terms = Terms()) -> list[Reading]:
    """The readings that count on these terms, with the evidence that they admit; without any left none can be tested.

    Raises ValueError for an unknown result.
    """
    fair = [one for one in readings if one.reads not in terms.without_readings]
    counted = fair if terms.all_readings else [ones[0] for ones in _by_part(fair).values()]
    return [_hear(reading, kind, until, terms) for reading in counted]


def _hear(reading: Reading, kind: str, until: int, terms: Terms) -> Reading:
    if reading.result not in RESULTS:
        raise ValueError(f"A reading's result is one of {', '.join(RESULTS)}, not {reading.result!r}.")
    given = tuple(one for one in reading.evidence if not one.circular)
    kept = tuple(one for one in given if _admitted(one, until, terms))
    part = CAUSE if kind == "cause" and reading.part == WHOLE else reading.part
    tested = reading.result != UNTESTABLE and given
    result = reading.result if kept else UNHEARD if tested else UNTESTABLE
    return replace(reading, result=result, evidence=kept, part=part)


def _admitted(one: Evidence, until: int, terms: Terms) -> bool:
    recent = terms.oldest is None or age(one, until) <= terms.oldest
    named = one.source.id in terms.without_sources
    return recent and not named and (terms.interested or not one.source.interest)


def _result(reading: Reading, terms: Terms) -> str:
    unproved = reading.part == CAUSE and reading.result == AGREES and terms.design and not reading.design
    return UNTESTABLE if unproved else reading.result


def _by_part(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    parts: dict[str, list[Reading]] = {}
    for reading in readings:
        parts.setdefault(reading.part, []).append(reading)
    return parts


def _status(results: Iterable[str]) -> str:
    tested = set(results) - {*OPEN}
    if len(tested) > 1:
        return "D"
    return {AGREES: "S", DISAGREES: "C"}[tested.pop()] if tested else "N"


# --- confidence -------------------------------------------------------------------------------------------------


class _Grade(NamedTuple):
    level: str
    why: str


def _confidence(code: str, until: int, heard: Sequence[Reading], terms: Terms) -> _Grade:
    if code == "N":
        return _Grade("none", "There is no finding to be sure or unsure of.")
    groups: dict[tuple[str, str], list[Evidence]] = {}
    for reading in heard:
        if (result := _result(reading, terms)) not in OPEN:
            groups.setdefault((reading.part, result), []).extend(reading.evidence)
    grades = [_grade(pool, until) for pool in groups.values()]
    return max(grades, key=lambda grade: CONFIDENCE.index(grade.level))


def _grade(pool: Sequence[Evidence], until: int) -> _Grade:
    full = [one for one in pool if one.source.strong and not _faults(one, until)]
    second = [
        other
        for other in pool
        if full and other.source.independent and not _faults(other, until) and _publishers_differ(other, full[0])
    ]
    if second:
        first, other = full[0].source, second[0].source
        return _Grade(
            "high",
            f"{first.publisher} ({first.date}) measures what the claim speaks of, for its own period, and "
            f"{other.publisher} ({other.date}) does so independently.",
        )
    if full:
        first = full[0].source
        return _Grade(
            "medium",
            f"{first.publisher} ({first.date}) measures what the claim speaks of, for its own period; no second, "
            "independent source does.",
        )
    near = [
        one for one in pool if one.source.strong and set(_faults(one, until)) <= {"late"} and age(one, until) <= OLD
    ]
    if near:
        newest = max(near, key=lambda one: one.until)
        return _Grade("medium", f"{_stops(newest, until)} ({newest.source.publisher}).")
    best = min(pool, key=lambda one: len(_weaknesses(one, until)))
    return _Grade("low", " ".join(_weaknesses(best, until)))


def _publishers_differ(one: Evidence, other: Evidence) -> bool:
    return one.source.publisher != other.source.publisher


def _faults(one: Evidence, until: int) -> dict[str, str]:
    """What keeps the evidence itself, whoever published it, from carrying "high": kind of fault and a sentence."""
    return {
        name: sentence
        for name, sentence, found in (
            ("late", f"{_stops(one, until)}.", age(one, until)),
            ("beside", f"{one.source.publisher} measures a stand-in for what the claim speaks of.", not one.own),
            ("assumes", f"It takes for granted, without a test, that {one.assumes}.", one.assumes),
        )
        if found
    }


def _weaknesses(one: Evidence, until: int) -> list[str]:
    source = one.source
    found = [text for name, text in _faults(one, until).items() if name != "late" or age(one, until) > OLD]
    if source.interest:
        found.append(f"It rests on an interested party: {source.interest}.")
    elif source.kind == "press" or source.read_as == "report":
        found.append("It rests on press reports.")
    elif not source.strong:
        found.append(
            f"No official or peer-reviewed source measures it; the best is a {source.kind} ({source.publisher})."
        )
    return found


def _stops(one: Evidence, until: int) -> str:
    years = age(one, until)
    return f"The newest evidence is of {one.until}, {years} {'year' if years == 1 else 'years'} before the claim"


# --- the line that says how the verdict follows -------------------------------------------------------------------


def _is_simple(code: str, heard: Sequence[Reading]) -> bool:
    """Whether the reason alone says what every reading came to."""
    return code == "N" or (code in "SC" and len(_by_part(heard)) == 1)


def _each(code: str, heard: Sequence[Reading], terms: Terms) -> str:
    """What each reading came to, where that differs."""
    if _is_simple(code, heard):
        return ""
    compound = len(_by_part(heard)) > 1
    told = "; ".join(_told(reading, compound, terms) for reading in heard)
    return f"{told[0].upper()}{told[1:]}. "


def _because(code: str, heard: Sequence[Reading], terms: Terms) -> str:
    tested = [reading for reading in heard if _result(reading, terms) not in OPEN]
    if code == "N":
        unheard = any(reading.result == UNHEARD for reading in heard)
        return f"No reading of it can be tested with {'the evidence that is accepted' if unheard else 'open data'}."
    if _is_simple(code, heard):
        word = {"S": "agrees", "C": "disagrees"}[code]
        if len(tested) == 1:
            only = "one reading" if len(heard) == 1 else "only reading"
            return f"The evidence {word} with the {only} that can be tested."
        return f"The evidence {word} with each of the {len(tested)} readings that can be tested."
    return {
        "D": "Fair readings differ, so the answer hangs on the definition.",
        "P": "Its parts differ.",
        "S": "Every part agrees.",
        "C": "No part that can be tested agrees.",
    }[code]


def _told(reading: Reading, compound: bool, terms: Terms) -> str:
    name = f"{reading.part} ({reading.reads})" if compound else reading.reads
    if _result(reading, terms) != reading.result:
        return f"{name}: nothing that was looked at could have shown the opposite"
    return f"{name}: {reading.result}"
