import { message } from "@doppelwerk/kit";
import type { OeeResult, ShiftResult, StationTime } from "@doppelwerk/operations";
import type { AuditTerm } from "@doppelwerk/ports";
import { figure, term, type FigureOfShift } from "./figure-of-shift.ts";

/** Where the time of the constraint went: its states, and what is not known of it, make its planned time. */
export function timeFigures({ time }: ShiftResult, { station, plannedBusyS, unknownS }: OeeResult): readonly FigureOfShift[] {
  const own = time.find((each) => each.station === station);
  const told = own?.states.unknown ?? 0;
  const rows = Object.entries({ ...own?.states, unknown: unknownS })
    .filter(([, seconds]) => seconds > 0)
    .toSorted(([, a], [, b]) => b - a);
  const standard = "ISO 22400-2";
  const titleOf = (state: string) => message("shifts.audit.timeIn", { state });
  return [
    figure(
      ["time", "time.all", "budget"],
      { value: plannedBusyS, unit: "s", station },
      {
        standard,
        operator: "sum",
        terms: rows.map(([state, value]) => ({ title: titleOf(state), value, unit: "s", figure: `time.${state}` })),
        stations: [station],
        isPlannedTime: true,
      },
    ),
    ...rows.map(([state, value]): FigureOfShift => ({
      group: "time",
      id: `time.${state}`,
      title: titleOf(state),
      value,
      unit: "s",
      rule: message("shifts.audit.stateRule", { station }),
      standard,
      ...(state === "working"
        ? { terms: [] }
        : {
            operator: "sum",
            // what no state covers was not observed
            terms: [
              ...lossTerms(own, state),
              ...(state === "unknown" && unknownS > told ? [term("s", "notObserved", unknownS - told)] : []),
            ],
          }),
      stations: [station],
      notes: [],
    })),
  ];
}

function lossTerms(own: StationTime | undefined, state: string): readonly AuditTerm[] {
  return (own?.losses ?? [])
    .filter((loss) => loss.state === state)
    .map(({ cause, word, count, seconds }) => ({
      title: message("shifts.audit.loss", { cause, word: word ?? "–", count }),
      value: seconds,
      unit: "s",
    }));
}
