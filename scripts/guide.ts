import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectionFailureCodes, errorStatus } from "@doppelwerk/world";

const block = /^```(\w+) (\S+)#(\S+)\n([\s\S]*?)^```$/gm;
const rule = /\[[A-Z]{1,2}\d+\]/g;
const statusOfCode = /^\| `(DW_[A-Z_]+)` \| (\d+) \|/gm;

/** Where the guide differs from the code it shows: one line each; none = good. With `write` the blocks are cut anew first. */
export function checkGuide(root: string, write = false): string[] {
  const complaints: string[] = [];
  for (const file of globSync("docs/guide/*.md", { cwd: root }).sort()) {
    const path = join(root, file);
    const text = readFileSync(path, "utf8");
    const refreshed = text.replace(
      block,
      (_, language: string, source: string, name: string) =>
        `\`\`\`${language} ${source}#${name}\n${regionOf(readFileSync(join(root, source), "utf8"), name, source)}\n\`\`\``,
    );
    if (refreshed === text) continue;
    if (write) writeFileSync(path, refreshed);
    else complaints.push(`${file}: a block differs from its source; run node scripts/guide.ts --write`);
  }
  return [...complaints, ...checkFaults(root), ...checkErrors(readFileSync(join(root, "docs/guide/errors.md"), "utf8"), remediesOf(root))];
}

/** Every rule that the page of faults names stands in the title of a test. */
function checkFaults(root: string): string[] {
  const page = "docs/guide/faults.md";
  const tests = globSync(["{packages,packs,apps,examples}/*/src/**/*.{test,contract}.{ts,tsx}", "{features,e2e}/**/*.test.{ts,tsx}"], {
    cwd: root,
  });
  const titles = new Set(tests.flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(rule)].map(([id]) => id)));
  const named = new Set([...readFileSync(join(root, page), "utf8").matchAll(rule)].map(([id]) => id));
  return [...named].filter((id) => !titles.has(id)).map((id) => `${page}: no test is titled ${id}`);
}

/** The lines between `// #region NAME` and `// #endregion`, in shell scripts between `# #region NAME` and `# #endregion`. */
export function regionOf(text: string, name: string, source: string): string {
  const lines = text.split("\n");
  const comment = source.endsWith(".sh") ? "#" : "//";
  const from = lines.indexOf(`${comment} #region ${name}`);
  const to = lines.indexOf(`${comment} #endregion`, from);
  if (from < 0 || to < 0) throw new Error(`${source} has no region ${name}`);
  return lines.slice(from + 1, to).join("\n");
}

function remediesOf(root: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, "packages/ui/words/en.json"), "utf8")) as Record<string, string>;
}

/** Every code the world knows stands in the table with its status and what screens say to do about it, and no other. */
export function checkErrors(table: string, remedies: Readonly<Record<string, string>> = {}): string[] {
  const told = new Map([...table.matchAll(statusOfCode)].map(([, code, status]) => [code!, Number(status)]));
  const known = new Map<string, number>([...Object.entries(errorStatus), ["DW_BUG", 500]]);
  return [
    ...[...known]
      .filter(([code, status]) => told.get(code) !== status)
      .map(([code, status]) => `docs/guide/errors.md: ${code} answers ${status}, the table says ${told.get(code) ?? "nothing"}`),
    ...[...told.keys()].filter((code) => !known.has(code)).map((code) => `docs/guide/errors.md: nothing answers ${code}`),
    ...[...known.keys()].flatMap((code) => {
      const remedy = remedies[`error.remedy.${code}`];
      const row = table.split("\n").find((line) => line.startsWith(`| \`${code}\` |`));
      return row?.replaceAll("`", "").endsWith(` | ${remedy} |`)
        ? []
        : [`docs/guide/errors.md: ${code} has not the remedy of the catalogue, ${remedy}`];
    }),
    ...connectionFailureCodes
      .filter((code) => !table.includes(`\n| \`${code}\` |`))
      .map((code) => `docs/guide/errors.md: ${code} has no row`),
  ];
}

if (import.meta.main) {
  const complaints = checkGuide(fileURLToPath(new URL("..", import.meta.url)), process.argv.includes("--write"));
  for (const complaint of complaints) console.log(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}
