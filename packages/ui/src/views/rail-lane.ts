import type { Rail } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import type { Address } from "../address/address.ts";
import type { Translate } from "../language/catalogues.ts";

/** One mark on the Rail. */
export interface RailMark {
  readonly at: Instant;
  /** The shape of an alarm priority, a dot of a change (filled, a ring, or a wide ring), or the square of a note. */
  readonly shape: 1 | 2 | 3 | 4 | "dot" | "ring" | "wideRing" | "square";
  /** So many stand in its cell. */
  readonly count: number;
}

/** Marks beside the band of states, made from what the Rail has loaded. */
export interface RailLane<Mark extends RailMark = RailMark> {
  /** At most one mark a cell of `railCell`; `scale` is µs a pixel. */
  marks(rail: Rail, scale: number): readonly Mark[];
  /** What a mark says under the pointer: its name, and what follows it. */
  words(mark: Mark, t: Translate): { readonly name: string; readonly text: string };
  /** What a click opens, beside the instant of the mark. */
  link?(mark: Mark): Partial<Address>;
}

/** The cell of marks that stand at least `spacing` pixels apart: a power of two of time, not of pixels, so that marks neither flicker nor jump while the record flows. */
export function railCell(scale: number, spacing: number): Instant {
  return 2 ** Math.ceil(Math.log2(Math.max(1, scale * spacing)));
}
