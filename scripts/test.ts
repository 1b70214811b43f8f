import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildStudio } from "./build.ts";
import { need } from "./services.ts";
import { readFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Everything `npm test` promises: services, the studio's build, the checks, then every test. The last line counts.
const root = fileURLToPath(new URL("..", import.meta.url));
need("chromium");
need("cjk-fonts");
buildStudio();

const check = spawnSync(process.execPath, ["scripts/check.ts"], { cwd: root, stdio: "inherit" });
const report = join(mkdtempSync(join(tmpdir(), "doppelwerk-test-")), "report.json");
const vitest = spawnSync(
  process.execPath,
  [
    "--disable-warning=ExperimentalWarning",
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
const counts = readCounts(report);
const failed = counts.failed + (check.status === 0 ? 0 : 1) + (vitest.status !== 0 && counts.failed === 0 ? 1 : 0);
console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
process.exit(failed === 0 && counts.passed > 0 ? 0 : 1);

function readCounts(path: string): { passed: number; failed: number; skipped: number } {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
    };
    return { passed: json.numPassedTests, failed: json.numFailedTests, skipped: json.numPendingTests + json.numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
