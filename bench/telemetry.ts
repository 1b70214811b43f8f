import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWallClock } from "@doppelwerk/connectors";
import { quality, type Clock, type History, type SampleBatch } from "@doppelwerk/world";
import { FollowedBatches } from "../packages/server/src/live/followed-batches.ts";
import { Intake } from "../packages/server/src/live/intake.ts";
import { SignalDirectory } from "../packages/server/src/live/signal-directory.ts";
import type { RecordedSpan } from "../packages/server/src/telemetry/span-sink.ts";
import { startOtlpReceiver } from "../scripts/otlp-receiver.ts";
import { Fed } from "./guarded-live.ts";
import { reportMedian, timed, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 7);

const SIGNALS = 2_000;
const BATCH_ROWS = 100;
const BATCHES_A_TICK = 10;
const TICKS = 1_000;

/** The way of a million values through the intake, without what stores and shows them: followed by nobody, for the state of the server, and for a receiver. Processor time, in turn. */
async function hotPath(report: Report): Promise<void> {
  const clock = createWallClock();
  const spans: RecordedSpan[] = [];
  const ways = {
    "nothing is followed": undefined,
    "followed for the state of the server": new FollowedBatches({ clock }),
    "followed for a receiver": new FollowedBatches({ clock, spans: { record: (span) => void spans.push(span) } }),
  };
  const used = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  for (let run = 0; run <= 2 * RUNS; run++)
    for (const [name, followed] of run % 2 === 0 ? Object.entries(ways) : Object.entries(ways).toReversed()) {
      const { cpuS } = await timed(() => through(clock, followed));
      if (run > 0) used.get(name)!.push(cpuS * 1_000);
    }
  const [none] = used.values();
  for (const [name, values] of used) {
    reportMedian(report, "telemetry", `a million values through the intake, ${name}`, "ms", values);
    if (values !== none)
      reportMedian(
        report,
        "telemetry",
        `${name} ÷ nothing is`,
        "×",
        values.map((value, run) => value / none![run]!),
      );
  }
}

async function through(clock: Clock, followed: FollowedBatches | undefined): Promise<void> {
  const signals = new SignalDirectory();
  for (let n = 0; n < SIGNALS; n++) signals.table.put({ id: `signal:${n}`, kind: "signal", name: `s${n}`, valueType: "double" });
  const intake = new Intake({
    signals,
    history: { append: async () => {} } as unknown as History,
    clock,
    ...(followed && { followed }),
    onTick: () => {},
    onPast: () => {},
    onNotice: () => {},
    onFault: (message, error) => console.error(message, error),
  });
  for (let tick = 0; tick < TICKS; tick++) {
    for (let n = 0; n < BATCHES_A_TICK; n++) {
      const batch = batchAt(clock.now(), n * BATCH_ROWS);
      void intake.offer(batch, intake.follow(batch));
    }
    intake.drain();
    // what is stored is stored
    await undefined;
  }
}

function batchAt(now: number, first: number): SampleBatch {
  return {
    origin: "measured",
    count: BATCH_ROWS,
    signals: Uint32Array.from({ length: BATCH_ROWS }, (_, row) => (first + row) % SIGNALS),
    values: new Float64Array(BATCH_ROWS).fill(now),
    qualities: new Uint8Array(BATCH_ROWS).fill(quality.good),
    sourceTimes: new Float64Array(BATCH_ROWS).fill(now),
    serverTimes: new Float64Array(BATCH_ROWS).fill(now),
    texts: new Map(),
  };
}

/**
 * 10,000 values a second pushed into a server with ten viewers of all 2,000 signals, once without a receiver of traces and once with one that takes them,
 * in turn in each run. Processor time of the whole server a second. Bar: at most 5 % more with it.
 */
export async function bench(report: Report): Promise<void> {
  await hotPath(report);
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-telemetry-"));
  const receiver = await startOtlpReceiver();
  const [without, exporting] = await Promise.all([
    Fed.plain(join(root, "without")),
    Fed.plain(join(root, "with"), ["--telemetry", receiver.url]),
  ]);
  const cores = new Map<Fed, number[]>([
    [without, []],
    [exporting, []],
  ]);
  try {
    for (let run = 0; run <= RUNS; run++)
      for (const one of run % 2 === 0 ? [without, exporting] : [exporting, without]) {
        const used = await one.window();
        // the first warms up
        if (run > 0) cores.get(one)!.push(used);
      }
    const [plain, traced] = [cores.get(without)!, cores.get(exporting)!];
    reportMedian(report, "telemetry", "10,000 values/s, ten viewers, without a receiver of traces", "cores", plain);
    reportMedian(report, "telemetry", "with one", "cores", traced);
    reportMedian(
      report,
      "telemetry",
      "with ÷ without",
      "×",
      traced.map((used, run) => used / plain[run]!),
    );
    report({ bench: "telemetry", metric: "spans received", value: receiver.spans.length, unit: "", n: 1, spread: 0, load: 0, machine: "" });
  } finally {
    await Promise.all([without.stop(), exporting.stop()]);
    await receiver.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
