import { createAccessGate } from "@doppelwerk/trust";
import { describe, expect, test } from "vitest";
import { LIVE } from "../change.ts";
import type { Commit } from "../world.ts";
import { aWorld, note, property, type TestWorld } from "./a-world.fixture.ts";

const SECRET = "the recipe of the glue";

/** An open record, a secret one, and one that was open once; a branch where the secret one is edited. */
async function withSecret(): Promise<TestWorld & { readonly branch: string }> {
  const made = await aWorld();
  await made.create(
    LIVE,
    note("open", { text: "hello" }),
    note("secret", { text: SECRET, readers: ["engineer"] }),
    note("once", { text: SECRET }),
  );
  await made.set(LIVE, "note:once", { readers: ["engineer"] });
  const branch = await made.fork();
  await made.set(branch, "note:secret", { text: `${SECRET}, improved` });
  await made.set(branch, "note:open", { text: "hello branch" });
  await made.create(branch, note("newSecret", { text: SECRET, readers: ["engineer"] }));
  return { ...made, branch };
}

test("[V9] readers of one edition answer alike: a commit, a branch, an instant and other rights make another", async () => {
  const { as, branch, set, world } = await withSecret();
  const edition = (view = as("otto", "operator"), ...at: Parameters<typeof view.reader>) => view.reader(...at).edition!();
  const first = edition(undefined, LIVE);
  expect(first).toBeDefined();
  expect(edition(as("olga", "operator"), LIVE)).toBe(first);
  const others = [
    edition(undefined, branch),
    edition(undefined, LIVE, { revision: 1 }),
    edition(undefined, LIVE, { time: world.timeOf(1)! }),
    edition(as("eve", "engineer"), LIVE),
    edition(as("root", "administrator"), LIVE),
  ];
  expect(new Set([first, ...others]).size).toBe(others.length + 1);
  const old = as("otto", "operator").reader(LIVE);
  await set(LIVE, "note:open", { readers: ["engineer"] });
  expect(old.edition!()).toBeUndefined();
  expect(edition(undefined, LIVE)).not.toBe(first);
});

describe("what a principal may not read does not exist for him", () => {
  test("[V1] in reads, queries, versions and old revisions, on live and on branches", async () => {
    const { as, branch, world } = await withSecret();
    const view = as("otto", "operator");
    for (const reader of [
      view.reader(LIVE),
      view.reader(branch),
      view.reader(LIVE, { revision: 1 }),
      view.reader(LIVE, { time: world.revision() }),
      view.reader(branch, { revision: 1 }),
    ]) {
      const all = [
        reader.query({ kind: "note" }),
        ...["note:secret", "note:once", "note:newSecret"].map((id) => [reader.get(id), reader.versions(id)]),
      ];
      expect(JSON.stringify(all)).not.toContain(SECRET);
    }
    expect(as("eve", "engineer").reader(LIVE).get("note:secret")).toMatchObject({ text: SECRET });
    expect(view.reader(LIVE).get("note:open")).toBeDefined();
  });

  test("[V1] not even once it is deleted", async () => {
    const { as, remove } = await withSecret();
    await remove(LIVE, "note:once");
    const reader = as("otto", "operator").reader(LIVE, { revision: 1 });
    expect([reader.get("note:once"), reader.versions("note:once")]).toEqual([undefined, []]);
  });

  test("[V2] in diffs and merge plans, which then say they are not complete", async () => {
    const { as, branch } = await withSecret();
    const view = as("otto", "operator");
    expect(view.diff(branch).map(({ id }) => id)).toEqual(["note:open"]);
    const plan = view.planMerge(branch);
    expect(plan.changes).toHaveLength(1);
    expect(plan.complete).toBe(false);
    expect(JSON.stringify(plan)).not.toContain(SECRET);
    expect(as("eve", "engineer").planMerge(branch)).toMatchObject({ complete: true });
  });

  test("[V2] and what he cannot see whole he can neither approve nor merge", async () => {
    const { as, branch } = await withSecret();
    const request = await as("eve", "engineer").requests.open({
      branch,
      title: "t",
      text: "",
      planned: { owner: "o", effectiveFrom: "", action: "" },
    });
    await as("erik", "engineer").requests.approve(request.id, { diffHash: request.diffHash, resultHash: "" });
    await expect(as("otto", "operator").requests.merge(request.id)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[V3] in commits and log entries", async () => {
    const { as, set, create, world } = await withSecret();
    const heard: Commit[] = [];
    as("otto", "operator").onCommit((commit) => heard.push(commit));
    await set(LIVE, "note:secret", { text: `${SECRET} two` });
    await create(LIVE, note("x"), note("y", { text: SECRET, readers: ["engineer"] }));
    await set(LIVE, "note:x", { text: SECRET, readers: ["engineer"] });
    expect(heard.map(({ entry }) => entry.changes.length)).toEqual([0, 1, 0]);
    expect(JSON.stringify(heard)).not.toContain(SECRET);
    expect(world.revision()).toBe(heard.at(-1)?.entry.revision);
  });

  test("[V10] a commit of which not every change may be read says no reason", async () => {
    const { as, world } = await aWorld();
    const heard: Commit[] = [];
    as("otto", "operator").onCommit((commit) => heard.push(commit));
    as("eve", "engineer").onCommit((commit) => heard.push(commit));
    const changes = [note("x"), note("y", { readers: ["engineer"] })].map((record) => ({ op: "create", record }) as const);
    await world.apply({ branch: LIVE, actor: "ann", reason: `moves ${SECRET}`, changes });
    expect(heard.map(({ entry }) => [entry.reason, entry.message?.code])).toEqual([
      ["a change of which you may not read all", "world.reasonHidden"],
      [`moves ${SECRET}`, undefined],
    ]);
  });

  test("[V7] a commit is looked through once for those who may read the same, and not at all for those who may read everything", async () => {
    const gate = createAccessGate({ rolesOf: ({ roles }) => roles });
    const looked: string[] = [];
    const mayRead: typeof gate.mayRead = (principal, record) => {
      looked.push(principal.id);
      return gate.mayRead(principal, record);
    };
    const { as, create, set } = await aWorld({ gate: { ...gate, mayRead } });
    const received: (readonly [string, number])[] = [];
    for (const [id, role] of [
      ["ada", "administrator"],
      ["otto", "operator"],
      ["olga", "operator"],
      ["erik", "engineer"],
    ] as const)
      as(id, role).onCommit(({ entry }) => received.push([id, entry.changes.length]));
    await create(LIVE, note("x"), note("y", { readers: ["engineer"] }));
    expect(received.splice(0)).toEqual([
      ["ada", 2],
      ["otto", 1],
      ["olga", 1],
      ["erik", 2],
    ]);
    expect(new Set(looked.splice(0))).toEqual(new Set(["otto", "erik"]));
    await set(LIVE, "note:x", { readers: ["engineer"] });
    expect(received.map(([, changes]) => changes)).toEqual([1, 0, 0, 1]);
    expect(new Set(looked)).toEqual(new Set(["otto", "erik"]));
  });

  test("[V4] in refusals: a hidden record is as good as none", async () => {
    const { as } = await withSecret();
    const attempt = as("otto", "operator", "engineerless").apply({
      branch: LIVE,
      reason: "",
      changes: [{ op: "update", id: "note:secret", fields: { text: { from: "guess", to: "x" } } }],
    });
    const error = await attempt.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "DW_NOT_FOUND" });
    expect(JSON.stringify(error)).not.toContain(SECRET);
  });
});

