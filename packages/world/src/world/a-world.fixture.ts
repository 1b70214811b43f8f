import { createMemoryChangeLog, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import { coreKinds } from "../core-kinds.ts";
import { LIVE, type BranchId } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { RecordStore } from "../ports/record-store.ts";
import type { Json, WorldRecord } from "../record.ts";
import type { Commit, World, WorldOptions, WorldView } from "../world.ts";
import { openWorld } from "./open-world.ts";

export const T0: Instant = 1_790_000_000_000_000;

export interface TestWorld {
  readonly world: World;
  readonly options: WorldOptions;
  readonly log: ChangeLog;
  readonly store: RecordStore;
  /** The wall clock, which a test may set. */
  readonly clock: { time: Instant; now(): Instant };
  as(id: string, ...roles: readonly string[]): WorldView;
  create(branch: BranchId, ...records: readonly WorldRecord[]): Promise<Commit>;
  /** Sets fields whatever they hold now. */
  set(branch: BranchId, id: string, fields: Readonly<Record<string, Json | undefined>>, actor?: string): Promise<Commit>;
  remove(branch: BranchId, id: string, actor?: string): Promise<Commit>;
  fork(parent?: BranchId, name?: string): Promise<BranchId>;
}

/** A world in memory with real parts; `overrides` swaps single ones. */
export async function aWorld(overrides: Partial<WorldOptions> = {}): Promise<TestWorld> {
  const clock = { time: T0, now: () => (clock.time += 1000) };
  let next = 0;
  const options: WorldOptions = {
    store: createMemoryRecordStore(coreKinds),
    log: createMemoryChangeLog(),
    leaseEpoch: 1,
    clock,
    ids: { next: (kind) => `${kind}:${String(++next).padStart(4, "0")}` },
    seal: createSeal(),
    kinds: coreKinds,
    gate: createAccessGate({ rolesOf: ({ roles }) => roles }),
    ...overrides,
  };
  const world = await openWorld(options);
  return {
    world,
    options,
    clock,
    log: options.log,
    store: options.store,
    as: (id, ...roles) => world.view({ id, name: id, verified: false, roles }),
    create: (branch, ...records) =>
      world.apply({ branch, actor: "ann", reason: "create", changes: records.map((record) => ({ op: "create", record })) }),
    set(branch, id, fields, actor = "ann") {
      const now = world.reader(branch).get(id);
      const changes = Object.entries(fields).map(([name, to]) => [name, { from: now?.[name], to }] as const);
      return world.apply({ branch, actor, reason: "set", changes: [{ op: "update", id, fields: Object.fromEntries(changes) }] });
    },
    remove: (branch, id, actor = "ann") =>
      world.apply({ branch, actor, reason: "remove", changes: [{ op: "delete", record: world.reader(branch).get(id)! }] }),
    fork: async (parent = LIVE, name = "try") =>
      (await world.fork({ name, parent, instant: clock.time + 1_000_000, actor: "ann", reason: "try something" })).id,
  };
}

export function note(name: string, fields: Readonly<Record<string, Json>> = {}): WorldRecord {
  return { id: `note:${name}`, kind: "note", ...fields };
}

export function property(name: string, value: string, parent = "submodel:s", order = "a0"): WorldRecord {
  return {
    id: `element:${name}`,
    kind: "element",
    submodel: "submodel:s",
    parent,
    order,
    modelType: "Property",
    idShort: name,
    body: { valueType: "xs:int" },
    value,
  };
}

export function collection(name: string, parent = "submodel:s", order = "a0"): WorldRecord {
  return {
    id: `element:${name}`,
    kind: "element",
    submodel: "submodel:s",
    parent,
    order,
    modelType: "SubmodelElementCollection",
    idShort: name,
    body: {},
  };
}

/** Seeded chance (mulberry32). */
export function seeded(seed: number): { below(n: number): number; pick<T>(items: readonly T[]): T } {
  let state = seed >>> 0;
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * n);
  };
  return { below, pick: (items) => items[below(items.length)]! };
}
