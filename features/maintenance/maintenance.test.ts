import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, MINUTE, readDocument } from "@doppelwerk/kit";
import { workOrders } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import { jobPlan } from "./model/job-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-maintenance-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
let second: Client;
let viewer: Client;

async function openAll(): Promise<void> {
  site = await openProduct(folder);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  second = await clientAs(site, "ida", "operator", closes);
  viewer = await clientAs(site, "vera", "viewer", closes);
}
async function closeAll(): Promise<void> {
  for (const close of closes.splice(0)) await close();
  await site?.close();
}
beforeAll(async () => {
  await openAll();
  await bringPlantOfHours(site);
});
afterAll(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

// #region job
const JOB = {
  code: "SEAL-90",
  title: { en: "Change the seal", zh: "更换密封" },
  steps: [
    { text: { en: "Open the guard", zh: "打开护罩" }, needsLockOut: true },
    { text: { en: "Look at the seal", zh: "检查密封" }, needsLockOut: false },
  ],
  lockOut: [{ text: { en: "Main switch Q1", zh: "主开关 Q1" } }],
  parts: [{ part: "SEAL-1", quantity: 2 }],
  minutes: 30,
};
// #endregion
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const title = (en: string) => ({ en, zh: en });
const list = (by = operator, query = {}) => calls.orders(by, { query });

test("[MN3] [MN7] a work order is opened of a job plan, worked under lock-out, and signed off by another person; roles decide who does what [level: faults]", async () => {
  await expect(calls.storeJob(operator, { body: JOB })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await calls.storeJob(engineer, { body: JOB });
  await expect(calls.open(viewer, { body: { title: title("x"), station: "S90" } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(calls.open(operator, { body: { title: title("x"), station: "S99" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const opened = await calls.open(operator, { body: { title: JOB.title, station: "S90", job: JOB.code, priority: 2 } });
  expect(opened).toMatchObject({ state: "open", number: "WO-0001", station: "S90", isNew: true, steps: [{ needsLockOut: true }, {}] });
  // another job plan afterwards is not that of work that is open
  await calls.storeJob(engineer, { body: { ...JOB, steps: [] } });
  const params = { id: opened.id };
  const work = (by: Client, body: Parameters<typeof calls.work>[1]["body"]) => calls.work(by, { params, body });
  await expect(calls.direct(operator, { params, body: { act: "assigned", person: "person:ida" } })).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
  expect(await calls.direct(engineer, { params, body: { act: "assigned", person: "person:ida" } })).toMatchObject({
    state: "planned",
    owner: { id: "person:ida" },
  });
  await expect(work(viewer, { act: "started" })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await work(second, { act: "started" });
  await expect(work(second, { act: "stepDone", step: 0 })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await work(second, { act: "locked", point: 0, tag: "17" });
  // two at once: one is refused
  const both = await Promise.allSettled([work(second, { act: "stepDone", step: 0 }), work(operator, { act: "stepDone", step: 0 })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  await work(second, { act: "stepDone", step: 1, note: "worn" });
  await work(second, { act: "unlocked", point: 0 });
  const finished = await work(second, { act: "finished" });
  await expect(calls.sign(second, { params, body: { seen: finished.acts } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(calls.sign(engineer, { params, body: { seen: finished.acts - 1 } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(await calls.sign(engineer, { params, body: { seen: finished.acts } })).toMatchObject({ state: "signedOff", signed: {} });
  const { open, ended } = await list(viewer);
  expect(open).toEqual([]);
  expect(ended).toMatchObject([{ id: opened.id, steps: [{ done: {} }, { done: { note: "worn" } }] }]);
});

test("[MN6] a photo is taken by its bytes and served as what it is; nothing else is", async () => {
  const { id } = await calls.open(operator, { body: { title: title("photos"), station: "S90" } });
  const withPhoto = await calls.addPhoto(operator, { params: { id }, body: PNG });
  expect(withPhoto.photos).toMatchObject([{ type: "image/png", bytes: PNG.length }]);
  const photo = withPhoto.photos[0]!.hash;
  expect(await calls.photo(viewer, { params: { id, photo } })).toEqual(PNG);
  const page = new TextEncoder().encode("<script>alert(1)</script>");
  await expect(calls.addPhoto(operator, { params: { id }, body: page })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(calls.photo(viewer, { params: { id, photo: "0".repeat(64) } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(calls.addPhoto(viewer, { params: { id }, body: PNG })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
});

test("[MN4] work orders as they were at an instant, and on a branch of its own; what is entered later lies between the last act and now", async () => {
  const { id, openedAt } = await calls.open(operator, { body: { title: title("branches"), station: "S90" } });
  const forked = await engineer.fork("what if it is done");
  await calls.work(operator, { params: { id }, query: { branch: forked.id }, body: { act: "started" } });
  expect(await calls.order(operator, { params: { id }, query: { branch: forked.id } })).toMatchObject({ state: "started" });
  expect(await calls.order(operator, { params: { id }, query: {} })).toMatchObject({ state: "open" });
  const live = await calls.work(operator, { params: { id }, body: { act: "taken" } });
  expect(live.acts).toBe(2);
  expect(await calls.order(operator, { params: { id }, query: { branch: forked.id } })).toMatchObject({ state: "started", acts: 2 });
  expect(await calls.order(operator, { params: { id }, query: { t: openedAt } })).toMatchObject({ state: "open", acts: 1 });
  await expect(calls.order(operator, { params: { id }, query: { t: openedAt - 1 } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  for (const at of [openedAt - MINUTE, site.now() + MINUTE])
    await expect(calls.work(operator, { params: { id }, body: { act: "noted", text: "x", at } })).rejects.toMatchObject({
      code: "DW_INVALID",
    });
});

test("[MN8] an alarm that was raised opens its work order once, with what its rule says; one that never was does not", async () => {
  const rules = (await engineer.requester.json("GET", "/alarm-rules")) as readonly {
    readonly id: string;
    readonly fields: { readonly station?: string };
  }[];
  const rule = rules.find(({ fields }) => fields.station === "S90")?.id ?? "alarmRule:none";
  const body = { rule, raised: site.now() - MINUTE };
  expect(await calls.ofAlarm(operator, { query: body })).toEqual({ orders: [], canOpen: false });
  await expect(calls.openOfAlarm(operator, { body })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[MN9] another feature opens a work order by its key, and lists those of a station with the rights of who asks", async () => {
  const port = site.features.port(workOrders);
  const shell = (await list()).stations.find(({ station }) => station === "S90")!.shell;
  const request = {
    title: title("a round found a leak"),
    shell,
    priority: 3,
    source: { kind: "round", id: "r", at: 1 },
    key: "round 1 leak",
  } as const;
  const principal = { id: "person:otto", name: "otto", verified: true, roles: ["operator"] };
  const first = await port.open(principal, LIVE, request);
  expect(first.isNew).toBe(true);
  expect(await port.open(principal, LIVE, request)).toEqual({ id: first.id, isNew: false });
  expect(await port.list(principal, LIVE, { shell })).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: first.id, source: request.source })]),
  );
  await expect(port.open({ ...principal, roles: ["viewer"] }, LIVE, { ...request, key: "other" })).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
  await expect(port.open(principal, LIVE, { ...request, shell: "urn:none", key: "none" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[MN7] job plans go out as a list and in again, and a row that does not fit is named; documents of every version are read", async () => {
  await calls.storeJob(engineer, { body: JOB });
  const rows = (await engineer.requester.json("GET", "/lists")) as readonly { readonly id: string; readonly rows: number }[];
  expect(rows.find(({ id }) => id === "maintenanceJobs")).toMatchObject({ rows: 1 });
  const record = JSON.parse(readFileSync(new URL("./fixtures/maintenance.job-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(jobPlan, record)).toEqual([]);
  expect(readDocument(jobPlan, record)).toMatchObject({ code: "SEAL-90" });
});

test("[MN3] [MN5] after a restart every act is there once; of an asset that may not be read nothing is", async () => {
  const before = await list();
  await closeAll();
  await openAll();
  const again = await list();
  expect(again.open.map(({ id, acts }) => [id, acts])).toEqual(before.open.map(({ id, acts }) => [id, acts]));
  expect(again.ended.map(({ id, acts }) => [id, acts])).toEqual(before.ended.map(({ id, acts }) => [id, acts]));
  const { id, shell } = before.open[0]!;
  const view = site.view(SYSTEM);
  const [record] = view.reader(LIVE).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 });
  await view.apply({
    branch: LIVE,
    reason: "only engineers",
    changes: [{ op: "update", id: record!.id, fields: { readers: { from: undefined, to: ["engineer"] } } }],
  });
  expect((await list()).open.some((each) => each.shell === shell)).toBe(false);
  await expect(calls.order(operator, { params: { id }, query: {} })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(calls.work(operator, { params: { id }, body: { act: "noted", text: "x" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(await calls.order(engineer, { params: { id }, query: {} })).toMatchObject({ id });
});
