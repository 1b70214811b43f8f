import { DAY, HOUR } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { stationStates } from "@doppelwerk/ports";
import { LIVE, type Instant, type SampleBatch } from "@doppelwerk/world";
import { stateSignalId } from "@doppelwerk/operations";
import type { maintenance } from "../feature.ts";
import type { COUNTERS } from "../model/plan-kind.ts";

export type Counter = (typeof COUNTERS)[number];

/** What a station was used in a span; `isKnown` false: nothing, or less than half of it, is recorded. */
export interface Used {
  readonly used: number;
  readonly isKnown: boolean;
}

const MAX_SAMPLES = 500_000;
/** Days that are kept read. */
const MAX_DAYS = 20_000;
const BAD = 2;

/** Parts that stations counted and hours that they worked, a day (UTC) at a time; days that are over are read once, and again when late samples touch their signal. */
export class Usage {
  readonly #ctx: FeatureContext<typeof maintenance>;
  readonly #days = new Map<string, Promise<Used>>();
  readonly #unfollow: () => void;

  constructor(ctx: FeatureContext<typeof maintenance>) {
    this.#ctx = ctx;
    this.#unfollow = ctx.derivations.follow({
      live() {},
      past: (batch) => this.#forget(batch),
      archive: () => this.#days.clear(),
      archiveGone() {},
    });
  }

  close(): void {
    this.#unfollow();
  }

  /** In [from, to). */
  async between(signal: string, station: string, counter: Counter, from: Instant, to: Instant): Promise<Used> {
    let [used, isKnown] = [0, false];
    for (let begin = from; begin < to;) {
      const end = Math.min(to, (Math.floor(begin / DAY) + 1) * DAY);
      const day = await this.#span(signal, station, counter, begin, end);
      used += day.used;
      isKnown ||= day.isKnown;
      begin = end;
    }
    return { used, isKnown };
  }

  /** Of the last whole days of which something is known, the newest first. */
  async daily(signal: string, station: string, counter: Counter, now: Instant, days: number): Promise<readonly number[]> {
    const today = Math.floor(now / DAY) * DAY;
    const spans = Array.from({ length: days }, (_, back) => today - (back + 1) * DAY);
    const read = await Promise.all(spans.map((begin) => this.#span(signal, station, counter, begin, begin + DAY)));
    return read.filter(({ isKnown }) => isKnown).map(({ used }) => used);
  }

  #span(signal: string, station: string, counter: Counter, from: Instant, to: Instant): Promise<Used> {
    const read = (): Promise<Used> => (counter === "hours" ? this.#worked(station, from, to) : this.#counted(signal, from, to));
    // what is not over is read each time
    if (to - from < DAY || to > this.#ctx.now()) return read();
    const key = `${signal} ${counter} ${from}`;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const kept = read();
    this.#days.set(key, kept);
    kept.catch(() => this.#days.delete(key));
    const [oldest] = this.#days.keys();
    if (this.#days.size > MAX_DAYS && oldest !== undefined) this.#days.delete(oldest);
    return kept;
  }

  /** Increments of a counter; one that is lower than before began anew. */
  async #counted(signal: string, from: Instant, to: Instant): Promise<Used> {
    const key = { branch: LIVE, signal };
    const [before] = await this.#ctx.own.history.at([key], from - 1);
    let last = before !== undefined && Number.isFinite(before.value) ? before.value : undefined;
    let [used, isKnown] = [0, false];
    for (let begin = from; ;) {
      const { times, values, qualities } = await this.#ctx.own.history.raw(key, begin, to, MAX_SAMPLES);
      for (let row = 0; row < times.length; row++) {
        const value = values[row]!;
        if (qualities[row] === BAD || !Number.isFinite(value)) continue;
        if (last !== undefined) used += value >= last ? value - last : value;
        [last, isKnown] = [value, true];
      }
      if (times.length < MAX_SAMPLES) return { used, isKnown };
      begin = times[times.length - 1]! + 1;
    }
  }

  async #worked(station: string, from: Instant, to: Instant): Promise<Used> {
    const states = (await this.#ctx.find(stationStates)?.concluded(station, from, to)) ?? [];
    let [worked, known] = [0, 0];
    for (const [at, { from: begin, state }] of states.entries()) {
      const lasted = Math.max(0, Math.min(to, states[at + 1]?.from ?? to) - Math.max(from, begin));
      if (state === "working") worked += lasted;
      if (state !== "unknown") known += lasted;
    }
    return { used: worked / HOUR, isKnown: known * 2 >= to - from };
  }

  #forget({ signals, count }: SampleBatch): void {
    if (this.#days.size === 0) return;
    const touched = new Set<string>();
    for (let row = 0; row < count; row++) touched.add(this.#ctx.table.idOf(signals[row]!) ?? "");
    // states are derived again a while after: hours of every station are read again
    for (const key of this.#days.keys()) if (key.includes(" hours ") || touched.has(key.split(" ", 1)[0]!)) this.#days.delete(key);
  }
}

/** By which signal the usage of a station may be read: its counter, or what keeps its states. Undefined: it does not count. */
export function usageSignal(
  station: { readonly id: string; readonly signals: Readonly<Partial<Record<"Total" | "Good", { readonly id: string }>>> } | undefined,
  counter: Counter,
): string | undefined {
  if (station === undefined) return undefined;
  return counter === "hours" ? stateSignalId(station.id) : (station.signals.Total ?? station.signals.Good)?.id;
}
