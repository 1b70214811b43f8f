import { budgetTimes, lossBudget, lossCauses } from "@doppelwerk/operations";
import type { LineFlow, LineShifts, ShiftFiguresValue } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { LossBudget } from "../contract.ts";
import { combined } from "./kpis-of-shifts.ts";

type FiguredShifts = Pick<LineShifts, "constraint" | "stations"> & { readonly shifts: readonly ShiftFiguresValue[] };

/** The loss budget of the constraint over the shifts of a span, its waits split by what the states of the stations say. */
export async function budgetOf(
  from: Instant,
  to: Instant,
  line: FiguredShifts | undefined,
  plannedStates: (from: Instant, to: Instant) => ReturnType<LineFlow["plannedStates"]>,
): Promise<LossBudget> {
  const station = line?.constraint;
  const [first] = line?.shifts ?? [];
  if (line === undefined || station === undefined || first === undefined) return noBudget(from, to, station ?? "");
  const figures = combined(line, line.shifts);
  const known = await Promise.all(line.shifts.map((shift) => plannedStates(shift.from, shift.to)));
  const { flows } = known.find((each) => each !== undefined) ?? { flows: [] };
  const spansOf = (of: string) => known.flatMap((each) => each?.stations.find((own) => own.station === of)?.spans ?? []);
  const budget = lossBudget(
    {
      ...budgetTimes({ ...figures, constraint: station }),
      // where nothing was produced, that of one shift is what is declared
      idealCycleS: figures.produced > 0 ? figures.idealCycleS : first.idealCycleS,
    },
    lossCauses(
      station,
      line.stations.map((own) => ({ station: own, spans: spansOf(own) })),
      flows,
    ),
  );
  return { shifts: line.shifts.length, from: figures.from, to: figures.to, ...budget };
}

function noBudget(from: Instant, to: Instant, station: string): LossBudget {
  return { shifts: 0, from, to, station, plannedBusyS: 0, idealCycleS: 0, produced: 0, good: 0, lostS: 0, rows: [] };
}
