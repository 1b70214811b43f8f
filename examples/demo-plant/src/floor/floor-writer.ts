import { appendFileSync, closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readSync, fstatSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { FloorHeader, FloorRecord } from "./floor-record.ts";

/** Who tells, for the order of what happens in one millisecond. */
export type FloorSource = "Line3" | "Line4" | "warehouse" | "energy";
const sources: readonly FloorSource[] = ["Line3", "Line4", "warehouse", "energy"];

export interface FloorSink {
  write(source: FloorSource, record: FloorRecord): void;
}

const TAIL = 1 << 20;

/**
 * Writes `floor.ndjson`. The plant makes its past anew at every start; what the file tells already is not told again, and a line that a kill tore is
 * cut off and written once more.
 */
export class FloorWriter implements FloorSink {
  readonly #file: string;
  #pending: { readonly source: number; readonly record: FloorRecord }[] = [];
  /** Told up to here, ms. */
  #until: number;

  constructor(file: string, header: FloorHeader) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    const told = existsSync(file) ? cutToTold(file, header.life) : undefined;
    this.#until = told ?? 0;
    if (told === undefined) writeFileSync(file, `${JSON.stringify(["h", 0, header])}\n`);
  }

  write(source: FloorSource, record: FloorRecord): void {
    if (record[1] > this.#until) this.#pending.push({ source: sources.indexOf(source), record });
  }

  /** Tells everything up to `until`, ms; all of it has happened. */
  flush(until: number): void {
    if (until <= this.#until) return;
    const due = this.#pending.filter(({ record }) => record[1] <= until);
    this.#pending = this.#pending.filter(({ record }) => record[1] > until);
    due.sort((a, b) => a.record[1] - b.record[1] || a.source - b.source);
    this.#until = until;
    appendFileSync(this.#file, [...due.map(({ record }) => `${JSON.stringify(record)}\n`), `["t",${until}]\n`].join(""));
  }
}

/** The instant up to which the file tells everything; what follows is cut off. Undefined: the file is of another life. */
function cutToTold(file: string, life: string): number | undefined {
  const handle = openSync(file, "r+");
  try {
    const { size } = fstatSync(handle);
    const head = textAt(handle, 0, Math.min(size, 4_096));
    if (headerOf(head)?.life !== life) return undefined;
    const from = Math.max(0, size - TAIL);
    const tail = textAt(handle, from, size - from);
    const last = [...tail.matchAll(/\n\["t",(\d+)\]\n/g)].at(-1);
    if (last === undefined) return undefined;
    ftruncateSync(handle, from + Buffer.byteLength(tail.slice(0, last.index + last[0].length)));
    return Number(last[1]);
  } finally {
    closeSync(handle);
  }
}

function headerOf(text: string): FloorHeader | undefined {
  try {
    return (JSON.parse(text.slice(0, text.indexOf("\n"))) as ["h", number, FloorHeader])[2];
  } catch {
    // a torn first line: the file is begun anew
    return undefined;
  }
}

function textAt(handle: number, from: number, length: number): string {
  const bytes = Buffer.alloc(length);
  readSync(handle, bytes, 0, length, from);
  return bytes.toString("utf8");
}
