import { join } from "node:path";
import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FileLayer } from "../files/file-layer.ts";
import { namesIn } from "../files/log-checkpoint.ts";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { readWhole } from "../files/scan-log.ts";
import { PREFACE_HEADER_BYTES, readPreface } from "./preface.ts";
import { MAGIC_BYTES, SegmentFile, spanOf, TRAILER_BYTES } from "./segment-file.ts";
import { isLogMagic, logName, logNumberOf, readLog, type LogContent } from "./write-ahead-log.ts";

export interface HistoryProblem {
  readonly file: string;
  readonly message: string;
  /** Nothing acknowledged is lost by it: a write that was cut short, a damaged file that was set aside and reported before. */
  readonly isHarmless: boolean;
}

export interface VerifiedHistory {
  readonly segments: number;
  readonly logs: number;
  readonly samples: number;
  readonly problems: readonly HistoryProblem[];
}

/** Reads every byte of a history folder and changes nothing: index, blocks, names and gaps of each segment, and each frame of the write-ahead logs. */
export function verifyHistory(directory: string, layer: FileLayer = nodeFileLayer): VerifiedHistory {
  const problems: HistoryProblem[] = [];
  let [segments, samples] = [0, 0];
  const series = new Set<number>();
  const add = (file: string, message: string, isHarmless = false): void => void problems.push({ file, message, isHarmless });
  const names = namesIn(layer, directory);
  for (const name of names)
    try {
      if (spanOf(name) !== undefined) {
        segments++;
        samples += checkSegment(layer, directory, name, series);
      } else if (/\.damaged\d*$/.test(name)) add(name, "a damaged file that was set aside and reported before", true);
      else if (name.endsWith(".json")) JSON.parse(new TextDecoder().decode(readWhole(layer, join(directory, name))));
    } catch (error) {
      add(name, textOfError(error));
    }
  const contents = names
    .flatMap((name) => logNumberOf(name) ?? [])
    .toSorted((a, b) => a - b)
    .flatMap((number) => {
      try {
        const misnamed = logHeadProblem(readWhole(layer, join(directory, logName(number))));
        if (misnamed !== undefined) add(logName(number), misnamed);
        return [{ name: logName(number), ...readLog(layer, directory, number) }];
      } catch (error) {
        add(logName(number), textOfError(error));
        return [];
      }
    });
  // A name may stand in a later log than the samples: what was saved of a damaged one is written again.
  for (const { arrivals } of contents) for (const arrival of arrivals) for (const { number } of arrival.names) series.add(number);
  contents.forEach((log, at) => {
    const { name, arrivals, damage } = log;
    if (damage !== undefined) add(name, damage);
    const tail = tailProblem(log, at === contents.length - 1);
    if (tail !== undefined) add(name, tail.message, tail.isHarmless);
    const nameless = arrivals.reduce((sum, arrival) => sum + arrival.series.filter((each) => !series.has(each)).length, 0);
    if (nameless > 0) add(name, `${nameless} samples of a series whose name is lost`);
    samples += arrivals.reduce((sum, { count }) => sum + count, 0);
  });
  return { segments, logs: contents.length, samples, problems };
}

/** Only the newest log may end in a write that was cut short. */
function tailProblem({ tail }: LogContent, isNewest: boolean): { readonly message: string; readonly isHarmless: boolean } | undefined {
  if (tail === undefined) return undefined;
  const isHarmless = tail.isShort && isNewest;
  const what = isHarmless ? "a write that was cut short" : "no whole frame: damage, or a power loss while they were written";
  return { message: `${tail.bytes} bytes at its end, from byte ${tail.offset}, are ${what}`, isHarmless };
}

/** Number of its rows. Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
function checkSegment(layer: FileLayer, directory: string, name: string, series: Set<number>): number {
  const segment = new SegmentFile(layer, directory, name);
  try {
    for (const each of segment.names) series.add(each.number);
    const bytes = readWhole(layer, join(directory, name));
    const places = Array.from({ length: segment.index.count }, (_, entry) => {
      segment.block(entry);
      return segment.index.place(entry);
    }).toSorted((a, b) => a.offset - b.offset);
    const [head, foot] = [bytes.subarray(0, MAGIC_BYTES.length), bytes.subarray(-MAGIC_BYTES.length)];
    if (!head.every((byte, i) => byte === foot[i]))
      throw new DoppelwerkError("DW_DAMAGED", messageOf("storage.beginningEndNameDifferentFormats", { name }));
    const entriesAt = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - TRAILER_BYTES).getFloat64(0, true);
    let end = MAGIC_BYTES.length + prefaceBytes(bytes, places[0]?.offset ?? entriesAt, name);
    for (const { offset, length } of [...places, { offset: entriesAt, length: 0 }]) {
      if (bytes.subarray(end, offset).some((byte) => byte !== 0))
        throw new DoppelwerkError("DW_DAMAGED", messageOf("storage.bytesShouldEmpty", { end, offset, name }));
      end = Math.max(end, offset + length);
    }
    return segment.rows;
  } finally {
    segment.close();
  }
}

/** What a log says of its format is what its first frame says. */
function logHeadProblem(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder().decode(bytes.subarray(0, MAGIC_BYTES.length));
  const version = /^DWHWAL(\d)\n$/.exec(head)?.[1];
  if (bytes.length < MAGIC_BYTES.length) return undefined;
  if (version === undefined) return "it does not begin as a history log";
  // one with frames is refused as newer where it is read
  if (bytes.length === MAGIC_BYTES.length && !isLogMagic(head)) return `it says it is of format ${version}, which is not known here`;
  const ofFrame = new TextDecoder().decode(bytes.subarray(MAGIC_BYTES.length, MAGIC_BYTES.length + 4));
  return /^WDH\d$/.test(ofFrame) && ofFrame[3] !== version
    ? `it says it is of format ${version}, its frames are of format ${ofFrame[3]}`
    : undefined;
}

/** Segments of the first releases have no preface: their blocks begin at once. */
function prefaceBytes(bytes: Uint8Array, firstBlock: number, name: string): number {
  const at = MAGIC_BYTES.length;
  if (firstBlock < at + PREFACE_HEADER_BYTES) return 0;
  const preface = readPreface((offset, length) => bytes.subarray(offset, offset + length), at);
  if (preface === undefined) throw new DoppelwerkError("DW_DAMAGED", messageOf("storage.beginningDoesNotMatchChecksum", { name }));
  return PREFACE_HEADER_BYTES + new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(8, true);
}

function textOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
