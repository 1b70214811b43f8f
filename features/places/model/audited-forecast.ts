import { message, type Message } from "@doppelwerk/kit";
import type { FigureAudit, RunResultValue } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

/** Forecast of the end of a shift and what is planned for it. */
export interface ForecastFacts {
  readonly shift: { readonly from: Instant; readonly to: Instant };
  readonly at: Instant;
  /** Planned seconds of the shift so far and in all, and the takt; absent where none is declared. */
  readonly planned: { readonly untilS: number; readonly wholeS: number; readonly taktS: number } | undefined;
  /** Absent: no forecast began in the shift and reaches its end. */
  readonly forecast:
    | {
        readonly run: RunResultValue["run"];
        readonly model: RunResultValue["model"];
        readonly made: number;
        readonly first: Quantiles;
        readonly last: Quantiles;
      }
    | undefined;
}

type Quantiles = RunResultValue["fan"]["live"][number];
type Figure = Omit<FigureAudit, "from" | "to">;

/** What is due by takt, and what a forecast says of the end of the shift: what was made, and quantiles of what its replications add. */
export function auditedForecast({ shift, at, planned, forecast }: ForecastFacts): readonly FigureAudit[] {
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
      ? [{ ...figureOf("forecast.median", "median"), ...whole, notes: [text("noForecast")] }]
      : quantilesOf(forecast).map((figure) => ({ ...figure, ...whole }))),
  ];
}

function quantilesOf({ run, model, made, first, last }: NonNullable<ForecastFacts["forecast"]>): readonly Figure[] {
  const facts: readonly Message[] = [
    message("places.audit.run", { run: run.id, replications: run.replications, seed: run.seed }),
    message("places.audit.model", { hash: model.hash.slice(0, 12), version: model.code }),
  ];
  const quantile = (name: "median" | "low" | "high", value: number): Figure => ({
    ...figureOf(`forecast.${name}`, name),
    value: Math.round(made + value - first.p50),
    operator: "sum",
    terms: [
      { title: text("madeThen"), value: made, unit: "units" },
      { title: text("simulatedUntil"), value, unit: "units" },
      { title: text("simulatedBefore"), value: -first.p50, unit: "units" },
      ...rounding(made + value - first.p50),
    ],
    facts,
  });
  return [quantile("median", last.p50), quantile("low", last.p025), quantile("high", last.p975)];
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
