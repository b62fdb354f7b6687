// Reads [{where, tex, display}, ...] on standard input; writes those that KaTeX refuses in strict mode.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const katex = createRequire(`${process.cwd()}/`)("katex");
const refused = [];
for (const { where, tex, display } of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    katex.renderToString(tex, { displayMode: display, strict: "error", throwOnError: true, trust: false });
  } catch (error) {
    refused.push({ where, tex, problem: error.message });
  }
}
process.stdout.write(JSON.stringify(refused));
