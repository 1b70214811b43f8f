import { message, type Message } from "@doppelwerk/kit";
import type { FigureAudit, ShiftForecastMade } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

/** Forecast of the end of a shift and what is planned for it. */
export interface ForecastFacts {
  readonly shift: { readonly from: Instant; readonly to: Instant };
  readonly at: Instant;
  /** Planned seconds of the shift so far and in all, and the takt; absent where none is declared. */
  readonly planned: { readonly untilS: number; readonly wholeS: number; readonly taktS: number } | undefined;
  /** Absent: there is none of the shift. */
  readonly forecast: { readonly made: number; readonly forecast: ShiftForecastMade } | undefined;
  /** Why there is none. */
  readonly why?: Message | undefined;
}

type Figure = Omit<FigureAudit, "from" | "to">;

/** What is due by takt, and what a forecast says of the end of the shift: what was made, and quantiles of what its replications add. */
export function auditedForecast({ shift, at, planned, forecast, why }: ForecastFacts): readonly FigureAudit[] {
  const whole = { from: shift.from, to: shift.to };
  const soFar = { from: shift.from, to: Math.max(shift.from, Math.min(at, shift.to)) };
  const due = (name: "due" | "plan", seconds: number, taktS: number): Figure => ({
    ...figureOf(`forecast.${name}`, name),
    value: Math.floor(seconds / taktS),
    rule: text(name === "due" ? "dueByTaktRule" : "planByTaktRule"),
    terms: [],
    facts: [
      message("places.audit.takt", {
        seconds: Math.round(seconds),
        takt: taktS,
        units: (seconds / taktS).toFixed(2),
        shown: Math.floor(seconds / taktS),
      }),
    ],
    isPlannedTime: true,
  });
  return [
    ...(planned === undefined
      ? []
      : [
          { ...due("due", planned.untilS, planned.taktS), ...soFar },
          { ...due("plan", planned.wholeS, planned.taktS), ...whole },
        ]),
    ...(forecast === undefined
      ? [{ ...figureOf("forecast.median", "median"), ...whole, notes: [why ?? text("noForecast")] }]
      : quantilesOf(forecast).map((figure) => ({ ...figure, from: forecast.forecast.at, to: shift.to }))),
  ];
}

function quantilesOf({ made, forecast }: NonNullable<ForecastFacts["forecast"]>): readonly Figure[] {
  const { added, seed, model } = forecast;
  const facts: readonly Message[] = [
    message("places.audit.replications", { replications: added.length, seed }),
    message("places.audit.model", { hash: model.hash.slice(0, 12), version: model.code }),
    message("places.audit.added", { values: added.join(", ") }),
  ];
  const quantile = (name: "median" | "low" | "high"): Figure => ({
    ...figureOf(`forecast.${name}`, name),
    value: Math.round(made + forecast[name]),
    operator: "sum",
    terms: [
      { title: text("madeThen"), value: made, unit: "units" },
      { title: text("simulatedUntil"), value: forecast[name], unit: "units" },
      ...rounding(made + forecast[name]),
    ],
    facts,
  });
  return [quantile("median"), quantile("low"), quantile("high")];
}

/** Whole units are shown: what they differ by is a term. */
function rounding(exact: number): FigureAudit["terms"] {
  const rest = Math.round(exact) - exact;
  return rest === 0 ? [] : [{ title: text("rounding"), value: rest, unit: "units" }];
}

function figureOf(id: string, name: "due" | "plan" | "median" | "low" | "high"): Figure {
  return { id, group: "forecast", title: text(name), unit: "units", rule: text(`${name}Rule`), terms: [], notes: [] };
}

function text(code: string): Message {
  return message(`places.audit.${code}` as "places.audit.median");
}
