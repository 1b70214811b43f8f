import type { ShiftResult } from "@doppelwerk/operations";
import type { LineShifts, ShiftFiguresValue, UnplannedOutput } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";

/** What was produced in [from, to) outside of any shift; where nothing was, there is nothing to list. */
export function unplannedWithin({ unplanned = [] }: Pick<LineShifts, "unplanned">, from: Instant, to: Instant): readonly UnplannedOutput[] {
  return unplanned
    .filter((span) => span.to >= from && span.from < to)
    .map((span) => ({ from: span.from, to: span.to, produced: span.oee?.produced ?? 0, good: span.line.completed }))
    .filter(({ produced, good }) => produced > 0 || good > 0);
}

/** The figures of a shift; every ratio comes with the counts it can be recomputed from. */
export function figuresOf({ constraint, taktS }: Pick<LineShifts, "constraint" | "taktS">, shift: ShiftResult): ShiftFiguresValue {
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
    constraint: constraint ?? "",
    oee: oee?.oee,
    availability: oee?.availability,
    effectiveness: oee?.effectiveness,
    qualityRatio: oee?.qualityRatio,
    good: line.completed,
    produced: oee?.produced ?? 0,
    scrap: line.scrapped,
    reworked: line.completed - line.firstPass,
    firstPassYield: line.firstPassYield,
    ...(oee === undefined
      ? {}
      : {
          atConstraint: {
            good: oee.good,
            reworked: oee.reworkedGood,
            goodIdealS: oee.products.reduce((sum, { plannedRunTimePerItemS, good }) => sum + plannedRunTimePerItemS * good, 0),
          },
        }),
    plannedBusyS: oee?.plannedBusyS ?? 0,
    actualProductionS: oee?.actualProductionS ?? 0,
    idealCycleS: oee && oee.produced > 0 ? oee.idealS / oee.produced : (taktS ?? 0),
    unknownS: oee?.unknownS ?? 0,
    throughputPerHour: line.throughputPerH,
    leadTimeS: line.lead.meanS,
    wip: undefined,
    findings: shift.stations.flatMap(({ findings }) =>
      findings.map(({ kind, station, value }) => `${station}: ${kind} ${Number(value.toPrecision(3))}`),
    ),
    timeShares: shift.time.map(({ station, states }) => ({ station, seconds: states as Record<string, number> })),
    bottleneck: shift.bottleneck.map(({ station, share }) => ({ station, share })),
    topStops: stops.sort((a, b) => b.seconds - a.seconds).slice(0, 10),
  };
}
