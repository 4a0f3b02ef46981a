"""Pairs of submissions that are alike beyond chance: a place to look, and not a verdict.

Only wrong answers tell: right ones are alike anyway. Where both of a pair are wrong in a task, giving the same wrong
answer is evidence, the more the rarer it is among those who were wrong; giving another one is evidence against.
The score of a pair is the logarithm of the likelihood that one copies every second wrong answer from the other, over
that of working alone. In a task that varies only students of one variant are compared, with one another.

What scores chance alone would bring is simulated: within each task, and variant, the wrong answers are dealt out anew
among those who were wrong, so every answer stays as frequent and every student as often wrong as they were. The
threshold is passed by any pair of a class in one of a hundred such deals.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from valuechains.checks.replies import State
from valuechains.course.results.marked import Mark, Work

COPIES = 0.5  # the share of wrong answers that a copier is supposed to take over
RARE = 0.01  # how often chance may bring a pair above the threshold, in the whole class
DEALS = 400
PHRASE = 4  # words
SHARED = 0.5  # of the phrases of the shorter text


@dataclass(frozen=True)
class Pair:
    """Two students, the tasks in which they gave the same wrong answer, their score and how often chance brings it."""

    one: str
    other: str
    same: tuple[str, ...]
    score: float
    chance: float


@dataclass(frozen=True)
class Alike:
    """Pairs with a shared wrong answer, highest score first, and the score that chance alone hardly brings."""

    pairs: tuple[Pair, ...]
    threshold: float

    @property
    def beyond(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.score > self.threshold)


@dataclass(frozen=True)
class Texts:
    """Two students whose texts share phrases: which share of the shorter one's."""

    task: str
    one: str
    other: str
    share: float


def same_notebooks(cells: Mapping[str, Sequence[str]], given: Sequence[str]) -> list[tuple[str, ...]]:
    """Students whose notebooks say the same in every cell; not of those who changed nothing of what they were given."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for student, sources in cells.items():
        groups[_plain(sources)].append(student)
    untouched = _plain(given)
    return sorted(tuple(sorted(group)) for sources, group in groups.items() if len(group) > 1 and sources != untouched)


def same_texts(texts: Mapping[str, Mapping[str, str]]) -> list[Texts]:
    """Texts of a task that are the same or nearly so, the most alike first. texts: {task: {student: text}}.

    A phrase is four words in a row. Phrases that a third of the class has, such as the question's, count for nothing.
    """
    found = []
    for task, written in texts.items():
        phrases = {student: _phrases(text) for student, text in written.items()}
        found += [Texts(task, *pair, share) for pair, share, count in sharing(phrases) if share >= SHARED and count > 1]
        groups: dict[str, list[str]] = defaultdict(list)  # the same text of many, every phrase of which is common
        for student, text in written.items():
            groups[" ".join(_words(text))].append(student)
        known = {(text.task, text.one, text.other) for text in found}
        for text, who in groups.items():
            pairs = [pair for pair in combinations(sorted(who), 2) if (task, *pair) not in known]
            found += [Texts(task, *pair, 1.0) for pair in pairs if len(text.split()) > PHRASE]
    return sorted(found, key=lambda text: (-text.share, text.task, text.one, text.other))


def sharing(said: Mapping[str, Set[tuple]]) -> Iterator[tuple[tuple[str, str], float, int]]:
    """Pairs of students with the share of the shorter one's phrases that both have, and how many these are.

    A phrase that a third of them have counts for nothing.
    """
    whose: dict[tuple, list[str]] = defaultdict(list)
    for student in sorted(said):
        for phrase in said[student]:
            whose[phrase].append(student)
    common = max(2, len(said) / 3)
    own = {student: sum(len(whose[one]) <= common for one in phrases) for student, phrases in said.items()}
    shared = Counter(pair for who in whose.values() if len(who) <= common for pair in combinations(who, 2))
    for (one, other), count in shared.items():
        yield (one, other), count / min(own[one], own[other]), count


def _plain(sources: Sequence[str]) -> tuple[str, ...]:
    return tuple(source.strip() for source in sources)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _phrases(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + PHRASE]) for at in range(len(words) - PHRASE + 1)}


@dataclass(frozen=True)
class _Block:
    """Those who were wrong in one task (of one variant): their places in the class and which answer each gave."""

    task: str
    students: np.ndarray
    answers: np.ndarray
    weights: np.ndarray  # of each answer, when both give it

    def scores(self, answers: np.ndarray) -> np.ndarray:
        same = answers[:, None] == answers[None, :]
        return np.where(same, self.weights[answers][:, None], np.log(1 - COPIES))


def alike(works: Sequence[Work], tasks: Mapping[str, Mapping], variants: Mapping[str, int], seed: int = 1) -> Alike:
    """Compare every two submissions. tasks: the sheet's; variants: which variant is whose."""
    blocks = _blocks(works, tasks, variants)
    if not blocks:
        return Alike((), 0.0)
    random = np.random.default_rng(seed)
    highest = np.array([_scores(blocks, len(works), random).max() for _ in range(DEALS)])
    scores = _scores(blocks, len(works))
    pairs = [
        Pair(
            works[one].student,
            works[other].student,
            same,
            float(scores[one, other]),
            float((1 + (highest >= scores[one, other]).sum()) / (1 + DEALS)),
        )
        for (one, other), same in _shared(blocks).items()
    ]
    ordered = sorted(pairs, key=lambda pair: (-pair.score, pair.one, pair.other))
    return Alike(tuple(ordered), float(np.quantile(highest, 1 - RARE, method="higher")))


