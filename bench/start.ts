import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "../e2e/running-site.ts";
import { areShiftsOfLinesKnown } from "./plants/line-shifts.ts";
import { reportMedian, type Report } from "./report.ts";

const RESTARTS = 5;

/**
 * A fresh clone of the last commit with the npm cache as it is on this machine: `npm start` to ready (bar: 60 s) and to the rows of the site, the recorded past of
 * every line on the Rail after that (bar: 60 s), and the server alone again on its folder, its plant gone (bar: 4 s). The clone is measured once: it costs minutes.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-start-"));
  const clone = join(root, "clone");
  let started: ChildProcess | undefined;
  try {
    execFileSync("git", ["clone", "--quiet", "--no-hardlinks", fileURLToPath(new URL("..", import.meta.url)), clone]);
    const begin = performance.now();
    started = spawn("npm", ["start", "--", "--json", "--no-open", "--port", "0"], {
      cwd: clone,
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    const url = await readyUrl(started);
    reportMedian(report, "start", "fresh clone, npm start to ready", "s", [(performance.now() - begin) / 1_000]);
    const ready = performance.now();
    await eventually(() => hasSiteRows(url), "the site has rows", 300);
    reportMedian(report, "start", "fresh clone, npm start to the rows of the site", "s", [(performance.now() - begin) / 1_000]);
    await eventually(() => areShiftsOfLinesKnown(url), "the past is on the Rail", 300);
    reportMedian(report, "start", "past on the Rail after ready", "s", [(performance.now() - ready) / 1_000]);
    reportMedian(report, "start", "fresh clone, npm start to the past of every line", "s", [(performance.now() - begin) / 1_000]);
    await endAll(started);
    started = undefined;
    const restarts: number[] = [];
    for (let run = 0; run < RESTARTS; run++) {
      const again = performance.now();
      const server = spawn(
        process.execPath,
        [join(clone, "scripts/doppelwerk.mjs"), "serve", "--data", join(clone, ".doppelwerk/demo"), "--json", "--no-open", "--port", "0"],
        { cwd: clone, stdio: ["ignore", "pipe", "ignore"], detached: true },
      );
      started = server;
      await readyUrl(server);
      restarts.push((performance.now() - again) / 1_000);
      await endAll(server);
    }
    reportMedian(report, "start", "restart on a full folder to ready, command included", "s", restarts);
  } finally {
    if (started) await endAll(started);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Whether the board of the site has something to show. */
async function hasSiteRows(url: string): Promise<boolean> {
  const api = `${url}/api/doppelwerk/v1/places`;
  const { places } = (await (await fetch(api)).json()) as { readonly places: readonly { readonly id: string; readonly kind: string }[] };
  const site = places.find(({ kind }) => kind === "site");
  if (site === undefined) return false;
  const answer = await fetch(`${api}/${encodeURIComponent(site.id)}/summary`);
  const { rows = [] } = (await answer.json()) as { readonly rows?: readonly unknown[] };
  return rows.length > 0;
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) resolve((JSON.parse(line) as { readonly url: string }).url);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`ended with exit code ${code} before it was ready`)));
  });
}

/** npm, what it started and their children: one process group of our own. */
async function endAll(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid!, "SIGTERM");
  await gone;
}
