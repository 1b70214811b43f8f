import { alarmFold } from "@doppelwerk/ports";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { shellOf, smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as alarms from "./calls.ts";
import type { AlarmRuleFields, KnownRule } from "./contract.ts";
import { fieldsOf } from "./bench.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-rules-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;

const RULE = fieldsOf("pressure", { station: "S10", condition: { kind: "high", signal: "signal:pressure", limit: 50, deadband: 2 } });
const above = (limit: number) => ({ ...RULE, condition: { ...RULE.condition, limit } as AlarmRuleFields["condition"] });

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  const signal = (name: string, more: Partial<SignalRecord> = {}) => ({
    id: `signal:${name}`,
    kind: "signal",
    name,
    valueType: "double",
    shell: shellOf("S10"),
    connection: "connection:bench",
    address: name,
    ...more,
  });
  const bench = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      ...[{ ...bench, settings: {} }, signal("pressure"), signal("recipe", { readers: ["administrator"] } as never)].map((record) => ({
        op: "create" as const,
        record: record as never,
      })),
    ],
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id, state }) => id === bench.id && state === "connected"), {
    timeout: 60_000,
  });
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ofId = async (id: string, branch = LIVE): Promise<KnownRule | undefined> =>
  (await alarms.rules(engineer, { query: { branch } })).find((rule) => rule.id === id);
const pressureAlarm = async (id: string) => (await alarms.list(engineer)).find(({ rule }) => rule === id)?.state;

/** Rules that the fold judges by. */
const held = () => site.features.port(alarmFold).rules();

test("[AL11] every rule is listed with what is shipped and whether it is stored; who may not read its signal does not see it", async () => {
  const shipped = await alarms.rules(engineer);
  expect(shipped.length).toBeGreaterThan(3);
  expect(shipped.every(({ isStored, shipped: own, fields }) => !isStored && JSON.stringify(own) === JSON.stringify(fields))).toBe(true);
  const hidden = { ...RULE, condition: { kind: "high", signal: "signal:recipe", limit: 1, deadband: 0 } } as const;
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "a secret",
    changes: [{ op: "create", record: { ...hidden, id: "alarmRule:secret", kind: "alarmRule" } as never }],
  });
  expect((await alarms.rules(engineer)).map(({ id }) => id)).toEqual(shipped.map(({ id }) => id));
  const call = { params: { id: "alarmRule:secret" } };
  await expect(alarms.storeRule(engineer, { ...call, body: { fields: RULE } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(alarms.removeRule(engineer, call)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[AL11] [AL12] a new rule annunciates from then on, an edited one by its new limit, a removed one no more", async () => {
  const { id, ...added } = await alarms.addRule(engineer, { body: { fields: RULE } });
  expect(added).toEqual({ fields: RULE, isStored: true });
  expect(await ofId(id)).toEqual({ id, ...added });
  await expect.poll(async () => (await held()).some((rule) => rule.id === id)).toBe(true);
  await plantsOf(site).bring("connection:bench", [{ address: "pressure", value: 60, time: site.now() }]);
  await expect.poll(() => pressureAlarm(id)).toBe("unacknowledged");
  await alarms.storeRule(engineer, { params: { id }, body: { fields: above(70), expected: RULE } });
  await expect.poll(() => pressureAlarm(id)).toBeUndefined();
  // somebody else edited from what holds no more
  await expect(alarms.storeRule(engineer, { params: { id }, body: { fields: above(80), expected: RULE } })).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
  expect((await ofId(id))?.fields).toEqual(above(70));
  await alarms.removeRule(engineer, { params: { id } });
  expect(await ofId(id)).toBeUndefined();
  await expect(alarms.removeRule(engineer, { params: { id } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[AL12] a shipped rule is switched off and edited by storing one of its id, and is as shipped when that is removed", async () => {
  const [first] = await alarms.rules(engineer);
  const off = { ...first!.fields, enabled: false, priority: 4 as const };
  await alarms.storeRule(engineer, { params: { id: first!.id }, body: { fields: off, expected: first!.fields } });
  expect(await ofId(first!.id)).toEqual({ id: first!.id, fields: off, isStored: true, shipped: first!.fields });
  await expect.poll(async () => (await held()).find(({ id }) => id === first!.id)?.enabled).toBe(false);
  await alarms.removeRule(engineer, { params: { id: first!.id } });
  expect(await ofId(first!.id)).toEqual(first);
  await expect.poll(async () => (await held()).find(({ id }) => id === first!.id)?.enabled).toBe(true);
  await expect(alarms.removeRule(engineer, { params: { id: first!.id } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[AL12] a rule stored on a branch holds there and leaves live as it is", async () => {
  const { id: branch } = await site.view(SYSTEM).fork({ name: "other limits", parent: LIVE, instant: site.now(), reason: "test" });
  const before = await alarms.rules(engineer);
  const { id } = await alarms.addRule(engineer, { query: { branch }, body: { fields: above(5) } });
  expect((await ofId(id, branch))?.fields).toEqual(above(5));
  expect(await alarms.rules(engineer)).toEqual(before);
});

test.each([
  ["without a Chinese text", { ...RULE, cause: { en: "cause", zh: " " } }, "DW_INVALID"],
  ["without time to respond", { ...RULE, timeToRespondS: 0 }, "DW_INVALID"],
  ["of an unknown priority", { ...RULE, priority: 5 }, "DW_INVALID"],
  ["with a negative deadband", { ...RULE, condition: { ...RULE.condition, deadband: -1 } }, "DW_INVALID"],
  [
    "of a deviation from nothing",
    { ...RULE, condition: { kind: "deviation", signal: "signal:pressure", limit: 1, deadband: 0 } },
    "DW_INVALID",
  ],
  ["of an unknown state", { ...RULE, condition: { kind: "state", station: "S10", states: ["dancing"] } }, "DW_INVALID"],
  ["of an unknown signal", { ...RULE, condition: { kind: "high", signal: "signal:none", limit: 1, deadband: 0 } }, "DW_NOT_FOUND"],
  [
    "of a signal that one may not read",
    { ...RULE, condition: { kind: "high", signal: "signal:recipe", limit: 1, deadband: 0 } },
    "DW_NOT_FOUND",
  ],
])("[AL12] a rule %s is refused and nothing is stored", async (_, fields, code) => {
  const before = await alarms.rules(engineer);
  await expect(alarms.addRule(engineer, { body: { fields: fields as AlarmRuleFields } })).rejects.toMatchObject({ code });
  expect(await alarms.rules(engineer)).toEqual(before);
});

test("[AL12] operators read rules and store none", async () => {
  const [first] = await alarms.rules(operator);
  expect(first).toBeDefined();
  const params = { id: first!.id };
  const stored = [
    () => alarms.addRule(operator, { body: { fields: RULE } }),
    () => alarms.storeRule(operator, { params, body: { fields: RULE } }),
    () => alarms.removeRule(operator, { params }),
  ];
  for (const store of stored) await expect(store()).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
});
