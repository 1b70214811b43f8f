import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "@doppelwerk/client";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE, type WorldRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as changes from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-changes-"));
const submodel: WorldRecord = { id: "submodel:data", kind: "submodel", aasId: "urn:data", idShort: "Data", elements: [] };
const element = (name: string): WorldRecord => ({
  id: `element:${name}`,
  kind: "element",
  submodel: submodel.id,
  parent: "",
  order: `a${name}`,
  idShort: name,
  modelType: "Property",
  value: "6",
  body: { valueType: "xs:int", semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:places" }] } },
});
let site: HostedWorld;
let origin: string;
let closeApp: () => Promise<unknown>;

const clientOf = (name: string, baseUrl = origin): Client =>
  createClient({
    baseUrl,
    person: { id: `a-secret-of-${name}`, name },
    fetch: (url, init) => fetch(url, init as RequestInit),
  });
const update = (id: string, from: string, to: string) => ({ op: "update" as const, id, fields: { value: { from, to } } });
const planned = { owner: "Maintenance", effectiveFrom: "2027-01-01", action: "move the place" };

beforeAll(async () => {
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "two elements",
    changes: [submodel, element("A"), element("B")].map((record) => ({ op: "create" as const, record })),
  });
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[CH1] a branch is forked, changed, undone, compared and abandoned; what cannot be is refused", async () => {
  const ada = clientOf("Ada");
  const branch = await changes.fork(ada, { body: { name: "more places" } });
  expect(branch).toMatchObject({ name: "more places", parent: LIVE });
  const params = { branch: branch.id };
  const entry = await changes.apply(ada, { params, body: { reason: "try", changes: [update("element:A", "6", "7")] } });
  expect(entry).toMatchObject({ branch: branch.id, reason: "try" });
  expect(await changes.diff(ada, { params })).toMatchObject([{ id: "element:A", before: { value: "6" }, after: { value: "7" } }]);
  await expect(changes.apply(ada, { params, body: { reason: "late", changes: [update("element:A", "6", "8")] } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  expect((await changes.undo(ada, { params })).undo).toEqual({ revision: entry.revision });
  expect(await changes.diff(ada, { params })).toEqual([]);
  await changes.abandon(ada, { params });
  expect((await changes.branches(ada)).find(({ id }) => id === branch.id)?.closed?.as).toBe("abandoned");
  await expect(changes.fork(ada, { body: { name: "x", at: site.now() + 60_000_000 } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(changes.branchOf(ada, { params: { branch: "branch:nothing" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const viewer = await serveAs(site, { id: "person:vi", name: "Vi", verified: true, roles: ["viewer"] });
  const refused = await fetch(`${viewer.origin}/api/doppelwerk/v1/branches/live/changes`, { method: "POST", body: "{}" });
  expect([refused.status, (await refused.json()) as object]).toMatchObject([403, { error: { code: "DW_FORBIDDEN" } }]);
  await viewer.close();
});

test("[CH2] the log is newest first, by pages; the server's own reasons come as codes, people's as they are", async () => {
  const ada = clientOf("Ada");
  const { id } = await changes.fork(ada, { body: { name: "logged" } });
  await changes.apply(ada, { params: { branch: id }, body: { reason: "my own words", changes: [update("element:B", "6", "9")] } });
  const [edit, fork] = await changes.log(ada, { query: { limit: 2 } });
  expect(edit).toMatchObject({ kind: "edit", reason: "my own words", name: "Ada", changes: 1, lines: [{ before: "6", after: "9" }] });
  expect(edit).not.toHaveProperty("message");
  expect(fork).toMatchObject({
    kind: "fork",
    message: { code: "changes.logFork", params: { name: "logged" } },
    told: { code: "changes.logFork" },
  });
  const [before] = await changes.log(ada, { query: { limit: 1, before: fork!.revision } });
  expect(before!.revision).toBe(fork!.revision - 1);
});

test("[CH3] the author cannot approve; another approves and merges, and what was planned is confirmed", async () => {
  const [ada, ben] = [clientOf("Ada"), clientOf("Ben")];
  const { id: branch } = await changes.fork(ada, { body: { name: "eight" } });
  await changes.apply(ada, { params: { branch }, body: { reason: "try", changes: [update("element:A", "6", "8")] } });
  const request = await changes.propose(ada, { body: { branch, title: "Eight", text: "", runs: [], planned } });
  const params = { id: request.id };
  expect((await changes.requests(ben)).map(({ id }) => id)).toContain(request.id);
  const own = await changes.request(ada, { params });
  expect(own).toMatchObject({ mayNotApproveCode: "author", diff: [{ before: "6", after: "8" }], results: [], conflicts: [] });
  await expect(changes.approve(ada, { params, body: {} })).rejects.toMatchObject({ code: "DW_SAME_PERSON" });
  const { comments } = await changes.comment(ben, { params, body: { text: "good" } });
  expect(comments).toMatchObject([{ name: "Ben", text: "good" }]);
  await expect(changes.merge(ada, { params })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(changes.approve(ben, { params, body: { diffHash: "of an earlier plan" } })).rejects.toMatchObject({
    code: "DW_STALE_APPROVAL",
  });
  expect(await changes.approve(ben, { params, body: { diffHash: own.diffHash } })).toMatchObject({ status: "approved" });
  const merged = await changes.merge(ada, { params });
  expect(merged).toMatchObject({ status: "merged", merged: { name: "Ada", revision: expect.any(Number) } });
  await expect(changes.withdraw(ada, { params })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect(changes.request(ada, { params: { id: "mergeRequest:nothing" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[CH6] where the world allows it the author approves alone, marked in request and log; off by default, and administrators decide", async () => {
  const ada = clientOf("Ada");
  expect(await changes.readApprovalSetting(ada, {})).toEqual({ solo: false });
  const engineer = await serveAs(site, { id: "person:eve", name: "Eve", verified: true, roles: ["engineer"] });
  const refused = await fetch(`${engineer.origin}/api/doppelwerk/v1/approval-setting`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ solo: true }),
  });
  expect(refused.status).toBe(403);
  await engineer.close();
  expect(await changes.changeApprovalSetting(ada, { body: { solo: true } })).toEqual({ solo: true });
  const { id: branch } = await changes.fork(ada, { body: { name: "ten" } });
  await changes.apply(ada, { params: { branch }, body: { reason: "try", changes: [update("element:B", "6", "10")] } });
  const { id } = await changes.propose(ada, { body: { branch, title: "Ten", text: "", runs: [], planned } });
  expect(await changes.request(ada, { params: { id } })).not.toHaveProperty("mayNotApprove");
  const approved = await changes.approve(ada, { params: { id }, body: {} });
  expect(approved.approvals).toMatchObject([{ name: "Ada", valid: true, solo: true }]);
  expect(await changes.merge(ada, { params: { id } })).toMatchObject({ status: "merged", approvals: [{ solo: true }] });
  await changes.changeApprovalSetting(ada, { body: { solo: false } });
  const codes = (await changes.log(ada, { query: { limit: 8 } })).map((line) => line.message?.code);
  expect(codes).toEqual(expect.arrayContaining(["changes.logSoloAllowed", "changes.logApproveSolo", "changes.logSoloEnded"]));
});

test("[CH3] a request is rejected with a reason or without one, and withdrawn by its author alone", async () => {
  const [ada, ben] = [clientOf("Ada"), clientOf("Ben")];
  const { id: branch } = await changes.fork(ada, { body: { name: "nine" } });
  await changes.apply(ada, { params: { branch }, body: { reason: "try", changes: [update("element:B", "6", "9")] } });
  const open = async () => ({ id: (await changes.propose(ada, { body: { branch, title: "Nine", text: "", runs: [], planned } })).id });
  const first = await open();
  expect(await changes.reject(ben, { params: first, body: { text: "too many" } })).toMatchObject({
    status: "rejected",
    comments: [{ text: "too many" }],
  });
  const second = await open();
  expect(await changes.reject(ben, { params: second, body: {} })).toMatchObject({ status: "rejected", comments: [] });
  const third = await open();
  await expect(changes.withdraw(ben, { params: third })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  expect(await changes.withdraw(ada, { params: third })).toMatchObject({ status: "withdrawn" });
});

test("[CH4] it cannot be switched off in a world, and goes on", async () => {
  await expect(site.features.switchFeature("changes", false)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect((await changes.branches(clientOf("Ada"))).map(({ id }) => id)).toContain(LIVE);
});
