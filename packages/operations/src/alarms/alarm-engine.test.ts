import { MINUTE, SECOND, type Sample } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { SHIFT_START, batchOf, fixtureLine, sample, stream, zoneOffset } from "../line/small-line.fixture.ts";
import { createLineEngine, type LineEngine } from "../line/line-engine.ts";
import { createAlarmEngine } from "./alarm-engine.ts";
import { alarmListAt, alarmReport, type AlarmEvent } from "./alarm-list.ts";
import { alarmRuleProblems, type AlarmCondition, type AlarmRule } from "./alarm-rule.ts";

const at = (minutes: number) => SHIFT_START + Math.round(minutes * 60) * SECOND;
const text = (word: string) => ({ en: word, zh: word });

function rule(id: string, condition: AlarmCondition, more: Partial<AlarmRule> = {}): AlarmRule {
  return {
    id,
    kind: "alarmRule",
    title: text(id),
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

const high = (more: Partial<AlarmRule> = {}) => rule("hot", { kind: "high", signal: "signal:A.Temperature", limit: 70, deadband: 5 }, more);
const temperature = (value: number, minutes: number, quality: 0 | 2 = 0) => sample("A", "Temperature", value, at(minutes), quality);

function make(rules: readonly AlarmRule[], attendedFrom?: number): LineEngine {
  return createLineEngine(fixtureLine(), { zoneOffset, rules, ...(attendedFrom === undefined ? {} : { attendedFrom }) });
}

function feed(engine: LineEngine, samples: readonly Sample[], until: number): string[] {
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(until));
  return shown(engine.drain().alarms);
}

const shown = (events: readonly AlarmEvent[]) =>
  events.map((event) => `${event.action} ${event.state} ${(event.instant - SHIFT_START) / MINUTE}`);

test("[O51] nothing annunciates without cause, consequence and response", () => {
  const bare = high({ cause: text(" ") });
  expect(alarmRuleProblems(bare)).toEqual(["an alarm rule needs its cause in English and Chinese"]);
  const engine = make([bare]);
  expect(engine.refusedRules).toEqual([{ rule: "hot", problems: ["an alarm rule needs its cause in English and Chinese"] }]);
  expect(feed(engine, [temperature(100, 1)], 5)).toEqual([]);
  expect(alarmRuleProblems({}).length).toBeGreaterThan(5);
});

test("[O62] a condition of the plant annunciates, is acknowledged here where it was there, and returns", () => {
  const engine = make([rule("tank", { kind: "condition", signal: "signal:A.Temperature" })]);
  const state = (bits: number, minutes: number) => temperature(bits, minutes);
  expect(feed(engine, [state(0, 0), state(3, 1), state(1, 2), state(0, 3), state(3, 4), state(2, 5), state(0, 6)], 7)).toEqual([
    "alarm unacknowledged 1",
    "acknowledge acknowledged 2",
    "return normal 3",
    "alarm unacknowledged 4",
    "return returnedUnacknowledged 5",
    "acknowledge normal 6",
  ]);
  expect(engine.alarms().active).toEqual([]);
});

test("[O62] [CN19] what the plant shelves or suppresses is set aside here until it says otherwise; what a person set aside stays so", () => {
  const engine = make([rule("tank", { kind: "condition", signal: "signal:A.Temperature" })]);
  expect(feed(engine, [temperature(3, 1), temperature(19, 2), temperature(3, 3), temperature(33, 4), temperature(1, 5)], 6)).toEqual([
    "alarm unacknowledged 1",
    "shelve shelved 2",
    "unshelve normal 3",
    "alarm unacknowledged 3",
    "suppress suppressedByDesign 4",
    "unsuppress normal 5",
    "alarm unacknowledged 5",
    "acknowledge acknowledged 5",
  ]);
  engine.act({ rule: "tank", action: "shelve", actor: "anna", reason: "known", until: at(60) }, at(7));
  expect(feed(engine, [temperature(17, 8), temperature(1, 9)], 10)).toEqual(["shelve shelved 7"]);
  expect(engine.alarms().aside).toMatchObject([{ state: "shelved", actor: "anna" }]);
});

test("[O52] deadband and delays: on after the on-delay, gone only below limit minus deadband for the off-delay", () => {
  const samples = [
    temperature(60, 0),
    temperature(71, 1),
    temperature(60, 1.2),
    temperature(71, 2),
    temperature(68, 4),
    temperature(64, 5),
    temperature(66, 5.2),
    temperature(64, 6),
  ];
  // A short excursion is forgotten; 66 is above neither the limit nor, coming from above, the way back of 65: the return counts from 5.
  expect(feed(make([high({ onDelayS: 30, offDelayS: 60 })]), samples, 10)).toEqual([
    "alarm unacknowledged 2.5",
    "return returnedUnacknowledged 6",
  ]);
});

test("[O53] bad quality neither raises nor clears", () => {
  expect(feed(make([high()]), [temperature(60, 0), temperature(99, 1, 2), temperature(80, 2), temperature(10, 3, 2)], 5)).toEqual([
    "alarm unacknowledged 2",
  ]);
});

test("[O54] low, deviation, value, state and no-data conditions", () => {
  const engine = make([
    rule("low", { kind: "low", signal: "signal:A.Temperature", limit: 10, deadband: 1 }),
    rule("off-target", { kind: "deviation", signal: "signal:A.Temperature", target: 50, limit: 20, deadband: 0 }),
    rule("apart", { kind: "deviation", signal: "signal:A.Temperature", reference: "signal:B.Temperature", limit: 5, deadband: 0 }),
    rule("word", { kind: "value", signal: "signal:A.Word", values: ["E1", 7] }),
    rule("failed", { kind: "state", station: "A", states: ["failed"] }, { onDelayS: 60, station: "A" }),
    rule("silent", { kind: "noData", signals: ["signal:A.Temperature", "signal:B.Temperature"], afterS: 120 }),
  ]);
  const samples = [
    sample("A", "ItemState", 3, at(0)),
    temperature(50, 0),
    sample("B", "Temperature", 50, at(0)),
    temperature(9, 1),
    sample("A", "Word", "E1", at(1.5)),
    sample("A", "ItemState", "Aborted", at(2)),
  ];
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(6));
  expect(engine.drain().alarms.map((event) => `${event.rule} ${event.action} ${(event.instant - SHIFT_START) / MINUTE}`)).toEqual([
    "low alarm 1",
    "off-target alarm 1",
    "apart alarm 1",
    "word alarm 1.5",
    "failed alarm 3",
    "silent alarm 3",
  ]);
});

