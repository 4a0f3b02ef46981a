"""Tables: toy worlds, aggregation, and one clear sentence for every kind of bad input."""

import io

import numpy as np
import pandas as pd
import pytest

from valuechains import datasets, indicators, tables
from valuechains.tables import Table, TableError, UnknownCode, toy


def wide(table):
    """The table as a frame of text in the form that read_csv takes."""
    users = [f"final.{country}" for country in table.countries]
    frame = pd.DataFrame(np.hstack([table.Z, table.F]), columns=[*table.labels, *users])
    frame.insert(0, "row", table.labels)
    frame["output"], frame["value_added"] = table.x, table.va
    return frame.astype(str)


def long(table):
    """The table as tidy rows."""
    uses = [(c, i) for c in table.countries for i in table.industries] + [(c, "final") for c in table.countries]
    sellers = [(c, i) for c in table.countries for i in table.industries]
    cells = np.hstack([table.Z, table.F])
    rows = [(*s, *u, cells[i, j]) for i, s in enumerate(sellers) for j, u in enumerate(uses)]
    return pd.DataFrame(rows, columns=["from_country", "from_industry", "to_country", "to_use", "value"])


def same(a, b):
    assert (a.countries, a.industries) == (b.countries, b.industries)
    np.testing.assert_allclose(a.Z, b.Z)
    np.testing.assert_allclose(a.F, b.F)


def read(frame):
    return tables.read_csv(io.StringIO(frame.to_csv(index=False)))


@pytest.mark.parametrize(("name", "C", "S"), [("W0", 2, 1), ("W1", 2, 2), ("W2", 3, 3)])
def test_toy_worlds(name, C, S):
    world = toy(name).validate()
    assert (len(world.countries), len(world.industries)) == (C, S)
    assert world.va.sum() == world.F.sum()
    np.testing.assert_array_equal(world.x, world.Z.sum(axis=0) + world.va)


def test_names_lead_to_rows():
    world = toy("W2")
    assert world.labels[world.index("B", "S")] == "B.S"
    assert world.labels[world.block("C")] == ("C.P", "C.M", "C.S")
    np.testing.assert_array_equal(world.mask(["S", "P"]), [True, False, True])


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda t: t.index("A", "X"), "There is no industry 'X' in this table: choose one of P, M, S."),
        (lambda t: t.index("Q", "M"), "There is no economy 'Q' in this table: choose one of A, B, C."),
        (lambda t: t.mask(["P", "c1"]), "There is no industry 'c1' in this table: choose one of P, M, S."),
        (lambda t: t.aggregate(countries={"D": "X"}), "There is no economy 'D' in this table: choose one of A, B, C."),
        (lambda t: toy("W9"), "There is no toy world 'W9': choose one of W0, W1, W2."),
    ],
)
def test_unknown_codes(ask, sentence):
    with pytest.raises(UnknownCode) as error:
        ask(toy("W2"))
    assert str(error.value) == sentence


def test_aggregation_adds_up_and_keeps_the_order_of_the_mapping():
    world = toy("W2")
    kinds = {"S": "services", "P": "goods", "M": "goods"}
    small = world.aggregate(countries={"B": "North", "A": "North"}, industries=kinds)
    assert small.labels == ("North.services", "North.goods", "C.services", "C.goods")
    assert small.Z.sum() == world.Z.sum() and small.F.sum() == world.F.sum()
    assert small.Z[0, 1] == world.Z[np.ix_([2, 5], [0, 1, 3, 4])].sum()
    assert small.va[3] == world.va[[6, 7]].sum()
    same(world.aggregate(), world)


def test_tables_are_not_changed_by_their_results():
    world = toy("W0")
    with pytest.raises(AttributeError):
        world.Z = world.F
    with pytest.raises(ValueError, match="read-only"):
        world.Z[0, 0] = 5
    assert world.x is world.x


