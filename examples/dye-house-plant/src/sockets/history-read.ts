import {
  DataValue,
  DataType,
  HistoryData,
  HistoryReadResult,
  ReadRawModifiedDetails,
  StatusCodes,
  Variant,
  type HistoryReadDetails,
} from "node-opcua";
import { rowAt, type Track } from "../archive.ts";

/** Most values one node answers with in one response. */
export const MAX_VALUES_PER_NODE = 5_000;

/** OPC UA Part 11, 6.5.3.2 read raw, forwards; a continuation point is the row to go on from. */
export function readRaw(track: Track, details: HistoryReadDetails, continuation: Buffer | null | undefined): HistoryReadResult {
  if (!(details instanceof ReadRawModifiedDetails) || details.isReadModified)
    return new HistoryReadResult({ statusCode: StatusCodes.BadHistoryOperationUnsupported });
  const from = microseconds(details.startTime) ?? -Infinity;
  const to = microseconds(details.endTime) ?? Infinity;
  const isBackwards = from > to || (from === -Infinity && details.numValuesPerNode > 0);
  const first = isBackwards ? rowAt(track.times, Math.min(from === -Infinity ? to : from, to)) : rowAt(track.times, from);
  const last = rowAt(track.times, (isBackwards ? Math.max(from === -Infinity ? to : from, to) : to) + 1);
  const asked = details.numValuesPerNode > 0 ? details.numValuesPerNode : Infinity;
  const begin = continuation && continuation.length === 4 ? continuation.readUInt32LE(0) : first;
  const count = Math.min(last - begin, MAX_VALUES_PER_NODE, asked);
  const rows = isBackwards ? newestFirst(last, count) : Array.from({ length: Math.max(0, count) }, (_, at) => begin + at);
  // with both ends given the number is that of one answer, and the rest follows
  const isOpenEnded = from === -Infinity || to === Infinity;
  const isWhole = isBackwards || begin + count >= last || (isOpenEnded && count >= asked);
  return new HistoryReadResult({
    statusCode: rows.length === 0 ? StatusCodes.GoodNoData : StatusCodes.Good,
    continuationPoint: isWhole ? undefined : pointAt(begin + count),
    historyData: new HistoryData({ dataValues: rows.map((row) => valueOf(track, row)) }),
  });
}

function newestFirst(last: number, count: number): readonly number[] {
  return Array.from({ length: Math.max(0, count) }, (_, at) => last - 1 - at);
}

function valueOf({ signal, times, values }: Track, row: number): DataValue {
  const time = new Date(times[row]! / 1_000);
  const value = new Variant({ dataType: DataType[signal.type], value: values[row] });
  return new DataValue({ value, sourceTimestamp: time, serverTimestamp: time, statusCode: StatusCodes.Good });
}

/** Undefined for DateTime.MinValue, which means "not given". */
function microseconds(date: Date | null | undefined): number | undefined {
  const milliseconds = date?.getTime();
  return milliseconds === undefined || milliseconds <= -11_644_473_600_000 ? undefined : milliseconds * 1_000;
}

function pointAt(row: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(row, 0);
  return bytes;
}
