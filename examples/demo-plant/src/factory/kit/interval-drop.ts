import { join } from "node:path";
import type { LocalTime } from "./local-time.ts";
import type { Outbox } from "./outbox.ts";
import { csvText, readJson, writeWhole, type Cell } from "./small-file.ts";

export interface DropOptions<T extends object> {
  readonly outbox: Outbox<T>;
  /** Where the files are left, and where it is noted how far they go. */
  readonly drop: string;
  readonly folder: string;
  /** `orders` makes `orders-20261124-0600.csv`. */
  readonly name: string;
  readonly everyMs: number;
  readonly local: LocalTime;
  readonly header: readonly string[];
  row(entry: T & { readonly seq: number }): readonly Cell[];
  readonly delimiter?: ";" | ",";
}

/** Leaves a CSV file of what was said in each span, once the span is over. A file that its receiver took away is not written again. */
export class IntervalDrop<T extends { readonly time: string }> {
  readonly #options: DropOptions<T>;
  readonly #noteFile: string;
  #done: number;

  constructor(options: DropOptions<T>) {
    this.#options = options;
    this.#noteFile = join(options.folder, `dropped-${options.name}.json`);
    this.#done = readJson<{ readonly seq: number }>(this.#noteFile, { seq: 0 }).seq;
  }

  /** After the outbox was flushed; everything until `ms` is said. */
  flush(ms: number): void {
    const { outbox, everyMs } = this.#options;
    const now = Math.floor(ms / everyMs);
    for (;;) {
      const entries = outbox.after(this.#done, 2_000);
      const first = entries[0];
      if (first === undefined) return;
      const span = spanOf(first.time, everyMs);
      if (span >= now) return;
      const next = entries.findIndex(({ time }) => spanOf(time, everyMs) !== span);
      const whole = next < 0 ? entries : entries.slice(0, next);
      this.#write(span * everyMs, whole);
      this.#done = whole.at(-1)!.seq;
      writeWhole(this.#noteFile, JSON.stringify({ seq: this.#done }));
    }
  }

  #write(begin: number, entries: readonly (T & { readonly seq: number })[]): void {
    const { drop, name, local, header, row, delimiter = "," } = this.#options;
    // a byte order mark where the delimiter is that of an office program
    const mark = delimiter === ";" ? "\uFEFF" : "";
    const part = entries[0]!.seq;
    const file = `${name}-${local.date(begin).replaceAll("-", "")}-${local.clock(begin)}-${part}.csv`;
    writeWhole(join(drop, file), mark + csvText(header, entries.map(row), delimiter));
  }
}

function spanOf(time: string, everyMs: number): number {
  return Math.floor(Date.parse(time) / everyMs);
}
