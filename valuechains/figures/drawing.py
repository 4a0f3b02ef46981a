"""A figure drawn by vl-convert, for the page and for a file that leaves it; and Vega, for a page that draws anew."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

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
MEASURED_IN = "DejaVu Sans"
FILES = ("drawn.svg", "svg")


def figure(bare: str, alone: str) -> dict[str, bytes]:
    """The drawing of the page, and those to download, by kind, from the specification of each."""
    return dict(zip(FILES, (svg(json.loads(spec)).encode() for spec in (bare, alone)), strict=True))


def svg(spec: dict) -> str:
    """A specification, drawn: with room for its texts in the widest of the common fonts, and shown in its own."""
    font = spec.get("config", {}).get("font", MEASURED_IN)
    return _measured(spec).replace(f'font-family="{MEASURED_IN}"', f'font-family="{font}"')


def _measured(spec: dict) -> str:
    text = json.dumps(spec)
    if font := spec.get("config", {}).get("font"):
        text = text.replace(json.dumps(font), json.dumps(_widest_font()))
    return vlc.vegalite_to_svg(text, vl_version=VL_VERSION)


@cache
def _widest_font() -> str:
    """The widest of the common fonts, out of the locked package ziafont."""
    vlc.register_font_directory(str(files("ziafont") / "fonts"))
    return MEASURED_IN


@cache
def vega() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, out of the locked package: no other host is asked."""
    return vlc.javascript_bundle(vl_version=VL_VERSION)  # type: ignore[call-arg]  # its stub asks for more


def script() -> dict[str, bytes]:
    """What a page needs of it, part by part, so that it can draw a chart in several tasks."""
    parts = "".join(f"import {{{names}}} from '{PACKED}/{package}/+esm';" for package, names in PARTS.items())
    snippet = f"{parts}window.gvcVega = {{{', '.join(PARTS.values())}}};"
    return {"vega.js": vlc.javascript_bundle(snippet, vl_version=VL_VERSION).encode()}  # type: ignore[call-arg]
