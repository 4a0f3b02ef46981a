"""The Littlest JupyterHub: belongs into /opt/tljh/config/jupyterhub_config.d. See ../hub.md."""

c = get_config()  # noqa: F821
COURSE = "/opt/course"  # holds hub/, library/, and venv/ made from requirements.lock; only root writes there
TEACHERS = {"teacher"}

c.Spawner.cmd = [f"{COURSE}/venv/bin/jupyterhub-singleuser"]
c.Spawner.default_url = "/lab"


def prepare(spawner):
    """Give a server its role's configuration, and a student's the library and the own id."""
    role = "teacher" if spawner.user.name in TEACHERS else "student"
    own = {"NBGRADER_EXCHANGE": "/srv/nbgrader/exchange", "JUPYTER_CONFIG_PATH": f"{COURSE}/hub/{role}:{COURSE}/hub"}
    if role == "student":
        own |= {"PYTHONPATH": f"{COURSE}/library", "VALUECHAINS_STUDENT": spawner.user.name}
    spawner.environment = {**spawner.environment, **own}


c.Spawner.pre_spawn_hook = prepare
