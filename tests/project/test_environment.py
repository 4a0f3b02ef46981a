"""The environment of a newcomer's machine: made once, and what may go wrong is said in one sentence with its remedy.

Each condition is brought about truly: a dead index, a full disk, a Python without venv, a folder that was moved. The
dearest is done once: the first environment and its pip, of which the others are copies.
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
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path, PureWindowsPath

import environment
import pytest
from conftest import ROOT
from kits import furnish, heard, press, ran, start

MOVED = "The folder was moved, so its environment is set right for the new place.\n"
DEAD = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}


COPIED_PIP = """
import os, shutil, venv
from pathlib import Path

def copied(self, context):
    first, home = Path({first!r}), Path(context.env_dir)
    for path in first.glob("lib/*/site-packages/pip*"):
        shutil.copytree(path, home / path.relative_to(first), copy_function=os.link)
    (home / "bin" / "pip").write_text((first / "bin" / "pip").read_text().replace(str(first), str(home)))
    (home / "bin" / "pip").chmod(0o755)

venv.EnvBuilder._setup_pip = copied
"""
DIES = """
import os
truly = os.replace

def replace(was, now):
    if os.path.basename(now) == os.environ.get("DIES_AT"):
        os._exit(9)
    truly(was, now)

os.replace = replace
"""


@pytest.fixture
def top(tmp_path) -> Path:
    """A small project with the tools in it."""
    return project(tmp_path / "a folder")


def project(folder: Path) -> Path:
    (folder / "tools").mkdir(parents=True)
    for name in ("environment.py", "lab.py", "spoken.py"):
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


@dataclass(frozen=True)
class Ready:
    """A project whose environment was made, what was said meanwhile, and where its packages came from."""

    top: Path
    said: str
    shelf: dict[str, str]  # an index on the disk that has what the lock asks for
    pip: dict[str, str]  # with these variables, pip is copied from there into a new environment


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Ready:
    folder = tmp_path_factory.mktemp("ready")
    top, wheels, changes = project(folder / "a folder"), folder / "wheels", folder / "changes"
    wheels.mkdir()
    (top / "requirements.lock").write_text(wheel("flit_core", wheels))
    shelf = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    status, said = ran(top, "environment", **shelf)
    assert status == 0, said
    changes.mkdir()
    (changes / "sitecustomize.py").write_text(COPIED_PIP.format(first=str(top / ".venv")) + DIES)
    return Ready(top, said, shelf, {"PYTHONPATH": str(changes)})


@pytest.fixture
def made(ready, tmp_path) -> Path:
    """A copy of that project, as it is after its first start where it stands now."""
    there = shutil.copytree(ready.top, tmp_path / "a folder", symlinks=True)
    assert ran(there, "environment", **DEAD) == (0, MOVED)
    return there


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


def test_it_is_made_once_and_says_how_long_it_takes(ready, made):
    assert ready.said.startswith("Making .venv of 1 packages, once (1 to 1 minutes) ...")
    assert "The environment is complete, after 0:" in ready.said
    project = made / "pyproject.toml"
    project.write_text(project.read_text() + "# for a tool\n")  # nothing of that is installed
    assert ran(made, "environment", **DEAD) == (0, "")


def works(top: Path) -> bool:
    """Its Python finds the library of this folder, its programs start, no file names the place where it was made."""
    home = top / ".venv"
    asked = [str(home / "bin" / "python"), "-c", "import valuechains, flit_core; print(valuechains.__file__)"]
    found = subprocess.run(asked, cwd="/", capture_output=True, encoding="utf-8", check=True).stdout
    said = subprocess.run([home / "bin" / "pip", "--version"], capture_output=True, encoding="utf-8", check=True).stdout
    texts = [path for path in (home / "bin").iterdir() if path.is_file() and not path.is_symlink()]
    texts += home.glob("*.cfg")
    astray = [path.name for path in texts if b".lab" in path.read_bytes()]
    return Path(found).is_relative_to(top) and str(top) in said and not astray


def test_a_folder_that_was_moved_goes_on_without_a_network(made):
    for name in (f"{made.name} 2, with an ä", "third"):  # the first one's old name begins the new one
        made = made.rename(made.parent / name)
        assert ran(made, "environment", **DEAD) == (0, MOVED)
        assert ran(made, "environment", **DEAD) == (0, "")
        assert works(made)


def test_a_program_of_windows_calls_the_python_of_the_new_place(monkeypatch):
    """As pip makes it: a program, the line of a script, and the script in an archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as script:
        script.writestr("__main__.py", "print()")
    monkeypatch.setattr(environment, "PYTHON", PureWindowsPath(r"D:\my work\.venv\Scripts\python.exe"))
    was = rb"C:\work\.lab\.venv\Scripts\python.exe"
    for line in (b"#!" + was, b'#!"' + was + b'"'):
        moved = environment._launcher(b"MZ" + line + b"\r\n" + archive.getvalue(), {r"C:\work\.lab\.venv": ""})
        assert moved == rb'MZ#!"D:\my work\.venv\Scripts\python.exe"' + b"\r\n" + archive.getvalue()


