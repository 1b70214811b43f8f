import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, MINUTE, SECOND, type Instant, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { shellOf, smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as alarms from "./calls.ts";
import type { AlarmRuleFields } from "./contract.ts";
import { fieldsOf, text } from "./bench.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-try-rules-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
let viewer: Client;
/** An hour of the past in which two signals rise to 60 every five minutes, for a minute. */
let from: Instant;
let to: Instant;

const WAIT = { timeout: 120_000 };
const ruleOf = (signal: string, limit: number, more: Partial<AlarmRuleFields> = {}): AlarmRuleFields =>
  fieldsOf(signal, { condition: { kind: "high", signal: `signal:${signal}`, limit, deadband: 2 }, ...more });

const recorded = async () => {
  const ids = site.signals.records().flatMap(({ id, role }) => (role === "Alarm" ? [id] : []));
  const columns = await Promise.all(ids.map((signal) => site.history.raw({ branch: LIVE, signal }, 0, to * 2)));
  // deriving the past again revises steps, and adds none
  return columns.reduce((sum, { times }) => sum + new Set(times).size, 0);
};
const tried = (client: Client, rules: readonly { readonly id?: string; readonly fields: AlarmRuleFields }[], branch = LIVE) =>
  alarms.tryRules(client, { query: { branch }, body: { from, to, rules: [...rules] } });

beforeAll(async () => {
  site = await openProduct(folder);
  const signal = (name: string, more: Partial<SignalRecord> = {}) => ({
    id: `signal:${name}`,
    kind: "signal",
    name,
    valueType: "double",
    connection: "connection:bench",
    address: name,
    ...more,
  });
  const bench = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
  const view = site.view(SYSTEM);
  await view.apply({
    branch: LIVE,
    reason: "a line and a compressor that belongs to none",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: { ...bench, settings: {} } },
      // of another asset than those of the line
      { op: "create", record: signal("pressure", { shell: "urn:compressor" }) },
      { op: "create", record: signal("recipe", { shell: shellOf("S10"), readers: ["administrator"] } as Partial<SignalRecord>) },
      { op: "create", record: { ...ruleOf("pressure", 50), id: "alarmRule:pressure", kind: "alarmRule" } as never },
      { op: "create", record: { ...ruleOf("recipe", 50), id: "alarmRule:recipe", kind: "alarmRule" } as never },
    ],
  });
  await vi.waitUntil(
    async () => (await plantsOf(site).list()).some(({ id, state }) => id === "connection:bench" && state === "connected"),
    WAIT,
  );
  to = Math.floor(site.now() / MINUTE) * MINUTE - 5 * MINUTE;
  from = to - 60 * MINUTE;
  const values = Array.from({ length: 12 }, (_, n) => from + n * 5 * MINUTE).flatMap((at) => [
    { value: 60, time: at + 10 * SECOND },
    { value: 40, time: at + 70 * SECOND },
  ]);
  for (const address of ["pressure", "recipe"])
    await plantsOf(site).bring("connection:bench", [
      { address, value: 40, time: from - MINUTE },
      ...values.map((each) => ({ address, ...each })),
    ]);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  viewer = await clientAs(site, "vic", "viewer", closes);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[AL15] rules are tested on the past of any asset, beside what was raised; nothing is stored", async () => {
  await expect.poll(async () => (await tried(engineer, [])).was.raised, WAIT).toBe(12);
  // of each of the two rules, raised and returned
  await expect.poll(recorded, WAIT).toBe(2 * 24);
  const before = await recorded();
  const same = await tried(engineer, []);
  expect([same.would.raised, same.rules.find(({ id }) => id === "alarmRule:pressure")]).toMatchObject([12, { was: 12, would: 12 }]);
  // not at 60, and not where it must last for two minutes
  for (const fields of [ruleOf("pressure", 70), ruleOf("pressure", 50, { onDelayS: 120 })]) {
    const quiet = await tried(engineer, [{ id: "alarmRule:pressure", fields }]);
    expect([quiet.was.raised, quiet.would.raised, quiet.raised]).toEqual([12, 0, []]);
  }
  const more = await tried(engineer, [{ fields: ruleOf("pressure", 55, { title: text("another") }) }]);
  expect([more.would.raised, more.isWhole]).toEqual([24, true]);
  expect(more.raised.filter(({ title }) => title.en === "another").map(({ at }) => (at - from) % (5 * MINUTE))).toEqual(
    Array.from({ length: 12 }, () => 10 * SECOND),
  );
  expect([await recorded(), (await alarms.rules(engineer, {})).some(({ fields }) => fields.title.en === "another")]).toEqual([
    before,
    false,
  ]);
});

