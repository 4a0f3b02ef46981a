"""Questions for an LMS, read back by other code than wrote them: what is right gets its points, a mistake its reply."""

import base64
import csv
import hashlib
import html
import io
import re
import shutil
import subprocess
import tarfile
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from conftest import ROOT
from typer.testing import CliRunner

from valuechains.course import quizzes
from valuechains.course.cli import app
from valuechains.course.folder import Course
from valuechains.course.quizzes import items, moodle, qti3, qti12
from valuechains.course.quizzes.packages import xml
from valuechains.course.quizzes.words import elements, inline
from valuechains.course.quizzes.words import html as as_html

CHAPTERS = [folder.parent for folder in sorted(ROOT.glob("exercises/*/key.py"))]
PLAYER = "@citolab/qti-components@7.27.4"  # GPL: run by this test, and no part of the project
DIGEST = "COZA7KvOVm+ZDj144jmHGSsk/fBZWh6ygkZ/Ts6uvPeSP13J1xDMnaWvGPQESFrVw/JX5eAFAz+OqA35wHNbgg=="


def everything(folder):
    variants = items._key(folder).variants[:3] or [None]
    return items.of_page(folder) + [item for variant in variants for item in items.of_exercises(folder, variant)]


def tries(field):
    """(what is answered, whether it is right, the reply): the right answer, at its bounds and beyond, and mistakes."""
    if isinstance(field, items.ChoiceField):
        return [(option, place == field.right, says)
                for place, (option, says) in enumerate(zip(field.options, field.says, strict=True))]  # fmt: skip
    low, high = field.bounds()
    inside = (high - low) / 1000
    found = [(field.right, True, field.praise), (low + inside, True, field.praise), (high - inside, True, field.praise)]
    found += [(value, False, says) for value, says in field.mistakes]
    other = max(abs(value) for value, *_ in found) * 3 + 7
    return [*found, (other, False, field.nudge)]


@pytest.mark.parametrize("folder", CHAPTERS, ids=lambda folder: folder.name)
def test_each_exercise_is_asked_in_its_own_words(folder):
    found = items.of_exercises(folder)
    assert found, "nothing to ask"
    for item in found:
        task = item.id.removeprefix(f"{folder.name}-")
        assert len(item.text) > 120, item
        assert "BEGIN" not in item.text and "MARK SCHEME" not in item.text
        others = re.findall(r"(?:^|\n\n)\*\*(\d\w+)\.\*\*", item.text)
        assert not others or task in others, f"{task} is asked with the words of {others}"


@pytest.mark.parametrize("folder", CHAPTERS, ids=lambda folder: folder.name)
def test_moodle_gives_points_and_replies(folder):
    made = everything(folder)
    root = ElementTree.fromstring(moodle.write({"all": made}, "A course / of ours"))
    asked = [one for one in root if one.get("type") != "category"]
    assert root.find("question[@type='category']/category/text").text == "$course$/top/A course // of ours/all"
    assert [one.findtext("idnumber") for one in asked] == [item.id for item in made]
    for question, item in zip(asked, made, strict=True):
        for place, field in enumerate(item.fields):
            for given, right, says in tries(field):
                assert _moodle(question, place, len(item.fields), given) == (right, _bare(says)), (
                    item.id,
                    place,
                    given,
                )


def _moodle(question, place, count, given):
    """What Moodle's rules give: the first answer that fits."""
    if count == 1:
        answers = [
            (
                one.findtext("text"),
                one.get("fraction") == "100",
                one.findtext("feedback/text"),
                one.findtext("tolerance"),
            )
            for one in question.findall("answer")
        ]
    else:
        answers = _embedded(question.findtext("questiontext/text"), place)
    for text, right, says, within in answers:
        if within is None:
            fits = _plain(text) == _plain(inline(str(given)))
        else:
            fits = text == "*" or abs(float(text) - given) <= float(within) * (1 + 1e-9)
        if fits:
            return right, _plain(says)
    raise AssertionError(f"nothing is said to {given}")


def _embedded(text, place):
    parts = re.findall(r"\{1:(NUMERICAL|MULTICHOICE):((?:\\.|[^\\}])*)\}", text)
    kind, body = parts[place]
    found = []
    for answer in re.findall(r"((?:\\.|[^\\~])+)", body):
        value, says = re.match(r"((?:\\.|[^\\#])*)#(.*)", answer, re.S).groups()
        right = value.startswith("=")
        value = re.sub(r"^(=|%0%)", "", value)
        number, colon, within = value.partition(":")
        if kind == "NUMERICAL":
            found.append((number, right, re.sub(r"\\(.)", r"\1", says), within if colon else "0"))
        else:
            found.append((re.sub(r"\\(.)", r"\1", value), right, re.sub(r"\\(.)", r"\1", says), None))
    return found


@pytest.mark.parametrize("folder", CHAPTERS, ids=lambda folder: folder.name)
def test_qti_1_2_gives_points_and_replies(folder):
    made = everything(folder)
    archive = zipfile.ZipFile(io.BytesIO(qti12.write({"all": made}, "A course")))
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    paths = [one.get("href") for one in manifest.iterfind(".//{*}file")]
    assert sorted(archive.namelist()) == sorted(["imsmanifest.xml", *paths])
    found = [item for path in paths for item in ElementTree.fromstring(archive.read(path)).iterfind(".//{*}item")]
    fields = [field for item in made for field in item.fields]
    for item, field in zip(found, fields, strict=True):
        for given, right, says in tries(field):
            assert _qti12(item, field, given) == (right, _bare(says)), (item.get("ident"), given)


