import { expect, test } from "vitest";
import { LIVE } from "../change.ts";
import { aWorld, note, property } from "./a-world.fixture.ts";

test("[W17] what was written since it was looked at is not written over, on its way to the disk neither; what stands elsewhere is no hindrance", async () => {
  const { world, create, set, remove, fork } = await aWorld();
  await create(LIVE, note("a", { text: "1" }), note("b", { text: "1" }), property("x", "1"), property("y", "1"));
  const since = world.revision();
  const write = (id: string, from: string, to: string, looked = since, branch = LIVE) =>
    world.apply({ branch, actor: "bob", reason: "write", since: looked, changes: [{ op: "update", id, fields: { text: { from, to } } }] });
  await set(LIVE, "note:a", { text: "2" });
  await expect(write("note:a", "2", "3")).rejects.toMatchObject({ code: "DW_CHANGED", details: { id: "note:a", since } });
  await write("note:b", "1", "2");
  await write("note:a", "2", "3", world.revision());
  const [first, second] = await Promise.allSettled([set(LIVE, "note:b", { text: "3" }), write("note:b", "3", "4", world.revision())]);
  expect([first.status, second.status, (second as PromiseRejectedResult).reason.code]).toEqual(["fulfilled", "rejected", "DW_CHANGED"]);
  const removal = { op: "delete", record: world.reader(LIVE).get("note:a")! } as const;
  await expect(world.apply({ branch: LIVE, actor: "bob", reason: "remove", since, changes: [removal] })).rejects.toMatchObject({
    code: "DW_CHANGED",
  });
  const branch = await fork();
  await write("note:a", "3", "4", world.revision(), branch);
  // An element that was deleted meanwhile is not made again by who did not see it go.
  const before = world.revision();
  await remove(LIVE, "element:x");
  const again = { branch: LIVE, actor: "bob", reason: "again", changes: [{ op: "create", record: property("x2", "1") }] } as const;
  await expect(world.apply({ ...again, since: before })).rejects.toMatchObject({ code: "DW_CHANGED" });
  await world.apply({ ...again, since: world.revision() });
  expect(world.reader(LIVE).get("element:x2")).toBeDefined();
});
