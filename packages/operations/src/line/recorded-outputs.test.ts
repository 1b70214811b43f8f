import { readFileSync } from "node:fs";
import { contentHash, createFoldRun, MINUTE, SECOND, type FoldRun, type Json, type SampleBatch } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { ALARM_ACT, alarmDefinition, alarmFold, inputsOfAlarms, type AlarmFolding, type AlarmOutput } from "./alarm-fold.ts";
import { flowFold, inputsOfFlow, type FlowFolding, type FlowOutput } from "./flow-fold.ts";
import { kpiFold, kpiInstance, type KpiFolding } from "./kpi-fold.ts";
import { lineReadings } from "./line-readings.ts";
import { plantOfRecord, recordedRules } from "./recorded-plant.fixture.ts";
import { batchOf, fixtureLine, SHIFT_START, stream } from "./small-line.fixture.ts";

const record = JSON.parse(readFileSync(new URL("fixtures/recorded-outputs.json", import.meta.url), "utf8")) as Record<string, unknown>;
const { samples, acts, end } = plantOfRecord();
const hash = (value: unknown): string => contentHash(JSON.parse(JSON.stringify(value)) as Json);

function runOf(attendedFrom: number | undefined): FoldRun {
  const flow = { line: fixtureLine() };
  const inputs = inputsOfFlow(flow);
  const first = inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));
  const alarms = alarmDefinition(
    { rules: recordedRules, since: { "late-rule": SHIFT_START + 90 * MINUTE }, ...(attendedFrom === undefined ? {} : { attendedFrom }) },
    first,
  );
  return createFoldRun([
    { fold: alarmFold, subject: "plant", definition: alarms, inputs: inputsOfAlarms(alarms, ["line"]) },
    { fold: kpiFold, ...kpiInstance(flow.line) },
    { fold: flowFold, subject: "line", definition: flow, inputs },
  ]);
}

/** What was concluded, in the form of the record. */
function concluded(run: FoldRun) {
  const outputs = run.drain().map(({ output }) => output as FlowOutput | AlarmOutput);
  const intervals = outputs.flatMap((output) => (output.type === "interval" ? [output.interval] : []));
  const parts = outputs.flatMap((output) => (output.type === "part" ? [output.part] : []));
  const counters = outputs.flatMap((output) => (output.type === "counter" ? [output.counter] : []));
  const alarms = outputs.flatMap((output) => (output.type === "transition" ? [output.event] : []));
  const line = lineReadings(
    (run.folding("flow", "line") as FlowFolding).readings(run.now),
    run.folding("kpis", "line") as KpiFolding | undefined,
  );
  return {
    intervals: [intervals.length, hash(intervals)],
    parts: [parts.length, hash(parts)],
    counters: [counters.length, hash(counters)],
    alarms: { hash: hash(alarms), steps: alarms.map((event) => `${(event.instant - SHIFT_START) / SECOND} ${event.rule} ${event.action}`) },
    shift: hash(line.shift(line.shiftIds()[0])),
    list: hash((run.folding("alarms", "plant") as AlarmFolding).list()),
  };
}

/** Acts in order of time with everything else, as when the past is derived. */
function fold(run: FoldRun, cuts: readonly (readonly [SampleBatch, readonly string[]])[]): void {
  acts.forEach(({ instant, action }, at) => run.record(ALARM_ACT, action, instant, `act ${at}`));
  for (const [batch, ids] of cuts) {
    run.step(batch, ids);
    run.advance(batch.sourceTimes[batch.count - 1]! - 1);
  }
  run.advance(end);
}

test.each([
  ["attended", undefined],
  ["unattendedFirst", SHIFT_START + 60 * MINUTE],
])("[O64] flow, KPIs and alarms as folds conclude, byte for byte, what one engine concluded before: %s", (name, attendedFrom) => {
  const run = runOf(attendedFrom);
  const { batch, ids } = batchOf(samples);
  fold(run, [[batch, ids]]);
  expect(run.faults()).toEqual([]);
  expect(concluded(run)).toEqual(record[name]);
});

test("[O64] however the samples are cut into batches", () => {
  const random = stream(3);
  const cuts: (readonly [SampleBatch, readonly string[]])[] = [];
  for (let at = 0; at < samples.length;) {
    let to = Math.min(samples.length, at + 1 + Math.floor(random() * 300));
    while (to < samples.length && samples[to]!.sourceTime === samples[to - 1]!.sourceTime) to++;
    const { batch, ids } = batchOf(samples.slice(at, to));
    cuts.push([batch, ids]);
    at = to;
  }
  const run = runOf(undefined);
  fold(run, cuts);
  expect(concluded(run)).toEqual(record["attended"]);
});

test("[O64] an act on the running alarms is judged without changing anything, and then is what was judged", () => {
  const run = runOf(undefined);
  const { batch, ids } = batchOf(samples);
  run.step(batch, ids);
  run.advance(SHIFT_START + 12 * MINUTE);
  run.drain();
  const act = { rule: "hot", action: "acknowledge", actor: "ada", reason: "seen" };
  const before = hash(run.snapshot("alarms", "plant"));
  const judged = run.judge("alarms", "plant", act, SHIFT_START + 12 * MINUTE + 1);
  expect(judged).toMatchObject([
    {
      fold: "alarms",
      output: { type: "transition", event: { rule: "hot", state: expect.stringMatching(/acknowledged|normal/), actor: "ada" } },
      origin: "derived",
    },
  ]);
  expect(() => run.judge("alarms", "plant", { ...act, rule: "none" }, 0)).toThrow(/no alarm rule/);
  expect([hash(run.snapshot("alarms", "plant")), run.drain()]).toEqual([before, []]);
  run.act("alarms", "plant", ALARM_ACT, act, SHIFT_START + 12 * MINUTE + 1);
  expect(run.drain().map(({ output }) => output)).toEqual(judged.map(({ output }) => output));
});
