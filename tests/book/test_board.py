"""The board examples: every number by other means, by what chalk can do and not by the library."""

from itertools import pairwise, product
from math import erf, exp, log, sqrt

import numpy as np
import pytest

from valuechains import tables
from valuechains.book.instructor import board

MINUS = "\N{MINUS SIGN}"


def percent(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}%}".replace("-", MINUS)


def inverse(a: float, b: float, c: float, d: float) -> list[list[float]]:
    """(I - A)^-1 of two industries by Cramer's rule."""
    left = (1 - a) * (1 - d) - b * c
    return [[(1 - d) / left, b / left], [c / left, (1 - a) / left]]


def matrix(rows: list[list[float]], digits: int = 3) -> str:
    return "(" + "; ".join(", ".join(f"{value:.{digits}f}" for value in row) for row in rows) + ")"


def reading_a_claim() -> dict[str, str]:
    z, share, n = 1.959964, 0.81, 113
    middle, width = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return {
        "services_before": f"{60 + 30}",
        "services_after": f"{62 + 96}",
        "total_before": percent(90 / 200),
        "total_after": percent(158 / 400),
        "low": percent((middle - width) / (1 + z * z / n), 0),
        "high": percent((middle + width) / (1 + z * z / n), 0),
    }


def in_flux() -> dict[str, str]:
    return {
        "part_before": "50",
        "change": "1",
        "share_before": percent(50 / 100, 0),
        "share_after": percent(51 / 110),
        "contribution": percent(1 / 10, 0),
        "rest_growth": percent(9 / 50, 0),
    }


def services() -> dict[str, str]:
    right, wrong = inverse(0.2, 0.3, 0.1, 0.4), inverse(0.2, 0.24, 0.125, 0.4)

    def earned(of: list[list[float]]) -> str:
        return ", ".join(f"{0.7 * of[0][j] + 0.3 * of[1][j]:.2f}" for j in (0, 1))

    return {
        "A": "(0.20, 0.30; 0.10, 0.40)",
        "rows": "(0.200, 0.240; 0.125, 0.400)",
        "B": matrix(right),
        "wrong": matrix(wrong),
        "v": "0.7, 0.3",
        "sums": earned(right),
        "wrong_sums": earned(wrong),
        "outputs": "100 and 100",
        "earned": f"{7 * right[0][0]:.2f}, {3 * right[1][0]:.2f}",
        **advantages(),
    }


def advantages() -> dict[str, str]:
    """Services in exports over the world's, by label and by who is paid: round by round through the chain."""
    world = tables.toy("W2")
    home, is_service = np.repeat([0, 1, 2], 3), np.array([name == "S" for name in world.industries] * 3)
    abroad = home[:, None] != home
    exports = (world.Z * abroad).sum(axis=1) + (world.F * (home[:, None] != np.arange(3))).sum(axis=1)
    inputs, paid = world.Z / world.x, 1 - world.Z.sum(axis=0) / world.x
    sold, earned = np.zeros(3), np.zeros(3)
    for economy in range(3):
        made = exports * (home == economy)
        sold[economy] = made[is_service].sum()
        for _ in range(400):
            earned[economy] += (paid * made)[is_service].sum()
            made = inputs @ made
    total = np.array([exports[home == economy].sum() for economy in range(3)])
    by_label, by_pay = (part / total / (part.sum() / total.sum()) for part in (sold, earned))
    return {f"{name}_advantage": f"{by_label[at]:.2f}; {by_pay[at]:.2f}" for at, name in enumerate("ABC")}


def dual_engines() -> dict[str, str]:
    return {
        "core": percent((4 + 6) / 100),
        "services": percent(6 / 100),
        "broad": percent((10 + 0.35 * 90) / 100),
        "needed": percent(30 / 90),
        "large_head": "1",
        "small_head": "4",
    }


def global_impact() -> dict[str, str]:
    return {
        "naive": f"{MINUS}6",
        "others": f"{MINUS}3",
        "effect": f"{MINUS}3",
        "part": percent(3 / 6, 0),
        "saving": percent(-6 / 30, 0),
    }


