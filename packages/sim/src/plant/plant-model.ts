import type { LineModel } from "../line/line-model.ts";

/**
 * Several lines and what they share, as plain JSON. Each line is a whole `LineModel` with ids of its own; alone its first stations never run
 * dry and its parts leave it. In the plant a shared buffer stands behind stations at which parts leave their line, and before stations at
 * which parts come into theirs.
 */
export interface PlantModel {
  readonly format: "doppelwerk-plant/1";
  readonly id: string;
  readonly lines: readonly LineModel[];
  readonly buffers: readonly SharedBufferModel[];
}

export interface SharedBufferModel {
  readonly id: string;
  readonly name?: string;
  /** Parts it holds; absent: unlimited. 0: parts are handed from place to place. */
  readonly capacity?: number;
  /** Stations whose good parts go into it: they have no `next`. */
  readonly from: readonly LineEnd[];
  /** Stations that take their parts out of it: sources without arrivals of their own. */
  readonly to: readonly LineEnd[];
}

export interface LineEnd {
  readonly line: string;
  readonly station: string;
}

/** What is in a shared buffer when a run starts. */
export interface SharedBufferState {
  readonly buffer: string;
  /** Product of each part, first to leave first; null: of none. */
  readonly products: readonly (string | null)[];
}
