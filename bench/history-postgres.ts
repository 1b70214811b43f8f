import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres, openPostgresHistory } from "@doppelwerk/storage/postgres";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import type { SampleBatch } from "@doppelwerk/world";
import { startPostgres } from "../scripts/postgres-server.ts";
import { reportMedian, type Report } from "./report.ts";

const SERIES = 100;
const ROWS = 20_000;
const BATCHES = 10;
const RUNS = 5;
const START = 1_790_000_000_000_000;

/** 200,000 points of 100 series in batches of 20,000 into PostgreSQL and, in turn, into segments; then one series in 1,000 buckets from both. */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-history-postgres-"));
  const server = await startPostgres();
  const ids = Array.from({ length: SERIES }, (_, i) => `signal:${i}`);
  const points = ROWS * BATCHES;
  const results = { postgres: [] as number[], segments: [] as number[], askPostgres: [] as number[], askSegments: [] as number[] };
  try {
    const database = await openPostgres(server.url);
    for (let run = 0; run < RUNS; run++) {
      const drivers = {
        postgres: await openPostgresHistory({ database: await openPostgres(server.url), world: String(run) }),
        segments: await openSegmentHistory({ directory: join(root, String(run)) }),
      };
      for (const name of ["postgres", "segments"] as const) {
        const start = performance.now();
        for (let n = 0; n < BATCHES; n++) await drivers[name].append("live", batchOf(n), ids);
        results[name].push(points / (performance.now() - start) / 1000);
        const asked = performance.now();
        await drivers[name].buckets({ branch: "live", signal: ids[7]! }, START, START + (points / SERIES) * 1e6, 1_000);
        results[name === "postgres" ? "askPostgres" : "askSegments"].push(performance.now() - asked);
        await drivers[name].close();
      }
    }
    const [size] = await database.query<{ bytes: string }>("SELECT pg_total_relation_size('doppelwerk.samples') AS bytes");
    await database.close();
    const ours = reportMedian(report, "history-pg", "ingest into PostgreSQL, wall", "Mpoint/s", results.postgres);
    const segments = reportMedian(report, "history-pg", "baseline: into segments, wall", "Mpoint/s", results.segments);
    reportMedian(report, "history-pg", "ratio to segments", "", [ours / segments]);
    reportMedian(report, "history-pg", "size in PostgreSQL with its index", "B/point", [Number(size!.bytes) / (points * RUNS)]);
    reportMedian(report, "history-pg", "one series of 2,000 points in 1,000 buckets", "ms", results.askPostgres);
    reportMedian(report, "history-pg", "baseline: the same from segments", "ms", results.askSegments);
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function batchOf(n: number): SampleBatch {
  const times = Float64Array.from(
    { length: ROWS },
    (_, row) => START + (n * (ROWS / SERIES) + Math.floor(row / SERIES)) * 1e6 + ((row * 7) % 36) * 1_000,
  );
  return {
    origin: "measured",
    count: ROWS,
    signals: Uint32Array.from(times, (_, row) => row % SERIES),
    values: Float64Array.from(times, (time, row) => Math.round(Math.sin(time / 1e8 + row) * 5_000) / 100),
    texts: new Map(),
    qualities: new Uint8Array(ROWS),
    sourceTimes: times,
    serverTimes: times,
  };
}
