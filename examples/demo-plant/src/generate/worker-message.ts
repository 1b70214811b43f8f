import { SECOND, type Instant } from "@doppelwerk/world";
import type { ArchiveColumns } from "../archive/plant-archive.ts";
import type { CalendarAnchor, PlantShift } from "../clock/calendar.ts";
import type { FaultName } from "../truth/fault.ts";

/** How far the plant works ahead of its clock; a fault that is switched shows this much later. */
export const AHEAD: Instant = 2 * SECOND;

export interface WorkerStart {
  readonly seed: number;
  readonly minimal: boolean;
  /** Line 4, the utilities and the warehouse beside Line 3. */
  readonly site: boolean;
  readonly shifts: readonly PlantShift[];
  readonly anchor: CalendarAnchor;
  readonly recordFrom: Instant;
  readonly now: Instant;
  /** File that tells the programs of the factory what happens on the shop floor; of the site only. */
  readonly floor?: string;
}

export type WorkerInput =
  | { readonly kind: "advance"; readonly to: Instant }
  | { readonly kind: "fault"; readonly name: FaultName; readonly on: boolean };

/** Values of text signals are indexes into all texts sent so far, `history` first. */
export type WorkerOutput =
  | { readonly kind: "history"; readonly columns: ArchiveColumns }
  | {
      readonly kind: "samples";
      readonly texts: readonly string[];
      readonly signals: Uint32Array;
      readonly times: Float64Array;
      readonly values: Float64Array;
    };
