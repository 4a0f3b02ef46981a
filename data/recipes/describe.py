"""The description of data/: datapackage.json and README.md, both from dictionary.yml and the files as they are."""

import hashlib
import json
from pathlib import Path

import yaml

from . import files, labels

DICTIONARY = Path(__file__).with_name("dictionary.yml")
KEYS = {
    "country": ("countries", "country"),
    "industry": ("industries", "industry"),
    "niot_industry": ("niot_industries", "industry"),
}
LIMITS = {"share": {"minimum": 0, "maximum": 1}, "percent": {"minimum": 0, "maximum": 100}, "positive": {"minimum": 0}}


def load():
    """The dictionary, with the fields of the wide tables written out."""
    dictionary = yaml.safe_load(DICTIONARY.read_text(encoding="utf-8"))
    dictionary["resources"]["reference_table"]["fields"] = _reference_fields()
    for entry in dictionary["resources"].values():
        if "uses" in entry:
            entry["fields"] = _use_fields(entry["key"], entry["uses"].split())
    return dictionary


def check_columns(name, frame, resource):
    """Stop when a frame and its entry in the dictionary differ in a column."""
    described = [field[0] for field in resource["fields"]]
    if list(frame.columns) != described:
        odd = sorted(set(described) ^ set(frame.columns)) or ["the order of the columns"]
        raise ValueError(f"dictionary.yml and the computed {name} differ in {', '.join(odd)}: correct the dictionary.")


def write(folder):
    """Write datapackage.json and README.md for the files in `folder`."""
    described = package(folder)
    text = json.dumps(described, indent=1, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(described), encoding="utf-8")


def package(folder):
    """The data package (Frictionless) of the files in `folder`."""
    dictionary = load()
    present = {name: entry for name, entry in dictionary["resources"].items() if (folder / entry["file"]).is_file()}
    return {
        "profile": "data-package",
        "name": "services-in-global-value-chains",
        "title": "Services in global value chains: data of the teaching module",
        "description": "Computed or selected from the publishers' releases by data/recipes (python -m data.recipes).",
        "licenses": [_licence(dictionary, "cc-by-4.0")],
        "resources": [_resource(dictionary, name, entry, folder) for name, entry in present.items()],
    }


def _resource(dictionary, name, entry, folder):
    path = folder / entry["file"]
    sources = [dictionary["sources"][key] for key in entry["sources"]]
    described = {
        "name": name,
        "path": entry["file"],
        "title": entry["title"],
        "description": entry["about"],
        "cite": entry["cite"],
        "vintage": entry["vintage"],
        "chapters": entry["chapters"],
        "licenses": [_licence(dictionary, key) for key in dict.fromkeys(source["licence"] for source in sources)],
        "sources": [{key: source[key] for key in ("title", "path", "citation", "obtained")} for source in sources],
        "encoding": "utf-8",
    }
    if "fields" not in entry:  # the ledger: corrected by hand, so no checksum to keep in step
        return described | {"format": path.suffix[1:]}
    compressed = {"compression": "gz"} if path.suffix == ".gz" else {}
    return described | {
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        **compressed,
        "bytes": path.stat().st_size,
        "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
        "rows": files.read(path).count(b"\n") - 1,
        "schema": _schema(entry),
    }


def _licence(dictionary, key):
    return dictionary["licences"][key]


def _schema(entry):
    fields, foreign = [], []
    for name, type_, unit, meaning, marks in entry["fields"]:
        constraints = {}
        for mark in marks:
            if isinstance(mark, str) and mark in KEYS:
                resource, field = KEYS[mark]
                foreign.append({"fields": [name], "reference": {"resource": resource, "fields": [field]}})
            else:
                constraints |= _constraint(mark)
        fields.append(
            {"name": name, "type": type_, "unit": unit, "description": meaning}
            | ({"constraints": constraints} if constraints else {})
        )
    return {"fields": fields, "missingValues": [""], "primaryKey": entry["key"]} | (
        {"foreignKeys": foreign} if foreign else {}
    )


def _constraint(mark):
    if isinstance(mark, list):
        return {"enum": mark}
    if mark == "kinds":
        return {"enum": list(labels.KINDS)}
    return {"required": True} if mark == "required" else LIMITS[mark]


def _use_fields(key, industries):
    """The columns of a table with one column for each use."""
    meanings = {
        "from_country": "selling economy",
        "from_industry": "selling industry, see concordance.csv",
        "to_country": "buying economy",
        "country": "economy",
        "industry": "product, named after the industry that makes it, see concordance.csv",
    }
    keys = [
        [name, "string", "-", meanings[name], ["required", *(["country"] if name.endswith("country") else [])]]
        for name in key
    ]
    money = "number", "US$ million"
    uses = [[code, *money, f"{USED_BY}{code}", ["required"]] for code in industries]
    final = [
        "final",
        *money,
        "sold to households, government, investment and inventories; negative only where inventories fell",
        ["required"],
    ]
    trade = [
        ["exports", *money, "exports, what visitors buy included", ["required", "positive"]],
        ["imports", *money, "imports of the same product", ["required", "positive"]],
    ]
    return [*keys, *uses, final, *(trade if "industry" in key else [])]


