import { join } from "node:path";
import type { FileLayer } from "./file-layer.ts";
import { framesOf, unpackedLines } from "./log-frames.ts";
import type { LogIndex } from "./log-index.ts";

/** An entry of a log as the bytes of its line, not parsed: a large import is read many times as fast. */
export interface LogLine {
  readonly revision: number;
  readonly line: Uint8Array;
}

/** What stands last in a line is looked for in so many bytes. */
const TAIL_BYTES = 300;

/** The lines after a revision, read up to what is known to be on disk. Errors: DW_DAMAGED (file and offset). */
export function* readLines(layer: FileLayer, directory: string, index: LogIndex, after: number): Generator<LogLine> {
  for (const { name, start, end } of Array.from(index.stretchesAfter(after))) {
    const path = join(directory, name);
    const file = layer.open(path, "read");
    try {
      for (const { payload, at, header } of framesOf(file, path, start, end)) {
        const { count, firstRevision } = header;
        if (firstRevision + count - 1 <= after) continue;
        let revision = firstRevision;
        for (const line of unpackedLines(payload, header, path, at)) {
          if (revision > after) yield { revision, line };
          revision++;
        }
      }
    } finally {
      file.close();
    }
  }
}

export function textOfLine(line: Uint8Array): string {
  return decoder.decode(line);
}

const decoder = new TextDecoder();

/** Hash of the entry of a line, which stands last in it. */
export function hashOfLine(line: Uint8Array): string | undefined {
  const last = /,"hash":"([^"\\]*)"\}$/.exec(tailOf(line));
  return last === null ? (JSON.parse(textOfLine(line)) as { readonly hash?: string }).hash : last[1];
}

/** What a line was sealed as: its bytes up to there and a closing brace; and what stands in it as its revision. */
export interface SealedLine {
  readonly bytes: Uint8Array;
  readonly revision: number;
  readonly hash: string;
}

/** Of a line that a server wrote as it sealed it; undefined for one that must be parsed. Whatever a text holds, its quotes are escaped. */
export function sealedLine(line: Uint8Array): SealedLine | undefined {
  const end = /,"revision":(\d{1,15}),"time":\d{1,17},"v":1(,"hash":"([0-9a-f]{64})"\})$/.exec(tailOf(line));
  if (end === null) return undefined;
  return { bytes: line.subarray(0, line.length - end[2]!.length), revision: Number(end[1]), hash: end[3]! };
}

/** Each byte as a character: what is looked for is ASCII. */
function tailOf(line: Uint8Array): string {
  const tail = line.subarray(-TAIL_BYTES);
  return Buffer.from(tail.buffer, tail.byteOffset, tail.length).toString("latin1");
}