def _qti12(item, field, given):
    """The first condition that holds."""
    menu = item.iterfind(".//{*}response_label") if isinstance(field, items.ChoiceField) else ()
    labels = {one.get("ident"): _plain(one.findtext("{*}material/{*}mattext")) for one in menu}
    for condition in item.iterfind(".//{*}respcondition"):
        held = condition.find("{*}conditionvar")
        if isinstance(field, items.ChoiceField):
            holds = labels[held.findtext("{*}varequal")] == _plain(inline(given))
        else:
            low, high = held.find(".//{*}vargte"), held.find(".//{*}varlte")
            holds = held.find("{*}other") is not None or float(low.text) <= given <= float(high.text)
        if holds:
            reply = condition.find("{*}displayfeedback").get("linkrefid")
            says = item.find(f"{{*}}itemfeedback[@ident='{reply}']").findtext(".//{*}mattext")
            return condition.findtext("{*}setvar") == "100", _plain(says)
    raise AssertionError(f"nothing is said to {given}")


def _bare(says):
    return _plain(as_html(says))


def _plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_a_variant_is_a_group_and_everybody_is_told_theirs(tmp_path):
    (tmp_path / "class.csv").write_text("id\ns1\ns2\ns3\n")
    course = Course.new(tmp_path / "course", title="T & <b>", chapters=["2"], start=date(2026, 11, 23),
                        students=tmp_path / "class.csv", salt="x")  # fmt: skip
    ran = CliRunner().invoke(app, ["course", "questions", str(course.root), "2", "--layout", "moodle"])
    assert ran.exit_code == 0, ran.output
    rows = list(csv.DictReader((course.root / "questions" / "02-services-variants.csv").open()))
    assert [row["id"] for row in rows] == ["s1", "s2", "s3"]
    groups = quizzes.grouped(course, "02-services")[0]
    for row in rows:
        variant = course.variant("02-services", row["id"])
        own = next(item for item in groups[row["group"]] if item.id == "02-services-2d")
        right = course.key("02-services").tasks["2d"].answer(variant).right
        assert own.fields[0].right == pytest.approx(float(right)) and str(variant["year"]) in own.text
    again = (course.root / "questions" / "02-services-moodle.xml").read_bytes()
    quizzes.quizzes(course, "02-services", "moodle")
    assert (course.root / "questions" / "02-services-moodle.xml").read_bytes() == again


@pytest.fixture(scope="module")
def player():
    """The script of a QTI 3 player, fetched from the registry of its own ecosystem once and checked."""
    kept = ROOT / "_build" / "player" / f"{PLAYER.rpartition('@')[2]}.js"
    if not kept.is_file():
        if shutil.which("npm") is None:
            pytest.skip("no npm to fetch a QTI player with: apt-get install npm")
        kept.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", PLAYER], cwd=kept.parent, check=True, capture_output=True)
        content = next(kept.parent.glob("*.tgz")).read_bytes()
        assert base64.b64encode(hashlib.sha512(content).digest()).decode() == DIGEST, "not the player that was tried"
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            kept.write_bytes(archive.extractfile("package/cdn/index.global.js").read())
    return kept.read_text(encoding="utf-8")


PLAY = """async ([source, plays]) => {
  const held = document.querySelector("item-container");
  held.itemXML = source;
  let item;
  while (!(item = held.shadowRoot?.querySelector("qti-assessment-item")) || item.title !== plays.title)
    await new Promise(requestAnimationFrame);
  await item.updateComplete;
  const told = [];
  for (const [place, given] of plays.tries) {
    item.resetResponses();
    item.updateResponseVariable(`RESPONSE_${place}`, given);
    item.processResponse();
    await item.updateComplete;
    const reply = item.getOutcome(`REPLY_${place}`).value;
    const blocks = [...item.querySelectorAll(`qti-feedback-block[outcome-identifier=REPLY_${place}]`)];
    await Promise.all(blocks.map((block) => block.updateComplete));
    const shown = blocks.filter((block) => block.showStatus === "on" || block.getAttribute("showstatus") === "on");
    told.push([Number(item.getOutcome(`SCORE_${place}`).value), Number(item.getOutcome("SCORE").value), reply,
               shown.map((block) => block.textContent)]);
  }
  return told;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("name", ["02-services", "08-turning-point", "00-reading-a-claim"])
def test_a_qti_3_player_gives_points_and_replies(browser, player, name):
    folder = ROOT / "exercises" / name
    page = browser.new_page()
    page.set_content("<qti-item><item-container></item-container></qti-item>")
    page.add_script_tag(content=player)
    for item in items.of_page(folder) + items.of_exercises(folder):
        plays = [(place, *one) for place, field in enumerate(item.fields, start=1) for one in tries(field)]
        given = [[place, _response(item.fields[place - 1], answer)] for place, answer, *_ in plays]
        source = xml(qti3.assessment_item(item, "item")).decode()
        told = page.evaluate(PLAY, [source, {"title": item.title, "tries": given}])
        for (place, answer, right, says), (score, total, _, shown) in zip(plays, told, strict=True):
            where = (item.id, place, answer)
            assert score == (1 if right else 0), where
            assert total == pytest.approx(item.points / len(item.fields) if right else 0, abs=1e-3), where
            expected = "".join(elements(as_html(says, mathml=True)).itertext())
            assert ["".join(one.split()) for one in shown] == ["".join(expected.split())], where  # whatever the blanks
    page.close()


def _response(field, answer):
    return f"O{field.options.index(answer)}" if isinstance(field, items.ChoiceField) else repr(answer)
