import type { RunResult } from "@doppelwerk/client";
import { message, type Message, textOf } from "@doppelwerk/messages";
import { stateSignalId } from "@doppelwerk/operations";
import type { EstimateNote, LineReadings, LineEstimate, ShiftCalendar, StationObservations } from "@doppelwerk/operations";
import type { FittedParameterValue, LineExperiment, LinePoints, LineRunRequest } from "@doppelwerk/ports";
import { fitLine, fittedParts, sinceDrift, targetId, transferEdits, withObserved } from "@doppelwerk/sim";
import type { Distribution, Drift, ExperimentModel, LineModel, LineObservations, Parameter } from "@doppelwerk/sim";
import { DoppelwerkError, SECOND } from "@doppelwerk/world";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { LineOfShells } from "../line-of-shells.ts";
import type { ObservedRange } from "./observed-range.ts";
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
  /** With which values of a property the plant was recorded; absent: nothing is known of it. */
  readonly observed?: (element: RecordId) => ObservedRange | undefined;
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
  const counted = countedOf(base, drifts, input.observations);
  const shown = shownParameters(parameters, base, edited, counted);
  const warnings = [...unknownTimes(parameters, edited), ...warningsOf(input, edited, shown), ...drifts.map(driftWarning)];
  return {
    live,
    branch: same ? live : { ...live, edited: onBranch, ...(estimate && { initialState: initialState(estimate, onBranch) }) },
    same,
    kind: request.kind,
    start: span.start,
    horizonS: (span.end - span.start) / SECOND,
    diffHash: input.diffHash,
    initialState: estimate ? shownInitialState(estimate) : [],
    parameters: shown,
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
  const shown = shownParameters(parameters, base, base);
  const warnings = [
    ...points.flatMap((line) => [...unknownTimes(parameters, line), ...warningsOf(input, line, shown)]),
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
  /** From the first shift recorded, and where recent ones were looked at from the first of them, to the instant. */
  readonly span?: { readonly from: Instant; readonly recentFrom?: Instant; readonly to: Instant };
}

/** Shifts that a drift is looked for in. */
const RECENT_SHIFTS = 5;

export function observedBefore(engine: LineReadings, instant?: Instant): Observed {
  const closed = engine.shiftIds().flatMap((id) => {
    const shift = engine.shift(id);
    return shift?.planned && shift.closed && shift.to <= (instant ?? engine.now()) ? [shift] : [];
  });
  const since = closed.length > 2 * RECENT_SHIFTS ? closed.at(-RECENT_SHIFTS)!.from : undefined;
  const [first] = engine.shiftIds();
  const from = first === undefined ? undefined : engine.shift(first)?.from;
  const to = instant ?? engine.now();
  return {
    all: engine.observations(instant),
    recent: since === undefined ? [] : engine.observations(instant, since),
    ...(from !== undefined && { span: { from, ...(since !== undefined && { recentFrom: since }), to } }),
  };
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
  const { nominal, drifts, observations } = observedParts(line, { all, recent });
  return { nominal, parameters: fitLine(nominal, observations), drifts, observations };
}

/** The same model of an instant of the past, made while others are answered. */
export async function observedModelInTurns(
  line: Pick<LineOfShells, "lineModel" | "described">,
  observed: Observed,
): Promise<{ readonly nominal: LineModel; readonly parameters: readonly Parameter[] }> {
  const { nominal, observations } = observedParts(line, observed);
  const parameters: Parameter[] = [];
  for (const part of fittedParts(nominal, observations)) {
    parameters.push(...part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { nominal, parameters };
}

function observedParts(
  line: Pick<LineOfShells, "lineModel" | "described">,
  { all, recent }: Observed,
): { readonly nominal: LineModel; readonly drifts: readonly Drift[]; readonly observations: LineObservations } {
  const { observations, drifts } = sinceDrift(line.described.observations(all), line.described.observations(recent));
  return { nominal: withObserved(line.lineModel, observations), drifts, observations };
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

/** When the stops of a class were counted, and where. */
type CountedOf = (station: string, stop: string) => FittedParameterValue["counted"];

/** Where a rate has drifted only the recent shifts count. */
export function countedOf(line: Pick<LineOfShells, "definition">, drifts: readonly Drift[], { span }: Pick<Observed, "span">): CountedOf {
  if (span === undefined) return () => undefined;
  return (station, stop) => {
    const isRecent = drifts.some((drift) => drift.station === station && drift.kind === "stopRate" && drift.of === stop);
    const known = line.definition.stations.find(({ id }) => id === station);
    const places = known?.places ?? 1;
    const isAlone = known?.placesFailAlone === true && places > 1;
    const signals = isAlone ? Array.from({ length: places }, (_, place) => stateSignalId(station, place)) : [stateSignalId(station)];
    return { from: (isRecent ? span.recentFrom : undefined) ?? span.from, to: span.to, places: isAlone ? places : 1, signals };
  };
}

/** Parameters for screens: means with their 95 % intervals, n, pooling and fit; what the branch edits says so (P8). */
export function shownParameters(
  parameters: readonly Parameter[],
  base: LineOfShells,
  edited: LineOfShells,
  counted: CountedOf = () => undefined,
): readonly FittedParameterValue[] {
  const onBranch = transferEdits(base.lineModel, edited.lineModel, base.lineModel);
  return parameters.map((parameter) => {
    const { target, mean, low, high, n, pooled, nominal, fit, value, basis, exposureS } = parameter;
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
      ...(exposureS !== undefined && { overMin: exposureS / 60 }),
      ...(exposureS !== undefined && target.kind === "stopBetween" && { counted: counted(target.station, target.stop) }),
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

/** P4: factors outside what the plant has ever shown are an extrapolation that no backtest covers; what it has shown is named. */
function warningsOf(
  { base, observed }: Pick<ExperimentInput, "base" | "observed">,
  edited: LineOfShells,
  fitted: readonly FittedParameterValue[],
): readonly Message[] {
  return edited.factors.flatMap((factor): readonly Message[] => {
    const before = base.factors.find(({ elementId }) => elementId === factor.elementId);
    if (!before || before.asIs === factor.asIs) return [];
    const range = observed?.(factor.elementId);
    if (range !== undefined && factor.asIs >= range.min && factor.asIs <= range.max) return [];
    const { station = "", label } = factor;
    const unit = factor.unit === "1" ? "" : (factor.unit ?? "");
    const named = (name: string) => [station, name, factor.asIs, unit].filter((word) => word !== "").join(" ");
    const what = { factor: { en: named(lowerFirst(label.en)), zh: named(label.zh) } };
    const own = fitted.find(({ station: of, name, n }) => of === station && name === factor.parameter && n > 0);
    if (own !== undefined) return [message("line.observedMean", { ...what, mean: withUnit(own.mean, own.unit), n: own.n })];
    if (range === undefined) return [message("line.neverObserved", what)];
    const days = daysText(range.to - range.from);
    if (range.min === range.max) return [message("line.observedOne", { ...what, value: withUnit(range.max, unit), days })];
    return [message("line.observedRange", { ...what, min: String(range.min), max: withUnit(range.max, unit), days })];
  });
}

/** Of a label within a sentence; an abbreviation keeps its capitals. */
function lowerFirst(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function withUnit(value: number, unit: string): string {
  return [Number(value.toPrecision(4)), unit].filter((word) => word !== "").join(" ");
}

const DAY = 86_400 * SECOND;

function daysText(duration: number): string {
  const days = duration / DAY;
  return days < 10 ? days.toFixed(1) : days.toFixed(0);
}
