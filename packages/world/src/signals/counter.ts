import type { SignalRecord, UnsignedBits } from "./signal.ts";

/** What one reading of a counter says. A delta is never negative (P10). */
export type CounterStep =
  | { readonly kind: "delta"; readonly delta: number }
  /** The counter passed its end: 8, 16 or 32 bits wide. */
  | { readonly kind: "rollOver"; readonly delta: number }
  /** Set to zero by a shift, a person or a download: what was counted since the reset; what was lost before it is unknown. */
  | { readonly kind: "reset"; readonly delta: number };

interface CounterWidth {
  readonly type: NonNullable<SignalRecord["counter"]>["type"];
  readonly width?: UnsignedBits;
}

/** A roll-over is believed only when it is this close to the end: else it is a reset. */
const NEAR_END = 0.9;

/** The step between two readings of a declared counter. */
export function counterStep(previous: number, next: number, counter: CounterWidth): CounterStep {
  if (next >= previous) return { kind: "delta", delta: next - previous };
  const size = counter.width === undefined ? undefined : 2 ** counter.width;
  if (counter.type === "totaliser" && size !== undefined && previous >= NEAR_END * size && previous < size && next < (1 - NEAR_END) * size)
    return { kind: "rollOver", delta: size - previous + next };
  return { kind: "reset", delta: Math.max(0, next) };
}
