import { DoppelwerkError } from "@doppelwerk/world";
import type { FileLayer } from "../files/file-layer.ts";
import type { Arrival } from "./arrival.ts";
import { SegmentFile, spanOf } from "./segment-file.ts";
import { logNumberOf, readLog } from "./write-ahead-log.ts";

export interface HistoryFolder {
  /** In order of arrival. */
  readonly segments: readonly SegmentFile[];
  /** What no segment holds yet, in order of arrival. */
  readonly arrivals: readonly Arrival[];
  /** Files that something newer replaced, or that never became whole. */
  readonly obsolete: readonly string[];
  readonly nextLog: number;
}

/** Reads names, indexes and logs; changes nothing. */
export function readFolder(layer: FileLayer, directory: string): HistoryFolder {
  const names = list(layer, directory);
  const spans = names.flatMap((name) => {
    const span = spanOf(name);
    return span === undefined ? [] : [{ name, ...span }];
  });
  const replaced = new Set(
    spans
      .filter((a) => spans.some((b) => a !== b && b.from <= a.from && a.to <= b.to && b.to - b.from > a.to - a.from))
      .map(({ name }) => name),
  );
  const segments: SegmentFile[] = [];
  try {
    for (const { name } of spans.filter(({ name }) => !replaced.has(name)).toSorted((a, b) => a.from - b.from))
      segments.push(new SegmentFile(layer, directory, name));
    const flushed = segments.reduce((most, segment) => Math.max(most, segment.span.to), 0);
    const logs = names.flatMap((name) => logNumberOf(name) ?? []).toSorted((a, b) => a - b);
    const arrivals = logs.filter((number) => number > flushed).flatMap((number) => readLog(layer, directory, number));
    const stale = names.filter((name) => name.endsWith(".seg.new") || (logNumberOf(name) ?? Infinity) <= flushed);
    return { segments, arrivals, obsolete: [...replaced, ...stale], nextLog: Math.max(flushed, ...logs) + 1 };
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }
}

function list(layer: FileLayer, directory: string): readonly string[] {
  try {
    return layer.list(directory);
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", `the history folder cannot be read: ${(error as Error).message}: ${directory}`);
  }
}