test("[O55] acknowledging, shelving with reason and end, its expiry, and taking out of service", () => {
  const engine = make([high()]);
  expect(feed(engine, [temperature(80, 1)], 2)).toEqual(["alarm unacknowledged 1"]);
  engine.act({ rule: "hot", action: "acknowledge", actor: "account:1" }, at(2));
  expect(engine.alarms().active[0]).toMatchObject({ state: "acknowledged", acknowledgedBy: "account:1", raisedAt: at(1) });
  expect(engine.act({ rule: "hot", action: "acknowledge", actor: "account:1" }, at(2))).toBeUndefined();
  expect(() => engine.act({ rule: "hot", action: "shelve", actor: "account:1", until: at(30) }, at(3))).toThrow(/reason/);
  expect(() => engine.act({ rule: "hot", action: "shelve", actor: "account:1", reason: "known", until: at(3) }, at(3))).toThrow(
    /end in the future/,
  );
  expect(() => engine.act({ rule: "none", action: "acknowledge", actor: "account:1" }, at(3))).toThrow(/no alarm rule/);
  engine.act({ rule: "hot", action: "shelve", actor: "account:1", reason: "sensor is being changed", until: at(30) }, at(3));
  expect(engine.alarms()).toMatchObject({
    active: [],
    aside: [{ state: "shelved", reason: "sensor is being changed", until: at(30), actor: "account:1" }],
  });
  engine.advance(at(29));
  engine.drain();
  expect(feed(engine, [], 31)).toEqual(["unshelve normal 30", "alarm unacknowledged 30"]);
  engine.act({ rule: "hot", action: "takeOut", actor: "account:1", reason: "rebuilt" }, at(32));
  expect(feed(engine, [temperature(60, 33), temperature(80, 34)], 35)).toEqual(["takeOut outOfService 32"]);
  engine.act({ rule: "hot", action: "putBack", actor: "account:1" }, at(36));
  expect(shown(engine.drain().alarms)).toEqual(["putBack normal 36", "alarm unacknowledged 36"]);
});

