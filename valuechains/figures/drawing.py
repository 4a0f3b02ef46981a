"""A figure drawn by vl-convert, for the page and for a file that leaves it; and Vega, for a page that draws anew."""

from __future__ import annotations

import json

import vl_convert as vlc

VL_VERSION = "6.4"
DRAWN_WIDTH = 680  # pixels of a drawing made when the book is built, where the page would decide
KINDS = ("drawn.svg", "svg", "png")


def figure(bare: str, alone: str) -> dict[str, bytes]:
    """The drawing of the page, and those to download, by kind, from the specification of each."""
    drawn, kept = (svg(json.loads(spec)) for spec in (bare, alone))
    return dict(zip(KINDS, (drawn.encode(), kept.encode(), vlc.svg_to_png(kept, scale=2))))


def svg(spec: dict) -> str:
    """A specification, drawn."""
    return vlc.vegalite_to_svg(spec, vl_version=VL_VERSION)


def vega() -> dict[str, bytes]:
    """Vega, Vega-Lite and Vega-Embed in one script."""
    return {"vega.js": vlc.javascript_bundle(vl_version=VL_VERSION).encode()}  # type: ignore[call-arg]
