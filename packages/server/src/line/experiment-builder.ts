import type { FittedParameter, RunRequest, RunResult } from "@doppelwerk/client";
import type { EstimateNote, LineEngine, LineEstimate, ShiftCalendar, StationObservations } from "@doppelwerk/operations";
import { fitLine, targetId, transferEdits } from "@doppelwerk/sim";
import type { Distribution, LineModel, LineState, Parameter, PlaceCondition } from "@doppelwerk/sim";
import { DoppelwerkError, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import type { Experiment } from "../decide/experiment.ts";
import type { LineOfShells } from "./line-of-shells.ts";

export interface ExperimentInput {
  /** The line as live had it when the branch was forked, and as the branch has it now. */
  readonly base: LineOfShells;
  readonly edited: LineOfShells;
  /** The line's fold at the instant of the fork. */
  readonly at: LineEngine;
  readonly observations: readonly StationObservations[];
  readonly request: RunRequest;
  readonly instant: Instant;
  readonly calendar: ShiftCalendar;
  readonly diffHash: string;
}

const STUDY_SHIFTS = 10;

/** Both sides of a run: engineering models, parameters fitted from what was seen before the instant, initial state, horizon. */
export function buildExperiment(input: ExperimentInput): Experiment {
  const { base, edited, request, instant } = input;
  const nominal = base.lineModel;
  const parameters = observedModel(base, input.observations);
  const same = JSON.stringify(nominal) === JSON.stringify(edited.lineModel);
  const span = request.kind === "forecast" ? forecastSpan(input.calendar, instant) : studySpan(input.calendar, instant, request.shifts ?? STUDY_SHIFTS);
  const estimate = request.kind === "forecast" ? input.at.estimate() : undefined;
  const initialState = estimate && lineStateOf(estimate, nominal);
  const live = { nominal, edited: nominal, parameters, ...(initialState && { initialState }) };
  return {
    live,
    branch: same ? live : { ...live, edited: edited.lineModel, ...(initialState && { initialState: fitting(initialState, edited.lineModel) }) },
    same,
    kind: request.kind,
    start: span.start,
    horizonS: (span.end - span.start) / SECOND,
    diffHash: input.diffHash,
    initialState: estimate ? shownInitialState(estimate) : [],
    parameters: shownParameters(parameters, base, edited),
    warnings: warningsOf(base, edited),
  };
}

/** Parameters of the base line fitted from observations. */
export function observedModel(line: LineOfShells, observations: readonly StationObservations[]): readonly Parameter[] {
  return fitLine(line.lineModel, { stations: observations });
}

/** P3: this and the next shift. */
function forecastSpan(calendar: ShiftCalendar, instant: Instant): { readonly start: Instant; readonly end: Instant } {
  const current = calendar.shiftAt(instant);
  const next = calendar.nextShift(current ? current.end - 1 : instant);
  const after = current ? next : next && calendar.nextShift(next.end - 1);
  const end = (after ?? next ?? current)?.end;
  if (end === undefined) throw new DoppelwerkError("DW_INVALID", "the line has no shift calendar: a forecast needs to know when it works");
  return { start: instant, end };
}

/** From the beginning of a shift over so many shifts. */
function studySpan(calendar: ShiftCalendar, instant: Instant, shifts: number): { readonly start: Instant; readonly end: Instant } {
  const first = calendar.nextShift(instant);
  if (!first) throw new DoppelwerkError("DW_INVALID", "the line has no shift calendar: a study needs to know when it works");
  let last = first;
  // One shift more than asked: the warm-up is taken from the first.
  for (let i = 0; i < shifts; i++) last = calendar.nextShift(last.end - 1) ?? last;
  return { start: first.start, end: last.end };
}

/** The estimate in the words of the simulation. Residual times are sampled there, from what has elapsed (P15). */
export function lineStateOf(estimate: LineEstimate, model: LineModel): LineState {
  const known = new Set(model.stations.map(({ id }) => id));
  const products = new Set(model.products.map(({ id }) => id));
  const partOf = (part: { readonly product?: string; readonly enteredAt?: Instant; readonly reworked: boolean; readonly tries: number }, station: string) => ({
    ...(part.product !== undefined && products.has(part.product) ? { product: part.product } : {}),
    ...(part.enteredAt === undefined ? {} : { enteredAt: part.enteredAt }),
    rejects: part.reworked ? 1 : 0,
    triesByStation: part.tries > 1 ? { [station]: part.tries - 1 } : {},
  });
  const places = estimate.places
    .filter(({ station }) => known.has(station))
    .map((place): PlaceCondition => {
      const station = model.stations.find(({ id }) => id === place.station)!;
      const stop = place.state === "failed" || place.state === "microStop" ? station.stops?.find((candidate) => candidate.class === (place.state === "failed" ? "failure" : "microStop")) : undefined;
      const since = estimate.sinceStop.find((entry) => entry.station === place.station && (entry.place === undefined || entry.place === place.place));
      return {
        station: place.station,
        place: place.place,
        ...(place.serial === undefined ? {} : { part: partOf(place, place.station), phase: place.state === "blocked" ? ("blocked" as const) : place.state === "setUp" ? ("setUp" as const) : ("work" as const), elapsedS: workedS(place) }),
        ...(stop ? { stop: { id: stop.id, phase: "repair" as const, elapsedS: place.stateS } } : {}),
        ...(since ? { sinceStop: Object.fromEntries((station.stops ?? []).map(({ id, class: stopClass }) => [id, stopClass === "failure" ? since.failureS : since.microStopS])) } : {}),
        ...(place.product === undefined ? {} : { lastProduct: place.product }),
      };
    });
  return {
    instant: estimate.instant,
    places,
    buffers: estimate.buffers
      .filter(({ station }) => known.has(station))
      .flatMap(({ station, parts }) => {
        const assembly = model.stations.find(({ id }) => id === station)!.assembly !== undefined;
        const conditions = (component: boolean) => parts.filter((part) => part.component === component || !assembly).map((part) => ({ ...partOf(part, station), ...(part.arrivesInS === undefined ? {} : { arrivesInS: part.arrivesInS }) }));
        if (!assembly) return [{ station, parts: conditions(false) }];
        return [
          { station, input: "main" as const, parts: conditions(false) },
          { station, input: "assembly" as const, parts: conditions(true) },
        ];
      }),
    ...(estimate.product !== undefined && products.has(estimate.product) ? { program: { product: estimate.product } } : {}),
  };
}

/** Time in the place less the time of a stop that lasts now. */
function workedS(place: LineEstimate["places"][number]): number {
  const elapsed = place.elapsedS ?? 0;
  return place.state === "working" ? elapsed : Math.max(0, elapsed - place.stateS);
}

/** A branch with fewer places or slots starts with what fits. */
function fitting(state: LineState, model: LineModel): LineState {
  const places = new Map(model.stations.map((station) => [station.id, station.places]));
  const capacity = (station: string, input: "main" | "assembly" | undefined) => {
    const own = model.stations.find(({ id }) => id === station);
    return (input === "assembly" ? own?.assembly?.buffer.capacity : own?.buffer?.capacity) ?? Number.POSITIVE_INFINITY;
  };
  return {
    ...state,
    places: state.places?.filter(({ station, place }) => place < (places.get(station) ?? 0)),
    buffers: state.buffers?.map((buffer) => ({ ...buffer, parts: buffer.parts.slice(0, capacity(buffer.station, buffer.input)) })),
  };
}

const noteText: Readonly<Record<EstimateNote["reason"], string>> = {
  read: "serial read at the station",
  counted: "from counts",
  order: "concluded from the order of parts",
  silent: "the station tells nothing",
  told: "told by the station",
  neighbours: "concluded from the neighbours",
  observedSinceStop: "operating time since the last stop that was seen",
  noStopSeen: "no stop seen: taken as just after one",
  partsOnLine: "from the parts on the line",
  lastProduct: "product released last",
  noReading: "no reading",
};

function shownInitialState(estimate: LineEstimate): RunResult["initialState"] {
  return estimate.notes.map(({ evidence, station, what, count, reason }) => ({ item: station === undefined ? what : `${station} ${what}`, value: String(count), basis: evidence, why: noteText[reason] }));
}

const unitOfKind: Readonly<Record<Parameter["target"]["kind"], string>> = { cycle: "s", stopBetween: "min", stopDuration: "min", setUp: "s", reject: "%", scrap: "%" };

/** Parameters for screens: means with their 95 % intervals, n, pooling and fit; what the branch edits says so (P8). */
export function shownParameters(parameters: readonly Parameter[], base: LineOfShells, edited: LineOfShells): readonly FittedParameter[] {
  const onBranch = transferEdits(base.lineModel, edited.lineModel, base.lineModel);
  return parameters.map((parameter) => {
    const { target, mean, low, high, n, pooled, nominal, fit, value } = parameter;
    const unit = unitOfKind[target.kind];
    const scale = unit === "min" ? 1 / 60 : unit === "%" ? 100 : 1;
    const isEdited = JSON.stringify(valueIn(base.lineModel, parameter)) !== JSON.stringify(valueIn(onBranch, parameter));
    return {
      station: target.station,
      name: targetId(target).slice(target.station.length + 1),
      unit,
      distribution: typeof value === "number" ? "probability" : value.kind,
      mean: mean * scale,
      low: low * scale,
      high: high * scale,
      n,
      pooled,
      source: isEdited ? "edited" : n === 0 ? "nominal" : "fitted",
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
  }
}

/** P4: factors outside what the plant has ever shown are an extrapolation that no backtest covers. */
function warningsOf(base: LineOfShells, edited: LineOfShells): readonly string[] {
  return edited.factors.flatMap((factor) => {
    const before = base.factors.find(({ elementId }) => elementId === factor.elementId);
    if (!before || before.asIs === factor.asIs) return [];
    const range = before.observedRange;
    const outside = range === undefined || factor.asIs < range[0] || factor.asIs > range[1];
    return outside ? [`${factor.label.en}: ${factor.asIs} ${factor.unit} was never observed here; the backtest does not validate it`] : [];
  });
}