test("[O56] suppressed by design in a state of the station; afterwards only a new value counts", () => {
  const running = make([high({ station: "A", suppressedIn: ["setUp"] })]);
  expect(
    feed(running, [sample("A", "ItemState", 3, at(0)), temperature(80, 1), sample("A", "ItemState", "Held", at(2)), temperature(90, 3)], 4),
  ).toEqual(["alarm unacknowledged 1"]);
  const held = make([high({ station: "A", suppressedIn: ["failed"] })]);
  const steps = feed(
    held,
    [
      sample("A", "ItemState", 3, at(0)),
      temperature(80, 1),
      sample("A", "ItemState", "Held", at(2)),
      temperature(90, 3),
      sample("A", "ItemState", 3, at(4)),
      temperature(91, 5),
    ],
    6,
  );
  expect(steps).toEqual(["alarm unacknowledged 1", "suppress suppressedByDesign 2", "unsuppress normal 4", "alarm unacknowledged 5"]);
});

test("[O57] a latching alarm stays until it is reset", () => {
  const engine = make([high({ latching: true })]);
  expect(feed(engine, [temperature(80, 1), temperature(50, 2)], 3)).toEqual(["alarm unacknowledged 1", "latchedReturn latched 2"]);
  engine.act({ rule: "hot", action: "reset", actor: "account:1" }, at(4));
  expect(engine.alarms().active).toEqual([]);
});

test("[O58] the list goes by priority, then newest first, and marks the first of an upset", () => {
  const rules = [1, 2, 3].map((n) =>
    rule(`r${n}`, { kind: "high", signal: `signal:A.T${n}`, limit: 1, deadband: 0 }, { priority: n === 3 ? 1 : 2 }),
  );
  const engine = make(rules);
  feed(engine, [sample("A", "T1", 2, at(1)), sample("A", "T2", 2, at(1.2)), sample("A", "T3", 2, at(1.5))], 3);
  expect(engine.alarms().active.map((entry) => `${entry.rule} ${entry.firstOut}`)).toEqual(["r3 false", "r2 false", "r1 true"]);
});

test("[O108] an alarm over any place of a station names the place that raised it, in its steps and in the list, also when another fails meanwhile", () => {
  const events: AlarmEvent[] = [];
  const condition = { kind: "state", station: "B", states: ["failed"], of: "anyPlace" } as const;
  const engine = createAlarmEngine([rule("place", condition)], (event) => events.push(event));
  // its own state first, then those of its places
  engine.stationState("B", ["working", "working", "working", "failed"], at(1));
  expect(engine.list().active).toMatchObject([{ place: 3, value: "failed" }]);
  engine.stationState("B", ["working", "failed", "working", "failed"], at(2));
  engine.stationState("B", ["working", "failed", "working", "working"], at(3));
  expect(engine.list().active).toMatchObject([{ place: 3 }]);
  engine.stationState("B", ["working", "working", "working", "working"], at(4));
  engine.stationState("B", ["working", "working", "failed", "working"], at(5));
  expect(events.map(({ action, place }) => [action, place])).toEqual([
    ["alarm", 3],
    ["return", 3],
    ["alarm", 2],
  ]);
});

test("[O59] the list at T is the fold of the events up to T, whatever people and process did", () => {
  for (const seed of [11, 12, 13, 14]) {
    const random = stream(seed);
    const rules = [0, 1, 2, 3].map((n) =>
      rule(
        `r${n}`,
        { kind: "high", signal: `signal:A.T${n}`, limit: 0.5, deadband: 0.1 },
        { onDelayS: n, offDelayS: n * 2, latching: n === 3, priority: ((n % 4) + 1) as 1 | 2 | 3 | 4 },
      ),
    );
    const engine = make(rules);
    const events: AlarmEvent[] = [];
    const lists: { readonly at: number; readonly list: string }[] = [];
    for (let minute = 0; minute < 200; minute++) {
      const { batch, ids } = batchOf(
        [0, 1, 2, 3].map((n) => sample("A", `T${n}`, random(), at(minute) + Math.floor(random() * 50) * SECOND)),
      );
      engine.step(batch, ids);
      engine.advance(at(minute + 1) - 1);
      const action = (["acknowledge", "reset", "shelve", "unshelve", "takeOut", "putBack"] as const)[Math.floor(random() * 6)]!;
      engine.act(
        { rule: `r${Math.floor(random() * 4)}`, action, actor: "account:1", reason: "test", until: at(minute + 5) },
        at(minute + 1) - 1,
      );
      events.push(...engine.drain().alarms);
      lists.push({ at: at(minute + 1) - 1, list: JSON.stringify(engine.alarms()) });
    }
    expect(events.length).toBeGreaterThan(100);
    for (const { at: instant, list } of lists) expect(JSON.stringify(alarmListAt(events, instant)), `seed ${seed}`).toBe(list);
  }
});

