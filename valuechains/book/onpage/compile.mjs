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
import altair, markdown_it, numpy, pandas

BASE = "/lib/python3.12/site-packages/"
loaded = {module.__file__ for module in list(sys.modules.values()) if str(getattr(module, "__file__", "")).startswith(BASE)}
with zipfile.ZipFile("/compiled.zip", "w") as archive:
    for path in sorted(path for path in loaded if path.endswith(".py")):
        content = open(path, "rb").read()
        code = compile(content, path, "exec", dont_inherit=True)
        data = external._code_to_hash_pyc(code, importlib.util.source_hash(content), False)
        name = importlib.util.cache_from_source(path).removeprefix(BASE)
        archive.writestr(zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0)), bytes(data))
`);
writeFileSync(target, python.FS.readFile("/compiled.zip"));
