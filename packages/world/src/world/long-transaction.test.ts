import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createSeal } from "@doppelwerk/trust";
import { expect, test } from "vitest";
import { LIVE, type Change, type LogEntry } from "../change.ts";
import { coreKinds } from "../core-kinds.ts";
import { stateLines } from "../ports/state-lines.ts";
import type { RecordReader } from "../world.ts";
import { aWorld, note, type TestWorld } from "./a-world.fixture.ts";

const COUNT = 5_000;

/** A world with so many notes, in which `between` happens at every turn of a long transaction. */
async function longWorld() {
  const hooks: { between: (turn: number) => void } = { between: () => {} };
  let turns = 0;
  const store = openSqliteRecordStore({ path: ":memory:", kinds: coreKinds });
  const turn = async (): Promise<void> => {
    hooks.between(++turns);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const made = await aWorld({ store, turn });
  for (let at = 0; at < COUNT; at += 1_000)
    await made.create(LIVE, ...Array.from({ length: 1_000 }, (_, i) => note(`n${String(at + i).padStart(5, "0")}`, { text: "before" })));
  return { ...made, hooks, notes: (reader: RecordReader = made.world.reader(LIVE)) => reader.query({ kind: "note" }), turns: () => turns };
}

const apply = ({ world }: TestWorld, changes: readonly Change[], reason = "long") =>
  world.apply({ branch: LIVE, actor: 'a"changes":[]', reason, changes });

test("[W19] a long transaction is checked and folded in turns; others read and write between them and see all of it or nothing", async () => {
  const made = await longWorld();
  const { world, hooks, notes, create, log, turns } = made;
  const seen = new Set<number>();
  const others: Promise<unknown>[] = [];
  hooks.between = (at) => {
    seen.add(notes().length);
    // The records of the transaction itself stay readable as they were, however often.
    expect(world.reader(LIVE).get("note:n00000")).toEqual(world.revision() === 5 ? note("n00000", { text: "before" }) : expect.anything());
    if (at % 5 === 0) others.push(create(LIVE, { id: `other:${at}`, kind: "other" }));
  };
  const before = world.revision();
  const commit = await apply(
    made,
    notes().map((record) => ({ op: "delete", record })),
    'why "changes":[] not',
  );
  hooks.between = () => {};
  await Promise.all(others);
  expect(turns()).toBeGreaterThan(15);
  expect(others.length).toBeGreaterThan(2);
  expect([...seen]).toEqual([COUNT]);
  expect(commit.entry.revision).toBeGreaterThan(before + 1);
  expect(notes()).toEqual([]);
  expect(notes(world.reader(LIVE, { revision: commit.entry.revision - 1 }))).toHaveLength(COUNT);
  const entries: LogEntry[] = [];
  for await (const entry of log.read(0)) entries.push(entry);
  const at = entries.findIndex(({ revision }) => revision === commit.entry.revision);
  const { hash, ...rest } = entries[at]!;
  expect(createSeal().seal(rest, entries[at - 1]!.hash)).toBe(hash);
  const replayed = openSqliteRecordStore({ path: ":memory:", kinds: coreKinds });
  replayed.apply(entries);
  expect([...stateLines(made.store)]).toEqual([...stateLines(replayed)]);
});

test("[W19] what another writer changed between two turns refuses a long transaction as it would a short one", async () => {
  const made = await longWorld();
  const { hooks, notes, set } = made;
  let other: Promise<unknown> | undefined;
  hooks.between = (at) => void (at === 2 && (other = set(LIVE, "note:n04999", { text: "theirs" })));
  const changes = notes().map((record): Change => ({ op: "delete", record }));
  await expect(apply(made, changes)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await other;
  expect(notes()).toHaveLength(COUNT);
  // An earlier one too: it had been checked already.
  other = undefined;
  hooks.between = () => void (other ??= set(LIVE, "note:n00000", { text: "theirs" }));
  const again = notes().map((record): Change => ({ op: "delete", record }));
  await expect(apply(made, again)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await other;
  expect(notes()).toHaveLength(COUNT);
});

test("[W19] a long transaction that others come between again and again is written all the same, and nothing of theirs is lost", async () => {
  const made = await longWorld();
  const { hooks, notes, set, world } = made;
  const others: Promise<unknown>[] = [];
  // Not waited for: what is folded in turns comes before them.
  hooks.between = () => void others.push(set(LIVE, "note:n00001", { [`theirs${others.length}`]: 1 }));
  const changes = notes().map(({ id }): Change => ({ op: "update", id, fields: { text: { from: "before", to: "after" } } }));
  await apply(made, changes);
  hooks.between = () => {};
  await Promise.all(others);
  expect(others.length).toBeGreaterThan(20);
  expect(notes().filter(({ text }) => text !== "after")).toEqual([]);
  expect(Object.keys(world.reader(LIVE).get("note:n00001")!)).toHaveLength(3 + others.length);
});

test("[W19] an AAS id that another writer takes between two turns is refused", async () => {
  const made = await longWorld();
  const { hooks, create, notes } = made;
  const shell = (id: string) => ({ id: `shell:${id}`, kind: "shell", aasId: "urn:one", idShort: "", body: {}, submodels: [] });
  let other: Promise<unknown> | undefined;
  hooks.between = () => void (other ??= create(LIVE, shell("theirs")));
  const changes = [...notes().map((record): Change => ({ op: "delete", record })), { op: "create", record: shell("ours") } as const];
  await expect(apply(made, changes)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await other;
  expect(notes()).toHaveLength(COUNT);
});
