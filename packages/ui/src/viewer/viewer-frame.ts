import type { ProductForm } from "@doppelwerk/scene";

/** Machine state as the viewer draws it (see SCREENS §3). */
export type StationState = "running" | "idle" | "blocked" | "starved" | "setup" | "failed" | "off" | "unknown";

/** 1 red ◆, 2 orange ▲, 3 yellow ■, 4 magenta ●. */
export type AlarmPriority = 1 | 2 | 3 | 4;

export interface StationFrame {
  readonly state: StationState;
  /** Why, in the plant's words; shown on hover. */
  readonly cause?: string;
  readonly beacon?: AlarmPriority;
  /** Unacknowledged blinks slowly. */
  readonly acknowledged?: boolean;
  /** The one value on its label, already formatted: `34.8 s`. */
  readonly value?: string;
  /** Marks the label: uncertain `?`, bad struck, stale faded. */
  readonly quality?: "good" | "uncertain" | "bad" | "stale";
  /** Places that differ from the station, by place index. */
  readonly places?: ReadonlyMap<number, { readonly state: StationState; readonly beacon?: AlarmPriority }>;
  /** Outlines all of it in the colour of this priority: a line or area that needs attention. */
  readonly frame?: AlarmPriority;
  /** Raises its label over others; default 0. The selection and alarms come first anyway. */
  readonly relevance?: number;
}

/** Where a product is. Fractions run from 0 at the start of a path to 1 at its end. */
export type PartLocation =
  | { readonly station: string; readonly place: number }
  | { readonly bufferOf: string; readonly slot: number }
  | { readonly path: string; readonly fraction: number };

export interface PartFrame {
  readonly serial: string;
  readonly product: string;
  readonly at: PartLocation;
  /** 0 at the first station, 1 when packed. */
  readonly progress: number;
  /** Not tracked, only inferred: drawn lighter. */
  readonly inferred: boolean;
  /** Which of the looks that the stage gives its products; without it by where it is. */
  readonly form?: ProductForm;
}

export interface VehicleFrame {
  readonly id: string;
  /**
   * On a track of the stage, metres along it; or a free pose on the stage; or where the vehicle says it is in the plant's
   * own floor coordinates (metres, y to the north, degrees against the clock): mapped by the stage and kept on its tracks.
   */
  readonly at:
    | { readonly track: string; readonly metres: number }
    | { readonly x: number; readonly z: number; readonly turn: number }
    | { readonly floorX: number; readonly floorY: number; readonly headingDeg: number };
  readonly loaded: boolean;
}

/** Everything that changes from instant to instant. */
export interface ViewerFrame {
  /** Microseconds since the epoch. Parts glide from the previous frame to this one. */
  readonly instant: number;
  readonly stations: ReadonlyMap<string, StationFrame>;
  readonly parts: readonly PartFrame[];
  readonly vehicles?: readonly VehicleFrame[];
  /** Robot part id → phase of its cycle, 0…1. */
  readonly robots?: ReadonlyMap<string, number>;
  /** People looking at this world. */
  readonly pointers?: readonly {
    readonly id: string;
    readonly name: string;
    readonly colour: string;
    readonly at: readonly [number, number, number];
  }[];
}
