"""The look of every chart: colours in the light and in the dark, and the Vega-Lite configuration made from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"

# Series colours are told apart with normal sight, protanopia, deuteranopia and tritanopia (measured in
# tests/figures/test_figures.py); each has a contrast of at least 3:1 with its background, each text at least 4.5:1.
PALETTE = {
    "light": {
        "paper": "#ffffff",
        "ink": "#22272f",
        "muted": "#545d6b",
        "rule": "#7d8694",
        "grid": "#e3e6ea",
        "link": "#0b5cab",
        "blue": "#0a5fb0",
        "orange": "#dd6b10",
        "teal": "#008a83",
        "purple": "#7a2385",
        "brick": "#9e2f14",
        "sky": "#3b97ea",
        "night": "#2a2140",
        "gold": "#a18517",
        "moss": "#25471f",
        "rose": "#c47593",
        "umber": "#da4918",
        "plum": "#530363",
        "holds": "#178a4c",
        "half": "#a06a00",
        "fails": "#8f1d1d",
        "turns": "#5b3fd0",
        "open": "#787b81",
        "ungraded": "#484a4d",
    },
    "dark": {
        "paper": "#14181e",
        "ink": "#dfe4ea",
        "muted": "#a7b0bc",
        "rule": "#7f8998",
        "grid": "#2d3541",
        "link": "#7db8f7",
        "blue": "#58a6f5",
        "orange": "#f5663c",
        "teal": "#16a678",
        "purple": "#f279b8",
        "brick": "#c5dd3a",
        "sky": "#4277d1",
        "night": "#b5eef0",
        "gold": "#a1701b",
        "moss": "#d3fc83",
        "rose": "#e0256b",
        "umber": "#d79c61",
        "plum": "#8b1cf9",
        "holds": "#1cd964",
        "half": "#d78c1b",
        "fails": "#c8452a",
        "turns": "#9a4dfb",
        "open": "#a8adb5",
        "ungraded": "#e0e6f1",
    },
}
SERIES = ("blue", "orange", "teal", "purple", "brick", "sky", "night")
# What a colour means is the same on every chart of the book. An economy has one, and so has what is at home or abroad;
# orange is abroad and no economy's. Two that share a chart are told apart as the series above are.
MEANING = {
    "China": "blue",
    "United States": "brick",
    "Germany": "teal",
    "Japan": "purple",
    "India": "gold",
    "Korea, Rep.": "sky",
    "Korea": "sky",
    "United Kingdom": "night",
    "Poland": "moss",
    "Malaysia": "rose",
    "Brazil": "umber",
    "Viet Nam": "plum",
    "World": "muted",
    "East Asia (5)": "plum",
    "European Union": "moss",
    "North America (3)": "umber",
    "At home": "blue",
    "in China": "blue",
    "bought at home": "blue",
    "Makes at home": "blue",
    "The exporter itself": "blue",
    "Suppliers at home": "sky",
    "Abroad": "orange",
    "abroad": "orange",
    "bought abroad": "orange",
    "Others": "orange",
    "Suppliers abroad": "orange",
    "Gross label": "muted",
    "electronics factory": "blue",
    "programming": "teal",
}


class Verdict(NamedTuple):
    """How a verdict looks on cards, on the page of the claims and in charts: a sign and the name of a colour."""

    sign: str
    colour: str


VERDICTS = {
    "supported": Verdict("\N{HEAVY CHECK MARK}", "holds"),
    "partly": Verdict("\N{CIRCLE WITH LEFT HALF BLACK}", "half"),
    "contradicted": Verdict("\N{HEAVY MULTIPLICATION X}", "fails"),
    "definition-dependent": Verdict("\N{RIGHTWARDS ARROW OVER LEFTWARDS ARROW}", "turns"),
    "not checkable with open data": Verdict("?", "open"),
    "opinion": Verdict("\N{LEFT DOUBLE QUOTATION MARK}", "ungraded"),
}


def verdict(name: Any) -> Verdict | None:
    """The look of a verdict, by its name or the first word of it ("opinion / forecast / prescription")."""
    return VERDICTS.get(str(name).split(" / ")[0])


def colour_of(name: Any) -> str:
    """The colour that a name has through the whole book, or "": "China, own tables" is China's."""
    found = verdict(name)
    return found.colour if found else MEANING.get(str(name)) or MEANING.get(str(name).split(", ")[0], "")


# Ramps keep their colours in both themes: a cell is compared with the legend, not with the page.
RAMP = ["#dbe8f4", "#a9cbe6", "#6ba6d3", "#2f7cb8", "#0b4f8a", "#08305a"]
DIVERGING = ["#9e2f14", "#d9734f", "#f0c3ac", "#f4f4f2", "#b4d3ea", "#4f93c8", "#0b4f8a"]
WIDTH = 560  # pixels where nobody chooses: with long names of rows a notebook shows it whole on a small laptop


def theme(colours: Mapping[str, str]) -> dict:
    """A Vega-Lite configuration in these colours."""
    series = [colours[name] for name in SERIES]
    text = {
        "labelColor": colours["muted"],
        "titleColor": colours["muted"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 500,
        "labelFont": FONT,
        "titleFont": FONT,
    }
    return {
        "background": colours["paper"],  # its own: what shows the notebook may be light or dark
        "font": FONT,
        "aria": False,  # the page's own text alternative stands in for marks that are read out one by one
        "padding": 4,
        "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": 320, "discreteWidth": WIDTH},
        "title": {
            "color": colours["ink"],
            "subtitleColor": colours["muted"],
            "fontSize": 16,
            "subtitleFontSize": 13,
            "fontWeight": 600,
            "anchor": "start",
            "frame": "bounds",  # beside long labels of rows a title would stick out on the right
            "offset": 14,
            "subtitlePadding": 6,
        },
        "axis": {
            **text,
            "domainColor": colours["rule"],
            "tickColor": colours["rule"],
            "gridColor": colours["grid"],
            "labelPadding": 6,
            "titlePadding": 10,
            "labelLimit": 320,
        },
        "axisX": {"grid": False, "labelAngle": 0, "labelSeparation": 10, "labelFlush": False},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            **text,
            "orient": "top",
            "direction": "horizontal",
            "columns": 4,
            "title": None,
            "symbolType": "circle",
            "symbolSize": 90,
            "symbolStrokeWidth": 0,
            "symbolBaseFillColor": colours["muted"],
            "labelLimit": 320,
            "labelColor": colours["ink"],
        },
        "header": {
            "labelColor": colours["ink"],
            "titleColor": colours["muted"],
            "labelFont": FONT,
            "labelFontSize": 12,
            "labelFontWeight": 600,
        },
        "range": {"category": series, "ordinal": RAMP, "ramp": RAMP, "heatmap": RAMP, "diverging": DIVERGING},
        "mark": {"color": series[0]},
        "line": {"strokeWidth": 2.25, "strokeCap": "round", "strokeJoin": "round"},
        "point": {"filled": True, "size": 70, "opacity": 0.95},
        "circle": {"size": 70, "opacity": 0.9},
        "area": {"fillOpacity": 0.85},
        "bar": {"cornerRadiusEnd": 1.5},
        "rect": {"stroke": colours["paper"], "strokeWidth": 1},
        "rule": {"color": colours["rule"], "strokeWidth": 1.25},
        "tick": {"color": colours["rule"], "thickness": 2},
        "errorband": {"opacity": 0.18},
        "text": {"color": colours["ink"], "font": FONT, "fontSize": 12},
    }


THEME = {name: theme(colours) for name, colours in PALETTE.items()}
