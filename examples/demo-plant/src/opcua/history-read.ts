import { HistoryReadResult, ReadRawModifiedDetails, StatusCodes, type HistoryReadDetails } from "node-opcua";
import { PlantArchive } from "../archive/plant-archive.ts";
import type { PlantSignal } from "../signals/signal.ts";
import { ColumnHistoryData } from "./history-data.ts";

/** Most values one node answers with in one response; also what the server announces as MaxReturnDataValues. */
export const mostValuesPerNode = 20_000;
/** Most values of one response over all its nodes; later nodes get a share of this size and a continuation point. */
const mostValuesPerResponse = 400_000;
const leastValuesPerNode = 500;

/** How many values each HistoryRead request has been given so far: all its nodes share one details object. */
const served = new WeakMap<HistoryReadDetails, number>();

/**
 * OPC UA Part 11, 6.5.3.2 read raw. A continuation point is the time to go on from, so the server keeps nothing for it and it
 * survives a thinned archive.
 */
export function readRaw(
  archive: PlantArchive,
  signal: PlantSignal,
  sourceOffset: number,
  details: HistoryReadDetails,
  continuationPoint: Buffer | null | undefined,
): HistoryReadResult {
  if (!(details instanceof ReadRawModifiedDetails) || details.isReadModified) {
    return new HistoryReadResult({ statusCode: StatusCodes.BadHistoryOperationUnsupported });
  }
  const range = rangeOf(details, sourceOffset);
  if (!range) return new HistoryReadResult({ statusCode: StatusCodes.BadInvalidArgument });
  const resumed = continuationPoint && continuationPoint.length > 0 ? continuationPoint : undefined;
  if (resumed && resumed.length !== 8) return new HistoryReadResult({ statusCode: StatusCodes.BadContinuationPointInvalid });

  const rows = rowsOf(archive, signal.index, range, details.returnBounds);
  const first = resumed ? resumeRow(archive, signal.index, range.step, resumed.readDoubleLE(0)) : rows.first;
  const available = Math.max(0, range.step === 1 ? rows.last - first + 1 : first - rows.last + 1);
  const count = Math.min(available, allowance(details, range.most));
  served.set(details, (served.get(details) ?? 0) + count);
  const finished = count === available || (range.openEnded && count >= range.most);
  return new HistoryReadResult({
    statusCode: available === 0 ? StatusCodes.GoodNoData : StatusCodes.Good,
    continuationPoint: finished ? undefined : continuationAt(archive.timeAt(signal.index, first + range.step * count)),
    historyData: new ColumnHistoryData(archive, {
      signal: signal.index,
      type: signal.type,
      first,
      count,
      step: range.step,
      sourceOffset,
      source: true,
      server: true,
    }),
  });
}

interface ReadRange {
  readonly low: number;
  readonly high: number;
  readonly step: 1 | -1;
  /** Values a node may be given in this response. */
  readonly most: number;
  /** One end and a number of values: done when that number is there. */
  readonly openEnded: boolean;
}

function rangeOf(details: ReadRawModifiedDetails, sourceOffset: number): ReadRange | undefined {
  const start = instantOf(details.startTime, sourceOffset);
  const end = instantOf(details.endTime, sourceOffset);
  const wanted = details.numValuesPerNode;
  const most = wanted > 0 ? wanted : Number.POSITIVE_INFINITY;
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined) return wanted > 0 ? { low: -Infinity, high: end!, step: -1, most, openEnded: true } : undefined;
  if (end === undefined) return wanted > 0 ? { low: start, high: Infinity, step: 1, most, openEnded: true } : undefined;
  return start <= end
    ? { low: start, high: end, step: 1, most, openEnded: false }
    : { low: end, high: start, step: -1, most, openEnded: false };
}

/** Undefined for DateTime.MinValue, which means "not given". */
function instantOf(date: Date | null | undefined, sourceOffset: number): number | undefined {
  if (!date) return undefined;
  const milliseconds = date.getTime();
  return milliseconds <= -11_644_473_600_000 ? undefined : milliseconds * 1000 - sourceOffset;
}

/** Rows of the range in reading order; `last` lies before `first` when there is nothing. Bounds are the neighbours just outside. */
function rowsOf(
  archive: PlantArchive,
  signal: number,
  range: ReadRange,
  bounds: boolean,
): { readonly first: number; readonly last: number } {
  const count = archive.count(signal);
  let low = Number.isFinite(range.low) ? archive.rowAt(signal, range.low) : 0;
  let high = Number.isFinite(range.high) ? archive.rowAt(signal, range.high + 1) - 1 : count - 1;
  if (bounds && low > 0 && !(low < count && archive.timeAt(signal, low) === range.low)) low--;
  if (bounds && high < count - 1 && !(high >= 0 && archive.timeAt(signal, high) === range.high)) high++;
  return range.step === 1 ? { first: low, last: high } : { first: high, last: low };
}

function resumeRow(archive: PlantArchive, signal: number, step: 1 | -1, time: number): number {
  return step === 1 ? archive.rowAt(signal, time) : archive.rowAt(signal, time + 1) - 1;
}

function allowance(details: HistoryReadDetails, most: number): number {
  const left = Math.max(leastValuesPerNode, mostValuesPerResponse - (served.get(details) ?? 0));
  return Math.min(most, mostValuesPerNode, left);
}

function continuationAt(time: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(time, 0);
  return bytes;
}
