"""Configurator: how many variants an option list allows, how many can be built, ordered and met on the road.

Options are a mapping of option -> level -> share of buyers: {"roof": {"low": 0.7, "high": 0.3}}. A rule is a
combination of levels that is not built: {"body": "short", "roof": "high"}. A model is an option like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from valuechains.indicators import concentration
from valuechains.models.inputs import shares as checked
from valuechains.models.inputs import whole, within

Options = Mapping[str, Mapping[str, float]]
Rule = Mapping[str, str]

MOST_COUNTED = 1 << 20  # combinations of options tied together by rules
MOST_RULES = 16  # for inclusion and exclusion, which runs over every set of rules

#: A made-up van with 2 x 2 x 2 x 3 = 24 combinations, of which two rules leave 15 (24 - 6 - 4 + 1).
VAN: Options = {
    "body": {"short": 0.5, "long": 0.5},
    "roof": {"low": 0.7, "high": 0.3},
    "tow bar": {"no": 0.8, "yes": 0.2},
    "engine": {"petrol": 0.3, "diesel": 0.4, "electric": 0.3},
}
VAN_RULES: tuple[Rule, ...] = ({"body": "short", "roof": "high"}, {"engine": "electric", "tow bar": "yes"})


class Variety(NamedTuple):
    """The variety of one option list."""

    theoretical: int  #: product of the numbers of levels
    feasible: int  #: combinations that no rule forbids
    effective: float  #: exp(entropy of orders): as many equally popular variants would be as varied
    distinct: float  #: variants expected among the cars built, if all feasible ones were equally popular
    share_built: float  #: distinct / feasible


def variety(options: Options, rules: Sequence[Rule] = (), *, output: int) -> Variety:
    """All counts of an option list at a yearly output. Raises ValueError for shares or rules that make no sense."""
    feasible = feasible_by_counting(options, rules)
    if not feasible:
        raise ValueError("The rules forbid every combination: drop one.")
    distinct = expected_distinct(feasible, output)
    return Variety(theoretical(options), feasible, effective_variety(options, rules), distinct, distinct / feasible)


def yes_no(count: int, rate: float) -> dict[str, dict[str, float]]:
    """`count` options that a buyer takes or leaves, each taken by the share `rate` (0-1) of buyers."""
    within(rate, 0, 1, "take rate")
    return {f"option {k + 1}": {"no": 1 - rate, "yes": rate} for k in range(whole(count, 0, "number of options"))}


def theoretical(options: Options) -> int:
    """M24. The product of the numbers of levels."""
    return math.prod(len(levels) for levels in options.values())


def feasible_by_counting(options: Options, rules: Sequence[Rule] = ()) -> int:
    """M24. Combinations that no rule forbids: options that rules tie together are counted one by one."""
    _check(options, rules)
    return math.prod(sum(1 for _ in _allowed(*part)) for part in _parts(options, rules))


def feasible_by_exclusion(options: Options, rules: Sequence[Rule] = ()) -> int:
    """M24. The same by inclusion and exclusion: all combinations, less those that each rule forbids, plus those that
    two forbid together, and so on. For up to 16 rules."""
    _check(options, rules)
    if len(rules) > MOST_RULES:
        raise ValueError(f"Inclusion and exclusion takes up to {MOST_RULES} rules, not {len(rules)}: count instead.")
    return sum(
        (-1) ** size * _satisfying(options, chosen)
        for size in range(len(rules) + 1)
        for chosen in combinations(rules, size)
    )


def effective_variety(options: Options, rules: Sequence[Rule] = ()) -> float:
    """M24. exp(H), H the entropy of what is ordered when buyers choose each option on its own, within the rules.

    Without rules it is the product of each option's entropy number. Source: Shannon (1948); Hill (1973).
    """
    _check(options, rules)
    return math.prod(concentration(_popularity(*part)).entropy_number for part in _parts(options, rules))


def expected_distinct(variants: int, output: int) -> float:
    """M24. Variants expected among `output` cars when V variants are equally popular, V [1 - (1 - 1/V)^Q].

    An upper bound for real orders, in which some variants are far more popular than others.
    """
    whole(variants, 1, "number of variants"), whole(output, 0, "yearly output")
    if variants == 1:
        return float(min(output, 1))
    return -variants * math.expm1(output * math.log1p(-1 / variants))


def options_needed(target: float, models: int = 1) -> int:
    """The smallest number k of yes-or-no options with models x 2^k above the target."""
    whole(models, 1, "number of models")
    k = 0
    while models * 2**k <= target:
        k += 1
    return k


def _check(options: Options, rules: Sequence[Rule]) -> None:
    for option, levels in options.items():
        checked(levels.values(), f"buyers' shares of {option!r}")
    for rule in rules:
        if not rule:
            raise ValueError("A rule without levels forbids everything: name the levels that exclude each other.")
        for option, level in rule.items():
            if level not in options.get(option, ()):
                raise ValueError(f"A rule names {option!r} {level!r}, not among the options: correct its name.")


def _allowed(options: Options, rules: Sequence[Rule]) -> Iterator[tuple[str, ...]]:
    """The combinations of levels that no rule forbids."""
    if theoretical(options) > MOST_COUNTED:
        raise ValueError(f"{theoretical(options):,} combinations are too many to list: use fewer options or rules.")
    place = {option: k for k, option in enumerate(options)}
    forbidden = [{(place[option], level) for option, level in rule.items()} for rule in rules]
    for combination in product(*options.values()):
        if not any(rule <= set(enumerate(combination)) for rule in forbidden):
            yield combination


def _satisfying(options: Options, rules: Iterable[Rule]) -> int:
    """Combinations in which all these rules' levels occur; none when two rules ask for different levels."""
    fixed: dict[str, str] = {}
    for rule in rules:
        for option, level in rule.items():
            if fixed.setdefault(option, level) != level:
                return 0
    return math.prod(len(levels) for option, levels in options.items() if option not in fixed)


def _parts(options: Options, rules: Sequence[Rule]) -> list[tuple[Options, list[Rule]]]:
    """The option list cut into parts that no rule ties together: their entropies add up."""
    groups = [{option} for option in options]
    for rule in rules:
        tied = [group for group in groups if group & set(rule)]
        groups = [group for group in groups if not group & set(rule)] + [set().union(*tied)]
    return [
        ({option: options[option] for option in options if option in group}, [r for r in rules if group & set(r)])
        for group in groups
    ]


def _popularity(options: Options, rules: Sequence[Rule]) -> np.ndarray:
    """Product of the levels' shares for each combination that is allowed."""
    levels = list(options.values())
    popularity = np.array(
        [
            math.prod(shares[level] for shares, level in zip(levels, combination, strict=True))
            for combination in _allowed(options, rules)
        ]
    )
    if not popularity.sum() > 0:
        raise ValueError("Nobody orders a combination that the rules allow: drop a rule or change the shares.")
    return popularity
