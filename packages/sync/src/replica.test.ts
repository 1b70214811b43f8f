import type { Change, LogEntry, WorldRecord } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { createReplica, fieldChange } from "./replica.ts";
import type { Replica } from "./replica.ts";

const box = (id: string, fields: Record<string, number | string> = {}): WorldRecord => ({ id, kind: "box", ...fields });

test("[S5] a push shows at once and stays when the server commits it", () => {
  const replica = loaded([box("a", { x: 1 })]);
  replica.push({ clientId: "me-1", reason: "move", changes: [fieldChange(replica.get("a")!, "x", 2)] });
  expect(replica.get("a")).toMatchObject({ x: 2 });
  expect(replica.pending()).toHaveLength(1);
  replica.commit(entry(2, [{ op: "update", id: "a", fields: { x: { from: 1, to: 2 } } }], "me-1"));
  expect(replica.get("a")).toMatchObject({ x: 2 });
  expect(replica.pending()).toHaveLength(0);
});

test("[S6] someone else's commit goes under my unanswered push, which is laid anew on it", () => {
  const replica = loaded([box("a", { x: 1, y: 1 })]);
  replica.push({ clientId: "me-1", reason: "x", changes: [fieldChange(replica.get("a")!, "x", 2)] });
  replica.commit(entry(2, [{ op: "update", id: "a", fields: { y: { from: 1, to: 9 } } }]));
  expect(replica.get("a")).toMatchObject({ x: 2, y: 9 });
});

test("[S7] a rejected push is rolled back and what was pushed after it survives where it still fits", () => {
  const replica = loaded([box("a", { x: 1 }), box("b", { x: 1 })]);
  replica.push({ clientId: "me-1", reason: "a", changes: [fieldChange(replica.get("a")!, "x", 2)] });
  replica.push({ clientId: "me-2", reason: "b", changes: [fieldChange(replica.get("b")!, "x", 5)] });
  expect(replica.reject("me-1")).toBe(true);
  expect(replica.get("a")).toMatchObject({ x: 1 });
  expect(replica.get("b")).toMatchObject({ x: 5 });
  expect(replica.reject("me-1")).toBe(false);
});

test("[S8] a push that does not fit what is shown is refused whole and changes nothing", () => {
  const replica = loaded([box("a", { x: 1 }), box("b", { x: 1 })]);
  const stale: Change = { op: "update", id: "b", fields: { x: { from: 7, to: 8 } } };
  expect(() => replica.push({ clientId: "me-1", reason: "two", changes: [fieldChange(replica.get("a")!, "x", 2), stale] })).toThrow(
    /changed by someone else: b/,
  );
  expect(replica.get("a")).toMatchObject({ x: 1 });
  expect(replica.pending()).toHaveLength(0);
});

test("[S12] whoever waits for a revision is answered when it is folded in, also where nothing shown changes by it, and never before", async () => {
  const replica = createReplica({ branch: "b", kinds: ["box"] });
  const answered: string[] = [];
  const wait = (name: string, revision: number) => replica.reached(revision).then(() => answered.push(name));
  const waits = [wait("loaded", 0), wait("second", 2), wait("third", 3)];
  replica.load([box("a", { x: 1 })], 1, false);
  await Promise.resolve();
  expect(answered).toEqual([]);
  replica.load([], 1, true);
  await waits[0];
  expect(answered).toEqual(["loaded"]);
  replica.commit(entry(2, [{ op: "create", record: { id: "c", kind: "circle" } }]));
  await waits[1];
  expect(answered).toEqual(["loaded", "second"]);
  await wait("at once", 2);
  replica.commit(entry(3, [{ op: "update", id: "a", fields: { x: { from: 1, to: 2 } } }]));
  await waits[2];
  expect(answered).toEqual(["loaded", "second", "at once", "third"]);
});

test("[S9] after a reconnection a full load replaces what is confirmed, and a push answered meanwhile is not applied twice", () => {
  const replica = loaded([box("a", { x: 1 })]);
  replica.push({ clientId: "me-1", reason: "x", changes: [fieldChange(replica.get("a")!, "x", 2)] });
  replica.load([box("a", { x: 2 })], 2, false);
  replica.commit(entry(3, [{ op: "create", record: box("c") }]));
  replica.load([box("b")], 2, true);
  replica.commit(entry(2, [{ op: "update", id: "a", fields: { x: { from: 1, to: 2 } } }], "me-1"));
  expect(replica.pending()).toHaveLength(0);
  expect(replica.query("box").map((record) => record.id)).toEqual(["a", "b", "c"]);
  expect(replica.get("a")).toMatchObject({ x: 2 });
  expect(replica.revision()).toBe(3);
});

test("[S10] three replicas that edit, lose messages' order against their own pushes and reconnect end equal to the server", () => {
  for (const seed of [5, 77, 20261124]) {
    const room = new FuzzRoom(seed);
    for (let step = 0; step < 1500; step += 1) room.step();
    room.settle();
    for (const replica of room.replicas) {
      expect(replica.pending(), `seed ${seed}`).toHaveLength(0);
      expect(replica.query("box"), `seed ${seed}`).toEqual(room.serverRecords());
    }
    expect(room.rejections, `seed ${seed}: no conflict happened`).toBeGreaterThan(20);
    expect(room.reloads, `seed ${seed}: no reconnection happened`).toBeGreaterThan(5);
  }
});

