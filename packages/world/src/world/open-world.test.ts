import { message, verbatim } from "@doppelwerk/messages";
import { createMemoryChangeLog, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { describe, expect, test } from "vitest";
import { LIVE, type LogEntry } from "../change.ts";
import { coreKinds } from "../core-kinds.ts";
import { DoppelwerkError } from "../error.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import { stateLines } from "../ports/state-lines.ts";
import { aWorld, note, T0 } from "./a-world.fixture.ts";
import { openWorld } from "./open-world.ts";

describe("applying", () => {
  test("[W1] a transaction is one revision, answered with the entry that the log holds", async () => {
    const { world, create, log } = await aWorld();
    const { entry } = await create(LIVE, note("a"), note("b"));
    expect(entry).toMatchObject({ revision: 1, branch: LIVE, actor: "ann", v: 1 });
    const logged: LogEntry[] = [];
    for await (const one of log.read(0)) logged.push(one);
    expect(logged).toEqual([entry]);
    expect(world.revision()).toBe(1);
  });

  test("[W1] a reason that is a message is logged as one beside its text, and its undo names it", async () => {
    const { log, world } = await aWorld();
    const reason = message("changes.logConnect", { name: "press" });
    const changes = [{ op: "create", record: note("a") }] as const;
    const { entry } = await world.apply({ branch: LIVE, actor: "ann", reason, changes });
    expect(entry).toMatchObject({ reason: "Connected press", message: reason });
    const undone = await world.undo(LIVE, "ann");
    expect(undone.entry).toMatchObject({
      reason: "Undone: Connected press",
      message: { code: "changes.logUndo", params: { name: reason } },
    });
    const own = await world.apply({ branch: LIVE, actor: "ann", reason: "my own words", changes });
    expect(own.entry).not.toHaveProperty("message");
    const held: LogEntry[] = [];
    for await (const each of log.read(0)) held.push(each);
    expect(held).toEqual([entry, undone.entry, own.entry]);
  });

  test("[W2] a field that is not what the writer saw refuses the whole transaction", async () => {
    const { world, create } = await aWorld();
    await create(LIVE, note("a", { x: 1, y: { deep: [1, 2] } }));
    const attempt = world.apply({
      branch: LIVE,
      actor: "bob",
      reason: "set",
      changes: [
        { op: "create", record: note("b") },
        { op: "update", id: "note:a", fields: { x: { from: 2, to: 3 } } },
      ],
    });
    await expect(attempt).rejects.toMatchObject({ code: "DW_CONFLICT", details: { field: "x", expected: 2, actual: 1 } });
    expect(world.reader(LIVE).get("note:b")).toBeUndefined();
    expect(world.revision()).toBe(1);
    // Order of keys is no difference; absent and undefined are the same.
    await world.apply({
      branch: LIVE,
      actor: "bob",
      reason: "set",
      changes: [{ op: "update", id: "note:a", fields: { y: { from: { deep: [1, 2] }, to: undefined }, z: { from: undefined, to: 5 } } }],
    });
    expect(world.reader(LIVE).get("note:a")).toEqual({ id: "note:a", kind: "note", x: 1, z: 5 });
  });

  test("[W2] create refuses what exists, delete and update what is gone or different", async () => {
    const { create, world, remove } = await aWorld();
    await create(LIVE, note("a"));
    await expect(create(LIVE, note("a"))).rejects.toMatchObject({ code: "DW_CONFLICT" });
    await expect(
      world.apply({ branch: LIVE, actor: "a", reason: "", changes: [{ op: "delete", record: note("a", { x: 1 }) }] }),
    ).rejects.toMatchObject({ code: "DW_CONFLICT" });
    await remove(LIVE, "note:a");
    await expect(
      world.apply({ branch: LIVE, actor: "a", reason: "", changes: [{ op: "update", id: "note:a", fields: {} }] }),
    ).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await create(LIVE, note("a", { again: true }));
    expect(world.reader(LIVE).get("note:a")).toMatchObject({ again: true });
  });

  test("[W3] changes see what the ones before them in the transaction did", async () => {
    const { world } = await aWorld();
    await world.apply({
      branch: LIVE,
      actor: "ann",
      reason: "chain",
      changes: [
        { op: "create", record: note("a", { x: 1 }) },
        { op: "update", id: "note:a", fields: { x: { from: 1, to: 2 } } },
        { op: "create", record: note("b") },
        { op: "delete", record: note("b") },
      ],
    });
    expect(world.reader(LIVE).get("note:a")).toMatchObject({ x: 2 });
    expect(world.reader(LIVE).get("note:b")).toBeUndefined();
  });

  test.each([
    ["NaN", note("a", { x: NaN })],
    ["an infinity", note("a", { x: [1, Infinity] })],
    ["a date", note("a", { x: new Date(0) as never })],
    ["an id of another kind", { id: "thing:a", kind: "note" }],
    ["an id without a name", { id: "note:", kind: "note" }],
    ["what its kind refuses", { id: "element:a", kind: "element", submodel: "s", parent: "p", order: "a0" }],
  ])("[W4] %s is refused as invalid", async (_what, record) => {
    const { create, world } = await aWorld();
    await expect(create(LIVE, record)).rejects.toMatchObject({ code: "DW_INVALID" });
    expect(world.revision()).toBe(0);
  });

  test("[W4] neither id nor kind ever changes, and an empty transaction is none", async () => {
    const { create, set, world } = await aWorld();
    await create(LIVE, note("a"));
    await expect(set(LIVE, "note:a", { kind: "other" })).rejects.toMatchObject({ code: "DW_INVALID" });
    await expect(world.apply({ branch: LIVE, actor: "a", reason: "", changes: [] })).rejects.toMatchObject({ code: "DW_INVALID" });
  });

  test("[W5] what the caller does with his objects afterwards reaches neither state nor log", async () => {
    const { create, world } = await aWorld();
    const list = [1];
    const record = note("a", { list });
    const pending = create(LIVE, record);
    list.push(2);
    await pending;
    expect(world.reader(LIVE).get("note:a")).toMatchObject({ list: [1] });
  });

  test("[W6] commit times rise strictly, also when the clock jumps back", async () => {
    const { create, world, clock, store } = await aWorld();
    await create(LIVE, note("a"));
    clock.time = T0 - 3_600_000_000;
    await create(LIVE, note("b"));
    await Promise.all([create(LIVE, note("c")), create(LIVE, note("d"))]);
    const times = [1, 2, 3, 4].map((revision) => store.timeOf(revision)!);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(new Set(times).size).toBe(4);
    expect(world.reader(LIVE, { time: times[1]! }).get("note:c")).toBeUndefined();
    expect(world.reader(LIVE, { time: times[2]! }).get("note:c")).toBeDefined();
  });

  test("[W6] a clock that is set back between two starts moves no change before another, and a date keeps its answer", async () => {
    const first = await aWorld();
    await first.create(LIVE, note("a", { text: "old" }));
    const written = first.store.timeOf(1)!;
    const again = await aWorld({ store: first.store, log: first.log });
    again.clock.time = T0 - 3_600_000_000;
    const asked = again.clock.time;
    await again.set(LIVE, "note:a", { text: "new" });
    expect(again.store.timeOf(2)).toBe(written + 1);
    const textAt = (time: number) => again.world.reader(LIVE, { time }).get("note:a")?.["text"];
    // By the clock that was set back nothing is there yet: that stays so, whenever it is asked again.
    const answers = (): readonly unknown[] => [asked, written, written + 1].map(textAt);
    expect(answers()).toEqual([undefined, "old", "new"]);
    again.clock.time = T0 + 3_600_000_000;
    await again.set(LIVE, "note:a", { text: "newest" });
    expect(answers()).toEqual([undefined, "old", "new"]);
    // A branch of now begins with what stands now, not with what stood at that time of day.
    again.clock.time = T0 - 3_600_000_000;
    const branch = await again.fork();
    expect(again.world.reader(branch).get("note:a")).toMatchObject({ text: "newest" });
  });
});

describe("the log", () => {
  test("[W7] while one append is in flight the rest collects and goes as one", async () => {
    const gated = gatedLog(createMemoryChangeLog());
    const { create, world } = await aWorld({ log: gated.log });
    const heard: number[] = [];
    world.onCommit(({ entry }) => heard.push(entry.revision));
    const first = create(LIVE, note("n0"));
    await gated.entered();
    const rest = Promise.all(Array.from({ length: 50 }, (_, i) => create(LIVE, note(`n${i + 1}`))));
    expect(world.revision()).toBe(0);
    gated.open();
    await first;
    await rest;
    expect(gated.groups.length).toBeLessThanOrEqual(3);
    expect(heard).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
  });

  test("[W7] long entries go in groups of a length that a log can write and read", async () => {
    const gated = gatedLog(createMemoryChangeLog());
    const seal = { seal: ({ revision }: { readonly revision: number }) => String(revision).padStart(64, "0") };
    const { create, world } = await aWorld({ log: gated.log, seal });
    const text = "x".repeat(17_000_000);
    const first = create(LIVE, note("n0"));
    await gated.entered();
    const rest = [1, 2, 3].map((i) => create(LIVE, note(`n${i}`, { text })));
    gated.open();
    await Promise.all([first, ...rest]);
    expect([gated.groups, world.revision()]).toEqual([[1, 2, 1], 4]);
  });

  test("[W8] nothing is answered, broadcast or read before it is on disk", async () => {
    const gated = gatedLog(createMemoryChangeLog());
    const { create, world } = await aWorld({ log: gated.log });
    let answered = false;
    let heard = false;
    world.onCommit(() => void (heard = true));
    const pending = create(LIVE, note("a")).then(() => (answered = true));
    await gated.entered();
    expect([answered, heard, world.reader(LIVE).get("note:a"), world.revision()]).toEqual([false, false, undefined, 0]);
    gated.open();
    await pending;
    expect([heard, world.reader(LIVE).get("note:a")]).toEqual([true, note("a")]);
  });

  test("[W9] a transaction is validated against what is still on its way", async () => {
    const { create, world } = await aWorld();
    const step = (from: number): Promise<unknown> =>
      world.apply({
        branch: LIVE,
        actor: "a",
        reason: "",
        changes: [{ op: "update", id: "note:a", fields: { x: { from, to: from + 1 } } }],
      });
    const results = await Promise.allSettled([create(LIVE, note("a", { x: 0 })), step(0), step(0), step(1), create(LIVE, note("a"))]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled", "rejected"]);
    expect(world.reader(LIVE).get("note:a")).toMatchObject({ x: 2 });
  });

  test("[W18] an AAS id is that of one record of its kind on a branch: committed, on its way, or in the same transaction", async () => {
    const shell = (id: string, aasId: string) => ({ id: `shell:${id}`, kind: "shell", aasId, idShort: "", body: {}, submodels: [] });
    const { create, set, remove, fork, world } = await aWorld();
    const refused = { code: "DW_CONFLICT" };
    await create(LIVE, shell("a", "urn:a"), { ...shell("a", "urn:a"), id: "conceptDescription:a", kind: "conceptDescription" });
    await expect(create(LIVE, shell("b", "urn:a"))).rejects.toMatchObject(refused);
    await expect(create(LIVE, shell("c", "urn:c"), shell("d", "urn:c"))).rejects.toMatchObject(refused);
    const first = create(LIVE, shell("e", "urn:e"));
    await expect(create(LIVE, shell("f", "urn:e"))).rejects.toMatchObject(refused);
    await first;
    await expect(set(LIVE, "shell:e", { aasId: "urn:a" })).rejects.toMatchObject(refused);
    await set(LIVE, "shell:a", { idShort: "kept" });
    const branch = await fork();
    await remove(branch, "shell:a");
    await create(branch, shell("b", "urn:a"));
    // The id moves from one record to another in one transaction.
    const record = world.reader(LIVE).get("shell:a")!;
    await world.apply({
      branch: LIVE,
      actor: "ann",
      reason: "move",
      changes: [
        { op: "delete", record },
        { op: "create", record: shell("g", "urn:a") },
      ],
    });
    expect(world.reader(LIVE).query({ kind: "shell", index: { name: "aasId", value: "urn:a" } })).toEqual([shell("g", "urn:a")]);
  });

  test("[W10] a log that fails refuses everything pending, the world stays readable and recovers", async () => {
    const failing = failingLog(createMemoryChangeLog());
    const { create, world } = await aWorld({ log: failing.log });
    await create(LIVE, note("a"));
    failing.broken = true;
    const refused = await Promise.allSettled([create(LIVE, note("b")), create(LIVE, note("c"))]);
    for (const result of refused) expect(result).toMatchObject({ status: "rejected", reason: { code: "DW_UNAVAILABLE" } });
    expect(world.reader(LIVE).get("note:a")).toBeDefined();
    await expect(create(LIVE, note("d"))).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
    failing.broken = false;
    await create(LIVE, note("b", { second: true }));
    expect(world.reader(LIVE).get("note:b")).toMatchObject({ second: true });
    expect(world.reader(LIVE).get("note:c")).toBeUndefined();
    expect(world.revision()).toBe(2);
  });

  test("[W10] what a failing log had kept after all is found and told when it recovers", async () => {
    const failing = failingLog(createMemoryChangeLog());
    const { create, world } = await aWorld({ log: failing.log });
    const heard: number[] = [];
    world.onCommit(({ entry }) => heard.push(entry.revision));
    failing.keepsAnyway = true;
    await expect(create(LIVE, note("a"))).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
    failing.keepsAnyway = false;
    await expect(create(LIVE, note("a"))).rejects.toMatchObject({ code: "DW_CONFLICT" });
    await create(LIVE, note("b"));
    expect(heard).toEqual([1, 2]);
  });

  test("[W11] an owner that lost its lease is fenced and says so", async () => {
    const log = createMemoryChangeLog();
    const old = await aWorld({ log, leaseEpoch: 1 });
    await old.create(LIVE, note("a"));
    const newer = await aWorld({ log, leaseEpoch: 2 });
    await newer.create(LIVE, note("b"));
    await expect(old.create(LIVE, note("c"))).rejects.toMatchObject({ code: "DW_FENCED" });
    expect(
      newer.world
        .reader(LIVE)
        .query({ kind: "note" })
        .map(({ id }) => id),
    ).toEqual(["note:a", "note:b"]);
  });

  test("[W12] opening catches up from the log; a cache ahead of it or of another log is refused and kept", async () => {
    const { create, fork, set, log, options, store, world } = await aWorld();
    await create(LIVE, note("a", { x: 1 }));
    const branch = await fork();
    await set(branch, "note:a", { x: 2 });
    const lines = [...stateLines(store)];

    const empty = createMemoryRecordStore(coreKinds);
    await openWorld({ ...options, store: empty });
    expect([...stateLines(empty)]).toEqual(lines);

    const other = await aWorld();
    for (const name of ["p", "q", "r", "s"]) await other.create(LIVE, note(name));
    const known = [...stateLines(other.store)];
    await expect(openWorld({ ...options, store: other.store })).rejects.toMatchObject({
      code: "DW_DAMAGED",
      message: expect.stringContaining("ends at revision 3, but the record cache knows revision 4"),
    });
    expect([...stateLines(other.store)]).toEqual(known);

    const sameLength = await aWorld();
    for (const name of ["p", "q", "r"]) await sameLength.create(LIVE, note(name));
    await expect(openWorld({ ...options, store: sameLength.store })).rejects.toMatchObject({
      code: "DW_DAMAGED",
      message: expect.stringContaining("revision 3 of the change log is not the one"),
    });
    expect(world.reader(branch).get("note:a")).toMatchObject({ x: 2 });
    expect(await log.lastRevision()).toBe(3);
  });

  test("[W13] a listener that throws is reported and hinders no other", async () => {
    const errors: unknown[] = [];
    const { create, world } = await aWorld({ onListenerError: (error) => errors.push(error) });
    let heard = 0;
    world.onCommit(() => {
      throw new Error("listener");
    });
    const stop = world.onCommit(() => void heard++);
    await create(LIVE, note("a"));
    stop();
    await create(LIVE, note("b"));
    expect([heard, errors.length]).toEqual([1, 2]);
  });
});

describe("undo", () => {
  test("[W14] undo takes back my last transaction on the branch, then the one before", async () => {
    const { create, set, world } = await aWorld();
    await create(LIVE, note("a", { x: 0 }));
    await set(LIVE, "note:a", { x: 1 });
    await set(LIVE, "note:a", { y: 7 }, "bob");
    await set(LIVE, "note:a", { x: 2 });
    await world.undo(LIVE, "ann");
    expect(world.reader(LIVE).get("note:a")).toMatchObject({ x: 1, y: 7 });
    await world.undo(LIVE, "ann");
    expect(world.reader(LIVE).get("note:a")).toMatchObject({ x: 0, y: 7 });
  });

  test("[W15] undo refuses where someone wrote since, and names him", async () => {
    const { create, set, world } = await aWorld();
    await create(LIVE, note("a", { x: 0 }));
    await set(LIVE, "note:a", { x: 1 });
    await set(LIVE, "note:a", { x: 2 }, "bob");
    await set(LIVE, "note:a", { other: 1 }, "cleo");
    await expect(world.undo(LIVE, "ann")).rejects.toMatchObject({ code: "DW_CONFLICT", details: { by: "bob", revision: 3, field: "x" } });
    await expect(world.undo(LIVE, "nobody")).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  });

  test("[W14] creations and deletions are undone too", async () => {
    const { create, remove, world } = await aWorld();
    await create(LIVE, note("a", { x: 1 }));
    await remove(LIVE, "note:a");
    await world.undo(LIVE, "ann");
    expect(world.reader(LIVE).get("note:a")).toEqual(note("a", { x: 1 }));
    await world.undo(LIVE, "ann");
    expect(world.reader(LIVE).get("note:a")).toBeUndefined();
  });
});

/** Holds the first append until it is opened. */
function gatedLog(inner: ChangeLog) {
  const groups: number[] = [];
  let enter: () => void = () => {};
  let open: () => void = () => {};
  const entered = new Promise<void>((resolve) => (enter = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const log: ChangeLog = {
    ...inner,
    async append(entries, options) {
      groups.push(entries.length);
      enter();
      await opened;
      await inner.append(entries, options);
    },
  };
  return { log, groups, entered: () => entered, open: () => open() };
}

function failingLog(inner: ChangeLog) {
  const state = { broken: false, keepsAnyway: false };
  const log: ChangeLog = {
    ...inner,
    async lastRevision() {
      if (state.broken) throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("the disk is gone"));
      return inner.lastRevision();
    },
    async append(entries, options) {
      if (state.broken) throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("the disk is gone"));
      await inner.append(entries, options);
      if (state.keepsAnyway) throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("no answer"));
    },
  };
  return Object.assign(state, { log });
}
