"""A student who asks for another language gets every reply, hint and table in it, and numbers are read as ever."""

import json
import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest
from conftest import ROOT
from copies import copied

from valuechains import checks, tongue, twins
from valuechains.authoring import catalogue
from valuechains.checks.numerals import parsed
from valuechains.checks.replies import State
from valuechains.course import kit
from valuechains.figures.publishing import WIDE

FOLDER = ROOT / "exercises" / "02-services"
TASKS = json.loads((FOLDER / "sheet.json").read_text(encoding="utf-8"))["tasks"]
ODD = ["abc", 12345.678, [1, 2], [[1], [2, 3]], {"x": 1}, {1, 2}, float("nan"), True, 3j, [0.5] * 50, "1,128; 2", ...]
# names and what was typed
OWN = r"`[^`]*`|“[^”]*”|'[^']*'|\"[^\"]*\"|[\w.]+\(\)|Python|Series|DataFrame|complex|Shift|Enter|Ctrl|\b[A-Z]+\b"


@pytest.fixture
def chinese():
    catalogue.compile_all(ROOT)
    with tongue.speaking(tongue.LOCALE / "zh_CN" / "LC_MESSAGES" / "ours.mo"):
        yield tongue.lacking


def english_in(text: str) -> list[str]:
    """Words of English in a sentence, but for names and what was typed."""
    return re.findall(r"\b[a-z]{3,}\b", re.sub(OWN, "", text))


@pytest.mark.parametrize("name", TASKS)
def test_every_reply_of_a_translated_chapter_is_in_the_language(chinese, name):
    sheet = checks.sheet(folder=FOLDER)
    variable = TASKS[name].get("name")
    for answer in ODD if variable else [None]:
        said = str(sheet.reply(name, **({variable: answer} if variable else {})))
        assert WIDE.search(said) and english_in(said) == [], said
    for text in (*TASKS[name].get("hints", ()), *TASKS[name].get("mistakes", ())):
        assert WIDE.search(tongue.say(text)), text
    assert chinese == set()


def test_the_table_of_all_tasks_is_in_the_language_and_a_state_stays_data(chinese):
    sheet = checks.sheet(folder=FOLDER)
    table = sheet.progress(content=[0.1, 0.2, 0.3])
    assert (
        chinese == set() and [*table.columns] == ["要求", "状态", "分值"] and english_in(" ".join(table["状态"])) == []
    )
    reply = sheet.reply("1", content=[25, 26, 27])
    assert (reply.state, reply.mistake) == (State.WRONG, None) and str(reply).startswith("✗ 练习 1：还不对。")
    assert repr(sheet).startswith("02-services：16 题，36 分；练习用变式，economy CHN")


@pytest.mark.parametrize("twin", [twins.who_is_paid, twins.smile_explorer])
def test_a_widget_is_told_where_it_is_shown_and_published_in_english(chinese, twin):
    made = twin()
    shown = made._repr_mimebundle_()["application/vnd.vegalite.v5+json"]["usermeta"]["valuechains"]
    assert WIDE.search(shown["finding"]) and WIDE.search(shown["twin"]["says"])
    assert not WIDE.search(made.figure.spec["usermeta"]["valuechains"]["alternative"])
    labels = [control.description for control in made.bench.controls.values()]
    assert all(map(WIDE.search, labels)) and WIDE.search(made.bench.button.description)
    live = made.bench.chart
    assert chinese == set()
    assert WIDE.search(live.reading["signals"]["says"]) and WIDE.search(" ".join(live.spec["title"]["text"]))


NUMBERS = [
    "0.25",
    "０.２５",
    "０．２５",
    "25％",
    "25%",
    "百分之25",
    "约0.25",
    "约 25%",
    "0.25。",
    "為0.25"[1:],
    "大约25％左右",
]


@pytest.mark.parametrize("written", NUMBERS)
def test_numbers_are_read_alike_however_they_are_typed(written):
    assert parsed(written, "fraction", 2) == pytest.approx(0.25)


@pytest.mark.parametrize(
    "written", ["0.1，0.2，0.3", "0.1、0.2、0.3", "0.1；0.2；0.3", "A：0.1，B：0.2，C：0.3", "（0.1，0.2，0.3）"]
)
def test_chinese_signs_part_an_answer(written):
    says = [checks.sheet(folder=FOLDER).reply("1", content=one).says for one in (written, [0.1, 0.2, 0.3])]
    assert says[0] == says[1]


def test_a_language_is_asked_for_by_a_variable_and_an_unknown_one_is_told(tmp_path):
    """As tools/lab.py does, in a kit as a student unpacks it."""
    with zipfile.ZipFile(BytesIO(kit.zipped(kit.kit(FOLDER)))) as packed:
        packed.extractall(tmp_path)
    code = "from valuechains import checks; checks.sheet(folder='handed-out/02-services').check('1', content=2)"
    said = {}
    for language in ("zh-CN", "xx", ""):
        env = {**os.environ, tongue.LANGUAGE: language, "PYTHONPATH": ".", "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", code]
        ran = subprocess.run(
            command, cwd=tmp_path / kit.TOP, env=env, capture_output=True, encoding="utf-8", check=True
        )
        said[language] = ran.stdout, ran.stderr
    assert said["zh-CN"][0].startswith("✗ 练习 1：“content” 是一个数") and english_in(said["zh-CN"][0]) == []
    assert said["xx"][0] == said[""][0] and said[""][0].startswith("✗ Exercise 1: “content” has one number")
    assert "choose one of en, zh_CN" in said["xx"][1] and said[""][1] == ""


def test_a_kit_of_a_chinese_class_opens_in_chinese_and_an_english_one_is_as_ever():
    english, told = kit.kit(FOLDER), kit.kit(FOLDER, language="zh_CN")
    assert kit.OPENS_IN not in english and told[kit.OPENS_IN] == b"zh_CN\n"
    assert {name for name in english if english[name] != told[name]} == {"README.md"}
    read_me = told["README.md"].decode()
    assert read_me.startswith("# 练习：全球价值链中的服务\n")
    assert english_in(re.sub(r"(?m)^    .*", "", read_me).replace("python.org", "")) == []
    assert WIDE.search(english["README.md"].decode().replace(kit.IN_CHINESE, "")) is None


NO_PORT, NO_ROOM = "import lab; lab.free_port(65536)", "import environment; environment._give_up('Errno 28')"


@pytest.mark.parametrize(
    ("opens_in", "code", "says"),
    [
        ("zh_CN", NO_PORT, "从 65536 起没有空闲的端口"),
        ("", NO_PORT, "No port from 65536 on is free"),
        ("zh_CN", NO_ROOM, "环境未能建立。磁盘已满：请腾出空间，然后再次运行同一命令。\n"),
        (
            "",
            NO_ROOM,
            "The environment could not be made. The disk is full: make room, then run the same command again.\n",
        ),
    ],
)
def test_what_is_started_speaks_the_kits_language(tmp_path, opens_in, code, says):
    catalogue.compile_all(ROOT)
    copied("tools", tmp_path)
    copied("locale", tmp_path)
    if opens_in:
        (tmp_path / kit.OPENS_IN).write_text(f"{opens_in}\n", encoding="utf-8")
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "tools",
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 1 and says in ran.stderr