def tree(home: Path) -> dict[str, tuple]:
    """All that is in a folder, with the time and size of each file."""
    facts = {str(path.relative_to(home)): path.lstat() for path in home.rglob("*")}
    return {name: (fact.st_mtime_ns, fact.st_size) for name, fact in facts.items() if "__pycache__" not in name}


@pytest.mark.parametrize("way", ["no network", "Ctrl+C", "killed"])
def test_an_environment_that_cannot_be_made_leaves_the_old_one(made, ready, silent, way):
    """The lock has changed: what was there goes on serving until another can take its place."""
    with (made / "requirements.lock").open("a") as lock:
        lock.write("nothing==1.0 --hash=sha256:" + 64 * "0" + "\n")
    before = tree(made / ".venv")
    if way == "no network":
        status, said = ran(made, "environment", **DEAD, **ready.pip)
        assert (status, "and the one that was there is left as it was. The package index" in said) == (1, True), said
    else:
        started = start(made, "environment", PIP_INDEX_URL=address(silent), **ready.pip)
        connection, _ = silent.accept()  # pip is at work, and waits
        press(started, signal.SIGINT if way == "Ctrl+C" else signal.SIGKILL)
        said = started.communicate()[0]
        connection.close()
    assert (tree(made / ".venv"), works(made)) == (before, True)
    assert "Traceback" not in said
    assert (made / ".lab" / ".venv").exists() == (way == "killed")
    assert ("left as it was: run the same command again" in said) == (way == "Ctrl+C")


def test_a_start_that_was_cut_short_between_two_places_is_gone_on_with(made, ready):
    """The old environment steps aside, then the new one takes its place; the machine may stop before either."""
    project = made / "pyproject.toml"
    project.write_text("# another\n" + project.read_text())
    assert ran(made, "environment", DIES_AT="old", **ready.shelf, **ready.pip)[0] == 9
    assert works(made)
    assert ran(made, "environment", DIES_AT=".venv", **DEAD, **ready.pip) == (9, "")
    assert not (made / ".venv").exists()
    assert ran(made, "environment", **DEAD) == (0, "Removing the old environment ...\n")
    assert works(made)
    assert [(made / ".lab" / name).exists() for name in ("old", ".venv")] == [False, False]


def test_without_a_network(top, ready):
    words = ("The environment could not be made. ", "could not be reached", "run the same command again")
    refused(top, *words, **DEAD, **ready.pip)


def test_a_name_server_that_does_not_answer(top, ready):
    words = ("could not be reached",)
    refused(top, *words, PIP_INDEX_URL="http://index.invalid/simple", PIP_RETRIES="1", **ready.pip)
    assert "index.invalid" in (top / ".lab" / "pip.log").read_text(encoding="utf-8"), "kept for who asks"


def test_another_package_than_the_lock_names(top, ready):
    lock = (ready.top / "requirements.lock").read_text()
    (top / "requirements.lock").write_text(lock.split("sha256:")[0] + "sha256:" + 64 * "0" + "\n")
    refused(top, "not the one that the lock names", **ready.shelf, **ready.pip)


