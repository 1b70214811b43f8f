import { createFoldRun } from "@doppelwerk/world";
import {
  alarmDefinition,
  alarmFold,
  alarmStepsOf,
  flowFold,
  flowInstance,
  inputsOfAlarms,
  linesOfAlarms,
  type AlarmRule,
  type LineDefinition,
} from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { plantOfRecord, recordedRules } from "../../../packages/operations/src/line/recorded-plant.fixture.ts";
import { batchOf, fixtureLine } from "../../../packages/operations/src/line/small-line.fixture.ts";
import { linesAskedFor } from "./lines-asked-for.ts";

const { samples, end } = plantOfRecord();
const line = fixtureLine();
const ruleOf = (id: string): AlarmRule => recordedRules.find((rule) => rule.id === id)!;

/** What a rule concludes of the recorded morning over these lines. */
function stepsOf(rule: AlarmRule, lines: readonly LineDefinition[]): readonly unknown[] {
  const { flows, lineOf } = linesOfAlarms(lines);
  const known = lines.map((line) => ({ fold: flowFold, ...flowInstance(line) }));
  const first = known.flatMap(({ inputs }) => inputs.flatMap((input) => ("signal" in input ? [input.signal] : [])));
  const definition = alarmDefinition({ rules: [rule], since: {}, ...lineOf }, first);
  const run = createFoldRun([...known, { fold: alarmFold, subject: "alarms", definition, inputs: inputsOfAlarms(definition, flows) }]);
  const { batch, ids } = batchOf(samples);
  run.step(batch, ids);
  run.advance(end);
  return alarmStepsOf(run.drain());
}

test("[AL42] a rule that is tested follows the stations that it asks for by themselves, and concludes what it concludes of the whole line", () => {
  for (const id of ["starved", "failed", "hot"]) {
    const rule = ruleOf(id);
    const asked = linesAskedFor([rule], [line]);
    expect(asked.map(({ stations }) => stations.map((station) => station.id))).toEqual([["B"]]);
    const steps = stepsOf(rule, [line]);
    expect(steps.length, id).toBeGreaterThan(3);
    expect(stepsOf(rule, asked), id).toEqual(steps);
  }
  // fewer signals are read: what the station counts says nothing of its state
  const read = (lines: readonly LineDefinition[]): number => lines.flatMap((line) => flowInstance(line).inputs).length;
  expect([read(linesAskedFor([ruleOf("failed")], [line])), read([line]) > 20]).toEqual([3, true]);
});

test("[AL42] a rule over values follows no station; one over states that follow from the neighbours follows the whole line", () => {
  expect(linesAskedFor([ruleOf("slow"), ruleOf("silent"), ruleOf("apart")], [line])).toEqual([]);
  const concluding: LineDefinition = {
    ...line,
    stations: line.stations.map((station) => ({ ...station, mapping: { ...station.mapping, starvedBit: false, neighbours: true } })),
  };
  expect(linesAskedFor([ruleOf("starved")], [concluding])).toEqual([concluding]);
  expect(linesAskedFor([ruleOf("failed")], [concluding]).map(({ stations }) => stations.length)).toEqual([1]);
  expect(linesAskedFor([{ ...ruleOf("starved"), enabled: false }], [concluding])).toEqual([]);
});
