"""The checks of this notebook: each computes what is right from the tables and compares your answer with it."""

import numpy as np

from valuechains import datasets, indicators, tables
from valuechains.checks import TODO, Reply, numbers, todo, word

WORLD = tables.toy("W2")
ECONOMIES = len(WORLD.countries)
A = indicators.coefficients(WORLD.Z, WORLD.x)
B = indicators.leontief_inverse(A)
v = indicators.value_added_rates(WORLD.Z, WORLD.x)
E = indicators.exports(WORLD.Z, WORLD.F)
SERVICES = WORLD.mask(["S"])
MANUFACTURING = np.flatnonzero(np.tile(WORLD.mask(["M"]), ECONOMIES))
FUNCTIONS = np.array([[10, 5, 5, 60], [45, 25, 20, 30], [5, 3, 4, 28]])  # economies A, B, C; see exercise 5


def _manufacturing(inverse=B):
    domestic, foreign = indicators.services_content(v, inverse, E, SERVICES, countries=ECONOMIES)
    return (domestic / E)[MANUFACTURING], (foreign / E)[MANUFACTURING]


def exercise_1(content) -> Reply:
    domestic, foreign = _manufacturing()
    rows = indicators.leontief_inverse(WORLD.Z / WORLD.x[:, None])
    return numbers("Exercise 1", "content", content, domestic + foreign, mistakes={
        "This is the domestic part only: services abroad are paid too.": domestic,
        "This is the foreign part only: services at home are paid too.": foreign,
        "These come from row coefficients: divide each column of Z by its own output.": sum(_manufacturing(rows)),
        "This is a level, not a share: divide by the exports of the industry.": (domestic + foreign) * E[MANUFACTURING],
    })


def exercise_2(domestic) -> Reply:
    home, abroad = _manufacturing()
    return numbers("Exercise 2", "domestic", domestic, home, mistakes={
        "Foreign and domestic are swapped: t = s is at home.": abroad,
        "This is domestic and foreign together.": home + abroad,
        "This is a part of services, not of exports: divide by the exports of the industry.": home / (home + abroad),
    })


def exercise_2_widget(exporter, industry, year) -> Reply:
    """Whether foreign services earn more than domestic ones in the exports that were found."""
    if TODO in (exporter, industry, year):
        return todo("Exercise 2, widget", "exporter, industry, year")
    rows = datasets.read("exports_by_industry")
    row = rows[(rows.country == exporter) & (rows.industry == industry) & (rows.year == year)]
    if row.empty or not row.gross_exports.item():
        return Reply("Exercise 2, widget", "wrong", f"there are no exports of {industry!r} by {exporter!r} in {year!r}: give the "
                     "codes in brackets, such as \"CHN\", \"c14\", 2005.")
    if row.services_foreign.item() > row.services_domestic.item():
        return Reply("Exercise 2, widget", "right", "right: more of these exports is paid to services abroad than at home.")
    return Reply("Exercise 2, widget", "wrong", "not yet. Here services at home earn more than services abroad; keep moving.")


def _chain():
    f = np.zeros(len(WORLD.x))
    f[WORLD.index("A", "M")] = WORLD.F[WORLD.index("A", "M")].sum()
    return f


def exercise_3(contributions) -> Reply:
    f = _chain()
    at_home = np.where(f > 0, WORLD.F[:, 0], 0)
    reply = numbers("Exercise 3", "contributions", contributions, indicators.chain(v, B, f), mistakes={
        "This is gross output: multiply by value added per unit of output.": B @ f,
        "This is the chain of A's own buyers: add the final demand of B and C.": indicators.chain(v, B, at_home),
        "These are shares: multiply by the final output.": indicators.chain(v, B, f) / f.sum(),
    })
    if reply.state == "right":
        return Reply(reply.exercise, "right", "right. The nine add up to the final output of the chain, as they must.")
    return reply


def exercise_4(quadratic) -> Reply:
    f = _chain()
    c, length = indicators.chain(v, B, f), indicators.propagation_length(B, f)
    up = indicators.upstreamness(B, WORLD.x)
    fit = indicators.fit_curve
    reply = numbers("Exercise 4", "quadratic", quadratic, fit(length, v, c).quadratic, mistakes={
        "This fit is not weighted: weight each industry by its contribution.": fit(length, v).quadratic,
        "This is against upstreamness: the question asks for propagation length.": fit(up, v, c).quadratic,
        "This is the linear coefficient.": fit(length, v, c).linear,
        "The weights are squared: the weight is the contribution itself.": fit(length, v, c**2).quadratic,
    })
    if reply.state == "right":
        return Reply(reply.exercise, "right", "right. The sign says frown, though nine stages cannot tell it from a straight line.")
    return reply


def exercise_5(specialisation) -> Reply:
    f = FUNCTIONS / FUNCTIONS.sum()
    by_economy = f / f.sum(axis=1, keepdims=True)
    by_function = f / f.sum(axis=0, keepdims=True)
    return numbers("Exercise 5", "specialisation", specialisation,
                   indicators.functional_specialisation(FUNCTIONS), mistakes={
        "These are shares of each economy: divide by the share of the function in all economies.": by_economy,
        "These are shares of each function: divide by the share of the economy in all functions.": by_function,
    })


def exercise_6(economy, industry, estimates) -> Reply:
    """Two years and two axes, on real data, for the economy and industry that the student chose."""
    if TODO in (economy, industry) or not isinstance(estimates, dict) or TODO in estimates.values():
        return todo("Exercise 6", "economy, industry, estimates")
    fits = datasets.read("smile_coefficients")
    fits = fits[(fits.chain_country == economy) & (fits.chain_industry == industry)
                & (fits.up == "va_rate") & (fits.weighting == "contribution")]
    if fits.empty:
        return Reply("Exercise 6", "wrong", f"there is no chain {industry!r} of {economy!r}: give codes such as \"KOR\", \"c15\".")
    known = fits.set_index(["year", "across"]).quadratic
    if len({year for year, _ in estimates}) < 2 or len({across for _, across in estimates}) < 2:
        return Reply("Exercise 6", "wrong", "two years and two axes are asked for: four estimates.")
    for key, value in estimates.items():
        if key not in known.index:
            years = ", ".join(map(str, sorted(known.index.unique("year"))))
            return Reply("Exercise 6", "wrong", f"{key} is no setting: choose among the years {years} and the axes "
                         "\"propagation_length\" and \"upstreamness\".")
        reply = numbers("Exercise 6", f"estimates[{key}]", value, known[key], atol=0.0006, mistakes={
            "The sign is turned round.": -known[key]})
        if reply.state != "right":
            return reply
    return Reply("Exercise 6", "right", "right: four estimates that agree with the full-detail tables.")


def exercise_6_verdict(verdict, estimates) -> Reply:
    """Whether the verdict follows from the student's own numbers."""
    if not isinstance(estimates, dict) or TODO in estimates.values():
        return todo("Exercise 6, verdict", "estimates")
    signs = {np.sign(value) for value in estimates.values()}
    expected = {frozenset({1.0}): "smile", frozenset({-1.0}): "frown"}.get(frozenset(signs), "it depends")
    return word("Exercise 6, verdict", "verdict", verdict, expected, ("smile", "frown", "it depends"))