test("[O60] floods, chattering, the ten most frequent and shares by priority", () => {
  const event = (id: string, seconds: number, priority: 1 | 2 | 3 | 4 = 3): AlarmEvent => ({
    rule: id,
    instance: `${id}#1`,
    action: "alarm",
    from: "normal",
    state: "unacknowledged",
    instant: SHIFT_START + seconds * SECOND,
    priority,
    title: text(id),
    firstOut: false,
  });
  const calm = Array.from({ length: 10 }, (_, index) => event(`calm${index}`, index * 600));
  expect(alarmReport(calm, SHIFT_START, at(120)).floods).toEqual([]);
  // Twelve within two minutes: the eleventh makes it a flood; it ends when fewer than five are younger than ten minutes.
  const burst = Array.from({ length: 12 }, (_, index) => event(index < 6 ? "valve" : `b${index}`, 600 + index * 10, 1));
  const report = alarmReport(burst, SHIFT_START, at(120));
  expect(report.floods).toEqual([{ from: at(10), to: SHIFT_START + (600 + 70 + 600) * SECOND, count: 12 }]);
  expect(report.chattering).toEqual([{ rule: "valve", count: 4 }]);
  expect(report.topTen[0]).toMatchObject({ rule: "valve", count: 6, share: 0.5 });
  expect(report).toMatchObject({ annunciations: 12, per10Min: 1, byPriority: { 1: 12, 2: 0, 3: 0, 4: 0 } });
});

test("[O61] what returned before anyone could see it is acknowledged at its return, a latched one reset; what is active then stays", () => {
  const samples = [temperature(99, 1), temperature(60, 2), temperature(99, 4), temperature(60, 6), temperature(99, 7)];
  const engine = make(
    [high(), rule("held", { kind: "high", signal: "signal:A.Temperature", limit: 80, deadband: 0 }, { latching: true })],
    at(5),
  );
  const { batch, ids } = batchOf(samples);
  engine.step(batch, ids);
  engine.advance(at(10));
  const events = engine.drain().alarms;
  expect(shown(events.filter((event) => event.rule === "hot"))).toEqual([
    "alarm unacknowledged 1",
    "return returnedUnacknowledged 2",
    "acknowledge normal 2",
    "alarm unacknowledged 4",
    "return returnedUnacknowledged 6",
    "alarm unacknowledged 7",
  ]);
  expect(shown(events.filter((event) => event.rule === "held"))).toEqual([
    "alarm unacknowledged 1",
    "latchedReturn latched 2",
    "reset normal 2",
    "alarm unacknowledged 4",
    "latchedReturn latched 6",
    "alarm unacknowledged 7",
  ]);
  expect(events.find((event) => event.action === "acknowledge")).toMatchObject({ actor: "system", raisedAt: at(1) });
  for (let minute = 0; minute < 5; minute += 0.5) {
    const active = (minute >= 1 && minute < 2) || minute >= 4;
    expect(alarmListAt(events, at(minute)).active.map(({ state }) => state)).toEqual(active ? ["unacknowledged", "unacknowledged"] : []);
  }
});

test("[O59] the last step of each rule tells the same list as all of them, and an engine that takes the alarms of another goes on with them", () => {
  const rules = [high(), rule("word", { kind: "value", signal: "signal:A.Word", values: ["E1"] })];
  const engine = make(rules);
  const { batch, ids } = batchOf([temperature(99, 1), sample("A", "Word", "E1", at(1.5)), temperature(60, 4)]);
  engine.step(batch, ids);
  engine.advance(at(3));
  engine.act({ rule: "word", action: "acknowledge", actor: "Ada" }, at(3));
  engine.advance(at(5));
  const events = engine.drain().alarms;
  const last = [...new Map(events.map((event) => [event.rule, event])).values()];
  expect(alarmListAt(last, at(9))).toEqual(alarmListAt(events, at(9)));
  expect(alarmListAt(last, at(9))).toEqual(engine.alarms());
  const other = make(rules);
  other.takeAlarmsOf(engine);
  expect(other.alarms()).toEqual(engine.alarms());
});

