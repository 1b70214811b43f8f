import type { Client, LineInfo, Snapshot, StationSnapshot } from "@doppelwerk/client";
import { createLineEngine, earlierStates } from "@doppelwerk/operations";
import type { LineDefinition, LineEngine, LineEngineState } from "@doppelwerk/operations";
import { HOUR, joinedOrigins, MINUTE } from "@doppelwerk/world";
import type { Instant, SampleBatch } from "@doppelwerk/world";
import { zoneOf } from "@doppelwerk/ui";

/** A fold needs this much before an instant to know every part on the line; the server rewinds by the same. */
const LEAD: Instant = 2 * HOUR;
const AHEAD: Instant = 20 * MINUTE;
const CHECKPOINT_EVERY: Instant = 5 * MINUTE;

interface Loaded {
  readonly line: LineInfo;
  readonly engine: LineEngine;
  readonly ids: readonly string[];
  readonly from: Instant;
  batch: SampleBatch;
  to: Instant;
  readonly checkpoints: { readonly at: Instant; readonly state: LineEngineState }[];
}

/**
 * The past, folded in the browser by the very code that folds it on the server: raw samples of a window once, then any instant in it at
 * once and backwards too. Outside of what is loaded `at` returns undefined and loads; the caller asks the server meanwhile.
 */
export class Rewind {
  readonly #client: Client;
  readonly #signalId: (index: number) => string;
  #loaded: Loaded | undefined;
  #loading = false;

  constructor(client: Client, signalId: (index: number) => string) {
    this.#client = client;
    this.#signalId = signalId;
  }

  forget(): void {
    this.#loaded = undefined;
  }

  /** States and parts at the instant laid over `base`, which brings what is not folded here: alarms, vehicles, the shift's plan. */
  at(instant: Instant, line: LineInfo, base: Snapshot | undefined): Snapshot | undefined {
    const loaded = this.#loaded;
    if (
      loaded === undefined ||
      loaded.line.definition !== line.definition ||
      instant < loaded.from + LEAD ||
      instant > loaded.to ||
      base === undefined
    ) {
      void this.#load(instant, line);
      return undefined;
    }
    if (loaded.to - instant < AHEAD / 2) void this.#extend(loaded);
    foldTo(loaded, instant);
    return laidOver(base, loaded.engine, instant);
  }

  async #load(instant: Instant, line: LineInfo): Promise<void> {
    if (this.#loading || !isDefinition(line.definition)) return;
    this.#loading = true;
    try {
      const from = instant - LEAD;
      const to = instant + AHEAD;
      const batch = await this.#client.window("tracking", from, to, { line: line.id });
      const zone = zoneOf(line.definition.timeZone);
      const engine = createLineEngine(line.definition, { zoneOffset: (at) => zone.offsetAt(at) / MINUTE, keepShifts: 2 });
      this.#loaded = { line, engine, ids: this.#idsOf(batch), from, to, batch, checkpoints: [] };
    } catch {
      // The server's own snapshots are shown as long as this does not succeed.
    }
    this.#loading = false;
  }

  async #extend(loaded: Loaded): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const to = loaded.to + AHEAD;
      const more = await this.#client.window("tracking", loaded.to, to, { line: loaded.line.id });
      const fresh = rowsBetween(more, loaded.to, to);
      loaded.batch = joined(loaded.batch, fresh);
      loaded.to = to;
    } catch {
      // Asked again with the next instant.
    }
    this.#loading = false;
  }

  #idsOf(batch: SampleBatch): readonly string[] {
    let highest = -1;
    for (let row = 0; row < batch.count; row += 1) highest = Math.max(highest, batch.signals[row]!);
    return Array.from({ length: highest + 1 }, (_, index) => this.#signalId(index));
  }
}

function isDefinition(value: unknown): value is LineDefinition {
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray((value as LineDefinition).stations) &&
    (value as LineDefinition).stations.length > 0
  );
}

/** Brings the engine to the instant: onwards from where it is, or back to the last checkpoint and onwards. */
function foldTo(loaded: Loaded, instant: Instant): void {
  const { engine, checkpoints } = loaded;
  if (instant < engine.now()) {
    const before = checkpoints.findLast((checkpoint) => checkpoint.at <= instant);
    if (before === undefined) throw new Error("no checkpoint before the instant: the window was not folded from its start");
    engine.restore(before.state);
  }
  let at = engine.now() === 0 ? loaded.from - 1 : engine.now();
  if (engine.now() === 0) {
    engine.step(rowsBetween(loaded.batch, -Infinity, loaded.from), loaded.ids);
    engine.advance(loaded.from);
    at = loaded.from;
    remember(loaded, at);
  }
  while (at < instant) {
    const next = Math.min(instant, (Math.floor(at / CHECKPOINT_EVERY) + 1) * CHECKPOINT_EVERY);
    engine.step(rowsBetween(loaded.batch, at, next), loaded.ids);
    engine.advance(next);
    engine.drain();
    at = next;
    if (at % CHECKPOINT_EVERY === 0) remember(loaded, at);
  }
}

