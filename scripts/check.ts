import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { staleCalls } from "./calls.ts";
import { checkCensus } from "./census.ts";
import { checkMessages } from "./messages.ts";
import { tidy } from "./tidy.ts";

// `npm run check`: arrows and purity, tests that are gone, types, lint, format, dead code. Prints every complaint, exits 1 when there is one.
const root = fileURLToPath(new URL("..", import.meta.url));
const steps: readonly (readonly [string, () => boolean | Promise<boolean>])[] = [
  ["tidy", () => report(tidy(root))],
  ["messages", () => report(checkMessages(root))],
  ["census of tests", () => report(checkCensus(root))],
  ["generated calls", async () => report(await staleCalls())],
  ["types of pure rooms", () => run("typescript/bin/tsc", "-p", "tsconfig.pure.json")],
  ["types of the rest", () => run("typescript/bin/tsc", "-p", "tsconfig.json")],
  ["types of the studio", () => run("typescript/bin/tsc", "-p", "tsconfig.studio.json")],
  ["types of the studio's tests", () => run("typescript/bin/tsc", "-p", "tsconfig.studio-tests.json")],
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

function report(findings: readonly string[]): boolean {
  for (const finding of findings) console.log(`  ${finding}`);
  return findings.length === 0;
}
