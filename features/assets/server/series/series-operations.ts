import type { Operation, Range, SubmodelElement } from "@doppelwerk/aas";
import { message } from "@doppelwerk/kit";
import {
  DoppelwerkError,
  LIVE,
  recordOfAasId,
  SECOND,
  submodelOf,
  type BranchId,
  type History,
  type Instant,
  type SignalRecord,
  type WorldView,
} from "@doppelwerk/world";
import type { Aggregate } from "@doppelwerk/storage/samples-file";
import { instant } from "@doppelwerk/kit";
import { deriveRecords, extentOf, readRecords } from "./read-series.ts";
import { internalSegment, recordsOf, segmentOf, signalsOfSubmodel, timeSeriesIds, type SeriesColumn } from "./time-series-submodel.ts";

const AGGREGATES: readonly Aggregate[] = ["mean", "last", "min", "max"];

type Variables = readonly SubmodelElement[];
type SeriesRunner = (call: {
  readonly inputs: Variables;
  readonly inoutputs: Variables;
}) => Promise<{ readonly outputs: Variables; readonly inoutputs: Variables }>;
/** Finds what stands behind an operation of a submodel; undefined = nothing does. */
export type SeriesBinding = (submodelId: string, operation: Operation) => SeriesRunner | undefined;

/** What a call of one of the three operations of the template is about. */
interface Call {
  readonly inputs: readonly SubmodelElement[];
  readonly columns: readonly SeriesColumn[];
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * What stands behind ReadSegments, ReadRecords and DeriveSegment (IDTA 02008-1-1) of a submodel whose record names signals: the historian.
 * On a branch the past ends where the branch begins. Errors become the outcome of the call: DW_INVALID with the argument and what is wrong.
 */
export function seriesOperations(history: History, view: WorldView, branch: BranchId, endpoint: string): SeriesBinding {
  const readers: Readonly<Record<string, (call: Call) => Promise<SubmodelElement>>> = {
    [timeSeriesIds.readRecords]: async ({ columns, from, to }) => recordsOf(columns, await readRecords(history, columns, from, to)),
    [timeSeriesIds.readSegments]: async ({ columns, from, to }) => segmentOf(columns, await extentOf(history, columns, from, to), endpoint),
    [timeSeriesIds.deriveSegment]: async ({ inputs, columns, from, to }) => {
      const intervalS = intervalOf(inputs);
      const derived = await deriveRecords(history, columns, from, to, Math.round(intervalS * SECOND), aggregateOf(inputs));
      return {
        modelType: "SubmodelElementCollection",
        value: [internalSegment(derived.columns, derived.records, intervalS)],
      };
    },
  };
  return (submodelId, operation) => {
    const read = readers[operation.semanticId?.keys.at(-1)?.value ?? ""];
    if (read === undefined) return undefined;
    const reader = view.reader(branch);
    const record = recordOfAasId(reader, "submodel", submodelId);
    const named = signalsOfSubmodel(record === undefined ? undefined : submodelOf(reader, record.id));
    const columns = [...named].flatMap(([id, idShort]): SeriesColumn[] => {
      const signal = reader.get(id) as SignalRecord | undefined;
      return signal?.kind === "signal" ? [{ idShort, signal }] : [];
    });
    if (columns.length === 0) return undefined;
    return async ({ inputs, inoutputs }) => {
      const { from, to } = timespanOf(inputs);
      const known = branch === LIVE ? to : Math.min(to, view.branch(branch).instant + 1);
      const answer = await read({ inputs, columns, from, to: Math.max(from, known) });
      return { outputs: [{ ...answer, idShort: outputOf(operation) }], inoutputs };
    };
  };
}

function outputOf({ outputVariables }: Operation): string {
  return outputVariables?.[0]?.value.idShort ?? "Segment";
}

/** `Timespan` has both ends, each an instant with a time zone; the end is not part of it. */
function timespanOf(inputs: readonly SubmodelElement[]): { readonly from: Instant; readonly to: Instant } {
  const range = inputs.find(({ idShort }) => idShort === "Timespan") as Range | undefined;
  const [from, to] = (["min", "max"] as const).map((end) => {
    const text = range?.[end];
    const known = text === undefined || !/(Z|[+-]\d{2}:\d{2})$/.test(text) ? undefined : instant.safeParse(text).data;
    if (known === undefined) throw new DoppelwerkError("DW_INVALID", message("assets.timespanMustInstantTimeZone", { end }));
    return known;
  }) as [Instant, Instant];
  if (from >= to) throw new DoppelwerkError("DW_INVALID", message("assets.timespanMinMustLieBeforeTimespan"));
  return { from, to };
}

function textOf(inputs: readonly SubmodelElement[], name: string): string | undefined {
  const found = inputs.find(({ idShort }) => idShort === name);
  return found?.modelType === "Property" ? found.value : undefined;
}

function intervalOf(inputs: readonly SubmodelElement[]): number {
  const seconds = Number(textOf(inputs, "SamplingInterval") ?? Number.NaN);
  if (seconds >= 0.001 && seconds <= 366 * 86_400) return seconds;
  throw new DoppelwerkError("DW_INVALID", message("assets.samplingIntervalMustSeconds"));
}

function aggregateOf(inputs: readonly SubmodelElement[]): Aggregate {
  const text = (textOf(inputs, "AggregationMethod") ?? "mean").toLowerCase();
  const known = AGGREGATES.find((each) => each === text);
  if (known === undefined)
    throw new DoppelwerkError("DW_INVALID", message("assets.aggregationMethodMust", { aggregates: AGGREGATES.join(", ") }));
  return known;
}
