import { message } from "@doppelwerk/kit";
import type { FigureAudit } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { LineFigures, PlaceSums } from "../contract.ts";
import type {} from "../message-codes.ts";

/** Units that the stop of a line which stands has cost until now: its planned time ÷ takt. None where it does not stand. */
export function auditedStop(
  { state, station = "", stop }: Pick<LineFigures, "state" | "station" | "stop">,
  at: Instant,
): readonly FigureAudit[] {
  if (stop === undefined) return [];
  return [
    {
      id: "stop.units",
      group: "losses",
      title: message("places.audit.stopUnits"),
      value: stop.units,
      unit: "units",
      from: stop.from,
      to: at,
      rule: message("places.audit.stopUnitsRule"),
      operator: "quotient",
      terms: [
        { title: message("places.audit.stopSeconds"), value: stop.seconds, unit: "s" },
        { title: message("places.audit.stopTakt"), value: stop.taktS, unit: "s" },
      ],
      facts: [message("places.audit.stopState", { station, state })],
      stations: station === "" ? [] : [station],
      isPlannedTime: true,
      notes: [],
    },
  ];
}

/** The same of the lines of a place that stand, added. */
export function auditedStops({ lines }: Pick<PlaceSums, "lines">, at: Instant): readonly FigureAudit[] {
  const standing = lines.flatMap(({ title, stop }) => (stop === undefined ? [] : [{ title, stop }]));
  if (standing.length === 0) return [];
  return [
    {
      id: "place.stopUnits",
      group: "losses",
      title: message("places.audit.stopUnits"),
      value: standing.reduce((sum, { stop }) => sum + stop.units, 0),
      unit: "units",
      from: Math.min(...standing.map(({ stop }) => stop.from)),
      to: at,
      rule: message("places.audit.stopUnitsRule"),
      operator: "sum",
      terms: standing.map(({ title, stop }) => ({
        title: message("places.audit.line", { line: title }),
        value: stop.units,
        unit: "units",
      })),
      notes: [],
    },
  ];
}
