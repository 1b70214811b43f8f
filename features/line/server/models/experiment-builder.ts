import type { FittedParameter, RunResult } from "@doppelwerk/client";
import { message, type Message, textOf } from "@doppelwerk/messages";
import type { EstimateNote, LineReadings, LineEstimate, ShiftCalendar, StationObservations } from "@doppelwerk/operations";
import type { LineExperiment, LinePoints, LineRunRequest } from "@doppelwerk/ports";
import { fitLine, sinceDrift, targetId, transferEdits, withObserved } from "@doppelwerk/sim";
import type { Distribution, Drift, ExperimentModel, LineModel, LineObservations, Parameter } from "@doppelwerk/sim";
import { DoppelwerkError, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import type { LineOfShells } from "../line-of-shells.ts";
import { withPlannedShifts } from "./planned-shifts.ts";

export interface ExperimentInput {
  /** The line as live had it when the branch was forked, and as the branch has it now. */
  readonly base: LineOfShells;
  readonly edited: LineOfShells;
  /** The line's fold at the instant of the fork. */
  readonly at: LineReadings;
  readonly observations: Observed;
  readonly request: LineRunRequest;
  readonly instant: Instant;
  readonly calendar: ShiftCalendar;
  readonly diffHash: string;
  /** In place of the one that follows from the calendar. */
  readonly span?: Span;
}

const STUDY_SHIFTS = 10;

/** Both sides of a run: engineering models, parameters fitted from what was seen before the instant, initial state, horizon. */
export function buildExperiment(input: ExperimentInput): LineExperiment {
  const { base, edited, request } = input;
  const span = spanOf(input);
  const { parameters, drifts, observations, ...seen } = observedModel(base, input.observations);
  const nominal = withPlannedShifts(seen.nominal, base, span.start, span.end);
  const onBranch = withPlannedShifts(observedModel(edited, input.observations).nominal, edited, span.start, span.end);
  const same = JSON.stringify(nominal) === JSON.stringify(onBranch);
  const estimate = request.kind === "forecast" ? input.at.estimate() : undefined;
  const { initialState } = base.described;
  const live = { nominal, edited: nominal, parameters, ...(estimate && { initialState: initialState(estimate, nominal) }) };
  const warnings = [...unknownTimes(parameters, edited), ...warningsOf(base, edited), ...drifts.map(driftWarning)];
  return {
    live,
    branch: same ? live : { ...live, edited: onBranch, ...(estimate && { initialState: initialState(estimate, onBranch) }) },
    same,
    kind: request.kind,
    start: span.start,
    horizonS: (span.end - span.start) / SECOND,
    diffHash: input.diffHash,
    initialState: estimate ? shownInitialState(estimate) : [],
    parameters: shownParameters(parameters, base, edited),
    warnings: warnings.map(textOf),
    warningsTold: warnings,
    variants: async (values) =>
      values.map((numbers) => {
        const model = withPlannedShifts(withObserved(edited.modelWith(numbers), observations), edited, span.start, span.end);
        return { ...live, edited: model, ...(estimate && { initialState: initialState(estimate, model) }) };
      }),
  };
}

/** One side of every point of a designed experiment, and of live as it stood; all start alike and draw the same parameters. */
export function buildPoints(input: ExperimentInput, points: readonly LineOfShells[]): LinePoints {
  const { base, request } = input;
  const span = spanOf(input);
  const { parameters, drifts, ...seen } = observedModel(base, input.observations);
  const nominal = withPlannedShifts(seen.nominal, base, span.start, span.end);
  const estimate = request.kind === "forecast" ? input.at.estimate() : undefined;
  const { initialState } = base.described;
  const asLive = JSON.stringify(nominal);
  const models = points.map((line): ExperimentModel => {
    const own = withPlannedShifts(observedModel(line, input.observations).nominal, line, span.start, span.end);
    const edited = JSON.stringify(own) === asLive ? nominal : own;
    return { nominal, edited, parameters, ...(estimate && { initialState: initialState(estimate, edited) }) };
  });
  const warnings = [
    ...points.flatMap((line) => [...unknownTimes(parameters, line), ...warningsOf(base, line)]),
    ...drifts.map(driftWarning),
  ];
  const once = [...new Map(warnings.map((warning) => [textOf(warning), warning])).values()];
  return {
    models,
    start: span.start,
    horizonS: (span.end - span.start) / SECOND,
    warnings: once.map(textOf),
    warningsTold: once,
  };
}

/** What was observed before an instant, and of that what the last shifts brought. */
export interface Observed {
  readonly all: readonly StationObservations[];
  readonly recent: readonly StationObservations[];
}

/** Shifts that a drift is looked for in. */
const RECENT_SHIFTS = 5;

export function observedBefore(engine: LineReadings, instant?: Instant): Observed {
  const closed = engine.shiftIds().flatMap((id) => {
    const shift = engine.shift(id);
    return shift?.planned && shift.closed && shift.to <= (instant ?? engine.now()) ? [shift] : [];
  });
  const since = closed.length > 2 * RECENT_SHIFTS ? closed.at(-RECENT_SHIFTS)!.from : undefined;
  return { all: engine.observations(instant), recent: since === undefined ? [] : engine.observations(instant, since) };
}

/** The line as engineering states it and the plant has shown it, its parameters fitted from observations, and which of them have drifted. */
export function observedModel(
  line: Pick<LineOfShells, "lineModel" | "described">,
  { all, recent }: Observed,
): {
  readonly nominal: LineModel;
  readonly parameters: readonly Parameter[];
  readonly drifts: readonly Drift[];
  readonly observations: LineObservations;
} {
  const { observations, drifts } = sinceDrift(line.described.observations(all), line.described.observations(recent));
  const nominal = withObserved(line.lineModel, observations);
  return { nominal, parameters: fitLine(nominal, observations), drifts, observations };
}

/** From when to when a run is simulated. */
export interface Span {
  readonly start: Instant;
  readonly end: Instant;
}

export function spanOf({ calendar, request, instant, span }: Pick<ExperimentInput, "calendar" | "request" | "instant" | "span">): Span {
  if (span !== undefined) return span;
  return request.kind === "forecast" ? forecastSpan(calendar, instant) : studySpan(calendar, instant, request.shifts ?? STUDY_SHIFTS);
}

/** P3: this and the next shift. */
function forecastSpan(calendar: ShiftCalendar, instant: Instant): Span {
  const current = calendar.shiftAt(instant);
  const next = calendar.nextShift(current ? current.end - 1 : instant);
  const after = current ? next : next && calendar.nextShift(next.end - 1);
  const end = (after ?? next ?? current)?.end;
  if (end === undefined) throw new DoppelwerkError("DW_INVALID", message("line.lineNoShiftCalendar"));
  return { start: instant, end };
}

/** From the beginning of a shift over so many shifts. */
function studySpan(calendar: ShiftCalendar, instant: Instant, shifts: number): Span {
  const first = calendar.nextShift(instant);
  if (!first) throw new DoppelwerkError("DW_INVALID", message("line.lineNo"));
  let last = first;
  // One shift more than asked: the warm-up is taken from the first.
  for (let i = 0; i < shifts; i++) last = calendar.nextShift(last.end - 1) ?? last;
  return { start: first.start, end: last.end };
}

const NOTE_REASONS: Readonly<Record<EstimateNote["reason"], Message>> = {
  read: message("line.initial.read"),
  counted: message("line.initial.counted"),
  order: message("line.initial.order"),
  silent: message("line.initial.silent"),
  told: message("line.initial.told"),
  neighbours: message("line.initial.neighbours"),
  observedSinceStop: message("line.initial.observedSinceStop"),
  noStopSeen: message("line.initial.noStopSeen"),
  partsOnLine: message("line.initial.partsOnLine"),
  lastProduct: message("line.initial.lastProduct"),
  noReading: message("line.initial.noReading"),
};

function shownInitialState(estimate: LineEstimate): RunResult["initialState"] {
  return estimate.notes.map(({ evidence, station, what, count, reason }) => ({
    item: station === undefined ? what : `${station} ${what}`,
    value: String(count),
    basis: evidence,
    why: textOf(NOTE_REASONS[reason]),
    reason: NOTE_REASONS[reason],
  }));
}

const unitOfKind: Readonly<Record<Parameter["target"]["kind"], string>> = {
  cycle: "s",
  stopBetween: "min",
  stopDuration: "min",
  setUp: "s",
  reject: "%",
  scrap: "%",
  share: "%",
  travel: "s",
};

/** Parameters for screens: means with their 95 % intervals, n, pooling and fit; what the branch edits says so (P8). */
export function shownParameters(parameters: readonly Parameter[], base: LineOfShells, edited: LineOfShells): readonly FittedParameter[] {
  const onBranch = transferEdits(base.lineModel, edited.lineModel, base.lineModel);
  return parameters.map((parameter) => {
    const { target, mean, low, high, n, pooled, nominal, fit, value, basis } = parameter;
    const unit = unitOfKind[target.kind];
    const scale = unit === "min" ? 1 / 60 : unit === "%" ? 100 : 1;
    const isEdited = JSON.stringify(valueIn(base.lineModel, parameter)) !== JSON.stringify(valueIn(onBranch, parameter));
    return {
      station: target.station,
      name: targetId(target).slice(target.station.length + 1),
      unit,
      distribution: typeof value !== "number" ? value.kind : target.kind === "travel" ? "constant" : "probability",
      mean: mean * scale,
      low: low * scale,
      high: high * scale,
      n,
      pooled,
      source: isEdited ? "edited" : basis === "assumed" ? "unknown" : (basis ?? (n === 0 ? "nominal" : "fitted")),
      nominal: nominal === undefined ? undefined : nominal * scale,
      fit,
    };
  });
}

function valueIn(model: LineModel, { target }: Parameter): Distribution | number | undefined {
  const station = model.stations.find(({ id }) => id === target.station);
  switch (target.kind) {
    case "cycle":
      return (target.product === undefined ? undefined : station?.cycle.byProduct?.[target.product]) ?? station?.cycle.time;
    case "stopBetween":
      return station?.stops?.find(({ id }) => id === target.stop)?.between;
    case "stopDuration":
      return station?.stops?.find(({ id }) => id === target.stop)?.duration;
    case "setUp":
      return station?.setUps?.find(({ attribute }) => attribute === target.attribute)?.time;
    case "reject":
      return station?.inspection?.rejectByTry[target.tryNumber - 1];
    case "scrap":
      return station?.scrapProbability;
    case "share":
      return model.program?.kind === "batches" ? model.program.mix.find(({ product }) => product === target.product)?.share : undefined;
    case "travel":
      return [station?.next, station?.inspection?.reject].find((route) => route?.station === target.to)?.travelS;
  }
}

/** The notice to look again: a figure of the plant is no longer what it was. */
function driftWarning({ station, kind, of, before, recent, n }: Drift): Message {
  const shown = (value: number) =>
    kind === "reject" ? `${(100 * value).toFixed(1)} %` : value >= 600 ? `${Math.round(value / 60)} min` : `${value.toFixed(1)} s`;
  return message("line.drift", { station, what: kind, of, recent: shown(recent), before: shown(before), shifts: RECENT_SHIFTS, n });
}

const MAX_NAMED = 8;

/** Stations of which nothing states how long their work takes: what a run says of them is worth nothing. */
function unknownTimes(parameters: readonly Parameter[], { lineModel }: Pick<LineOfShells, "lineModel">): readonly Message[] {
  const assumed = new Set(lineModel.stations.flatMap(({ id, cycle }) => (cycle.isAssumed === true ? [id] : [])));
  const unknown = parameters.flatMap(({ target, basis }) =>
    target.kind === "cycle" && basis === "assumed" && assumed.has(target.station) ? [target.station] : [],
  );
  if (unknown.length === 0) return [];
  const stations = unknown.slice(0, MAX_NAMED).join(", ");
  return [message("line.cycleUnknown", { stations, more: Math.max(0, unknown.length - MAX_NAMED) })];
}

/** P4: factors outside what the plant has ever shown are an extrapolation that no backtest covers. */
function warningsOf(base: LineOfShells, edited: LineOfShells): readonly Message[] {
  return edited.factors.flatMap((factor) => {
    const before = base.factors.find(({ elementId }) => elementId === factor.elementId);
    if (!before || before.asIs === factor.asIs) return [];
    const range = before.observedRange;
    if (range !== undefined && factor.asIs >= range.min && factor.asIs <= range.max) return [];
    const { station = "", label } = factor;
    const unit = factor.unit === "1" ? "" : (factor.unit ?? "");
    const named = (name: string) => [station, name, factor.asIs, unit].filter((word) => word !== "").join(" ");
    return [message("line.neverObserved", { factor: { en: named(label.en.toLowerCase()), zh: named(label.zh) } })];
  });
}
