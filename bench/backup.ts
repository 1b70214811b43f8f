import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout } from "node:timers/promises";
import { parseEnvironment } from "@doppelwerk/aas";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { importChanges, LIVE, quality, type SampleBatch } from "@doppelwerk/world";
import { connectPush, pushSamples, type Pushing } from "../e2e/pushed-samples.ts";
import { runCommand, startServer } from "../e2e/running-site.ts";
import { openDurableWorld } from "./durable-world.ts";
import { ELEMENTS_A_SHELL, environmentOf } from "./large-world.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const sizeOf = (name: string, other: number): number => Number(process.env[name] ?? other);
/** The bar names 5,000,000 and 100,000,000. */
const ELEMENTS = sizeOf("BACKUP_ELEMENTS", 100_000);
const SAMPLES = sizeOf("BACKUP_SAMPLES", 4_000_000);
const PER_SECOND = sizeOf("BACKUP_PER_SECOND", 10_000);
/** Before the backup and after it, for comparison. */
const CALM_MS = sizeOf("BACKUP_CALM_S", 20) * 1_000;

const SHELLS_AT_ONCE = 50;
const ROWS = 100_000;
const SERIES = 1_000;
const SIGNALS = 200;
const BASE = 1_790_000_000_000_000;
const NAME = "backup";