def test_a_package_without_a_build_for_this_machine(top, ready):
    """It is not tried to compile it: a newcomer has no compiler, and the attempt takes minutes."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("nothing-1.0/PKG-INFO"))
    (top / "nothing-1.0.tar.gz").write_bytes(content.getvalue())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    (top / "requirements.lock").write_text(f"nothing==1.0 --hash=sha256:{digest}\n")
    words = ("No ready-made build", "another of the Pythons that README.md names")
    refused(top, *words, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(top), **ready.pip)


@pytest.mark.parametrize("range", [">=3.98,<3.99", ">=3.9,<3.10"])
def test_a_python_that_will_not_do(top, range):
    """Too old and too new: the range stands in pyproject.toml alone."""
    project = top / "pyproject.toml"
    project.write_text(project.read_text().replace(">=3.11,<3.15", range))
    first, last = (98, 98) if "98" in range else (9, 9)
    said = refused(top, f"needs Python 3.{first} to 3.{last}", sys.version.split()[0])
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("name", ["environment", "lab", "spoken"])
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
        set +e
        "$2" "$1/disk/tools/environment.py"
        status=$?
        test -e "$1/disk/.venv" && "$1/disk/.venv/bin/python" -c "import numpy" && echo "The old one works." >&2
        exit $status
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
    return done.stderr


def test_a_disk_too_small_is_seen_before_anything_is_fetched(top):
    said = on_a_small_disk(top, 30, "".join(f"p{n}==1.0\n" for n in range(20)))
    assert "MB free, and the environment needs about 120" in said


def test_a_disk_that_gets_full_on_the_way(top):
    furnish(top)
    said = on_a_small_disk(top, 8, "nothing==1.0\n").splitlines()
    assert "left as it was. The disk is full: make room" in said[-2]
    assert said[-1] == "The old one works."


def test_a_folder_that_cannot_be_written_to(top):
    (top / ".lab").write_text("")
    refused(top, "cannot be written to", "a place of your own")


@pytest.fixture
def silent():
    """An index that takes a call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}/simple"


def test_a_second_start_waits_for_the_first(top, silent, ready):
    first = start(top, "environment", PIP_INDEX_URL=address(silent), **ready.pip)
    heard(first, "Making .venv")
    second = start(top, "environment", **DEAD, **ready.pip)
    heard(second, "Another start in this folder is making the environment; waiting for it")
    assert second.poll() is None
    press(first, signal.SIGKILL)
    first.wait()
    heard(second, "Making .venv")  # the lock went with the first one
    assert "could not be reached" in second.communicate()[0]


def test_a_package_that_went_missing_is_named_and_fetched_again(made, ready):
    gone = next((made / ".venv").glob("lib/*/site-packages/flit_core-*.dist-info"))
    shutil.rmtree(gone)
    status, said = ran(made, "environment", **ready.shelf, **ready.pip)
    assert status == 0 and said.startswith("The environment lacks flit_core-"), said
    assert gone.exists()


def test_an_interpreter_that_went_missing(made, ready):
    python = made / ".venv" / "bin" / "python"
    python.unlink()
    assert ran(made, "environment", **ready.shelf, **ready.pip)[0] == 0
    assert python.exists()


def test_an_environment_cut_short_is_made_again(made, ready):
    stamp = made / ".venv" / "made-from"
    stamp.write_text('{"from": ')
    status, said = ran(made, "environment", **ready.shelf, **ready.pip)
    assert (status, said.splitlines()[0][:12]) == (0, "Making .venv")
    assert json.loads(stamp.read_text())["at"] == str(made / ".venv")


def test_one_range_of_pythons_is_told_everywhere():
    """That of pyproject.toml."""
    for text in (ROOT / "README.md", ROOT / "SUPPORT.md", ROOT / "valuechains" / "course" / "kit.py"):
        assert "Python 3.11 to 3.14" in text.read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11,<3.15"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
