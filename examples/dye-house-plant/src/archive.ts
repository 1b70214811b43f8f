import { plantSignals, type PlantSignal } from "./signals.ts";

export type Value = number | string;

/** What one signal was: a value each time it changed. Times in µs of plant time, ascending. */
export interface Track {
  readonly signal: PlantSignal;
  readonly times: number[];
  readonly values: Value[];
}

/** Values older than this are let go. */
const KEPT_US = 30 * 86_400 * 1_000_000;

/** Every change of every signal, and whoever shows the newest. */
export class PlantArchive {
  readonly tracks: ReadonlyMap<string, Track> = new Map(plantSignals.map((signal) => [signal.name, { signal, times: [], values: [] }]));
  onChange: ((signal: PlantSignal, value: Value, at: number) => void) | undefined;

  /** `deadband`: a number that differs by less is the same. */
  put(name: string, value: Value, at: number, deadband = 0): void {
    const track = this.tracks.get(name);
    if (track === undefined) return;
    const last = track.values.at(-1);
    const same = typeof value === "number" && typeof last === "number" ? Math.abs(value - last) <= deadband : value === last;
    if (same) return;
    track.times.push(at);
    track.values.push(value);
    this.onChange?.(track.signal, value, at);
  }

  last(name: string): Value | undefined {
    return this.tracks.get(name)?.values.at(-1);
  }

  get total(): number {
    return [...this.tracks.values()].reduce((sum, { times }) => sum + times.length, 0);
  }

  thin(now: number): void {
    for (const { times, values } of this.tracks.values()) {
      const first = times.findIndex((time) => time >= now - KEPT_US);
      if (first > 1_000) {
        times.splice(0, first);
        values.splice(0, first);
      }
    }
  }
}

/** The first row at or after an instant. */
export function rowAt(times: readonly number[], instant: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
