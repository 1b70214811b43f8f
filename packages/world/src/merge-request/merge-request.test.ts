import { describe, expect, test } from "vitest";
import { LIVE } from "../change.ts";
import { aWorld, note, property, type TestWorld } from "../world/a-world.fixture.ts";
import type { MergeRequestRecord } from "./merge-request.ts";

const planned = { owner: "ann", effectiveFrom: "2026-12-01", action: "set at the machine" };

async function proposed(): Promise<TestWorld & { readonly branch: string; readonly request: MergeRequestRecord }> {
  const made = await aWorld();
  await made.create(LIVE, note("n", { x: 1 }), property("p", "10"));
  const branch = await made.fork();
  await made.set(branch, "element:p", { value: "12" });
  const request = await made
    .as("ann", "operator")
    .requests.open({ branch, title: "Faster infeed", text: "see the run", planned, resultHash: "r1" });
  return { ...made, branch, request };
}

describe("merge requests", () => {
  test("[MR1] proposed by one, approved by another, merged as one revision that also says so", async () => {
    const { as, request, world, branch } = await proposed();
    const approved = await as("bob", "engineer").requests.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" });
    expect(approved).toMatchObject({ status: "approved", approvals: [{ by: "bob", diffHash: request.diffHash, resultHash: "r1" }] });
    const before = world.revision();
    const { entry } = await as("ann", "operator").requests.merge(request.id);
    expect(world.revision()).toBe(before + 1);
    expect(entry.merge).toMatchObject({ source: branch, request: request.id });
    expect(world.reader(LIVE).get(request.id)).toMatchObject({ status: "merged" });
    expect(world.reader(LIVE).get("element:p")).toMatchObject({ value: "10", planned: { value: "12", request: request.id, ...planned } });
    expect(as("bob", "engineer").requests.state(request.id).plan).toBeUndefined();
  });

  test("[MR10] it can be read while its branch is being merged", async () => {
    const { as, request } = await proposed();
    const bob = as("bob", "engineer").requests;
    await bob.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" });
    const merging = as("ann", "operator").requests.merge(request.id);
    // whether the merge has begun to close the branch by now or not
    for (let turn = 0; turn < 20; turn++) {
      expect(["approved", "merged"]).toContain(bob.state(request.id).request.status);
      await Promise.resolve();
    }
    await merging;
    expect(bob.state(request.id).request.status).toBe("merged");
  });

  test("[MR2] the author cannot approve, and nothing merges without approval", async () => {
    const { as, request } = await proposed();
    const ann = as("ann", "engineer", "administrator").requests;
    await expect(ann.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" })).rejects.toMatchObject({
      code: "DW_SAME_PERSON",
    });
    await expect(ann.merge(request.id)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await expect(
      as("otto", "operator").requests.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" }),
    ).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[MR9] where the world allows it an author approves his own request, marked in request and log; ended, it counts no longer", async () => {
    const { as, request, world, log } = await proposed();
    const [ann, seen] = [as("ann", "engineer", "administrator").requests, { diffHash: request.diffHash, resultHash: "r1" }];
    await expect(as("otto", "operator").requests.allowSolo(true)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    expect(ann.isSoloAllowed()).toBe(false);
    await ann.allowSolo(true);
    const entries = world.revision();
    await ann.allowSolo(true);
    expect(world.revision()).toBe(entries);
    const { approvals } = await ann.approve(request.id, seen);
    expect(approvals).toMatchObject([{ by: "ann", solo: true }]);
    await ann.allowSolo(false);
    expect(ann.state(request.id).validApprovals).toEqual([]);
    await expect(ann.merge(request.id)).rejects.toMatchObject({ code: "DW_STALE_APPROVAL" });
    await ann.allowSolo(true);
    const { entry } = await ann.merge(request.id);
    expect(entry.merge).toMatchObject({ request: request.id });
    const logged: (string | undefined)[] = [];
    for await (const each of log.read(0)) logged.push(each.message?.code);
    expect(logged).toEqual(expect.arrayContaining(["changes.logSoloAllowed", "changes.logApproveSolo", "changes.logSoloEnded"]));
  });

  test("[MR5] the setting is written only through its own call", async () => {
    const { as } = await proposed();
    const record = { id: "approvalSetting:own", kind: "approvalSetting", solo: true };
    await expect(
      as("ann", "engineer", "administrator").apply({ branch: LIVE, reason: "by hand", changes: [{ op: "create", record }] }),
    ).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[MR3] an approval is of what the approver saw: another diff or result is refused", async () => {
    const { as, request, set, branch } = await proposed();
    const bob = as("bob", "engineer").requests;
    await expect(bob.approve(request.id, { diffHash: request.diffHash, resultHash: "r0" })).rejects.toMatchObject({
      code: "DW_STALE_APPROVAL",
    });
    await set(branch, "element:p", { value: "99" });
    await expect(bob.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" })).rejects.toMatchObject({
      code: "DW_STALE_APPROVAL",
    });
  });

  test.each([
    ["the branch moves", ({ set, branch }: TestWorld & { branch: string }) => set(branch, "element:p", { value: "99" })],
    ["the base moves under it", ({ set }: TestWorld) => set(LIVE, "element:p", { idShort: "other" })],
  ])("[MR4] an approval is void when %s", async (_what, move) => {
    const made = await proposed();
    const { as, request } = made;
    await as("bob", "engineer").requests.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" });
    await move(made);
    expect(as("bob", "engineer").requests.state(request.id).validApprovals).toEqual([]);
    await expect(as("ann", "operator").requests.merge(request.id)).rejects.toMatchObject({ code: "DW_STALE_APPROVAL" });
  });

  test("[MR4] an approval is void when the author shows another result", async () => {
    const { as, request } = await proposed();
    await as("bob", "engineer").requests.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" });
    await expect(as("bob", "engineer").requests.update(request.id, "r2")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    expect(await as("ann", "operator").requests.update(request.id, "r2")).toMatchObject({
      status: "open",
      approvals: [],
      resultHash: "r2",
    });
    await expect(as("ann", "operator").requests.merge(request.id)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[MR5] requests and comments are not written around their calls, not even by an administrator", async () => {
    const { as, request } = await proposed();
    const root = as("root", "administrator");
    const forged = root.apply({
      branch: LIVE,
      reason: "",
      changes: [{ op: "update", id: request.id, fields: { status: { from: "open", to: "approved" } } }],
    });
    await expect(forged).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await expect(
      root.apply({
        branch: LIVE,
        reason: "",
        changes: [{ op: "create", record: { id: "comment:x", kind: "comment", request: request.id, author: "bob", text: "ok", at: 1 } }],
      }),
    ).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[MR6] comments stand under the request in time order", async () => {
    const { as, request } = await proposed();
    await as("vera", "viewer").requests.comment(request.id, "Why?");
    await as("ann", "operator").requests.comment(request.id, "See the run.");
    expect(
      as("bob", "engineer")
        .requests.comments(request.id)
        .map(({ author, text }) => [author, text]),
    ).toEqual([
      ["vera", "Why?"],
      ["ann", "See the run."],
    ]);
  });

  test("[MR8] author and administrators say anew what a request is about; approvals stay, and nobody else may", async () => {
    const { as, request } = await proposed();
    await as("ann", "operator").requests.describe(request.id, "Three stations.");
    await as("root", "administrator").requests.describe(request.id, "Four stations.");
    expect(as("bob", "engineer").requests.state(request.id).request).toMatchObject({ text: "Four stations.", title: request.title });
    await expect(as("bob", "engineer").requests.describe(request.id, "Mine.")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[MR7] rejected and withdrawn requests are closed; only the author withdraws", async () => {
    const { as, request } = await proposed();
    await expect(as("bob", "engineer").requests.withdraw(request.id)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await as("bob", "engineer").requests.reject(request.id);
    await expect(as("ann", "operator").requests.withdraw(request.id)).rejects.toMatchObject({ code: "DW_CONFLICT" });
    await expect(
      as("cleo", "engineer").requests.approve(request.id, { diffHash: request.diffHash, resultHash: "r1" }),
    ).rejects.toMatchObject({ code: "DW_CONFLICT" });
  });
});
