import {
  ALARM_ACT,
  alarmDefinition,
  alarmEventOf,
  alarmEventsOf,
  alarmFold,
  alarmListAt,
  alarmSignalId,
  derivedSignals,
  flowFold,
  flowInstance,
  inputsOfAlarms,
  operatorActionOf,
  stateOfSample,
  stateSignalId,
  type AlarmEvent,
  type AlarmRule,
  type FlowFolding,
  type OperatorAction,
} from "@doppelwerk/operations";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { batchOfKept, createFoldRun, LIVE, MINUTE, originOfCode, revised, SECOND, heldSamples } from "@doppelwerk/world";
import type { AnyFold, History, Instant, Origin, RecordId, Sample } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { batchOf, fixtureLine, runLine, sample, SHIFT_START } from "../../../operations/src/line/small-line.fixture.ts";
import type { HostedInstance } from "./hosted-instance.ts";
import { keptOf, openOf } from "./fold-worker.ts";
import { corrections, KeptPast } from "./kept-past.ts";
import { readPast } from "./past-reader.ts";

const text = (word: string) => ({ en: word, zh: word });
const rule = (id: string, condition: AlarmRule["condition"], more: Partial<AlarmRule> = {}): AlarmRule => ({
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
});
const RULES = [
  rule("starved", { kind: "state", station: "B", states: ["starved"] }),
  rule("slow", { kind: "high", signal: "signal:B.LastCycle", limit: 61, deadband: 1 }, { latching: true }),
  rule("silent", { kind: "noData", signals: ["signal:C.LastCycle"], afterS: 150 }),
];
const END = SHIFT_START + 60 * MINUTE;
/** A run of an hour in which B waits every other four minutes. */
const SAMPLES = [
  ...runLine(7, 100).samples,
  ...Array.from({ length: 16 }, (_, n) => {
    const at = SHIFT_START + (3 + 4 * n) * MINUTE;
    return [sample("B", "Starved", n % 2 === 0, at), sample("B", "ItemState", n % 2 === 0 ? 2 : 3, at)];
  }).flat(),
]
  .filter(({ sourceTime }) => sourceTime < END)
  .toSorted((x, y) => x.sourceTime - y.sourceTime);

const MEMBERS: readonly HostedInstance[] = (() => {
  const line = fixtureLine();
  const flow = flowInstance(line);
  const first = flow.inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));
  const definition = (attendedFrom: Instant) => alarmDefinition({ rules: RULES, since: {}, attendedFrom }, first);
  return [END, SHIFT_START].flatMap((attendedFrom) => [
    { fold: flowFold as AnyFold, url: "", ...flow },
    {
      fold: alarmFold as AnyFold,
      url: "",
      subject: "alarms",
      definition: definition(attendedFrom),
      inputs: inputsOfAlarms(definition(attendedFrom), [line.id]),
    },
  ]);
})();
const membersOf = (attendedFrom: Instant): readonly HostedInstance[] => (attendedFrom === END ? MEMBERS.slice(0, 2) : MEMBERS.slice(2));