def wrong_answer(mark: Mark, task: Mapping) -> str | None:
    """What tells this wrong answer from others: the named mistake; else the value as written; else the code."""
    if mark.state != State.WRONG or mark.is_text:
        return None
    if mark.mistake is not None:
        return task["mistakes"][mark.mistake]
    value = mark.value(task["name"])
    if value is not None:
        return _same_for_same(value)
    try:
        return ast.unparse(ast.parse(mark.text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(mark.text.split())


def _same_for_same(value: object) -> str:
    """One text for one value: numbers to nine figures, in whatever they are held."""
    held = list(value.values()) if isinstance(value, dict) else value
    try:
        return " ".join(f"{number:.9g}" for number in np.ravel(np.asarray(held, dtype=float)))
    except (TypeError, ValueError):
        return repr(value)


def _blocks(works: Sequence[Work], tasks: Mapping[str, Mapping], variants: Mapping[str, int]) -> list[_Block]:
    found: dict[tuple, list[tuple[int, str]]] = {}
    for place, work in enumerate(works):
        for name, mark in work.marks.items():
            answer = wrong_answer(mark, tasks[name])
            if answer is not None:
                group = variants.get(work.student, 0) if tasks[name].get("varies") else 0
                found.setdefault((name, group), []).append((place, answer))
    blocks = []
    for (name, _), wrong in found.items():
        if len(wrong) > 1:
            places, answers = zip(*wrong)
            _, codes, counts = np.unique(answers, return_inverse=True, return_counts=True)
            share = counts / len(wrong)
            blocks.append(_Block(name, np.array(places), codes, np.log((COPIES + (1 - COPIES) * share) / share)))
    return blocks


def _scores(blocks: Sequence[_Block], size: int, random: np.random.Generator | None = None) -> np.ndarray:
    """The score of each pair, as it is or after one deal; a pair below the diagonal counts for nothing."""
    total = np.zeros((size, size))
    for block in blocks:
        answers = block.answers if random is None else random.permutation(block.answers)
        total[np.ix_(block.students, block.students)] += block.scores(answers)
    return np.triu(total, 1)


def _shared(blocks: Sequence[_Block]) -> dict[tuple[int, int], tuple[str, ...]]:
    shared: dict[tuple[int, int], tuple[str, ...]] = {}
    for block in blocks:
        for one, other in zip(*np.nonzero(np.triu(block.answers[:, None] == block.answers[None, :], 1))):
            pair = (int(block.students[one]), int(block.students[other]))
            shared[pair] = (*shared.get(pair, ()), block.task)
    return shared
