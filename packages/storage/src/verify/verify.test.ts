import { createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld, type AccessGate, type ChangeLog, type LogEntry, type RecordStore } from "@doppelwerk/world";
import { describe, expect, test } from "vitest";
import { createMemoryChangeLog, createMemoryRecordStore } from "../memory/index.ts";
import { verifyWorld } from "./index.ts";

const seal = createSeal();
const openStore = (): RecordStore => createMemoryRecordStore(coreKinds);

async function written(): Promise<{ readonly log: ChangeLog; readonly store: RecordStore; readonly entries: readonly LogEntry[] }> {
  const log = createMemoryChangeLog();
  const store = openStore();
  let [now, next] = [1_790_000_000_000_000, 0];
  const gate: AccessGate = {
    classOf: () => "everyone",
    decide: () => ({ allowed: true }),
    mayRead: () => true,
    mayReadAll: () => true,
    mayChange: () => ({ allowed: true }),
  };
  const world = await openWorld({
    store,
    log,
    leaseEpoch: 1,
    clock: { now: () => ++now },
    ids: { next: (kind) => `${kind}:${++next}` },
    seal,
    kinds: coreKinds,
    gate,
  });
  for (let i = 0; i < 5; i++)
    await world.apply({
      branch: LIVE,
      actor: "ann",
      reason: "",
      changes: [{ op: "create", record: { id: `note:${i}`, kind: "note", i } }],
    });
  const { id } = await world.fork({ name: "f", parent: LIVE, instant: now, actor: "ann", reason: "" });
  await world.apply({
    branch: id,
    actor: "ann",
    reason: "",
    changes: [{ op: "update", id: "note:1", fields: { i: { from: 1, to: 10 } } }],
  });
  const entries: LogEntry[] = [];
  for await (const entry of log.read(0)) entries.push(entry);
  return { log, store, entries };
}

async function logOf(entries: readonly LogEntry[]): Promise<ChangeLog> {
  return {
    lastRevision: async () => entries.length,
    append: async () => {},
    close: async () => {},
    read: async function* (after) {
      yield* entries.slice(after);
    },
  };
}

describe("[ST15] verifying", () => {
  test("an intact world has no findings, with a cache, with one that is behind, and without", async () => {
    const { log, store, entries } = await written();
    const intact = { revisions: 7, lastHash: entries.at(-1)!.hash, findings: [] };
    expect(await verifyWorld({ log, cache: store, openStore, seal })).toEqual(intact);
    expect(await verifyWorld({ log, openStore, seal })).toEqual(intact);
    const behind = openStore();
    behind.apply(entries.slice(0, 3));
    expect(await verifyWorld({ log, cache: behind, openStore, seal })).toEqual(intact);
    expect(await verifyWorld({ log, cache: openStore(), openStore, seal })).toEqual(intact);
  });

  test("an altered entry is found at its revision", async () => {
    const { entries } = await written();
    const altered = entries.map((entry, i) => (i === 3 ? { ...entry, actor: "eve" } : entry));
    expect((await verifyWorld({ log: await logOf(altered), openStore, seal })).findings).toMatchObject([{ kind: "chain", revision: 4 }]);
    expect((await verifyWorld({ log: await logOf(entries.filter((_, i) => i !== 3)), openStore, seal })).findings[0]).toMatchObject({
      kind: "chain",
      revision: 4,
    });
  });

  test("a cache that says something else is found, down to one value", async () => {
    const { log, entries } = await written();
    const wrong = openStore();
    wrong.apply(
      entries.map((entry, i) =>
        i === 2 ? { ...entry, changes: [{ op: "create", record: { id: "note:2", kind: "note", i: 99 } }] } : entry,
      ),
    );
    expect((await verifyWorld({ log, cache: wrong, openStore, seal })).findings).toMatchObject([
      { kind: "cache", message: expect.stringContaining("note:2") },
    ]);
    const ahead = openStore();
    ahead.apply(entries);
    expect((await verifyWorld({ log: await logOf(entries.slice(0, 4)), cache: ahead, openStore, seal })).findings).toMatchObject([
      { kind: "cache", message: expect.stringContaining("ends at 4") },
    ]);
  });

  test("a log that cannot be replayed is a finding, not an exception", async () => {
    const { entries } = await written();
    const { hash: _hash, ...rest } = { ...entries[4]!, changes: [{ op: "update", id: "note:none", fields: {} }] as const };
    const impossible = [...entries.slice(0, 4), { ...rest, hash: seal.seal(rest, entries[3]!.hash) }];
    expect((await verifyWorld({ log: await logOf(impossible), openStore, seal })).findings).toMatchObject([
      { kind: "replay", revision: 5 },
    ]);
  });
});
