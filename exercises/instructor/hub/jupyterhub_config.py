"""A class under JupyterHub on one machine, on loopback: to try the way of a course, and what the tests run.

In an empty folder, with a class list students.csv (`id,first_name,last_name,email`):

    valuechains course new homes/teacher/course --chapters 2 --start 2026-11-23 --students students.csv
    HUB_PASSWORD=... jupyterhub -f <this file>

The local spawner runs everybody's server as you: there is NO wall between the students and the course folder. For a
class use one of the hubs of ../hub.md; they share `nbgrader_config.py`, `student/` and `teacher/` with this one.
"""

import os
import runpy
from pathlib import Path

from jupyterhub.utils import random_port

from valuechains.course.folder import Course

c = get_config()  # noqa: F821
HERE = Path(__file__).resolve().parent
CLASS = Path.cwd()
COURSE = Course.open(CLASS / "homes" / "teacher" / "course")

# who: the class list, and the teacher
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["HUB_PASSWORD"]
c.Authenticator.allowed_users = {"teacher", *(student.id for student in COURSE.students)}

# where: loopback only, behind JupyterHub's ordinary proxy
os.environ.setdefault("NODE_PATH", "/usr/share/nodejs")  # Debian's modules, for a node that is not Debian's
c.JupyterHub.bind_url = f"http://127.0.0.1:{os.environ.get('HUB_PORT', '8000')}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{random_port()}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{random_port()}"
c.ConfigurableHTTPProxy.should_start = True
c.JupyterHub.cookie_secret_file = str(CLASS / "cookie-secret")
c.JupyterHub.db_url = f"sqlite:///{CLASS / 'hub.sqlite'}"
c.ConfigurableHTTPProxy.pid_file = str(CLASS / "proxy.pid")

# nbgrader's exchange: everybody may write into it, and nobody may take away what is another's
EXCHANGE = CLASS / "exchange"
EXCHANGE.mkdir(exist_ok=True)
EXCHANGE.chmod(0o1777)

# what students' servers import: the library without the course, so no key
LIBRARY = CLASS / "library"
runpy.run_path(str(HERE / "library.py"))["write"](LIBRARY)

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(CLASS / "homes" / "{username}")
c.Spawner.default_url = "/lab"
c.Spawner.args = ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
if hasattr(os, "geteuid") and os.geteuid() == 0:
    c.Spawner.args += ["--allow-root"]


def prepare(spawner):
    """Give a server its role's configuration, and a student's the library and the own id."""
    role = "teacher" if spawner.user.name == "teacher" else "student"
    Path(spawner.home_dir).mkdir(parents=True, exist_ok=True)
    spawner.environment = {
        "PATH": os.environ["PATH"],
        "NBGRADER_EXCHANGE": str(EXCHANGE),
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(HERE / role), str(HERE)]),
    }
    if role == "student":
        spawner.environment |= {"PYTHONPATH": str(LIBRARY), "VALUECHAINS_STUDENT": spawner.user.name}


c.Spawner.pre_spawn_hook = prepare
