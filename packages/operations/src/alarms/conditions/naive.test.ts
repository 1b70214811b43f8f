import { SECOND, type Instant } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { createAlarmEngine } from "../alarm-engine.ts";
import type { AlarmCondition, AlarmRule } from "../alarm-rule.ts";
import { isOfColumns, judgeColumns, rulesBySignals } from "../judge-columns.ts";
import { STEPS } from "./recent-values.ts";

// A second evaluator, written from the rules of SPEC.md: it keeps the whole record, looks at every second, and shares no code with the engine.

const T0 = 1_700_000_000 * SECOND;
const text = (word: string) => ({ en: word, zh: word });
const END_S = 900;

interface Row {
  readonly s: number;
  readonly value: number;
  readonly isBad: boolean;
}
type Record = readonly [readonly Row[], readonly Row[]];

/** The last row at or before a second; undefined: none, "bad": of bad quality. */
function lastOf(rows: readonly Row[], s: number): number | "bad" | undefined {
  const row = rows.findLast((each) => each.s <= s);
  return row === undefined ? undefined : row.isBad ? "bad" : row.value;
}

const known = (value: number | "bad" | undefined): value is number => typeof value === "number";

interface Case {
  readonly condition: AlarmCondition;
  /** The bare condition at a second at which a sample came, or undefined where it is unknown. `held`: what it was before. */
  holds(record: Record, s: number, held: boolean): boolean | undefined;
  /** Whether it may end between samples. */
  readonly ticks?: true;
}

const A = 'last("a")';
const B = 'last("b")';

function casesOf(random: (below: number) => number): readonly Case[] {
  const limit = 3 + random(8);
  const deadband = random(3);
  const windowS = 20 + random(60);
  const usualS = 30 + random(60);
  const times = 2 + random(3);
  const back = (held: boolean): number => limit - (held ? deadband : 0);
  return [
    {
      condition: { kind: "high", expression: `${A} * 2 - ${B}`, limit, deadband },
      holds: ([a, b], s, held) => {
        const [x, y] = [lastOf(a, s), lastOf(b, s)];
        return known(x) && known(y) ? 2 * x - y > back(held) : undefined;
      },
    },
    {
      condition: { kind: "expression", expression: `${A} / ${B} > 1 or ${A} > 8` },
      holds: ([a, b], s) => {
        const [x, y] = [lastOf(a, s), lastOf(b, s)];
        if (known(x) && x > 8) return true;
        return known(x) && known(y) && y !== 0 ? x / y > 1 : undefined;
      },
    },
    {
      condition: { kind: "nOfM", conditions: [`${A} > 4`, `${B} > 4`, `${A} > ${B}`], atLeast: 2 },
      holds: ([a, b], s) => {
        const [x, y] = [lastOf(a, s), lastOf(b, s)];
        const all = [known(x) ? x > 4 : undefined, known(y) ? y > 4 : undefined, known(x) && known(y) ? x > y : undefined];
        const [yes, open] = [all.filter((each) => each === true).length, all.filter((each) => each === undefined).length];
        return yes >= 2 ? true : yes + open < 2 ? false : undefined;
      },
    },
    {
      condition: { kind: "deviation", signal: "a", usualS, limit: 2, deadband: 0.5 },
      holds: ([a], s, _held) => usualOf(a, s, usualS),
    },
    {
      condition: { kind: "repeated", expression: `${A} > 5`, times, withinS: windowS },
      ticks: true,
      holds: ([a], s) => {
        if (!known(lastOf(a, s))) return undefined;
        const begins = a.filter((row, at) => row.s <= s && !row.isBad && row.value > 5 && !isHigh(a.slice(0, at)));
        return begins.filter((row) => row.s > s - windowS).length >= times;
      },
    },
  ];
}

/** The last good row before is above 5. */
const isHigh = (rows: readonly Row[]): boolean => (rows.findLast(({ isBad }) => !isBad)?.value ?? 0) > 5;

/** Recomputed from the beginning: the mean weighted by time, which stays while the condition holds. */
function usualOf(rows: readonly Row[], until: number, usualS: number): boolean | undefined {
  let held = false;
  let mean: number | undefined;
  let before: Row | undefined;
  let since = -1;
  let result: boolean | undefined;
  for (const row of rows.filter(({ s }) => s <= until)) {
    if (row.isBad) {
      before = row;
      result = undefined;
      continue;
    }
    if (mean === undefined) {
      mean = row.value;
      since = row.s;
    } else if (!held && before !== undefined && !before.isBad) mean += (before.value - mean) * (1 - Math.exp((before.s - row.s) / usualS));
    before = row;
    result = row.s - since < usualS ? undefined : Math.abs(row.value - mean) > 2 - (held ? 0.5 : 0);
    held = result ?? held;
  }
  return result;
}

/** Raises and returns, second by second. */
function naive({ holds, ticks }: Case, record: Record): readonly string[] {
  const sampled = new Set(record.flatMap((rows) => rows.map(({ s }) => s)));
  const found: string[] = [];
  let held = false;
  const judge = (s: number, of: Record): void => {
    const now = holds(of, s, held);
    if (now === undefined || now === held) return;
    held = now;
    found.push(`${s} ${held ? "alarm" : "return"}`);
  };
  for (let s = 0; s < END_S; s++) {
    // timers come before the samples of their instant
    if (ticks && held) judge(s, [record[0].filter((row) => row.s < s), record[1]]);
    if (sampled.has(s)) judge(s, record);
  }
  return found;
}

