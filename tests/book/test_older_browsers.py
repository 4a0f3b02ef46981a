"""What the pages ask of a browser: no more than Chromium 120, Firefox 121 and Safari 17.2 have, all of the end of 2023.

Newer things may be used where a page is whole without them: styles that an older browser passes over, and what a script
looks for before it uses it."""

import re

import pytest
from conftest import ROOT
from pages import CHARTED, DRAWN, outputs
from screens import LAPTOP

BOOK = ROOT / "valuechains/book"
WRITTEN = {
    kind: sorted(path for path in [*BOOK.rglob(f"*.{kind}"), *(ROOT / "valuechains/widgets").glob(f"*.{kind}")])
    for kind in ("js", "css")
}
EACH = "map|filter|some|every|find|reduce|flatMap|toArray"
ITERATED = rf"(?<!\bObject)\.(?:values|keys|entries|matchAll)\([^()]*\)\.(?:{EACH})\b"
NEWER = {
    "js": [
        r"\b(?:Object|Map)\.groupBy\b", r"\bPromise\.(?:withResolvers|try)\b", r"\bArray\.fromAsync\b",
        r"\bURL\.parse\b",
        r"\bRegExp\.escape\b", r"\bIterator\.", ITERATED, r"\.(?:union|intersection|difference|symmetricDifference)\(",
        r"\.is(?:Subset|Superset|DisjointFrom)", r"\.(?:fromBase64|toBase64|fromHex|toHex)\(", r"\.checkVisibility\(",
        r"\.(?:show|hide|toggle)Popover\(", r"\bTemporal\.", r"\.moveBefore\(", r"\bAbortSignal\.any\b",
        r"\bIntl\.DurationFormat\b", r"\bscheduler\.(?:yield|postTask)", r"\bnew Highlight\b",
        r"\busing \w+ =",
        r"\brequestIdleCallback\(",
    ],
    "css": [
        r"/ \"", r"\blight-dark\(", r"@starting-style", r"\banchor\(", r"\bposition-(?:anchor|area)\b", r"@scope\b",
        r"\bfield-sizing\b", r"\binterpolate-size\b", r":open\b", r"::details-content", r"\bif\(", r"@function\b",
        r"@property\b", r"\btext-wrap: (?:balance|pretty)", r"\bcontrast-color\(", r"\bsibling-(?:count|index)\(",
    ],
}  # fmt: skip
SPARED = {  # an older browser passes over these and loses nothing that is needed
    r"\btext-wrap: (?:balance|pretty)", r"\bfield-sizing\b", r"::details-content",
}  # fmt: skip
LOOKED_FOR = {  # a script that uses it looks first whether it is there
    r"\bnew Highlight\b": "!window.Highlight",
    r"\brequestIdleCallback\(": "window.requestIdleCallback",
    r"\bscheduler\.(?:yield|postTask)": "window.scheduler?.",
}


def too_new(kind: str, text: str) -> list[str]:
    found = []
    for pattern in NEWER[kind]:
        lines = [line.strip() for line in text.splitlines() if re.search(pattern, line)]
        if kind == "css" and pattern == r"/ \"":  # said once more before it, without the words for a voice
            lines = [line for line in lines if len(re.findall(r"\bcontent:", line)) < 2 * line.count('/ "')]
        if pattern not in SPARED and LOOKED_FOR.get(pattern, "\0") not in text:
            found += lines
    return found


@pytest.mark.parametrize("kind", WRITTEN)
def test_scripts_and_styles_use_what_browsers_had_by_the_end_of_2023(kind):
    assert len(WRITTEN[kind]) > 5
    found = {path.name: too_new(kind, path.read_text(encoding="utf-8")) for path in WRITTEN[kind]}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "kind, text",
    [
        ("js", "const one = Object.groupBy(all, name);"),
        ("js", "table.entries().map(one)"),
        ("js", "requestIdleCallback(done)"),
        ("css", '.sign::before { content: "x" / ""; }'),
    ],
)
def test_what_is_too_new_is_found(kind, text):
    assert too_new(kind, text) == [text]


TAKEN = """
for (const [owner, names] of [
    [Object, ["groupBy"]], [Map, ["groupBy"]], [Promise, ["withResolvers", "try"]], [Array, ["fromAsync"]],
    [URL, ["parse"]], [RegExp, ["escape"]], [AbortSignal, ["any"]],
    [Element.prototype, ["checkVisibility", "moveBefore"]],
    [Set.prototype, ["union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf"]],
    [Object.getPrototypeOf(Object.getPrototypeOf([].values())),
     ["map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach", "some", "every", "find"]],
    [window, ["Highlight", "requestIdleCallback", "scheduler", "Iterator", "Temporal"]],
]) for (const name of names) delete owner[name];
"""


@pytest.mark.browser
def test_a_chapter_is_whole_in_a_browser_that_lacks_what_is_newer(browser, site):
    page = next(one for one in CHARTED if any("twin" in spec["usermeta"]["valuechains"] for spec in outputs(one)))
    seen = browser.new_page(viewport=LAPTOP)
    faults = []
    seen.on("pageerror", lambda error: faults.append(str(error)))
    try:
        seen.add_init_script(TAKEN)
        seen.goto(f"{site['http']}/{page}.html")
        assert seen.evaluate("[Object.groupBy, window.scheduler, [].values().map]") == [None, None, None]
        seen.evaluate("gvc.drawn")
        charts, _ = seen.evaluate(DRAWN)
        first = seen.locator(".gvc-says").first.text_content()
        seen.locator(".gvc-controls select").first.press("ArrowDown")
        seen.wait_for_function("first => document.querySelector('.gvc-says').textContent !== first", arg=first)
        seen.locator(".gvc-reset").first.press("w")
        seen.locator("[role=treeitem]:focus").wait_for()
        assert (charts, faults) == (len(outputs(page)), [])
    finally:
        seen.close()
