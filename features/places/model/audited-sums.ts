import { message, type Message } from "@doppelwerk/kit";
import type { AuditItem, AuditTerm, FigureAudit } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { LineFigures, PlaceSums } from "../contract.ts";
import type {} from "../message-codes.ts";
import { isActiveAlarm } from "@doppelwerk/sync";
import { isUnacknowledged, type PlaceFacts } from "./place-facts.ts";

const SUMS = [
  ["good", "output", "units"],
  ["due", "output", "units"],
  ["plan", "output", "units"],
  ["lostS", "losses", "s"],
] as const;

/** What the board of a place adds up: units, lost time and forecasts of its lines, and its active alarms. */
export function auditedSums(
  sums: PlaceSums,
  alarms: PlaceFacts["alarms"],
  span: { readonly from: Instant; readonly to: Instant },
): readonly FigureAudit[] {
  return [...(sums.lines.length === 0 ? [] : sumsOfLines(sums, span)), alarmCounts(sums, alarms, span.to)];
}

function sumsOfLines(sums: PlaceSums, span: { readonly from: Instant; readonly to: Instant }): readonly FigureAudit[] {
  const termsOf = (unit: string, value: (line: LineFigures) => number | undefined): readonly AuditTerm[] =>
    sums.lines.map((line) => {
      const own = value(line);
      return { title: message("places.audit.line", { line: line.title }), ...(own !== undefined && { value: own }), unit };
    });
  const medians = termsOf("units", ({ forecast }) => forecast?.median);
  return [
    ...SUMS.map(([name, group, unit]): FigureAudit => {
      const terms = termsOf(unit, (line) => line[name]);
      return { ...sumOf(`place.${name}`, group, name, unit), ...span, ...(sums[name] !== undefined && { value: sums[name] }), terms };
    }),
    {
      ...sumOf("place.forecast", "forecast", "forecast", "units"),
      ...span,
      ...(sums.forecast && { value: sums.forecast.median }),
      terms: medians,
      notes: sums.forecast === undefined ? [message("places.audit.noForecast")] : [],
    },
  ];
}

function alarmCounts({ alarms: counts }: PlaceSums, alarms: PlaceFacts["alarms"], at: Instant): FigureAudit {
  const items = alarms.map(({ alarm }): AuditItem => {
    const why = isActiveAlarm(alarm) ? undefined : message("places.audit.notActive", { state: alarm.state });
    return {
      title: message("places.audit.alarm", { station: alarm.station === "" ? "" : `${alarm.station}: `, title: alarm.title }),
      from: alarm.since,
      value: 1,
      unit: "alarms",
      isCounted: why === undefined,
      ...(why && { why }),
    };
  });
  const unacknowledged = alarms.filter(({ alarm }) => isActiveAlarm(alarm) && isUnacknowledged(alarm)).length;
  return {
    ...sumOf("place.alarms", "alarms", "alarms", "alarms"),
    from: at,
    to: at,
    value: counts.p1 + counts.p2 + counts.p3 + counts.p4,
    terms: ([1, 2, 3, 4] as const).map((priority) => ({
      title: message("places.audit.priority", { priority }),
      value: counts[`p${priority}`],
      unit: "alarms",
    })),
    items,
    facts: [message("places.audit.unacknowledged", { count: unacknowledged })],
  };
}

type Name = "good" | "due" | "plan" | "lostS" | "forecast" | "alarms";

// oxlint-disable-next-line max-params -- id, card, texts, unit
function sumOf(id: string, group: FigureAudit["group"], name: Name, unit: string): Omit<FigureAudit, "from" | "to"> {
  const text = (code: string): Message => message(`places.audit.${code}` as "places.audit.good");
  return { id, group, title: text(name), unit, rule: text(`${name}Rule`), operator: "sum", terms: [], notes: [] };
}
