"""A figure drawn by vl-convert, for the page and for a file that leaves it; and Vega, for a page that draws anew."""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import vl_convert as vlc

VL_VERSION = "6.4"
PACKED = "https://cdn.jsdelivr.net/npm"  # as the locked package names what it holds: no host is asked
PARTS = {
    "vega-lite@6.4.1": "compile",
    f"vega@{vlc.get_vega_version()}": "expressionFunction, logger, parse, View",
    "vega-tooltip@1.0.0": "Handler",
    "vega-interpreter@2.0.0": "expressionInterpreter",
}
DRAWN_WIDTH = 680  # pixels of a drawing made when the book is built, where the page would decide
MEASURED_IN = "valuechains measure"  # no system has a font of this name: a drawing is the same on every machine
BOLD = 1.15  # times as wide
FIT = Path(__file__).with_name("fit.js")  # makes a chart fit the width it is drawn at, in the reader's browser
FILES = ("drawn.svg", "svg")
DRAWN_BY = {"fpgm", "prep", "cvt ", "gasp", "FFTM", "kern", "GSUB", "GDEF"}  # tables for the shapes of letters
CLIP = re.compile(r"(?<=[\"#])clip(\d+)(?=[\")])")


def figure(bare: str, alone: str) -> dict[str, bytes]:
    """The drawing of the page, and those to download, by kind, from the specification of each."""
    return dict(zip(FILES, (svg(json.loads(spec)).encode() for spec in (bare, alone)), strict=True))


def svg(spec: dict) -> str:
    """A specification, drawn: with room for its texts in the widest of the common fonts, and shown in its own."""
    font = spec.get("config", {}).get("font", MEASURED_IN)
    return _numbered(_measured(spec)).replace(f'font-family="{MEASURED_IN}"', f'font-family="{font}"')


def _measured(spec: dict) -> str:
    text = json.dumps(spec)
    if font := spec.get("config", {}).get("font"):
        text = text.replace(json.dumps(font), json.dumps(_widest_font()))
    return vlc.vegalite_to_svg(text, vl_version=VL_VERSION)


def _numbered(drawn: str) -> str:
    """Vega counts what it clips on from one drawing to the next; here each begins at none."""
    own: dict[str, str] = {}
    return CLIP.sub(lambda found: own.setdefault(found[1], f"clip{len(own)}"), drawn)


@cache
def _widest_font() -> str:
    """The widths of the widest of the common fonts, DejaVu Sans, out of the locked package ziafont, which has one of
    its weights: all letters of one shape, since theirs take a fifth of the time of a drawing."""
    from fontTools.ttLib import TTFont

    with as_file(files("ziafont") / "fonts" / "DejaVuSans.ttf") as whole, TTFont(whole, recalcBBoxes=False) as font:
        for table in DRAWN_BY.intersection(font.keys()):
            del font[table]
        shapes = font["glyf"].glyphs
        bar = shapes["bar"]
        font["glyf"].glyphs = {name: bar if hasattr(shape, "data") else shape for name, shape in shapes.items()}
        for record in font["name"].names:
            record.string = MEASURED_IN
        font.save(Path(_fonts().name, "regular.ttf"))
        font["OS/2"].usWeightClass, font["OS/2"].fsSelection, font["head"].macStyle = 700, 0x20, 1
        font["hmtx"].metrics = {name: (round(BOLD * wide), at) for name, (wide, at) in font["hmtx"].metrics.items()}
        font.save(Path(_fonts().name, "bold.ttf"))
    vlc.register_font_directory(_fonts().name)
    return MEASURED_IN


@cache
def _fonts() -> tempfile.TemporaryDirectory:
    """A folder for as long as this process draws, which reads a font again for each text."""
    return tempfile.TemporaryDirectory()


@cache
def vega() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, out of the locked package: no other host is asked."""
    return vlc.javascript_bundle(vl_version=VL_VERSION)  # type: ignore[call-arg]  # its stub asks for more


def script() -> dict[str, bytes]:
    """What a page needs of it, part by part, so that it can draw a chart in several tasks."""
    parts = "".join(f"import {{{names}}} from '{PACKED}/{package}/+esm';" for package, names in PARTS.items())
    snippet = f"{parts}window.gvcVega = {{{', '.join(PARTS.values())}}};"
    return {"vega.js": vlc.javascript_bundle(snippet, vl_version=VL_VERSION).encode()}  # type: ignore[call-arg]
