"""Files made from other files of data/: what each source says about one question, under one set of names."""

import pandas as pd

from . import concordance, labels

SOURCES = ("wiod2013", "wiod2016", "nbs", "icio2023_20", "icio2023_11", "iot2025", "tiva2025", "adb")
COLUMNS = ["source", "country", "year", "gross_exports", "gross", "domestic", "foreign", "dva_share"]


def build(read):
    """The frames that follow from files just written; `read` gives one by name."""
    return {"services_in_exports": services_in_exports(read)}


def services_in_exports(read):
    """Services in the exports of every economy, year and source; empty where a source cannot say."""
    parts = {
        "wiod2013": _world(read("exports_by_country").query("country != 'WLD'")),
        "wiod2016": _shares(read("niot_exports_by_country")),
        "nbs": _shares(read("china_national").assign(country="CHN")),
        **_icio(read("icio_exports_by_country")),
        "iot2025": _iot(read("iot_exports_by_industry")),
        "tiva2025": _tiva(read("tiva_exports")),
        "adb": _adb(read("adb_exports_by_sector")),
    }
    frames = [parts[source].assign(source=source).reindex(columns=COLUMNS) for source in SOURCES]
    return pd.concat(frames, ignore_index=True)


def _world(table):
    return pd.DataFrame(
        {
            "country": table.country,
            "year": table.year,
            "gross_exports": table.gross_exports,
            "gross": table.services_gross_share,
            "domestic": table.services_va_domestic,
            "foreign": table.services_va_foreign,
            "dva_share": table.dva / table.gross_exports,
        }
    )


def _icio(table):
    return {"icio2023_20": _world(table[table.year == 2019]), "icio2023_11": _world(table[table.year == 2020])}


def _shares(table):
    return table.rename(columns={"services_gross_share": "gross", "services_va_domestic": "domestic"})


def _iot(table):
    service = table.industry.map(lambda industry: concordance.is_service("iot2025", industry))
    amounts = table.assign(services=table.gross_exports.where(service, 0))
    total = amounts.groupby(["country", "year"])[["gross_exports", "services", "services_domestic", "dva"]].sum()
    return _per_export(total, gross="services", domestic="services_domestic", dva_share="dva")


def _tiva(table):
    shares = {"domestic": table.services_domestic_percent / 100, "dva_share": table.dva_percent / 100}
    return table[["country", "year"]].assign(**shares)


def _adb(table):
    service = table.sector.map(labels.KIND_OF_SECTOR).isin(labels.SERVICES)
    amounts = table.assign(
        services=table.gross_exports.where(service, 0), services_vax=table.vax_by_origin.where(service, 0)
    )
    total = amounts.groupby(["country", "year"])[["gross_exports", "services", "services_vax", "vax_by_origin"]].sum()
    return _per_export(total, gross="services", domestic="services_vax", dva_share="vax_by_origin")


def _per_export(total, **shares):
    exports = total.gross_exports
    found = pd.DataFrame({name: total[column] / exports for name, column in shares.items()})
    return found.assign(gross_exports=exports).reset_index()
