"""The font of formulas.

Brackets that grow, roots and sums need a font with mathematical metrics, and many systems have none (Android, a bare
Linux). So the site carries STIX Two Math (SIL Open Font License), taken from the locked package ziamath and cut to
the characters that a formula of the field can hold.
"""

from __future__ import annotations

import io
from importlib.resources import as_file, files

from fontTools import subset

CHARACTERS = [  # ranges of code points kept in the font
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x302, 0x308),
    (0x391, 0x3D6),
    (0x2010, 0x203F),
    (0x2061, 0x2063),
    (0x210E, 0x210E),
    (0x2115, 0x2124),
    (0x2190, 0x2193),
    (0x21D2, 0x21D4),
    (0x2200, 0x22FF),
    (0x2308, 0x230B),
    (0x23A0, 0x23B3),
    (0x23DE, 0x23DF),
    (0x27E8, 0x27E9),
    (0x1D400, 0x1D467),
    (0x1D4D0, 0x1D503),
    (0x1D538, 0x1D56B),
    (0x1D6FC, 0x1D714),
    (0x1D7CE, 0x1D7D7),
]


def mathematical() -> dict[str, bytes]:
    """The part of STIX Two Math that formulas need, as a web font of about 130 kB."""
    options = subset.Options(flavor="woff", hinting=False, layout_features=["ssty", "dtls", "flac", "kern", "ccmp"])
    with as_file(files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf") as whole:
        font = subset.load_font(str(whole), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[point for first, last in CHARACTERS for point in range(first, last + 1)])
    cutter.subset(font)
    content = io.BytesIO()
    subset.save_font(font, content, options)
    return {"math.woff": content.getvalue()}
