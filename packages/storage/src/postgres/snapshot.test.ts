import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { createMemoryRecordStore } from "../memory/index.ts";
import { openPostgresChangeLog, openPostgres, PostgresSnapshot, type PostgresDatabase } from "./index.ts";

let server: PostgresServer;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await startPostgres();
  database = await openPostgres(server.url);
}, 300_000);
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

test("[ST76] a snapshot shows worlds as they were at one instant, page by page, whatever is written and removed meanwhile; it holds nobody up and writes nothing", async () => {
  const log = await openPostgresChangeLog({ database, world: "default" });
  let next = 0;
  const world = await openWorld({
    store: createMemoryRecordStore(coreKinds),
    log,
    leaseEpoch: 3,
    clock: { now: () => 1_790_000_000_000_000 },
    ids: { next: (kind) => `${kind}:${++next}` },
    seal: createSeal(),
    kinds: coreKinds,
    gate: {
      classOf: () => "everyone",
      decide: () => ({ allowed: true }),
      mayRead: () => true,
      mayReadAll: () => true,
      mayChange: () => ({ allowed: true }),
    },
  });
  let notes = 0;
  const write = async (count: number): Promise<void> => {
    const all = Array.from({ length: count }, () => {
      const record = { id: `note:${++notes}`, kind: "note", text: `note ${notes}` };
      return world.apply({ branch: LIVE, actor: "ann", reason: "r", changes: [{ op: "create", record }] });
    });
    await Promise.all(all);
  };
  await write(1_203);
  const snapshot = await PostgresSnapshot.open(server.url);
  const head = (await snapshot.head("default"))!;
  expect(head).toMatchObject({ revision: 1_203, epoch: 3, owner: undefined });
  await write(50);
  await database.query("DELETE FROM doppelwerk.changes WHERE revision < 10");
  const revisions: number[] = [];
  for await (const page of snapshot.entries("default", 0)) {
    revisions.push(...page.map(({ entry }) => entry.revision));
    await write(1);
  }
  expect(revisions).toEqual(Array.from({ length: 1_203 }, (_, n) => n + 1));
  expect(await snapshot.hashAt("default", 1_203)).toBe(head.hash);
  expect(await snapshot.hashAt("default", 1_204)).toBeUndefined();
  expect(await snapshot.head("another")).toBeUndefined();
  expect([await snapshot.hasSamples("default"), await snapshot.series("default")]).toEqual([false, []]);
  await snapshot.close();
  await expect(snapshot.head("default")).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  const later = await PostgresSnapshot.open(server.url);
  expect((await later.head("default"))!.revision).toBeGreaterThan(1_253);
  await later.close();
  await world.close();
  await database.query("UPDATE doppelwerk.format SET version = 99");
  await expect(PostgresSnapshot.open(server.url)).rejects.toMatchObject({ code: "DW_FORMAT_NEWER" });
}, 120_000);
