"""A student's text as something that can only be read: nothing in it acts in the page that shows it.

There are two walls. What is stored for markers (`autograded/`) has no markup in it that a browser would follow, so that
any formgrader can show it; and where the course's configuration reaches, the formgrader's page is cleaned once more.
"""

from __future__ import annotations

import re
from copy import deepcopy

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode, from_dict

JOINER = "\u2060"  # has no width: the text reads the same, and no parser takes "<", joiner, "script" for a tag
ACTS = re.compile(
    r"(?<=<)(?=[a-zA-Z/!?])"  # a tag, a comment, <https://...>
    r"|(?<=\])(?=\s*[(\[:])"  # a link or an image: it may lead into the formgrader itself
    r"|(?<=script)(?=\s*:)|(?<=\bdata)(?=\s*:\S)|(?<=https)(?=:)|(?<=http)(?=:)|(?<=\bwww)(?=\.)"
    r"|(?<=\\)(?=(?:href|require|cssId|class|style|unicode|html)\b)",  # what formulas can do beside looking nice
    re.I,
)
TAGS = frozenset(
    "a abbr b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i li ol p pre s span strong "
    "sub summary sup table tbody td tfoot th thead tr u ul".split()
)
LOOKS = {"*": ["class"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"]}


def text(said: str) -> str:
    """The same words, with nothing in them that a browser follows."""
    return ACTS.sub(JOINER, said)


def name(said: str | None) -> str | None:
    """A name for a page that does not escape it."""
    return re.sub(r"[<>&\"`{}\\]", "", said).replace("'", "\u2019") or None if said else None


def cell(found: NotebookNode) -> NotebookNode:
    """A cell of a submission: words, nbgrader's facts, and what we put under it."""
    kept, facts = deepcopy(found), found.metadata.get("nbgrader")
    kept.metadata = from_dict({"nbgrader": facts} if facts else {})
    kept.pop("attachments", None)
    if kept.cell_type == "raw":  # a page takes it in as it is
        kept.cell_type = "markdown"
    if kept.cell_type == "markdown":
        kept.source = text(kept.source)
    return kept


@pass_context
def markdown2html(context: object, source: str) -> str:
    """In place of nbconvert's filter of this name: what it makes, without anything that acts or leads elsewhere."""
    return bleach.clean(HTMLExporter().markdown2html(context, source), tags=TAGS, attributes=LOOKS, strip=False)
