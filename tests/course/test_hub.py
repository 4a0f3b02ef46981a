"""A class under a real JupyterHub on loopback, with the recipe of exercises/instructor/hub.

Three students log in, fetch, work and hand in through nbgrader's exchange, one of them by browser; the teacher
releases, collects, grades and returns feedback.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import nbformat
import pytest
import requests
from conftest import ROOT
from labs import alone

from valuechains.course.folder import Course
from valuechains.course.grading import grade
from valuechains.course.release import release
from valuechains.course.results.feedback import feedback

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("configurable-http-proxy") is None,
        reason="JupyterHub's proxy is missing: install configurable-http-proxy (Debian: node-configurable-http-proxy)",
    ),
]

NAME, COURSE, PASSWORD = "02-services", "services-in-value-chains", "on loopback only"
RIGHT, SLIP, EMPTY = "s001", "s002", "s003"
HUB = ROOT / "exercises" / "instructor" / "hub"


class Person:
    """Somebody with a session of their own at the hub: logs in with the form, then uses a token of theirs."""

    def __init__(self, address: str, name: str):
        self.address, self.name, self.session = address, name, requests.Session()

    def log_in(self, password: str = PASSWORD) -> requests.Response:
        self.session.get(f"{self.address}/hub/login")
        form = {"username": self.name, "password": password, "_xsrf": self.session.cookies["_xsrf"]}
        return self.session.post(f"{self.address}/hub/login", params={"next": "/hub/home"}, data=form)

    def start(self) -> "Person":
        """Log in, get a token, start the server and wait for it."""
        assert self.log_in().ok
        made = self.session.post(
            f"{self.address}/hub/api/users/{self.name}/tokens",
            json={"note": "test"},
            headers={
                "X-XSRFToken": self.session.cookies.get("_xsrf", path="/hub/"),
                "Referer": f"{self.address}/hub/home",
            },
        )
        assert made.ok, made.text
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"token {made.json()['token']}"
        started = self.session.post(f"{self.address}/hub/api/users/{self.name}/server")
        assert started.status_code in (201, 202), started.text
        for _ in range(240):
            if self.session.get(f"{self.address}/hub/api/users/{self.name}").json()["servers"].get("", {}).get("ready"):
                return self
            time.sleep(0.5)
        raise AssertionError(f"the server of {self.name} did not start")

    def ask(self, method: str, path: str, whose: str | None = None, **more) -> requests.Response:
        return self.session.request(method, f"{self.address}/user/{whose or self.name}/{path}", timeout=120, **more)

    def does(self, action: str) -> list[dict]:
        """fetch, submit or fetch_feedback, as the Assignment List does; what it lists then."""
        done = self.ask("POST", f"assignments/{action}", json={"course_id": COURSE, "assignment_id": NAME}).json()
        assert done["success"], done
        return done["value"]

    def formgrader(self, action: str) -> dict:
        done = self.ask("POST", f"formgrader/api/assignment/{NAME}/{action}", json={}).json()
        assert done["success"], done
        return done

    def writes(self, answers: dict[str, str]) -> None:
        """Open the fetched notebook, put answers in, save."""
        path = f"api/contents/{NAME}/{NAME}.ipynb"
        notebook = self.ask("GET", path).json()["content"]
        for cell in notebook["cells"]:
            cell["source"] = answers.get(cell["id"], cell["source"])
        assert self.ask("PUT", path, json={"type": "notebook", "format": "json", "content": notebook}).ok


@contextlib.contextmanager
def running(folder: Path):
    """The address of a hub that serves the class of a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": beside, "HUB_PASSWORD": PASSWORD, "HUB_PORT": str(port)}
    address = f"http://127.0.0.1:{port}"
    with open(folder / "log", "w", encoding="utf-8") as said:
        command = [sys.executable, "-m", "jupyterhub", "-f", str(HUB / "jupyterhub_config.py")]
        hub = subprocess.Popen(command, cwd=folder, env=env, stdout=said, stderr=said)
        try:
            for _ in range(240):
                with contextlib.suppress(OSError):
                    if requests.get(f"{address}/hub/api/", timeout=1).ok:
                        break
                assert hub.poll() is None, (folder / "log").read_text(encoding="utf-8")[-3000:]
                time.sleep(0.5)
            yield address
        finally:
            hub.terminate()  # the hub ends its servers and its proxy
            hub.wait(60)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    folder = tmp_path_factory.mktemp("class")
    students = folder / "students.csv"
    students.write_text(f"id,first_name,last_name,email\n{RIGHT}\n{SLIP}\n{EMPTY}", encoding="utf-8")
    made = Course.new(
        folder / "homes" / "teacher" / "course",
        title="A class on a hub",
        chapters=[NAME],
        start=date(2026, 11, 23),
        students=students,
        salt="hub",
    )
    release(made, NAME)
    return made


@pytest.fixture(scope="module")
def address(course):
    with running(course.root.parents[2]) as where:
        yield where


@pytest.fixture(scope="module")
def people(address) -> dict[str, Person]:
    """Everybody, with a running server."""
    with ThreadPoolExecutor(2) as pool:
        everybody = [Person(address, name) for name in ("teacher", RIGHT, SLIP, EMPTY)]
        return {one.name: one for one in pool.map(Person.start, everybody)}


