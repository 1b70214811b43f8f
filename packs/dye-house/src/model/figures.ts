import type { Batch } from "./batch.ts";

/** Key figures of the batches that ended in a period. Without batches the quotients are absent. */
export interface Figures {
  readonly batches: number;
  readonly loadKg: number;
  /** Lots that needed neither an addition nor another dyeing, of all lots. */
  readonly rightFirstTime?: number;
  readonly lots: number;
  readonly redyes: number;
  readonly additions: number;
  /** L/kg, weighted by load. */
  readonly liquorRatio?: number;
  readonly waterLPerKg?: number;
  readonly steamKgPerKg?: number;
  readonly energyKWhPerKg?: number;
  /** Mean, h. */
  readonly durationH?: number;
  /** Machine hours of batches ÷ hours of the period and machines. */
  readonly occupied?: number;
}

/**
 * Batches whose end lies in [from, to). A lot is right first time where no batch of it had an addition and it was not dyed again; a lot that is dyed again
 * counts in the period of its last batch. Inferred phases show no additions: such batches count for water and steam, not for right-first-time.
 */
export function figuresOf(batches: readonly Batch[], from: number, to: number, machines: number): Figures {
  const ended = batches.filter((batch) => batch.to !== undefined && batch.to >= from && batch.to < to);
  const sum = (value: (batch: Batch) => number): number => ended.reduce((total, batch) => total + value(batch), 0);
  const loadKg = sum((batch) => batch.loadKg);
  const judged = ended.filter(({ inferred }) => !inferred);
  const lots = new Set(judged.map(({ lot }) => lot));
  const wrong = new Set(judged.filter(({ additions, redye }) => additions > 0 || redye > 0).map(({ lot }) => lot));
  const bathed = ended.filter(({ liquorRatio }) => liquorRatio !== undefined);
  const bathedKg = bathed.reduce((total, batch) => total + batch.loadKg, 0);
  const hours = (batch: Batch): number => (Math.min(batch.to!, to) - batch.from) / 3.6e9;
  const within = batches.reduce((total, batch) => total + Math.max(0, Math.min(batch.to ?? to, to) - Math.max(batch.from, from)), 0);
  return {
    batches: ended.length,
    loadKg: round(loadKg, 1),
    lots: lots.size,
    redyes: ended.filter(({ redye }) => redye > 0).length,
    additions: sum((batch) => batch.additions),
    ...(lots.size > 0 && { rightFirstTime: round(1 - wrong.size / lots.size, 4) }),
    ...(bathedKg > 0 && {
      liquorRatio: round(bathed.reduce((total, batch) => total + batch.liquorRatio! * batch.loadKg, 0) / bathedKg, 2),
    }),
    ...(loadKg > 0 && {
      waterLPerKg: round(sum((batch) => batch.waterL) / loadKg, 2),
      steamKgPerKg: round(sum((batch) => batch.steamKg) / loadKg, 3),
      energyKWhPerKg: round(sum((batch) => batch.energyKWh) / loadKg, 3),
    }),
    ...(ended.length > 0 && { durationH: round(sum(hours) / ended.length, 2) }),
    ...(machines > 0 && to > from && { occupied: round(within / (to - from) / machines, 4) }),
  };
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
