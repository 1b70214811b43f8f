import type { LocalText, PlannedShift } from "@doppelwerk/operations";
import type { BranchId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** The shift calendar of a line as its engineering file has it. */
export interface ShippedCalendar {
  readonly line: string;
  readonly title: LocalText;
  /** AAS id of the shell of the line. */
  readonly shell: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly shifts: readonly PlannedShift[];
}

/** The calendars that lines begin with. What people stored is in the documents, and takes the place of that of its line from its instant on. */
export interface ShippedShiftCalendars {
  of(branch: BranchId): Promise<readonly ShippedCalendar[]>;
}

export const shippedShiftCalendars = port<ShippedShiftCalendars>("line.shiftCalendars", 1);