@pytest.fixture(scope="module")
def term(course, people, address, browser):
    """The whole way of a chapter; what each step showed, for the tests to look at."""
    seen = {}
    people["teacher"].formgrader("release")
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = seen["page"] = alone(context, address)
    panel = assignments(page, address, RIGHT)
    panel.locator("#released_assignments_list").get_by_role("button", name="Fetch").click()
    hand_in = panel.locator("#fetched_assignments_list").get_by_role("button", name="Submit")
    hand_in.wait_for()
    people[RIGHT].writes(solutions())
    seen["validated"] = people[RIGHT].ask("POST", "assignments/validate", json={"path": f"{NAME}/{NAME}.ipynb"}).json()
    hand_in.click()
    panel.locator("#submitted_assignments_list .list_item").first.wait_for()
    for name in (SLIP, EMPTY):
        people[name].does("fetch")
    people[SLIP].writes({"answer-1": "content = [29.81, 30.24, 31.22]"})
    for name in (SLIP, EMPTY):
        people[name].does("submit")
    people["teacher"].formgrader("collect")
    seen["outcomes"] = {one.student: one for one in grade(course, NAME, workers=2)}
    feedback(course, NAME)
    people["teacher"].formgrader("release_feedback")
    seen["again"] = people["teacher"].ask("POST", f"formgrader/api/submission/{NAME}/{SLIP}/autograde", json={}).json()
    yield seen
    context.close()


def solutions() -> dict[str, str]:
    """What the source notebook answers, by cell."""
    source = nbformat.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    return {cell.id: cell.source for cell in source.cells if cell.metadata.get("nbgrader", {}).get("solution")}


def assignments(page, address, name):
    """Log in by browser and open nbgrader's Assignment List from JupyterLab's menu; its panel."""
    page.goto(f"{address}/hub/login", wait_until="domcontentloaded")
    page.fill("#username_input", name)
    page.fill("#password_input", PASSWORD)
    page.click("#login_submit")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name="Assignment List").click()
    panel = page.locator("#assignments")
    panel.wait_for()
    return panel


def test_only_the_class_gets_in(address):
    assert Person(address, RIGHT).log_in("a guess").status_code == 403
    assert Person(address, "mallory").log_in().status_code == 403
    assert Person(address, RIGHT).log_in().ok


def test_nobody_enters_the_server_of_another(people):
    assert people[RIGHT].ask("GET", "api/contents", whose="teacher").status_code == 403
    assert people[RIGHT].ask("GET", "api/contents", whose=SLIP).status_code == 403


def test_the_teacher_has_course_list_and_formgrader_and_students_have_neither(people):
    listed = people["teacher"].ask("GET", "formgraders").json()["value"]
    assert [(one["course_id"], one["kind"]) for one in listed] == [(COURSE, "local")]
    assert [one["name"] for one in people["teacher"].ask("GET", "formgrader/api/assignments").json()] == [NAME]
    for path in ("formgraders", "formgrader/api/assignments", "formgrader"):
        assert people[RIGHT].ask("GET", path).status_code == 404, path
    assert {"course-list", "formgrader"} <= disabled(people[RIGHT])
    assert not {"course-list", "formgrader"} & disabled(people["teacher"])
    assert "assignment-list" in disabled(people["teacher"]) - disabled(people[RIGHT])


def disabled(person: Person) -> set[str]:
    """What of nbgrader JupyterLab leaves out for somebody."""
    page = person.ask("GET", "lab").text
    facts = json.loads(re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1])
    return {name.partition(":")[2] for name in facts["disabledExtensions"] if name.startswith("@jupyter/nbgrader:")}


def test_a_student_gets_no_key(term, people, course):
    names = {one["name"] for one in people[SLIP].ask("GET", f"api/contents/{NAME}").json()["content"]}
    assert {f"{NAME}.ipynb", "sheet.json"} <= names and "key.py" not in names
    class_folder = course.root.parents[2]
    assert not list((class_folder / "exchange").rglob("key.py"))
    assert not (class_folder / "library" / "valuechains" / "course").exists()


def test_fetched_by_browser_the_notebook_runs_and_its_own_checks_say_right(term):
    assert term["validated"] == {"success": True, "value": {}}
    assert term["page"].refused == []
    assert [error for error in term["page"].errors if "Canceled future" not in error] == []


def test_what_was_handed_in_is_marked(term, course):
    points = {name: outcome.points for name, outcome in term["outcomes"].items()}
    most = sum(task.public["points"] for task in course.key(NAME).tasks.values() if task.compute)
    assert {outcome.state for outcome in term["outcomes"].values()} == {"graded"}
    assert points == {RIGHT: most, SLIP: 0, EMPTY: 0}


def test_the_button_of_the_formgrader_marks_what_the_sandbox_recorded(term, course):
    assert term["again"]["success"], term["again"]
    marked = (course.root / "autograded" / SLIP / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "✗ Exercise 1: not yet. These are percentages" in marked
    assert not list((course.root / "autograded").rglob("key.py"))


def test_each_student_fetches_the_own_feedback(term, people, course):
    assert len(list(course.root.glob(f"feedback/*/{NAME}/submission_secret.txt"))) == 3
    pages = {}
    for name in (RIGHT, SLIP):
        handed_in = next(one for one in people[name].does("fetch_feedback") if one.get("submissions"))
        where = handed_in["submissions"][-1]["local_feedback_path"]
        pages[name] = people[name].ask("GET", f"files/{where}/{NAME}.html").text
    assert SLIP in pages[SLIP] and "These are percentages" in pages[SLIP]
    assert RIGHT in pages[RIGHT] and "These are percentages" not in pages[RIGHT]
    assert SLIP not in pages[RIGHT] and RIGHT not in pages[SLIP]
