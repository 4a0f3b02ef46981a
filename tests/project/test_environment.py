"""The environment of a newcomer's machine: made once, and what may go wrong is said in one sentence with its remedy.

Each condition is brought about truly: a dead index, a full disk, a Python without venv, a folder that was moved.
"""

import ast
import hashlib
import io
import json
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from conftest import ROOT
from kits import furnish, heard, press, ran, start

DEAD = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}


@pytest.fixture
def top(tmp_path) -> Path:
    """A small project with the tools in it."""
    folder = tmp_path / "a folder"
    (folder / "tools").mkdir(parents=True)
    for name in ("environment.py", "lab.py"):
        shutil.copy(ROOT / "tools" / name, folder / "tools")
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "valuechains").mkdir()
    (folder / "valuechains" / "__init__.py").write_text('"""A library."""\n')
    (folder / "requirements.lock").write_text("nothing==1.0 --hash=sha256:" + 64 * "0" + "\n")
    return folder


def wheel(name: str, into: Path) -> str:
    """A wheel of a package of this environment; the line of a lock that asks for it."""
    package = distribution(name)
    files = [file for file in package.files if "__pycache__" not in file.parts and not str(file).startswith("..")]
    path = into / f"{name}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            if file.name != "RECORD":
                archive.writestr(str(file), file.locate().read_bytes())
        record = "".join(f"{file},,\n" for file in files)
        archive.writestr(f"{name}-{package.version}.dist-info/RECORD", record)
    return f"{name}=={package.version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def shelf(top) -> dict[str, str]:
    """An index on the disk that has what the lock asks for."""
    folder = top.parent / "wheels"
    folder.mkdir()
    (top / "requirements.lock").write_text(wheel("flit_core", folder))
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}


def refused(top, *words: str, **variables: str) -> str:
    """It ends with one sentence that has these words, and with nothing that passes for an environment."""
    status, said = ran(top, "environment", **variables)
    assert status == 1, said
    last = said.strip().splitlines()[-1]
    assert [word for word in words if word not in last] == [], said
    assert "Traceback" not in said
    assert "ERROR:" not in said and "WARNING:" not in said, "pip's noise"
    assert not (top / ".venv" / "made-from").exists()
    return said


def test_it_is_made_once_and_says_how_long_it_takes(top, shelf):
    status, said = ran(top, "environment", **shelf)
    assert status == 0, said
    assert said.startswith("Making .venv of 1 packages, once (1 to 1 minutes) ...")
    assert "The environment is complete, after 0:" in said
    assert ran(top, "environment", **DEAD) == (0, "")


def test_a_folder_that_was_moved_goes_on_without_a_network(top, shelf):
    assert ran(top, "environment", **shelf)[0] == 0
    there = top.rename(top.parent / f"{top.name} 2, with an ä")  # its old name begins the new one
    sentence = "The folder was moved, so its environment is set right for the new place.\n"
    assert ran(there, "environment", **DEAD) == (0, sentence)
    assert ran(there, "environment", **DEAD) == (0, "")
    home = there / ".venv" / "bin"
    asked = [str(home / "python"), "-c", "import valuechains; print(valuechains.__file__)"]
    found = subprocess.run(asked, cwd="/", capture_output=True, encoding="utf-8", check=True).stdout
    assert Path(found).is_relative_to(there)
    for _ in range(2):  # moved again, its scripts are still put right
        said = subprocess.run([home / "pip", "--version"], capture_output=True, encoding="utf-8", check=True).stdout
        assert str(there) in said
        there = there.rename(there.parent / "third")
        home = there / ".venv" / "bin"
        ran(there, "environment", **DEAD)


def test_without_a_network(top):
    refused(top, "could not be reached", "run the same command again", **DEAD)


def test_a_name_server_that_does_not_answer(top):
    refused(top, "could not be reached", PIP_INDEX_URL="http://index.invalid/simple", PIP_RETRIES="1")


def test_pip_words_are_kept_for_who_asks(top):
    refused(top, **DEAD)
    assert "127.0.0.1" in (top / ".lab" / "pip.log").read_text(encoding="utf-8")


def test_another_package_than_the_lock_names(top, shelf):
    lock = top / "requirements.lock"
    lock.write_text(lock.read_text().split("sha256:")[0] + "sha256:" + 64 * "0" + "\n")
    refused(top, "not the one that the lock names", **shelf)


