import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type WorldRecord } from "@doppelwerk/world";
import { BENCH_PERSON, benchClock, openDurableWorld } from "./durable-world.ts";
import { reportMedian, type Report } from "./report.ts";

const RECORDS = 100_000;
const FORKS = 9;

/** Forking a world of 100 000 records, durable, until the branch can be read; the baseline is copying what a fork does not copy: one read of every record. */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-fork-"));
  const { world, close } = await openDurableWorld(join(root, "data"));
  try {
    for (let start = 0; start < RECORDS; start += 10_000)
      await world.apply({
        branch: LIVE,
        actor: BENCH_PERSON.id,
        reason: "import",
        changes: Array.from({ length: 10_000 }, (_, i) => ({ op: "create" as const, record: elementOf(start + i) })),
      });
    const forks: number[] = [];
    const copies: number[] = [];
    for (let run = 0; run < FORKS; run++) {
      const start = performance.now();
      const branch = await world.fork({
        name: `fork ${run}`,
        parent: LIVE,
        instant: benchClock.now(),
        actor: BENCH_PERSON.id,
        reason: "bench",
      });
      if (world.reader(branch.id).get("element:99999")?.["value"] !== "99999") throw new Error("the fork does not read its parent");
      forks.push(performance.now() - start);
      if (run % 2 === 0) copies.push(copyTime(() => world.reader(branch.id).query({ kind: "element" })));
    }
    const fork = reportMedian(report, "fork", `fork of ${RECORDS} records`, "ms", forks);
    const copy = reportMedian(report, "fork", "baseline: reading every record once", "ms", copies);
    reportMedian(report, "fork", "ratio to the baseline", "", [copy / fork]);
  } finally {
    await close();
    rmSync(root, { recursive: true, force: true });
  }
}

function elementOf(i: number): WorldRecord {
  return {
    id: `element:${i}`,
    kind: "element",
    submodel: `submodel:${i % 500}`,
    parent: `submodel:${i % 500}`,
    order: "a0",
    modelType: "Property",
    idShort: `P${i}`,
    body: { valueType: "xs:int" },
    value: String(i),
  };
}

function copyTime(read: () => readonly unknown[]): number {
  const start = performance.now();
  if (read().length !== RECORDS) throw new Error("records are missing");
  return performance.now() - start;
}
