"""The build step: the same bytes twice, nothing half-written, one sentence for bad input."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.recipes import __main__ as command
from data.recipes import (
    build,
    concordance,
    describe,
    exports,
    files,
    icio,
    iot,
    labels,
    national,
    official,
    places,
    published,
    recent,
    together,
    wiot,
    world,
)
from data.recipes.sources import SourceError, Sources
from valuechains import datasets

DATA = Path(__file__).parents[2] / "data"
RELEASES = DATA.parents[1] / "shared" / "data"

needs_releases = pytest.mark.skipif(
    not (RELEASES / "SHA256SUMS").is_file(),
    reason="the publishers' releases (../shared/data) are not beside the project",
)


SECONDS = (published.build, recent.build, places.build, official.build)  # the sections that take seconds


@pytest.fixture(scope="module")
def sources():
    return Sources(RELEASES)


@needs_releases
def test_a_second_run_changes_no_byte(sources, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        build.write(sources, folder, SECONDS, derived=())
    written = sorted(path.name for path in first.iterdir())
    assert len(written) > 25
    for name in written:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    others = {"datapackage.json", "README.md", "claims.json"}  # two list the files present, one has its own tests
    assert not {*files.differing(first, DATA)} - others, "data/ is not what the build writes: run make data"


def _same(computed, name, **key):
    shipped = datasets.read(name, **key)
    assert len(computed) == len(shipped)
    for column in shipped:
        if pd.api.types.is_float_dtype(shipped[column]):
            np.testing.assert_allclose(computed[column], shipped[column], rtol=1e-4, atol=2e-3, err_msg=column)
        elif not pd.api.types.is_bool_dtype(shipped[column]):
            assert (computed[column].astype(str).to_numpy() == shipped[column].astype(str).to_numpy()).all(), column


@needs_releases
def test_a_year_of_the_world_tables_computed_again_is_the_shipped_one(sources):
    paid = exports.compensation(sources).xs(2000, level="year")
    frames = world._year(wiot.load(sources, 2000), paid)
    smiles, counts = frames.pop("smile_coefficients"), frames.pop("smile_census")
    frames["exports_by_industry"] = frames["exports_by_industry"].astype({"gross_exports": int, "output": int})
    frames["exports_by_country"] = frames["exports_by_country"].astype({"gross_exports": int})
    frames["chains"] = frames["chains"].astype({"final_value": int})
    for name, frame in frames.items():
        _same(frame.reset_index(drop=True), name, year=2000)
    shipped = datasets.read("smile_coefficients", year=2000)
    np.testing.assert_allclose(smiles.quadratic, shipped.quadratic, rtol=1e-4, atol=1e-8)
    assert len(counts) == 32 and (counts[["smile", "frown", "flat"]].sum(axis=1) == counts.chains).all()


@needs_releases
def test_national_tables_computed_again_are_the_shipped_ones(sources, monkeypatch):
    monkeypatch.setattr(national, "NIOT_YEARS", [2007])
    for name, frame in national.build(sources).items():
        _same(frame, name, **({"year": 2007} if name.startswith("niot") else {}))


@needs_releases
def test_tables_of_the_oecd_computed_again_are_the_shipped_ones(sources):
    for section in (icio, iot):
        for name, frame in section.build(sources).items():
            _same(frame, name)


def test_what_is_derived_from_other_files_follows_from_those_shipped():
    for name, frame in together.build(datasets.read).items():
        _same(frame, name)


def test_packing_leaves_no_trace_of_when_and_where(tmp_path):
    path = tmp_path / "a.csv.gz"
    files.write(path, b"x\n1\n")
    assert files.read(path) == b"x\n1\n" and path.read_bytes()[4:8] == bytes(4)


def test_numbers_are_written_the_same_way():
    frame = pd.DataFrame({"a": [1 / 3, np.nan, 1e-12, 1234567.0], "b": ["x", "y,z", "", "é"]})
    assert files.csv_bytes(frame, 7).decode() == 'a,b\n0.3333333,x\n,"y,z"\n1e-12,\n1234567,é\n'


def test_a_failure_leaves_the_folder_as_it_was(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.csv").write_text("old")
    with pytest.raises(RuntimeError), files.staged(folder) as new:
        (new / "a.csv").write_text("new")
        (new / "b.csv").write_text("new")
        raise RuntimeError
    assert [path.name for path in tmp_path.rglob("*.csv")] == ["a.csv"] and (folder / "a.csv").read_text() == "old"


def test_a_file_with_the_same_content_keeps_its_bytes(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    packed = gzip.compress(b"x\n", 1, mtime=7)  # as another release of zlib might pack it
    (folder / "a.csv.gz").write_bytes(packed)
    with files.staged(folder) as new:
        files.write(new / "a.csv.gz", b"x\n")
        files.write(new / "b.csv", b"y\n")
    assert (folder / "a.csv.gz").read_bytes() == packed and (folder / "b.csv").read_bytes() == b"y\n"


def _few_releases(folder, *names):
    folder.mkdir()
    for name in ("SHA256SUMS", *names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RELEASES / name, folder / name)
        (folder / name).chmod(0o644)
    return folder


def test_releases_that_are_not_there(tmp_path, capsys):
    assert command.main(["--sources", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "SHA256SUMS is missing" in said and said.count("\n") == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@needs_releases
@pytest.mark.parametrize(
    "damage, says",
    [
        (lambda path: path.write_bytes(path.read_bytes()[:1000]), "is not the file that SHA256SUMS lists"),
        (lambda path: path.unlink(), "is missing from the releases"),
    ],
)
def test_a_release_that_is_not_whole_is_named(tmp_path, damage, says):
    name = "wiod2013-wiot/wiod2013_1995.npz"
    folder = _few_releases(tmp_path / "releases", name)
    damage(folder / name)
    with pytest.raises(SourceError) as error:
        wiot.load(Sources(folder), 1995)
    assert str(error.value).startswith(f"{name} {says}") and "\n" not in str(error.value)


@needs_releases
def test_a_file_that_no_checksum_covers_is_refused(tmp_path):
    with pytest.raises(SourceError, match="not listed"):
        Sources(_few_releases(tmp_path / "releases")).path("new.csv")


def test_a_column_without_a_meaning_stops_the_build():
    entry = describe.load()["resources"]["chains"]
    frame = datasets.read("chains")
    describe.check_columns("chains", frame, entry)
    with pytest.raises(ValueError, match="differ in mood"):
        describe.check_columns("chains", frame.assign(mood=1), entry)


# Bad input: another edition, and what does not add up ----------------------------------------------------------------


def test_every_industry_of_every_source_has_a_place_among_the_sectors():
    shipped = datasets.read("concordance")
    assert set(shipped.source) == set(concordance.sources())
    for source, rows in shipped.groupby("source"):
        concordance.check(source, rows.industry)  # all placed, and nothing placed that the source does not have
    assert {sector for sectors in shipped.sectors for sector in sectors.split()} == set(labels.SECTORS)
    used = {
        "icio2023_20": datasets.read("inter_country_table_2019").from_industry,
        "icio2023_11": datasets.read("inter_country_table_2020").from_industry,
        "iot2025": datasets.read("iot_exports_by_industry").industry,
        "wiod2013": datasets.read("industries").industry,
        "wiod2016": datasets.read("niot_industries").industry,
        "nbs": datasets.read("china_national_by_industry").industry,
        "stri": datasets.read("stri").query("sector != 'ALLSEC'").sector,
        "batis": datasets.read("china_services_by_partner").code,
    }
    for source, industries in used.items():
        concordance.check(source, industries.unique())
    industries = datasets.read("industries").set_index("industry")
    for industry, sectors in shipped[shipped.source == "wiod2013"].set_index("industry").sectors.items():
        assert sectors == industries.sector[industry]


@pytest.mark.parametrize(
    "ask, says",
    [
        (
            lambda: concordance.kind("iot2025", "C26A"),
            "The industry C26A of iot2025 has no place in the concordance: "
            "give it a sector in data/recipes/concordance.yml.",
        ),
        (
            lambda: concordance.check("adb", [str(number) for number in range(1, 35)]),
            "The release of adb lacks 35, which the concordance places: "
            "correct data/recipes/concordance.yml if the edition dropped or split it.",
        ),
        (
            lambda: labels.expect("x.npz", "economies", ["CN1", "CN2", "USA"], ["CHN", "USA"]),
            "x.npz names CN1, CN2 and lacks CHN among its economies: an edition renamed, split or dropped them; "
            "correct data/recipes/labels.py.",
        ),
    ],
)
def test_what_another_edition_names_otherwise_is_said_in_one_sentence(ask, says):
    with pytest.raises(ValueError) as error:
        ask()
    assert str(error.value) == says


class _Changed:
    """The releases, one of them with a change made to it."""

    def __init__(self, sources, change):
        self.sources, self.change, self.root = sources, change, sources.root

    def arrays(self, name):
        raw = self.sources.arrays(name)
        self.change(raw)
        return raw

    def csv(self, name, **options):
        table = self.sources.csv(name, **options)
        self.change(table)
        return table


def _rename(raw):
    raw["countries"] = np.where(raw["countries"] == "CHN", "CN1", raw["countries"])


def _industry(raw):
    raw["industries"] = np.where(raw["industries"] == "K", "K64", raw["industries"])


def _unbalance(raw):
    raw["Z"][45, 7] += 5  # Brazil's section F, to Argentina's H


def _uses(table):
    table.loc[(table.Country == "VNM") & (table.Code == "TTL_C26"), "EXPO"] += 9000


@needs_releases
@pytest.mark.parametrize(
    "load, change, says",
    [
        (
            lambda sources: icio.load(sources, 2019),
            _rename,
            r"2019_20x20.npz names CN1 and lacks CHN among its economies",
        ),
        (lambda sources: icio.load(sources, 2019), _industry, "^The industry K64 of icio2023_20 has no place"),
        (
            lambda sources: icio.load(sources, 2019),
            _unbalance,
            r"^BRA.F does not balance: its row differs from the published figure by -5: check its flows\.$",
        ),
        (iot.load, _uses, "the uses of VNM.C26 differ from its output by 9,000: the table does not balance"),
    ],
)
def test_a_release_that_is_another_edition_or_does_not_balance_is_refused(sources, load, change, says):
    with pytest.raises(ValueError, match=says) as error:
        load(_Changed(sources, change))
    assert "\n" not in str(error.value)


@needs_releases
def test_a_release_that_is_refused_leaves_data_as_it_was(tmp_path, monkeypatch, capsys):
    write = build.write

    def short(sources, folder):
        write(sources, folder, (official.build, lambda s: icio.build(_Changed(s, _rename))), derived=())

    monkeypatch.setattr(build, "write", short)
    out = tmp_path / "data"
    out.mkdir()
    (out / "definition_pairs.csv").write_text("old")
    assert command.main(["--sources", str(RELEASES), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert "names CN1 and lacks CHN" in said and said.count("\n") == 1
    assert [path.name for path in tmp_path.rglob("*.*")] == ["definition_pairs.csv"]
    assert (out / "definition_pairs.csv").read_text() == "old"