function recordOf(random: (below: number) => number): Record {
  const rows = (): Row[] => {
    const all: Row[] = [];
    for (let s = random(10); s < END_S; s += 1 + random(25)) all.push({ s, value: random(12), isBad: random(20) === 0 });
    return all;
  };
  return [rows(), rows()];
}

function ruleOf(condition: AlarmCondition, n: number): AlarmRule {
  return {
    id: `r${n}`,
    kind: "alarmRule",
    title: text(`r${n}`),
    condition,
    priority: 2,
    onDelayS: 0,
    offDelayS: 0,
    cause: text("cause"),
    consequence: text("consequence"),
    response: text("response"),
    timeToRespondS: 60,
    latching: false,
    suppressedIn: [],
    enabled: true,
  };
}

const columnOf = (rows: readonly Row[]) => ({
  times: Float64Array.from(rows, ({ s }) => T0 + s * SECOND),
  values: Float64Array.from(rows, ({ value }) => value),
  qualities: Uint8Array.from(rows, ({ isBad }) => (isBad ? 2 : 0)),
  texts: new Map<number, string>(),
});

const randomOf = (seed: number): ((below: number) => number) => {
  let drawn = seed;
  return (below) => {
    drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((drawn / 2 ** 31) * below);
  };
};

test("[O143] whole columns of the record give what a second evaluator gives that shares no code with the engine", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = randomOf(seed);
  let steps = 0;
  for (let round = 0; round < 60; round++) {
    const record = recordOf(random);
    for (const [n, each] of casesOf(random).entries()) {
      const rule = ruleOf(each.condition, n);
      const judged = judgeColumns(
        { rules: [rule], columns: { a: columnOf(record[0]), b: columnOf(record[1]) }, acts: [], from: T0, to: T0 + END_S * SECOND },
        { maxSteps: 10_000, isStopped: () => false },
      );
      const found = judged.steps.map(({ instant, action }) => `${(instant - T0) / SECOND} ${action}`);
      expect(found, `seed ${seed}, round ${round}, ${each.condition.kind}`).toEqual(naive(each, record));
      steps += found.length;
    }
  }
  expect(steps).toBeGreaterThan(1_000);
});

test("[O143] a change within a window is that of all samples, to 1/128 of the window", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = randomOf(seed);
  const windowS = STEPS * 2;
  for (let round = 0; round < 20; round++) {
    // as fast as a step or slower: every sample is kept
    const rows: Row[] = [];
    for (let s = 0; s < 4_000; s += 2 + random(60)) rows.push({ s, value: random(100), isBad: false });
    const rule = ruleOf({ kind: "rate", signal: "a", windowS, limit: 40, deadband: 0, direction: "either" }, 0);
    const { steps } = judgeColumns(
      { rules: [rule], columns: { a: columnOf(rows) }, acts: [], from: T0, to: T0 + 10_000 * SECOND },
      { maxSteps: 10_000, isStopped: () => false },
    );
    const raised = steps.filter(({ action }) => action === "alarm").map(({ instant }) => (instant - T0) / SECOND);
    for (const s of raised) {
      const then = lastOf(rows, s - windowS);
      expect(known(then) && Math.abs((lastOf(rows, s) as number) - then) > 40, `seed ${seed}, round ${round}, ${s}`).toBe(true);
    }
    expect(raised.length, `seed ${seed}`).toBeGreaterThan(0);
  }
});

test("[O144] rules are grouped by the signals and first-out groups that they share; those over stations are none of columns", () => {
  const rules = [
    ruleOf({ kind: "high", signal: "a", limit: 1, deadband: 0 }, 0),
    ruleOf({ kind: "expression", expression: `${A} > ${B}` }, 1),
    ruleOf({ kind: "high", signal: "c", limit: 1, deadband: 0 }, 2),
    { ...ruleOf({ kind: "high", signal: "d", limit: 1, deadband: 0 }, 3), firstOut: { group: "g", withinS: 5 } },
    { ...ruleOf({ kind: "high", signal: "c", limit: 2, deadband: 0 }, 4), firstOut: { group: "g", withinS: 5 } },
  ];
  expect(rulesBySignals(rules).map((group) => group.map(({ id }) => id))).toEqual([
    ["r0", "r1"],
    ["r2", "r3", "r4"],
  ]);
  expect(rules.every(isOfColumns)).toBe(true);
  expect(isOfColumns(ruleOf({ kind: "expression", expression: `${A} > 1 and state("M1", "failed")` }, 5))).toBe(false);
  expect(isOfColumns({ ...rules[0]!, station: "M1", suppressedIn: ["break"] })).toBe(false);
});

test("[O144] it is stopped where its result is not wanted, and says when there were more steps than are given", () => {
  const rows = Array.from({ length: 100 }, (_, s): Row => ({ s, value: s % 2, isBad: false }));
  const task = {
    rules: [ruleOf({ kind: "high", signal: "a", limit: 0.5, deadband: 0 }, 0)],
    columns: { a: columnOf(rows) },
    acts: [],
    from: T0,
    to: T0 + 200 * SECOND,
  };
  expect(judgeColumns(task, { maxSteps: 10, isStopped: () => false })).toMatchObject({ isWhole: false, steps: { length: 10 } });
  expect(judgeColumns(task, { maxSteps: 10, isStopped: () => true }).steps).toEqual([]);
  const emptied: Instant = createAlarmEngine(task.rules, () => {}).due();
  expect(emptied).toBe(Number.POSITIVE_INFINITY);
});
