import { createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { verifyWorld } from "@doppelwerk/storage/verify";
import { expect, test } from "vitest";
import { equalJson } from "../canonical-json.ts";
import { LIVE, type BranchId } from "../change.ts";
import { coreKinds } from "../core-kinds.ts";
import { DoppelwerkError } from "../error.ts";
import { stateLines } from "../ports/state-lines.ts";
import type { Json, WorldRecord } from "../record.ts";
import { aWorld, property, seeded, type TestWorld } from "./a-world.fixture.ts";

const seeds = Array.from({ length: Number(process.env["FUZZ_SEEDS"] ?? 60) }, (_, i) => Number(process.env["FUZZ_SEED"] ?? 1) + i);
const planned = { owner: "ann", effectiveFrom: "2026-12-01", action: "set" };
const actors = ["ann", "bob", "cleo"];
const refusals = new Set(["DW_CONFLICT", "DW_NOT_FOUND", "DW_INVALID", "DW_STALE_APPROVAL"]);

// Repeat one seed with FUZZ_SEED=n FUZZ_SEEDS=1.
test.each(seeds)(
  "[W16] a random story: incremental state equals replay from nothing, merges lose nothing, undo restores (seed %i)",
  async (seed) => {
    const made = await aWorld();
    await live(made, seed);
    await expectReplayEqual(made);
  },
);

const done = { merged: 0, undone: 0 };

test("[W16] the stories above did merge and undo", () => {
  expect(done.merged).toBeGreaterThan(seeds.length / 4);
  expect(done.undone).toBeGreaterThan(seeds.length / 4);
});

async function live(made: TestWorld, seed: number): Promise<void> {
  const random = seeded(seed);
  let created = 0;
  for (let step = 0; step < 80; step++) {
    const open = [...made.world.branches.values()].filter(({ closed }) => closed === undefined).map(({ id }) => id);
    const branch = random.pick(open);
    const actor = random.pick(actors);
    const records = made.world.reader(branch).query({ kind: "element" });
    const record = records.length === 0 ? undefined : random.pick(records);
    try {
      const dice = random.below(20);
      if (dice < 5 || record === undefined)
        await made.create(
          branch,
          property(
            `e${branch === LIVE ? "" : random.below(3)}${++created % 15}`,
            String(random.below(5)),
            random.pick(["submodel:s", ...records.map(({ id }) => id)]),
          ),
        );
      else if (dice < 12)
        await made.set(
          branch,
          record.id,
          random.pick<Record<string, Json | undefined>>([
            { value: String(random.below(5)) },
            { order: `a${random.below(9)}` },
            { parent: random.pick(records).id },
            { note: random.below(3) },
            { note: undefined },
          ]),
          actor,
        );
      else if (dice < 14) await made.remove(branch, record.id, actor);
      else if (dice < 15 && open.length < 5) await made.fork(branch, `f${step}`);
      else if (dice < 17) await undoChecked(made, branch, actor);
      else if (branch !== LIVE) await mergeChecked(made, branch, seed);
    } catch (error) {
      if (!(error instanceof DoppelwerkError && refusals.has(error.code))) throw error;
    }
  }
}

/** Whatever the branch changed is afterwards in its parent, as it is or as a plan; whatever it did not touch is untouched. */
async function mergeChecked({ world }: TestWorld, branch: BranchId, seed: number): Promise<void> {
  const { parent, baseRevision } = world.branches.get(branch)!;
  const diff = world.diff(branch);
  const plan = world.planMerge(branch);
  const before = new Map(
    world
      .reader(parent!)
      .query({ kind: "element" })
      .map((record) => [record.id, record]),
  );
  const theirs = world.reader(branch);
  const base = world.reader(parent!, { revision: baseRevision });
  await world.merge({ branch, diffHash: plan.diffHash, request: "mergeRequest:1", actor: "bob", reason: "merge", planned });
  done.merged++;
  expect(plan.conflicts, `seed ${seed}`).toEqual([]);
  const after = new Map(
    world
      .reader(parent!)
      .query({ kind: "element" })
      .map((record) => [record.id, record]),
  );
  const touched = new Set(diff.map(({ id }) => id));
  for (const [id, record] of before) if (!touched.has(id)) expect(after.get(id), `seed ${seed}: ${id}`).toEqual(record);
  for (const { id } of diff) {
    const [now, branchRecord, baseRecord] = [after.get(id), theirs.get(id), base.get(id)];
    if (branchRecord === undefined) expect(now, `seed ${seed}: deleted ${id}`).toBeUndefined();
    else
      for (const name of fieldsOf(branchRecord, baseRecord))
        if (!equalJson(branchRecord[name], baseRecord?.[name]))
          expect(arrived(now, name, branchRecord), `seed ${seed}: ${id}.${name}`).toBe(true);
    for (const name of fieldsOf(before.get(id), now)) {
      const untouchedByBranch = equalJson(branchRecord?.[name], baseRecord?.[name]) && name !== "planned";
      if (branchRecord !== undefined && untouchedByBranch && before.has(id))
        expect(equalJson(now?.[name], before.get(id)![name]), `seed ${seed}: ours ${id}.${name}`).toBe(true);
    }
  }
  expectNoCycle(after, seed);
}

function arrived(now: WorldRecord | undefined, name: string, theirs: WorldRecord): boolean {
  if (equalJson(now?.[name], theirs[name])) return true;
  const plan = now?.["planned"] as { readonly value?: Json } | undefined;
  return name === "planned" || (name === "value" && equalJson(plan?.value, theirs[name]));
}

function expectNoCycle(records: ReadonlyMap<string, WorldRecord>, seed: number): void {
  for (const record of records.values()) {
    let steps = 0;
    for (let at: WorldRecord | undefined = record; at !== undefined; at = records.get(at["parent"] as string))
      expect(++steps, `seed ${seed}: ${record.id} stands below itself`).toBeLessThan(100);
  }
}

async function undoChecked({ world }: TestWorld, branch: BranchId, actor: string): Promise<void> {
  const { entry } = await world.undo(branch, actor);
  done.undone++;
  const undone = entry.undo!.revision;
  const before = world.reader(branch, { revision: undone - 1 });
  for (const change of entry.changes) {
    const id = change.op === "update" ? change.id : change.record.id;
    const now = world.reader(branch).get(id);
    if (change.op === "update")
      for (const name of Object.keys(change.fields)) expect(equalJson(now?.[name], before.get(id)?.[name])).toBe(true);
    else expect(now).toEqual(before.get(id));
  }
}

async function expectReplayEqual({ log, store, options }: TestWorld): Promise<void> {
  const lines = [...stateLines(store)];
  for (const fresh of [createMemoryRecordStore(coreKinds), openSqliteRecordStore({ path: ":memory:", kinds: coreKinds })]) {
    for await (const entry of log.read(0)) fresh.apply([entry]);
    expect([...stateLines(fresh)]).toEqual(lines);
    fresh.close();
  }
  const verified = await verifyWorld({ log, cache: store, seal: options.seal, openStore: () => createMemoryRecordStore(coreKinds) });
  expect(verified.findings).toEqual([]);
}

function fieldsOf(...records: readonly (WorldRecord | undefined)[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record ?? {})))];
}
