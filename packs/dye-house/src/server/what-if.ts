import type { Batch } from "../model/batch.ts";
import { runSchedule, type DyeHouseModel, type ScheduledLot, type ScheduleRun } from "../model/schedule.ts";
import type { DyeHouseDocuments } from "./plant.ts";

export interface WhatIfBody {
  /** One more machine as this one, by name. */
  readonly moreLike?: string;
  /** Dissolvers of the kitchen; 1 as it is. */
  readonly dissolvers?: number;
  readonly seed?: number;
  readonly replications?: number;
}

export interface WhatIfSide {
  readonly makespanH: Spread;
  readonly waitsH: ScheduleRun["waitsH"];
  readonly occupied: number;
  readonly left: readonly string[];
  /** Of the first replication. */
  readonly bars: ScheduleRun["bars"];
}

interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Goods a metre where nothing else is known, kg. */
const KG_PER_METRE = 0.32;
const CHANGE_MINUTES = 30;
const LAST_LOTS = 12;

/**
 * The lots that are assigned, or the last ones of the past where none are, with and without what is asked, in the same replications. What a batch that
 * runs still takes is its recipe's time less what it has had. The probability of an addition is that of the batches of the last days.
 */
export function whatIf(documents: DyeHouseDocuments, batches: readonly Batch[], now: number, body: WhatIfBody) {
  const model = modelOf(documents, batches, now);
  const like = documents.machines.find(({ name }) => name === body.moreLike);
  const other: DyeHouseModel = {
    ...model,
    dissolvers: body.dissolvers ?? model.dissolvers,
    machines: like === undefined ? model.machines : [...model.machines, { name: `${like.name}+`, nominalKg: like.nominalKg, freeIn: 0 }],
  };
  const seeds = Array.from({ length: body.replications ?? 20 }, (_, at) => (body.seed ?? 1) * 1_000 + at);
  return { lots: model.lots.length, offShade: model.offShade, asIs: sideOf(model, seeds), changed: sideOf(other, seeds) };
}

function sideOf(model: DyeHouseModel, seeds: readonly number[]): WhatIfSide {
  const runs = seeds.map((seed) => runSchedule(model, seed));
  const mean = (value: (run: ScheduleRun) => number): number => runs.reduce((sum, run) => sum + value(run), 0) / runs.length;
  const spans = runs.map(({ makespanH }) => makespanH);
  return {
    makespanH: { mean: mean(({ makespanH }) => makespanH), min: Math.min(...spans), max: Math.max(...spans) },
    waitsH: {
      machine: mean(({ waitsH }) => waitsH.machine),
      kitchen: mean(({ waitsH }) => waitsH.kitchen),
      range: mean(({ waitsH }) => waitsH.range),
    },
    occupied: mean(({ occupied }) => occupied),
    left: runs[0]?.left ?? [],
    bars: runs[0]?.bars ?? [],
  };
}

function modelOf(
  { machines, ranges, recipes, lots, assignments }: DyeHouseDocuments,
  batches: readonly Batch[],
  now: number,
): DyeHouseModel {
  const durationOf = (batch: Batch): number => {
    const like = batches.filter(({ recipe, to }) => recipe === batch.recipe && to !== undefined);
    return like.length === 0 ? 6 * 3.6e9 : like.reduce((sum, { from, to }) => sum + to! - from, 0) / like.length;
  };
  const freeIn = (name: string): number => {
    const running = batches.findLast((batch) => batch.machine === name && batch.to === undefined);
    return running === undefined ? 0 : Math.max(10, (running.from + durationOf(running) - now) / 60e6);
  };
  const ended = batches.filter(({ to, inferred }) => to !== undefined && !inferred);
  return {
    machines: machines.map(({ name, nominalKg }) => ({ name, nominalKg, freeIn: freeIn(name) })),
    lots: assignments.length > 0 ? assignedLots(lots, assignments) : lastLots(batches),
    recipes,
    changeMinutes: CHANGE_MINUTES,
    offShade: ended.length === 0 ? 0.1 : ended.filter(({ additions }) => additions > 0).length / ended.length,
    dissolvers: 1,
    ranges: ranges
      .filter(({ speed }) => speed > 0)
      .toSorted((a, b) => (a.rangeKind === b.rangeKind ? 0 : a.rangeKind === "washer" ? -1 : 1))
      .map(({ name, speed }) => ({ name, kgPerMinute: speed * KG_PER_METRE })),
  };
}

function assignedLots(lots: DyeHouseDocuments["lots"], assignments: DyeHouseDocuments["assignments"]): readonly ScheduledLot[] {
  return assignments
    .toSorted((a, b) => a.start - b.start)
    .flatMap(({ lot, machine }) => {
      const found = lots.find(({ code }) => code === lot);
      return found === undefined ? [] : [{ code: found.code, recipe: found.recipe, loadKg: found.loadKg, machine }];
    });
}

function lastLots(batches: readonly Batch[]): readonly ScheduledLot[] {
  return batches
    .filter(({ to, loadKg }) => to !== undefined && loadKg > 0)
    .toSorted((a, b) => a.from - b.from)
    .slice(-LAST_LOTS)
    .map(({ lot, recipe, loadKg }) => ({ code: lot, recipe, loadKg }));
}
