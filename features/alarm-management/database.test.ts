import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as management from "./calls.ts";
import type { DatabaseAlarm } from "./contract.ts";
import { entryId, entryKind, type EntryFields } from "./model/entry-kind.ts";
import { SHIPPED_PHILOSOPHY, priorityOfMatrix } from "./model/philosophy-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-management-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let other: Client;
let operator: Client;

const both = (en: string) => ({ en, zh: en });
const rule = (name: string, signal: string) => ({
  id: `alarmRule:${name}`,
  kind: "alarmRule",
  title: both(`${name} too high`),
  condition: { kind: "high", signal, limit: 50, deadband: 1 },
  priority: 2,
  onDelayS: 0,
  offDelayS: 0,
  cause: both("cause"),
  consequence: both("consequence"),
  response: both("response"),
  timeToRespondS: 600,
  latching: false,
  suppressedIn: [],
  enabled: true,
});
const DECIDED: EntryFields = {
  cause: both("the pump runs against a closed valve"),
  consequence: both("the seal is destroyed"),
  response: both("open the valve, else stop the pump"),
  timeToRespondS: 600,
  severity: "major",
  priority: 2,
  priorityBasis: "",
  class: "equipment",
  setpoint: 50,
  setpointBasis: "data sheet of the seal: 55 at most",
  deadband: 1,
  onDelayS: 0,
  offDelayS: 0,
  mayChange: "maintenance",
  reviewBy: "2030-01-01",
};

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  const signal = (name: string, more = {}) => ({
    id: `signal:${name}`,
    kind: "signal",
    name,
    unit: "bar",
    valueType: "double",
    connection: "connection:x",
    address: name,
    ...more,
  });
  const made = [
    signal("oil"),
    signal("water"),
    signal("secret", { readers: ["administrator"] }),
    rule("oil", "signal:oil"),
    rule("water", "signal:water"),
    rule("secret", "signal:secret"),
  ];
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      ...made.map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  engineer = await clientAs(site, "eva", "engineer", closes);
  other = await clientAs(site, "emil", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const id = "alarmRule:oil";
const of = (client: Client, name = id, branch = LIVE): Promise<DatabaseAlarm> =>
  management.procedure(client, { params: { id: name }, query: { branch } });
const store = (
  fields: EntryFields,
  more: { readonly expected?: EntryFields | null; readonly branch?: string; readonly id?: string } = {},
) =>
  management.store(engineer, {
    params: { id: more.id ?? id },
    query: { branch: more.branch ?? LIVE },
    body: { fields, ...(more.expected !== undefined && { expected: more.expected }) },
  });

test("[AR1] every alarm is listed, first as not rationalised; who may not read its signal is answered as if there were none", async () => {
  const all = await management.database(engineer, {});
  expect(all.every(({ state, fields }) => state === "notRationalised" && fields === undefined)).toBe(true);
  expect(all.find((alarm) => alarm.id === id)).toMatchObject({ unit: "bar", running: { setpoint: 50, priority: 2 }, differences: [] });
  expect(all.some((alarm) => alarm.id === "alarmRule:secret")).toBe(false);
  await expect(of(engineer, "alarmRule:secret")).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(store(DECIDED, { id: "alarmRule:secret" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(management.store(operator, { params: { id }, body: { fields: DECIDED } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
});

test("[AR2] what was decided is stored as a draft, once; from what holds no more, against the philosophy or without a basis it is refused", async () => {
  for (const [bad, code] of [
    [{ ...DECIDED, severity: "huge" }, "DW_INVALID"],
    [{ ...DECIDED, class: "none" }, "DW_INVALID"],
    [{ ...DECIDED, priority: 1 }, "DW_INVALID"],
    [{ ...DECIDED, reviewBy: "soon" }, "DW_INVALID"],
    [{ ...DECIDED, cause: both("") }, "DW_INVALID"],
  ] as const)
    await expect(store(bad as EntryFields)).rejects.toMatchObject({ code });
  const before = site.view(SYSTEM).revision();
  const stored = await store(DECIDED, { expected: null });
  expect(stored).toMatchObject({
    state: "draft",
    fields: DECIDED,
    byMatrix: 2,
    isReviewDue: false,
    differences: [{ field: "cause" }, { field: "consequence" }, { field: "response" }],
  });
  expect(await store(DECIDED, { expected: DECIDED })).toEqual(stored);
  expect(site.view(SYSTEM).revision()).toBe(before + 1);
  await expect(store({ ...DECIDED, setpoint: 51 }, { expected: null })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  const because = { ...DECIDED, priority: 1 as const, priorityBasis: "happened twice last year" };
  expect(await store(because)).toMatchObject({ state: "draft", byMatrix: 2, fields: because });
  expect((await store({ ...DECIDED, reviewBy: "2020-01-01" })).isReviewDue).toBe(true);
  await store(DECIDED);
});

test("[AR3] what was looked at is approved, and nothing else: another decision, also one that is merged, is a draft again", async () => {
  await expect(management.approve(other, { params: { id }, body: { expected: { ...DECIDED, setpoint: 1 } } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "cause", parent: LIVE, instant: site.now(), reason: "test" });
  const approved = await management.approve(other, { params: { id }, body: { expected: DECIDED } });
  expect(approved).toMatchObject({ state: "changed", approved: { at: expect.any(Number) as number } });
  // on the branch somebody decides otherwise, who does not know of the approval
  await store({ ...DECIDED, setpoint: 48 }, { branch });
  const record = view.reader(branch).get(entryId(id))!;
  const live = view.reader(LIVE).get(entryId(id))!;
  const merged = { ...live, setpoint: record["setpoint"] };
  expect(readDocument(entryKind, merged as never)).toBeDefined();
  await view.apply({
    branch: LIVE,
    reason: "merge",
    changes: [{ op: "update", id: live.id, fields: { setpoint: { from: 50, to: 48 } } } as never],
  });
  const after = await of(engineer);
  expect(after.state).toBe("draft");
  expect(after).not.toHaveProperty("approved");
  await store(DECIDED);
  expect((await of(engineer)).state).not.toBe("notRationalised");
  await management.approve(other, { params: { id }, body: { expected: DECIDED } });
});

test("[AR4] values of a running rule that are not what was approved are named, and given to the rule on request; on a branch too", async () => {
  await management.enforce(engineer, { params: { id } });
  expect(await of(engineer)).toMatchObject({ state: "approved", differences: [], running: { response: DECIDED.response } });
  // somebody edits the rule past the database
  const rules = (await engineer.requester.json("GET", "/alarm-rules")) as readonly { readonly id: string; readonly fields: object }[];
  const { fields } = rules.find((each) => each.id === id)! as { fields: { readonly condition: object } };
  const wrong = { ...fields, priority: 3, condition: { ...fields.condition, limit: 60 }, enabled: false };
  await engineer.requester.json("PUT", `/alarm-rules/${encodeURIComponent(id)}`, { body: { fields: wrong } });
  const changed = await of(engineer);
  expect(changed.state).toBe("changed");
  expect(changed.differences).toEqual([
    { field: "priority", decided: 2, running: 3 },
    { field: "setpoint", decided: 50, running: 60 },
    { field: "enabled", decided: true, running: false },
  ]);
  const { id: branch } = await site.view(SYSTEM).fork({ name: "enforce", parent: LIVE, instant: site.now(), reason: "test" });
  expect(await management.enforce(engineer, { params: { id }, query: { branch } })).toMatchObject({ state: "approved" });
  expect((await of(engineer)).state).toBe("changed");
  await management.enforce(engineer, { params: { id } });
  expect((await of(engineer)).state).toBe("approved");
  await expect(management.enforce(engineer, { params: { id: "alarmRule:water" } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
});

test("[AR4] what was decided of a rule that is gone is kept and said to be", async () => {
  await store({ ...DECIDED, setpoint: 50 }, { id: "alarmRule:water" });
  await engineer.requester.json("DELETE", "/alarm-rules/alarmRule%3Awater");
  expect(await of(engineer, "alarmRule:water")).toMatchObject({ state: "gone", title: both("water too high"), differences: [] });
  await management.remove(engineer, { params: { id: "alarmRule:water" } });
  await expect(of(engineer, "alarmRule:water")).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[AR5] the database goes out as a list and in again: unedited it changes nothing, a filled row is a draft, a wrong cell is named with its line", async () => {
  const path = "/lists/alarmDatabase";
  const octets = await engineer.requester.bytes(`${path}/file`, {});
  const text = new TextDecoder().decode(octets).trimEnd();
  const send = (what: string, csv: string) =>
    engineer.requester.json("POST", `${path}/${what}`, { query: { name: "database.csv" }, body: new TextEncoder().encode(csv) });
  expect(await send("preview", text)).toMatchObject({ created: [], changed: [], findings: [] });
  const [head, ...lines] = text.split("\r\n");
  expect(head).toContain("Cause (English)");
  expect(lines.length).toBe((await management.database(engineer, {})).length);
  const columns = "alarm,severity,timeToRespondS,priority,cause.en,consequence.en,response.en";
  const row = "alarmRule:oil,minor,600,3,valve,seal,stop";
  expect(await send("preview", `${columns}\r\n${row}`)).toMatchObject({ changed: [{ key: id }], findings: [] });
  const wrong = (await send("preview", `${columns}\r\n${row.replace("minor", "huge")}`)) as { readonly findings: readonly object[] };
  expect(wrong.findings).toMatchObject([{ line: 2, isFault: true }]);
  await send("rows", `${columns}\r\n${row}`);
  // columns that the file does not have stay
  expect(await of(engineer)).toMatchObject({
    state: "draft",
    fields: { severity: "minor", priority: 3, setpoint: 50, mayChange: "maintenance" },
  });
});

test("[AR6] a plant sets its own matrix; one with a hole, in no order or with a key twice is refused; who edited from another is told", async () => {
  const shipped = await management.philosophy(engineer, {});
  expect(shipped).toEqual({ fields: SHIPPED_PHILOSOPHY, isStored: false });
  const own = {
    ...SHIPPED_PHILOSOPHY,
    timesS: [60, 300],
    severities: [{ key: "any", title: both("Any"), priorities: [1, 2, 3] as const }],
  };
  for (const bad of [
    { ...own, timesS: [300, 60] },
    { ...own, severities: [{ ...own.severities[0]!, priorities: [1, 2] as const }] },
    { ...own, severities: [own.severities[0]!, own.severities[0]!] },
  ])
    await expect(management.storePhilosophy(engineer, { body: { fields: bad } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(management.storePhilosophy(operator, { body: { fields: own } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  expect(await management.storePhilosophy(engineer, { body: { fields: own, expected: shipped.fields } })).toEqual({
    fields: own,
    isStored: true,
  });
  await expect(management.storePhilosophy(engineer, { body: { fields: own, expected: shipped.fields } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  expect([10, 60, 61, 300, 301].map((time) => priorityOfMatrix(own, "any", time))).toEqual([1, 1, 2, 2, 3]);
  expect(priorityOfMatrix(own, "none", 10)).toBeUndefined();
});
