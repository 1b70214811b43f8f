import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { staleCalls } from "./calls.ts";
import { checkCensus } from "./census.ts";
import { checkControls } from "./controls.ts";
import { checkMessages } from "./messages.ts";
import { tidy } from "./tidy.ts";

// `npm run check`: arrows and purity, tests that are gone, types, lint, format, dead code. Prints every complaint, exits 1 when there is one.
const root = fileURLToPath(new URL("..", import.meta.url));
const steps: readonly (readonly [string, () => boolean | Promise<boolean>])[] = [
  ["tidy", () => report(tidy(root))],
  ["messages", () => report(checkMessages(root))],
  ["census of tests", () => report(checkCensus(root))],
  ["control lists", () => report(checkControls(root))],
  ["generated calls", async () => report(await staleCalls())],
  ["types of pure rooms", () => types("tsconfig.pure.json")],
  ["types of the rest", () => types("tsconfig.json")],
  ["types of the studio", () => types("tsconfig.studio.json")],
  ["types of the studio's tests", () => types("tsconfig.studio-tests.json")],
  ["lint", () => run("oxlint/bin/oxlint", "--deny-warnings")],
  ["format", () => run("oxfmt/bin/oxfmt", "--check")],
  ["dead code", () => run("knip/bin/knip.js", "--no-progress")],
];
let failed = 0;
for (const [name, step] of steps) {
  const good = await step();
  console.log(`${good ? "ok  " : "FAIL"} ${name}`);
  if (!good) failed++;
}
process.exit(failed === 0 ? 0 : 1);

function run(script: string, ...args: string[]): boolean {
  return spawnSync(process.execPath, [`node_modules/${script}`, ...args], { cwd: root, stdio: "inherit" }).status === 0;
}

/**
 * Incremental: what a run before this one found out about unchanged files is kept below `node_modules/.cache`. Each checker of the compiler works
 * out shared types for itself: with its usual four, a check of everything takes 40 % more processor time than with two.
 */
function types(project: string): boolean {
  const known = join("node_modules/.cache", project.replace(".json", ".tsbuildinfo"));
  return run("typescript/bin/tsc", "-p", project, "--incremental", "--tsBuildInfoFile", known, "--checkers", "2");
}

function report(findings: readonly string[]): boolean {
  for (const finding of findings) console.log(`  ${finding}`);
  return findings.length === 0;
}
