import { budgetTimes, lossBudget, lossCauses, lossPieces, type BudgetTimes, type LossPiece } from "@doppelwerk/operations";
import type { LineFlow, LineShifts, ShiftFiguresValue } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { LossBudget } from "../contract.ts";
import { combined } from "./kpis-of-shifts.ts";

type FiguredShifts = Pick<LineShifts, "constraint" | "stations"> & { readonly shifts: readonly ShiftFiguresValue[] };

/** States of the stations in planned time, as `LineFlow.plannedStates` has them. */
export type PlannedStatesOf = (from: Instant, to: Instant) => ReturnType<LineFlow["plannedStates"]>;

/** A loss budget with what it was made from. */
export interface BudgetWithPieces {
  readonly budget: LossBudget;
  readonly times: BudgetTimes;
  /** Spans in which the constraint did not work, in order of time. */
  readonly pieces: readonly LossPiece[];
}

/** The loss budget of the constraint over the shifts of a span, its waits split by what the states of the stations say. */
export async function budgetOf(
  from: Instant,
  to: Instant,
  line: FiguredShifts | undefined,
  plannedStates: PlannedStatesOf,
): Promise<LossBudget> {
  return (await budgetWithPieces(line, plannedStates))?.budget ?? noBudget(from, to, line?.constraint ?? "");
}

/** Undefined where there is no shift, or the line has no constraint. */
export async function budgetWithPieces(
  line: FiguredShifts | undefined,
  plannedStates: PlannedStatesOf,
): Promise<BudgetWithPieces | undefined> {
  const station = line?.constraint;
  const [first] = line?.shifts ?? [];
  if (line === undefined || station === undefined || first === undefined) return undefined;
  const figures = combined(line, line.shifts);
  const known = await Promise.all(line.shifts.map((shift) => plannedStates(shift.from, shift.to)));
  const { flows } = known.find((each) => each !== undefined) ?? { flows: [] };
  const spansOf = (of: string) => known.flatMap((each) => each?.stations.find((own) => own.station === of)?.spans ?? []);
  const spans = line.stations.map((own) => ({ station: own, spans: spansOf(own) }));
  const times = {
    ...budgetTimes({ ...figures, constraint: station }),
    // where nothing was produced, that of one shift is what is declared
    idealCycleS: figures.produced > 0 ? figures.idealCycleS : first.idealCycleS,
  };
  const budget = lossBudget(times, lossCauses(station, spans, flows));
  return {
    budget: { shifts: line.shifts.length, from: figures.from, to: figures.to, ...budget },
    times,
    pieces: lossPieces(station, spans, flows),
  };
}

function noBudget(from: Instant, to: Instant, station: string): LossBudget {
  return { shifts: 0, from, to, station, plannedBusyS: 0, idealCycleS: 0, produced: 0, good: 0, lostS: 0, rows: [] };
}
