"""Tables of data frames as the page shows them: one head, names in place of codes, figures at the right."""

import pandas as pd
from bs4 import BeautifulSoup

from valuechains.book import markup

FRAME = pd.DataFrame(
    {"services_domestic": [0.25, 0.46], "most": ["trade", "finance"]}, index=pd.Index(["CHN", "USA"], name="exporter")
)


def shown(frame: pd.DataFrame) -> BeautifulSoup:
    return BeautifulSoup(markup.readable(frame.to_html(), {"CHN": "China", "USA": "United States"}), "html.parser")


def test_a_frame_has_one_head_and_names_in_place_of_codes():
    table = shown(FRAME)
    assert [cell.get_text() for cell in table.select("thead tr")[0].select("th")] == [
        "exporter",
        "services_domestic",
        "most",
    ]
    assert len(table.select("thead tr")) == 1
    assert [cell.get_text() for cell in table.select("tbody th")] == ["China", "United States"]


def test_a_head_of_two_levels_keeps_both():
    wide = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["of", "year"]))
    assert len(shown(wide).select("thead tr")) == 2
    named = wide.rename_axis("economy")
    assert len(shown(named).select("thead tr")) == 2 and "economy" in shown(named).thead.get_text()


def test_the_name_of_the_columns_is_kept_beside_that_of_the_rows():
    """It says what is read across, and may be all that says it."""
    across = shown(FRAME.iloc[:, :1].rename_axis(columns="industry"))
    assert [cell.get_text() for cell in across.select("thead th")] == ["exporter / industry", "services_domestic"]


def test_codes_of_something_else_are_no_economies():
    """FIN is Finland among economies and finance among industries."""
    industries = pd.DataFrame([[1, 2]], index=["CHN"], columns=["FIN", "TRD"])
    html = markup.readable(industries.to_html(), {"CHN": "China", "FIN": "Finland"})
    assert '<th scope="row">China' in html and "Finland" not in html and "FIN" in html


def test_words_stand_at_the_left_and_figures_do_not():
    """The style sheet puts all other cells of the body at the right."""
    table = shown(FRAME)
    assert [cell.get_text() for cell in table.select(".gvc-left")] == ["exporter", "most", "trade", "finance"]
    large = shown(pd.DataFrame({"people": [1.40276e9, 2.5e7]}).map("{:e}".format))
    assert not large.select("tbody .gvc-left") and large.select("tbody td")
