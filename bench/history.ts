import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSegmentHistory, type SegmentHistory } from "@doppelwerk/storage/segments";
import type { SampleBatch } from "@doppelwerk/world";
import { installDuckDb } from "./baselines/duckdb-appender.ts";
import { reportMedian, type Report } from "./report.ts";

const SERIES = 1_000;
const SECONDS = 10_000;
const ROWS_A_BATCH = 40_000;
const RUNS = 5;
const START = 1_790_000_000_000_000;

/** What is long is done with SOAK set, once. */
const SOAK = process.env["SOAK"] !== undefined;

/**
 * 10 million points of 1,000 series in order of arrival, a second apart with 0 to 35 ms of jitter, a random walk in steps of 0.01, as batches of
 * 40,000 rows, each acknowledged only when it is on disk. Baselines, in turn with it: the same columns written to one file with fdatasync a batch, and
 * through DuckDB's appender in data chunks, committed a batch like ours and once at the end. CPU counts all threads. Then the questions of a screen, on what was stored and opened again.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-history-"));
  const signalIds = Array.from({ length: SERIES }, (_, i) => `signal:${i}`);
  const batches = makeBatches();
  const points = SERIES * SECONDS;
  const results = {
    ours: [] as number[],
    oursWall: [] as number[],
    raw: [] as number[],
    rawWall: [] as number[],
    ratio: [] as number[],
    bytes: [] as number[],
    duckDurable: [] as number[],
    duck: [] as number[],
    duckRatio: [] as number[],
  };
  const duckdb = installDuckDb(join(root, "duckdb"));
  try {
    let directory = "";
    for (let run = 0; run < RUNS; run++) {
      directory = join(root, String(run));
      const raw = measure(() => writeRaw(join(root, `raw-${run}`), batches));
      const history = await openSegmentHistory({ directory });
      const ours = await measureAsync(async () => {
        for (const batch of batches) await history.append("live", batch, signalIds);
        await history.settle();
      });
      results.ours.push(points / ours.cpuS / 1e6);
      results.oursWall.push(points / ours.wallS / 1e6);
      results.raw.push(points / raw.cpuS / 1e6);
      results.rawWall.push(points / raw.wallS / 1e6);
      results.ratio.push(raw.cpuS / ours.cpuS);
      results.bytes.push(history.statistics().segmentBytes / points);
      await history.close();
      if (duckdb !== undefined) {
        const durable = await measureAsync(() => duckdb(join(root, `durable-${run}.duckdb`), batches, true));
        const atOnce = await measureAsync(() => duckdb(join(root, `${run}.duckdb`), batches, false));
        results.duckDurable.push(points / durable.cpuS / 1e6);
        results.duck.push(points / atOnce.cpuS / 1e6);
        results.duckRatio.push(Math.min(durable.cpuS, atOnce.cpuS) / ours.cpuS);
      }
      if (run < RUNS - 1) rmSync(directory, { recursive: true });
    }
    reportMedian(report, "history", "ingest incl. log, segments and merges", "Mpoint/cpu-s", results.ours);
    reportMedian(report, "history", "ingest, wall", "Mpoint/s", results.oursWall);
    reportMedian(report, "history", "baseline: raw columns to a file with fdatasync", "Mpoint/cpu-s", results.raw);
    reportMedian(report, "history", "baseline, wall", "Mpoint/s", results.rawWall);
    reportMedian(report, "history", "ratio of CPU to the baseline", "", results.ratio);
    if (duckdb !== undefined) {
      reportMedian(report, "history", "baseline: DuckDB's appender in chunks, committed a batch", "Mpoint/cpu-s", results.duckDurable);
      reportMedian(report, "history", "baseline: DuckDB's appender in chunks, committed at the end", "Mpoint/cpu-s", results.duck);
      reportMedian(report, "history", "points a CPU-second ÷ the better of DuckDB's", "", results.duckRatio);
    }
    reportMedian(report, "history", "size on disk, all columns", "B/point", results.bytes);
    await askQuestions(report, directory, signalIds);
    rmSync(directory, { recursive: true });
    await manySignals(report, join(root, "many"));
    if (SOAK) await longHistory(report, join(root, "long"), signalIds);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function askQuestions(report: Report, directory: string, signalIds: readonly string[]): Promise<void> {
  const opens: number[] = [];
  let history: SegmentHistory | undefined;
  for (let run = 0; run < RUNS; run++) {
    await history?.close();
    const start = performance.now();
    history = await openSegmentHistory({ directory });
    opens.push(performance.now() - start);
  }
  reportMedian(report, "history", "open", "ms", opens);
  const keys = signalIds.map((signal) => ({ branch: "live", signal }));
  const end = START + SECONDS * 1_000_000;
  await history!.append("live", states(), ["signal:state"]);
  const ask = async (metric: string, unit: string, question: (run: number) => Promise<unknown>): Promise<void> => {
    await question(0);
    const times: number[] = [];
    for (let run = 1; run <= 9; run++) {
      const start = performance.now();
      await question(run);
      times.push(performance.now() - start);
    }
    reportMedian(report, "history", metric, unit, times);
  };
  await ask("q1: one series, 10,000 points in 1,000 buckets, cold", "ms", (run) => history!.buckets(keys[run * 7]!, START, end, 1000));
  await ask("q1 with three percentiles", "ms", (run) => history!.buckets(keys[400 + run * 7]!, START, end, 1000, [5, 50, 95]));
  await ask("seconds in each state of 24 buckets, a state a minute", "ms", () =>
    history!.durations({ branch: "live", signal: "signal:state" }, START, end, 24),
  );
  await ask("q1, warm", "ms", () => history!.buckets(keys[3]!, START, end, 1000));
  await ask("one series whole, raw, cold", "ms", (run) => history!.raw(keys[100 + run * 7]!, START, end));
  await ask("all 1,000 series at one instant, cold", "ms", (run) => history!.at(keys, START + run * 999_000_000));
  await ask("all 1,000 series at one instant, warm", "ms", () => history!.at(keys, START + 5_000_000_000));
  await ask("1,000 series, 3 buckets each, from the index", "ms", () =>
    Promise.all(keys.map((key) => history!.buckets(key, START, end, 3))),
  );
  await history?.close();
}

const DAY = 86_400_000_000;
const MANY = 10_000;

/** 10,000 signals over 30 days, a value an hour (with SOAK: every five minutes), each at its own minute: opening, and the state of all 30 days back. */
async function manySignals(report: Report, directory: string): Promise<void> {
  const signalIds = Array.from({ length: MANY }, (_, i) => `signal:${i}`);
  const every = SOAK ? 300_000_000 : 3_600_000_000;
  let history = await openSegmentHistory({ directory });
  for (let time = 0; time < 30 * DAY; time += every) {
    const times = Float64Array.from({ length: MANY }, (_, series) => START + time + ((series * 997) % (every / 1_000)) * 1_000);
    await history.append(
      "live",
      {
        origin: "measured",
        count: MANY,
        signals: Uint32Array.from(times, (_, series) => series),
        values: Float64Array.from(times, (at, series) => Math.round(Math.sin(at / 1e10 + series) * 5_000) / 100),
        texts: new Map(),
        qualities: new Uint8Array(MANY),
        sourceTimes: times,
        serverTimes: times,
      },
      signalIds,
    );
  }
  await history.settle();
  const opens: number[] = [];
  const states: number[] = [];
  const keys = signalIds.map((signal) => ({ branch: "live", signal }));
  for (let run = 0; run < RUNS; run++) {
    await history.close();
    let start = performance.now();
    history = await openSegmentHistory({ directory });
    opens.push(performance.now() - start);
    start = performance.now();
    const found = await history.at(keys, START + 2 * every + run * every);
    states.push(performance.now() - start);
    if (found.some((sample) => sample === undefined)) throw new Error("a signal has no state");
  }
  reportMedian(report, "history", "open 10,000 signals of 30 days", "ms", opens);
  reportMedian(report, "history", "state of 10,000 signals 30 days back, first question after opening", "ms", states);
  await history.close();
}

