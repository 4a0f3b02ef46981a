"""A figure drawn by vl-convert, for the page and for a file that leaves it; and Vega, for a page that draws anew."""

from __future__ import annotations

import json
from functools import cache

import vl_convert as vlc

VL_VERSION = "6.4"
DRAWN_WIDTH = 680  # pixels of a drawing made when the book is built, where the page would decide
FILES = ("drawn.svg", "svg")


def figure(bare: str, alone: str) -> dict[str, bytes]:
    """The drawing of the page, and those to download, by kind, from the specification of each."""
    return dict(zip(FILES, (svg(json.loads(spec)).encode() for spec in (bare, alone)), strict=True))


def svg(spec: dict) -> str:
    """A specification, drawn."""
    return vlc.vegalite_to_svg(spec, vl_version=VL_VERSION)


@cache
def vega() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, out of the locked package: no other host is asked."""
    return vlc.javascript_bundle(vl_version=VL_VERSION)  # type: ignore[call-arg]  # its stub asks for more


def script() -> dict[str, bytes]:
    """The same as a file of the page."""
    return {"vega.js": vega().encode()}