/** A historian, the signals in it, and derivations over them. */
function setUp(attendedFrom: Instant) {
  const history = createMemoryHistory();
  const members = membersOf(attendedFrom);
  const folds = new Map(members.map(({ fold }) => [fold.id, fold]));
  const { signals } = createFoldRun(members);
  const ids: RecordId[] = [...signals, ...derivedSignals(fixtureLine(), RULES).map(({ id }) => id)];
  const indexOf = (id: RecordId) => (ids.includes(id) ? ids.indexOf(id) : undefined);
  const table = { ids, indexOf };
  const store = async (samples: readonly Sample[], origin: Origin = "measured") => {
    const { batch, ids: own } = batchOf(samples);
    await history.append(LIVE, { ...batch, origin }, own);
  };
  /** What people did, as it was stored with the steps of an alarm. */
  const actsOf = async () =>
    (await steps(history)).flatMap((event, at) => {
      const act = operatorActionOf(event);
      return act === undefined ? [] : [{ event: act, at: event.instant, id: String(at) }];
    });
  const derive = async () => {
    const run = createFoldRun(members);
    for (const { event, at, id } of await actsOf()) run.record(ALARM_ACT, event, at, id);
    const past = await KeptPast.begin({ history, table, members, open: [], from: SHIFT_START });
    const wanted = signals.map((id, index) => ({ id, index }));
    for await (const { batch, to } of readPast(history, wanted, SHIFT_START, END)) {
      run.step(batch, signals);
      run.advance(to - 1);
      await past.add(keptOf(folds, run.drain()), openOf(run, members, to - 1), to);
    }
    await past.finish([], openOf(run, members, END - 1), END, Promise.resolve());
    return (run.folding("flow", fixtureLine().id) as FlowFolding).readings(() => END - 1);
  };
  return { history, table, store, derive };
}

const states = (history: History, station: string) => history.raw({ branch: LIVE, signal: stateSignalId(station) }, 0, END * 2);
const steps = async (history: History): Promise<AlarmEvent[]> =>
  (await Promise.all(RULES.map(({ id }) => history.raw({ branch: LIVE, signal: alarmSignalId(id) }, 0, END * 2)))).flatMap(alarmEventsOf);
/** The alarm list of an instant, from the last sample of each rule. */
async function listAt(history: History, instant: Instant) {
  const keys = RULES.map(({ id }) => ({ branch: LIVE, signal: alarmSignalId(id) }));
  return alarmListAt(
    (await history.at(keys, instant)).map(alarmEventOf).filter((event) => event !== undefined),
    instant,
  );
}

test("[SV50] what was concluded from a part of the samples gives way to what follows from all of them, at every instant and however often", async () => {
  const part = SAMPLES.filter(({ sourceTime }, n) => n % 3 > 0 || sourceTime > SHIFT_START + 45 * MINUTE);
  const clean = setUp(END);
  await clean.store(SAMPLES);
  const engine = await clean.derive();
  const patched = setUp(END);
  for (const samples of [
    part.filter(({ sourceTime }) => sourceTime > SHIFT_START + 20 * MINUTE),
    part.filter((_, n) => n % 2 > 0),
    part,
    SAMPLES,
    SAMPLES,
  ]) {
    await patched.store(samples);
    await patched.derive();
  }
  expect((await steps(clean.history)).length).toBeGreaterThan(10);
  expect(await steps(patched.history)).toEqual(await steps(clean.history));
  for (let instant = SHIFT_START; instant < END; instant += 37 * SECOND) {
    const told = await listAt(patched.history, instant);
    expect(told).toEqual(await listAt(clean.history, instant));
    // nobody could act on them: only what was active then is there
    expect(told.active.filter(({ state }) => state !== "unacknowledged")).toEqual([]);
    for (const { id } of fixtureLine().stations) {
      const key = [{ branch: LIVE, signal: stateSignalId(id) }];
      const [right] = await clean.history.at(key, instant);
      const [shown] = await patched.history.at(key, instant);
      const open = engine.openIntervals().find(({ station, from }) => station === id && from <= instant);
      const [a, b] = [right, shown].map((kept) => kept && stateOfSample(kept.value, kept.text, 0));
      // what lasts is kept when it is over, and before only where something else was
      if (open) expect([a?.state, open.state]).toContain(b?.state);
      else expect(b).toEqual(a);
    }
  }
  // a third time from the same: nothing is written
  const before = await Promise.all(fixtureLine().stations.map(async ({ id }) => (await states(patched.history, id)).times.length));
  await patched.derive();
  expect(await Promise.all(fixtureLine().stations.map(async ({ id }) => (await states(patched.history, id)).times.length))).toEqual(before);
});

