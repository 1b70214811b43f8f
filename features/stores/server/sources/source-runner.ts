import { DoppelwerkError, message, SECOND, type Message } from "@doppelwerk/kit";
import type { FeatureStore, PlantView } from "@doppelwerk/kit/server";
import { LIVE, reasonOf, type Instant } from "@doppelwerk/world";
import type { SourceState } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { PartFields } from "../../model/part-kind.ts";
import { readEntry, readPart, type ReportedMovement } from "../../model/program-rows.ts";
import type { SourceFields } from "../../model/source-kind.ts";
import type { Ledger } from "../ledger.ts";
import { partsOf } from "../parts.ts";
import type { Reported } from "../shown-parts.ts";
import { Program } from "./program.ts";
import { takeParts, type SeenParts } from "./reported-parts.ts";

/** What is kept of a source over a restart: written after what it says is recorded. */
interface Kept {
  readonly position: number;
  readonly lastAt?: Instant;
  readonly taken: number;
  readonly duplicates: number;
  readonly others: number;
  readonly refused: number;
  readonly faults: SourceState["faults"];
  readonly seen: SeenParts;
}

const NOTHING: Kept = { position: 0, taken: 0, duplicates: 0, others: 0, refused: 0, faults: [], seen: {} };
const MAX_FAULTS = 50;
const MAX_BACKOFF_MS = 60_000;

export interface RunnerOptions {
  readonly id: string;
  readonly fields: SourceFields;
  readonly secret: string | undefined;
  readonly own: PlantView;
  readonly ledger: Ledger;
  readonly store: FeatureStore;
  now(): Instant;
  changed(): void;
}

interface Fault {
  readonly where: string;
  readonly reason: Message;
}

/** Polls one program of stores. A failure is tried again, later each time; its position moves only behind what is recorded. */
export class SourceRunner {
  readonly #options: RunnerOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #kept: Kept;
  #failing: { readonly since: Instant; readonly reason: Message; readonly next: Instant } | undefined;
  #isConnected = false;
  /** What the program says is on hand, once all its movements were read. */
  #reported: ReadonlyMap<string, Reported> = new Map();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#kept = { ...NOTHING, ...(options.store.get(keptName(options.id)) as Partial<Kept> | undefined) };
    this.#done = options.fields.isOn ? this.#run() : Promise.resolve();
  }

  get state(): Omit<SourceState, "id" | "fields" | "hasSecret"> {
    const { seen: _, ...counts } = this.#kept;
    const state = !this.#options.fields.isOn ? "paused" : this.#failing ? "failing" : this.#isConnected ? "connected" : "waiting";
    return { state, ...this.#failing, ...counts };
  }

  reported(part: string): Reported | undefined {
    return this.#reported.get(part);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { fields, secret, now, changed } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      let pauseMs = fields.intervalS * 1_000;
      const program = new Program(fields, secret);
      try {
        const hasMore = await this.#poll(program);
        if (this.#failing !== undefined || !this.#isConnected) changed();
        this.#failing = undefined;
        this.#isConnected = true;
        failures = 0;
        if (hasMore) pauseMs = 0;
      } catch (error) {
        if (signal.aborted) break;
        failures++;
        pauseMs = Math.min(MAX_BACKOFF_MS, Math.max(pauseMs, 1_000) * 2 ** Math.min(failures - 1, 10));
        this.#isConnected = false;
        this.#failing = { since: this.#failing?.since ?? now(), reason: reasonOf(error), next: now() + (pauseMs / 1_000) * SECOND };
        changed();
      } finally {
        program.close();
      }
      await pause(pauseMs, signal);
    }
  }

  async #poll(program: Program): Promise<boolean> {
    const { own, ledger, store, id, fields, changed } = this.#options;
    const faults: Fault[] = [];
    const rows = await program.parts(this.#stop.signal);
    const [parts, onHand]: [PartFields[], Map<string, number>] = [[], new Map()];
    for (const [at, row] of rows.entries()) {
      const read = readPart(row);
      if ("fault" in read) faults.push({ where: `${fields.parts} ${at + 1}`, reason: read.fault });
      else {
        parts.push(read.value.fields);
        if (read.value.onHand !== undefined) onHand.set(read.value.fields.number, read.value.onHand);
      }
    }
    const seen = await takeParts(own, fields.name, this.#kept.seen, parts);
    const entries = await program.movements(this.#kept.position, this.#stop.signal);
    const { movements, position, others, isEarly } = this.#read(entries, faults);
    const { recorded, duplicates } = await ledger.record(own, LIVE, movements);
    const hasMore = !isEarly && position > this.#kept.position && entries.length >= fields.limit;
    const isSame = position === this.#kept.position && JSON.stringify(seen) === JSON.stringify(this.#kept.seen) && faults.length === 0;
    if (!hasMore && !isEarly) this.#report(onHand);
    if (isSame) return false;
    this.#kept = { ...this.#counted({ recorded, duplicates, others, faults }), position, seen };
    // a crash before this line reads the same entries again: they are known then
    await store.set(keptName(id), this.#kept);
    if (recorded > 0) changed();
    return hasMore;
  }

  #report(onHand: ReadonlyMap<string, number>): void {
    const { fields, now, changed } = this.#options;
    const before = this.#reported;
    this.#reported = new Map([...onHand].map(([part, count]) => [part, { source: fields.name, onHand: count, at: now() }]));
    if ([...onHand].some(([part, count]) => before.get(part)?.onHand !== count)) changed();
  }

  #counted({
    recorded,
    duplicates,
    others,
    faults,
  }: {
    recorded: number;
    duplicates: number;
    others: number;
    faults: readonly Fault[];
  }): Kept {
    const at = this.#options.now();
    const known = new Set(this.#kept.faults.map(({ where }) => where));
    // a row that is wrong is wrong at each look: it is said once
    const fresh = faults.filter(({ where }) => !known.has(where));
    return {
      ...this.#kept,
      lastAt: at,
      taken: this.#kept.taken + recorded,
      duplicates: this.#kept.duplicates + duplicates,
      others: this.#kept.others + others,
      refused: this.#kept.refused + fresh.length,
      faults: [
        ...fresh.map(({ where, reason }) => ({ at, where: where.slice(0, 200), reason: { ...reason } })).toReversed(),
        ...this.#kept.faults,
      ].slice(0, MAX_FAULTS) as Kept["faults"],
    };
  }

  /** Entries behind the position. One that is of an instant to come waits, with all behind it. */
  #read(entries: readonly unknown[], faults: Fault[]) {
    const { own, id, now } = this.#options;
    const known = new Set(partsOf(own, LIVE).map(({ number }) => number));
    const movements: ReportedMovement[] = [];
    let [position, others, isEarly] = [this.#kept.position, 0, false];
    for (const entry of entries) {
      const seq = seqOf(entry);
      if (seq === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("stores.fault.noSequence"));
      if (seq <= position) continue;
      const read = readEntry(id, entry, now());
      if ("fault" in read) faults.push({ where: `#${seq}`, reason: read.fault });
      else if (!known.has(read.value.movement.part)) others++;
      else if (read.value.at > now()) {
        isEarly = true;
        break;
      } else movements.push(read.value);
      position = seq;
    }
    return { movements, position, others, isEarly };
  }
}

function seqOf(entry: unknown): number | undefined {
  const seq = typeof entry === "object" && entry !== null && "seq" in entry ? entry.seq : undefined;
  return typeof seq === "number" && Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
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
