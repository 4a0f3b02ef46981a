"""Reading the data: copies, filters, and one clear sentence for whatever is wrong."""

import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from valuechains import datasets

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A data folder of our own with a few small files."""
    for name in ("datapackage.json", "chains.csv", "pay_per_hour.csv.gz"):
        shutil.copy(DATA / name, tmp_path)
    monkeypatch.setenv("VALUECHAINS_DATA", str(tmp_path))
    return tmp_path


def test_a_frame_is_the_callers_own():
    frame = datasets.read("chains")
    frame["participants"] = 0
    frame.loc[0, "year"] = 0
    assert datasets.read("chains").participants.min() > 0 and datasets.read("chains").year.min() == 1995


def test_filters_keep_what_was_asked_for():
    some = datasets.read("chains", chain_country=["CHN", "USA"], year=2011)
    assert set(some.chain_country) == {"CHN", "USA"} and set(some.year) == {2011}
    assert list(some.index) == list(range(10))


def test_codes_stay_text():
    assert datasets.read("china_national_by_industry").industry.iloc[0] == "01"


def test_a_citation_is_one_line_with_a_date():
    assert datasets.source("exports_by_country") == (
        "WIOD 2013 release (Timmer et al. 2015), own computation; data to 2011"
    )
    assert "claims" not in datasets.names() and datasets.source("claims")


def test_columns_are_explained():
    explained = datasets.columns("exports_by_country")
    assert list(explained) == ["name", "type", "unit", "meaning"]
    assert explained["name"].tolist() == list(datasets.read("exports_by_country"))
    meaning = explained.set_index("name")
    assert meaning.loc["vax_ratio", "meaning"] == "vax / gross_exports" and meaning.loc["dva", "unit"] == "US$ million"


@pytest.mark.parametrize(
    "name, filters, says",
    [
        ("exports_by_contry", {}, "The data package has no 'exports_by_contry': did you mean exports_by_country"),
        ("chains", {"yaer": 2011}, "The table chains has no 'yaer': did you mean year"),
        ("chains", {"chain_country": "CHI"}, "The column chain_country of chains has no 'CHI': did you mean CHN"),
        ("chains", {"year": 2014}, "The column year of chains has no 2014: choose from 1995 to 2011."),
    ],
)
def test_unknown_names_are_answered_with_near_ones(name, filters, says):
    with pytest.raises(datasets.UnknownDataset) as error:
        datasets.read(name, **filters)
    assert str(error.value).startswith(says)


def test_a_number_is_the_float_nearest_to_what_is_written(copy):
    table = pd.read_csv(copy / "chains.csv", dtype=str, keep_default_na=False)
    drawn = np.random.default_rng(1).integers(1, 0x7FEF << 48, len(table)).view(float)
    hard = ["5e-324", "2.2250738585072011e-308", "9007199254740993", f"1.{'0' * 15}1110223024625156", "0.1", "1e23"]
    table["share_shown"] = [*hard, *map(repr, drawn[len(hard) :].tolist())]
    table.to_csv(copy / "chains.csv", index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert datasets.read("chains").share_shown.tolist() == [float(text) for text in table["share_shown"]]


def test_another_folder_is_read(copy):
    assert len(datasets.read("chains")) == 680
    text = (copy / "chains.csv").read_text().replace("CHN,c4,1995", "CHN,c4,1994", 1)
    (copy / "chains.csv").write_text(text)
    datasets._read.cache_clear()
    assert datasets.read("chains").year.min() == 1994


def _cut_packed(path):
    path.write_bytes(path.read_bytes()[:-500])


def _not_packed(path):
    path.write_bytes(b"nothing")


def _cut_lines(path):
    path.write_text("\n".join(path.read_text().splitlines()[:-3]) + "\n")


def _word_for_a_number(path):
    path.write_text(path.read_text().replace("1995", "then", 1))


def _other_columns(path):
    path.write_text(path.read_text().replace("participants", "members", 1))


@pytest.mark.parametrize(
    "name, file, damage, says",
    [
        ("pay_per_hour", "pay_per_hour.csv.gz", _cut_packed, "pay_per_hour.csv.gz is damaged"),
        ("pay_per_hour", "pay_per_hour.csv.gz", _not_packed, "pay_per_hour.csv.gz is damaged"),
        ("chains", "chains.csv", _cut_lines, "chains.csv has 677 rows where 680 are described"),
        ("chains", "chains.csv", _word_for_a_number, "chains.csv is damaged"),
        ("chains", "chains.csv", _other_columns, "chains.csv"),
        ("chains", "chains.csv", lambda path: path.write_text(""), "chains.csv is damaged"),
        ("chains", "chains.csv", lambda path: path.unlink(), "chains.csv is missing"),
        ("chains", "datapackage.json", lambda path: path.write_text("{"), "datapackage.json cannot be read"),
    ],
)
def test_a_damaged_file_is_named_in_one_sentence(copy, name, file, damage, says):
    damage(copy / file)
    with pytest.raises(datasets.DamagedData) as error:
        datasets.read(name)
    assert str(error.value).startswith(says) and "\n" not in str(error.value)
