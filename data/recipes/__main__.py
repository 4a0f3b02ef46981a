"""Compute data/ again: python -m data.recipes [--sources ../shared/data] [--check | --describe]."""

import os

# One thread: sums are then added in one order, and a second run gives the same bytes.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from valuechains.course.meanwhile import told  # noqa: E402

from . import build  # noqa: E402
from .describe import write as describe  # noqa: E402

DATA = Path(__file__).parents[1]


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m data.recipes", description="Compute data/ from the releases.")
    parser.add_argument(
        "--sources",
        type=Path,
        default=DATA.parents[1] / "shared" / "data",
        help="folder of the publishers' releases (default: ../shared/data)",
    )
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write (default: data/)")
    parser.add_argument("--check", action="store_true", help="compute, compare with what is there, write nothing")
    parser.add_argument("--describe", action="store_true", help="renew only datapackage.json and README.md")
    options = parser.parse_args(argv)
    try:
        if options.describe:
            describe(options.out)
            return 0
        if options.check:
            changed = build.differences(options.sources, options.out)
            print(f"Differs: {', '.join(changed)}." if changed else "A new run gives the same bytes.")
            return 1 if changed else 0
        changed = build.build(options.sources, options.out)
        print(f"Written: {', '.join(changed)}." if changed else "Nothing changed.")
        return 0
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    with told("Computing data/"):
        sys.exit(main())
