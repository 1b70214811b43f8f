import {
  budgetTimes,
  lossBudget,
  lossKey,
  lossOccurrences,
  lossPieces,
  type BudgetTimes,
  type LossPiece,
  type StationSpans,
} from "@doppelwerk/operations";
import type { LineFlow, LineShifts, ShiftFiguresValue } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { LossBudget } from "../contract.ts";
import { codedStops, type Coding } from "./coded-stops.ts";
import type { HeldReason } from "./reason-tree.ts";
import { reasonedPieces } from "./reasoned-pieces.ts";
import { recordedStops } from "./recorded-stops.ts";
import { elementOf, timeModel } from "./time-model.ts";

type FiguredShifts = Pick<LineShifts, "constraint" | "stations"> & {
  readonly taktS?: number | undefined;
  readonly shifts: readonly ShiftFiguresValue[];
};

/** States of the stations in planned time, as `LineFlow.plannedStates` has them. */
export type PlannedStatesOf = (from: Instant, to: Instant) => ReturnType<LineFlow["plannedStates"]>;

/** What people gave as reasons. */
export interface GivenReasons {
  readonly codings: readonly (Coding & { readonly station: string })[];
  /** By code. */
  readonly reasons: ReadonlyMap<string, HeldReason>;
}

/** A loss budget with what it was made from. */
export interface BudgetWithPieces {
  readonly budget: LossBudget;
  readonly times: BudgetTimes;
  /** Spans in which the constraint did not work, in order of time. */
  readonly pieces: readonly LossPiece[];
}

/** Occurrences that a row names. */
const MAX_OCCURRENCES = 200;
const NO_REASONS: GivenReasons = { codings: [], reasons: new Map() };

/** The loss budget of the constraint over the shifts of a span, its waits split by what the states of the stations say, and all by the reasons that were given. */
export async function budgetOf(
  from: Instant,
  to: Instant,
  line: FiguredShifts | undefined,
  plannedStates: PlannedStatesOf,
  given: GivenReasons = NO_REASONS,
): Promise<LossBudget> {
  return (await budgetWithPieces(line, plannedStates, given))?.budget ?? noBudget(from, to, line?.constraint ?? "");
}

/** Undefined where there is no shift, or the line has no constraint. */
export async function budgetWithPieces(
  line: FiguredShifts | undefined,
  plannedStates: PlannedStatesOf,
  given: GivenReasons = NO_REASONS,
): Promise<BudgetWithPieces | undefined> {
  const station = line?.constraint;
  const [first] = line?.shifts ?? [];
  if (line === undefined || station === undefined || first === undefined) return undefined;
  const known = await Promise.all(line.shifts.map((shift) => plannedStates(shift.from, shift.to)));
  const { flows } = known.find((each) => each !== undefined) ?? { flows: [] };
  const spansOf = (of: string) => known.flatMap((each) => each?.stations.find((own) => own.station === of)?.spans ?? []);
  const spans = line.stations.map((own) => ({ station: own, spans: spansOf(own) }));
  const pieces = reasonedPieces(lossPieces(station, spans, flows), station, stopsOfStations(spans, given));
  const times = timesOf(line.shifts, station);
  const budget = lossBudget(times, lossOccurrences(pieces));
  const rows = budget.rows.map(({ reason, ...row }) => {
    const held = reason === undefined ? undefined : given.reasons.get(reason);
    const element = elementOf({ state: row.state, reason }, given.reasons);
    const occurrences = spansOfRow({ ...row, ...(reason !== undefined && { reason }) }, pieces);
    return {
      ...row,
      ...(reason !== undefined && { reason: { code: reason, title: held?.fields.title ?? { en: reason, zh: reason } } }),
      ...(element !== undefined && { element }),
      ...(occurrences.length > 0 && { occurrences: occurrences.slice(0, MAX_OCCURRENCES) }),
    };
  });
  return {
    budget: {
      shifts: line.shifts.length,
      from: first.from,
      to: line.shifts.at(-1)!.to,
      ...budget,
      rows,
      timeModel: timeModel(times, rows),
      // P6: a constraint is measured against the takt where one is planned
      ...((line.taktS ?? 0) > 0 && { isOfTakt: true }),
    },
    times,
    pieces,
  };
}

/** Of several shifts counts and seconds add up; the ideal cycle is that over the mix that was produced, and where nothing was, what one shift declares. */
function timesOf(shifts: readonly ShiftFiguresValue[], constraint: string): BudgetTimes {
  const each = shifts.map((shift) => budgetTimes({ ...shift, constraint }));
  const sum = (value: (times: BudgetTimes) => number): number => each.reduce((total, times) => total + value(times), 0);
  const states: Record<string, number> = {};
  for (const times of each) for (const [state, seconds] of Object.entries(times.states)) states[state] = (states[state] ?? 0) + seconds;
  const [produced, idealS] = [sum((times) => times.produced), sum((times) => times.idealS)];
  return {
    station: constraint,
    plannedBusyS: sum((times) => times.plannedBusyS),
    actualProductionS: sum((times) => times.actualProductionS),
    unknownS: sum((times) => times.unknownS),
    states,
    produced,
    good: sum((times) => times.good),
    reworked: sum((times) => times.reworked),
    idealS,
    goodIdealS: sum((times) => times.goodIdealS),
    idealCycleS: produced > 0 ? idealS / produced : shifts[0]!.idealCycleS,
  };
}

function stopsOfStations(stations: readonly StationSpans[], { codings }: GivenReasons) {
  const found = new Map(
    stations.map(({ station, spans }) => {
      const own = codings.filter((coding) => coding.station === station);
      return [station, own.length === 0 ? [] : codedStops(recordedStops(spans), own).stops] as const;
    }),
  );
  return (station: string) => found.get(station) ?? [];
}

/** Pieces that touch are one. */
function spansOfRow(
  row: Parameters<typeof lossKey>[0],
  pieces: readonly LossPiece[],
): readonly { readonly from: Instant; readonly to: Instant }[] {
  const key = lossKey(row);
  const spans: { from: Instant; to: Instant }[] = [];
  for (const piece of pieces) {
    if (lossKey(piece) !== key) continue;
    const last = spans.at(-1);
    if (last?.to === piece.from) last.to = piece.to;
    else spans.push({ from: piece.from, to: piece.to });
  }
  return spans;
}

function noBudget(from: Instant, to: Instant, station: string): LossBudget {
  return { shifts: 0, from, to, station, plannedBusyS: 0, idealCycleS: 0, produced: 0, good: 0, lostS: 0, rows: [] };
}
