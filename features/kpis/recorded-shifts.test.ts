import { readFileSync } from "node:fs";
import {
  flowFold,
  flowInstance,
  kpiFold,
  kpiInstance,
  lineReadings,
  type FlowFolding,
  type KpiFolding,
  type LineReadings,
} from "@doppelwerk/operations";
import { contentHash, createFoldRun, HOUR, type FoldRun, type Json } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFittedPlant, shifts, type FittedPlant } from "../line/fitted-plant.fixture.ts";
import { figuresOf } from "../shifts/figures.fixture.ts";

/** What was concluded of the demo plant's shifts when KPIs were part of the fold of the line. */
const RECORD = new URL("fixtures/recorded-shifts.json", import.meta.url);
const SEED = 7;
/** In the middle of a shift. */
const UNTIL = shifts[3]!.start + 3 * HOUR;
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
const hash = (value: unknown): string => contentHash(plain(value));

let plant: FittedPlant;
beforeAll(async () => {
  plant = await openFittedPlant();
});
afterAll(() => plant.close());

const runOf = (): FoldRun => {
  const { definition } = plant.line;
  return createFoldRun([
    { fold: kpiFold, ...kpiInstance(definition) },
    { fold: flowFold, ...flowInstance(definition) },
  ]);
};
const readingsOf = (run: FoldRun): LineReadings => {
  const { id } = plant.line.definition;
  const flow = (run.folding(flowFold.id, id) as FlowFolding).readings(() => run.now());
  return lineReadings(flow, run.folding(kpiFold.id, id) as KpiFolding | undefined);
};

test("[KP8] of the demo plant the fold concludes, byte for byte, what was concluded when KPIs were part of the fold of the line", () => {
  const { constraint, taktS } = plant.line.definition;
  const run = runOf();
  /** The shift that runs, every half hour. */
  const running: (string | undefined)[] = [];
  plant.feed(SEED, run, {
    until: UNTIL,
    onPiece() {
      const shift = readingsOf(run).shift();
      running.push(shift && hash(shift));
    },
  });
  const readings = readingsOf(run);
  const results = readings.shiftIds().map((id) => readings.shift(id)!);
  const concluded = {
    shifts: results.map((result) => ({ id: result.id, result: hash(result), figures: plain(figuresOf({ constraint, taktS }, result)) })),
    running,
  };
  expect(plain(concluded)).toEqual(JSON.parse(readFileSync(RECORD, "utf8")));
});
