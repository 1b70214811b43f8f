import type { Kpis, ShiftKpis } from "@doppelwerk/client";
import type { LineDefinition, LineEngine, ShiftResult } from "@doppelwerk/operations";
import type { ClosedShift } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";

/** A shift's result as screens get it; every ratio comes with the counts it can be recomputed from. */
export function shownShift(definition: LineDefinition, shift: ShiftResult, wip: number | undefined): ShiftKpis {
  const { oee, line } = shift;
  const stops = shift.time.flatMap(({ station, losses }) =>
    losses
      .filter(({ state }) => state === "failed" || state === "microStop" || state === "setUp" || state === "maintenance")
      .map(({ state, seconds, count }) => ({ station, state, seconds, count })),
  );
  return {
    name: shift.name,
    revision: shift.revision,
    from: shift.from,
    to: shift.to,
    constraint: definition.constraint ?? "",
    oee: oee?.oee,
    availability: oee?.availability,
    effectiveness: oee?.effectiveness,
    qualityRatio: oee?.qualityRatio,
    good: line.completed,
    produced: oee?.produced ?? 0,
    scrap: line.scrapped,
    reworked: line.completed - line.firstPass,
    firstPassYield: line.firstPassYield,
    plannedBusyS: oee?.plannedBusyS ?? 0,
    actualProductionS: oee?.actualProductionS ?? 0,
    idealCycleS: oee && oee.produced > 0 ? oee.idealS / oee.produced : (definition.taktS ?? 0),
    unknownS: oee?.unknownS ?? 0,
    throughputPerHour: line.throughputPerH,
    leadTimeS: line.lead.meanS,
    wip,
    findings: shift.stations.flatMap(({ findings }) =>
      findings.map(({ kind, station, value }) => `${station}: ${kind} ${Number(value.toPrecision(3))}`),
    ),
    timeShares: shift.time.map(({ station, states }) => ({ station, seconds: states as Record<string, number> })),
    bottleneck: shift.bottleneck.map(({ station, share }) => ({ station, share })),
    topStops: stops.sort((a, b) => b.seconds - a.seconds).slice(0, 10),
  };
}

/** What is told of a span without a shift: nothing was counted, and nothing follows from it. */
export function noShift(from: Instant, to: Instant, constraint: string): Kpis {
  return {
    shifts: 0,
    from,
    to,
    constraint,
    oee: undefined,
    availability: undefined,
    effectiveness: undefined,
    qualityRatio: undefined,
    good: 0,
    produced: 0,
    scrap: 0,
    reworked: 0,
    firstPassYield: undefined,
    plannedBusyS: 0,
    actualProductionS: 0,
    idealCycleS: 0,
    unknownS: 0,
    throughputPerHour: undefined,
    leadTimeS: undefined,
    wip: undefined,
    findings: [],
    timeShares: [],
    bottleneck: [],
    topStops: [],
  };
}

/** Several shifts as one span: counts and seconds add up, ratios are made from the sums (P6). */
export function combined(definition: LineDefinition, shifts: readonly ShiftKpis[]): Kpis {
  const sum = (value: (shift: ShiftKpis) => number) => shifts.reduce((total, shift) => total + value(shift), 0);
  const plannedBusyS = sum((shift) => shift.plannedBusyS);
  const actualProductionS = sum((shift) => shift.actualProductionS);
  const produced = sum((shift) => shift.produced);
  const idealS = sum((shift) => shift.idealCycleS * shift.produced);
  const goodAtConstraint = sum((shift) => (shift.qualityRatio ?? 0) * shift.produced);
  const ratio = (a: number, b: number) => (b > 0 ? a / b : undefined);
  const availability = ratio(actualProductionS, plannedBusyS);
  const effectiveness = ratio(idealS, actualProductionS);
  const qualityRatio = ratio(goodAtConstraint, produced);
  const stations = definition.stations.map(({ id }) => id);
  const good = sum((shift) => shift.good);
  const secondsOf = (station: string) => {
    const seconds: Record<string, number> = {};
    for (const shift of shifts)
      for (const [state, value] of Object.entries(shift.timeShares.find((row) => row.station === station)?.seconds ?? {}))
        seconds[state] = (seconds[state] ?? 0) + value;
    return seconds;
  };
  return {
    shifts: shifts.length,
    from: shifts[0]!.from,
    to: shifts.at(-1)!.to,
    constraint: definition.constraint ?? "",
    oee:
      availability === undefined || effectiveness === undefined || qualityRatio === undefined
        ? undefined
        : availability * effectiveness * qualityRatio,
    availability,
    effectiveness,
    qualityRatio,
    good,
    produced,
    scrap: sum((shift) => shift.scrap),
    reworked: sum((shift) => shift.reworked),
    firstPassYield: ratio(
      sum((shift) => shift.good - shift.reworked),
      sum((shift) => shift.good + shift.scrap),
    ),
    plannedBusyS,
    actualProductionS,
    idealCycleS: ratio(idealS, produced) ?? 0,
    unknownS: sum((shift) => shift.unknownS),
    throughputPerHour: ratio(3_600 * good, plannedBusyS),
    leadTimeS: ratio(
      sum((shift) => (shift.leadTimeS ?? 0) * shift.good),
      sum((shift) => (shift.leadTimeS === undefined ? 0 : shift.good)),
    ),
    wip: undefined,
    findings: [...new Set(shifts.flatMap((shift) => shift.findings))],
    timeShares: stations.map((station) => ({ station, seconds: secondsOf(station) })),
    bottleneck: stations
      .map((station) => ({
        station,
        share:
          sum((shift) => (shift.bottleneck.find((row) => row.station === station)?.share ?? 0) * shift.plannedBusyS) /
          Math.max(1, plannedBusyS),
      }))
      .sort((a, b) => b.share - a.share),
    topStops: shifts
      .flatMap((shift) => shift.topStops)
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 10),
  };
}

/** Parts a shift of each station, over the closed shifts in which it made any. */
export function partsAShift(engine: LineEngine): ReadonlyMap<string, number> {
  const made = new Map<string, { parts: number; shifts: number }>();
  for (const { stations } of closedPlanned(engine))
    for (const { station, produced } of stations) {
      if (produced <= 0) continue;
      const before = made.get(station) ?? { parts: 0, shifts: 0 };
      made.set(station, { parts: before.parts + produced, shifts: before.shifts + 1 });
    }
  return new Map([...made].map(([station, { parts, shifts }]) => [station, parts / shifts]));
}

/** Closed shifts as a forecast is held against them. */
export function closedShifts(engine: LineEngine): readonly ClosedShift[] {
  return closedPlanned(engine).map(({ name, from, to, line, oee }) => ({
    name,
    from,
    to,
    good: line.completed,
    plannedBusyS: oee?.plannedBusyS ?? 0,
    unknownS: oee?.unknownS ?? 0,
  }));
}

function closedPlanned(engine: LineEngine): readonly ShiftResult[] {
  return engine.shiftIds().flatMap((id) => {
    const shift = engine.shift(id);
    return shift?.planned && shift.closed ? [shift] : [];
  });
}
