"""What opens in a notebook when it is clicked: text folded under a line that looks like something to click.

JupyterLab's styles leave a `<summary>` no marker, and its sanitizer takes a style sheet from a notebook that is opened
again; so the marker is a character, and the look stands in the line itself. The sheet only turns the marker.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

LINE = "display:inline-block;cursor:pointer;padding:4px 12px;border:1px solid;border-radius:4px;font-weight:600"
BODY = "margin:6px 0 10px 10px;padding-left:14px;border-left:3px solid"
TURNS = "display:inline-block;width:1.2em;margin-right:0.3em;text-align:center"
MARKER = f'<span class="valuechains-marker" style="{TURNS}">\N{BLACK RIGHT-POINTING TRIANGLE}</span>'
TURNED = (
    "<style>details[open]>summary>.valuechains-marker{transform:rotate(90deg)}"
    "summary:has(>.valuechains-marker)::marker{content:none}</style>"
)


def fold(title: str, body: str) -> str:
    """HTML that shows `title` as a line to click, and `body`, which is HTML, once it is open."""
    line = f'<summary style="{LINE}">{MARKER}{escape(title)}</summary>'
    return f'<details>{line}<div style="{BODY}">{body}</div></details>'


def ladder(rungs: Sequence[tuple[str, str]]) -> str:
    """Texts of which each opens the next, so that one sees no more than one asked for."""
    folded = ""
    for title, body in reversed(rungs):
        folded = fold(title, body + folded)
    return TURNED + folded
