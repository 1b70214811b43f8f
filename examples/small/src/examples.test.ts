import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startSite } from "../../../e2e/running-site.ts";
import type { RunningSite } from "../../../e2e/running-site.ts";

let site: RunningSite;

beforeAll(async () => {
  site = await startSite({ minimal: true });
  const client = site.client("Ada");
  await eventually(async () => ((await client.line()).stations.length >= 3 ? true : undefined), "the line is read");
  await eventually(async () => ((await client.world()).backfill.done ? true : undefined), "the archive is read");
});
afterAll(async () => {
  await site?.stop();
});

async function run(program: string, ...args: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args]);
  return stdout;
}

test("read-shells lists every shell of the engineering file", async () => {
  const lines = (await run("read-shells", site.url)).trim().split("\n");
  for (const { id } of (await site.client("Ada").line()).stations) expect(lines.some((line) => line.startsWith(id))).toBe(true);
});

test("live-values prints values with time, quality and origin", async () => {
  expect(await run("live-values", site.url, "", "5").catch((error: Error) => error.message)).toContain("no station");
  const constraint = (await site.client("Ada").line()).constraint;
  // five seconds pass without a value where the machine has much else to do
  const printed = await eventually(async () => (await run("live-values", site.url, constraint, "5")) || undefined, "values are printed");
  expect(printed).toMatch(/^\d{4}-\d\d-\d\dT\S+Z {2}.+ {2}(good|not good) {2}\w+$/m);
});

test("fork-and-run prints a verdict with both intervals", async () => {
  expect(await run("fork-and-run", site.url, "5")).toMatch(
    /throughput: (better|worse|no evidence), difference .* \(95 %\)\n.*one shift \d+–\d+ \(90 %\)/,
  );
});

test("simulate-line needs no server and gives the same figures every time", async () => {
  const once = await run("simulate-line");
  expect(once).toMatch(/^mean \d+\.\d ± \d+\.\d parts in 8 h \(95 %\), one shift \d+–\d+ \(90 %\)\n$/);
  expect(await run("simulate-line")).toBe(once);
});
