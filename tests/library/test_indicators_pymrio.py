"""An independent implementation, pymrio, on the same tables: A, L, x, multipliers, footprints, gross trade."""

import numpy as np
import pandas as pd
import pymrio
import pytest

from valuechains import indicators as gvc
from valuechains import tables


@pytest.fixture(scope="module", params=["W2", 1995, 2011, "complete 2020"])
def pair(request):
    """A table, and the pymrio system of the same flows with value added by economy of origin as its extension."""
    complete = request.param == "complete 2020"  # 77 economies
    table = (
        tables.load(2020)
        if complete
        else tables.toy("W2")
        if request.param == "W2"
        else tables.load_compact(request.param)
    )
    sectors = pd.MultiIndex.from_product([table.countries, table.industries], names=["region", "sector"])
    users = pd.MultiIndex.from_product([table.countries, ["final"]], names=["region", "category"])
    by_origin = np.kron(np.eye(len(table.countries)), np.ones(len(table.industries))) * table.va
    origins = pd.Index([f"of {country}" for country in table.countries], name="stressor")
    system = pymrio.IOSystem(
        Z=pd.DataFrame(table.Z, index=sectors, columns=sectors),
        Y=pd.DataFrame(table.F, index=sectors, columns=users),
        value_added=dict(name="value_added", F=pd.DataFrame(by_origin, index=origins, columns=sectors)),
    )
    return table, system.calc_all()


def is_close(computed, frame, scale=1.0):
    np.testing.assert_allclose(computed, frame.to_numpy(), rtol=1e-9, atol=1e-9 * scale)


def test_system(pair):
    table, system = pair
    is_close(table.x, system.x["indout"])
    A = gvc.coefficients(table.Z, table.x)
    is_close(A, system.A)
    is_close(gvc.leontief_inverse(A), system.L)


def test_multipliers_and_footprints(pair):
    table, system = pair
    C = len(table.countries)
    B = gvc.leontief_inverse(gvc.coefficients(table.Z, table.x))
    v = gvc.value_added_rates(table.Z, table.x)
    scale = table.F.sum()
    is_close(gvc.origin_rates(v, B, countries=C), system.value_added.M)
    absorbed = gvc.by_economy(gvc.value_added_absorbed(v, B, table.F), countries=C)
    is_close(absorbed, system.value_added.D_cba_reg, scale)
    exported = gvc.by_economy(gvc.value_added_exports(v, B, table.F), countries=C)
    is_close(exported.sum(axis=1), pd.Series(np.diagonal(system.value_added.D_exp_reg)), scale)
    is_close(exported.sum(axis=0), system.value_added.D_imp_reg.sum(axis=0), scale)


def test_chain_contributions(pair):
    """A chain is pymrio's footprint of one product: the account of one column of final demand."""
    table, system = pair
    B = gvc.leontief_inverse(gvc.coefficients(table.Z, table.x))
    v = gvc.value_added_rates(table.Z, table.x)
    f = np.zeros(len(v))
    f[1] = table.F[1].sum()
    earned = gvc.by_economy(gvc.chain(v, B, f), countries=len(table.countries))
    is_close(earned, system.value_added.M.iloc[:, 1] * f[1], table.F.sum())


def test_gross_trade(pair):
    table, system = pair
    trade = system.get_gross_trade()
    is_close(gvc.exports(table.Z, table.F), trade.totals["exports"])
    bilateral = trade.bilat_flows.groupby(level="region").sum()
    flows = gvc.bilateral_exports(table.Z, table.F)
    is_close(flows, bilateral.loc[list(table.countries), list(table.countries)])
