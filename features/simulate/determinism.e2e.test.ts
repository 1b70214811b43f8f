import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { createLineRun, runLine } from "@doppelwerk/sim";
import { openSimulations } from "./server/decide/simulations.fixture.ts";
import { MONDAY, assemblyLine } from "../../packages/sim/src/line/assembly-line.fixture.ts";
import { startBrowser } from "../../e2e/running-site.ts";

const HOUR = 3_600_000_000;
const HOURS = 5;
const replications = [0, 1, 2, 3];
const options = { seed: 7, startInstant: MONDAY, outputStepS: 300 } as const;
const end = MONDAY + HOURS * HOUR;

let folder: string;
let browser: Browser;
let bundle: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-determinism-"));
  [bundle, browser] = await Promise.all([bundled(), startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The simulator and the line as one classic script that leaves `hashes` behind. */
async function bundled(): Promise<string> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const entry = join(folder, "entry.ts");
  writeFileSync(
    entry,
    `import { createLineRun, runLine } from ${JSON.stringify(join(root, "packages/sim/src/index.ts"))};
import { assemblyLine } from ${JSON.stringify(join(root, "packages/sim/src/line/assembly-line.fixture.ts"))};
globalThis.hashes = (options, end, fork, replications) => replications.map((replication) => {
  const run = createLineRun(assemblyLine, { ...options, replication });
  run.advanceTo(fork);
  const forked = run.fork();
  forked.advanceTo(end);
  return [runLine(assemblyLine, { ...options, replication, endInstant: end }).traceHash, forked.result().traceHash];
});
`,
  );
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      outDir: join(folder, "out"),
      minify: false,
      lib: { entry, formats: ["iife"], name: "determinism", fileName: () => "bundle.js" },
    },
  });
  return readFileSync(join(folder, "out/bundle.js"), "utf8");
}

test("[E2] one line, one seed, one trace: in Node and in Chromium, on one and two workers, forked and straight", async () => {
  const straight = replications.map((replication) => runLine(assemblyLine, { ...options, replication, endInstant: end }).traceHash);
  expect(new Set(straight).size).toBe(replications.length);

  const forked = replications.map((replication) => {
    const run = createLineRun(assemblyLine, { ...options, replication });
    run.advanceTo(MONDAY + 2 * HOUR);
    const fork = run.fork();
    run.advanceTo(MONDAY + 3 * HOUR);
    fork.advanceTo(end);
    return fork.result().traceHash;
  });
  expect(forked).toEqual(straight);

  for (const workers of [1, 2]) {
    const pool = openSimulations(workers);
    const tasks = replications.map((replication) => ({
      model: 0,
      options: {
        kind: "study" as const,
        seed: options.seed,
        replication,
        start: MONDAY,
        horizonS: HOURS * 3_600,
        warmUpS: 0,
        drawParameters: false,
        outputStepS: options.outputStepS,
      },
    }));
    const outcomes = await pool.run({
      models: [{ nominal: assemblyLine, edited: assemblyLine, parameters: [] }],
      tasks,
      priority: 0,
    });
    await pool.close();
    expect(
      outcomes.map(({ traceHash }) => traceHash),
      `${workers} workers`,
    ).toEqual(straight);
  }

  const page = await browser.newPage();
  await page.addScriptTag({ content: bundle });
  const inBrowser = await page.evaluate(
    ([given, until, fork, numbers]) =>
      (globalThis as unknown as { hashes(...values: unknown[]): [string, string][] }).hashes(given, until, fork, numbers),
    [options, end, MONDAY + 2 * HOUR, replications] as const,
  );
  expect(inBrowser.map(([whole]) => whole)).toEqual(straight);
  expect(inBrowser.map(([, branch]) => branch)).toEqual(straight);
});
