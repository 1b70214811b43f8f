import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { lineModels } from "@doppelwerk/ports";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf, eventually } from "../../e2e/running-site.ts";
import { BENCH, fieldsOf, setUpBench } from "./bench.fixture.ts";
import * as alarms from "./calls.ts";
import type { Alarm, AlarmRuleFields } from "./contract.ts";

// What the product says of alarms against what a short program says that reads the raw values and shares no code with the engine.

const S = 1_000_000;
const MIN = 60 * S;

type Condition = Extract<AlarmRuleFields["condition"], { kind: "high" | "low" }>;
interface PlainRule {
  readonly name: string;
  readonly condition: Condition;
  readonly onDelayS: number;
  readonly offDelayS: number;
  readonly priority: 1 | 2 | 3 | 4;
}
type Rows = readonly { readonly time: number; readonly value: number }[];
/** A span in which a rule was in alarm; without an end it lasts. */
interface Span {
  readonly rule: string;
  readonly from: number;
  to: number | undefined;
}

/** Every span of alarm of one rule, up to an instant. */
function spansOf({ name, condition: { kind, limit, deadband }, onDelayS, offDelayS }: PlainRule, rows: Rows, until: number): Span[] {
  const spans: Span[] = [];
  let isBeyond = false;
  let since = 0;
  let isAlarm = false;
  const settle = (now: number): void => {
    if (isBeyond === isAlarm) return;
    const when = since + (isBeyond ? onDelayS : offDelayS) * S;
    if (when > now) return;
    isAlarm = isBeyond;
    if (isAlarm) spans.push({ rule: name, from: when, to: undefined });
    else spans.at(-1)!.to = when;
  };
  for (const { time, value } of rows) {
    settle(time);
    const back: number = isBeyond ? deadband : 0;
    const beyond: boolean = kind === "high" ? value > limit - back : value < limit + back;
    if (beyond !== isBeyond) [isBeyond, since] = [beyond, time];
    settle(time);
  }
  settle(until);
  return spans;
}

/** ISA-18.2 floods: more than ten in ten minutes begin one, it ends when fewer than five are left of the last ten minutes. */
function floodsOf(times: readonly number[], end: number): { readonly count: number; readonly length: number } {
  const steps = times.flatMap((time) => [
    { time, add: 1 },
    { time: time + 10 * MIN, add: -1 },
  ]);
  steps.sort((a, b) => a.time - b.time || a.add - b.add);
  let [within, count, length, begun] = [0, 0, 0, -1];
  for (const { time, add } of steps) {
    within += add;
    if (begun < 0 && add > 0 && within > 10) {
      count++;
      begun = times.find((each) => each > time - 10 * MIN)!;
    } else if (begun >= 0 && within < 5) {
      length += Math.min(end, time) - begun;
      begun = -1;
    }
  }
  return { count, length };
}

/** Rules with three annunciations within a minute. */
function chatteringOf(raised: readonly Span[]): number {
  const names = [...new Set(raised.map(({ rule }) => rule))];
  return names.filter((name) => {
    const own = raised.filter(({ rule }) => rule === name).map(({ from }) => from);
    return own.some((time, n) => n >= 2 && time - own[n - 2]! <= MIN);
  }).length;
}

const seed = Math.floor(Math.random() * 2 ** 31);
let drawn = seed;
const random = (): number => (drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) & 0x7fffffff) / 2 ** 31;
const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-audit-"));
let site: HostedWorld;
let client: Client;
let closeApp: () => Promise<unknown>;
/** Of the record: three hours that ended a while ago. */
let begin: number;
let end: number;
const rows = new Map<string, Rows>();
const rules: readonly PlainRule[] = Array.from({ length: 12 }, (_, n) => {
  const kind = random() < 0.5 ? "high" : "low";
  return {
    name: `r${n}`,
    condition: { kind, signal: `signal:v${n % 4}`, limit: between(30, 70), deadband: between(0, 15) },
    // some at once, some after whole seconds, some after parts of one
    onDelayS: n % 3 === 0 ? 0 : between(0, 40) / 2,
    offDelayS: n % 4 === 0 ? 0 : between(0, 40) / 2,
    priority: between(1, 5) as 1 | 2 | 3 | 4,
  };
});
let spans: readonly Span[];

