// Runs replies.py under the pages' Python, in node: node replies.mjs FETCHED PACKAGES ROOT SCRIPT CHAPTER...
import { scryptSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [fetched, packages, root, script, ...chapters] = process.argv.slice(2);
const { loadPyodide } = createRequire(import.meta.url)(`${fetched}/pyodide.js`);
const python = await loadPyodide({ indexURL: `${fetched}/` });
for (const name of ["numpy", "pandas"]) {
  const wheel = readdirSync(fetched).find((file) => file.startsWith(`${name}-`));
  await python.loadPackage(`${fetched}/${wheel}`, { checkIntegrity: false, messageCallback() {} });
}
python.unpackArchive(new Uint8Array(readFileSync(packages)), "zip", { extractDir: "/lib/python3.12/site-packages" });
python.FS.mkdirTree("/project");
python.mountNodeFS("/project", root);
// node's own is quicker than the page's; tests/book/test_on_page.py opens seals by the page's
globalThis.sealed = (content, salt, n, r, p, dklen) => new Uint8Array(scryptSync(content.toJs(), salt.toJs(), dklen, { N: n, r, p }));
python.globals.set("chapters", python.toPy(chapters));
python.FS.writeFile("/replies.py", readFileSync(script));
const rows = python.runPython(`
import hashlib, json, sys, js
from types import ModuleType
hashlib.scrypt = lambda password, *, salt, n, r, p, dklen: bytes(js.sealed(password, salt, n, r, p, dklen).to_py())
shown, package = ModuleType("IPython.display"), ModuleType("IPython")
shown.display, shown.HTML, package.display, package.get_ipython = print, str, shown, lambda: None
sys.modules |= {"IPython": package, "IPython.display": shown}
sys.dont_write_bytecode = True
sys.path.insert(0, "/")
import replies
json.dumps(replies.main("/project", chapters))
`);
console.log(rows);