def test_tables_print_in_one_line():
    world = toy("W0")
    assert repr(world) == "Table(2 economies x 1 industries, units of money)"
    assert repr(Table(world.Z, world.F, "NT", "G", 2011)) == "Table(2 economies x 1 industries, 2011, US$ million)"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dict(countries=("A", "B")), "Z has shape (9, 9), but 2 economies and 3 industries need (6, 6)"),
        (dict(F=np.ones((9, 2))), "F has shape (9, 2), but 3 economies and 3 industries need (9, 3)"),
        (dict(countries=("A", "B", "A")), "'A' appears twice among the countries"),
        (dict(industries=("P", "P", "S")), "'P' appears twice among the industries"),
    ],
)
def test_shapes_and_codes(change, sentence):
    world = toy("W2")
    parts = dict(Z=world.Z, F=world.F, countries=world.countries, industries=world.industries) | change
    with pytest.raises(TableError) as error:
        Table(**parts)
    assert sentence in str(error.value)


def changed(name, row, column, value):
    world = toy("W2")
    arrays = dict(Z=world.Z.copy(), F=world.F.copy())
    arrays[name][row, column] = value
    return Table(**arrays, countries=world.countries, industries=world.industries)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (changed("Z", 1, 4, -3), "The cell in row A.M, column B.M is negative: an intermediate flow cannot be."),
        (changed("Z", 0, 8, np.nan), "The cell in row A.P, column C.S is not a number."),
        (changed("F", 2, 1, np.inf), "The cell in row A.S, column final.B is not a number."),
        (changed("F", 3, 1, -90), "B.P has negative output -47: check its flows."),
    ],
)
def test_bad_cells(table, sentence):
    with pytest.raises(TableError) as error:
        table.validate()
    assert str(error.value) == sentence


def test_inventories_may_run_down_and_an_industry_may_stand_still():
    changed("F", 8, 0, -1).validate()
    world = toy("W2")
    Z, F = world.Z.copy(), world.F.copy()
    Z[4], Z[:, 4], F[4] = 0, 0, 0
    assert Table(Z, F, world.countries, world.industries).validate().x[4] == 0


def test_published_totals_must_balance():
    world = toy("W2")
    world.validate(world.x, world.va)
    with pytest.raises(TableError) as error:
        world.validate(world.x + np.eye(9)[4] * 7)
    assert str(error.value) == "B.M does not balance: its row differs from the published figure by 7: check its flows."
    with pytest.raises(TableError) as error:
        world.validate(value_added=world.va - np.eye(9)[8] * 2)
    assert "C.S does not balance: its column differs from the published figure by -2" in str(error.value)
    world.validate(world.x + 7, atol=7)
    with pytest.raises(TableError, match="B.M does not balance"):
        world.validate(np.where(np.arange(9) == 4, np.nan, world.x))


def test_your_own_table_in_wide_form():
    same(read(wide(toy("W2"))), toy("W2"))
    same(read(wide(toy("W2")).drop(columns=["output", "value_added"])), toy("W2"))


def with_cell(frame, row, column, text):
    frame.loc[row, column] = text
    return frame


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (with_cell(wide(toy("W2")), 3, "A.M", "n/a"), "Row 'B.P', column 'A.M' holds 'n/a', not a number: correct it."),
        (with_cell(wide(toy("W2")), 3, "A.M", ""), "Row 'B.P', column 'A.M' holds '', not a number: correct it."),
        (with_cell(wide(toy("W2")), 0, "output", "71"), "A.P does not balance: its row differs"),
        (with_cell(wide(toy("W2")), 0, "value_added", "44"), "A.P does not balance: its column differs"),
        (wide(toy("W2"))[:8], "The rows of C end at 'C.M': the file is cut short."),
        (wide(toy("W2"))[:6], "Column 'C.P' has no row of that name: the file is cut short"),
        (wide(toy("W2")).drop(index=4), "Row 'B.S' stands where 'B.M' belongs: a row is missing or out of order."),
        (wide(toy("W2")).drop(columns="C.S"), "There is no column 'C.S': the file is cut short"),
        (wide(toy("W2")).drop(columns="final.C"), "There is no column 'final.C': the file is cut short"),
        (with_cell(wide(toy("W2")), 1, "row", "A.P"), "'A.P' appears twice among the rows"),
        (wide(toy("W2"))[:0], "The table has no rows"),
    ],
)
def test_bad_files_in_wide_form(frame, sentence):
    with pytest.raises(TableError) as error:
        read(frame)
    assert sentence in str(error.value)


