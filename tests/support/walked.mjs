// The trees that tree.js makes: node walked.mjs ASSETS [WORDS.JS] < [{outline, datasets, names}, ...]
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";

const [, , assets, words = ""] = process.argv;
Object.assign(globalThis, {
  window: globalThis, gvc: {}, document: { documentElement: { dataset: {} } },
  localStorage: { getItem: () => null }, matchMedia: () => ({ matches: false }),
});
const scripts = [words, join(assets, "theme.js"), join(assets, "tree.js")].filter(existsSync);
for (const script of scripts) runInThisContext(readFileSync(script, "utf8"));
const bare = ({ text, children }) => ({ text, children: children.map(bare) });
const cases = JSON.parse(readFileSync(0, "utf8"));
const trees = cases.map(({ outline, datasets, names }) => bare(gvc.tree(outline, (name) => datasets[name], (channel) => `the ${channel} axis`, names)));
process.stdout.write(JSON.stringify(trees));