def test_a_package_without_a_build_for_this_machine(top, shelf):
    """It is not tried to compile it: a newcomer has no compiler, and the attempt takes minutes."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("nothing-1.0/PKG-INFO"))
    (Path(shelf["PIP_FIND_LINKS"]) / "nothing-1.0.tar.gz").write_bytes(content.getvalue())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    (top / "requirements.lock").write_text(f"nothing==1.0 --hash=sha256:{digest}\n")
    refused(top, "No ready-made build", "another of the Pythons that README.md names", **shelf)


@pytest.mark.parametrize("range", [">=3.98,<3.99", ">=3.9,<3.10"])
def test_a_python_that_will_not_do(top, range):
    """Too old and too new: the range stands in pyproject.toml alone."""
    project = top / "pyproject.toml"
    project.write_text(project.read_text().replace(">=3.11,<3.15", range))
    first, last = (98, 98) if "98" in range else (9, 9)
    said = refused(top, f"needs Python 3.{first} to 3.{last}", sys.version.split()[0])
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("name", ["environment", "lab"])
def test_an_old_python_gets_as_far_as_the_sentence(name):
    """Python 3.6 can read the whole file, and evaluates its annotations."""
    tree = ast.parse((ROOT / "tools" / f"{name}.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    notes = [note for one in functions for note in (one.returns, *(arg.annotation for arg in one.args.args)) if note]
    assert notes
    assert [ast.unparse(note) for note in notes if isinstance(note, ast.BinOp | ast.Subscript)] == []
    assert "annotations" not in {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def test_a_python_without_pip_for_its_environments(top):
    """Debian's python3 without python3-venv: it has no module ensurepip."""
    hiding = top.parent / "debian"
    hiding.mkdir()
    (hiding / "sitecustomize.py").write_text(
        "import importlib.machinery as m\nfind = m.PathFinder.find_spec\n"
        "m.PathFinder.find_spec = classmethod(lambda c, n, *r: None if n == 'ensurepip' else find(n, *r))\n"
    )
    refused(top, "sudo apt install python3-venv", PYTHONPATH=str(hiding))


def on_a_small_disk(top, megabytes: int, lock: str) -> str:
    """What the tool says on a disk of that size."""
    script = f"""
        set -e
        mount -t tmpfs -o size={megabytes}m none "$1/disk"
        cp -r "$1/a folder/." "$1/disk"
        printf '%s' '{lock}' > "$1/disk/requirements.lock"
        exec "$2" "$1/disk/tools/environment.py"
    """
    (top.parent / "disk").mkdir()
    walls = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*walls, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs namespaces, to mount a small disk (Linux)")
    done = subprocess.run(
        [*walls, "sh", "-c", script, "sh", str(top.parent), sys.executable],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_a_disk_too_small_is_seen_before_anything_is_fetched(top):
    said = on_a_small_disk(top, 30, "".join(f"p{n}==1.0\n" for n in range(20)))
    assert "MB free, and the environment needs about 120" in said


def test_a_disk_that_gets_full_on_the_way(top):
    assert "The disk is full: make room" in on_a_small_disk(top, 8, "nothing==1.0\n")


def test_a_folder_that_cannot_be_written_to(top):
    (top / ".lab").write_text("")
    refused(top, "cannot be written to", "a place of your own")


@pytest.fixture
def silent():
    """The address of an index that takes a call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/simple"


def test_a_second_start_waits_for_the_first(top, silent):
    first = start(top, "environment", PIP_INDEX_URL=silent)
    heard(first, "Making .venv")
    second = start(top, "environment", **DEAD)
    heard(second, "Another start in this folder is making the environment; waiting for it")
    assert second.poll() is None
    press(first, signal.SIGKILL)
    first.wait()
    heard(second, "Making .venv")  # the lock went with the first one
    assert "could not be reached" in second.communicate()[0]


def test_a_package_that_went_missing_is_named_and_fetched_again(top, shelf):
    assert ran(top, "environment", **shelf)[0] == 0
    gone = next((top / ".venv").glob("lib/*/site-packages/flit_core-*.dist-info"))
    shutil.rmtree(gone)
    status, said = ran(top, "environment", **shelf)
    assert status == 0 and said.startswith("The environment lacks flit_core-"), said
    assert gone.exists()


def test_an_interpreter_that_went_missing(top, shelf):
    assert ran(top, "environment", **shelf)[0] == 0
    python = top / ".venv" / "bin" / "python"
    python.unlink()
    assert ran(top, "environment", **shelf)[0] == 0
    assert python.exists()


def test_an_environment_cut_short_is_made_again(top, shelf):
    furnish(top)
    (top / ".venv" / "made-from").write_text('{"from": ')
    status, said = ran(top, "environment", **shelf)
    assert (status, said.splitlines()[0][:12]) == (0, "Making .venv")
    assert json.loads((top / ".venv" / "made-from").read_text())["at"] == str(top / ".venv")


def test_one_range_of_pythons_is_told_everywhere():
    """That of pyproject.toml."""
    for text in (ROOT / "README.md", ROOT / "valuechains" / "course" / "kit.py"):
        assert "Python 3.11 to 3.14" in text.read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11,<3.15"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
