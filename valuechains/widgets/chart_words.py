"""A published figure, which is English, in the reader's language: its words are said anew, its data stay as they are.

Titles, sentences and controls are translated where they stand. Names that the data use, such as those of economies, are
the keys by which a chart's parts find one another, so they stay, and what an axis, a legend or a label shows is looked
up in the parameter `gvc_names` at the moment of drawing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from valuechains import tongue
from valuechains.figures.look import FONT
from valuechains.figures.publishing import entitled, table_records, titled
from valuechains.figures.reading import SAID, column_named, described, encoded_in
from valuechains.figures.words import describe
from valuechains.tongue import named, say
from valuechains.widgets.sentences import FIELD, Sentence, literal, retold, unquoted

HAN = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei'"
ROWS_APART = 6  # pixels between the rows of a legend
NAMES = "gvc_names"
DATA = {"datasets", "values", "usermeta", "config"}
GUIDES = {"x": "axis", "y": "axis", "row": "header", "column": "header", "facet": "header"}
TITLED = ("x", "y", "color", "shape", "size", "tooltip")
LEGENDS = ("color", "fill", "stroke", "shape", "strokeDash")
LISTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")


def told(spec: dict) -> dict:
    """The specification in the language spoken; in English it is the same, and so is one that was told already."""
    if tongue.is_english() or any(param["name"] == NAMES for param in spec.get("params", [])):
        return spec
    names = _names(spec)
    spec = _titled(spec)
    about = spec["usermeta"]["valuechains"]
    still = _still(spec, about)
    about["alternative"] = describe(still, measure=about["measure"], unit=about["unit"])
    about["tables"] = table_records(described(still), about["measure"], about["unit"])
    spec = _drawn(spec) | {"params": [*_params(spec.get("params", [])), {"name": NAMES, "value": names}]}
    notes = [about["twin"]["setting"], about["twin"]["says"]] if "twin" in about else []
    spec |= {"usermeta": {"valuechains": about}, "title": titled(about, *notes), "description": about["alternative"]}
    return _in_its_letters(spec)


def alive(spec: dict, figure: dict) -> dict:
    """The chart of a twin that Python drives, in the language spoken; `figure` is the one published."""
    if tongue.is_english():
        return spec
    names = next(param for param in told(figure)["params"] if param["name"] == NAMES)
    told_of = _titled({**spec, "usermeta": figure["usermeta"], "params": figure["params"]})
    title = entitled(told_of.pop("usermeta")["valuechains"])
    return _in_its_letters(_drawn(told_of) | {"title": title, "params": [*spec["params"], names]})


def _in_its_letters(spec: dict) -> dict:
    """Chinese letters have fonts of their own, and are taller than Latin ones: the rows of a legend stand apart."""
    text = json.dumps(spec, ensure_ascii=False).replace(FONT, FONT.replace("sans-serif", f"{HAN}, sans-serif"))
    told = json.loads(text)
    legend = {**told.get("config", {}).get("legend", {}), "rowPadding": ROWS_APART}
    return told | {"config": {**told.get("config", {}), "legend": legend}}


# --- what is said about the chart ---------------------------------------------------------------------------------


def _titled(spec: dict) -> dict:
    """With what is said about it, and the titles of its axes and legends, in this language."""
    about = dict(spec["usermeta"]["valuechains"])
    about |= {key: say(about[key]) for key in ("finding", "measure", "unit")}
    about["source"] = [say(source) for source in about["source"]]
    if about.get("as_of"):
        about["as_of"] = named(about["as_of"])
    if "twin" in about:
        about["twin"] = _twin(about["twin"], _templates(spec))
    told = set(_told(spec))

    def write(channel: str, encoded: Any) -> Any:
        return _said(channel, encoded, channel not in told)

    return {**_walked(spec, write), "usermeta": {"valuechains": about}}


def _told(part: Any) -> Iterator[str]:
    """The channels whose title some layer gives: to the other layers it is theirs too."""
    if isinstance(part, list):
        for one in part:
            yield from _told(one)
    elif isinstance(part, dict):
        for channel, encoded in part.get("encoding", {}).items():
            guide = encoded.get(GUIDES.get(channel, "legend")) if isinstance(encoded, dict) else None
            if isinstance(encoded, dict) and ("title" in encoded or "title" in (guide or {})):
                yield channel
        yield from (name for key, one in part.items() if key not in DATA for name in _told(one))


def _walked(part: Any, write: Any) -> Any:
    """Every encoding of a specification written anew, whatever is data left alone."""
    if isinstance(part, list):
        return [_walked(one, write) for one in part]
    if not isinstance(part, dict):
        return part
    part = {key: one if key in DATA else _walked(one, write) for key, one in part.items()}
    if "encoding" in part:
        part["encoding"] = {channel: write(channel, one) for channel, one in part["encoding"].items()}
    return part


def _said(channel: str, encoded: Any, by_name: bool) -> Any:
    """One channel with its titles in this language; `by_name`: a field without one is called by its name."""
    if isinstance(encoded, list):
        return [_said(channel, one, True) for one in encoded]
    if not isinstance(encoded, dict):
        return encoded
    guides = ("axis", "legend", "header")
    encoded = {key: _said(channel, one, False) if key in guides else one for key, one in encoded.items()}
    title = encoded.get("title")
    if isinstance(title, str) and title:
        encoded["title"] = named(title)
    elif isinstance(title, list):
        encoded["title"] = [named(" ".join(title))]
    elif by_name and channel in TITLED and "field" in encoded and "title" not in encoded:
        encoded["title"] = named(column_named(encoded["field"]).replace("_", " "))
    return encoded


def _expression(sentence: Sentence, sources: dict[str, str]) -> str:
    """A sentence of a twin in this language, whose fields are looked up if they are texts."""
    numbers = {name for name, form in FIELD.findall(sentence.template) if form}
    shown = {name: source if name in numbers else _looked_up(source) for name, source in sources.items()}
    return Sentence(say(sentence.template)).expression(shown)


def _looked_up(value: str) -> str:
    return f"({NAMES}[{value}] || {value})"


def _templates(spec: dict) -> list[str]:
    """The sentences of a twin, as its author wrote them."""
    found: list[str] = []

    def keep(sentence: Sentence, sources: dict[str, str]) -> str:
        found.append(sentence.template)
        return ""

    for param in spec.get("params", []):
        if param["name"] == "says" and "expr" in param:
            retold(param["expr"], keep)
    return found


def _twin(twin: dict, templates: list[str]) -> dict:
    controls = [_control(one) for one in twin["controls"]]
    starts = (
        say("{name}: {value}", name=one["label"], value=dict(map(tuple, _options(one, controls)))[one["start"]])
        for one in controls
    )
    offered = {one["name"]: [text for _, text in _options(one, twin["controls"])] for one in twin["controls"]}
    says = _retold(twin["says"], templates, offered)
    return {**twin, "controls": controls, "setting": say("; ").join(starts), "says": says}


def _control(control: dict) -> dict:
    def texts(options: list) -> list:
        return [[value, named(text)] for value, text in options]

    label, more = control["label"], {}
    if "offers" in control:
        more["offers"] = [[value, texts(some)] for value, some in control["offers"]]
    if "idle" in control:
        more["idle"] = [[say(why), where] for why, where in control["idle"]]
    return {**control, "label": say(label), "options": texts(control["options"]), **more}


def _options(control: dict, controls: list[dict]) -> list:
    if "of" not in control:
        return control["options"]
    start = next(one["start"] for one in controls if one["name"] == control["of"])
    return next(some for value, some in control["offers"] if value == start)


def _retold(sentence: str, templates: list[str], offered: Mapping[str, list[str]]) -> str:
    """A sentence said from one of these templates, said from its translation; a control says what it offers."""
    for template in templates:
        parts = FIELD.split(template)
        fields = parts[1::3]
        pattern, seen = re.escape(parts[0]), set[str]()
        for name, text in zip(fields, parts[3::3], strict=True):
            known = "|".join(map(re.escape, offered.get(name, ()))) or ".+?"
            pattern += (f"(?P={name})" if name in seen else f"(?P<{name}>{known})") + re.escape(text)
            seen.add(name)
        if found := re.fullmatch(pattern, sentence):
            return FIELD.sub(lambda field: named(found[field[1]]), say(template))
    return say(sentence)


# --- names of the data --------------------------------------------------------------------------------------------


def _names(spec: dict) -> dict[str, str]:
    """What the edition calls the names that the chart's data use."""
    found = {text: named(text) for text in sorted(set(_texts(spec)))}
    return {text: said for text, said in found.items() if said != text}


