import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSource, walk, type SyntaxNode } from "./syntax.ts";

// `node scripts/census.ts [--write]`: the titles of all tests, without their files. A title that is gone fails `npm run check` until the list
// is written again, so that a review sees which tests were removed; a test that only moves changes nothing.
const LIST = "scripts/test-titles.txt";

/** Titles of the list that no test carries any more, as often as they are missing. */
export function missingTitles(listed: readonly string[], found: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const title of found) left.set(title, (left.get(title) ?? 0) + 1);
  return listed.filter((title) => {
    const count = left.get(title) ?? 0;
    left.set(title, count - 1);
    return count <= 0;
  });
}

/** The titles of a test file: what stands first in a call that also has a function; a template keeps its holes as `${}`. */
export function titlesOf(file: string, text: string): string[] {
  const titles: string[] = [];
  walk(parseSource(file, text), (node) => {
    if (node.type !== "CallExpression") return;
    const [first, ...rest] = node["arguments"] as readonly SyntaxNode[];
    if (first === undefined || !rest.some(({ type }) => /Function/.test(type)) || !isTestCall(node["callee"] as SyntaxNode)) return;
    const title = textOf(first);
    if (title !== undefined) titles.push(title);
  });
  return titles;
}

/** `test`, `test.skipIf(…)`, `test.each(…)`, and functions of a file that make tests: a plain name whose first argument is a sentence. */
function isTestCall(callee: SyntaxNode): boolean {
  if (callee.type === "Identifier") return callee["name"] !== "describe";
  for (let at = callee; ;) {
    if (at.type === "Identifier") return at["name"] === "test" || at["name"] === "it";
    const next = at["callee"] ?? at["object"] ?? at["tag"];
    if (next === undefined) return false;
    at = next as SyntaxNode;
  }
}

function textOf(node: SyntaxNode): string | undefined {
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"].replaceAll("\n", " ");
  if (node.type !== "TemplateLiteral") return undefined;
  const parts = node["quasis"] as readonly { readonly value: { readonly cooked: string } }[];
  return parts
    .map(({ value }) => value.cooked)
    .join("${}")
    .replaceAll("\n", " ");
}

/** Complaints about tests that are gone; `write` makes the list anew. */
export function checkCensus(root: string, write = false): string[] {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((file) => /\.(?:test|contract)\.tsx?$/.test(file) && existsSync(join(root, file)));
  const found = files
    .flatMap((file) => titlesOf(file, readFileSync(join(root, file), "utf8")))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const path = join(root, LIST);
  if (write) {
    writeFileSync(path, `${found.join("\n")}\n`);
    return [];
  }
  const listed = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return missingTitles(listed, found).map((title) => `a test is gone: ${title}; if that is meant: node scripts/census.ts --write`);
}

if (import.meta.main) {
  const complaints = checkCensus(fileURLToPath(new URL("..", import.meta.url)), process.argv.includes("--write"));
  for (const complaint of complaints) console.log(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}