test("[O63] a rule that holds from an instant is judged then by what stands; what did not change goes on; a fold of everything concludes the same", () => {
  const other = rule("word", { kind: "value", signal: "signal:A.Word", values: ["E1"] });
  const starved = rule("starved", { kind: "state", station: "B", states: ["starved"] });
  const samples = [
    temperature(99, 1),
    sample("A", "Word", "E1", at(1)),
    sample("B", "Starved", true, at(2)),
    sample("B", "ItemState", 2, at(2)),
    temperature(60, 4),
    temperature(99, 6),
  ];
  const { batch, ids } = batchOf(samples);
  const before = make([high(), other]);
  before.step(batch, ids);
  before.advance(at(3) - SECOND);
  before.act({ rule: "word", action: "acknowledge", actor: "Ada" }, at(2));
  before.drain();
  // the edit: another limit for one rule, a rule that was not there, and one untouched
  const rules = [high({ priority: 1 }), other, starved];
  const rulesSince = new Map([
    ["hot", at(3)],
    ["starved", at(3)],
  ]);
  const after = createLineEngine(fixtureLine(), { zoneOffset, rules, rulesSince });
  after.continueFrom(before, () => undefined);
  expect(after.alarms().active.map(({ rule: id, state }) => `${id} ${state}`)).toEqual(["word acknowledged"]);
  after.advance(at(9));
  const live = after.drain().alarms;
  expect(shown(live)).toEqual([
    "alarm unacknowledged 3",
    "alarm unacknowledged 3",
    "return returnedUnacknowledged 4",
    "alarm unacknowledged 6",
  ]);
  expect(new Set(live.map(({ rule: id }) => id))).toEqual(new Set(["hot", "starved"]));
  expect(live[0]!.instance).not.toBe("hot#1");
  // derived again from everything, cut into pieces and carried on from a state
  const whole = createLineEngine(fixtureLine(), { zoneOffset, rules, rulesSince });
  whole.step(batch, ids);
  whole.advance(at(2.5));
  const resumed = createLineEngine(fixtureLine(), { zoneOffset, rules, rulesSince });
  resumed.restore(JSON.parse(JSON.stringify(whole.snapshot())) as ReturnType<typeof whole.snapshot>);
  resumed.advance(at(9));
  const stepsOf = (events: readonly AlarmEvent[]) =>
    events.filter(({ instant, rule: id }) => instant >= at(3) && id !== "word").map(({ firstOut: _firstOut, ...event }) => event);
  expect(stepsOf(resumed.drain().alarms)).toEqual(stepsOf(live));
});

test("[O124] an alarm of a stop stays active through a break, in which it is suppressed otherwise; it returns with the first state after it that is none", () => {
  const rested = { suppressedIn: ["break", "off"], station: "A", onDelayS: 60, offDelayS: 5 } as const;
  const steps: string[] = [];
  const engine = createAlarmEngine([rule("failed", { kind: "state", station: "A", states: ["failed"] }, rested)], (event) =>
    steps.push(...shown([event])),
  );
  const tell = (state: "working" | "failed" | "break", minute: number): void => {
    engine.fire(at(minute));
    engine.stationState("A", [state], at(minute));
  };
  tell("failed", 10);
  engine.fire(at(11));
  tell("break", 20);
  engine.fire(at(29));
  expect(engine.list().active.map(({ rule: id, raisedAt }) => [id, raisedAt])).toEqual([["failed", at(11)]]);
  tell("failed", 30);
  engine.fire(at(31));
  tell("working", 40);
  engine.fire(at(41));
  expect(steps).toEqual(["alarm unacknowledged 11", `return returnedUnacknowledged ${40 + 5 / 60}`]);
  // one that was not raised before the break is suppressed in it; one that was repaired in it returns after it, without a new alarm
  steps.length = 0;
  tell("failed", 49.5);
  tell("break", 50);
  tell("working", 60);
  engine.fire(at(61));
  expect(steps).toEqual(["suppress suppressedByDesign 50", "unsuppress normal 60"]);
});
