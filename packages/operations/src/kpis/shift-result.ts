import { HOUR, type Instant } from "@doppelwerk/world";
import { plannedRunTimePerItem } from "../definition/line-definition.ts";
import type { ShiftCalendar } from "../shifts/shift-calendar.ts";
import type { StateCause, StationState } from "../definition/station-state.ts";
import { bottlenecks } from "./bottleneck.ts";
import { producedBy, type KpiDefinition, type KpiStation } from "./kpi-definition.ts";
import type { HourResult, KpiFinding, LineYield, OeeResult, ShiftResult, StationTime } from "./kpi-result.ts";
import { freshTally, type ShiftTally, type StationTally } from "./shift-tally.ts";

interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly planned: boolean;
}

/** Everything a screen shows of one shift, as known at `at`. */
export function shiftResultOf(tally: ShiftTally, definition: KpiDefinition, calendar: ShiftCalendar, at: Instant): ShiftResult {
  const span: Span = { from: tally.from, to: Math.min(tally.to, Math.max(at, tally.from)), planned: tally.planned };
  const stations = definition.stations.map((station) => oeeOf(station, tally.stations[station.id] ?? freshTally(), span, calendar));
  const plannedS = calendar.plannedBetween(span.from, span.to);
  const oee = stations.find((result) => result.station === definition.constraint);
  return {
    id: tally.id,
    name: tally.name,
    day: tally.day,
    from: span.from,
    to: span.to,
    planned: tally.planned,
    closed: tally.closed,
    revision: tally.revision,
    ...(oee ? { oee } : {}),
    stations,
    time: definition.stations.map((station) => timeOf(station.id, tally.stations[station.id] ?? freshTally())),
    line: yieldOf(tally, plannedS),
    bottleneck: bottlenecks(tally.active, span.from, span.to),
    hours: hoursOf(tally, definition, calendar, span),
  };
}

/** OEE of ISO 22400-2 with its counts. A ratio over 100 % is a finding and stays as it is (P6). */
export function oeeOf(station: KpiStation, tally: StationTally, span: Span, calendar: ShiftCalendar): OeeResult {
  const plannedBusyS = span.planned ? calendar.plannedBetween(span.from, span.to) : 0;
  const actualProductionS = tally.states.working ?? 0;
  const products = Object.entries(tally.products)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([product, counts]) => ({
      product,
      plannedRunTimePerItemS: plannedRunTimePerItem(station, product),
      produced: producedOf(station, counts),
      good: Math.max(0, goodOf(station, counts) - counts.reworkedGood),
    }));
  const all = Object.values(tally.products);
  const produced = all.reduce((sum, counts) => sum + producedOf(station, counts), 0);
  const reworkedGood = all.reduce((sum, counts) => sum + Math.min(goodOf(station, counts), counts.reworkedGood), 0);
  const good = all.reduce((sum, counts) => sum + goodOf(station, counts), 0) - reworkedGood;
  const idealS = products.reduce((sum, entry) => sum + entry.plannedRunTimePerItemS * entry.produced, 0);
  const observedS = Object.values(tally.states).reduce((sum, seconds) => sum + seconds, 0);
  // Where nothing of the planned time is known, neither is the share of it that was worked.
  const isKnown = observedS > (tally.states.unknown ?? 0);
  const availability = isKnown ? ratio(actualProductionS, plannedBusyS) : undefined;
  const effectiveness = ratio(idealS, actualProductionS);
  const qualityRatio = ratio(good, produced);
  const oee =
    availability === undefined || effectiveness === undefined || qualityRatio === undefined
      ? undefined
      : availability * effectiveness * qualityRatio;
  const result: Omit<OeeResult, "findings"> = {
    station: station.id,
    from: span.from,
    to: span.to,
    plannedBusyS,
    actualProductionS,
    // Planned time that no interval covers was not observed, so it is unknown too.
    unknownS: (tally.states.unknown ?? 0) + Math.max(0, plannedBusyS - observedS),
    produced,
    good,
    reworkedGood,
    rejected: all.reduce((sum, counts) => sum + counts.rejected, 0),
    producedInUnknownTime: tally.unknownProduced,
    idealS,
    products,
    ...(availability === undefined ? {} : { availability }),
    ...(effectiveness === undefined ? {} : { effectiveness }),
    ...(qualityRatio === undefined ? {} : { qualityRatio }),
    ...(oee === undefined ? {} : { oee }),
  };
  return { ...result, findings: findingsOf(result, station, span.planned) };
}