/** 100 million points of 1,000 series, then one of them in 1,000 buckets. */
async function longHistory(report: Report, directory: string, signalIds: readonly string[]): Promise<void> {
  const history = await openSegmentHistory({ directory });
  const span = SECONDS * 1_000_000;
  for (let part = 0; part < 10; part++) for (const batch of makeBatches(part * span)) await history.append("live", batch, signalIds);
  await history.settle();
  const times: number[] = [];
  for (let run = 0; run < 9; run++) {
    const start = performance.now();
    await history.buckets({ branch: "live", signal: signalIds[run * 7]! }, START, START + 10 * span, 1_000);
    times.push(performance.now() - start);
  }
  reportMedian(report, "history", "one of 1,000 series, 100 M points in all, 1,000 buckets, cold", "ms", times);
  reportMedian(report, "history", "size on disk, 100 M points", "B/point", [history.statistics().segmentBytes / (10 * SERIES * SECONDS)]);
  await history.close();
}

function makeBatches(after = 0): SampleBatch[] {
  let state = 88_172_645;
  const random = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  const walk = new Float64Array(SERIES).fill(2000);
  const batches: SampleBatch[] = [];
  let row = 0;
  let batch = emptyBatch();
  for (let second = 0; second < SECONDS; second++) {
    for (let series = 0; series < SERIES; series++) {
      walk[series]! += Math.round((random() - 0.5) * 8);
      batch.signals[row] = series;
      batch.values[row] = walk[series]! / 100;
      batch.sourceTimes[row] = START + after + second * 1_000_000 + Math.floor(random() * 36) * 1000;
      batch.serverTimes[row] = START + after + second * 1_000_000 + 50_000;
      if (++row < ROWS_A_BATCH) continue;
      batches.push(batch);
      batch = emptyBatch();
      row = 0;
    }
  }
  return batches;
}

