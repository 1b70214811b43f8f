import type { ShownValue, SignalEntry } from "@doppelwerk/sync";
import { originAt, type Instant, type Quality, type RecordId, type SampleBatch } from "@doppelwerk/world";

/** How a signal is shown, over what its engineering file says. */
export interface DisplayOfSignal extends Pick<SignalEntry, "low" | "high" | "resolution"> {
  readonly warningLow?: number | undefined;
  readonly warningHigh?: number | undefined;
}

/** A signal with its display bands: `low` to `high` is normal, beyond a warning bound somebody should look. */
export type ShownEntry = SignalEntry & DisplayOfSignal;

export interface TableValue extends ShownValue {
  readonly origin: SampleBatch["origin"];
}

/** The last value of every signal at the instant shown: fed by the live stream, or by one answer of `/at`. */
export class SignalTable {
  #entries: readonly (SignalEntry | null)[] = [];
  #indexOf = new Map<RecordId, number>();
  #displays: ReadonlyMap<RecordId, DisplayOfSignal> = new Map();
  /** Made when it is first asked for, so that it is the same object until something of it changes. */
  readonly #shown = new Map<RecordId, ShownEntry>();
  readonly #values = new Map<number, TableValue>();
  readonly #listeners = new Map<RecordId, Set<() => void>>();
  readonly #touched = new Set<number>();
  #flush = 0;

  entries(): readonly SignalEntry[] {
    return this.#entries.filter((entry) => entry !== null && entry !== undefined);
  }

  idOf(index: number): RecordId | undefined {
    return this.#entries[index]?.id;
  }

  indexOf(id: RecordId): number | undefined {
    return this.#indexOf.get(id);
  }

  entry(id: RecordId): ShownEntry | undefined {
    const index = this.#indexOf.get(id);
    const entry = index === undefined ? undefined : (this.#entries[index] ?? undefined);
    const display = this.#displays.get(id);
    if (entry === undefined || display === undefined) return entry;
    let shown = this.#shown.get(id);
    if (shown === undefined) this.#shown.set(id, (shown = { ...entry, ...display }));
    return shown;
  }

  /** As the engineering file says. */
  declared(id: RecordId): SignalEntry | undefined {
    const index = this.#indexOf.get(id);
    return index === undefined ? undefined : (this.#entries[index] ?? undefined);
  }

  /** How signals are shown from now on. */
  display(displays: ReadonlyMap<RecordId, DisplayOfSignal>): void {
    const touched = new Set([...this.#displays.keys(), ...displays.keys()]);
    this.#displays = displays;
    this.#shown.clear();
    for (const id of touched) {
      const index = this.#indexOf.get(id);
      if (index !== undefined) this.#touch(index);
    }
  }

  get(id: RecordId): TableValue | undefined {
    const index = this.#indexOf.get(id);
    return index === undefined ? undefined : this.#values.get(index);
  }

  describe(entries: readonly (SignalEntry | null)[]): void {
    this.#entries = entries;
    this.#shown.clear();
    this.#indexOf = new Map();
    // A signal that was removed, or may not be read, leaves a hole in its row.
    for (const [index, entry] of entries.entries()) if (entry !== null && entry !== undefined) this.#indexOf.set(entry.id, index);
    for (let index = 0; index < entries.length; index += 1) this.#touch(index);
  }

  clear(): void {
    for (const index of this.#values.keys()) this.#touch(index);
    this.#values.clear();
  }

  /** Older samples than the one held are skipped, unless the table was cleared. */
  ingest(batch: SampleBatch): void {
    for (let row = 0; row < batch.count; row += 1) {
      const index = batch.signals[row]!;
      const sourceTime = batch.sourceTimes[row]!;
      const held = this.#values.get(index);
      if (held !== undefined && held.sourceTime > sourceTime) continue;
      this.#values.set(index, {
        value: this.#valueOf(batch, row, index),
        quality: batch.qualities[row] as Quality,
        sourceTime,
        origin: originAt(batch, row),
      });
      this.#touch(index);
    }
  }

  watch(id: RecordId, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  latest(): Instant {
    let latest = 0;
    for (const value of this.#values.values()) latest = Math.max(latest, value.sourceTime);
    return latest;
  }

  #valueOf(batch: SampleBatch, row: number, index: number): number | string | boolean | undefined {
    const text = batch.texts.get(row);
    if (text !== undefined) return text;
    const value = batch.values[row]!;
    if (Number.isNaN(value)) return undefined;
    return this.#entries[index]?.valueType === "boolean" ? value !== 0 : value;
  }

  // Values arrive far more often than a screen can change: listeners hear once a frame.
  #touch(index: number): void {
    this.#touched.add(index);
    if (this.#flush !== 0) return;
    this.#flush = requestAnimationFrame(() => {
      this.#flush = 0;
      const touched = [...this.#touched];
      this.#touched.clear();
      for (const at of touched) {
        const id = this.#entries[at]?.id;
        if (id !== undefined) for (const listener of this.#listeners.get(id) ?? []) listener();
      }
    });
  }
}
