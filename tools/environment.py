"""Make the project's virtual environment from requirements.lock, unless it is already the one the lock describes.

Needs Python 3.11 or later and nothing else:  python tools/environment.py
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = HOME / "made-from"
INPUTS = [ROOT / "requirements.lock", ROOT / "pyproject.toml"]


def fingerprint() -> str:
    """What the environment is made from: the lock, the package's own description, this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in INPUTS:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make() -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    venv.create(HOME, with_pip=True)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # the lock names every dependency
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    STAMP.write_text(fingerprint())


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit(f"This project needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}.")
    if STAMP.exists() and STAMP.read_text() == fingerprint():
        return
    print("Making .venv from requirements.lock (about a minute, once) ...", flush=True)
    try:
        make()
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"The environment could not be made: pip ended with status {error.returncode} (its message is above). "
            "Run the same command again once that is mended; nothing else was changed."
        )


if __name__ == "__main__":
    main()
