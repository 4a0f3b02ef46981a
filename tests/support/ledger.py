"""What tests of the ledger share: a page with its cards, and the arithmetic among its numbers."""

import pytest

from valuechains import evidence


def page(folder, text):
    """HTML of one page built with the claim extension, and the warnings of the build."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text("extensions = ['myst_parser', 'valuechains.book.claims']", encoding="utf-8")
    (source / "index.md").write_text(text, encoding="utf-8")
    # what Sphinx registers holds for the process: a second build would be warned of the first one's
    with open(folder / "warnings", "w+", encoding="utf-8") as warnings, docutils_namespace():
        app = Sphinx(source, source, folder / "html", folder / "doctrees", "html", status=None, warning=warnings)
        app.build()
        warnings.seek(0)
        return (folder / "html" / "index.html").read_text(encoding="utf-8"), warnings.read()


def arithmetic_holds() -> None:
    """What the cards' numbers say of one another."""
    n = evidence.number
    assert n("A1-4-03.total").value == round(sum(n(f"A1-4-03.y{year}").value for year in (2023, 2024, 2025)), 1)
    assert n("A1-4-03.rate").value == round(n("A1-4-03.total").value / n("A1-4-03.stated").value, 2)
    assert n("A1-1-05.usd").value == round(n("A1-1-05.level").value / 7.18)
    assert n("A1-3-03.share_2024").value == pytest.approx(100 * 584.56 / 826.25, abs=0.05)
    assert n("A1-2-05.hima_share").value == round(100 * n("A1-2-05.hima").value / (n("A1-2-05.nev").value * 1e6), 1)
    assert n("A1-1-08.total_2025").value == n("A1-1-08.europe_2025").value + n("A1-1-08.asia").value
    assert n("A2-1-01.workers_china").value == round(10_000 / n("A2-1-01.china").value, 1)
    people = n("A2-1-01.china").value * n("A2-1-01.ifr_people").value
    assert n("A2-1-01.census_density").value == round(people / n("A2-1-01.census_people").value)
    assert n("A2-1-03.combinations").value == round(200 * 2**20 / 1e6, 1)
    for year, growth in ((2017, 3.0), (2019, 4.5)):
        next_year = n(f"A1-3-03.usd_{year + 1}").value
        assert n(f"A1-3-03.usd_{year}").value == round(next_year / (1 + growth / 100), 1)
    p, size, z = n("A1-1-03.dual_2022").value / 100, n("A1-1-03.sample").value, 1.959964
    half = z * (p * (1 - p) / size + z**2 / (4 * size**2)) ** 0.5
    ends = [100 * (p + z**2 / (2 * size) + sign * half) / (1 + z**2 / size) for sign in (-1, 1)]
    assert [n("A1-1-03.low").value, n("A1-1-03.high").value] == [round(end, 1) for end in ends]
