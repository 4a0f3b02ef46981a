"""Every test in one run: library, data, notebooks (nbval, strict on outputs), built site, JupyterLab.

Arguments are handed to pytest. With CI set in the environment, a skipped test is a failed run.
"""

import os
import sys

import book
import browser
import programs
import pytest
from notebooks import FOLDERS, ROOT

WORKERS = str(2 * (os.cpu_count() or 1))  # browsers, kernels and disks keep every second process waiting


class Skipped:
    """Remembers what was skipped, and why."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.reasons.append(f"{report.nodeid}: {report.longrepr[-1] if isinstance(report.longrepr, tuple) else ''}")


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the test processes share the cores
    has_browser = browser.ensure()
    if book.build() != 0:
        print("The book could not be built (see above), so nothing was tested.", file=sys.stderr)
        return 1
    skipped = Skipped()
    default = ["tests", *(folder for folder in FOLDERS if any((ROOT / folder).rglob("*.ipynb")))]
    status = pytest.main(
        [
            "--nbval",
            "-p",
            "once",  # each notebook is run once, for nbval and for its bytes
            "--nbval-cell-timeout=60",
            "--nbval-sanitize-with",
            "tests/nbval-sanitize.cfg",
            "-n",
            WORKERS,
            "--dist",
            "loadfile",  # and a long file in parts: tests/conftest.py
            "--no-loadscope-reorder",  # it puts long files first; xdist goes by how many tests one has
            "-q",
            "-rs",
            "--durations=20",
            *(arguments or default),
        ],
        plugins=[skipped],
    )
    print(*programs.lines(has_browser), sep="\n")
    if skipped.reasons and os.environ.get("CI"):
        print("Skipped, and nothing may be skipped here:", *skipped.reasons, sep="\n  ", file=sys.stderr)
        return 1
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