/** A state that changes once a minute. */
function states(): SampleBatch {
  const times = Float64Array.from({ length: Math.floor(SECONDS / 60) }, (_, minute) => START + minute * 60_000_000);
  return {
    origin: "measured",
    count: times.length,
    signals: new Uint32Array(times.length),
    values: new Float64Array(times.length).fill(Number.NaN),
    texts: new Map(Array.from(times, (_, row) => [row, ["Run", "Idle", "Stop"][row % 3]!])),
    qualities: new Uint8Array(times.length),
    sourceTimes: times,
    serverTimes: times,
  };
}

function emptyBatch(): SampleBatch {
  return {
    origin: "measured",
    count: ROWS_A_BATCH,
    signals: new Uint32Array(ROWS_A_BATCH),
    values: new Float64Array(ROWS_A_BATCH),
    texts: new Map(),
    qualities: new Uint8Array(ROWS_A_BATCH),
    sourceTimes: new Float64Array(ROWS_A_BATCH),
    serverTimes: new Float64Array(ROWS_A_BATCH),
  };
}

function writeRaw(path: string, batches: readonly SampleBatch[]): void {
  const file = openSync(path, "w");
  for (const { signals, values, qualities, sourceTimes, serverTimes } of batches) {
    for (const column of [signals, values, qualities, sourceTimes, serverTimes]) writeSync(file, new Uint8Array(column.buffer));
    fdatasyncSync(file);
  }
  closeSync(file);
  rmSync(path);
}

interface Cost {
  readonly cpuS: number;
  readonly wallS: number;
}

function measure(work: () => void): Cost {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  return costSince(cpu, start);
}

async function measureAsync(work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  return costSince(cpu, start);
}

function costSince(before: NodeJS.CpuUsage, start: number): Cost {
  const { user, system } = process.cpuUsage(before);
  return { cpuS: (user + system) / 1e6, wallS: (performance.now() - start) / 1000 };
}