/** Counted, or those that were counted good and rejected where not all are counted. */
function producedOf(station: KpiStation, counts: StationTally["products"][string]): number {
  return producedBy(station.counts).includes("Good") ? counts.good + counts.rejected : counts.produced;
}

/** Counted good, or what is not rejected where good is not counted. */
function goodOf(station: KpiStation, counts: StationTally["products"][string]): number {
  return station.counts.includes("Good") ? counts.good : Math.max(0, counts.produced - counts.rejected);
}

function findingsOf(result: Omit<OeeResult, "findings">, definition: KpiStation, planned: boolean): readonly KpiFinding[] {
  const findings: KpiFinding[] = [];
  const { station } = result;
  for (const value of [result.effectiveness, result.oee])
    if (value !== undefined && value > 1) findings.push({ kind: "over100", station, value });
  if (result.good + result.reworkedGood > result.produced)
    findings.push({ kind: "goodAboveTotal", station, value: result.good + result.reworkedGood - result.produced });
  if (result.producedInUnknownTime > 0) findings.push({ kind: "countsInUnknownTime", station, value: result.producedInUnknownTime });
  if (result.unknownS > 1) findings.push({ kind: "unknownTime", station, value: result.unknownS });
  if (!planned) findings.push({ kind: "noCalendar", station, value: 0 });
  if (producedBy(definition.counts).length === 0) findings.push({ kind: "noCounter", station, value: 0 });
  return findings;
}

function timeOf(station: string, tally: StationTally): StationTime {
  const losses = Object.entries(tally.losses).map(([key, loss]) => {
    const [state, cause, ...word] = key.split("|");
    const text = word.join("|");
    return { state: state as StationState, cause: cause as StateCause, ...(text === "" ? {} : { word: text }), ...loss };
  });
  return { station, states: { ...tally.states }, losses: losses.toSorted((a, b) => b.seconds - a.seconds) };
}

function yieldOf(tally: ShiftTally, plannedS: number): LineYield {
  const finished = tally.completed + tally.scrapped;
  const leads = [...tally.leadS].toSorted((a, b) => a - b);
  const at = (share: number) => leads[Math.min(leads.length - 1, Math.ceil(share * leads.length) - 1)];
  return {
    entered: tally.entered,
    completed: tally.completed,
    firstPass: tally.firstPass,
    scrapped: tally.scrapped,
    ...(finished === 0 ? {} : { firstPassYield: tally.firstPass / finished }),
    byProduct: { ...tally.completedByProduct },
    ...(tally.planned && plannedS > 0 ? { throughputPerH: (tally.completed * 3600) / plannedS } : {}),
    lead:
      leads.length === 0
        ? { n: 0 }
        : { n: leads.length, meanS: leads.reduce((sum, lead) => sum + lead, 0) / leads.length, p50S: at(0.5), p95S: at(0.95) },
  };
}

function hoursOf(tally: ShiftTally, definition: KpiDefinition, calendar: ShiftCalendar, span: Span): readonly HourResult[] {
  const constraint = definition.stations.find((station) => station.id === definition.constraint);
  return Object.entries(tally.hours)
    .map(([hour, entry]) => ({ hour: Number(hour), entry }))
    .toSorted((a, b) => a.hour - b.hour)
    .map(({ hour, entry }) => {
      const part: Span = { from: Math.max(hour, span.from), to: Math.max(hour, Math.min(hour + HOUR, span.to)), planned: span.planned };
      const result = constraint && oeeOf(constraint, entry.tally, part, calendar);
      return {
        from: hour,
        completed: entry.completed,
        produced: result?.produced ?? 0,
        good: result?.good ?? 0,
        workingS: result?.actualProductionS ?? 0,
        plannedS: result?.plannedBusyS ?? 0,
        ...(result?.oee === undefined ? {} : { oee: result.oee }),
      };
    });
}

const ratio = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);
