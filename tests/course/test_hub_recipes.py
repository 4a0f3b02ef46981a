"""The recipes for hubs that cannot run here: they parse, use known options, and give each role its configuration."""

import ast
import json
import re
from types import SimpleNamespace

import pytest
import yaml
from conftest import ROOT

HUB = ROOT / "exercises" / "instructor" / "hub"
OPTIONS = [
    "hub.concurrentSpawnLimit",
    "hub.activeServerLimit",
    "hub.db.type",
    "hub.db.url",
    "hub.resources.requests",
    "hub.config",
    "hub.extraConfig",
    "proxy.chp.resources.requests",
    "proxy.https.enabled",
    "proxy.https.hosts",
    "proxy.https.letsencrypt.contactEmail",
    "singleuser.image.name",
    "singleuser.image.tag",
    "singleuser.cmd",
    "singleuser.defaultUrl",
    "singleuser.startTimeout",
    "singleuser.cpu.guarantee",
    "singleuser.cpu.limit",
    "singleuser.memory.guarantee",
    "singleuser.memory.limit",
    "singleuser.fsGid",
    "singleuser.allowPrivilegeEscalation",
    "singleuser.storage.type",
    "singleuser.storage.capacity",
    "singleuser.storage.homeMountPath",
    "singleuser.storage.extraVolumes",
    "singleuser.storage.extraVolumeMounts",
    "singleuser.cloudMetadata.blockWithIptables",
    "singleuser.cloudMetadata.ip",
    "singleuser.networkPolicy.enabled",
    "singleuser.networkPolicy.egressAllowRules.nonPrivateIPs",
    "singleuser.networkPolicy.egressAllowRules.privateIPs",
    "singleuser.networkPolicy.egressAllowRules.cloudMetadataServer",
    "scheduling.userScheduler.enabled",
    "scheduling.podPriority.enabled",
    "scheduling.userPlaceholder.enabled",
    "scheduling.userPlaceholder.replicas",
    "prePuller.hook.enabled",
    "prePuller.continuous.enabled",
    "cull.enabled",
    "cull.every",
    "cull.timeout",
    "cull.maxAge",
]  # looked up in the chart's schema: look up what you add, too


class Settings(dict):
    """What traitlets hands to a configuration file: any class, any option."""

    def __getattr__(self, name):
        return self.setdefault(name, Settings())

    __setattr__ = dict.__setitem__


def values() -> dict:
    return yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf-8"))


def littlest():
    c = Settings()
    exec((HUB / "tljh_config.py").read_text(encoding="utf-8"), {"get_config": lambda: c})
    return c.Spawner.pre_spawn_hook


def kubernetes():
    c = Settings()
    exec(values()["hub"]["extraConfig"]["course"], {"c": c})
    return c.KubeSpawner.pre_spawn_hook


def spawner(name: str, number: int = 7) -> SimpleNamespace:
    user = SimpleNamespace(name=name, id=number)
    return SimpleNamespace(user=user, environment={"LANG": "C.UTF-8"}, uid=None, image="students")


@pytest.mark.parametrize("hook", [littlest, kubernetes])
def test_each_role_gets_its_configuration_and_a_student_the_own_id(hook):
    student, teacher = spawner("s017"), spawner("teacher")
    for one in (student, teacher):
        hook()(one)
        assert one.environment["LANG"] == "C.UTF-8"
        assert one.environment["NBGRADER_EXCHANGE"] == "/srv/nbgrader/exchange"
    assert student.environment["VALUECHAINS_STUDENT"] == "s017" and "VALUECHAINS_STUDENT" not in teacher.environment
    assert student.environment["JUPYTER_CONFIG_PATH"].split(":")[0].endswith("/hub/student")
    assert teacher.environment["JUPYTER_CONFIG_PATH"].split(":")[0].endswith("/hub/teacher")


def test_on_kubernetes_everybody_has_a_number_of_their_own_that_the_image_names():
    one, other = spawner("s017", 7), spawner("s018", 8)
    for each in (one, other):
        kubernetes()(each)
    first, last = map(int, re.search(r"seq (\d+) (\d+)", (HUB / "Dockerfile").read_text(encoding="utf-8")).groups())
    assert one.uid != other.uid
    assert first <= one.uid <= last and last - first > 10_000


def test_the_teacher_has_an_image_of_their_own_on_kubernetes():
    student, teacher = spawner("s017"), spawner("teacher")
    for one in (student, teacher):
        kubernetes()(one)
    assert student.image == "students" != teacher.image


def test_the_values_use_options_of_the_chart_only():
    def leaves(tree, above=""):
        for name, value in tree.items():
            path = f"{above}{name}"
            if path in OPTIONS or not isinstance(value, dict):
                yield path
            else:
                yield from leaves(value, f"{path}.")

    assert sorted(leaves(values())) == sorted(OPTIONS)


def test_the_exchange_is_one_volume_for_all_nodes():
    claim = yaml.safe_load((HUB / "exchange.yaml").read_text(encoding="utf-8"))
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    user = values()["singleuser"]["storage"]
    assert [one["persistentVolumeClaim"]["claimName"] for one in user["extraVolumes"]] == [claim["metadata"]["name"]]
    assert [one["mountPath"] for one in user["extraVolumeMounts"]] == ["/srv/nbgrader/exchange"]


def test_the_image_is_the_lock_and_holds_no_key():
    lines = (HUB / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY")]
    assert "requirements.lock" in copied
    assert {path for path in copied if path.startswith("exercises/")} == {
        f"exercises/instructor/hub/{name}" for name in ("nbgrader_config.py", "student", "teacher")
    }
    for path in copied:
        assert path == "build/library" or (ROOT / path).exists(), path


def test_the_library_of_students_is_the_library_without_the_course(tmp_path):
    code: dict = {"__name__": "library"}
    exec(compile((HUB / "library.py").read_text(encoding="utf-8"), "library.py", "exec"), code)
    code["write"](tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "valuechains"]
    for name in ("course", "book"):
        assert not (tmp_path / "valuechains" / name).exists()
    assert (tmp_path / "valuechains" / "checks").is_dir()
    assert (tmp_path / "data" / "inter_country_table.csv.gz").is_file()


def test_every_file_of_the_recipes_reads():
    for path in sorted(HUB.rglob("*")):
        if path.suffix == ".py":
            ast.parse(path.read_text(encoding="utf-8"))
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