test("[SV51] what people did to alarms is folded again with the past, and comes back when a later derivation has a place for it again", async () => {
  const { history, store, derive } = setUp(SHIFT_START);
  await store(SAMPLES);
  await derive();
  const raised = (await steps(history)).find(({ rule: id, action }) => id === "starved" && action === "alarm")!;
  const action: OperatorAction = { rule: "starved", action: "acknowledge", actor: "Ada", reason: "seen" };
  await derive();
  // Ada acknowledges it live, a second after it was raised
  const acted = {
    ...raised,
    state: "acknowledged",
    from: "unacknowledged",
    instant: raised.instant + SECOND,
    ...action,
  } as AlarmEvent;
  const ids = [alarmSignalId("starved")];
  const kept = { signal: ids[0]!, time: acted.instant, value: 2, text: JSON.stringify(acted) };
  await history.append(
    LIVE,
    batchOfKept([kept], () => 0),
    ids,
  );
  await derive();
  const acknowledged = async () =>
    (await steps(history)).filter(({ actor }) => actor === "Ada").map(({ state, reason }) => [state, reason]);
  expect(await acknowledged()).toEqual([["acknowledged", "seen"]]);
  expect((await listAt(history, acted.instant)).active[0]).toMatchObject({
    state: "acknowledged",
    raisedAt: raised.instant,
    acknowledgedBy: "Ada",
  });
});

test("[SV50] of the samples at one instant those of the highest revision stand", () => {
  const columns = (rows: readonly (readonly [number, number, string])[]) => ({
    times: Float64Array.from(rows, ([time]) => time),
    values: Float64Array.from(rows, ([, value]) => value),
    qualities: new Uint8Array(rows.length),
    texts: new Map(rows.map(([, , word], row) => [row, word])),
  });
  const stored = columns([
    [1, 0, "a"],
    [2, 1, "b"],
    [2, 2, "c"],
    [3, 1, "x"],
    [3, 2, "y ~1"],
    [3, 3, "z ~1"],
  ]);
  expect(heldSamples(stored).map(({ time, text: word }) => `${time}${word}`)).toEqual(["1a", "2b", "2c", "3y", "3z"]);
  const before = { value: 9, text: "nothing" };
  expect(corrections([], stored, before).map(({ time, text: word }) => `${time} ${word}`)).toEqual([
    "1 nothing ~1",
    "2 nothing ~1",
    "3 nothing ~2",
  ]);
  expect(corrections(heldSamples(stored), stored, before)).toEqual([]);
  expect(corrections([{ time: 3, value: 1, text: "x" }], columns([[3, 2, "y"]]), before)).toEqual([
    revised({ time: 3, value: 1, text: "x" }, 1),
  ]);
  expect(corrections([{ time: 4, value: 1, text: "x" }], columns([[3, 2, "y"]]), before)).toEqual([
    { time: 3, value: 9, text: "nothing ~1" },
    { time: 4, value: 1, text: "x" },
  ]);
});

test("[SV104] what follows from simulated samples is simulated, and nothing else is", async () => {
  const originsOf = async (origin: Origin) => {
    const { history, store, derive } = setUp(END);
    await store(SAMPLES, origin);
    await derive();
    const ids = [...RULES.map(({ id }) => alarmSignalId(id)), ...fixtureLine().stations.map(({ id }) => stateSignalId(id))];
    const columns = await Promise.all(ids.map((id) => history.raw({ branch: LIVE, signal: id }, 0, END * 2)));
    return columns.flatMap(({ origins }) => [...origins].map(originOfCode));
  };
  const ofMeasured = await originsOf("measured");
  expect(ofMeasured.length).toBeGreaterThan(10);
  expect(new Set(ofMeasured)).toEqual(new Set(["derived"]));
  expect(await originsOf("simulated")).toEqual(ofMeasured.map(() => "simulated"));
  expect(await originsOf("replayed")).toEqual(ofMeasured.map(() => "replayed"));
});
