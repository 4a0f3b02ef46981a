"""make bench: what the full-detail indicators cost, beside one dense inverse and pymrio's calc_all, in one run.

Every task runs in a process of its own, so that its peak memory is its own. Times are processor seconds on one core,
and the best of a few turns counts: what else the machine does hardly shows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from valuechains import indicators as gvc
from valuechains.course.meanwhile import told
from valuechains.tables import Table

RELEASE = Path(__file__).resolve().parents[2] / "shared" / "data" / "wiod2013-wiot"
BUDGET = 2.0  # of one dense inverse
CHAINS = 40


def synthetic(economies: int, industries: int, year: int) -> Table:
    """A productive table of the given size with the thin off-diagonal blocks of real trade."""
    rng = np.random.default_rng(year)
    n = economies * industries
    A = rng.random((n, n))
    A *= np.where(np.kron(np.eye(economies), np.ones((industries, industries))) > 0, 1.0, 0.2 / economies)
    A *= rng.uniform(0.3, 0.7, n) / A.sum(axis=0)
    F = rng.random((n, economies)) * 1000
    x = np.linalg.solve(np.eye(n) - A, F.sum(axis=1))
    codes = tuple(f"E{k}" for k in range(economies)), tuple(f"i{k}" for k in range(industries))
    return Table(A * x, F, *codes, year)


def real(year: int) -> Table:
    """One year of the WIOD 2013 release, final demand added up by economy."""
    with np.load(RELEASE / f"wiod2013_{year}.npz") as raw:
        countries, industries = map(tuple, (raw["countries"], raw["industries"]))
        F = raw["F"].astype(float).reshape(len(countries) * len(industries), len(countries), -1).sum(axis=2)
        return Table(raw["Z"], F, countries, industries, year)


def load(size: tuple[int, int] | None, year: int = 2011) -> Table:
    """The real table, or a synthetic one of the size given."""
    return real(year) if size is None else synthetic(*size, year)


def inverse(table: Table) -> None:
    """The yardstick: coefficients and one dense inverse."""
    np.linalg.inv(np.eye(len(table.x)) - gvc.coefficients(table.Z, table.x))


def indicators(table: Table) -> None:
    """Every table indicator at full detail, M1-M14, for all exporters and industries, and CHAINS chains."""
    Z, F, x, C = table.Z, table.F, table.x, len(table.countries)
    services = np.arange(len(table.industries)) >= len(table.industries) // 2
    A = gvc.coefficients(Z, x)
    B = gvc.leontief_inverse(A)
    v = gvc.value_added_rates(Z, x)
    E = gvc.exports(Z, F)
    gvc.value_added_in_exports(v, B, E)
    gvc.domestic_value_added(v, B, E, countries=C)
    gvc.foreign_value_added(v, B, E, countries=C)
    gvc.value_added_exports(v, B, F)
    gvc.participation(v, B, E, countries=C)
    gvc.kww(v, A, B, F, E, countries=C)
    gvc.borin_mancini(v, A, B, E, countries=C)
    gvc.borin_mancini_by_partner(v, A, B, F, countries=C, approach="sink")
    gvc.activities_forward(v, A, B, F, countries=C)
    gvc.origin_content(v, B, E, np.eye(len(services)), countries=C)
    gvc.services_routes(v, B, E, services, countries=C)
    gvc.rca(gvc.domestic_value_added_by_origin(v, B, E, countries=C).reshape(C, -1))
    gvc.upstreamness(B, x)
    gvc.downstreamness(B)
    f = np.zeros((len(x), min(CHAINS, len(x))))
    np.fill_diagonal(f, F.sum(axis=1))
    for paid, length in zip(gvc.chain(v, B, f).T, gvc.propagation_length(B, f).T, strict=True):
        if paid.sum() > 0:
            gvc.fit_curve(length, v, paid)


def pymrio_calc_all(table: Table) -> None:
    """pymrio on the same flows, with value added by economy of origin as its one extension."""
    import pandas as pd
    import pymrio

    sectors = pd.MultiIndex.from_product([table.countries, table.industries], names=["region", "sector"])
    users = pd.MultiIndex.from_product([table.countries, ["final"]], names=["region", "category"])
    by_origin = np.kron(np.eye(len(table.countries)), np.ones(len(table.industries))) * table.va
    origins = pd.Index(table.countries, name="stressor")
    pymrio.IOSystem(
        Z=pd.DataFrame(table.Z, index=sectors, columns=sectors),
        Y=pd.DataFrame(table.F, index=sectors, columns=users),
        value_added={"name": "value added", "F": pd.DataFrame(by_origin, index=origins, columns=sectors)},
    ).calc_all()


INVERSE, OURS, PYMRIO = "one dense inverse", "all indicators (M1-M14)", "pymrio calc_all"
TASKS = {INVERSE: inverse, OURS: indicators, PYMRIO: pymrio_calc_all}


def peak_memory() -> float:
    """Most memory this process has held, MB; NaN where the system does not say."""
    try:
        import resource
    except ImportError:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def measure(task: str, size: tuple[int, int] | None, repeats: int, years: int) -> dict[str, float]:
    """In this process: best seconds for the task over all the years, peak memory, and how much the task added."""
    loaded = [load(size, 2011 - k) for k in range(years)]
    before, best = peak_memory(), float("inf")
    for _ in range(repeats):
        start = time.process_time()
        for table in loaded:
            TASKS[task](table)
        best = min(best, time.process_time() - start)
    return {"seconds": best, "peak": peak_memory(), "added": peak_memory() - before}


def in_child(task: str, size: tuple[int, int] | None, years: int = 1) -> dict[str, float]:
    """`measure`, twice over, in a process of its own."""
    command = [sys.executable, __file__, "--measure", json.dumps([task, size, 2, years])]
    one_core = os.environ | dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=one_core).stdout)


def compare(tasks: list[str], size: tuple[int, int] | None, rounds: int) -> dict[str, dict[str, float]]:
    """Best cost of each task, the tasks taking turns."""
    runs = [{task: in_child(task, size) for task in tasks} for _ in range(rounds)]
    return {task: min((run[task] for run in runs), key=lambda cost: cost["seconds"]) for task in tasks}


def report(size: tuple[int, int] | None, rounds: int) -> None:
    """Print the comparison, then how cost grows with industries and years."""
    economies, S = (41, 35) if size is None else size
    n = economies * S
    origin = "WIOD 2013 release, 2011" if size is None else "SYNTHETIC table"
    print(
        f"{origin}: {economies} economies x {S} industries, n = {n:,}; "
        f"processor seconds on one core, best of {2 * rounds}\n"
    )
    found = compare(list(TASKS), size, rounds)
    base, ours, theirs = (found[task]["seconds"] for task in (INVERSE, OURS, PYMRIO))
    print(f"{'':26}{'seconds':>9}{'x inverse':>11}{'peak MB':>9}{'added MB':>10}")
    for task, cost in found.items():
        print(f"{task:26}{cost['seconds']:9.3f}{cost['seconds'] / base:11.2f}{cost['peak']:9.0f}{cost['added']:10.0f}")
    kept = "kept" if ours <= BUDGET * base and ours < theirs else "MISSED"
    print(
        f"\nBudget {kept}: within {BUDGET:g} x one inverse ({ours / base:.2f}), faster than pymrio "
        f"({theirs / ours:.1f} times as fast). Peak memory includes Python and the loaded table.\n"
    )

    print(f"Growth with industries (synthetic, {economies} economies)")
    print(f"{'industries':>12}{'n':>8}{'inverse s':>11}{'indicators s':>14}{'ratio':>8}{'added MB':>10}")
    for k in (S // 4, S // 2, S, 2 * S):
        one, full = compare([INVERSE, OURS], (economies, k), rounds).values()
        print(
            f"{k:12}{economies * k:8,}{one['seconds']:11.3f}{full['seconds']:14.3f}"
            f"{full['seconds'] / one['seconds']:8.2f}{full['added']:10.0f}"
        )

    print("\nGrowth with years (full size, all indicators)")
    print(f"{'years':>12}{'seconds':>11}{'a year':>9}{'added MB':>10}")
    for years in (1, 2, 4, 8):
        cost = in_child(OURS, size, years)
        print(f"{years:12}{cost['seconds']:11.3f}{cost['seconds'] / years:9.3f}{cost['added']:10.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--synthetic",
        nargs=2,
        type=int,
        metavar=("ECONOMIES", "INDUSTRIES"),
        help="use a synthetic table of this size (default: the real release if it is at hand)",
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often the tasks take turns")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(*json.loads(options.measure))))
        return
    size = tuple(options.synthetic) if options.synthetic else None if RELEASE.is_dir() else (41, 35)
    report(size, options.rounds)


if __name__ == "__main__":
    with told("Measuring"):
        main()