def _reference_fields():
    names = [f"{c}.{s}" for c in ("China", "India", "Japan", "ROW") for s in ("Primary", "Manufacturing", "Service")]
    cells = [[name, "number", "US$ million", f"sold to {name}", ["required"]] for name in names]
    final = [
        [f"final.{c}", "number", "US$ million", f"sold to final users in {c}", ["required"]]
        for c in ("China", "India", "Japan", "ROW")
    ]
    return [
        ["row", "string", "-", "seller, economy.industry", ["required"]],
        *cells,
        *final,
        ["output", "number", "US$ million", "gross output as published", ["required"]],
        ["value_added", "number", "US$ million", "value added as published", ["required"]],
    ]


def readme(package):
    """The dictionary as a page."""
    tables = [resource for resource in package["resources"] if "schema" in resource]
    total = sum(resource["bytes"] for resource in tables)
    lines = [
        "# Data",
        "",
        f"{len(tables)} tables, {total / 1e6:.1f} MB, and the claim ledger. The same text for machines, with types",
        "and constraints, is `datapackage.json` (Frictionless: `frictionless validate data/datapackage.json`).",
        "",
        "Conventions: long and tidy; `country` is an ISO 3166 alpha-3 code (`ROW` rest of the world, `WLD` world),",
        "`year` an integer; money in US$ million at current prices unless the column says otherwise; shares run from 0",
        "to 1, except in columns whose name ends in `_percent`; an empty cell is a value that nobody published, "
        "never a",
        "zero, and no gap is filled. M1 to M19 are the module's indicators.",
        "",
        'Read a file with `valuechains.datasets.read("exports_by_country", country="CHN")`.',
        "",
        "## How it is made",
        "",
        "`make data` reads the publishers' releases in `../shared/data` (each compared with its checksum first),",
        "computes everything at full detail and only then adds up, writes into a temporary folder and moves the files",
        "in place. It takes two to three minutes. A second run changes no byte; `python -m data.recipes --check` says",
        "so without writing, and `python -m data.recipes --describe` renews only this text and `datapackage.json`:",
        "both are written from `data/recipes/dictionary.yml`, which is the place to change what they say.",
        "",
        "Left out for their size or because no chapter asks: services of the United Kingdom by type and partner,",
        "partners of China beyond the largest, mode 3 in finer categories. Not here, and why: China's national",
        "tables (no open licence, shares only); the flows of the ADB's tables (not found); the S&P-derived series of",
        "NCSES (not open); functional data for headquarters, research and sales (no open table found).",
        "",
        "| file | what | rows | chapters |",
        "|---|---|---|---|",
    ]
    for resource in package["resources"]:
        rows = f"{resource['rows']:,}" if "rows" in resource else "-"
        lines.append(
            f"| [{resource['path']}](#{resource['name']}) | {resource['title']} | {rows} | {_chapters(resource)} |"
        )
    for resource in package["resources"]:
        lines += ["", *_section(resource)]
    return "\n".join(lines).replace("$", r"\$") + "\n"  # two of them in a line would be read as a formula


USED_BY = "used as an input by industry "


def _shown(fields):
    """The fields as the page lists them: what the industries use, one column each, in one line."""
    uses = [field["name"] for field in fields if field["description"].startswith(USED_BY)]
    for field in fields:
        if field["name"] not in uses:
            yield field
        elif field["name"] == uses[0]:
            yield field | {"name": "` `".join(uses), "description": f"{USED_BY}of that code"}


def _chapters(resource):
    return "all" if len(resource["chapters"]) == 10 else ", ".join(map(str, resource["chapters"]))


def _section(resource):
    yield f"## {resource['name']}"
    yield ""
    yield f"`{resource['path']}` - {resource['title']}. {resource['description']}"
    yield ""
    yield f"Cite: {resource['cite']}. Vintage: {resource['vintage']}."
    yield ""
    for source in resource["sources"]:
        yield (
            f"- Source: [{source['title']}]({source['path']}). {source['citation']} Obtained from {source['obtained']}."
        )
    for licence in resource["licenses"]:
        yield f"- Licence: [{licence['title']}]({licence['path']})."
    if "schema" not in resource:
        return
    yield ""
    yield "| column | meaning | unit | type |"
    yield "|---|---|---|---|"
    for field in _shown(resource["schema"]["fields"]):
        missing = "" if field.get("constraints", {}).get("required") else " (may be missing)"
        values = ", ".join(f"`{value}`" for value in field.get("constraints", {}).get("enum", []))
        key = " **key**" if field["name"] in resource["schema"]["primaryKey"] else ""
        yield (
            f"| `{field['name']}`{key} | {field['description']}{missing}{': ' + values if values else ''} | "
            f"{field['unit']} | {field['type']} |"
        )
