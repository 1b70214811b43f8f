import type { LineDefinition, ShiftResult } from "@doppelwerk/operations";
import { figure, signalsOf, term, type FigureOfShift } from "./figure-of-shift.ts";

/** What left the line: counts of units by the serial numbers that were read, ratios of them. */
export function outputFigures({ flows, stations }: LineDefinition, { line, oee }: ShiftResult): readonly FigureOfShift[] {
  const { completed, firstPass, scrapped } = line;
  const reworked = completed - firstPass;
  const last = stations.filter(({ id }) => !flows.some(({ from }) => from === id));
  const rework = stations.filter(({ id }) => stations.some(({ rejectTo }) => rejectTo === id));
  const rejecting = stations.filter(({ rejectTo }) => rejectTo !== undefined);
  const way = [
    ...last.flatMap((station) => signalsOf(station, "PartOut")),
    ...rework.flatMap((station) => signalsOf(station, "PartIn", "PartOut")),
  ];
  const units = (value: number) => ({ value, unit: "units" });
  const standard = "ISO 22400-2";
  return [
    figure(["output", "output.good", "good"], units(completed), {
      operator: "sum",
      terms: [term("units", "firstPass", firstPass, "output.firstPass"), term("units", "reworked", reworked, "output.reworked")],
      signals: last.flatMap((station) => signalsOf(station, "Good", "PartOut")),
    }),
    figure(["output", "output.firstPass", "firstPass"], units(firstPass), { signals: way }),
    figure(["output", "output.reworked", "reworked"], units(reworked), { signals: way }),
    figure(["output", "output.scrap", "scrap"], units(scrapped), {
      signals: rejecting.flatMap((station) => signalsOf(station, "Reject", "PartIn", "PartOut")),
    }),
    figure(
      ["output", "output.firstPassYield", "yield"],
      { value: line.firstPassYield, unit: "ratio" },
      {
        standard,
        operator: "quotient",
        terms: [term("units", "firstPass", firstPass, "output.firstPass"), term("units", "finished", completed + scrapped)],
      },
    ),
    figure(
      ["output", "output.perHour", "perHour"],
      { value: line.throughputPerH, unit: "perHour" },
      {
        standard,
        operator: "quotient",
        terms: [
          term("units", "good", completed, "output.good"),
          term("h", "plannedBusy", oee === undefined ? undefined : oee.plannedBusyS / 3_600, "oee.plannedBusy"),
        ],
      },
    ),
  ];
}
