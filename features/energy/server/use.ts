import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { lineFlow, livePlaces, orderExecutions, stationStates, type KnownLine, type LineExecutions } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { energy } from "../feature.ts";
import type {} from "../message-codes.ts";
import { addedCuts, cutAmounts, type CutAmounts } from "../model/attribution.ts";
import { readSpan } from "../model/counted-energy.ts";
import type { Medium } from "../model/energy-units.ts";
import { meterSeries, readingIntervalS, type MeterSeries } from "../model/meter-series.ts";
import { quarters, timelineOf, type LabelledSpan, type Timeline } from "../model/timeline.ts";
import { Labels, orderSpans, productSpans, stateSpans } from "./line-timelines.ts";
import { meteredShells, type MeteredShell } from "./metered-places.ts";
import { readingsOf } from "./meter-readings.ts";

type Ctx = FeatureContext<typeof energy>;

export interface UseQuestion {
  readonly branch: BranchId;
  readonly from: Instant;
  readonly to: Instant;
  /** Id of a line; absent: the whole plant. */
  readonly line?: string | undefined;
  readonly medium: Medium;
}

/** Columns of the timeline of a place. */
export const COLUMN = { quarter: 0, state: 1, product: 2, order: 3 } as const;

/** A place with what its meters counted, cut by quarter hours, and of a station by states, products and orders too. */
export interface PlaceUse extends MeteredShell {
  readonly timeline: Timeline;
  /** Absent: it has no meter. */
  readonly cuts?: CutAmounts;
  /** Of its slowest meter. */
  readonly readingS?: number;
  /** The meters of which readings are simulated. */
  readonly isSimulated: boolean;
  /** What each meter counted; NaN: not known. */
  readonly counted: readonly number[];
  /** False: its products are not known, its orders are those of the line. */
  readonly hasProducts: boolean;
}

export interface Use {
  readonly from: Instant;
  readonly to: Instant;
  readonly quarters: readonly LabelledSpan[];
  readonly places: readonly PlaceUse[];
  readonly states: readonly string[];
  readonly products: readonly string[];
  /** Of each line, by its id; lines that do not count are left out. */
  readonly executions: ReadonlyMap<string, LineExecutions>;
  readonly lines: readonly KnownLine[];
  readonly offset: (instant: Instant) => number;
  readonly timeZone: string;
}

/** Until when a branch has what was measured: the instant of its fork, or of the fork of a branch above it. */
export function measuredUntil(view: PlantView, branch: BranchId): Instant {
  let until = Number.POSITIVE_INFINITY;
  for (let id: BranchId | undefined = branch; id !== undefined && id !== LIVE;) {
    const each = view.documents.branch(id);
    until = Math.min(until, each.instant);
    id = each.parent;
  }
  return until;
}

/** What the meters of a medium counted in a span. Throws DW_NOT_FOUND where there is no such line, DW_INVALID where nothing of the span was measured yet. */
export async function useOf(ctx: Ctx, view: PlantView, question: UseQuestion): Promise<Use> {
  const { branch, medium, line } = question;
  const { lines: all } = await ctx.use(lineFlow).lines(branch);
  if (line !== undefined && !all.some(({ id }) => id === line))
    throw new DoppelwerkError("DW_NOT_FOUND", message("energy.noLine", { line: line.slice(0, 200) }));
  const to = Math.min(question.to, measuredUntil(view, branch));
  if (to <= question.from) throw new DoppelwerkError("DW_INVALID", message("energy.fault.afterFork"));
  const lines = line === undefined ? all : all.filter(({ id }) => id === line);
  const shells = meteredShells(view, { branch, medium, lines: all, line, places: ctx.find(livePlaces) });
  const read = await readAll(view, shells, { from: question.from, to });
  const span = { from: read.from, to: read.to };
  const executions = new Map<string, LineExecutions>();
  for (const { id } of lines) {
    const found = await ctx.find(orderExecutions)?.within(view.principal, branch, { ...span, line: id });
    if (found !== undefined) executions.set(id, found);
  }
  const own = quarters(span.from, span.to);
  const labels = { states: new Labels(), products: new Labels() };
  const places: PlaceUse[] = [];
  for (const place of shells)
    places.push(await placeUse(ctx, view, place, { span, quarters: own, labels, executions, series: read.series.get(place.shell) ?? [] }));
  const timeZone = lines[0]?.timeZone ?? "UTC";
  return {
    ...span,
    quarters: own,
    places,
    states: labels.states.words,
    products: labels.products.words,
    executions,
    lines,
    offset: zoneOffsetOf(timeZone),
    timeZone,
  };
}

/** Readings of all meters as columns, and the part of the span that all of them that have readings near its ends were read in. */
async function readAll(view: PlantView, shells: readonly MeteredShell[], { from, to }: { readonly from: Instant; readonly to: Instant }) {
  const series = new Map<string, MeterSeries[]>();
  let [begin, end] = [from, to];
  for (const { shell, meters } of shells)
    for (const meter of meters) {
      const samples = await readingsOf(view, meter, from, to);
      const { signal, factor, exchanges } = meter;
      series.set(shell, [...(series.get(shell) ?? []), meterSeries(samples, { counter: signal.counter, factor, exchanges })]);
      const own = readSpan(samples, from, to);
      // one that nobody read near an end does not shorten what the others know
      if (own.from < own.to && own.from - from <= MAX_CUT && to - own.to <= MAX_CUT)
        [begin, end] = [Math.max(begin, own.from), Math.min(end, own.to)];
    }
  return begin < end ? { series, from: begin, to: end } : { series, from, to };
}

const MAX_CUT: Instant = 3_600_000_000;

interface Cutting {
  readonly span: { readonly from: Instant; readonly to: Instant };
  readonly quarters: readonly LabelledSpan[];
  readonly labels: { readonly states: Labels; readonly products: Labels };
  readonly executions: ReadonlyMap<string, LineExecutions>;
  readonly series: readonly MeterSeries[];
}

async function placeUse(ctx: Ctx, view: PlantView, place: MeteredShell, cutting: Cutting): Promise<PlaceUse> {
  const { span, labels, executions, series } = cutting;
  const lists: (readonly LabelledSpan[])[] = [cutting.quarters, [], [], []];
  const made = place.line === undefined ? undefined : executions.get(place.line);
  let products: readonly LabelledSpan[] | undefined;
  if (place.kind === "station" && series.length > 0) {
    const folded = await ctx.use(lineFlow).folded();
    const definition = folded.flatMap((each) => each.definition.stations).find(({ id }) => id === place.id);
    lists[COLUMN.state] = await stateSpans(view, ctx.find(stationStates), place.id, span, labels.states);
    products = await productSpans(view, definition, span, labels.products);
    lists[COLUMN.product] = products ?? [];
  }
  if (made !== undefined && place.kind !== "place") lists[COLUMN.order] = orderSpans(made, products, labels.products.words);
  const timeline = timelineOf(span.from, span.to, lists);
  const each = series.map((own) => cutAmounts(own, timeline.bounds));
  const readingS = Math.max(0, ...series.map((own) => readingIntervalS(own) ?? 0));
  return {
    ...place,
    timeline,
    ...(each.length > 0 && { cuts: addedCuts(each) }),
    ...(readingS > 0 && { readingS }),
    isSimulated: place.meters.some(({ signal }) => ["simulated", "replayed"].includes(view.originOf(signal))),
    counted: each.map(({ amounts, untimed, unknownUs }) => (unknownUs > 0 ? Number.NaN : total(amounts) + untimed)),
    hasProducts: products !== undefined,
  };
}

export function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
