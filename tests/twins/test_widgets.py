"""Twins without a browser: what is declared, what is refused, and that Vega computes what Python computes."""

import json
import math
import re
import xml.etree.ElementTree as ET
import zlib
from functools import cache
from itertools import combinations
from random import Random
from threading import Event, Lock, Thread, current_thread
from types import SimpleNamespace

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert as vlc
from demo_twins import HARVEST, harvest_twin, newsvendor_twin
from hypothesis import given, settings
from hypothesis import strategies as st
from keyboard import by_chance, last

from valuechains import datasets, editions, twins
from valuechains.course import kit
from valuechains.course.key import load
from valuechains.figures import MIME
from valuechains.twins.who_is_paid import STOPS
from valuechains.widgets import Choice, Dependent, Expressions, Grid, Idle, Slider, Stored, Twin, steps
from valuechains.widgets.grid import rows
from valuechains.widgets.sentences import FORM, Sentence, literal, number

OF_CHAPTERS = [getattr(twins, name)() for name in twins.__all__]
TWINS = {twin.name: twin for twin in (newsvendor_twin(), harvest_twin(), *OF_CHAPTERS)}
EVERY_TWIN = pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS.keys())
PARTS_PER_TEXT = "\N{SYMBOL FOR UNIT SEPARATOR}"


def vega(*expressions: str, params=(), data=None, transform=()) -> list[str]:
    """What Vega makes of expressions, a text for each; over all rows of the data, if they are given."""
    texts = f" + '{PARTS_PER_TEXT}' + ".join(f"({one})" for one in expressions)
    spec = {
        "data": data or {"values": [{}]},
        "params": list(params),
        "transform": [*transform, {"calculate": texts, "as": "said"}],
        "mark": {"type": "text", "limit": 0},
        "encoding": {"text": {"field": "said", "type": "nominal"}},
    }
    drawn = ET.fromstring(vlc.vegalite_to_svg(spec, vl_version="6.4"))
    found = [
        mark.text or ""
        for group in drawn.iter()
        if "role-mark" in group.get("class", "")
        for mark in group.iter()
        if mark.tag.endswith("}text")
    ]
    return found[0].split(PARTS_PER_TEXT) if data is None else found


def at(twin: Twin, setting: dict) -> list[dict]:
    """The parameters of the page's figure with its controls at a setting."""
    return [
        {**param, "value": setting[param["name"]]} if param["name"] in setting else param
        for param in twin.figure.spec["params"]
    ]


def some(twin: Twin, count: int = 6) -> list[dict]:
    """The first setting, the last, and some by lot, always the same."""
    lot = Random(7)
    return [twin.settings(), last(twin), *(by_chance(twin, lot) for _ in range(count))]


# Controls ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"place": "west"}, "Place has no option 'west'; choose one of 'north', 'south'."),
        ({"year": 2022}, "Year runs from 2020 to 2021; 2022 is beyond its range."),
        ({"year": -1e9}, "Year runs from 2020 to 2021; -1000000000.0 is beyond its range."),
        ({"year": float("nan")}, "Year runs from 2020 to 2021; nan is beyond its range."),
        ({"year": 2020.5}, "Year has no stop at 2020.5; the nearest is 2020."),
        ({"year": "2020"}, "Year takes a number from 2020 to 2021, not '2020'."),
        ({"year": True}, "Year takes a number from 2020 to 2021, not True."),
        ({"yr": 2020}, "harvest has no control 'yr'; its controls are place, year, doubled."),
    ],
)
def test_a_setting_there_is_not_is_refused_in_one_sentence(changes, sentence):
    twin = harvest_twin()
    for ask in (twin.read, twin.set):
        with pytest.raises(ValueError) as refused:
            ask(**changes)
        assert str(refused.value) == sentence
    assert twin.bench.settings == twin.settings()


def test_a_setting_may_be_a_number_of_numpy_and_is_made_the_control_s_own():
    read = harvest_twin().read(year=np.int64(2021), place="south").settings["year"]
    assert (read, type(read)) == (2021, int)


