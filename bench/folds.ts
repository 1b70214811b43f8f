import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { alarmDefinition, alarmFold, flowFold, inputsOfAlarms, inputsOfFlow, kpiFold, kpiInstance } from "@doppelwerk/operations";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { createFoldRun, DAY, LIVE, SECOND, type History, type Instant, type Sample } from "@doppelwerk/world";
import { recordedRules } from "../packages/operations/src/line/recorded-plant.fixture.ts";
import { batchOf, fixtureLine, runLine, sample, SHIFT_START, stream } from "../packages/operations/src/line/small-line.fixture.ts";
import { derivePast } from "../packages/server/src/folds/derive-past.ts";
import { readPast } from "../packages/server/src/folds/past-reader.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const DAYS = Number(process.env["DAYS"] ?? 30);
const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
/** Process values that alarms are judged by, each every ten seconds. */
const TEMPERATURES = ["A", "B"];
const URLS = {
  flow: new URL("../features/line/folds/flow.ts", import.meta.url).href,
  kpis: new URL("../features/kpis/folds/kpis.ts", import.meta.url).href,
  alarms: new URL("../features/alarms/folds/alarms.ts", import.meta.url).href,
};

/**
 * Flow, key figures and alarms of a small line over thirty recorded days: CPU of a sample with reading it (bar: 5 µs), in the thread that measures and through a worker;
 * and the time of a GET of the last value, from another thread, while the thirty days are derived in the worker (bar: p99 of 50 ms).
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-folds-"));
  const open = (): Promise<History> => openSegmentHistory({ directory: join(root, "history") });
  const written = await open();
  const { rows, from, to } = await record(written);
  await written.close();
  // as after a start: what is past lies in segments
  const history = await open();
  try {
    const [here, through, latencies, idle]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round <= ROUNDS; round++) {
      const own = await foldHere(history, from, to);
      const worker = await foldThere(history, from, to);
      const quiet = await latenciesOf(history, () => new Promise((resolve) => setTimeout(resolve, 3_000)));
      const busy = await latenciesOf(history, () => foldThere(history, from, to));
      // the first round warms the compiler up
      if (round === 0) continue;
      here.push((own * 1_000) / rows);
      through.push((worker * 1_000) / rows);
      latencies.push(quantile(busy, 0.99));
      idle.push(quantile(quiet, 0.99));
    }
    const size = `${DAYS} days, ${rows} samples`;
    reportMedian(report, "folds", `CPU a sample, reading included, ${size}`, "µs", here);
    reportMedian(report, "folds", "the same through a worker, both threads", "µs", through);
    reportMedian(report, "folds", `p99 of a GET while ${DAYS} days are derived`, "ms", latencies);
    reportMedian(report, "folds", "baseline: p99 of the same GET while nothing is derived", "ms", idle);
  } finally {
    await history.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function record(history: History): Promise<{ readonly rows: number; readonly from: Instant; readonly to: Instant }> {
  let rows = 0;
  for (let day = 0; day < DAYS; day++) {
    const from = SHIFT_START + day * DAY;
    const random = stream(day + 1);
    const samples: Sample[] = [...runLine(day + 1, 800, { from }).samples];
    for (let at = from; at < from + DAY; at += 10 * SECOND)
      for (const station of TEMPERATURES) samples.push(sample(station, "Temperature", 40 + 32 * random(), at));
    samples.sort((a, b) => a.sourceTime - b.sourceTime);
    const { batch, ids } = batchOf(samples);
    await history.append(LIVE, batch, ids);
    rows += samples.length;
  }
  return { rows, from: SHIFT_START, to: SHIFT_START + DAYS * DAY };
}

function members() {
  const flow = { line: fixtureLine() };
  const inputs = inputsOfFlow(flow);
  const first = inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));
  const alarms = alarmDefinition({ rules: recordedRules, since: {} }, first);
  return [
    { fold: flowFold, url: URLS.flow, subject: "line", definition: flow, inputs },
    { fold: kpiFold, url: URLS.kpis, ...kpiInstance(flow.line) },
    { fold: alarmFold, url: URLS.alarms, subject: "plant", definition: alarms, inputs: inputsOfAlarms(alarms, ["line"]) },
  ];
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
};
const wanted = (ids: readonly string[]) => ids.map((id, index) => ({ id, index }));

async function foldHere(history: History, from: Instant, to: Instant): Promise<number> {
  const run = createFoldRun(members());
  const before = process.cpuUsage();
  let concluded = 0;
  for await (const { batch, to: end } of readPast(history, wanted(run.signals), from, to)) {
    run.step(batch, run.signals);
    run.advance(end - 1);
    concluded += run.drain().length;
  }
  if (concluded === 0 || run.faults().length > 0) throw new Error("nothing was concluded");
  return cpuMs(before);
}

async function foldThere(history: History, from: Instant, to: Instant): Promise<number> {
  const before = process.cpuUsage();
  const there = members().map(({ fold: _fold, ...member }) => member);
  await derivePast({ history, wanted, members: there, from, to, onPiece: () => {}, signal: new AbortController().signal });
  return cpuMs(before);
}

/** Times of GETs, one after another, from a thread of their own. */
async function latenciesOf(history: History, work: () => Promise<unknown>): Promise<number[]> {
  const server = createServer(async (_request, response) => {
    const [last] = await history.at([{ branch: LIVE, signal: "signal:A.Temperature" }], SHIFT_START + DAY);
    response.end(JSON.stringify(last));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
     let on = true;
     parentPort.once("message", () => (on = false));
     (async () => {
       const times = [];
       while (on) {
         const before = performance.now();
         await (await fetch("http://127.0.0.1:" + workerData)).text();
         times.push(performance.now() - before);
         await new Promise((resolve) => setTimeout(resolve, 5));
       }
       parentPort.postMessage(times);
     })();`,
    { eval: true, workerData: port },
  );
  const times = new Promise<number[]>((resolve, reject) => client.on("message", resolve).on("error", reject));
  await work();
  client.postMessage("end");
  const all = await times;
  await client.terminate();
  server.closeAllConnections();
  server.close();
  return all.toSorted((a, b) => a - b);
}
