import { join } from "node:path";
import type { Instant } from "@doppelwerk/world";
import { namesIn } from "../files/log-checkpoint.ts";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import type { Arrival } from "../segments/arrival.ts";
import { sliceColumns } from "../segments/columns.ts";
import { SegmentBuilder, SegmentFile, spanOf } from "../segments/segment-file.ts";
import { logNumberOf, readLog, WriteAheadLog } from "../segments/write-ahead-log.ts";

/** Leaves the samples of a history up to an instant. Names of the segments that are others now, or are gone. Errors: DW_DAMAGED. */
export function cutHistory(directory: string, until: Instant): readonly string[] {
  const names = namesIn(nodeFileLayer, directory);
  const changed: string[] = [];
  for (const name of names) if (spanOf(name) !== undefined && cutSegment(directory, name, until)) changed.push(name);
  for (const number of names.flatMap((name) => logNumberOf(name) ?? [])) cutLog(directory, number, until);
  return changed;
}

/** Whether it had later samples. */
function cutSegment(directory: string, name: string, until: Instant): boolean {
  const segment = new SegmentFile(nodeFileLayer, directory, name);
  const { index, names, span } = segment;
  try {
    const series = names.map(({ number }) => number).toSorted((a, b) => a - b);
    const entries = series.flatMap((number) => {
      const { start, end } = index.range(number);
      return Array.from({ length: end - start }, (_, at) => ({ number, entry: start + at }));
    });
    if (entries.every(({ entry }) => index.last(entry) <= until)) return false;
    const kept = entries.filter(({ entry }) => index.first(entry) <= until);
    if (kept.length === 0) {
      nodeFileLayer.remove(join(directory, name));
      return true;
    }
    const builder = new SegmentBuilder(nodeFileLayer, directory, span, names);
    try {
      for (const { number, entry } of kept) {
        if (index.last(entry) <= until) {
          const { rawLength, compressed, format } = index.place(entry);
          builder.addEncoded(segment.encoded(entry), { series: number, rawLength, compressed, format, summary: index.summary(entry) });
        } else {
          const columns = segment.block(entry);
          const later = columns.times.findIndex((time, row) => row < columns.count && time > until);
          builder.add(number, sliceColumns(columns, 0, later < 0 ? columns.count : later));
        }
      }
      builder.finish();
    } catch (error) {
      builder.abandon();
      throw error;
    }
    return true;
  } finally {
    segment.close();
  }
}

function cutLog(directory: string, number: number, until: Instant): void {
  const { arrivals } = readLog(nodeFileLayer, directory, number);
  if (arrivals.every(({ times, count }) => times.subarray(0, count).every((time) => time <= until))) return;
  // a log of the same number takes its place
  const log = WriteAheadLog.create(nodeFileLayer, directory, number);
  log.append(arrivals.map((arrival) => cutArrival(arrival, until)));
  log.close();
}

/** The names stay: later arrivals need them. */
function cutArrival(arrival: Arrival, until: Instant): Arrival {
  const rows = Array.from({ length: arrival.count }, (_, row) => row).filter((row) => arrival.times[row]! <= until);
  const picked = <Column extends Uint32Array | Float64Array | Uint8Array>(column: Column, into: Column): Column => {
    rows.forEach((row, at) => (into[at] = column[row]!));
    return into;
  };
  return {
    names: arrival.names,
    count: rows.length,
    series: picked(arrival.series, new Uint32Array(rows.length)),
    times: picked(arrival.times, new Float64Array(rows.length)),
    serverTimes: picked(arrival.serverTimes, new Float64Array(rows.length)),
    values: picked(arrival.values, new Float64Array(rows.length)),
    qualities: picked(arrival.qualities, new Uint8Array(rows.length)),
    texts: new Map(
      rows.flatMap((row, at) => {
        const text = arrival.texts.get(row);
        return text === undefined ? [] : [[at, text] as const];
      }),
    ),
  };
}
