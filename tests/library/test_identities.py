"""Identities: all hold on whole tables, each can be broken by one cell, and no broken cell goes unseen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuechains import identities, tables

ROWS = "rows balance: sales = output"
COLUMNS = "columns balance: inputs + value added = output"
WORLD = "value added = final demand, world"
SHARES = "columns of v̂B add up to one"
ABSORBED = "value added absorbed = final demand, each economy"
ORIGINS = "columns of v̂BÊ add up to exports"
SPLIT = "DVA + FVA = exports"
NINE = "KWW's nine terms add up to exports"
BALANCES = "gross balance = value-added balance"
CHAINS = "sum of DVX = sum of FVA (exports less DVA)"
ALL = [ROWS, COLUMNS, WORLD, SHARES, ABSORBED, ORIGINS, SPLIT, NINE, BALANCES, CHAINS]
OF_COLUMNS = {COLUMNS, SHARES, ABSORBED, ORIGINS, SPLIT, NINE, BALANCES, CHAINS}
BROKEN = {  # one cell of W2, and what it turns red
    ("A.M", "B.M"): OF_COLUMNS | {ROWS},
    ("A.M", "final.A"): {ROWS, WORLD, NINE, BALANCES},
    ("C.P", "final.B"): {ROWS, WORLD, NINE, BALANCES},
    ("A.M", "output"): OF_COLUMNS | {ROWS},
    ("A.M", "value_added"): OF_COLUMNS | {WORLD},
}


def whole(name="W2"):
    return identities.published(tables.toy(name)).astype(float)


def fails(published, **options):
    report = identities.audit(published, **options)
    return set(report.index[report.holds == "NO"])


@pytest.mark.parametrize(
    "table", [*map(tables.toy, ("W0", "W1", "W2")), tables.load_compact(2008), tables.reference()], ids=repr
)
def test_all_hold_on_a_whole_table(table):
    report = identities.audit(identities.published(table))
    assert list(report.index) == ALL
    assert (report.holds == "yes").all() and (report["where"] == "").all()
    assert (report["largest difference"] < 1e-3).all()


def test_rounded_numbers_hold_within_rounding():
    printed = identities.published(tables.load_compact(2008)).round(-1)  # to ten million dollars
    assert fails(printed) >= {ROWS, COLUMNS, WORLD}
    assert fails(printed, tolerance=1e-2) == set()


@pytest.mark.parametrize(("cell", "red"), BROKEN.items(), ids=map(" to ".join, BROKEN))
def test_a_broken_cell_turns_its_identities_red(cell, red):
    published = whole()
    published.loc[cell] += 10
    assert fails(published) == red


def test_each_identity_has_a_cell_that_breaks_it():
    assert set().union(*BROKEN.values()) == set(ALL)


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        (("A.M", "B.S"), {ROWS: "A.M", COLUMNS: "B.S", SHARES: "B.S", ABSORBED: "B"}),
        (("C.P", "value_added"), {COLUMNS: "C.P", WORLD: "world", SHARES: "C.P", ORIGINS: "C.P", SPLIT: "C"}),
    ],
)
def test_the_report_says_where_and_how_much(cell, named):
    published = whole()
    published.loc[cell] -= 2
    report = identities.audit(published)
    assert {name: report.loc[name, "where"] for name in named} == named
    assert report.loc[COLUMNS, "largest difference"] == 2


@given(data=st.data())
@settings(max_examples=150)
def test_no_single_broken_cell_goes_unseen(data):
    published = whole()
    row, column = data.draw(st.sampled_from(list(published.index))), data.draw(st.sampled_from(list(published)))
    value = published.loc[row, column]
    broken = data.draw(st.floats(0, 1000, allow_subnormal=False).filter(lambda new: abs(new - value) > 1e-3))
    published.loc[row, column] = broken
    assert fails(published) & {ROWS, COLUMNS, WORLD}


@given(st.floats(0.5, 8), st.sampled_from(range(9)), st.sampled_from(range(9)))
@settings(max_examples=60)
def test_an_error_made_to_balance_goes_unseen(extra, seller, buyer):
    """What the identities cannot see: a flow that is wrong, with final demand and value added adjusted to it."""
    world = tables.toy("W2")
    published = whole()
    published.iloc[seller, buyer] += extra
    published.loc[world.labels[seller], "final.A"] -= extra
    published.loc[world.labels[buyer], "value_added"] -= extra
    assert fails(published) == set()


def test_an_industry_without_output_breaks_nothing():
    flows = whole("W1")
    flows.loc["T.S", :] = 0.0
    flows.loc[:, "T.S"] = 0.0
    names = [name for name in flows if name not in identities.STATED]
    flows["output"] = flows[names].sum(axis=1)
    flows["value_added"] = flows.output - flows[list(flows.index)].sum(axis=0)
    assert fails(flows) == set()


def test_a_file_with_its_row_names_in_a_column_is_read_too(tmp_path):
    whole().rename_axis("row").to_csv(tmp_path / "w2.csv")
    assert fails(pd.read_csv(tmp_path / "w2.csv")) == set()


def put(value, row="A.M", column="output"):
    def change(frame):
        frame = frame.astype(object)
        frame.loc[row, column] = value
        return frame

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("many"), "Row 'A.M', column 'output' holds 'many', not a number: correct it."),
        (put(np.nan), "Row 'A.M', column 'output' holds nan, not a number: correct it."),
        (put(None, column="B.M"), "Row 'A.M', column 'B.M' holds None, not a number: correct it."),
        (put("12,5", column="final.B"), "Row 'A.M', column 'final.B' holds '12,5', not a number: correct it."),
        (put(-3.0, column="B.M"), "The cell in row A.M, column B.M is negative: an intermediate flow cannot be."),
        (
            lambda frame: frame.drop(columns="value_added"),
            "There is no column 'value_added': put it back or correct its name.",
        ),
        (
            lambda frame: frame.drop(columns="C.S"),
            "There is no column 'C.S': the file is cut short or a name is misspelt.",
        ),
        (
            lambda frame: frame.drop(index="B.P"),
            "Row 'B.M' stands where 'B.P' belongs: a row is missing or out of order.",
        ),
        (lambda frame: frame.to_numpy(), "An audit needs a table as `identities.published` gives it, not ndarray."),
    ],
)
def test_bad_input_gets_one_sentence(change, sentence):
    with pytest.raises(tables.TableError) as error:
        identities.audit(change(whole()))
    assert str(error.value) == sentence


def test_a_table_that_cannot_be_inverted_says_so():
    published = whole("W0")
    published.loc["N.G", "output"] = 20  # all of it is its own input
    with pytest.raises(tables.TableError, match="has no inverse: look for an industry whose stated output is used up"):
        identities.audit(published)


ACCOUNTS = pd.DataFrame(
    {"exports": [30.0, 70, 100], "imports": [50.0, 20, 70], "balance": [-20.0, 50, 30]},
    index=["travel", "other", "total"],
)
BALANCE, GROUPS = "balance = exports \N{MINUS SIGN} imports", "groups add up to the total"


@pytest.mark.parametrize(
    ("cell", "red"),
    [
        (None, {}),
        (("travel", "exports"), {BALANCE: "travel", GROUPS: "exports"}),
        (("total", "imports"), {BALANCE: "total", GROUPS: "imports"}),
        (("other", "balance"), {BALANCE: "other", GROUPS: "balance"}),
    ],
)
def test_accounts(cell, red):
    accounts = ACCOUNTS.copy()
    if cell:
        accounts.loc[cell] += 5
    report = identities.audit_accounts(accounts)
    assert list(report.index) == [BALANCE, GROUPS]
    assert dict(report["where"][report.holds == "NO"]) == red


@pytest.mark.parametrize(
    ("accounts", "sentence"),
    [
        (ACCOUNTS.drop(columns="imports"), "There is no column 'imports': put it back or correct its name."),
        (ACCOUNTS.drop(index="total"), "There is no row 'total': name the row that the groups add up to."),
        (put("-", "other", "imports")(ACCOUNTS), "Row 'other', column 'imports' holds '-', not a number: correct it."),
    ],
)
def test_bad_accounts_get_one_sentence(accounts, sentence):
    with pytest.raises(tables.TableError) as error:
        identities.audit_accounts(accounts)
    assert str(error.value) == sentence
