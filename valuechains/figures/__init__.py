"""One look for every chart, and one call that turns an Altair chart into a published figure.

    figures.publish(chart, finding="Services earn more than they sell", measure="Services in exports",
                    unit="% of gross exports", source=["exports_by_country"], as_of=2011)

The notebook stores the figure's Vega-Lite specification and nothing else: the page's caption, text alternative, data
table, downloads and dark theme are all made from it.
"""

from valuechains.figures.look import PALETTE, SERIES, THEME, verdict
from valuechains.figures.publishing import MIME, Figure, bare, entitled, publish, titled, wide
from valuechains.figures.series import coloured
from valuechains.figures.words import describe

__all__ = [
    "MIME",
    "PALETTE",
    "SERIES",
    "THEME",
    "Figure",
    "bare",
    "coloured",
    "describe",
    "entitled",
    "publish",
    "titled",
    "verdict",
    "wide",
]
