import type { ShiftFiguresValue } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { Kpis } from "../contract.ts";

/** A span without a shift: nothing was counted, and nothing follows from it. */
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
export function combined(
  { constraint, stations }: { readonly constraint: string | undefined; readonly stations: readonly string[] },
  shifts: readonly ShiftFiguresValue[],
): Kpis {
  const sum = (value: (shift: ShiftFiguresValue) => number) => shifts.reduce((total, shift) => total + value(shift), 0);
  const plannedBusyS = sum((shift) => shift.plannedBusyS);
  const actualProductionS = sum((shift) => shift.actualProductionS);
  const produced = sum((shift) => shift.produced);
  const idealS = sum((shift) => shift.idealCycleS * shift.produced);
  const goodAtConstraint = sum((shift) => (shift.qualityRatio ?? 0) * shift.produced);
  const ratio = (a: number, b: number) => (b > 0 ? a / b : undefined);
  const isKnown = shifts.some((shift) => shift.availability !== undefined);
  const availability = isKnown ? ratio(actualProductionS, plannedBusyS) : undefined;
  const effectiveness = ratio(idealS, actualProductionS);
  const qualityRatio = ratio(goodAtConstraint, produced);
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
    constraint: constraint ?? "",
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
    ...constraintCounts(shifts),
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

function constraintCounts(shifts: readonly ShiftFiguresValue[]): Pick<Kpis, "atConstraint"> {
  const counts = shifts.flatMap(({ atConstraint }) => atConstraint ?? []);
  if (counts.length === 0) return {};
  const sum = (value: (each: (typeof counts)[number]) => number) => counts.reduce((total, each) => total + value(each), 0);
  return {
    atConstraint: { good: sum(({ good }) => good), reworked: sum(({ reworked }) => reworked), goodIdealS: sum((c) => c.goodIdealS) },
  };
}
