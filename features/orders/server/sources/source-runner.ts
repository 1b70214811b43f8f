import { SECOND, type Message } from "@doppelwerk/kit";
import type { FeatureStore } from "@doppelwerk/kit/server";
import { reasonOf, type Instant } from "@doppelwerk/world";
import type { SourceState } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { SourceFields } from "../../model/source-kind.ts";
import type { TakenRows } from "../order-book.ts";
import type { Adapter, ReadRow } from "./adapter.ts";

/** What is kept of a source over a restart: written after its rows are stored. */
interface Kept {
  readonly position?: string;
  readonly lastAt?: Instant;
  readonly taken: number;
  readonly duplicates: number;
  readonly outdated: number;
  readonly refused: number;
  readonly faults: SourceState["faults"];
}

const NOTHING: Kept = { taken: 0, duplicates: 0, outdated: 0, refused: 0, faults: [] };
const MAX_FAULTS = 50;
const MAX_BACKOFF_MS = 60_000;

export interface RunnerOptions {
  readonly id: string;
  readonly fields: SourceFields;
  readonly store: FeatureStore;
  open(): Adapter;
  take(rows: readonly ReadRow[]): Promise<TakenRows>;
  now(): Instant;
  changed(): void;
}

/** Polls one source. A failure is tried again, later each time; its position moves only behind what is stored. */
export class SourceRunner {
  readonly #options: RunnerOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #kept: Kept;
  #failing: { readonly since: Instant; readonly reason: Message; readonly next: Instant } | undefined;
  #isConnected = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#kept = { ...NOTHING, ...(options.store.get(keptName(options.id)) as Partial<Kept> | undefined) };
    this.#done = options.fields.isOn ? this.#run() : Promise.resolve();
  }

  get state(): Omit<SourceState, "id" | "fields" | "hasSecret" | "waiting" | "confirmed"> {
    const { position, lastAt, ...counts } = this.#kept;
    const state = !this.#options.fields.isOn ? "paused" : this.#failing ? "failing" : this.#isConnected ? "connected" : "waiting";
    return {
      state,
      ...this.#failing,
      ...(lastAt !== undefined && { lastAt }),
      ...(position !== undefined && { position: position.slice(0, 100) }),
      ...counts,
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { open, fields, now, changed } = this.#options;
    let [adapter, failures]: [Adapter | undefined, number] = [undefined, 0];
    while (!signal.aborted) {
      let pauseMs = fields.intervalS * 1_000;
      try {
        adapter ??= open();
        const hasMore = await this.#poll(adapter);
        if (this.#failing !== undefined || !this.#isConnected) {
          this.#failing = undefined;
          this.#isConnected = true;
          changed();
        }
        failures = 0;
        if (hasMore) pauseMs = 0;
      } catch (error) {
        if (signal.aborted) break;
        await adapter?.close();
        adapter = undefined;
        failures++;
        pauseMs = Math.min(MAX_BACKOFF_MS, Math.max(pauseMs, 1_000) * 2 ** Math.min(failures - 1, 10));
        this.#isConnected = false;
        this.#failing = { since: this.#failing?.since ?? now(), reason: reasonOf(error), next: now() + (pauseMs / 1_000) * SECOND };
        changed();
      }
      await pause(pauseMs, signal);
    }
    await adapter?.close();
  }

  async #poll(adapter: Adapter): Promise<boolean> {
    const { take, store, id, now, changed } = this.#options;
    const batch = await adapter.poll(this.#kept.position, this.#stop.signal);
    if (batch.rows.length === 0 && batch.position === this.#kept.position) {
      batch.settle?.();
      return batch.hasMore;
    }
    const taken = await take(batch.rows);
    const at = now();
    const faults = taken.refused.map(({ where, reason }) => ({ at, where: where.slice(0, 200), reason: { ...reason } }));
    this.#kept = {
      ...(batch.position !== undefined && { position: batch.position }),
      lastAt: at,
      taken: this.#kept.taken + taken.taken,
      duplicates: this.#kept.duplicates + taken.duplicates,
      outdated: this.#kept.outdated + taken.outdated,
      refused: this.#kept.refused + taken.refused.length,
      faults: [...faults.toReversed(), ...this.#kept.faults].slice(0, MAX_FAULTS) as Kept["faults"],
    };
    // a crash before this line reads the same rows again: they are known then
    await store.set(keptName(id), this.#kept);
    batch.settle?.();
    changed();
    return batch.hasMore;
  }
}

export const keptName = (id: string): string => `source ${id}`;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
