import { fileURLToPath } from "node:url";
import { checkLevels, levelsOf, type Judged } from "./tidy/levels.ts";
import { productTree } from "./tidy/product-tree.ts";
import { listFiles } from "./tidy.ts";
import { readSources } from "./tidy/sources.ts";

// `npm run features`: the level of each feature and what keeps it from the next. Tidy holds the levels that are recorded.
const root = fileURLToPath(new URL("..", import.meta.url));
const files = listFiles(root);
const judged = levelsOf(productTree(root, files, readSources(root, files)));
console.log(table(judged));
const complaints = checkLevels(root, judged, false);
for (const complaint of complaints) console.log(complaint);
process.exit(complaints.length === 0 ? 0 : 1);

function table(rows: readonly Judged[]): string {
  const width = Math.max(...rows.map(({ id }) => id.length));
  const indent = `\n${" ".repeat(width + 4)}- `;
  return rows.map(({ id, level, missing }) => [`${id.padEnd(width)}  ${level}`, ...missing].join(indent)).join("\n");
}
