"""Formulas: what LaTeX becomes, on a line or displayed, and what is refused."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from valuechains.authoring.formulas import formula, to_mathml
from valuechains.book import mathml


@pytest.mark.parametrize(
    "latex, parts",
    [
        (r"L = (I - A)^{-1}", ["<msup>", "<mi>L</mi>"]),
        (r"\hat{v}_i = \frac{v_i}{x_i}", ["<mover", "<mfrac>"]),
        (r"a &= b \\ &= \sum_{i} c_i", ["<mtable", "columnalign"]),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", ["<mtable", "<mn>4</mn>"]),
        (r"\mathbf{1}' \mathbf{A}", ["\N{MATHEMATICAL BOLD DIGIT ONE}", "&#x1D400;"]),
    ],
)
def test_a_formula_becomes_mathml_with_its_source_as_text(latex, parts):
    text = to_mathml(latex, block=True)
    assert text.startswith("<math alttext=") and all(part in text for part in parts)
    assert ">&<" not in text


def test_a_displayed_formula_is_a_block_and_one_in_a_line_is_not(monkeypatch):
    assert 'display="block"' in to_mathml("x", block=True) and 'display="inline"' in to_mathml("x")
    assert 'display="block"' in formula("x", {"display_mode": True}) and 'display="inline"' in formula("x", {})
    for visit, display, node in (
        (mathml.visit_inline, "inline", nodes.math),
        (mathml.visit_block, "block", nodes.math_block),
    ):
        page = SimpleNamespace(body=[], starttag=lambda node, name, suffix="", **facts: f"<{name}>{suffix}")
        with pytest.raises(nodes.SkipNode):
            visit(page, node("", "x"))
        assert f'display="{display}"' in "".join(page.body)


@pytest.mark.parametrize(
    "latex, what",
    [(r"\foo{x}", r"\\foo"), (r"\frac{1}{", "does not convert"), (r"a & b", "&"), (r"\boxed{x}", "frame")],
)
def test_a_formula_that_does_not_convert_is_refused(latex, what):
    with pytest.raises(ValueError, match=what):
        to_mathml(latex)
