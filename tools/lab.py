"""Open JupyterLab on the exercises.

    python tools/lab.py

In the project, students' copies are made in my-exercises/ first; notebooks that are there already are left alone.
"""

import os
import subprocess
import sys
from pathlib import Path

import environment

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
QUIET = ROOT / "tools" / "jupyter"  # no news from the network, and none of nbgrader's panels for instructors
PREPARE = """
from pathlib import Path
from valuechains.course import kit
added = kit.hand_out(kit.sources(), Path("my-exercises"))
print("Made in my-exercises:", ", ".join(added)) if added else None
"""
START_KIT = """
from pathlib import Path
from valuechains.checks.start import write
write(Path("exercises"))
"""


def main() -> int:
    environment.main()
    os.chdir(ROOT)
    project = any((ROOT / "exercises").glob("*/key.py"))
    made = subprocess.run([environment.PYTHON, "-c", PREPARE if project else START_KIT], check=False)
    if made.returncode:
        return made.returncode
    folder = "my-exercises" if project else "exercises"
    command = [
        environment.PYTHON,
        "-m",
        "jupyter",
        "lab",
        f"--LabApp.default_url=/lab/tree/{folder}/start.ipynb",
        *OPTIONS,
    ]
    env = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(QUIET), os.environ.get("JUPYTER_CONFIG_PATH")])),
    }
    return subprocess.run([*command, *sys.argv[1:]], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
