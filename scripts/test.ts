import { buildStudio } from "./build.ts";
import { checkBeside } from "./check-beside.ts";
import { need } from "./services.ts";
import { readFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Everything `npm test` promises: services, the studio's build, then the checks and every test. A test that fails is tried once more: what passes
// only then is a race in the product or in the test, and is told by name with its first reason. The last line counts.
need("chromium");
need("cjk-fonts");
buildStudio();

const report = join(mkdtempSync(join(tmpdir(), "doppelwerk-test-")), "report.json");
const { checked, tested } = await checkBeside([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  "--retry=1",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const ended = readReport(report);
for (const { fullName, failureMessages } of ended.retried)
  console.log(`passed only when tried again: ${fullName}\n  ${failureMessages[0]!.split("\n")[0]}`);
for (const { fullName } of ended.skippedTests) console.log(`skipped: ${fullName}`);
const failed = ended.failed + (checked === 0 ? 0 : 1) + (tested !== 0 && ended.failed === 0 ? 1 : 0);
console.log(`${ended.passed} passed, ${failed} failed, ${ended.skipped} skipped`);
process.exit(failed === 0 && ended.passed > 0 ? 0 : 1);

interface Assertion {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Ended {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly retried: readonly Assertion[];
  readonly skippedTests: readonly Assertion[];
}

function readReport(path: string): Ended {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
      testResults: readonly { readonly assertionResults: readonly Assertion[] }[];
    };
    const all = json.testResults.flatMap(({ assertionResults }) => assertionResults);
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
      retried: all.filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0),
      skippedTests: all.filter(({ status }) => status !== "passed" && status !== "failed"),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, retried: [], skippedTests: [] };
  }
}