def test_a_control_starts_where_it_can():
    with pytest.raises(ValueError, match="has no option 'c'"):
        Choice("x", "X", {"a": "A"}, start="c")
    with pytest.raises(ValueError, match="nothing to choose from"):
        Choice("x", "X", {})


def test_steps_have_no_dust_and_end_where_they_should():
    assert steps(0, 1, 0.1) == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert steps(1995, 2011, 8) == [1995, 2003, 2011]
    assert all(type(one) is int for one in steps(1, 3, 1))


# Sentences -----------------------------------------------------------------------------------------------------------

FORMS = [
    f"{sign}{comma}.{digits}{kind}"
    for sign in ("", "+")
    for comma in ("", ",")
    for digits in (0, 1, 3)
    for kind in "f%"
]
HARD = [
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    0.125,
    -0.125,
    0.0005,
    -0.0004,
    1e-12,
    -1e-12,
    0.045,
    1.005,
    999.9995,
    12345.678,
    -1234567.5,
]


def test_a_number_reads_the_same_in_both_lives():
    cases = [(value, form) for value in HARD for form in FORMS]
    written = vega(*(f"format({value!r}, '{form}')" for value, form in cases))
    assert written == [number(value, form) for value, form in cases]


@settings(max_examples=40)
@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=20, max_size=20), st.sampled_from(FORMS))
def test_any_number_reads_the_same_in_both_lives(values, form):
    assert vega(*(f"format({value!r}, '{form}')" for value in values)) == [number(value, form) for value in values]


def test_a_text_reads_the_same_in_both_lives():
    texts = ["it's", 'the "north"', "back\\slash", "Côte d'Ivoire", "a {brace}", "100 % \N{MINUS SIGN}"]
    assert vega(*map(literal, texts)) == texts


def test_a_form_that_only_python_could_write_is_refused():
    with pytest.raises(ValueError, match=r"\{x:>10\} is no form"):
        Sentence("{x:>10}")
    assert all(FORM.fullmatch(form) for form in FORMS)


def test_a_sentence_does_not_say_a_number_that_is_missing():
    with pytest.raises(ValueError, match="needs 'total', which this setting has not"):
        harvest_twin(says="{place}: {total:.1f}").read(year=2021)


# Both lives ----------------------------------------------------------------------------------------------------------


@EVERY_TWIN
def test_vega_computes_the_result_and_the_sentence_of_the_model(twin):
    for setting in some(twin):
        reading = twin.read(**setting)
        # A number as Vega has it, with all its digits; expressions may differ in the last ones.
        said, *values = vega("says", *(f"'' + result.{name}" for name in reading.result), params=at(twin, setting))
        assert said == reading.says
        for value, (name, expected) in zip(values, reading.result.items(), strict=True):
            if isinstance(expected, float):
                assert float(value) == pytest.approx(expected, rel=0 if isinstance(twin.page, Grid) else 1e-7), name
            else:
                assert value == ("null" if expected is None else str(expected)), name


@EVERY_TWIN
def test_vega_has_the_rows_of_the_model(twin):
    sources = {name: frame.written(name, twin)[1] for name, frame in twin.page.frames.items()}
    for setting in some(twin, 3):
        for name, frame in twin.read(**setting).frames.items():
            fields = [f"'' + datum[{literal(column)}]" for column in frame]
            rows = vega(*fields, params=at(twin, setting), **sources[name])
            assert len(rows) == len(frame)
            for row, computed in zip(rows, frame.itertuples(index=False), strict=True):
                for written, expected in zip(row.split(PARTS_PER_TEXT), computed, strict=True):
                    if isinstance(expected, str):
                        assert written == expected
                    else:
                        assert (
                            written == "null"
                            if np.isnan(expected)
                            else float(written) == pytest.approx(expected, abs=1e-3)
                        )


@EVERY_TWIN
@pytest.mark.parametrize("version", ["5.8", "6.4"])  # JupyterLab's own Vega-Lite, and the page's
def test_both_specifications_are_drawn(twin, version):
    for spec in (twin.figure.spec, twin.live()):
        drawn = vlc.vegalite_to_svg({**spec, "width": 500}, vl_version=version)
        assert "role-mark" in drawn
        assert not re.search(r">(NaN|null|undefined|Infinity)<", drawn)
    for name, text in twin.chosen(twin.settings()).items():
        if f"{{{name}}}" in json.dumps(twin.chart.to_dict()):
            assert text in drawn.replace("&amp;", "&"), "an axis title with a setting in it"


