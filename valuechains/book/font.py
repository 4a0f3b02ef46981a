"""The fonts that the site carries, cut to what its pages show: one of formulas, one of the theme's signs.

Brackets that grow, roots and sums need a font with mathematical metrics, and many systems have none (Android, a bare
Linux). So the site has STIX Two Math (SIL Open Font License), taken from the locked package ziamath.
"""

from __future__ import annotations

import io
import logging
from importlib.resources import as_file, files
from unicodedata import normalize

from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table that it cuts

ALWAYS = "√ˆ‾" + "".join(map(chr, range(0x20, 0x7F)))  # drawn for a root and an accent, and what a plain formula has
SLANTED = (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))  # as a letter alone is shown


def mathematical(characters: str) -> dict[str, bytes]:
    """The part of STIX Two Math that formulas of these characters need, as a web font."""
    shown = set(normalize("NFKC", ALWAYS + characters))
    points = {*map(ord, ALWAYS + characters), *(one for one in SLANTED if normalize("NFKC", chr(one)) in shown)}
    with as_file(files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf") as whole:
        return {"math.woff": _part(str(whole), points, layout_features=["ssty", "dtls", "flac", "kern", "ccmp"])}


def signs(font: str, digest: str, points: str) -> dict[str, bytes]:
    """A font with the signs of these code points alone; its digest tells the workshop when the file is another."""
    return {"signs.woff": _part(font, {int(point, 16) for point in points.split()})}


def _part(font: str, points: set[int], **kept: list[str]) -> bytes:
    options = subset.Options(flavor="woff", hinting=False, **kept)
    whole = subset.load_font(font, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(whole)
    content = io.BytesIO()
    subset.save_font(whole, content, options)
    return content.getvalue()
