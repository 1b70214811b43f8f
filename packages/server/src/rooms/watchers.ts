import type { SampleBatch } from "@doppelwerk/world";

const NONE = new Uint32Array(0);

/**
 * Who watches which signal, turned round: with many viewers of a few signals each a tick costs its rows and what is sent, not rows times viewers.
 * Index space = the signal table's.
 */
export class Watchers<Viewer> {
  #viewers: Viewer[] = [];
  /** Viewers of signal i: `#slots[#starts[i] … #starts[i + 1] - 1]`. */
  #starts = new Uint32Array(1);
  #slots = NONE;
  /** Rows of the tick for each viewer, and how many. */
  #rows: Uint32Array[] = [];
  #counts = NONE;

  /** Each viewer with the signals it marked (index → nonzero). */
  constructor(subscriptions: ReadonlyMap<Viewer, Uint8Array>) {
    this.#viewers = [...subscriptions.keys()];
    const wanted = [...subscriptions.values()];
    const signals = wanted.reduce((most, { length }) => Math.max(most, length), 0);
    const starts = new Uint32Array(signals + 1);
    for (const marks of wanted) for (let signal = 0; signal < marks.length; signal++) if (marks[signal] !== 0) starts[signal + 1]!++;
    for (let signal = 0; signal < signals; signal++) starts[signal + 1]! += starts[signal]!;
    const next = starts.slice();
    this.#slots = new Uint32Array(starts[signals]!);
    for (const [slot, marks] of wanted.entries())
      for (let signal = 0; signal < marks.length; signal++) if (marks[signal] !== 0) this.#slots[next[signal]!++] = slot;
    this.#starts = starts;
    this.#rows = wanted.map(() => NONE);
    this.#counts = new Uint32Array(wanted.length);
  }

  /** The part of a batch each viewer marked; viewers of none of its rows are left out. */
  *partsOf(batch: SampleBatch): Generator<readonly [Viewer, SampleBatch]> {
    this.#sort(batch);
    for (const [slot, viewer] of this.#viewers.entries()) {
      const count = this.#counts[slot]!;
      if (count > 0) yield [viewer, rowsOf(batch, this.#rows[slot]!, count)];
    }
  }

  #sort({ count, signals }: SampleBatch): void {
    this.#counts.fill(0);
    const last = this.#starts.length - 1;
    for (let row = 0; row < count; row++) {
      const signal = signals[row]!;
      if (signal >= last) continue;
      for (let at = this.#starts[signal]!; at < this.#starts[signal + 1]!; at++) this.#give(this.#slots[at]!, row);
    }
  }

  #give(slot: number, row: number): void {
    const count = this.#counts[slot]!++;
    let rows = this.#rows[slot]!;
    if (count === rows.length) {
      const grown = new Uint32Array(Math.max(64, count * 2));
      grown.set(rows);
      this.#rows[slot] = rows = grown;
    }
    rows[count] = row;
  }
}

function rowsOf(batch: SampleBatch, rows: Uint32Array, count: number): SampleBatch {
  const signals = new Uint32Array(count);
  const values = new Float64Array(count);
  const qualities = new Uint8Array(count);
  const sourceTimes = new Float64Array(count);
  const origins = batch.origins === undefined ? undefined : new Uint8Array(count);
  const texts = new Map<number, string>();
  for (let at = 0; at < count; at++) {
    const row = rows[at]!;
    signals[at] = batch.signals[row]!;
    values[at] = batch.values[row]!;
    qualities[at] = batch.qualities[row]!;
    if (origins !== undefined) origins[at] = batch.origins![row]!;
    sourceTimes[at] = batch.sourceTimes[row]!;
    const text = batch.texts.size > 0 ? batch.texts.get(row) : undefined;
    if (text !== undefined) texts.set(at, text);
  }
  return {
    origin: batch.origin,
    ...(origins && { origins }),
    count,
    signals,
    values,
    qualities,
    sourceTimes,
    serverTimes: sourceTimes,
    texts,
  };
}