@EVERY_TWIN
def test_the_figure_is_complete_and_always_the_same(twin):
    spec, again = twin.figure.spec, Twin(**{**vars_of(twin), "controls": list(twin.controls.values())}).figure.spec
    assert json.dumps(spec) == json.dumps(again)
    about = spec["usermeta"]["valuechains"]
    assert about["alternative"] and about["source"] and about["name"] == twin.name
    assert [control["name"] for control in about["twin"]["controls"]] == list(twin.controls)
    for name, frame in twin.read().frames.items():
        assert len(spec["datasets"][name]) == len(frame)
    assert "NaN" not in json.dumps(spec)


def vars_of(twin: Twin) -> dict:
    return {name: getattr(twin, name) for name in Twin.__dataclass_fields__}


@EVERY_TWIN
def test_the_page_gets_a_figure_and_jupyterlab_a_widget(twin):
    bundle = twin._repr_mimebundle_()
    assert set(bundle) == {MIME, "application/vnd.jupyter.widget-view+json", "text/plain"}
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == twin.bench.model_id
    assert bundle["text/plain"].startswith(twin.finding), "what is read where neither can be shown"


def test_the_model_is_asked_once_for_each_setting():
    asked = []
    model = harvest_twin().model
    twin = harvest_twin(model=lambda **setting: asked.append(tuple(setting.values())) or model(**setting))
    twin._repr_mimebundle_()
    twin.read(**last(twin)).result.clear()  # what a reader does with it is no matter of the next
    assert twin.read(**last(twin)).result == harvest_twin().read(**last(twin)).result
    assert len(asked) == len(set(asked)) > 1


@EVERY_TWIN
def test_the_picture_of_a_twin_names_its_setting_its_sentence_and_its_source(twin):
    title = twin.figure.spec["title"]
    assert " ".join(title["text"]) == twin.finding
    said = " ".join(title["subtitle"])
    for part in (*twin.chosen(twin.settings()).values(), twin.read().says, twin.figure.about["source"][0].rstrip(".")):
        assert " ".join(part.split()) in said


@pytest.mark.parametrize("twin", OF_CHAPTERS, ids=lambda twin: twin.name)
def test_a_twin_of_the_chapters_is_light(twin):
    spec = json.dumps(twin.figure.spec, separators=(",", ":"), ensure_ascii=False).encode()
    assert len(spec) < 250_000
    assert len(zlib.compress(spec, 9)) * 4 / 3 < 150_000  # as the page holds it


# What a control changes ----------------------------------------------------------------------------------------------