def _texts(spec: dict) -> Iterator[str]:
    shown = {*_fields(spec), *(name for one in _templates(spec) for name, form in FIELD.findall(one) if not form)}
    for rows in spec.get("datasets", {}).values():
        yield from (value for row in rows for key, value in row.items() if key in shown and isinstance(value, str))
    for param in spec.get("params", []):
        if isinstance(param.get("value"), list) and param["name"].endswith(
            tuple(f"_{column}_labels" for column in shown)
        ):
            yield from (one for one in param["value"] if isinstance(one, str))
    for control in spec["usermeta"]["valuechains"].get("twin", {}).get("controls", []):
        for options in (control["options"], *(some for _, some in control.get("offers", []))):
            yield from (text for _, text in options)
    yield from _domains({key: part for key, part in spec.items() if key not in DATA})


def _quoted(expression: str) -> Iterator[str]:
    """The texts that stand in an expression."""
    return (unquoted(single) if single else json.loads(f'"{double}"') for single, double in LISTED.findall(expression))


def _fields(part: Any) -> Iterator[str]:
    """The columns that a chart shows."""
    return (column_named(one) for _, key, one in _entries(part) if key == "field" and isinstance(one, str))


def _domains(part: Any) -> Iterator[str]:
    """Names that scales, constants and made columns give."""
    for around, key, one in _entries(part):
        if key in ("domain", "sort") and isinstance(one, list):
            yield from (name for name in one if isinstance(name, str))
        elif key == "datum" and isinstance(one, str):
            yield one
        elif key == "calculate" and around.get("as") != "_frame":
            yield from _quoted(one)


