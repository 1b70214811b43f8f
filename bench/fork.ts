import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder, openFileChangeLog } from "@doppelwerk/storage/files";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld, type WorldRecord } from "@doppelwerk/world";
import { reportMedian, type Report } from "./report.ts";

const RECORDS = 100_000;
const FORKS = 9;

/** Forking a world of 100 000 records, durable, until the branch can be read; the baseline is copying what a fork does not copy: one read of every record. */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-fork-"));
  const folder = await openDataFolder(join(root, "data"), { owner: "bench" });
  const log = await openFileChangeLog({ directory: folder.paths.changes });
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
  let next = 0;
  const clock = { now: () => Date.now() * 1000 };
  const world = await openWorld({
    store,
    log,
    leaseEpoch: folder.epoch,
    clock,
    ids: { next: (kind) => `${kind}:${++next}` },
    seal: createSeal(),
    kinds: coreKinds,
    gate: { decide: () => ({ allowed: true }), mayRead: () => true, mayChange: () => ({ allowed: true }) },
  });
  try {
    for (let start = 0; start < RECORDS; start += 10_000)
      await world.apply({
        branch: LIVE,
        actor: "account:bench",
        reason: "import",
        changes: Array.from({ length: 10_000 }, (_, i) => ({ op: "create" as const, record: elementOf(start + i) })),
      });
    const forks: number[] = [];
    const copies: number[] = [];
    for (let run = 0; run < FORKS; run++) {
      const start = performance.now();
      const branch = await world.fork({ name: `fork ${run}`, parent: LIVE, instant: clock.now(), actor: "account:bench", reason: "bench" });
      if (world.reader(branch.id).get("element:99999")?.["value"] !== "99999") throw new Error("the fork does not read its parent");
      forks.push(performance.now() - start);
      if (run % 2 === 0) copies.push(copyTime(() => world.reader(branch.id).query({ kind: "element" })));
    }
    const fork = reportMedian(report, "fork", `fork of ${RECORDS} records`, "ms", forks);
    const copy = reportMedian(report, "fork", "baseline: reading every record once", "ms", copies);
    reportMedian(report, "fork", "ratio to the baseline", "", [copy / fork]);
  } finally {
    await world.close();
    await log.close();
    store.close();
    await folder.close();
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
