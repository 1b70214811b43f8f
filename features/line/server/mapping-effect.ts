import type { FlowOutput, LineDefinition, StateMapping, StationState } from "@doppelwerk/operations";
import { SECOND, type Instant } from "@doppelwerk/world";
import type { MappingEffect, StopSignal } from "@doppelwerk/ports";
import { lineRun, type FlowRuns } from "./fold/flow-runs.ts";

interface Reading {
  readonly seconds: ReadonlyMap<StationState, number>;
  readonly shifts: ReadonlyMap<
    string,
    { day: string; name: string; from: Instant; availability: number | undefined; oee: number | undefined }
  >;
}

/** Folds the recorded span twice, as the line is and with the other mapping: the same code that derives the past. Nothing is written. */
export async function mappingEffect(
  runs: FlowRuns,
  definition: LineDefinition,
  station: string,
  mapping: StateMapping,
  span: { readonly from: Instant; readonly to: Instant },
  signal: StopSignal,
): Promise<MappingEffect> {
  const changed = {
    ...definition,
    stations: definition.stations.map((each) => (each.id === station ? { ...each, mapping } : each)),
  };
  const before = await read(runs, definition, station, span, signal);
  const after = await read(runs, changed, station, span, signal);
  const states = [...new Set([...before.seconds.keys(), ...after.seconds.keys()])];
  return {
    ...span,
    states: states
      .map((state) => ({ state, beforeS: before.seconds.get(state) ?? 0, afterS: after.seconds.get(state) ?? 0 }))
      .toSorted((a, b) => b.beforeS + b.afterS - a.beforeS - a.afterS),
    shifts: [...before.shifts].flatMap(([id, { day, name, from, availability, oee }]) => {
      const now = after.shifts.get(id);
      if (now === undefined || from < span.from) return [];
      return [{ id, day, name, ...pair("availability", availability, now.availability), ...pair("oee", oee, now.oee) }];
    }),
  };
}

function pair<Name extends string>(name: Name, before: number | undefined, after: number | undefined) {
  return before === undefined || after === undefined
    ? {}
    : ({ [name]: { before, after } } as Record<Name, { before: number; after: number }>);
}

async function read(
  runs: FlowRuns,
  definition: LineDefinition,
  station: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  signal: StopSignal,
): Promise<Reading> {
  const run = lineRun(definition);
  const seconds = new Map<StationState, number>();
  const add = (state: StationState, begin: Instant, end: Instant): void => {
    const held = (Math.min(end, to) - Math.max(begin, from)) / SECOND;
    if (held > 0) seconds.set(state, (seconds.get(state) ?? 0) + held);
  };
  const take = (output: FlowOutput): void => {
    if (output.type !== "interval") return;
    const { interval } = output;
    if (interval.station === station && interval.place === undefined) add(interval.state, interval.from, interval.to);
  };
  await runs.fold(run, from, to, { onPiece: (outputs) => outputs.forEach(take), signal });
  for (const each of run.line.openIntervals())
    if (each.station === station && each.place === undefined) add(each.state, each.from, each.to);
  const shifts = run.line.shiftIds().flatMap((id) => {
    const shift = run.line.shift(id);
    if (shift?.planned !== true) return [];
    const own = shift.stations.find((result) => result.station === station);
    return [[id, { day: shift.day, name: shift.name, from: shift.from, availability: own?.availability, oee: own?.oee }] as const];
  });
  return { seconds, shifts: new Map(shifts) };
}
