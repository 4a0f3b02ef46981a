"""The build step: the same bytes twice, nothing half-written, one sentence for bad input."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.recipes import __main__ as command
from data.recipes import build, describe, exports, files, national, official, published, wiot, world
from data.recipes.sources import SourceError, Sources
from valuechains import datasets

DATA = Path(__file__).parents[2] / "data"
RELEASES = DATA.parents[1] / "shared" / "data"

needs_releases = pytest.mark.skipif(
    not (RELEASES / "SHA256SUMS").is_file(),
    reason="the publishers' releases (../shared/data) are not beside the project",
)


@pytest.fixture(scope="module")
def sources():
    return Sources(RELEASES)


@needs_releases
def test_a_second_run_changes_no_byte(sources, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        build.write(sources, folder, (published.build, official.build))  # those that take seconds
    written = sorted(path.name for path in first.iterdir())
    assert len(written) > 15
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
