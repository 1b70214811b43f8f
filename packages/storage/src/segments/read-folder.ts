import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type HistoryDamage } from "@doppelwerk/world";
import type { FileLayer } from "../files/file-layer.ts";
import { readDrops, type Drops } from "./drops.ts";
import { readReports } from "./salvage.ts";
import { SegmentFile, spanOf, type SegmentSpan } from "./segment-file.ts";
import { logName, logNumberOf, readLog, type LogContent } from "./write-ahead-log.ts";

export interface HistoryFolder {
  /** In order of arrival. */
  readonly segments: readonly SegmentFile[];
  /** Segments that are damaged, and why. */
  readonly broken: readonly { readonly name: string; readonly why: string }[];
  /** What no segment holds yet, in order of arrival. */
  readonly logs: readonly ({ readonly name: string } & LogContent)[];
  /** What earlier openings and reads set aside. */
  readonly damages: readonly HistoryDamage[];
  /** Files that something newer replaced, or that never became whole. */
  readonly obsolete: readonly string[];
  readonly drops: Drops;
  readonly nextLog: number;
}

/** Reads names, indexes and logs; changes nothing. Errors: DW_FORMAT_NEWER, DW_UNAVAILABLE. */
export function readFolder(layer: FileLayer, directory: string): HistoryFolder {
  const names = list(layer, directory);
  const spans = names.flatMap((name) => {
    const span = spanOf(name);
    return span === undefined ? [] : [{ name, span }];
  });
  const segments: SegmentFile[] = [];
  const broken: { readonly name: string; readonly span: SegmentSpan; readonly why: string }[] = [];
  const replaced: string[] = [];
  try {
    // the widest first: a whole one replaces all within its span, a damaged one none
    for (const { name, span } of spans.toSorted((a, b) => width(b.span) - width(a.span))) {
      if (segments.some((segment) => covers(segment.span, span))) {
        replaced.push(name);
        continue;
      }
      try {
        segments.push(new SegmentFile(layer, directory, name));
      } catch (error) {
        if (!(error instanceof DoppelwerkError) || error.code !== "DW_DAMAGED") throw error;
        broken.push({ name, span, why: error.message });
      }
    }
    const flushed = [...segments, ...broken].reduce((most, { span }) => Math.max(most, span.to), 0);
    const numbers = names.flatMap((name) => logNumberOf(name) ?? []).toSorted((a, b) => a - b);
    const logs = numbers
      .filter((number) => number > flushed)
      .map((number) => ({ name: logName(number), ...readLog(layer, directory, number) }))
      .map((log, at, all) => (at === all.length - 1 ? log : wholeOrDamaged(log)));
    const stale = names.filter((name) => /\.(seg|damaged\d*|json)\.new$/.test(name) || (logNumberOf(name) ?? Infinity) <= flushed);
    return {
      segments: segments.toSorted((a, b) => a.span.from - b.span.from),
      broken,
      logs,
      drops: readDrops(layer, directory),
      damages: readReports(layer, directory, names),
      obsolete: [...replaced, ...stale],
      nextLog: Math.max(flushed, ...numbers) + 1,
    };
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }
}

/** Only the newest log may end in a write that was cut short: of earlier ones that was cut off when the history was opened after it. */
function wholeOrDamaged<Log extends LogContent>(log: Log): Log {
  if (log.tail === undefined) return log;
  const why = `damaged from byte ${log.tail.offset} to its end`;
  return { ...log, damage: log.damage === undefined ? why : `${log.damage}; ${why}` };
}

function width({ from, to }: SegmentSpan): number {
  return to - from;
}

export function covers(outer: SegmentSpan, inner: SegmentSpan): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

function list(layer: FileLayer, directory: string): readonly string[] {
  try {
    return layer.list(directory);
  } catch (error) {
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("storage.historyFolderCannotRead", { reason: (error as Error).message, directory }),
    );
  }
}
