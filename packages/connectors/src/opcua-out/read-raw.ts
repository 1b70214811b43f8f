import { DataValue, HistoryData, HistoryReadResult, isMinDate, StatusCodes, type ReadRawModifiedDetails } from "node-opcua";
import type { Instant } from "@doppelwerk/world";
import type { OutHistory, OutValue } from "./message.ts";

/** Values of one answer. */
const PAGE = 10_000;
const MILLISECOND: Instant = 1_000;

/** Where a read goes on. The client keeps it: any number may be open, and a restart loses none. */
interface Place {
  readonly at: Instant;
  /** How many are still wanted, where only one end of the time was given. */
  readonly left?: number;
}

/**
 * HistoryRead (raw) of one variable (Part 11, 6.5.3): back in time where the end comes first or no start is given, the start being part of it and the
 * end not; page by page. Instants of clients are whole milliseconds, and mean all of theirs.
 */
export async function readRaw(
  { startTime, endTime, numValuesPerNode }: Pick<ReadRawModifiedDetails, "startTime" | "endTime" | "numValuesPerNode">,
  continuationPoint: Buffer | null | undefined,
  ask: (wanted: Omit<OutHistory, "id">) => Promise<readonly OutValue[]>,
  shown: (value: OutValue) => DataValue,
): Promise<HistoryReadResult> {
  const [start, end] = [startTime, endTime].map((time) => (isMinDate(time) ? undefined : time!.getTime() * MILLISECOND));
  const isOpen = start === undefined || end === undefined;
  if (isOpen && ((start === undefined && end === undefined) || numValuesPerNode === 0))
    return new HistoryReadResult({ statusCode: StatusCodes.BadHistoryOperationInvalid });
  const place = continuationPoint?.length ? placeOf(continuationPoint) : undefined;
  if (place === "no place") return new HistoryReadResult({ statusCode: StatusCodes.BadContinuationPointInvalid });

  const isBackward = start === undefined || (end !== undefined && end < start);
  const left = isOpen ? (place?.left ?? numValuesPerNode) : undefined;
  const limit = Math.min(PAGE, numValuesPerNode || PAGE, left ?? PAGE);
  const wanted = isBackward
    ? { from: start === undefined ? 0 : end! + 1, to: place?.at ?? (start ?? end!) + MILLISECOND }
    : { from: place?.at ?? start, to: end === undefined ? Date.now() * MILLISECOND + MILLISECOND : Math.max(end, start + MILLISECOND) };
  const found = await ask({ ...wanted, limit: limit + 1, newest: isBackward });
  let page = found;
  let next: Instant | undefined;
  if (found.length > limit) {
    // what has the time of the last one comes whole with the next page
    const edge = found.at(isBackward ? 0 : -1)!.sourceTime;
    page = found.filter(({ sourceTime }) => sourceTime !== edge);
    next = isBackward ? edge + 1 : edge;
    if (page.length === 0) [page, next] = [found, isBackward ? edge : edge + 1];
  }
  const rest = left === undefined ? undefined : left - page.length;
  const goesOn = next !== undefined && (rest === undefined || rest > 0);
  const values = page.map(shown);
  return new HistoryReadResult({
    statusCode: values.length === 0 ? StatusCodes.GoodNoData : StatusCodes.Good,
    historyData: new HistoryData({ dataValues: isBackward ? values.reverse() : values }),
    ...(goesOn && { continuationPoint: Buffer.from(JSON.stringify({ at: next, ...(rest !== undefined && { left: rest }) })) }),
  });
}

function placeOf(continuationPoint: Buffer): Place | "no place" {
  try {
    const { at, left } = JSON.parse(continuationPoint.toString()) as Place;
    if (Number.isFinite(at) && (left === undefined || Number.isSafeInteger(left))) return { at, ...(left !== undefined && { left }) };
  } catch {
    // not one of ours
  }
  return "no place";
}