beforeAll(async () => {
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  client = clientOf(await app.listen({ port: 0, host: "127.0.0.1" }), "Ada");
  const signal = (n: number) =>
    ({ id: `signal:v${n}`, kind: "signal", name: `v${n}`, valueType: "double", connection: BENCH, address: `v${n}` }) as const;
  await setUpBench(site, Object.fromEntries(rules.map(({ name, ...fields }) => [name, fieldsOf(name, fields)])), [0, 1, 2, 3].map(signal));
  // a past that is being derived for the rules alone would read the samples in part: it is over before they come, and they come at once
  await eventually(() => site.features.port(lineModels).isHistoryRead(), "the past of the rules is derived");
  end = Math.floor(site.now() / MIN) * MIN - 5 * MIN;
  begin = end - 180 * MIN;
  const brought: { address: string; time: number; value: number }[] = [];
  for (let n = 0; n < 4; n++) {
    const own: { time: number; value: number }[] = [];
    let value = 50;
    for (let time = begin; time < end; time += between(1, n === 0 ? 20 * S : 90 * S)) {
      value = Math.min(100, Math.max(0, value + between(-30, 31)));
      own.push({ time, value });
    }
    rows.set(`signal:v${n}`, own);
    brought.push(...own.map((row) => ({ address: `v${n}`, ...row })));
  }
  await plantsOf(site).bring(BENCH, brought);
  spans = rules.flatMap((rule) => spansOf(rule, rows.get(rule.condition.signal ?? "")!, end)).toSorted((a, b) => a.from - b.from);
  await eventually(async () => {
    const found = (await history()).filter(({ state }) => state === "unacknowledged").length;
    return found === spans.length && (await site.features.port(lineModels).isHistoryRead());
  }, "the record is derived");
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function history(): Promise<readonly Alarm[]> {
  return (await alarms.history(client, { query: { from: begin - MIN, to: end } })).filter(({ rule }) => /^alarmRule:r\d/.test(rule));
}

test("[AL24] [level: audit] every annunciation and return of the record, and how long each alarm lasted, to the microsecond", async () => {
  expect(spans.length, `seed ${seed}`).toBeGreaterThan(50);
  const steps = (await history()).toReversed();
  for (const { name, priority } of rules) {
    const own = steps.filter(({ rule }) => rule === `alarmRule:${name}`);
    expect(new Set(own.map((step) => step.priority)), `seed ${seed}`).toEqual(own.length === 0 ? new Set() : new Set([priority]));
    const raised = own.filter(({ state }) => state === "unacknowledged").map(({ changed }) => changed);
    const returned = own.filter(({ state }) => state === "returnedUnacknowledged").map(({ changed }) => changed);
    const plain = spans.filter(({ rule }) => rule === name);
    expect([raised, returned], `seed ${seed}, ${name}`).toEqual([
      plain.map(({ from }) => from),
      plain.flatMap(({ to }) => (to === undefined || to >= end ? [] : [to])),
    ]);
  }
});

test("[AL24] [level: audit] the list at any instant: who was in alarm, and since when", async () => {
  for (let n = 0; n < 40; n++) {
    const t = between(begin, end);
    const listed = (await alarms.list(client, { query: { t } })).filter(({ rule }) => /^alarmRule:r\d/.test(rule));
    const plain = spans.filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= t && t < to);
    expect(listed.map(({ rule, since }) => `${rule} ${since}`).toSorted(), `seed ${seed}, at ${t}`).toEqual(
      plain.map(({ rule, from }) => `alarmRule:${rule} ${from}`).toSorted(),
    );
  }
});

test("[AL24] [level: audit] counts, rate, floods, chattering and priorities of random stretches", async () => {
  const handedIn = (await alarms.rules(client)).map(({ id, fields }) => ({ id, fields }));
  for (let n = 0; n < 6; n++) {
    const from = begin + between(0, 100 * MIN);
    const to = from + between(10 * MIN, 70 * MIN);
    const trial = await alarms.tryRules(client, { body: { from, to, rules: handedIn } });
    const raised = spans.filter((span) => span.from >= from && span.from < to);
    const floods = floodsOf(
      raised.map((span) => span.from),
      to,
    );
    const plain = {
      raised: raised.length,
      per10Min: (raised.length * 10 * MIN) / (to - from),
      floods: floods.count,
      floodShare: floods.length / (to - from),
      chattering: chatteringOf(raised),
    };
    expect([trial.was, trial.would], `seed ${seed}, ${from} to ${to}`).toEqual([plain, plain]);
    const counts = rules
      .map(({ name }) => [`alarmRule:${name}`, raised.filter(({ rule }) => rule === name).length] as const)
      .filter(([, count]) => count > 0);
    expect(new Map(trial.rules.map(({ id, would }) => [id, would])), `seed ${seed}`).toEqual(new Map(counts));
    const priorities = [1, 2, 3, 4].map(
      (priority) => raised.filter(({ rule }) => rules.find(({ name }) => name === rule)!.priority === priority).length,
    );
    expect(
      [1, 2, 3, 4].map((priority) => trial.raised.filter((each) => each.priority === priority).length),
      `seed ${seed}`,
    ).toEqual(priorities);
    expect(
      trial.raised.map(({ at }) => at),
      `seed ${seed}`,
    ).toEqual(raised.map((span) => span.from));
  }
});
