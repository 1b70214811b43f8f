import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alarmSignalId } from "@doppelwerk/operations";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE, SECOND } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as alarms from "./calls.ts";
import type { AlarmRuleFields, KnownRule } from "./contract.ts";
import { fieldsOf } from "./bench.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-rule-kinds-"));
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let engineer: Client;

const NAMES = ["load", "power", "mode", "tank"] as const;
const signalOf = (name: string) => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: name === "mode" ? "string" : "double",
  connection: "connection:bench",
  address: name,
});

async function open(): Promise<void> {
  site = await openProduct(folder);
  if (site.view(SYSTEM).reader(LIVE).get("connection:bench") === undefined) {
    const bench = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
    await site.view(SYSTEM).apply({
      branch: LIVE,
      reason: "a bench",
      changes: [{ ...bench, settings: {} }, ...NAMES.map(signalOf)].map((record) => ({ op: "create" as const, record: record as never })),
    });
  }
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ state }) => state === "connected"), WAIT);
}

beforeAll(async () => {
  await open();
  engineer = await clientAs(site, "eva", "engineer", closes);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const bring = (address: (typeof NAMES)[number], value: number | string, back = 0): Promise<unknown> =>
  plantsOf(site).bring("connection:bench", [{ address, value, time: site.now() - back * SECOND }] as never);
const ruleOf = async (id: string, t?: number): Promise<KnownRule | undefined> =>
  (await alarms.rules(engineer, { query: t === undefined ? {} : { t } })).find((rule) => rule.id === id);
const stateOf = async (id: string): Promise<string | undefined> => (await alarms.list(engineer)).find(({ rule }) => rule === id)?.state;
const add = async (name: string, condition: AlarmRuleFields["condition"], more: Partial<AlarmRuleFields> = {}): Promise<string> =>
  (await alarms.addRule(engineer, { body: { fields: fieldsOf(name, { condition, ...more }) } })).id;

const RATIO = 'last("signal:power") / last("signal:load")';

test("[AL56] a rule over an expression annunciates; divided by zero it cannot be evaluated, with the reason, and its alarm stays", async () => {
  await bring("load", 2);
  await bring("power", 5);
  const id = await add("ratio", { kind: "high", expression: RATIO, limit: 3, deadband: 0 });
  await bring("power", 8);
  await expect.poll(() => stateOf(id), WAIT).toBe("unacknowledged");
  await bring("load", 0);
  await expect.poll(async () => (await ruleOf(id))?.unevaluated?.why, WAIT).toEqual({ kind: "dividedByZero", at: 23 });
  expect(await stateOf(id)).toBe("unacknowledged");
  const { since } = (await ruleOf(id))!.unevaluated!;
  expect((await ruleOf(id, since - 1))?.unevaluated?.why.kind).not.toBe("dividedByZero");
  expect((await ruleOf(id, since))?.unevaluated).toEqual({ since, why: { kind: "dividedByZero", at: 23 } });
  await bring("load", 8);
  await expect.poll(() => stateOf(id), WAIT).toBe("returnedUnacknowledged");
});

test("[AL57] what is no expression is refused with its position, and nothing is stored", async () => {
  const before = await alarms.rules(engineer);
  const refused = async (condition: object, more: Partial<AlarmRuleFields> = {}): Promise<string> => {
    const fields = fieldsOf("none", { condition: condition as AlarmRuleFields["condition"], ...more });
    const error: unknown = await alarms.addRule(engineer, { body: { fields } }).catch((reason: unknown) => reason);
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  };
  expect(await refused({ kind: "expression", expression: `${RATIO} >` })).toMatch(/^DW_INVALID .*the expression ends early/);
  expect(await refused({ kind: "expression", expression: RATIO })).toMatch(/DW_INVALID .*a condition is expected at character 1/);
  expect(await refused({ kind: "high", expression: "power * 2", limit: 1, deadband: 0 })).toMatch(/DW_INVALID .*power at character 1/);
  expect(await refused({ kind: "high", signal: "signal:load", expression: RATIO, limit: 1, deadband: 0 })).toMatch(/DW_INVALID .*not both/);
  expect(await refused({ kind: "expression", expression: 'last("signal:none") > 1' })).toMatch(/DW_NOT_FOUND .*signal:none/);
  expect(await refused({ kind: "high", signal: "signal:load", limit: 1, deadband: 0 }, { suppressedWhen: "1 +" })).toMatch(/DW_INVALID/);
  expect(await refused({ kind: "nOfM", conditions: ['last("signal:load") > 1', 'last("signal:load") > 2'], atLeast: 3 })).toMatch(
    /DW_INVALID/,
  );
  const record = alarmSignalId(before[0]!.id);
  expect(await refused({ kind: "expression", expression: `last("${record}") > 0` })).toMatch(/DW_INVALID .*could depend on itself/);
  expect((await alarms.rules(engineer)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
});

test("[AL58] suppressed by design while an expression is true; unknown it suppresses nothing", async () => {
  await bring("tank", 50);
  const id = await add(
    "tank",
    { kind: "low", signal: "signal:tank", limit: 20, deadband: 0 },
    { suppressedWhen: 'is("signal:mode", "CLEAN")' },
  );
  await bring("tank", 10);
  await expect.poll(() => stateOf(id), WAIT).toBe("unacknowledged");
  await bring("mode", "CLEAN");
  await expect.poll(() => stateOf(id), WAIT).toBe("suppressedByDesign");
  await bring("mode", "RUN");
  await bring("tank", 9);
  await expect.poll(() => stateOf(id), WAIT).toBe("unacknowledged");
});

test("[AL56] after a restart rules go on with what their conditions remember, and what could not be evaluated is still said", async () => {
  const often = await add("often", { kind: "repeated", expression: 'last("signal:power") > 100', times: 2, withinS: 3_600 });
  await bring("power", 200);
  await bring("power", 1);
  await bring("load", 0);
  const [ratio] = (await alarms.rules(engineer)).filter(({ fields }) => fields.title.en === "ratio too high");
  await expect.poll(async () => (await ruleOf(ratio!.id))?.unevaluated?.why.kind, WAIT).toBe("dividedByZero");
  for (const close of closes.splice(0)) await close();
  await site.close();
  await open();
  engineer = await clientAs(site, "eva", "engineer", closes);
  await expect.poll(async () => (await ruleOf(ratio!.id))?.unevaluated?.why.kind, WAIT).toBe("dividedByZero");
  expect(await stateOf(often)).toBeUndefined();
  await bring("power", 300);
  await expect.poll(() => stateOf(often), WAIT).toBe("unacknowledged");
});

test("[AL59] a signal that is deleted later makes its rules unevaluable, named with the signal; there again they are judged", async () => {
  const [{ id } = { id: "" }] = (await alarms.rules(engineer)).filter(({ fields }) => fields.title.en === "tank too high");
  const record = site.view(SYSTEM).reader(LIVE).get("signal:tank")!;
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "no tank", changes: [{ op: "delete", record }] });
  await expect.poll(async () => (await ruleOf(id))?.unevaluated?.why, WAIT).toEqual({ kind: "gone", of: "signal:tank" });
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "the tank again", changes: [{ op: "create", record }] });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ state }) => state === "connected"), WAIT);
  await expect
    .poll(async () => {
      await bring("tank", 5);
      return stateOf(id);
    }, WAIT)
    .toBe("unacknowledged");
});
