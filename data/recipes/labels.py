"""The names everything agrees on: economies, industries, sectors, kinds of origin."""

from types import MappingProxyType

YEARS = range(1995, 2012)
ECONOMIES = tuple(
    (
        "AUS AUT BEL BGR BRA CAN CHN CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HUN IDN IND IRL ITA JPN KOR LTU "
        "LUX LVA MEX MLT NLD POL PRT ROU RUS SVK SVN SWE TUR TWN USA ROW"
    ).split()
)
INDUSTRIES = tuple(f"c{i}" for i in range(1, 36))
RENAMED = MappingProxyType({"ROM": "ROU", "RoW": "ROW"})  # codes of the 2013 release -> ISO 3166

COMPACT_ECONOMIES = ("CHN", "USA", "DEU", "JPN", "KOR", "IND", "GBR", "MEX", "TWN", "BRA", "IDN", "ROW")

SECTORS = MappingProxyType(
    {  # code: (name, industries it holds)
        "AGM": ("Agriculture and mining", "c1 c2"),
        "FTX": ("Food, textiles, wood, paper and other light manufactures", "c3 c4 c5 c6 c7 c16"),
        "CHM": ("Fuels, chemicals, plastics, minerals and metals", "c8 c9 c10 c11 c12"),
        "MCH": ("Machinery", "c13"),
        "ELE": ("Electrical and optical equipment", "c14"),
        "TRE": ("Transport equipment", "c15"),
        "UCO": ("Utilities and construction", "c17 c18"),
        "TRD": ("Trade, hotels and restaurants", "c19 c20 c21 c22"),
        "TPT": ("Transport", "c23 c24 c25 c26"),
        "TEL": ("Post and telecommunications", "c27"),
        "FIN": ("Finance", "c28"),
        "BUS": ("Business services and real estate", "c29 c30"),
        "OSV": ("Other services", "c31 c32 c33 c34 c35"),
    }
)
SECTOR_OF = MappingProxyType({industry: code for code, (_, held) in SECTORS.items() for industry in held.split()})

SERVICES = ("trade", "transport", "telecom", "finance", "business", "other")
KINDS = (*SERVICES, "primary", "manufacturing", "utilities_construction")
_KIND_OF_SECTOR = {
    "AGM": "primary",
    "UCO": "utilities_construction",
    "TRD": "trade",
    "TPT": "transport",
    "TEL": "telecom",
    "FIN": "finance",
    "BUS": "business",
    "OSV": "other",
}
KIND_OF_SECTOR = MappingProxyType({code: _KIND_OF_SECTOR.get(code, "manufacturing") for code in SECTORS})
KIND = MappingProxyType({industry: KIND_OF_SECTOR[SECTOR_OF[industry]] for industry in INDUSTRIES})
GOODS = INDUSTRIES[:16]
MANUFACTURING = INDUSTRIES[2:16]


# The editions of the OECD's tables. An economy that a later edition renames or splits is reported by `expect`.
IOT_ECONOMIES = tuple(
    (
        "AGO ARE ARG AUS AUT BEL BGD BGR BLR BRA BRN CAN CHE CHL CHN CIV CMR COD COL CRI CYP CZE DEU DNK EGY ESP "
        "EST FIN FRA GBR GRC HKG HRV HUN IDN IND IRL ISL ISR ITA JOR JPN KAZ KHM KOR LAO LTU LUX LVA MAR MEX MLT "
        "MMR MYS NGA NLD NOR NZL PAK PER PHL POL PRT ROU RUS SAU SEN SGP STP SVK SVN SWE THA TUN TUR TWN UKR USA "
        "VNM ZAF"
    ).split()
)
ICIO_ECONOMIES = MappingProxyType(
    {
        2019: tuple("ARG AUS BRA CAN CHN DEU FRA GBR IDN IND ITA JPN KOR MEX RUS SAU TUR USA ZAF ROW".split()),
        2020: (*(code for code in IOT_ECONOMIES if code not in ("AGO", "ARE", "COD", "STP")), "ROW"),
    }
)


def expect(name, what, found, known):
    """Stop when a release names other codes than the edition that the recipes know, in one sentence that says which."""
    new, gone = [code for code in found if code not in known], [code for code in known if code not in found]
    if not new and not gone:
        return
    parts = [f"{verb} {', '.join(codes)}" for verb, codes in (("names", new), ("lacks", gone)) if codes]
    raise ValueError(
        f"{name} {' and '.join(parts)} among its {what}: an edition renamed, split or dropped them; "
        "correct data/recipes/labels.py."
    )