function remember(loaded: Loaded, at: Instant): void {
  if ((loaded.checkpoints.at(-1)?.at ?? -1) < at) loaded.checkpoints.push({ at, state: loaded.engine.snapshot() });
}

/** Rows with from ≤ time < to of a batch in order of time. */
function rowsBetween(batch: SampleBatch, from: Instant, to: Instant): SampleBatch {
  const start = lowerBound(batch.sourceTimes, batch.count, from);
  const end = lowerBound(batch.sourceTimes, batch.count, to);
  const texts = new Map<number, string>();
  for (let row = start; row < end; row += 1) {
    const text = batch.texts.get(row);
    if (text !== undefined) texts.set(row - start, text);
  }
  const sourceTimes = batch.sourceTimes.subarray(start, end);
  return {
    origin: batch.origin,
    ...(batch.origins && { origins: batch.origins.subarray(start, end) }),
    count: end - start,
    signals: batch.signals.subarray(start, end),
    values: batch.values.subarray(start, end),
    qualities: batch.qualities.subarray(start, end),
    sourceTimes,
    serverTimes: sourceTimes,
    texts,
  };
}

function lowerBound(times: Float64Array, count: number, at: Instant): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined(a: SampleBatch, b: SampleBatch): SampleBatch {
  const signals = new Uint32Array(a.count + b.count);
  const values = new Float64Array(a.count + b.count);
  const qualities = new Uint8Array(a.count + b.count);
  const sourceTimes = new Float64Array(a.count + b.count);
  for (const [batch, offset] of [
    [a, 0],
    [b, a.count],
  ] as const) {
    signals.set(batch.signals.subarray(0, batch.count), offset);
    values.set(batch.values.subarray(0, batch.count), offset);
    qualities.set(batch.qualities.subarray(0, batch.count), offset);
    sourceTimes.set(batch.sourceTimes.subarray(0, batch.count), offset);
  }
  const texts = new Map(a.texts);
  for (const [row, text] of b.texts) texts.set(row + a.count, text);
  const origins = joinedOrigins([a, b], a.count + b.count);
  return {
    origin: a.origin,
    ...(origins && { origins }),
    count: a.count + b.count,
    signals,
    values,
    qualities,
    sourceTimes,
    serverTimes: sourceTimes,
    texts,
  };
}

function laidOver(base: Snapshot, engine: LineEngine, instant: Instant): Snapshot {
  const picture = engine.parts();
  const states = engine.states();
  const earlier = earlierStates(engine);
  return {
    ...base,
    instant,
    live: false,
    // while the past is still being read, what is folded here counts no more than the server knows
    wip: base.reading === undefined ? { ...picture.wip, unmatched: base.wip.unmatched } : base.wip,
    stations: base.stations.map((station): StationSnapshot => {
      const own = states.find((state) => state.station === station.id && state.place === undefined);
      if (own === undefined) return station;
      const parts = picture.parts.filter((part) => part.at.station === station.id);
      const waiting = parts.filter((part) => part.at.kind !== "place" && !part.component);
      const { held: _, ...shown } = station;
      return {
        ...shown,
        ...(own.held && { held: own.held }),
        state: own.state,
        cause: own.cause,
        inferred: own.inferred,
        since: own.since,
        earlier: earlier.get(station.id),
        places: station.places.map((_, index) => {
          const state = states.find((candidate) => candidate.station === station.id && candidate.place === index);
          const part = parts.find((candidate) => candidate.at.kind === "place" && candidate.at.place === index);
          return {
            state: state?.state ?? own.state,
            stateSince: state?.since,
            inferred: state?.inferred,
            earlier: earlier.get(`${station.id}/${index}`),
            serial: part?.serial,
            product: part?.product,
            since: part?.since,
          };
        }),
        buffer: {
          count: waiting.length,
          capacity: station.buffer.capacity,
          parts: waiting.map(({ serial, product, inferred }) => ({ serial, product: product ?? "", inferred })),
        },
      };
    }),
  };
}
