"""The shipped concordance: every industry of every source by name, with its place among the book's sectors."""

from . import concordance

_SPLIT_2025 = {  # industries that the OECD's edition of 2025 tells apart and the one of 2023 did not
    "A01": "Agriculture, hunting",
    "A02": "Forestry",
    "B05": "Coal mining",
    "B06": "Oil and gas extraction",
    "B07": "Mining of metal ores",
    "B08": "Other mining and quarrying",
    "C24A": "Iron and steel",
    "C24B": "Non-ferrous metals",
    "C301": "Ships and boats",
    "C302T309": "Other transport equipment except ships",
}
_SECTIONS = {
    "A": "Agriculture, forestry, fishing",
    "B": "Mining",
    "C": "Manufacturing",
    "D": "Electricity, gas, steam",
    "E": "Water, waste",
    "F": "Construction",
    "G": "Wholesale and retail trade",
    "H": "Transport, storage, post",
    "I": "Accommodation, food services",
    "J": "Information and communication",
    "K": "Finance, insurance",
    "L": "Real estate",
    "M": "Professional, scientific, technical",
    "N": "Administrative, support",
    "O": "Public administration",
    "P": "Education",
    "Q": "Health, social work",
    "R": "Arts, entertainment",
    "S": "Other services",
    "T": "Households as employers",
}


def build(sources):
    """The frame `concordance`."""
    return {"concordance": concordance.frame(names(sources))}


def names(sources):
    """{source: {industry: name}} as the releases name them."""
    wiod2013 = sources.csv("wiod2013-wiot/industries.csv")
    wiod2016 = sources.csv("wiod2016-niot/codes.csv").query("kind == 'industry'")
    nbs = sources.csv("china-io-nbs/china_2020_42.csv.gz", dtype={"Code": str}).query("Origin == 'Domestic'")
    icio = sources.csv("oecd-icio-2023/industries.csv")
    native = dict(zip(icio.oecd_industry, icio.title)) | _SPLIT_2025
    iot = sources.csv("oecd-iot-2025/iot2025ed_2022_80countries.csv.gz", nrows=0).columns
    adb = sources.csv("adb-mrio-indicators/sectors.csv", dtype={"sector": str})
    stri = sources.csv("oecd-stri/sectors.csv").query("sector != 'ALLSEC'")
    batis = _named(sources, "wto-services-trade/batis_categories.csv")
    wto = sources.csv("wto-services-trade/wto_commercial_services_main_sectors_2005_2025.csv")
    tismos = _named(sources, "services-by-mode/tismos_categories.csv")
    ons = sources.csv("services-by-mode/uk_ons_modes_of_supply_2020.csv", dtype={"account": str})
    return {
        "wiod2013": dict(zip(wiod2013.column, wiod2013.description)),
        "wiod2016": dict(zip(wiod2016.Code, wiod2016.Description)),
        "nbs": dict(zip(nbs.Code, nbs.Description)),
        "icio2023_20": _SECTIONS,
        "icio2023_11": icio.groupby("in_2020_table", sort=False).title.agg("; ".join).to_dict(),
        "iot2025": {code: native.get(code, code) for code in iot[2 : list(iot).index("HFCE")]},
        "adb": dict(zip(adb.sector, adb.name)),
        "stri": dict(zip(stri.sector, stri.name)),
        "batis": _placed("batis", batis),
        "wto": _placed("wto", dict(zip(wto.code, wto.category))),
        "tismos": _placed("tismos", tismos),
        "ons": {code: name for code, name in sorted(set(zip(ons.account, ons.service))) if code != "0"},
    }


def _named(sources, file):
    table = sources.csv(file)
    return dict(zip(table.code, table.category))


def _placed(source, published):
    """Without the sums of others, which have no place of their own."""
    return {code: name for code, name in published.items() if code in concordance.places(source)}
