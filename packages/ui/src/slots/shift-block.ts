import type { ComponentType } from "react";
import { slot } from "./slot.ts";

/** The shift that a page is about. Times are microseconds since 1970. */
export interface ShiftOfBlock {
  readonly name: string;
  readonly from: number;
  /** Of one that runs: up to where it is known. */
  readonly to: number;
  /** Planned end. */
  readonly end: number;
  readonly line: string | undefined;
  readonly isRunning: boolean;
}

/** A part of the page of a shift, below its result; by order. */
export const shiftBlock = slot<{ readonly order: number }, ComponentType<{ readonly shift: ShiftOfBlock }>>()("shiftPage.block", 1);
