"""`make lab`: a JupyterLab of one's own on the desk, without sources or keys; what it says, and a second start."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT
from copies import copied
from jupyter_client import BlockingKernelClient
from kits import furnish, heard, press, ran, start, unpack

from valuechains.course import kit

PARTS = ("chapters", "data", "exercises", "tools", "valuechains", "pyproject.toml", "requirements.lock")
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+/)lab/tree/start\.ipynb\?token=(\w+)")


def project(folder: Path) -> Path:
    """A copy of this project, as a student who has all of it."""
    folder.mkdir()
    for name in PARTS:
        copied(name, folder)
    return folder


@contextlib.contextmanager
def lab(top: Path, *arguments: str, **variables: str):
    """A running lab of a folder: (what it said until it was open, its process)."""
    process = start(top, "lab", "--no-browser", *arguments, **variables)
    try:
        said = heard(process, "Keep this window open")
        yield said, process
    finally:
        press(process, signal.SIGTERM)
        process.wait(60)


def asked(said: str, path: str):
    """What the server answers to its owner; the status if it refuses."""
    address, token = ADDRESS.search(said).groups()
    try:
        with urllib.request.urlopen(f"{address}{path}?token={token}") as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code


def with_a_kernel(top: Path, said: str) -> None:
    """A notebook is asked for and a kernel started, as a student's click does it; it answers."""
    address, token = ADDRESS.search(said).groups()
    asked(said, "api/contents/start.ipynb")
    request = urllib.request.Request(f"{address}api/kernels", b"{}", {"Authorization": f"token {token}"})
    with urllib.request.urlopen(request) as answer:
        kernel = json.load(answer)["id"]
    client = BlockingKernelClient(connection_file=str(top / ".lab" / "run" / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(120)
    client.stop_channels()


@pytest.fixture(scope="module", params=["kit", "project"])
def opened(request, tmp_path_factory):
    """(folder, what was said, the process) of a lab in a kit and in the whole project, in a home where another
    JupyterLab was used with a source notebook open."""
    folder = tmp_path_factory.mktemp("a student's folder, ä")
    name = "08-turning-point"
    content = kit.zipped(kit.kit(ROOT / "exercises" / name))
    top = unpack(content, folder) if request.param == "kit" else project(folder / "project")
    furnish(top)
    home = tmp_path_factory.mktemp("home")
    (home / ".jupyter" / "lab" / "workspaces").mkdir(parents=True)
    before = {"data": {"layout-restorer:data": {"main": {}}}, "metadata": {"id": "default"}}
    (home / ".jupyter" / "lab" / "workspaces" / "default-37a8.jupyterlab-workspace").write_text(json.dumps(before))
    (home / ".jupyter" / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"root_dir": str(ROOT)}}))
    with lab(top, HOME=str(home)) as (said, process):
        yield top, said, process


def test_its_file_browser_shows_the_desk_and_nothing_else(opened):
    top, said, _ = opened
    shown = {entry["name"] for entry in asked(said, "api/contents")["content"]}
    exercises = {path.name for path in (top / "my-exercises").iterdir() if path.is_dir()} - {"chapters"}
    assert shown == {"chapters", "start.ipynb", *exercises}
    assert exercises == ({"08-turning-point"} if (top / "handed-out").exists() else {one.name for one in kit.sources()})
    for path in (
        "exercises",
        "../exercises",
        "..%2Fexercises",
        "tools",
        "handed-out",
        "valuechains",
        ".handed-out.json",
    ):
        assert asked(said, f"api/contents/{path}") in (400, 403, 404), path
    found = {path.name for path in (top / "my-exercises").rglob("*") if path.is_file()}
    assert found & {"key.py", "questions.yml"} == set()


def test_it_opens_nothing_that_another_jupyterlab_had_open(opened):
    _, said, _ = opened
    assert asked(said, "lab/api/workspaces")["workspaces"]["values"] == []


def test_the_pages_for_instructors_are_not_there(opened):
    _, said, _ = opened
    for path in ("formgrader", "formgrader/api/assignments", "assignments", "courses"):
        assert asked(said, path) == 404, path


def test_an_exercise_finds_its_tables_and_the_library(opened):
    top, _, _ = opened
    cell = "from valuechains import datasets; print(len(datasets.read('china_services_accounts')), datasets.__file__)"
    python = top / ".venv" / "bin" / "python"
    folder = top / "my-exercises" / "08-turning-point"
    found = subprocess.run([python, "-c", cell], cwd=folder, capture_output=True, encoding="utf-8", check=True).stdout
    assert int(found.split()[0]) > 0
    assert str(top) in found