/**
 * A store of documents and samples, made first; then a server on it that takes 10,000 samples a second over HTTP: how many it takes, and how long an answer
 * takes, before, while and after it is backed up; then the restore with everything verified. Sizes by BACKUP_ELEMENTS, BACKUP_SAMPLES, BACKUP_PER_SECOND;
 * `BACKUP_FOLDER` for another disk, `BACKUP_DATA` for a data folder that stays: one that is there is not made again. Bar at 5 million elements and 100 million samples: ≤ 10 % fewer writes meanwhile; restored and verified ≤ 5 min.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(process.env["BACKUP_FOLDER"] ?? tmpdir(), "doppelwerk-bench-backup-"));
  const tell = (metric: string, unit: string, value: number): void => void reportMedian(report, NAME, metric, unit, [value]);
  process.env["TMPDIR"] = root;
  try {
    const data = process.env["BACKUP_DATA"] ?? join(root, "data");
    if (!existsSync(data)) {
      await fillDocuments(data);
      await fillHistory(join(data, "history"));
    }
    tell(`data folder, ${ELEMENTS} elements and ${SAMPLES} samples`, "MB", bytesBelow(data) / 1e6);
    const key = join(root, "key.txt");
    const { stdout: recipient } = await runCommand(["backup-key", "--out", key]);
    const to = join(root, "backups");
    const { calm, busy, after, report: backup, backupS } = await whileBackedUp(data, to, recipient.trim());
    for (const [when, taken] of [
      ["before", calm],
      ["meanwhile", busy],
      ["afterwards", after],
    ] as const) {
      tell(`samples acknowledged ${when}`, "1/s", taken.perSecond);
      tell(`answer to 500 samples ${when}, median`, "ms", quantile(taken.answersMs, 0.5));
      tell(`answer to 500 samples ${when}, p95`, "ms", quantile(taken.answersMs, 0.95));
    }
    tell("fewer writes meanwhile", "%", (1 - busy.perSecond / ((calm.perSecond + after.perSecond) / 2)) * 100);
    tell("backup", "s", backupS);
    tell("capture", "ms", backup.captureMs);
    tell("backup, bytes", "MB", bytesBelow(to) / 1e6);
    const began = performance.now();
    const restored = await runCommand(["restore", to, "--identity", key, "--data", join(root, "restored"), "--json"]);
    if (restored.code !== 0) throw new Error(restored.stderr);
    tell("restored and verified", "s", (performance.now() - began) / 1_000);
    const { verified } = JSON.parse(restored.stdout) as { readonly verified: { readonly samples: number; readonly revisions: number } };
    if (verified.samples < SAMPLES) throw new Error(`${verified.samples} samples were restored`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Taken {
  readonly perSecond: number;
  readonly answersMs: readonly number[];
}

async function whileBackedUp(data: string, to: string, recipient: string) {
  const server = await startServer(data);
  try {
    const url = String(server.ready["url"]);
    const pushing = pushSamples(url, await connectPush(url, SIGNALS), SIGNALS, PER_SECOND);
    await setTimeout(5_000);
    const calm = await taken(pushing, () => setTimeout(CALM_MS));
    let backupS = 0;
    let report: { readonly captureMs: number } | undefined;
    const busy = await taken(pushing, async () => {
      const began = performance.now();
      report = await backUp(data, to, recipient);
      backupS = (performance.now() - began) / 1_000;
    });
    const after = await taken(pushing, () => setTimeout(CALM_MS));
    await pushing.stop();
    return { calm, busy, after, report: report!, backupS };
  } finally {
    await server.stop();
  }
}

async function taken(pushing: Pushing, work: () => Promise<unknown>): Promise<Taken> {
  const [first, began] = [pushing.acknowledged.length, performance.now()];
  await work();
  const answers = pushing.acknowledged.slice(first);
  const rows = answers.reduce((sum, answer) => sum + answer.rows, 0);
  return {
    perSecond: rows / ((performance.now() - began) / 1_000),
    answersMs: answers.map(({ answerMs }) => answerMs).toSorted((a, b) => a - b),
  };
}

function backUp(data: string, to: string, recipient: string): Promise<{ readonly captureMs: number }> {
  const main = fileURLToPath(new URL("../apps/doppelwerk/src/main.ts", import.meta.url));
  const words = [main, "backup", "--data", data, "--to", to, "--recipient", recipient, "--json"];
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...words], { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
  return new Promise((resolve, reject) =>
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(stdout) as { readonly captureMs: number });
      else reject(new Error(`the backup ended with ${code}`));
    }),
  );
}

async function fillDocuments(data: string): Promise<void> {
  const { world, close } = await openDurableWorld(data);
  const view = world.view({ id: "person:bench", name: "Bench", verified: false, roles: ["administrator"] });
  const shells = Math.ceil(ELEMENTS / ELEMENTS_A_SHELL);
  let applied: Promise<unknown> = Promise.resolve();
  for (let first = 0; first < shells; first += SHELLS_AT_ONCE) {
    const text = JSON.stringify(environmentOf(first, Math.min(SHELLS_AT_ONCE, shells - first)));
    const { changes } = importChanges(view.reader(LIVE), parseEnvironment(JSON.parse(text)).environment!, `part ${first}`);
    await applied;
    applied = view.apply({ branch: LIVE, reason: "bench", changes });
  }
  await applied;
  await close();
}

async function fillHistory(directory: string): Promise<void> {
  const history = await openSegmentHistory({ directory });
  const ids = Array.from({ length: SERIES }, (_, n) => `signal:bench-${n}`);
  const values = new Float64Array(SERIES).fill(20);
  for (let at = 0; at < SAMPLES; at += ROWS) {
    const count = Math.min(ROWS, SAMPLES - at);
    const times = Float64Array.from({ length: count }, (_, n) => BASE + Math.floor((at + n) / SERIES) * 100_000);
    const batch: SampleBatch = {
      origin: "measured",
      count,
      signals: Uint32Array.from({ length: count }, (_, n) => (at + n) % SERIES),
      sourceTimes: times,
      serverTimes: times,
      values: Float64Array.from({ length: count }, (_, n) => {
        const series = (at + n) % SERIES;
        values[series]! += Math.round(Math.sin(at + n * 1.7) * 100) / 1_000;
        return Math.round(values[series]! * 1_000) / 1_000;
      }),
      texts: new Map(),
      qualities: new Uint8Array(count).fill(quality.good),
    };
    await history.append(LIVE, batch, ids);
  }
  await history.settle();
  await history.close();
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
