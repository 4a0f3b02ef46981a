// Compiles, by the pages' own Python, the modules that a page imports: node compile.mjs FETCHED PACKAGES TARGET
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [fetched, packages, target] = process.argv.slice(2);
const { loadPyodide } = createRequire(import.meta.url)(`${fetched}/pyodide.js`);
const python = await loadPyodide({ indexURL: `${fetched}/`, env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" } });
for (const name of ["numpy", "pandas"]) {
  const wheel = readdirSync(fetched).find((file) => file.startsWith(`${name}-`));
  await python.loadPackage(`${fetched}/${wheel}`, { checkIntegrity: false, messageCallback() {} });
}
python.unpackArchive(new Uint8Array(readFileSync(packages)), "zip", { extractDir: "/lib/python3.12/site-packages" });
python.runPython(`
import sys
sys.dont_write_bytecode = True
import importlib._bootstrap_external as external
import importlib.util, zipfile
from importlib.machinery import SourceFileLoader

BASE = "/lib/python3.12/site-packages/"
compiled, compile_source = {}, SourceFileLoader.source_to_code

def keep(loader, data, path, **options):  # what importing compiles is kept, for a second time would take as long
    code = compile_source(loader, data, path, **options)
    if path.startswith(BASE):
        compiled[path] = bytes(external._code_to_hash_pyc(code, importlib.util.source_hash(data), False))
    return code

SourceFileLoader.source_to_code = keep
import altair, markdown_it, numpy, pandas

with zipfile.ZipFile("/compiled.zip", "w") as archive:
    for path in sorted(compiled):
        name = importlib.util.cache_from_source(path).removeprefix(BASE)
        archive.writestr(zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0)), compiled[path])
`);
writeFileSync(target, python.FS.readFile("/compiled.zip"));