def test_it_says_one_address_and_nothing_that_is_not_for_a_student(opened):
    top, said, _ = opened
    lines = [line for line in said.splitlines() if line.strip()]
    assert len(re.findall("https?://", said)) == 1
    assert [line for line in lines if re.match(r"\[[A-Z] |\s*File |Traceback", line)] == []
    assert "Keep this window open while you work" in lines[-1] and "Ctrl+C" in lines[-1]
    assert lines[0] == "Preparing your copies in my-exercises ..."
    assert lines[1].startswith("Your copies are in my-exercises: ")
    assert str(top) not in said


def test_a_second_start_gives_the_address_of_the_first(opened):
    top, said, process = opened
    status, again = ran(top, "lab", "--no-browser")
    assert status == 0
    assert "already open on this folder" in again
    assert ADDRESS.search(again)[0] == ADDRESS.search(said)[0]
    assert process.poll() is None


@pytest.fixture
def top(tmp_path):
    made = unpack(kit.zipped(kit.kit(ROOT / "exercises" / "08-turning-point")), tmp_path)
    furnish(made)
    return made


def test_a_port_that_is_taken_is_named_and_stopping_takes_one_key(top):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with lab(top, "--port", str(port)) as (said, process):
            assert f"Port {port} is taken by another program, so this JupyterLab has port" in said
            assert f"127.0.0.1:{port}/" not in said
            with_a_kernel(top, said)
            press(process, signal.SIGINT)
            rest, _ = process.communicate(timeout=120)
            assert process.returncode == 0
            assert rest.strip() == "JupyterLab was stopped. What you saved is in my-exercises."


def test_the_note_of_a_lab_that_is_ending_leads_nobody_to_a_closed_door(top):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with lab(top, "--port", port):
        (note,) = (top / ".lab" / "run").glob("jpserver-*.json")
        # its process is still there: JupyterLab throws away what a dead one left
        content = json.dumps({**json.loads(note.read_text(encoding="utf-8")), "pid": os.getpid()})
    for number in range(9):  # in whatever order they are found
        note.with_name(f"jpserver-{number}.json").write_text(content, encoding="utf-8")
    with lab(top, "--port", port) as (said, _):
        assert isinstance(asked(said, "api/contents"), dict)


def test_no_port_that_is_free(top):
    status, said = ran(top, "lab", "--port", "65536")
    assert status == 1
    assert "No port from 65536 on is free: give another one" in said


def test_a_folder_that_was_moved_opens_with_its_work(top):
    with lab(top):
        pass
    (top / "my-exercises" / "08-turning-point" / "08-turning-point.ipynb").write_text("my work")
    there = top.rename(top.parent / "moved")
    with lab(there) as (said, _):
        assert said.startswith("The folder was moved, so its environment is set right for the new place.")
        assert "08-turning-point" in {entry["name"] for entry in asked(said, "api/contents")["content"]}
    assert (there / "my-exercises" / "08-turning-point" / "08-turning-point.ipynb").read_text() == "my work"


def test_work_in_a_kit_of_the_first_version_is_taken_over(top):
    """There a student worked in exercises/; a newer kit unpacked over it finds that work."""
    before = top / "exercises" / "08-turning-point" / "08-turning-point.ipynb"
    before.parent.mkdir(parents=True)
    before.write_text("my work")
    for times in (1, 2):
        with lab(top) as (said, _):
            assert said.count("Your work of an earlier kit is now in my-exercises: 08-turning-point.") == 2 - times
    mine = top / "my-exercises" / "08-turning-point"
    assert (mine / "08-turning-point.ipynb").read_text() == before.read_text() == "my work"
    assert (mine / "sheet.json").exists()


def test_a_package_that_cannot_be_imported(top):
    next((top / ".venv").glob("lib/*/site-packages/borrowed.pth")).write_text(f"{top}\n")
    status, said = ran(top, "lab", "--no-browser")
    assert status == 1
    last = said.strip().splitlines()[-1]
    assert "No module named" in last and "delete the folder .venv and start again" in last
    assert "Traceback" not in said


def test_a_desk_that_cannot_be_written_to(top):
    (top / "my-exercises").write_text("a file of that name")
    status, said = ran(top, "lab", "--no-browser")
    assert status == 1
    last = said.strip().splitlines()[-1]
    assert "could not be prepared" in last and "my-exercises" in last and "your work was left as it is" in last