describe("what a principal may do", () => {
  test("[V5] every write passes the gate, and is written under his own id", async () => {
    const { as, branch } = await withSecret();
    const change = { op: "create", record: note("mine") } as const;
    const refused = await as("otto", "operator")
      .apply({ branch: LIVE, reason: "", changes: [change] })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "DW_FORBIDDEN", message: expect.stringMatching(/operator.*: note:mine$/) });
    await expect(as("vera", "viewer").apply({ branch, reason: "", changes: [change] })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    const { entry } = await as("otto", "operator").apply(Object.assign({ branch, reason: "", changes: [change] }, { actor: "eve" }));
    expect(entry.actor).toBe("otto");
    await expect(as("vera", "viewer").fork({ name: "f", parent: LIVE, instant: 1, reason: "" })).rejects.toMatchObject({
      code: "DW_FORBIDDEN",
    });
    await expect(as("vera", "viewer").undo(branch)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await expect(as("otto", "operator").abandon(branch, "")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[V5] a write is judged by the record it meets, what is on its way to the disk included", async () => {
    const { as, branch, set } = await withSecret();
    const change = { op: "update", id: "note:open", fields: { text: { from: "hello branch", to: "mine" } } } as const;
    const hiding = set(branch, "note:open", { readers: ["engineer"] });
    await expect(as("otto", "operator").apply({ branch, reason: "", changes: [change] })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await hiding;
    await as("eve", "engineer").apply({ branch, reason: "", changes: [change] });
    expect(as("eve", "engineer").reader(branch).get("note:open")).toMatchObject({ text: "mine" });
  });

  test("[V5] without a role there is nothing", async () => {
    const { as, branch } = await withSecret();
    const stranger = as("stranger");
    expect(stranger.branches()).toEqual([]);
    expect(() => stranger.reader(LIVE)).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
    expect(() => stranger.diff(branch)).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
    await expect(stranger.requests.comment("mergeRequest:1", "hi")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  });

  test("[V5] confirming a plan is a write on live", async () => {
    const { as, create, set } = await aWorld();
    await create(LIVE, property("p", "1"));
    await set(LIVE, "element:p", { planned: { value: "2", owner: "o", effectiveFrom: "", action: "", request: "r" } });
    await expect(as("otto", "operator").confirm("element:p", "done")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await as("eve", "engineer").confirm("element:p", "done");
    expect(as("vera", "viewer").reader(LIVE).get("element:p")).toMatchObject({ value: "2" });
  });

  test("[V6] pages of a filtered query are full", async () => {
    const { as, create } = await aWorld();
    await create(
      LIVE,
      ...Array.from({ length: 40 }, (_, i) => note(String(i).padStart(2, "0"), i % 4 === 0 ? {} : { readers: ["engineer"] })),
    );
    const reader = as("otto", "operator").reader(LIVE);
    const first = reader.query({ kind: "note", limit: 6 });
    const rest = reader.query({ kind: "note", limit: 6, after: first.at(-1)!.id });
    expect([first.length, rest.length]).toEqual([6, 4]);
  });
});
