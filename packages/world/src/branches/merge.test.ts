import { describe, expect, test } from "vitest";
import { LIVE } from "../change.ts";
import { aWorld, collection, note, property, type TestWorld } from "../world/a-world.fixture.ts";

const planned = { owner: "ann", effectiveFrom: "2026-12-01", action: "set at the machine" };

/** A world with a note, a tree and a branch. */
async function forked(): Promise<TestWorld & { readonly branch: string; merge(): Promise<unknown> }> {
  const made = await aWorld();
  await made.create(LIVE, note("n", { x: 1, y: 1 }), collection("A"), collection("B"), property("p", "10", "element:A"));
  const branch = await made.fork();
  const merge = async (): Promise<unknown> => {
    const { diffHash } = made.world.planMerge(branch);
    return made.world.merge({ branch, diffHash, request: "mergeRequest:1", actor: "bob", reason: "merge", planned });
  };
  return { ...made, branch, merge };
}

describe("forking", () => {
  test("[M1] a branch reads its parent as it was at the base, whatever the parent does then", async () => {
    const { world, set, branch } = await forked();
    await set(LIVE, "note:n", { x: 2 });
    expect(world.reader(branch).get("note:n")).toMatchObject({ x: 1 });
    await set(branch, "note:n", { y: 9 });
    expect([world.reader(branch).get("note:n"), world.reader(LIVE).get("note:n")]).toMatchObject([
      { x: 1, y: 9 },
      { x: 2, y: 1 },
    ]);
  });

  test("[M1] forking at an instant in the past starts from what stood then; the future is now", async () => {
    const { world, set, store, clock } = await aWorld().then(async (made) => (await made.create(LIVE, note("n", { x: 1 })), made));
    await set(LIVE, "note:n", { x: 2 });
    const past = await world.fork({ name: "then", parent: LIVE, instant: store.timeOf(1)!, actor: "ann", reason: "" });
    const ahead = await world.fork({ name: "ahead", parent: LIVE, instant: clock.time + 9e9, actor: "ann", reason: "" });
    expect([world.reader(past.id).get("note:n"), world.reader(ahead.id).get("note:n")]).toMatchObject([{ x: 1 }, { x: 2 }]);
    expect(ahead.instant).toBeLessThanOrEqual(clock.time);
  });

  test("[M1] a fork of a fork reads through both", async () => {
    const { world, set, fork, branch } = await forked();
    await set(branch, "note:n", { x: 5 });
    const second = await fork(branch, "second");
    await set(branch, "note:n", { x: 6 });
    await set(second, "note:n", { y: 7 });
    expect(world.reader(second).get("note:n")).toMatchObject({ x: 5, y: 7 });
    expect(world.reader(second).get("element:p")).toMatchObject({ value: "10" });
    expect(world.diff(second).map(({ id }) => id)).toEqual(["note:n"]);
  });

  test("[M2] an abandoned or merged branch can be read but not written", async () => {
    const { world, set, create, branch, merge, fork } = await forked();
    await set(branch, "note:n", { x: 3 });
    await merge();
    await expect(set(branch, "note:n", { x: 4 })).rejects.toMatchObject({ code: "DW_CONFLICT" });
    const other = await fork();
    await world.abandon(other, "ann", "no use");
    await expect(set(other, "note:n", { x: 4 })).rejects.toMatchObject({ code: "DW_CONFLICT" });
    expect(world.reader(branch).get("note:n")).toMatchObject({ x: 3 });
    expect([world.branches.get(branch)?.closed?.as, world.branches.get(other)?.closed?.as]).toEqual(["merged", "abandoned"]);
    await expect(create("branch:none", note("lost"))).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  });

  test("[M2] nothing slips into a branch while its merge is on its way", async () => {
    const { world, set, branch, merge } = await forked();
    await set(branch, "note:n", { x: 3 });
    const results = await Promise.allSettled([merge(), set(branch, "note:n", { x: 4 }), world.abandon(branch, "ann", "")]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  });
});

describe("three ways", () => {
  test("[M3] different fields of one record merge; the same change on both sides is none", async () => {
    const { world, set, branch, merge } = await forked();
    await set(branch, "note:n", { x: 5, same: "s" });
    await set(LIVE, "note:n", { y: 6, same: "s" });
    await merge();
    expect(world.reader(LIVE).get("note:n")).toEqual(note("n", { x: 5, y: 6, same: "s" }));
  });

  test("[M4] both sides changing one field is a conflict that shows base, ours and theirs, and nothing is written", async () => {
    const { world, set, branch, merge } = await forked();
    await set(branch, "note:n", { x: 5, y: 5 });
    await set(LIVE, "note:n", { x: 6 });
    expect(world.planMerge(branch).conflicts).toEqual([{ id: "note:n", field: "x", reason: "edit/edit", base: 1, ours: 6, theirs: 5 }]);
    const before = world.revision();
    await expect(merge()).rejects.toMatchObject({ code: "DW_CONFLICT" });
    expect(world.revision()).toBe(before);
  });

  test("[M5] delete against edit, both ways, and create against create are conflicts", async () => {
    const { world, set, create, remove, branch } = await forked();
    await create(LIVE, note("ours"));
    await remove(branch, "note:n");
    await set(LIVE, "note:n", { x: 6 });
    await set(branch, "element:p", { value: "11" });
    await remove(LIVE, "element:p");
    await create(branch, note("twin", { side: "theirs" }));
    await create(LIVE, note("twin", { side: "ours" }));
    expect(world.planMerge(branch).conflicts.map(({ id, reason }) => [id, reason])).toEqual([
      ["element:p", "delete/edit"],
      ["note:n", "edit/delete"],
      ["note:twin", "create/create"],
    ]);
  });

  test("[M6] both moving one element apart is move/move; moving it to the same place is none", async () => {
    const { world, set, branch } = await forked();
    await set(branch, "element:p", { parent: "element:B" });
    await set(LIVE, "element:p", { order: "a5" });
    expect(world.planMerge(branch).conflicts.map(({ id, reason }) => [id, reason])).toEqual([["element:p", "move/move"]]);
    await set(LIVE, "element:p", { parent: "element:B", order: "a0" });
    expect(world.planMerge(branch)).toMatchObject({ conflicts: [], changes: [] });
  });

  test("[M7] moves that make a cycle only together are a conflict", async () => {
    const { world, set, branch } = await forked();
    await set(branch, "element:A", { parent: "element:B" });
    await set(LIVE, "element:B", { parent: "element:A" });
    expect(world.planMerge(branch).conflicts).toMatchObject([{ id: "element:A", reason: "cycle" }]);
  });

  test("[M7] nothing is moved below itself in one transaction either", async () => {
    const { set, branch } = await forked();
    await set(branch, "element:A", { parent: "element:B" });
    await expect(set(branch, "element:B", { parent: "element:A" })).rejects.toMatchObject({ code: "DW_INVALID" });
  });

  test("[M8] a child is never left without its parent, whichever side deleted it", async () => {
    const one = await forked();
    await one.create(one.branch, property("new", "1", "element:B"));
    await one.remove(LIVE, "element:B");
    expect(one.world.planMerge(one.branch).conflicts).toMatchObject([{ id: "element:B", reason: "delete/edit" }]);
    const two = await forked();
    await two.remove(two.branch, "element:B");
    await two.create(LIVE, property("new", "1", "element:B"));
    expect(two.world.planMerge(two.branch).conflicts).toMatchObject([{ id: "element:B", reason: "edit/delete" }]);
  });

  test("[M9] insertions at one place on both sides are both kept, ordered by (order, id)", async () => {
    const { world, create, branch, merge } = await forked();
    await create(branch, property("t", "1", "element:A", "a1"));
    await create(LIVE, property("o", "1", "element:A", "a1"));
    await merge();
    expect(
      world
        .reader(LIVE)
        .query({ kind: "element", index: { name: "parent", value: "element:A" } })
        .map(({ id }) => id),
    ).toEqual(["element:o", "element:p", "element:t"]);
  });
});

describe("what a merge writes", () => {
  test("[M10] a merge into live plans: as-is stays until it is confirmed (P17)", async () => {
    const { world, set, create, branch, merge } = await forked();
    await set(branch, "element:p", { value: "12", idShort: "renamed" });
    await create(branch, property("new", "3"));
    await merge();
    expect(world.reader(LIVE).get("element:p")).toMatchObject({
      value: "10",
      idShort: "renamed",
      planned: { ...planned, value: "12", request: "mergeRequest:1" },
    });
    expect(world.reader(LIVE).get("element:new")).toMatchObject({ value: "3" });
    await world.confirm("element:p", "ann", "done");
    const confirmed = world.reader(LIVE).get("element:p")!;
    expect([confirmed["value"], confirmed["planned"]]).toEqual(["12", undefined]);
    await expect(world.confirm("element:p", "ann", "again")).rejects.toMatchObject({ code: "DW_CONFLICT" });
  });

  test("[M10] a merge into a branch is as-is: only live is the plant", async () => {
    const { world, set, fork, branch } = await forked();
    const inner = await fork(branch, "inner");
    await set(inner, "element:p", { value: "12" });
    await world.merge({
      branch: inner,
      diffHash: world.planMerge(inner).diffHash,
      request: "mergeRequest:1",
      actor: "bob",
      reason: "",
      planned,
    });
    expect(world.reader(branch).get("element:p")).toMatchObject({ value: "12" });
    expect(world.reader(branch).get("element:p")?.["planned"]).toBeUndefined();
  });

  test("[M11] a plan that someone else made since the fork is a conflict, not overwritten", async () => {
    const { world, set, fork, branch, merge } = await forked();
    const rival = await fork();
    await set(branch, "element:p", { value: "12" });
    await set(rival, "element:p", { value: "13" });
    await merge();
    expect(world.planMerge(rival).conflicts).toMatchObject([{ id: "element:p", field: "planned", reason: "edit/edit", theirs: "13" }]);
  });

  test("[M12] a merge is bound to its diff: a moved branch or a moved target refuses as stale, an unrelated change does not", async () => {
    const { world, set, create, branch } = await forked();
    await set(branch, "note:n", { x: 5 });
    const { diffHash } = world.planMerge(branch);
    const merge = (): Promise<unknown> => world.merge({ branch, diffHash, request: "mergeRequest:1", actor: "bob", reason: "", planned });
    await set(branch, "note:n", { x: 6 });
    await expect(merge()).rejects.toMatchObject({ code: "DW_STALE_APPROVAL" });
    await set(branch, "note:n", { x: 5 });
    await set(LIVE, "note:n", { other: 1 });
    await expect(merge()).rejects.toMatchObject({ code: "DW_STALE_APPROVAL" });
    await set(LIVE, "note:n", { other: undefined });
    await create(LIVE, note("unrelated"));
    await merge();
    expect(world.reader(LIVE).get("note:n")).toMatchObject({ x: 5 });
  });

  test("[M12] an edit of the target that is still on its way to the log makes the merge stale", async () => {
    const { world, set, branch } = await forked();
    await set(branch, "note:n", { x: 5 });
    const { diffHash } = world.planMerge(branch);
    const results = await Promise.allSettled([
      set(LIVE, "note:n", { z: 1 }),
      world.merge({ branch, diffHash, request: "mergeRequest:1", actor: "bob", reason: "", planned }),
    ]);
    expect(results).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: { code: "DW_STALE_APPROVAL" } }]);
  });

  test("[M13] a merge is one revision, and undo does not take it back", async () => {
    const { world, set, branch, merge } = await forked();
    await set(branch, "note:n", { x: 5, y: 5 });
    const before = world.revision();
    await merge();
    expect(world.revision()).toBe(before + 1);
    await expect(world.undo(LIVE, "bob")).rejects.toMatchObject({ code: "DW_CONFLICT" });
  });
});