def challenges() -> dict[str, str]:
    """The shared fate by drawing out all cases: six times in ten all fail or none, else each by itself."""
    cases = list(product((0, 1), repeat=4))
    alone = {case: 0.1 ** sum(case) * 0.9 ** (4 - sum(case)) for case in cases}
    shared = {case: 0.4 * alone[case] + 0.6 * (0.1 if all(case) else 0.0 if any(case) else 0.9) for case in cases}

    def spread(chance: dict) -> float:
        return sqrt(sum(chance[case] * (sum(case) / 4 - 0.1) ** 2 for case in cases))

    def tail(chance: dict) -> float:
        return sum(chance[case] for case in cases if sum(case) / 4 > 0.2)

    return {
        "one": percent(sqrt(0.1 * 0.9), 0),
        "four": percent(spread(alone), 0),
        "shared": percent(spread(shared), 0),
        "floor": percent(sqrt(0.6) * 0.3, 0),
        "tail_one": percent(0.1, 0),
        "tail_four": percent(tail(alone), 0),
        "tail_shared": percent(tail(shared), 0),
        "loss": percent(0.1, 0),
    }


def industrial_brain() -> dict[str, str]:
    tenth = exp(-10 * (0.1 * log(0.1) + 0.9 * log(0.9)))
    return {
        "all": "1,024",
        "half": "1,024",
        "tenth": f"{tenth:.1f}",
        "factor": f"{tenth**0.1:.2f}",
        "times": f"{1024 / tenth:.0f}",
        "plain": percent(0.9**10, 0),
        "with_one_more": "2,048",
    }


def exportable_service() -> dict[str, str]:
    low, high = 1.0, 2.0
    while high - low > 1e-9:  # the quantile by halving
        z = (low + high) / 2
        low, high = (z, high) if (1 + erf(z / sqrt(2))) / 2 < 9 / 10 else (low, z)
    return {
        "ratio": percent(9 / 10, 0),
        "z": f"{z:.2f}",
        "safety": f"{z * 30:.0f}",
        "apart": f"{2 * z * 30:.0f}",
        "same": f"{z * 60:.0f}",
        "pooled": f"{z * sqrt(2) * 30:.0f}",
        "opposed": "0",
        "forecast": f"{z * 15:.0f}",
    }


def turning_point() -> dict[str, str]:
    """What the lever sells in five years is what is bought less what the others sell, and it sells 10 today."""

    def needed(imports: float, others: float) -> str:
        return percent(((25 * (1 + imports) ** 5 - 10 * (1 + others) ** 5) / 10) ** 0.2 - 1)

    return {
        "tc": f"{MINUS}{5 / 45:.2f}",
        "still": needed(0, 0),
        "moving": needed(0.05, 0.05),
        "slower": needed(0.03, 0.05),
    }


def capstone() -> dict[str, str]:
    """Since year 1: P +10, Q +15, R +16. Since year 2: P +16, Q +5, R +4."""
    return {
        "first": "R",
        "first_gain": "+16",
        "second": "P",
        "second_gain": "+16",
        "p_first": "+10",
        "r_second": "+4",
        "p_times": "5",
        "q_times": "1.5",
    }


BY_HAND = (
    reading_a_claim,
    in_flux,
    services,
    dual_engines,
    global_impact,
    challenges,
    industrial_brain,
    exportable_service,
    turning_point,
    capstone,
)


@pytest.mark.parametrize("chapter, by_hand", list(zip(board.EXAMPLES, BY_HAND, strict=True)), ids=list(board.EXAMPLES))
def test_every_number_on_the_board_is_what_chalk_gives(chapter, by_hand):
    assert by_hand.__name__ in chapter.replace("-", "_")
    assert dict(board.example(chapter)) == by_hand()


def test_the_examples_stand_in_the_order_of_the_chapters():
    assert all(first < second for first, second in pairwise(board.EXAMPLES))
