import { contentHash, createFoldRun, MINUTE, type Json } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { alarmDefinition, alarmFold, inputsOfAlarms, type AlarmFolding } from "./alarm-fold.ts";
import { flowFold, flowInstance, type FlowFolding } from "./flow-fold.ts";
import { statesOfFormer } from "./former-states.ts";
import { createLineEngine } from "./line-engine.ts";
import { lineReadings } from "./line-readings.ts";
import { plantOfRecord, recordedRules } from "./recorded-plant.fixture.ts";
import { batchOf, fixtureLine, SHIFT_START } from "./small-line.fixture.ts";
import { zoneOffsetOf } from "../shifts/zone-offset.ts";

const { samples, end } = plantOfRecord();
const hash = (value: unknown): string => contentHash(JSON.parse(JSON.stringify(value)) as Json);

test.each([20, 61, 100, 150])(
  "[O65] from the state of one engine after %i minutes the folds conclude what it goes on to conclude",
  (minutes) => {
    const line = fixtureLine();
    const since = { "late-rule": SHIFT_START + 90 * MINUTE };
    const flow = flowInstance(line);
    const first = flow.inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));
    const definition = alarmDefinition({ rules: recordedRules, since }, first);
    const inputs = inputsOfAlarms(definition, [line.id]);
    const engine = createLineEngine(line, {
      zoneOffset: zoneOffsetOf(line.timeZone),
      rules: recordedRules,
      rulesSince: new Map(Object.entries(since)),
      extract: true,
    });
    const { batch, ids } = batchOf(samples);
    engine.step(batch, ids);
    engine.advance(SHIFT_START + minutes * MINUTE);
    engine.drain();
    const kept = statesOfFormer(engine, JSON.parse(JSON.stringify(engine.snapshot())) as ReturnType<typeof engine.snapshot>, inputs);
    const run = createFoldRun([
      { fold: flowFold, ...flow, from: kept.flow },
      { fold: alarmFold, subject: "alarms", definition, inputs, from: kept.alarms },
    ]);
    engine.advance(end);
    run.advance(end);
    const own = engine.drain();
    const outputs = run
      .drain()
      .map(({ output }) => output as { readonly type: string; readonly interval?: unknown; readonly event?: unknown });
    const of = (type: string, field: "interval" | "event") => outputs.flatMap((output) => (output.type === type ? [output[field]] : []));
    expect(own.intervals.length).toBeGreaterThan(5);
    expect([hash(of("interval", "interval")), hash(of("transition", "event"))]).toEqual([hash(own.intervals), hash(own.alarms)]);
    const readings = lineReadings((run.folding("flow", line.id) as FlowFolding).readings(run.now), undefined);
    expect(hash(readings.estimate())).toBe(hash(engine.estimate()));
    expect(hash((run.folding("alarms", "alarms") as AlarmFolding).list())).toBe(hash(engine.alarms()));
  },
);
