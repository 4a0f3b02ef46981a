"""A figure drawn by vl-convert, for the page and for a file that leaves it; and Vega, for a page that draws anew."""

from __future__ import annotations

import json

import vl_convert as vlc

VL_VERSION = "6.4"
DRAWN_WIDTH = 680  # pixels of a drawing made when the book is built, where the page would decide
KINDS = ("drawn.svg", "svg", "png")


def figure(specification: str) -> dict[str, bytes]:
    """The drawing of the page, and those to download, by kind."""
    spec = json.loads(specification)
    drawn, sourced = _svg(_untitled(spec)), _svg(_sourced(spec))
    return dict(zip(KINDS, (drawn.encode(), sourced.encode(), vlc.svg_to_png(sourced, scale=2))))


def vega() -> dict[str, bytes]:
    """Vega, Vega-Lite and Vega-Embed in one script."""
    return {"vega.js": vlc.javascript_bundle(vl_version=VL_VERSION).encode()}  # type: ignore[call-arg]


def _svg(spec: dict) -> str:
    return vlc.vegalite_to_svg(spec, vl_version=VL_VERSION)


def _untitled(spec: dict) -> dict:
    """For the page, which carries title and source itself."""
    return {key: value for key, value in _fixed(spec).items() if key != "title"}


def _sourced(spec: dict) -> dict:
    """For a file that leaves the page: with its source, on paper."""
    about = spec["usermeta"]["valuechains"]
    title = spec["title"]
    source = "Source: " + "; ".join(about["source"])
    return _fixed(spec) | {
        "title": {**title, "subtitle": [*title["subtitle"], source]},
        "config": {**spec["config"], "background": "white", "padding": 16},
    }


def _fixed(spec: dict) -> dict:
    return spec | ({"width": DRAWN_WIDTH} if spec.get("width") == "container" else {})
