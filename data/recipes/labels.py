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


def kind_of_niot(code):
    """The kind of origin of an ISIC Rev. 4 industry of the 2016 release, nearest to the kinds of the 2013 release."""
    if code[0] in "AB":
        return "primary"
    if code[0] == "C":
        return "manufacturing"
    if code[0] in "DEF":
        return "utilities_construction"
    if code[0] == "G" or code == "I":
        return "trade"
    if code in ("H53", "J61"):
        return "telecom"
    if code[0] == "H":
        return "transport"
    if code[0] == "K":
        return "finance"
    if code[0] in "LMN" or code == "J62_J63":
        return "business"
    return "other"


def kind_of_nbs(code):
    """The kind of origin of a sector of China's 42-sector tables (two-digit code)."""
    number = int(code)
    if number <= 5:
        return "primary"
    if number <= 23:
        return "manufacturing"
    if number <= 27:
        return "utilities_construction"
    return {
        28: "trade",
        29: "transport",
        30: "trade",
        31: "telecom",
        32: "finance",
        33: "business",
        34: "business",
        35: "business",
        36: "business",
    }.get(number, "other")
