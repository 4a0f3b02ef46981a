"""What axe finds on a page. Contrast is asked once for each look of words: it takes axe as long as all the rest."""

import functools
from importlib.resources import files

from screens import RULES

# axe-core keeps a weak map for each part of a colour, which the browser is slow to clear away.
QUICKER_MAPS = """const WeakMap = class { #key = Symbol();
    get(owner) { return owner[this.#key]; } has(owner) { return this.#key in owner; }
    set(owner, value) { owner[this.#key] = value; return this; } delete(owner) { return delete owner[this.#key]; } };
const WeakSet = class { #key = Symbol();
    has(owner) { return this.#key in owner; } add(owner) { owner[this.#key] = true; return this; }
    delete(owner) { return delete owner[this.#key]; } };
"""
# Two elements of each look: the same colour, size and weight on the same grounds, from the page to the words.
LOOKS = """() => {
    const looks = new Map(), grounds = new Map();
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const ground = (part) => {
        if (!part) return "";
        if (!grounds.has(part)) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(part);
            const own = [backgroundColor, backgroundImage, opacity].join();
            grounds.set(part, ground(part.parentElement) + (own === "rgba(0, 0, 0, 0),none,1" ? "" : `|${own}`));
        }
        return grounds.get(part);
    };
    while (words.nextNode()) {
        const part = words.currentNode.parentElement, { color, fontSize, fontWeight } = getComputedStyle(part);
        if (!words.currentNode.data.trim() || !part.checkVisibility()) continue;
        const look = [color, fontSize, fontWeight, ground(part)].join(";"), alike = looks.get(look) ?? new Set();
        if (alike.size < 2) looks.set(look, alike.add(part));
    }
    return [...looks.values()].flatMap((alike) => [...alike]);
}"""
ASK = f"""async ([rules, everything]) => {{
    const ask = (where, options) => axe.run(where, {{ ...options, resultTypes: ["violations"] }});
    const contrast = await ask({{ include: ({LOOKS})() }}, {{ runOnly: ["color-contrast"] }});
    const rest = everything
        ? await ask(document, {{ runOnly: rules, rules: {{ "color-contrast": {{ enabled: false }} }} }})
        : {{ violations: [], passes: [true] }};
    return {{
        looked: contrast.passes.length + contrast.violations.length && rest.passes.length,
        faults: [...contrast.violations, ...rest.violations].flatMap(({{ id, nodes }}) =>
            nodes.map((node) => [id, node.target, node.html.slice(0, 200)])),
    }};
}}"""


@functools.cache
def axe() -> str:
    """axe-core, for a page to take in."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    return f"(() => {{ {QUICKER_MAPS} {script}\n}})()"


def faults(page, everything: bool = True) -> list:
    """Each fault's rule, place and code. Without `everything` only the contrast is asked for, as after a change of
    theme."""
    page.evaluate(axe())
    found = page.evaluate(ASK, [RULES, everything])
    assert found["looked"], "axe looked at nothing"
    return found["faults"]
