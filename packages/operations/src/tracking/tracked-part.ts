import type { Instant } from "@doppelwerk/world";

/** A unit on the line as the tracker knows it. Mutable inside the tracker only. */
export interface TrackedPart {
  readonly serial: string;
  product?: string;
  /** Undefined: it was on the line before the tracker began to look. */
  enteredAt?: Instant;
  /** Station it is on, or waits for. */
  station: string;
  /** Station it came from; undefined for a part that has just entered or appeared. */
  from?: string;
  phase: "place" | "queue";
  place?: number;
  /** When it came to this place or left the place before. */
  since: Instant;
  /** Parts that came behind it and have gone before it. */
  overtaken: number;
  /** Not read where it is: concluded from counts or from the order of parts. */
  inferred: boolean;
  reworked: boolean;
  /** A sub-assembly that will be joined to a part of the main flow. */
  component: boolean;
  /** Readings into each station that tries more than once. */
  tries: Record<string, number>;
}

export type PartPosition =
  | { readonly kind: "place"; readonly station: string; readonly place: number }
  /** Slot 0 is taken next. */
  | { readonly kind: "buffer"; readonly station: string; readonly slot: number }
  /** On the conveyor `from>station`, fraction 0–1 of its travel time. */
  | { readonly kind: "path"; readonly path: string; readonly from: string; readonly station: string; readonly fraction: number };

/** Where one part is at an instant. */
export interface PartAt {
  readonly serial: string;
  readonly product?: string;
  readonly enteredAt?: Instant;
  readonly since: Instant;
  readonly at: PartPosition;
  readonly inferred: boolean;
  readonly reworked: boolean;
  readonly component: boolean;
  readonly tries: number;
  /** Seconds since it entered; undefined when that was not seen. */
  readonly ageS?: number;
}

/** A number of parts and by how many it may be wrong. */
export interface PartCount {
  readonly value: number;
  readonly error: number;
}

/** The one picture of the parts at an instant: 3D, tables and KPIs read WIP from here. */
export interface TrackerSnapshot {
  readonly instant: Instant;
  readonly parts: readonly PartAt[];
  readonly wip: PartCount;
  readonly stations: Readonly<Record<string, StationWip>>;
  /** Carriers under parts and free ones, where the line has carriers. */
  readonly carriers?: { readonly total: number; readonly used: number; readonly free: PartCount };
  readonly unmatched: readonly UnmatchedPart[];
  readonly missedReads: number;
  readonly inversions: number;
}

export interface StationWip {
  readonly places: PartCount;
  /** Waiting before the station, on the conveyor included, components apart. */
  readonly buffer: PartCount;
  readonly components: number;
}

/** What the tracker could not explain. Newest last, the last 100 are kept. */
export interface UnmatchedPart {
  readonly serial: string;
  readonly station: string;
  readonly at: Instant;
  readonly why:
    | "appeared" // read inside the line without ever having entered
    | "removed" // others have passed it: taken off, or its reading is lost
    | "reinserted" // put back by hand where no flow leads
    | "noOrigin"; // counted out of a station into which nothing had gone
}

/** What happens to parts, in order of time. */
export type PartEvent =
  | {
      readonly kind: "entered";
      readonly serial: string;
      readonly product?: string;
      readonly station: string;
      readonly at: Instant;
      readonly component: boolean;
    }
  | {
      readonly kind: "placed";
      readonly serial: string;
      readonly product?: string;
      readonly station: string;
      readonly at: Instant;
      /** Where it came from, conveyor and queue together `waitedS` ago. */
      readonly from?: string;
      readonly waitedS: number;
      readonly inferred: boolean;
    }
  | {
      readonly kind: "left";
      readonly serial: string;
      readonly product?: string;
      readonly station: string;
      readonly at: Instant;
      readonly inPlaceS: number;
      readonly tries: number;
      /** It has been in rework before. */
      readonly reworked: boolean;
      readonly inferred: boolean;
    }
  | {
      readonly kind: "rejected";
      readonly serial: string;
      readonly product?: string;
      readonly station: string;
      readonly at: Instant;
      readonly tries: number;
      /** It had been in rework before, and left the station then: it is not good there after all. */
      readonly reworkedLeftAt?: Instant;
    }
  | {
      readonly kind: "completed";
      readonly serial: string;
      readonly product?: string;
      readonly station: string;
      readonly at: Instant;
      readonly enteredAt?: Instant;
      readonly reworked: boolean;
    }
  | { readonly kind: "joined"; readonly serial: string; readonly station: string; readonly at: Instant }
  | { readonly kind: "scrapped"; readonly serial: string; readonly product?: string; readonly station: string; readonly at: Instant }
  | {
      readonly kind: "unmatched";
      readonly serial: string;
      readonly station: string;
      readonly at: Instant;
      readonly why: UnmatchedPart["why"];
    };