@cache
def moved(name: str) -> list[tuple[str, dict, list[tuple]]]:
    """Of a twin at some settings: each control, and the readings with it at its first, middle and last stop and where
    it is, each with its rows as text. A setting is read once."""
    twin = TWINS[name]

    @cache
    def read(*setting) -> tuple:
        reading = twin.read(**dict(setting))
        return reading, json.dumps(rows(reading.frames), default=str)

    found = []
    heads = twin.fitting({name: control.values[0] for name, control in twin.controls.items()})
    for setting in [heads, *some(twin, 3)]:
        for control in twin.controls.values():
            offered = [*control.offered(setting)]
            stops = dict.fromkeys([offered[0], offered[len(offered) // 2], setting[control.name], offered[-1]])
            each = [read(*twin.fitting({**setting, control.name: stop}).items()) for stop in stops]
            found.append((control.name, setting, each))
    return found


HOLE = re.compile(r"  |\.{4}| [,.;:](?![\d.])|\(\)|: [.;,]|[,;]\.")  # where a word is missing


def said(twin: Twin, reading, apart_from: str) -> str:
    """The sentence without the name that a control has for its own setting."""
    named = {**reading.result, **twin.chosen(reading.settings), apart_from: "this"}
    says = twin.says if isinstance(twin.says, str) else twin.says[{**reading.result, **reading.settings}[twin.case]]
    return Sentence(says).text(named)


@pytest.mark.parametrize("name", TWINS)
def test_a_control_is_idle_where_it_changes_nothing_and_nowhere_else(name):
    twin = TWINS[name]
    for control, setting, each in moved(name):
        still = len({(drawn, said(twin, reading, control)) for reading, drawn in each}) == 1
        assert len(each) == 1 or still == (control in twin.idle(**setting)), (control, setting)


@pytest.mark.parametrize("name", TWINS)
def test_a_control_that_changes_the_chart_changes_the_sentence(name):
    for control, setting, each in moved(name):
        for (one, drawn), (other, redrawn) in combinations(each, 2):
            assert drawn == redrawn or one.says != other.says, (control, setting)


@pytest.mark.parametrize("name", TWINS)
def test_a_sentence_says_nothing_twice_and_has_no_hole(name):
    twin = TWINS[name]
    for *_, each in moved(name):
        for reading, _ in each:
            says = reading.says
            for label in twin.chosen(reading.settings).values():  # two controls may be set alike
                says = says.replace(label, "")
            clauses = [part.strip().lower() for part in re.split(r"[.;:,()](?:\s|$)", says)]
            long = [part for part in clauses if len(part.split()) > 4]
            assert len(long) == len(set(long)), reading.says
            assert not HOLE.search(reading.says), reading.says


def idle_twin(**where) -> Twin:
    doubled = Choice("doubled", "Doubled", {"no": "As it is", "yes": "Twice"}, idle=[Idle("It is empty.", **where)])
    return harvest_twin(controls=[*[*harvest_twin().controls.values()][:2], doubled])


def test_an_idle_control_is_declared_once_and_follows_in_jupyterlab():
    twin = idle_twin(verdict=["none"], year=[2021])
    wire = Wire(twin.bench)
    assert twin.figure.about["twin"]["controls"][2]["idle"] == [["It is empty.", {"verdict": ["none"], "year": [2021]}]]
    assert not twin.bench.controls["doubled"].disabled and twin.bench.chart.reading["idle"] == []
    twin.bench.controls["year"].value = 2021
    assert twin.bench.controls["doubled"].disabled
    assert wire.sent[-1]["reading"]["idle"] == ["Doubled: no effect here. It is empty."]
    twin.bench.controls["place"].value = "south"
    assert not twin.bench.controls["doubled"].disabled and wire.sent[-1]["reading"]["idle"] == []


@pytest.mark.parametrize("name", ["doubled", "weather"])
def test_a_control_cannot_be_idle_by_itself_or_by_what_there_is_not(name):
    with pytest.raises(
        ValueError, match=f"the control 'doubled' is idle by '{name}', which is neither another control"
    ):
        idle_twin(**{name: ["yes"]})


# Declarations that do not fit ----------------------------------------------------------------------------------------


def test_a_control_may_not_take_the_name_of_a_result():
    with pytest.raises(ValueError, match="the name 'total' of a control is taken by the result"):
        harvest_twin(
            controls=[*harvest_twin().controls.values(), Choice("total", "Total", {1: "One"})],
            model=lambda total, **others: {"total": 1.0, "known": 1, "verdict": "some"},
        )


def test_the_expressions_must_be_those_of_the_model():
    with pytest.raises(
        ValueError, match="the model gives total, known, verdict, the page's expressions total; they must"
    ):
        harvest_twin(page=Expressions({"total": "1"}))


def test_the_page_must_have_the_frames_of_the_model():
    with pytest.raises(ValueError, match="only one of the model and the page has the frame 'fields'"):
        harvest_twin(page=Grid(digits={"total": 3, "known": 0}))


def test_a_twin_without_a_finding_is_refused_as_a_figure_is():
    with pytest.raises(ValueError, match="A figure needs its finding"):
        _ = harvest_twin(finding=" ").figure


# JupyterLab's side ---------------------------------------------------------------------------------------------------


class Wire:
    """Stands for the browser: keeps what a chart sends."""

    def __init__(self, bench):
        self.sent = []
        bench.chart.send = lambda content, buffers=None: self.sent.append(content)


def test_each_move_of_a_control_calls_the_model_and_sends_what_it_says():
    twin = harvest_twin()
    wire = Wire(twin.bench)
    twin.bench.controls["place"].value = "south"
    twin.bench.controls["year"].value = 2021
    assert [message["reading"]["signals"] for message in wire.sent] == [
        twin.signals(twin.read(place="south")),
        twin.signals(twin.read(place="south", year=2021)),
    ]
    assert wire.sent[1]["reading"]["frames"] == {
        "fields": [
            {"field": 'it\'s "field" 0', "crop": "rice", "yield": None, "height": None},
            {"field": 'it\'s "field" 1', "crop": "oats", "yield": 0.0, "height": 0.0},
        ]
    }
    json.dumps(wire.sent, allow_nan=False)


def test_of_two_moves_in_two_threads_the_last_reading_sees_both():
    """JupyterLab sends each control's moves by a way of its own, and the kernel may take each in its own thread."""
    twin = harvest_twin()
    bench, sent, lock, second_has_come = twin.bench, [], Lock(), Event()
    second = Thread(target=lambda: setattr(bench.controls["doubled"], "value", "yes"))

    class Door:
        def __enter__(self):
            if current_thread() is second:
                second_has_come.set()
            lock.acquire()

        def __exit__(self, *ignored):
            lock.release()

    def slow(**setting):
        if not second.ident:
            second.start()
            second_has_come.wait()
        return twin.read(**setting)

    def send(message, buffers=None):
        sent.append(message["reading"])
        if current_thread() is second:
            second_has_come.set()

    bench.turn, bench.chart.send = Door(), send
    bench.twin = SimpleNamespace(read=slow, signals=twin.signals, fitting=twin.fitting, controls=twin.controls)
    bench.controls["place"].value = "south"
    second.join()
    last = max(sent, key=lambda reading: reading["turn"])["signals"]
    assert (last["place"], last["doubled"]) == ("south", "yes")
    assert [reading["turn"] for reading in sent] == [1, 2]


def test_set_moves_all_controls_and_calls_the_model_once():
    twin = harvest_twin()
    wire = Wire(twin.bench)
    twin.set(place="south", doubled="yes")
    assert twin.bench.settings == {"place": "south", "year": 2020, "doubled": "yes"}
    assert [message["reading"]["signals"]["says"] for message in wire.sent] == ["South's end: +0.24 on 1 fields."]
    twin.set(year=2021)
    assert twin.bench.settings == {"place": "south", "year": 2021, "doubled": "yes"}


def test_a_list_follows_the_control_on_which_it_hangs():
    def options(twin, name="crop"):
        return [value for _, value in twin.bench.controls[name].options]

    crops = {"north": {"": "none", "rye": "Rye"}, "south": {"": "none", "tea": "Tea", "rye": "Rye"}}
    controls = [Choice("place", "Place", {"north": "N", "south": "S"}), Dependent("crop", "Crop", "place", crops)]
    twin = harvest_twin(
        controls=controls,
        model=lambda place, crop: {"known": len(place + crop) + len({"tea", "south"} & {crop, place})},
        page=Grid(digits={"known": 0}, frames={"crops": Stored(("place", "crop"))}),
        frames={"crops": lambda settings, result: pd.DataFrame({"crop": [settings["crop"]], "size": [1.0]})},
        chart=alt.Chart(alt.NamedData("crops")).mark_bar().encode(x="size:Q", y="crop:N"),
        says="{place}: {crop}, {known:.0f}.",
    )
    assert options(twin) == ["", "rye"] and len(list(twin.settings_of(["place", "crop"]))) == 5
    with pytest.raises(ValueError, match="Crop has no option 'tea' here; choose one of '', 'rye'."):
        twin.set(crop="tea")
    twin.set(place="south", crop="tea")
    assert options(twin) == ["", "tea", "rye"] and twin.read(**twin.bench.settings).says == "S: Tea, 10."
    twin.bench.controls["place"].value = "north"  # as a reader moves it
    assert options(twin) == ["", "rye"] and twin.bench.settings == {"place": "north", "crop": ""}
    twin.set(crop="rye")
    twin.set(place="south")
    assert twin.bench.settings == {"place": "south", "crop": "rye"}, "what is still offered stays"
    for setting in twin.settings_of(["place", "crop"]):
        assert vega("says", params=at(twin, setting)) == [twin.read(**setting).says]


def test_reset_goes_back_to_the_first_setting():
    for reset in (lambda twin: twin.reset(), lambda twin: twin.bench.button.click()):
        twin = harvest_twin()
        twin.set(place="south", year=2021, doubled="yes")
        reset(twin)
        assert twin.bench.settings == twin.settings()


def test_a_view_that_opens_gets_the_chart_and_the_first_one_vega_too():
    twin = harvest_twin()
    twin.set(place="south")
    wire = Wire(twin.bench)
    for missing in (True, False):
        twin.bench.chart._handle_custom_msg({"type": "open", "vega": missing}, [])
    first, second = wire.sent
    assert "vegaEmbed" in first["vega"] and second["vega"] is None
    assert first["spec"] == twin.live()
    assert first["reading"]["signals"]["says"] == twin.read(place="south").says


@EVERY_TWIN
def test_a_saved_notebook_holds_little_of_the_widget(twin):
    widgets = [twin.bench, twin.bench.chart, *twin.bench.controls.values()]
    stored = json.dumps([widget.get_state() for widget in widgets], default=str)
    assert len(stored) < 19_000  # the verdict bench lists the names of all sources and readings
    assert "vega-lite" not in stored and twin.read().says not in stored


# The twins of chapter 2 ----------------------------------------------------------------------------------------------


def test_the_smile_explorer_finds_what_the_full_tables_say():
    twin = twins.smile_explorer()
    keys = list(twin.controls)
    ours = pd.DataFrame([setting | twin.result(setting) for setting in twin.settings_of(keys)])
    theirs = datasets.read("smile_coefficients").rename(
        columns={"chain_country": "economy", "chain_industry": "industry"}
    )
    both = ours.merge(theirs, on=keys, suffixes=("", "_built"), how="left", validate="1:1")
    both = both[(both["year"] < 2022) & (both["up"] != "hourly")]  # what the full tables hold
    drawn = both["verdict"] != "missing"
    assert len(both) == 1920 and 0 < (~drawn).sum() < 200
    for ours_, theirs_ in (
        ("constant", "constant"),
        ("linear", "linear"),
        ("quadratic", "quadratic"),
        ("error", "se_quadratic"),
    ):
        built = both[f"{theirs_}_built" if theirs_ == ours_ else theirs_]
        kept = 10.0 ** -twin.page.digits[ours_]
        assert (both[ours_] - built)[drawn].abs().max() <= 0.51 * kept + 1e-5  # the built ones have seven figures
    assert (both["n"] == both["n_built"])[drawn].all()
    shapes = both[drawn].groupby("verdict")["shape"].unique().map(set).to_dict()
    assert shapes == {"smile": {"smile"}, "frown": {"frown"}, "unclear": {"flat"}, "outside": {"flat"}}


def test_pay_after_2009_is_missing_for_chains_outside_europe_and_said_to_be():
    twin = twins.smile_explorer()
    for economy in twin.controls["economy"].values:
        reading = twin.read(economy=economy, year=2011, up="compensation_rate")
        assert (reading.result["verdict"] == "missing") == (economy != "DEU")
        assert ("no curve" in reading.says) == (economy != "DEU")
        assert reading.frames["curve"]["height"].isna().all() == (economy != "DEU")


def test_participants_earn_a_thousandth_of_the_chain_or_more():
    frame = twins.smile_explorer().read(economy="CHN").frames["points"]
    assert frame["share"].between(0.001, 1).all() and 0.8 < frame["share"].sum() <= 1
    assert set(frame["origin"]) == {"At home", "Abroad"}
    assert frame.loc[0, ["economy", "sector", "origin"]].tolist() == [
        "China",
        "Electrical and Optical Equipment",
        "At home",
    ]


def test_who_is_paid_adds_up_to_the_export_and_agrees_with_the_country_s_results():
    twin = twins.who_is_paid()
    by_country = datasets.read("exports_by_country").set_index(["country", "year"])
    for exporter in twin.controls["exporter"].values:
        for year in (1995, 2003, 2011):
            result = twin.model(exporter, "all", year, "all")
            official = by_country.loc[(exporter, year)]
            assert result["label"] == pytest.approx(official["services_gross_share"], rel=2e-3)
            assert result["services"] == pytest.approx(official["services_va_share"], rel=2e-3)
            assert result["foreign"] == pytest.approx(official["services_va_foreign"], rel=2e-3)


@pytest.mark.parametrize("year, source, within", [(2020, "icio2023_11", 5e-3), (2022, "iot2025", 2e-3)])
def test_who_is_paid_says_of_2020_and_2022_what_their_tables_do(year, source, within):
    twin = twins.who_is_paid()
    published = editions.services_in_exports(year=year, source=source).set_index("country")
    for exporter in twin.controls["exporter"].values:
        result, own = twin.model(exporter, "all", year, "all"), published.loc[exporter]
        assert result["label"] == pytest.approx(own["gross"], abs=within)
        assert result["direct"] + result["indirect"] == pytest.approx(own["domestic"], abs=within)
        if year == 2020:
            assert result["foreign"] == pytest.approx(own["foreign"], abs=within) and math.isnan(result["imported"])
        else:
            assert result["imported"] == pytest.approx(1 - own["dva_share"], abs=within)
            assert math.isnan(result["foreign"])


def test_every_variant_of_the_exercise_can_be_set_in_its_widgets():
    variants = load(kit.ROOT / "exercises" / "02-services").variants
    for variant in variants:
        twins.who_is_paid().settings(exporter=variant["economy"], year=variant["year"])
        twins.smile_explorer().settings(economy=variant["economy"], industry=variant["industry"])
    assert len({variant["year"] for variant in variants}) == 3


def test_who_is_paid_names_the_source_of_a_year_and_what_it_cannot_tell():
    twin = twins.who_is_paid()
    years = twin.controls["year"].options
    assert [text for year, text in years.items() if text != str(year)] == list(STOPS.values())
    assert "World Input-Output Database, which ends in 2011" in twin.read(year=2011).says
    assert "Another source" in twin.read(year=2020, industry="all").says
    for show in twin.controls["show"].values:
        assert "the table of 2020 does not tell this export from others" in twin.read(year=2020, show=show).says
        assert "Another source" in twin.read(year=2022, show=show).says
    assert "who earned that, a national table does not say" in twin.read(year=2022).says


def test_who_is_paid_has_every_setting_and_no_negative_share():
    twin = twins.who_is_paid()
    by = ["exporter", "industry", "year"]
    for setting in twin.settings_of(by):
        rows = twin.rows("bars", setting)
        if twin.result(setting)["case"] == "missing":
            assert setting["year"] == 2020 and rows["value"].isna().all()
            continue
        sums = rows.groupby("side")["value"].agg(["sum", "min"])
        assert sums["sum"].to_numpy() == pytest.approx(1, abs=2e-3)
        assert sums["min"].min() > -1e-6
        result = twin.result({**setting, "industry": "goods"})
        assert result["label"] == result["direct"] == 0


def test_the_demonstrations_have_an_empty_setting():
    assert HARVEST["north", 2021] == []
    reading = harvest_twin().read(year=2021)
    assert reading.frames["fields"].empty and reading.result["total"] is None
    assert reading.says == 'The "north", 2021: nothing was reported.'


def test_a_chart_whose_first_setting_is_empty_is_refused():
    twin = harvest_twin(
        controls=[
            Choice("place", "Place", {"north": "North"}),
            Slider("year", "Year", [2021]),
            Choice("doubled", "Doubled", {"no": "As it is"}),
        ]
    )
    with pytest.raises(ValueError, match="no rows to show"):
        _ = twin.figure


def test_rows_that_recur_are_stored_once_and_come_back():
    texts = {param["name"]: param for param in harvest_twin().figure.spec["params"]}
    assert texts["fields_common_field_labels"]["value"] == [f'it\'s "field" {n}' for n in range(3)]
    assert "it's" not in texts["fields_text"]["value"]
