import { mkdtempSync, openSync, closeSync, fdatasyncSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type World } from "@doppelwerk/world";
import { BENCH_PERSON, openDurableWorld } from "./durable-world.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;
const WRITES = 5000;
const WRITERS = 500;

/**
 * Durable single-field changes a second: validated, chained, fsynced in a group, folded, answered. The baseline in the same run is one fsync a
 * change on the same disk, without anything else.
 */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-patch-"));
  const rates: number[] = [];
  const baseline: number[] = [];
  const latencies: number[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const { world, close } = await openDurableWorld(join(root, String(run)));
      const { seconds, latency } = await patchAll(world);
      rates.push(WRITES / seconds);
      latencies.push(latency * 1000);
      await close();
      baseline.push(singleFsyncs(join(root, `single-${run}`)));
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  const rate = reportMedian(report, "patch", "durable changes", "1/s", rates);
  reportMedian(report, "patch", "median latency of a change", "ms", latencies);
  const single = reportMedian(report, "patch", "baseline: one fsync a change", "1/s", baseline);
  reportMedian(report, "patch", "ratio to the baseline", "", [rate / single]);
}

/** Many writers, each waiting for its answer before the next change: how a server's requests come. */
async function patchAll(world: World): Promise<{ readonly seconds: number; readonly latency: number }> {
  const changes = Array.from({ length: WRITERS }, (_, i) => ({
    op: "create" as const,
    record: {
      id: `element:${i}`,
      kind: "element",
      submodel: "submodel:1",
      parent: "submodel:1",
      order: "a0",
      modelType: "Property",
      idShort: `P${i}`,
      body: { valueType: "xs:int" },
      value: "0",
    },
  }));
  await world.apply({ branch: LIVE, actor: BENCH_PERSON.id, reason: "create", changes });
  const latencies: number[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let i = 0; i < WRITES / WRITERS; i++) {
        const asked = performance.now();
        await world.apply({
          branch: LIVE,
          actor: BENCH_PERSON.id,
          reason: "set",
          changes: [{ op: "update", id: `element:${writer}`, fields: { value: { from: String(i), to: String(i + 1) } } }],
        });
        latencies.push(performance.now() - asked);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  return { seconds, latency: latencies.sort((a, b) => a - b)[latencies.length >> 1]! / 1000 };
}

function singleFsyncs(path: string): number {
  const file = openSync(path, "w");
  const bytes = Buffer.alloc(300, "x");
  const start = performance.now();
  let count = 0;
  for (; count < 2000 && performance.now() - start < 500; count++) {
    writeSync(file, bytes);
    fdatasyncSync(file);
  }
  closeSync(file);
  return count / ((performance.now() - start) / 1000);
}
