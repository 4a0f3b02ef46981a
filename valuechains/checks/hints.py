r"""A hint as a reader sees it: HTML from Markdown, its formulas in letters, raised and lowered.

They are shown by the page and by JupyterLab, which takes MathML out of a notebook that is opened again, and by other
editors. Their formulas are short enough for letters.
"""

from __future__ import annotations

import re
from html import escape

FORMULA = re.compile(r"(?<!\w)\$([^$\n]+)\$(?!\d)")
SIGNS = {"mu": "μ", "rho": "ρ", "sigma": "σ", "cdot": "·", "ln": "ln", "sqrt": "√"}
HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"
PART = re.compile(
    r"\\hat\{(?P<hat>\w)\}|\\mathrm\{(?P<upright>\w+)\}|\\(?P<sign>[a-z]+)"
    r"|(?P<shift>[\^_])(?:\{(?P<group>[^{}]+)\}|(?P<one>\w))|\{(?P<inner>[^{}]+)\}|(?P<letters>[A-Za-z]+)|(?P<other>[^\\{}^_])"
)


def html(hint: str) -> str:
    """HTML of a hint, which is Markdown with formulas between dollar signs."""
    from markdown_it import MarkdownIt

    return MarkdownIt().render(FORMULA.sub(lambda found: letters(found[1]), hint))


def letters(latex: str) -> str:
    r"""HTML of a short formula: \hat, \mathrm, powers, indices and SIGNS; ValueError for what else LaTeX has."""
    said, place = "", 0
    while place < len(latex):
        part = PART.match(latex, place)
        if not part or part["sign"] not in (None, *SIGNS):
            raise ValueError(
                f"The formula {latex!r} of a hint has more than letters can show, from {latex[place:]!r} on."
            )
        said, place = said + _shown(part), part.end()
    return said


def _shown(part: re.Match) -> str:
    if part["hat"]:
        return f"<i>{part['hat']}{HAT}</i>"
    if part["sign"]:
        return SIGNS[part["sign"]]
    if part["shift"]:
        tag = "sup" if part["shift"] == "^" else "sub"
        return f"<{tag}>{letters(part['group'] or part['one'])}</{tag}>"
    if part["inner"]:  # what a root is taken of
        return f"({letters(part['inner'])})"
    if part["letters"]:
        return f"<i>{part['letters']}</i>"
    return part["upright"] or escape(part["other"]).replace("-", "\N{MINUS SIGN}")
