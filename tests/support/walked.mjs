// The trees that tree.js makes: node walked.mjs TREE.JS < [{outline, datasets}, ...]
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

globalThis.window = { gvc: {} };
runInThisContext(readFileSync(process.argv[2], "utf8"));
const bare = ({ text, children }) => ({ text, children: children.map(bare) });
const cases = JSON.parse(readFileSync(0, "utf8"));
const trees = cases.map(({ outline, datasets }) => bare(window.gvc.tree(outline, (name) => datasets[name], (channel) => `the ${channel} axis`)));
process.stdout.write(JSON.stringify(trees));