test("[AL42] only the rules handed in are judged again: the others stand as they were recorded; before and after are listed", async () => {
  const { raised, wasRaised, was, would } = await tried(engineer, [
    { id: "alarmRule:pressure", fields: ruleOf("pressure", 50, { onDelayS: 30 }) },
  ]);
  expect([was.raised, would.raised]).toEqual([12, 12]);
  const offsets = (alarmsOf: typeof raised): readonly number[] => [...new Set(alarmsOf.map(({ at }) => (at - from) % (5 * MINUTE)))];
  expect([wasRaised.length, offsets(wasRaised), raised.length, offsets(raised)]).toEqual([12, [10 * SECOND], 12, [40 * SECOND]]);
  const untouched = await tried(engineer, []);
  expect([untouched.would.raised, untouched.wasRaised, untouched.raised]).toEqual([12, [], []]);
});

test("[AL43] a test whose caller leaves ends, and is under way no more; who may not test may not ask for one", async () => {
  const ask = (client: Client) => alarms.trialProgress(client, { params: { id: "trial-of-eva" } });
  const body = { from: to - 30 * 86_400 * SECOND, to, rules: [{ id: "alarmRule:pressure", fields: ruleOf("pressure", 70) }] };
  const abort = new AbortController();
  const under = alarms.tryRules(engineer, { query: {}, body: { ...body, trial: "trial-of-eva" } }, { signal: abort.signal });
  abort.abort();
  await expect(under).rejects.toThrow();
  await expect.poll(() => ask(engineer), WAIT).toEqual({});
  // the next one waits for nothing
  expect((await tried(engineer, [])).was.raised).toBe(12);
  await expect(ask(viewer)).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
});

test("[AL15] the rules of a branch are tested as they stand there", async () => {
  const { id } = await site.view(SYSTEM).fork({ name: "quieter", parent: LIVE, instant: site.now(), reason: "try something" });
  await alarms.storeRule(engineer, {
    params: { id: "alarmRule:pressure" },
    query: { branch: id },
    body: { fields: ruleOf("pressure", 70) },
  });
  const trial = await tried(engineer, [], id);
  expect([trial.was.raised, trial.would.raised]).toEqual([12, 0]);
});

test("[AL15] who may not read a signal is told nothing of its rules, and cannot test one on it", async () => {
  const trial = await tried(operator, []);
  expect([trial.was.raised, trial.would.raised, trial.rules.map(({ id }) => id)]).toEqual([12, 12, ["alarmRule:pressure"]]);
  await expect(tried(operator, [{ fields: ruleOf("recipe", 50) }])).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(tried(operator, [{ id: "alarmRule:recipe", fields: ruleOf("pressure", 50) }])).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
  await expect(tried(viewer, [])).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
});

test("[AL15] a span that is too long, turned round, or a rule that is none, is refused", async () => {
  const ask = (body: object) => alarms.tryRules(engineer, { query: {}, body: { rules: [], from, to, ...body } as never });
  await expect(ask({ to: from })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(ask({ from: to - 32 * 86_400 * SECOND })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(ask({ rules: [{ fields: { title: text("none") } }] })).rejects.toMatchObject({ code: "DW_INVALID" });
});

const ended = async (client: Client, id: string) => {
  await expect.poll(async () => (await alarms.whatIf(client, { params: { id } })).state, WAIT).not.toMatch(/queued|running/);
  return alarms.whatIf(client, { params: { id } });
};

test("[AL63] the rules of a branch over the record as a job: by day, by rule, the longest; the same as the test in the form", async () => {
  const rules = [{ id: "alarmRule:pressure", fields: ruleOf("pressure", 50, { onDelayS: 30 }) }];
  const { id } = await alarms.startWhatIf(engineer, { query: {}, body: { from, to, rules } });
  const { state, progress, result } = await ended(engineer, id);
  expect([state, progress, result!.isWhole]).toEqual(["done", 1, true]);
  expect(result!.days).toEqual([{ from, was: 12, would: 12 }]);
  expect(result!.rules).toEqual([
    {
      id: "alarmRule:pressure",
      title: rules[0]!.fields.title,
      was: 12,
      would: 12,
      longestWasS: 60,
      longestWouldS: 30,
      unevaluatedS: 0,
    },
  ]);
  expect(result!.samples).toBe(25);
  const form = await tried(engineer, rules);
  expect([result!.was, result!.would]).toEqual([form.was, form.would]);
});

test("[AL63] it is read by who requested it alone, can be cancelled, and is requested by who may test", async () => {
  const { id } = await alarms.startWhatIf(engineer, { query: {}, body: { from, to } });
  await expect(alarms.whatIf(operator, { params: { id } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(alarms.whatIf(engineer, { params: { id: "whatIf:none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await engineer.cancelJob(id).catch(() => {}); // done before
  expect((await ended(engineer, id)).state).toMatch(/cancelled|done/);
  await expect(alarms.startWhatIf(viewer, { query: {}, body: { from, to } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  // what the operator may not read is not part of his
  const own = await alarms.startWhatIf(operator, { query: {}, body: { from, to } });
  expect((await ended(operator, own.id)).result?.was.raised).toBe(12);
});