@pytest.mark.parametrize("content", [b"", b"row,A.P\nA.P,1\nA.M,1,2,3\n", b"\xff\xfe\x00row"])
def test_files_that_are_no_csv(tmp_path, content):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match="mine.csv is not a readable CSV file"):
        tables.read_csv(path)


def test_a_file_cut_short_in_the_middle_of_a_row(tmp_path):
    text = wide(toy("W2")).to_csv(index=False)
    path = tmp_path / "mine.csv"
    path.write_text(text[: len(text) * 2 // 3])
    with pytest.raises(TableError, match="cut short|not a number"):
        tables.read_csv(path)


def test_tidy_rows():
    same(tables.from_long(long(toy("W2"))), toy("W2"))
    frame = long(toy("W2"))
    same(tables.from_long(frame[frame["value"] != 0]), toy("W2"))


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (
            pd.concat([long(toy("W2")), long(toy("W2"))[5:6].assign(value=99)]),
            "The flow A P B S appears twice: keep one row of it.",
        ),
        (long(toy("W2")).query("from_country != 'C'"), "to_country names C, which sells nothing"),
        (long(toy("W2")).query("from_industry != 'M'"), "to_use names M, which sells nothing"),
        (with_cell(long(toy("W2")), 4, "value", float("nan")), "row A.P, column B.M is not a number"),
        (with_cell(long(toy("W2")).astype({"value": str}), 4, "value", "n/a"), "row A.P, column B.M is not a number"),
        (long(toy("W2"))[:0], "The table has no rows"),
    ],
)
def test_bad_tidy_rows(frame, sentence):
    with pytest.raises(TableError) as error:
        tables.from_long(frame)
    assert sentence in str(error.value)


@pytest.mark.parametrize("year", [1995, 2003, 2011])
def test_compact_table(year):
    table = tables.load_compact(year)
    assert table.year == year and table.unit == "US$ million"
    assert {"CHN", "USA", "DEU", "JPN", "KOR", "IND", "ROW"} <= set(table.countries)
    assert len(table.countries) == 12 and table.industries[4] == "ELE"
    assert (table.va > 0).all()


def test_years_without_a_table_are_named_with_those_that_have_one():
    for load, year, sentence in (
        (
            tables.load_compact,
            2015,
            "The column year of inter_country_table has no 2015: choose from 1995 to 2011, or 2020.",
        ),
        (
            tables.load,
            2011,
            "There is no complete table of 2011: choose 2019 or 2020, or a compact one, tables.load_compact.",
        ),
    ):
        with pytest.raises(KeyError) as error:
            load(year)
        assert str(error.value) == sentence


