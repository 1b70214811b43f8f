import type { ComponentType } from "react";
import { slot } from "./slot.ts";

export interface ValueNoteProps {
  /** AAS id of the shell that the value is in. */
  readonly shell: string;
  /** idShort of the property. */
  readonly name: string;
}

/** What is known of a value that a document declares, wherever it is shown; `names`: the idShorts of properties that it knows something of. */
export const valueNote = slot<{ readonly order: number; readonly names: readonly string[] }, ComponentType<ValueNoteProps>>()(
  "shell.valueNote",
  1,
);
