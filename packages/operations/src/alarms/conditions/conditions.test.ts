import { SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { createAlarmEngine } from "../alarm-engine.ts";
import type { AlarmEngineState } from "../alarm-engine-state.ts";
import type { AlarmEvent } from "../alarm-list.ts";
import { expressionFaults, isAlarmRule, signalsOfRule, stationsOfRule, type AlarmCondition, type AlarmRule } from "../alarm-rule.ts";
import type { RuleEvaluation } from "./computed-rules.ts";

const T0 = 1_700_000_000 * SECOND;
const text = (word: string) => ({ en: word, zh: word });

function rule(condition: AlarmCondition, more: Partial<AlarmRule> = {}): AlarmRule {
  return {
    id: "r",
    kind: "alarmRule",
    title: text("r"),
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
    ...more,
  };
}

type Value = number | string | "bad";
/** At second, signal, value. */
type Sample = readonly [at: number, signal: string, value: Value];

interface Options {
  readonly until?: number;
  readonly gone?: ReadonlyMap<string, number>;
  readonly states?: readonly (readonly [at: number, station: string, state: "working" | "failed" | "idle"])[];
}

/** What the rules did, as "second action" and "second why". */
function run(rules: readonly AlarmRule[], samples: readonly Sample[], { until = 1_000, gone, states = [] }: Options = {}): string[] {
  const found: string[] = [];
  const name = (id: string): string => (rules.length === 1 ? "" : `${id} `);
  const second = (at: number): number => (at - T0) / SECOND;
  const known = new Map<string, "working" | "failed" | "idle">();
  const engine = createAlarmEngine(
    rules,
    (event: AlarmEvent) => found.push(`${second(event.instant)} ${name(event.rule)}${event.action}${event.firstOut ? "" : " follows"}`),
    undefined,
    {
      since: new Map(),
      statesOf: (station) => (known.has(station) ? [known.get(station)!] : []),
      ...(gone && { gone: new Map([...gone].map(([signal, at]) => [signal, T0 + at * SECOND])) }),
      onEvaluation: ({ instant, why, rule: id }: RuleEvaluation) =>
        found.push(
          `${second(instant)} ${name(id)}${why === undefined ? "evaluable" : `unknown ${why.kind}${"at" in why ? ` ${why.at}` : ""}`}`,
        ),
    },
  );
  const all = [
    ...samples.map(([at, signal, value]) => ({ at, signal, value })),
    ...states.map(([at, station, state]) => ({ at, station, state })),
  ].toSorted((a, b) => a.at - b.at);
  const fireUntil = (at: number): void => {
    while (engine.due() <= at) {
      const due = engine.due();
      engine.fire(due);
      if (engine.isWaiting) engine.settle(due);
    }
  };
  for (const [index, each] of all.entries()) {
    const at = T0 + each.at * SECOND;
    fireUntil(at);
    if ("state" in each) {
      known.set(each.station, each.state);
      engine.stationState(each.station, [each.state], at);
    } else {
      const slot = engine.signals.indexOf(each.signal);
      const isText = typeof each.value === "string" && each.value !== "bad";
      engine.sample(
        slot,
        typeof each.value === "number" ? each.value : Number.NaN,
        isText ? String(each.value) : undefined,
        each.value === "bad" ? 2 : 0,
        at,
      );
    }
    if (all[index + 1]?.at !== each.at) engine.settle(at);
  }
  fireUntil(T0 + until * SECOND);
  return found;
}

test("[O133] limits over an expression: high, high-high, low, low-low with the deadband on the way back", () => {
  const expression = '(last("a") + last("b")) / 2';
  const samples: Sample[] = [
    [0, "a", 60],
    [0, "b", 70],
    [10, "a", 72],
    [20, "b", 64],
    [30, "b", 58],
  ];
  // means 65, 71, 68, 65
  const limit = { expression, limit: 70, deadband: 4 };
  expect(run([rule({ kind: "high", ...limit })], samples)).toEqual(["10 alarm", "30 return"]);
  expect(run([rule({ kind: "highHigh", ...limit })], samples)).toEqual(["10 alarm", "30 return"]);
  expect(run([rule({ kind: "low", ...limit, limit: 66 })], samples)).toEqual(["0 alarm", "10 return", "30 alarm follows"]);
  expect(run([rule({ kind: "lowLow", ...limit, limit: 66, deadband: 0 })], samples)).toEqual(["0 alarm", "10 return", "30 alarm follows"]);
});

test("[O133] inputs of one instant are judged together", () => {
  const condition: AlarmCondition = { kind: "expression", expression: 'last("a") + last("b") > 10' };
  const samples: Sample[] = [
    [0, "a", 9],
    [0, "b", 0],
    [5, "a", 0],
    [5, "b", 9],
    [6, "b", 11],
  ];
  expect(run([rule(condition)], samples)).toEqual(["6 alarm"]);
  expect(run([rule(condition)], [samples[0]!, samples[1]!, samples[3]!, samples[2]!, samples[4]!])).toEqual(["6 alarm"]);
});

test("[O134] deviation from the usual value: unknown until its time is over; what lasts does not become usual while it holds", () => {
  const condition: AlarmCondition = { kind: "deviation", signal: "a", usualS: 100, limit: 10, deadband: 2 };
  const steady = Array.from({ length: 11 }, (_, n): Sample => [n * 10, "a", 50]);
  // the mean is 50; 61 is 11 away, 59 is 9 away (above 10 - 2), 57 is 7 away
  const samples: Sample[] = [...steady, [110, "a", 61], [500, "a", 61], [510, "a", 59], [520, "a", 57]];
  expect(run([rule(condition)], samples)).toEqual(["0 unknown tooShort", "110 alarm", "160 evaluable", "520 return"]);
});

test("[O134] the usual value is the mean weighted by time: 20 for 100 s after 10 is 10 + 10 (1 - 1/e) = 16.32", () => {
  const at = (limit: number) =>
    run(
      [rule({ kind: "deviation", signal: "a", usualS: 100, limit, deadband: 0 })],
      [
        [0, "a", 10],
        [100, "a", 20],
        [200, "a", 20],
        [201, "a", 30],
      ],
    ).filter((line) => line.startsWith("201"));
  // at 100 it was 10, and 20 is 10 away; at 201 the mean is 10 + 10 (1 - exp(-1.01)) = 16.358, and 30 is 13.642 away
  expect(at(13.6)).toEqual(["201 alarm"]);
  expect(at(13.7)).toEqual([]);
});

test("[O135] rate of change: against the value that held a window ago; returns when the window has passed it, also in silence", () => {
  const rate = (direction: "rising" | "falling" | "either"): AlarmRule =>
    rule({ kind: "rate", signal: "a", windowS: 60, limit: 5, deadband: 0, direction });
  const samples: Sample[] = [
    [0, "a", 20],
    [60, "a", 22],
    [90, "a", 26],
    [100, "a", 25],
    [400, "a", 10],
  ];
  // at 90: 26 - 20 = 6; at 100: 25 - 20 = 5 is not more than 5; at 400 : 10 - 25
  expect(run([rate("rising")], samples)).toEqual(["0 unknown tooShort", "90 alarm", "100 return", "120 evaluable"]);
  expect(run([rate("either")], samples)).toEqual([
    "0 unknown tooShort",
    "90 alarm",
    "100 return",
    "120 evaluable",
    "400 alarm",
    "460 return",
  ]);
  expect(run([rate("falling")], samples)).toEqual(["0 unknown tooShort", "120 evaluable", "400 alarm", "460 return"]);
});

test("[O136] model: residual of a measured value and an expression over others, smoothed where that is asked", () => {
  const model = (smoothS?: number): AlarmRule =>
    rule({
      kind: "model",
      signal: "power",
      expected: '2 * last("load") + 10',
      limit: 5,
      deadband: 1,
      ...(smoothS !== undefined && { smoothS }),
    });
  const samples: Sample[] = [
    [0, "load", 10],
    [0, "power", 31],
    [10, "power", 36],
    [20, "power", 34.5],
    [30, "power", 33.9],
    [40, "load", 20],
    [40, "power", 50],
  ];
  // residuals 1, 6, 4.5, 3.9, 0
  expect(run([model()], samples)).toEqual(["10 alarm", "30 return"]);
  // smoothed over 10 s: 1; 1; 1 + 5 (1 - 1/e) = 4.16; 4.16 + 0.34 × 0.632 = 4.37; …
  expect(run([model(10)], samples)).toEqual([]);
});

test("[O137] patterns: followed, not followed, n of m, again and again", () => {
  const open = 'is("valve", "OPEN")';
  const flow = 'last("flow") > 1';
  const sequence = (isMissing?: true): AlarmRule =>
    rule({ kind: "sequence", first: open, next: flow, withinS: 5, ...(isMissing && { isMissing }) });
  const samples: Sample[] = [
    [0, "valve", "SHUT"],
    [0, "flow", 0],
    [10, "valve", "OPEN"],
    [13, "flow", 3],
    [20, "flow", 0],
    [20, "valve", "SHUT"],
    [30, "valve", "OPEN"],
    [36, "flow", 3],
    [40, "flow", 0],
  ];
  expect(run([sequence()], samples)).toEqual(["13 alarm", "20 return"]);
  expect(run([sequence(true)], samples)).toEqual(["35 alarm", "36 return"]);
  const two: AlarmCondition = { kind: "nOfM", conditions: ['last("a") > 1', 'last("b") > 1', 'last("c") > 1'], atLeast: 2 };
  // with a and b known to hold, c says nothing any more
  expect(
    run(
      [rule(two)],
      [
        [0, "a", 2],
        [1, "b", 2],
        [5, "b", 0],
        [6, "c", 0],
      ],
    ),
  ).toEqual(["0 unknown noValue", "1 alarm", "6 return", "66 evaluable"]);
  const often: AlarmCondition = { kind: "repeated", expression: 'last("a") > 1', times: 3, withinS: 60 };
  const blink = [0, 20, 40, 100].flatMap((at): Sample[] => [
    [at, "a", 2],
    [at + 1, "a", 0],
  ]);
  // the third within 60 s begins at 40; the first one is 60 s ago at 60
  expect(run([rule(often)], blink)).toEqual(["40 alarm", "60 return"]);
});

test("[O138] what is unknown raises nothing, clears nothing, and is reported with its reason; for a minute it has to be known again", () => {
  const ratio: AlarmCondition = { kind: "high", expression: 'last("a") / last("b")', limit: 2, deadband: 0 };
  expect(
    run(
      [rule(ratio)],
      [
        [0, "b", 1],
        [1, "a", 3],
        [2, "b", 0],
        [3, "b", 3],
        [10, "b", 0],
        [20, "b", 3],
        [100, "b", "bad"],
        [300, "b", 1],
      ],
    ),
  ).toEqual([
    "0 unknown noValue",
    "1 alarm",
    "2 unknown dividedByZero 12",
    "3 return",
    "80 evaluable",
    "100 unknown badQuality",
    "300 alarm",
    "360 evaluable",
  ]);
  const why = (expression: string, samples: readonly Sample[]) => run([rule({ kind: "expression", expression })], samples, { until: 5 });
  expect(why('sqrt(last("a")) > 1', [[0, "a", -1]])).toEqual(["0 unknown rootOfNegative 5"]);
  expect(why('last("a") * 1e308 * 10 > 1', [[0, "a", 1]])).toEqual(["0 unknown overflow 0"]);
  expect(why('last("a") > 1', [[0, "a", "AUTO"]])).toEqual(["0 unknown notANumber"]);
  expect(why('last("a") > 1 and state("M1", "failed")', [[0, "a", 5]])).toEqual(["0 unknown noState"]);
  // "false and ?" is false
  expect(why('last("a") > 1 and state("M1", "failed")', [[0, "a", 0]])).toEqual([]);
});

test("[O138] a signal that is gone makes its rules unknown from that instant, those without an expression too", () => {
  const samples: Sample[] = [[0, "a", 90]];
  const gone = new Map([["a", 50]]);
  expect(run([rule({ kind: "high", signal: "a", limit: 70, deadband: 0 })], samples, { gone })).toEqual(["0 alarm", "50 unknown gone"]);
  expect(run([rule({ kind: "expression", expression: 'last("a") > 70' })], samples, { gone })).toEqual(["0 alarm", "50 unknown gone"]);
});

test("[O139] suppressed by design while an expression is true, and by the state of the station; unknown suppresses nothing", () => {
  const hot = rule(
    { kind: "high", signal: "a", limit: 70, deadband: 0 },
    { suppressedWhen: 'is("mode", "CLEAN")', station: "M1", suppressedIn: ["idle"] },
  );
  expect(
    run(
      [hot],
      [
        [0, "a", 80],
        [10, "mode", "CLEAN"],
        [20, "a", 85],
        [40, "mode", "RUN"],
        [50, "a", 81],
      ],
      {
        states: [
          [30, "M1", "idle"],
          [45, "M1", "working"],
        ],
      },
    ),
  ).toEqual(["0 alarm", "10 suppress", "45 unsuppress", "50 alarm follows"]);
});

test("[O140] first out: of the rules of a group the first one is marked, until none was raised for the time of the group", () => {
  const of = (id: string, signal: string, group?: string): AlarmRule =>
    rule({ kind: "high", signal, limit: 1, deadband: 0 }, { id, ...(group !== undefined && { firstOut: { group, withinS: 10 } }) });
  const samples: Sample[] = [
    [0, "a", 2],
    [5, "b", 2],
    [6, "c", 2],
    [12, "a", 0],
    [13, "a", 2],
    [30, "b", 0],
    [31, "b", 2],
  ];
  expect(run([of("a", "a", "oil"), of("b", "b", "oil"), of("c", "c")], samples)).toEqual([
    "0 a alarm",
    "5 b alarm follows",
    "6 c alarm",
    "12 a return",
    "13 a alarm follows",
    "30 b return follows",
    "31 b alarm",
  ]);
});

test("[O141] expressions are refused with a reason and a position: what is no expression, of the wrong type, too deep, long or costly", () => {
  const fault = (expression: string, kind: "expression" | "high" = "expression") =>
    expressionFaults({
      condition: (kind === "high" ? { kind, expression, limit: 1, deadband: 0 } : { kind, expression }) as AlarmCondition,
    })[0]?.fault;
  expect(fault('last("a") >')).toEqual({ kind: "unfinished", at: 11, expected: "operand" });
  expect(fault('last("a") + 1')).toEqual({ kind: "needsTruth", at: 0 });
  expect(fault('last("a") > 1', "high")).toEqual({ kind: "needsNumber", at: 0 });
  expect(fault('1 + (last("a") and 2) > 1')).toEqual({ kind: "needsNumber", at: 5 });
  expect(fault('mean("a") > 1')).toEqual({ kind: "aggregate", at: 0, found: "mean" });
  expect(fault('last("a") > limit')).toEqual({ kind: "name", at: 12, found: "limit" });
  expect(fault("1 > 2")).toEqual({ kind: "noInput", at: 0 });
  expect(fault('is("a")')).toEqual({ kind: "arguments", at: 0, found: "1", expected: "is" });
  expect(fault(`last("a")${" + 1".repeat(450)} > 0`)).toMatchObject({ kind: "tooCostly" });
  expect(fault(`${"(".repeat(80)}last("a")${")".repeat(80)} > 0`)).toMatchObject({ kind: "tooDeep" });
  expect(fault(`${Array.from({ length: 40 }, (_, n) => `last("s${n}")`).join(" + ")} > 0`)).toMatchObject({ kind: "tooManySignals" });
  expect(fault("x".repeat(3_000))).toMatchObject({ kind: "tooLong" });
  const bad = { ...rule({ kind: "expression", expression: "1 +" }) } as unknown as Record<string, unknown>;
  expect(isAlarmRule(bad)).toBe(false);
  const whole = rule(
    { kind: "model", expression: 'last("a") * 2', expected: 'if(state("M2", "failed"), 0, last("b"))', limit: 1, deadband: 0 },
    { suppressedWhen: 'is("c", 1)' },
  );
  expect(signalsOfRule(whole)).toEqual(["a", "b", "c"]);
  expect(stationsOfRule(whole)).toEqual([{ station: "M2", states: ["failed"] }]);
});

test("[O142] a state that is restored goes on as if nothing had happened, with what conditions remember and delays that are under way", () => {
  const rules = [
    rule({ kind: "rate", signal: "a", windowS: 60, limit: 5, deadband: 0, direction: "either" }, { id: "rate", onDelayS: 20 }),
    rule({ kind: "repeated", expression: 'last("a") > 5', times: 2, withinS: 100 }, { id: "often" }),
    rule({ kind: "sequence", first: 'last("a") > 5', next: 'last("b") > 0', withinS: 30, isMissing: true }, { id: "missing" }),
    rule({ kind: "deviation", expression: 'last("a") + last("b")', usualS: 50, limit: 4, deadband: 1 }, { id: "usual" }),
    rule({ kind: "model", signal: "a", expected: 'last("b")', limit: 5, deadband: 0, smoothS: 40 }, { id: "model" }),
    rule({ kind: "high", expression: 'last("a") / last("b")', limit: 1, deadband: 0 }, { id: "ratio", suppressedWhen: 'last("b") > 8' }),
  ];
  const seed = Math.floor(Math.random() * 2 ** 31);
  let drawn = seed;
  const random = (): number => (drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) & 0x7fffffff) / 2 ** 31;
  const samples = Array.from({ length: 400 }, (_, n) => ({
    at: T0 + n * 7 * SECOND,
    slot: random() < 0.5 ? 0 : 1,
    value: Math.floor(random() * 10),
    bad: random() < 0.05,
  }));
  const replay = (restoreEvery: number): string[] => {
    const found: string[] = [];
    const make = (state?: AlarmEngineState) => {
      const engine = createAlarmEngine(rules, (event) => found.push(JSON.stringify(event)), undefined, {
        since: new Map(),
        statesOf: () => [],
        onEvaluation: (evaluation) => found.push(JSON.stringify(evaluation)),
      });
      if (state) engine.restore(state);
      return engine;
    };
    let engine = make();
    for (const [n, { at, slot, value, bad }] of samples.entries()) {
      while (engine.due() <= at) engine.fire(engine.due());
      engine.sample(slot, value, undefined, bad ? 2 : 0, at);
      engine.settle(at);
      if ((n + 1) % restoreEvery === 0) engine = make(JSON.parse(JSON.stringify(engine.snapshot())) as AlarmEngineState);
    }
    return found;
  };
  const straight = replay(1_000);
  expect(straight.length, `seed ${seed}`).toBeGreaterThan(50);
  expect(replay(1), `seed ${seed}`).toEqual(straight);
  expect(replay(13), `seed ${seed}`).toEqual(straight);
});