def _entries(part: Any) -> Iterator[tuple[dict, str, Any]]:
    """Every entry of a specification but what its data hold: where it stands, its name and its value."""
    if isinstance(part, list):
        for one in part:
            yield from _entries(one)
    elif isinstance(part, dict):
        for key, one in part.items():
            yield part, key, one
            if key not in DATA:
                yield from _entries(one)


# --- how it is drawn ----------------------------------------------------------------------------------------------


def _params(params: list[dict]) -> list[dict]:
    return [{**one, "expr": retold(one["expr"], _expression)} if one["name"] == "says" else one for one in params]


def _drawn(part: Any) -> Any:
    """Axes, legends, labels and tips that show the names of this edition."""
    if isinstance(part, list):
        return [_drawn(one) for one in part]
    if not isinstance(part, dict):
        return part
    if set(part) == {"expr"}:  # the title of an axis
        return {"expr": _expression(*Sentence.of(part["expr"]))}
    part = {key: one if key in DATA or key == "params" else _drawn(one) for key, one in part.items()}
    if "encoding" in part:
        tips = [one for one in encoded_in(part["encoding"].get("tooltip")) if _is_name(one)]
        made = [{"calculate": _looked_up(_datum(one)), "as": f"{one['field']}{SAID}"} for one in tips]
        part["encoding"] = {channel: _shown(channel, one) for channel, one in part["encoding"].items()}
        part |= {"transform": [*part.get("transform", []), *made]} if made else {}
    return part


def _is_name(encoded: dict) -> bool:
    return encoded.get("type") in ("nominal", "ordinal") and "." not in encoded["field"]


def _datum(encoded: dict) -> str:
    return f"datum[{literal(column_named(encoded['field']))}]"


def _shown(channel: str, encoded: Any) -> Any:
    if channel == "tooltip":
        ones = encoded if isinstance(encoded, list) else [encoded]
        return [
            {**one, "field": f"{one['field']}{SAID}"} if isinstance(one, dict) and _is_name(one) else one
            for one in ones
        ]
    if not isinstance(encoded, dict):
        return encoded
    if channel == "text" and "field" in encoded and _is_name(encoded):
        return {"value": {"expr": _looked_up(_datum(encoded))}}
    guide = "legend" if channel in LEGENDS else GUIDES.get(channel)
    tells = encoded.get("type") in ("nominal", "ordinal") or isinstance(encoded.get("datum"), str)
    if guide is None or not tells or encoded.get(guide, {}) is None:
        return encoded
    own = encoded.get(guide) or {}
    return {
        **encoded,
        guide: {"labelExpr": _looked_up(own.get("labelExpr", "datum.label")), **_without(own, "labelExpr")},
    }


def _without(part: dict, key: str) -> dict:
    return {name: one for name, one in part.items() if name != key}


def _still(spec: dict, about: dict) -> dict:
    """The chart of a twin as it stands at first: its frames as plain rows, its titles as plain words."""
    if "twin" not in about:
        return spec
    chosen = {
        one["name"]: dict(map(tuple, _options(one, about["twin"]["controls"])))[one["start"]]
        for one in about["twin"]["controls"]
    }

    def plain(part: Any) -> Any:
        if isinstance(part, list):
            return [plain(one) for one in part]
        if not isinstance(part, dict):
            return part
        if set(part) == {"expr"}:
            return Sentence(say(Sentence.of(part["expr"])[0].template)).text(chosen)
        part = {key: one if key in DATA else plain(one) for key, one in part.items() if key != "params"}
        steps = part.get("transform", [])
        at = next((place for place, step in enumerate(steps) if step.get("as") == "_frame"), None)
        if at is not None:
            part |= {
                "data": {"name": json.loads(steps[at]["calculate"].replace("'", '"'))},
                "transform": steps[at + 1 :],
            }
        return part

    return plain(spec)
