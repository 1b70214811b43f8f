import type { ComponentType } from "react";
import { slot } from "./slot.ts";

export interface ShellMarkProps {
  /** Its AAS id. */
  readonly shell: string;
  /** In a row of many: as short as it can be. */
  readonly isBrief?: boolean;
}

/** What stands beside the name of a shell or place, wherever it is shown. */
export const shellMark = slot<{ readonly order: number }, ComponentType<ShellMarkProps>>()("shell.shellMark", 1);
