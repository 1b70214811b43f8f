import type { PackFold } from "@doppelwerk/kit";
import { DyeHouse } from "../../../examples/dye-house-plant/src/truth/dye-house.ts";
import type { BatchTruth } from "../../../examples/dye-house-plant/src/truth/jet.ts";
import { jets } from "../../../examples/dye-house-plant/src/truth/machines.ts";
import { functions } from "../../../examples/dye-house-plant/src/truth/recipes.ts";
import batches from "./folds/batches.ts";
import { batchesOf, type Batch, type Concluded } from "./model/batch.ts";
import type { TrackedMachine } from "./model/batch-tracker.ts";

export const START = Date.UTC(2026, 10, 23) * 1_000;
export const DAY = 86_400_000_000;

/** A value of an input at an instant. */
export type Row = readonly [at: number, input: string, value: number | string];
export type Output = readonly [type: string, value: number | boolean | string, from: number];

/** What a fold concludes of rows in order of time, driven as the server drives it; `restartAt`: its state goes through JSON before this row. */
export function concludedOf<Fields, State>(
  fold: PackFold<Fields, State>,
  fields: Fields,
  rows: readonly Row[],
  restartAt = -1,
): readonly Output[] {
  const outputs: Output[] = [];
  let now = 0;
  const open = (state?: State) =>
    fold.open({ subject: "machine", fields }, (type, value, from = now) => void outputs.push([type, value, from]), state);
  let folding = open();
  for (let row = 0; row < rows.length;) {
    if (row >= restartAt && restartAt >= 0) {
      folding = open(JSON.parse(JSON.stringify(folding.snapshot())) as State);
      restartAt = -1;
    }
    const at = rows[row]![0];
    for (let due = folding.due?.(); due !== undefined && due < at; due = folding.due?.()) {
      now = due;
      folding.fire!(due);
    }
    now = at;
    for (; row < rows.length && rows[row]![0] === at; row++) {
      const [, input, value] = rows[row]!;
      const read = typeof value === "string" ? { value: Number.NaN, text: value } : { value };
      folding.take({ input, ...read, quality: 0, origin: "measured", at });
    }
    folding.settle?.(at);
  }
  return outputs;
}

const INPUTS: Readonly<Record<string, string>> = {
  BatchId: "batchSignal",
  Recipe: "recipeSignal",
  Load: "loadSignal",
  Step: "stepSignal",
  Function: "functionSignal",
  Temperature: "temperatureSignal",
  Setpoint: "setpointSignal",
  Level: "levelSignal",
  Water: "waterSignal",
  Steam: "steamSignal",
  Energy: "energySignal",
};

/** What a machine of the demo plant told, and what its document says. */
export function toldBy(house: DyeHouse, id: string): { readonly rows: readonly Row[]; readonly fields: TrackedMachine } {
  const machine = jets.find((jet) => jet.id === id)!;
  const words = Object.fromEntries(Object.entries(functions).map(([phase, word]) => [String(word), phase]));
  const rows = [...house.archive.tracks.values()]
    .filter(({ signal }) => signal.asset === id)
    .flatMap(({ signal, times, values }) => times.map((at, row): Row => [at, INPUTS[signal.role]!, values[row]!]))
    .toSorted((a, b) => a[0] - b[0]);
  const bits = { waterBits: machine.waterBits, steamBits: 32, energyBits: 32 };
  return { rows, fields: { nominalKg: machine.nominalKg, functions: machine.withoutFunction ? {} : words, ...bits } };
}

export function batchesToldBy(house: DyeHouse, id: string, restartAt?: number): readonly Batch[] {
  const { rows, fields } = toldBy(house, id);
  const outputs = concludedOf(batches, fields, rows, restartAt);
  const of = <Item>(wanted: string): readonly Concluded<Item>[] =>
    outputs.filter(([type]) => type === wanted).map(([, value, at]) => ({ at, item: JSON.parse(String(value)) as Item }));
  return batchesOf(id, of("batch"), of("phase"), { batch: "", recipe: "", loadKg: 0 }).filter(({ to }) => to !== undefined);
}

/** Share of the time of a batch in which its phase is the true one. */
export function agreement({ phases }: Batch, truth: BatchTruth): number {
  let [same, all] = [0, 0];
  for (let at = truth.from; at < truth.to; at += 15e6) {
    all++;
    const real = truth.phases.find(({ from, to }) => at >= from && at < to)?.run;
    if (phases.findLast(({ from }) => from <= at)?.phase === real) same++;
  }
  return same / all;
}

export { DyeHouse };