function loaded(records: readonly WorldRecord[]): Replica {
  const replica = createReplica({ branch: "b" });
  replica.load(records, 1, true);
  return replica;
}

function entry(revision: number, changes: readonly Change[], clientId?: string): LogEntry {
  return {
    v: 1,
    revision,
    time: revision,
    branch: "b",
    actor: "x",
    reason: "r",
    changes,
    hash: "",
    ...(clientId === undefined ? {} : { clientId }),
  };
}

type Delivery =
  | { readonly kind: "commit"; readonly entry: LogEntry }
  | { readonly kind: "reject"; readonly clientId: string }
  | { readonly kind: "load"; readonly records: readonly WorldRecord[]; readonly revision: number };

/** A server that orders pushes, three clients with slow lines in both directions, lines that break. */
class FuzzRoom {
  readonly replicas = [0, 1, 2].map(() => createReplica({ branch: "b" }));
  rejections = 0;
  reloads = 0;
  readonly #random: () => number;
  readonly #records = new Map<string, WorldRecord>();
  readonly #answered = new Map<string, Delivery>();
  readonly #up: { clientId: string; changes: readonly Change[] }[][] = [[], [], []];
  readonly #down: Delivery[][] = [[], [], []];
  #revision = 1;
  #counter = 0;

  constructor(seed: number) {
    let state = seed;
    this.#random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 4_294_967_296;
    };
    for (let index = 0; index < 8; index += 1) this.#records.set(`r${index}`, box(`r${index}`, { x: 0, y: 0 }));
    for (const replica of this.replicas) replica.load(this.serverRecords(), 1, true);
  }

  serverRecords(): readonly WorldRecord[] {
    return [...this.#records.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  step(): void {
    const who = Math.floor(this.#random() * 3);
    const what = this.#random();
    if (what < 0.35) this.#edit(who);
    else if (what < 0.6) this.#serve(who);
    else if (what < 0.98) this.#deliver(who);
    else this.#reconnect(who);
  }

  settle(): void {
    for (const who of [0, 1, 2]) while (this.#up[who]!.length > 0) this.#serve(who);
    for (const who of [0, 1, 2]) while (this.#down[who]!.length > 0) this.#deliver(who);
  }

  #edit(who: number): void {
    const replica = this.replicas[who]!;
    const boxes = replica.query("box");
    const target = boxes[Math.floor(this.#random() * boxes.length)];
    const kind = this.#random();
    this.#counter += 1;
    const clientId = `${who}-${this.#counter}`;
    let change: Change;
    if (kind < 0.15 || target === undefined)
      change = { op: "create", record: box(`r${Math.floor(this.#random() * 14)}`, { x: this.#counter, y: 0 }) };
    else if (kind < 0.25) change = { op: "delete", record: target };
    else change = fieldChange(target, this.#random() < 0.5 ? "x" : "y", this.#counter);
    try {
      replica.push({ clientId, reason: "fuzz", changes: [change] });
    } catch {
      return; // A create of what exists here already: the person is told at once, nothing is sent.
    }
    this.#up[who]!.push({ clientId, changes: [change] });
  }

  #serve(who: number): void {
    const push = this.#up[who]!.shift();
    if (push === undefined) return;
    const known = this.#answered.get(push.clientId);
    if (known !== undefined) {
      this.#down[who]!.push(known);
      return;
    }
    const judge = createReplica({ branch: "b" });
    judge.load(this.serverRecords(), this.#revision, true);
    try {
      judge.push({ clientId: push.clientId, reason: "fuzz", changes: push.changes });
    } catch {
      this.rejections += 1;
      const answer: Delivery = { kind: "reject", clientId: push.clientId };
      this.#answered.set(push.clientId, answer);
      this.#down[who]!.push(answer);
      return;
    }
    this.#revision += 1;
    this.#records.clear();
    for (const record of judge.query("box")) this.#records.set(record.id, record);
    const commit: Delivery = { kind: "commit", entry: entry(this.#revision, push.changes, push.clientId) };
    this.#answered.set(push.clientId, commit);
    for (const queue of this.#down) queue.push(commit);
  }

  #deliver(who: number): void {
    const delivery = this.#down[who]!.shift();
    const replica = this.replicas[who]!;
    if (delivery === undefined) return;
    if (delivery.kind === "commit") replica.commit(delivery.entry);
    else if (delivery.kind === "reject") replica.reject(delivery.clientId);
    else {
      const half = Math.floor(delivery.records.length / 2);
      replica.load(delivery.records.slice(0, half), delivery.revision, false);
      replica.load(delivery.records.slice(half), delivery.revision, true);
    }
  }

  // The line breaks: what was on its way in either direction is lost, everything is loaded again, unanswered pushes are sent again.
  #reconnect(who: number): void {
    this.reloads += 1;
    this.#down[who] = [{ kind: "load", records: this.serverRecords(), revision: this.#revision }];
    this.#up[who] = this.replicas[who]!.pending().map(({ clientId, changes }) => ({ clientId, changes }));
  }
}
