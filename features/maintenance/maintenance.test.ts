import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, MINUTE, readDocument } from "@doppelwerk/kit";
import { workOrders } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import { jobPlan } from "./model/job-kind.ts";
import { planJudgement } from "./model/judgement-kind.ts";
import { maintenancePlan } from "./model/plan-kind.ts";
import { planOfRow, rowOfPlan } from "./server/plan-table.ts";

const WAIT = { timeout: 180_000, interval: 200 };
const AMPLE_MS = 600_000;

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

test(
  "[MN10] [MN11] [MN12] plans open their work orders once: by the calendar, by pieces, by hours; also when they fell due while the server was off",
  async () => {
    const base = { title: title("grease"), station: "S90", priority: 3, withinDays: 2, isOn: true } as const;
    const today = new Date(site.now() / 1_000).toISOString().slice(0, 10);
    const from = site.now() - 3 * 60 * MINUTE;
    await expect(
      calls.storePlan(operator, {
        body: { ...base, code: "T", trigger: { kind: "time", every: 1, unit: "week", from: today, minute: 0 } },
      }),
    ).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await calls.storePlan(engineer, {
      body: { ...base, code: "T", trigger: { kind: "time", every: 1, unit: "week", from: "2026-01-05", minute: 0 } },
    });
    await calls.storePlan(engineer, { body: { ...base, code: "N", trigger: { kind: "count", counter: "pieces", every: 50, from } } });
    await calls.storePlan(engineer, { body: { ...base, code: "H", trigger: { kind: "count", counter: "hours", every: 1_000, from } } });
    await calls.storePlan(engineer, {
      body: { ...base, code: "OFF", isOn: false, trigger: { kind: "time", every: 1, unit: "day", from: "2026-01-05" } },
    });
    const known = async () => new Map((await calls.plans(operator, { query: {} })).map((plan) => [plan.fields.code, plan]));
    await vi.waitUntil(async () => (await known()).get("N")?.open !== undefined && (await known()).get("T")?.open !== undefined, WAIT);
    const plans = await known();
    expect(plans.get("N")!.next.used).toBeGreaterThan(50);
    expect(plans.get("H")).toMatchObject({ next: { remaining: expect.any(Number) } });
    expect(plans.get("H")!.open ?? plans.get("OFF")!.open).toBeUndefined();
    expect(plans.get("T")!.next.at).toBeGreaterThan(site.now());
    const ofPlans = async () => [...(await list()).open, ...(await list()).ended].filter(({ source }) => source.kind === "plan");
    const opened = await ofPlans();
    expect(opened.map(({ source }) => source.id).toSorted()).toEqual(["N", "T"]);
    // another server over the same folder looks at the same plans
    await closeAll();
    await openAll();
    await vi.waitUntil(async () => (await known()).get("N")?.next.used !== undefined, WAIT);
    await calls.storePlan(engineer, {
      body: { ...base, code: "LATER", job: "GONE", trigger: { kind: "time", every: 1, unit: "day", from: "2026-01-05" } },
    });
    await vi.waitUntil(async () => (await known()).get("LATER")?.open !== undefined, WAIT);
    expect(
      (await ofPlans())
        .filter(({ source }) => source.id !== "LATER")
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(opened.map(({ id }) => id).toSorted());
    // its job plan is not there: the work is done all the same
    expect((await ofPlans()).find(({ source }) => source.id === "LATER")).toMatchObject({
      steps: [],
      text: { en: expect.stringContaining("GONE") },
    });
    // done: not opened again for the cycle
    const { id } = opened.find(({ source }) => source.id === "T")!;
    await calls.work(operator, { params: { id }, body: { act: "started" } });
    await calls.work(operator, { params: { id }, body: { act: "finished" } });
    expect((await known()).get("T")).toMatchObject({ done: 1, lastDone: expect.any(Number) });
  },
  AMPLE_MS,
);

test(
  "[MN13] reliability of a station from its recorded states: a failure of six minutes and the operating time between them",
  async () => {
    const to = Math.floor(site.now() / (30 * MINUTE)) * 30 * MINUTE;
    const from = to - 120 * MINUTE;
    const rows = await vi.waitUntil(async () => {
      const found = await calls.reliability(operator, { query: { from, to } });
      return (found.find(({ station }) => station === "S90")?.failures ?? 0) >= 4 ? found : undefined;
    }, WAIT);
    const row = rows.find(({ station }) => station === "S90")!;
    const { failures, operatingS, failedS, unknownS } = row;
    expect(operatingS + failedS + unknownS).toBeLessThanOrEqual(7_200 + 1e-6);
    expect(row.mtbf.value).toBeCloseTo(operatingS / failures, 6);
    await expect(calls.reliability(operator, { query: { from: to, to: from } })).rejects.toMatchObject({ code: "DW_INVALID" });
  },
  AMPLE_MS,
);

test(
  "[MN14] a plan is judged on a fork that keeps the answer and the assumption, and one that cannot be leaves no branch behind",
  async () => {
    const plan = { code: "J", title: title("judged"), station: "S90", priority: 3, withinDays: 1, isOn: false } as const;
    const trigger = { kind: "condition", rule: "alarmRule:none", times: 1, from: site.now() } as const;
    await calls.storePlan(engineer, { body: { ...plan, trigger } });
    const body = { minutes: 30, prevented: 0.2, name: "judge it" };
    const branches = (await engineer.branches()).length;
    expect(await calls.judge(engineer, { params: { code: "J" }, body })).toMatchObject({ why: { code: "maintenance.judge.noInterval" } });
    await expect(calls.judge(engineer, { params: { code: "NONE" }, body })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(calls.judge(viewer, { params: { code: "J" }, body })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    expect((await engineer.branches()).length).toBe(branches);
    await calls.storePlan(engineer, { body: { ...plan, trigger: { kind: "time", every: 1, unit: "day", from: "2026-01-05", minute: 0 } } });
    const judged = await vi.waitUntil(async () => {
      const answer = await calls.judge(operator, { params: { code: "J" }, body });
      return answer.judgement === undefined && answer.why?.code === "simulate.stopEffect.reading" ? undefined : answer;
    }, WAIT);
    expect(judged).toMatchObject({ judgement: { prevented: 0.2, by: "person:otto", effect: { replications: 40 } } });
    const listed = (await calls.plans(viewer, { query: {} })).find(({ fields }) => fields.code === "J")!;
    expect(listed.judged).toMatchObject({ branch: judged.branch, prevented: 0.2 });
    const record = JSON.parse(readFileSync(new URL("./fixtures/maintenance.judgement-v1.json", import.meta.url), "utf8"));
    expect(documentFaults(planJudgement, record)).toEqual([]);
  },
  AMPLE_MS,
);

test("[MN15] plans are written to the asset as its submodel and read from there, also by any client of the AAS API", async () => {
  const query = { station: "S90" };
  await expect(calls.takeInstructions(engineer, { query, body: {} })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(calls.writeInstructions(operator, { query })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const before = (await calls.plans(engineer, { query: {} })).map(({ fields }) => fields);
  const written = await calls.writeInstructions(engineer, { query });
  expect(written.plans).toBe(before.length);
  const view = site.view(SYSTEM).reader(LIVE);
  const [record] = view.query({ kind: "submodel", index: { name: "aasId", value: written.submodel }, limit: 1 });
  expect(record).toBeDefined();
  const found = await calls.takeInstructions(engineer, { query, body: {} });
  expect(found.findings).toEqual([]);
  expect(found.plans).toEqual(before);
  // again: nothing is another one
  expect(await calls.writeInstructions(engineer, { query })).toEqual(written);
  await calls.removePlan(engineer, { params: { code: before[0]!.code } });
  await calls.takeInstructions(engineer, { query, body: { isStored: true } });
  expect((await calls.plans(engineer, { query: {} })).map(({ fields }) => fields)).toEqual(before);
});

test("[MN7] plans go out as rows of a list and in again as they were, and a row that does not fit is named", () => {
  const trigger = { kind: "time", every: 2, unit: "week", from: "2026-01-05", minute: 360, inShift: true, leadDays: 1 } as const;
  for (const fields of [
    { code: "A", title: title("a"), station: "S90", job: "J", priority: 2, trigger, withinDays: 3, isOn: true },
    {
      code: "B",
      title: title("b"),
      station: "S90",
      priority: 3,
      trigger: { kind: "count", counter: "hours", every: 200, from: 1_796_000_000_000_000 },
      withinDays: 7,
      isOn: false,
    },
    {
      code: "C",
      title: title("c"),
      station: "S90",
      priority: 1,
      trigger: { kind: "condition", rule: "r", times: 3, from: 1_796_000_000_000_000 },
      withinDays: 7,
      isOn: true,
    },
  ] as const)
    expect(planOfRow(rowOfPlan(fields))).toEqual({ fields });
  expect(
    planOfRow({ code: "A", titleEn: "a", titleZh: "a", station: "S90", trigger: "time", every: 0, unit: "day", from: "2026-01-05" }),
  ).toMatchObject({ column: "every" });
  expect(planOfRow({ code: "A", titleEn: "a", titleZh: "a", station: "S90", trigger: "sometimes" })).toMatchObject({ column: "trigger" });
  const plan = JSON.parse(readFileSync(new URL("./fixtures/maintenance.plan-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(maintenancePlan, plan)).toEqual([]);
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
