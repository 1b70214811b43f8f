import { chanceOf } from "./chance.ts";
import type { RecipeDocument, RecipeStep } from "./documents.ts";
import { programmeOf } from "./programme.ts";

export interface ScheduledMachine {
  readonly name: string;
  readonly nominalKg: number;
  /** Minutes from now until it is free. */
  readonly freeIn: number;
}

export interface ScheduledLot {
  readonly code: string;
  readonly recipe: string;
  readonly loadKg: number;
  /** Dyed there, and nowhere else. */
  readonly machine?: string;
}

export interface DyeHouseModel {
  readonly machines: readonly ScheduledMachine[];
  /** In the order in which they are to be dyed. */
  readonly lots: readonly ScheduledLot[];
  readonly recipes: readonly RecipeDocument[];
  /** Between two batches of a machine, minutes. */
  readonly changeMinutes: number;
  /** Probability that a sample is off shade. */
  readonly offShade: number;
  /** Dissolvers of the kitchen: dyes are prepared for so many machines at a time. */
  readonly dissolvers: number;
  /** kg/min of the ranges that each lot passes after dyeing, in their order. */
  readonly ranges: readonly { readonly name: string; readonly kgPerMinute: number }[];
}

/** A lot at a machine or range; minutes from now. */
export interface Bar {
  readonly lot: string;
  readonly at: string;
  readonly from: number;
  readonly to: number;
}

export interface ScheduleRun {
  readonly bars: readonly Bar[];
  /** Until the last lot has left the last range, h. */
  readonly makespanH: number;
  /** Mean of the lots, h: before a machine is free, for the kitchen, before the ranges. */
  readonly waitsH: { readonly machine: number; readonly kitchen: number; readonly range: number };
  /** Share of the makespan in which machines dye. */
  readonly occupied: number;
  /** Lots that no machine can take. */
  readonly left: readonly string[];
}

const ADDITION_MINUTES = 43;

interface Ticket {
  readonly lot: ScheduledLot;
  readonly machine: ScheduledMachine;
  readonly started: number;
  /** Minutes that the machine still needs, in pieces: plain ones, and those that need a dissolver. */
  readonly pieces: readonly { readonly minutes: number; readonly kitchen: boolean }[];
  at: number;
}

/**
 * One run of a dye house without disturbances: a lot takes the machine that can have it done first, machines share the dissolvers of the kitchen, then
 * lots pass the ranges in the order in which they come. Steam and water are not shared: the model knows no limit of them.
 */
export function runSchedule(model: DyeHouseModel, seed: number): ScheduleRun {
  const chance = chanceOf(seed);
  const free = new Map(model.machines.map(({ name, freeIn }) => [name, freeIn]));
  const waiting = { machine: 0, kitchen: 0, range: 0 };
  const bars: Bar[] = [];
  const active: Ticket[] = [];
  const dissolvers = Array.from({ length: model.dissolvers }, () => 0);
  const done: { readonly lot: ScheduledLot; readonly at: number }[] = [];
  const queue = [...model.lots];
  const start = (): void => {
    for (;;) {
      const idle = model.machines.filter(({ name }) => !active.some(({ machine }) => machine.name === name));
      const next = queue.findIndex((lot) => idle.some((machine) => fits(lot, machine)));
      if (next < 0) return;
      const [lot] = queue.splice(next, 1) as [ScheduledLot];
      const machine = idle
        .filter((one) => fits(lot, one))
        .toSorted((a, b) => free.get(a.name)! - free.get(b.name)! || a.nominalKg - b.nominalKg)[0]!;
      const started = free.get(machine.name)!;
      waiting.machine += started;
      active.push({ lot, machine, started, at: started, pieces: piecesOf(model, lot, machine, chance) });
    }
  };
  start();
  while (active.length > 0) {
    // whoever is next asks first for the kitchen
    const ticket = active.reduce((first, one) => (one.at < first.at ? one : first));
    const [piece, ...rest] = ticket.pieces;
    if (piece === undefined) {
      active.splice(active.indexOf(ticket), 1);
      bars.push({ lot: ticket.lot.code, at: ticket.machine.name, from: ticket.started, to: ticket.at });
      done.push({ lot: ticket.lot, at: ticket.at });
      free.set(ticket.machine.name, ticket.at + model.changeMinutes);
      start();
      continue;
    }
    const begin = piece.kitchen ? takeFirst(dissolvers, ticket.at, piece.minutes) : ticket.at;
    waiting.kitchen += begin - ticket.at;
    Object.assign(ticket, { at: begin + piece.minutes, pieces: rest });
  }
  const finished = passRanges(model, done, bars, waiting);
  return { ...summary(model, bars, finished, waiting), left: queue.map(({ code }) => code) };
}

function fits(lot: ScheduledLot, machine: ScheduledMachine): boolean {
  return lot.machine === undefined
    ? lot.loadKg <= machine.nominalKg * 1.05 && lot.loadKg >= machine.nominalKg * 0.4
    : lot.machine === machine.name;
}

/** When a dissolver is free for so many minutes from `at` on; it is taken. */
function takeFirst(dissolvers: number[], at: number, minutes: number): number {
  const first = dissolvers.indexOf(Math.min(...dissolvers));
  const begin = Math.max(at, dissolvers[first] ?? 0);
  dissolvers[first] = begin + minutes;
  return begin;
}

function piecesOf(
  { recipes, offShade }: DyeHouseModel,
  lot: ScheduledLot,
  machine: ScheduledMachine,
  chance: () => number,
): Ticket["pieces"] {
  const recipe = recipes.find(({ code }) => code === lot.recipe);
  const steps = programmeOf(recipe?.steps ?? [], lot.loadKg, machine.nominalKg).steps;
  const needsKitchen = (step: RecipeStep): boolean => step.phase === "dose" && step.tank === "DYES";
  return steps.flatMap((step) => {
    const own = { minutes: step.minutes, kitchen: needsKitchen(step) };
    return step.phase === "sample" && chance() < offShade ? [own, { minutes: ADDITION_MINUTES, kitchen: true }] : [own];
  });
}

/** Each range takes lots in the order in which they come; returns when the last one has left. */
function passRanges(
  model: DyeHouseModel,
  done: readonly { readonly lot: ScheduledLot; readonly at: number }[],
  bars: Bar[],
  waiting: { range: number },
): number {
  let arrivals = done.toSorted((a, b) => a.at - b.at);
  for (const { name, kgPerMinute } of model.ranges) {
    let free = 0;
    arrivals = arrivals.map(({ lot, at }) => {
      const from = Math.max(at, free);
      waiting.range += from - at;
      free = from + lot.loadKg / kgPerMinute;
      bars.push({ lot: lot.code, at: name, from, to: free });
      return { lot, at: free };
    });
  }
  return Math.max(0, ...arrivals.map(({ at }) => at));
}

function summary(
  model: DyeHouseModel,
  bars: readonly Bar[],
  finished: number,
  waiting: { machine: number; kitchen: number; range: number },
): Omit<ScheduleRun, "left"> {
  const lots = Math.max(1, model.lots.length);
  const names = new Set(model.machines.map(({ name }) => name));
  const dyeing = bars.reduce((sum, { at, from, to }) => sum + (names.has(at) ? to - from : 0), 0);
  return {
    bars,
    makespanH: finished / 60,
    waitsH: { machine: waiting.machine / 60 / lots, kitchen: waiting.kitchen / 60 / lots, range: waiting.range / 60 / lots },
    occupied: finished > 0 ? dyeing / (finished * names.size) : 0,
  };
}
