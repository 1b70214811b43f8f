import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Instant } from "@doppelwerk/world";

/** What was received last is on its way to the disk still; what is read twice is one sample. */
const OVERLAP: Instant = 5_000_000;

/** Up to when each source was received, kept over restarts: a source that was away while others spoke is asked for its own gap. */
export class ReceivedMarks {
  readonly #file: string;
  readonly #marks: Record<string, Instant>;

  constructor(file: string) {
    this.#file = file;
    this.#marks = readMarks(file);
  }

  /** From when on the source's archive is to be read; undefined = it was never received. */
  of(source: string): Instant | undefined {
    const mark = Object.hasOwn(this.#marks, source) ? this.#marks[source] : undefined;
    return mark === undefined ? undefined : mark - OVERLAP;
  }

  /** These are connected now. */
  mark(sources: readonly string[], now: Instant): void {
    if (sources.length === 0) return;
    for (const source of sources) this.#marks[source] = now;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#marks));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function readMarks(file: string): Record<string, Instant> {
  const marks: Record<string, Instant> = Object.create(null);
  try {
    for (const [source, mark] of Object.entries(JSON.parse(readFileSync(file, "utf8")) as object))
      if (Number.isSafeInteger(mark) && mark > 0) marks[source] = mark;
  } catch {
    // none yet, or torn by a power loss: nothing is known
  }
  return marks;
}
