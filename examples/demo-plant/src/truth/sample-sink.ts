import type { Instant } from "@doppelwerk/world";

/** Where the controllers write. `value` of a text signal is an index from `textIndex`. */
export interface SampleSink {
  write(signal: number, time: Instant, value: number): void;
  textIndex(text: string): number;
}
