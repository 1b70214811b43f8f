import type { PartKind } from "../parts/part-kind.ts";
import type { Stage } from "../stage/stage.ts";

/** Where documents say that something is: its middle on the plant's floor in metres, y to the north, with the size where it is given. */
export interface FloorPosition {
  readonly x: number;
  readonly y: number;
  readonly length?: number | undefined;
  readonly width?: number | undefined;
  /** Degrees against the clock. */
  readonly rotation?: number | undefined;
}

/** A line with the stage that it has of its own. Ids of its stations and parts are those of the stage behind `id/`. */
export interface SiteLine {
  readonly id: string;
  readonly title: string;
  readonly stage: Stage;
  /** Of its stations, as far as documents say it. */
  readonly positions: readonly FloorPosition[];
}

/** Anything else that stands in an area: a compressor, a rack. */
export interface SiteThing {
  readonly id: string;
  readonly title: string;
  readonly kind: PartKind;
  readonly position: FloorPosition | undefined;
}

/** A hall, a warehouse, a utility network: what has walls around it. */
export interface SiteArea {
  readonly id: string;
  readonly title: string;
  readonly position: FloorPosition | undefined;
  readonly lines: readonly SiteLine[];
  readonly things: readonly SiteThing[];
}
