"""Whether what is stored is the same on every processor: notebooks, sheets and data/ again by numpy's other code paths.

python tools/same.py                            every path: all notebooks, the sheets and, with ../shared/data, data/
python tools/same.py --paths Haswell perturbed  these paths
python tools/same.py chapters/x.ipynb           these notebooks only
python tools/same.py sheets data                sheets and data/ only

Numpy's linear algebra (OpenBLAS) and its loops have code for several generations of processors, which add up in
different orders. Any of them runs on a newer processor if asked; each is asked for by name here, and whether it was
taken is looked up. `perturbed` stands for processors that are not at hand: results of linear algebra come out wrong by
a part in 10^13, far more than the paths differ. Nothing may change by a byte.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Collection
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

from notebooks import ROOT, notebooks, run

from valuechains.course.meanwhile import told

BESIDE = frozenset({"sheets", "data"})  # what is computed and stored beside the notebooks
RELEASES = ROOT.parent / "shared" / "data"
THREADS = "OPENBLAS_NUM_THREADS"
# Each path also gets another locale, time zone and order of sets: none of them may show either.
PATHS = {
    "SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX", THREADS: "2", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    "Haswell": {"OPENBLAS_CORETYPE": "Haswell", THREADS: "1", "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "2"},
    "Haswell, 2 threads": {
        "OPENBLAS_CORETYPE": "Haswell",
        THREADS: "2",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "3",
    },
    "Sandybridge": {"OPENBLAS_CORETYPE": "Sandybridge", THREADS: "1", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "4"},
    "Nehalem": {"OPENBLAS_CORETYPE": "Nehalem", THREADS: "2", "TZ": "America/St_Johns", "PYTHONHASHSEED": "5"},
    "oldest": {"OPENBLAS_CORETYPE": "Prescott", THREADS: "1", "NPY_DISABLE_CPU_FEATURES": "all", "PYTHONHASHSEED": "6"},
    "perturbed": {"PYTHONPATH": str(ROOT / "tools" / "perturbed"), "PYTHONHASHSEED": "7"},
}
CALLED = {"Prescott": "Katmai"}  # what OpenBLAS calls the kernels that it takes for a name
LOOK = """
import ctypes
from pathlib import Path
import numpy
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
home = Path(numpy.__file__).parent
libraries = [*home.parent.glob("numpy.libs/*openblas*"), *home.glob(".dylibs/*openblas*")]
name = ctypes.CDLL(str(libraries[0])).scipy_openblas_get_corename64_ if libraries else None
if name:
    name.restype = ctypes.c_char_p
print(name().decode() if name else "none", *(one for one in __cpu_dispatch__ if __cpu_features__.get(one)))
"""


def taken(env: dict[str, str]) -> tuple[str, list[str]]:
    """The kernels of OpenBLAS and the wide units that numpy uses in this environment; "none" without OpenBLAS."""
    said = subprocess.run(
        [sys.executable, "-c", LOOK], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    kernels, *wide = said.stdout.split()
    return kernels, wide


def environment(path: str) -> dict[str, str] | None:
    """The variables that make numpy take a path, or None where this machine cannot take it."""
    env = dict(PATHS[path])
    if env.get("NPY_DISABLE_CPU_FEATURES") == "all":
        env["NPY_DISABLE_CPU_FEATURES"] = " ".join(taken({})[1])
    kernels, wide = taken(env)
    asked = env.get("OPENBLAS_CORETYPE", kernels)
    return env if kernels == CALLED.get(asked, asked) and not ("NPY_DISABLE_CPU_FEATURES" in env and wide) else None


def rerun(notebook: Path, env: dict[str, str]) -> str:
    """What a notebook gave in this environment: "same", "DIFFERS" or the last line of what went wrong."""
    try:
        return "same" if run(notebook, **env) == notebook.read_text(encoding="utf-8") else "DIFFERS"
    except Exception as error:
        return str(error).strip().splitlines()[-1][:60]


def command(words: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env={**os.environ, **env}, capture_output=True, check=False
    )
    return "DIFFERS" if done.returncode else "same"


def started(
    pool: Executor, env: dict[str, str], chosen: list[Path], also: bool | Collection[str]
) -> dict[str, Future[str]]:
    """By name what is run in this environment, the longest first; also: which of BESIDE, or whether all of them."""
    found, wanted = {}, BESIDE if also is True else also or ()
    # seven digits of two million numbers: some lie near a tie
    if "data" in wanted and RELEASES.is_dir() and "OPENBLAS_CORETYPE" in env:
        found["data/"] = pool.submit(command, ["-m", "data.recipes", "--check"], env)
    if "sheets" in wanted:
        found["sealed sheets"] = pool.submit(command, ["tools/sheets.py", "--check"], env)
    return found | {f"{path.parent.name}/{path.stem}": pool.submit(rerun, path, env) for path in chosen}


def processes() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1))


def differing(env: dict[str, str], chosen: list[Path], also: bool | Collection[str]) -> dict[str, str]:
    """By name what a run in this environment gave."""
    with processes() as pool:
        return {name: said.result() for name, said in started(pool, env, chosen, also).items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", help="notebooks, sheets, data (default: all)")
    parser.add_argument("--paths", nargs="+", choices=PATHS, default=list(PATHS), metavar="PATH", help=", ".join(PATHS))
    options = parser.parse_args()
    also = BESIDE & {*options.what} if options.what else BESIDE
    chosen = [Path(one).resolve() for one in options.what if one not in BESIDE] if options.what else notebooks()
    if lacking := [path for path in chosen if not path.is_file()]:
        parser.error(f"there is no notebook {lacking[0]}: name notebooks, sheets or data")
    print("code path", "what OpenBLAS and numpy take", "what differs from what is stored", sep=" | ", flush=True)
    red, ran = 0, 0
    with processes() as pool:
        asked = {path: environment(path) for path in options.paths}
        running = {path: started(pool, env, chosen, also) for path, env in asked.items() if env}
        for path, env in asked.items():
            if env is None:
                print(path, f"{taken({})[0]}: this machine cannot take it", "not run", sep=" | ", flush=True)
                continue
            kernels, wide = taken(env)
            found = {name: said.result() for name, said in running[path].items()}
            wrong = [f"{name} ({said})" for name, said in found.items() if said != "same"]
            print(
                path,
                f"{kernels}, {wide[-1] if wide else 'no wide units'}",
                ", ".join(wrong) or f"nothing of {len(found)}",
                sep=" | ",
                flush=True,
            )
            red, ran = red + len(wrong), ran + 1
    return 1 if red or not ran else 0


if __name__ == "__main__":
    with told("Running by other code paths"):
        sys.exit(main())