@pytest.mark.parametrize(("year", "economies", "industries"), [(2019, 20, 20), (2020, 77, 11)])
def test_complete_tables_keep_every_identity(year, economies, industries):
    table = tables.load(year)
    assert (len(table.countries), len(table.industries), table.year) == (economies, industries, year)
    A = indicators.coefficients(table.Z, table.x)
    B = indicators.leontief_inverse(A)
    v = indicators.value_added_rates(table.Z, table.x)
    np.testing.assert_allclose(B @ table.F.sum(axis=1), table.x, rtol=1e-11, atol=1e-6)
    np.testing.assert_allclose((v @ B)[table.x > 0], 1, rtol=1e-12)
    E = indicators.exports(table.Z, table.F)
    np.testing.assert_allclose(indicators.value_added_in_exports(v, B, E).sum(axis=0), E, rtol=1e-9, atol=1e-6)
    absorbed = indicators.value_added_absorbed(v, B, table.F)
    np.testing.assert_allclose(absorbed.sum(axis=0), table.F.sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(table.Z.sum(axis=0) + table.va, table.x, rtol=1e-12, atol=1e-6)


def test_value_added_of_a_complete_table_holds_product_taxes():
    table, accounts = tables.load(2020), datasets.read("inter_country_accounts", year=2020)
    assert np.abs(table.va - accounts.value_added - accounts.product_taxes).max() < 1
    assert accounts.product_taxes.sum() / table.va.sum() == pytest.approx(0.0285, abs=5e-4)
    world = indicators.bilateral_exports(table.Z, table.F)
    for seller, buyer, billions in (
        ("USA", "DEU", 81.4),
        ("DEU", "USA", 117.4),
        ("CHN", "USA", 427.8),
        ("USA", "CHN", 171.5),
    ):
        flow = world[table.countries.index(seller), table.countries.index(buyer)]
        assert flow / 1000 == pytest.approx(billions, abs=0.05)


def test_the_compact_table_of_2020_is_the_complete_one_added_up():
    compact, complete = tables.load_compact(2020), tables.load(2020)
    rest = {code: "ROW" for code in complete.countries if code not in compact.countries}
    added = complete.aggregate(countries={code: code for code in compact.countries} | rest)
    assert (added.countries, added.industries) == (compact.countries, compact.industries)
    np.testing.assert_allclose(added.Z, compact.Z, rtol=1e-4, atol=2)
    np.testing.assert_allclose(added.F, compact.F, rtol=1e-4, atol=2)


def uses(table):
    """The table as rows with a column for each use."""
    C, S = len(table.countries), len(table.industries)
    cells = np.concatenate([table.Z.reshape(C * S, C, S), table.F[:, :, None]], axis=2).reshape(-1, S + 1)
    index = pd.MultiIndex.from_product([table.countries, table.industries, table.countries])
    frame = pd.DataFrame(cells, index=index, columns=[*table.industries, "final"]).reset_index()
    return frame.rename(columns={"level_0": "from_country", "level_1": "from_industry", "level_2": "to_country"})


def test_rows_with_a_column_for_each_use():
    same(tables.from_uses(uses(toy("W2"))), toy("W2"))
    frame = uses(toy("W2"))
    silent = frame[(frame[["P", "M", "S", "final"]] == 0).all(axis=1)].index
    same(tables.from_uses(frame.drop(index=silent)), toy("W2"))


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (pd.concat([uses(toy("W2")), uses(toy("W2"))[5:6]]), "The row A M C appears twice: keep one of it."),
        (uses(toy("W2")).query("from_country != 'C'"), "C is not both among the economies that sell and that buy"),
        (uses(toy("W2")).drop(columns="M"), "M is not both among the industries that sell and that buy"),
        (uses(toy("W2")).drop(columns="final"), "final is not both among the industries"),
        (with_cell(uses(toy("W2")), 4, "M", float("nan")), "row A.M, column B.M is not a number"),
        (uses(toy("W2"))[:0], "The table has no rows"),
    ],
)
def test_bad_rows_of_uses(frame, sentence):
    with pytest.raises(TableError) as error:
        tables.from_uses(frame)
    assert sentence in str(error.value)


def test_a_table_that_misses_its_accounts_is_refused(monkeypatch):
    read = datasets.read

    def tampered(name, **filters):
        frame = read(name, **filters)
        if name == "inter_country_table_2019":
            frame.loc[
                (frame.from_country == "DEU") & (frame.from_industry == "C") & (frame.to_country == "FRA"), "C"
            ] += 50
        return frame

    monkeypatch.setattr(tables.datasets, "read", tampered)
    with pytest.raises(
        TableError, match=r"^DEU.C does not balance: its row differs from the published figure by -[45]\d"
    ):
        tables.load(2019)


@pytest.mark.parametrize("country", ["CHN", "DEU", "TWN"])
def test_the_home_part_of_a_national_table_gives_the_shipped_content(country):
    home, its = tables.load_home(country), datasets.read("iot_exports_by_industry", country=country)
    B = indicators.leontief_inverse(indicators.coefficients(home.Z, home.x))
    earned = indicators.value_added_in_exports(home.v, B, home.exports)
    np.testing.assert_allclose(earned.sum(axis=0), its["dva"], rtol=5e-3, atol=1)
    np.testing.assert_allclose(earned.sum(axis=1), its["dva_by_origin"], rtol=5e-3, atol=1)
    np.testing.assert_allclose(home.Z.sum(axis=1) + home.final + home.exports, home.x, rtol=1e-3, atol=245)


def test_an_economy_without_a_national_table_is_refused_in_a_sentence():
    with pytest.raises(tables.UnknownCode, match="There is no economy 'XXX' in this table: choose one of AGO"):
        tables.load_home("XXX")
