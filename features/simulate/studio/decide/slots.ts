import type { ComponentType } from "react";
import type { RunResult } from "@doppelwerk/client";
import { slot } from "@doppelwerk/kit/studio";
import type { Explained, PlainCode } from "@doppelwerk/kit/studio";
import type {} from "../../message-codes.ts";

export interface DecideRoomData extends Explained {
  /** What the detail of its address begins with. */
  readonly name: string;
  readonly order: number;
  /** Of the button that leads to it; without one it is reached from elsewhere. */
  readonly title?: PlainCode;
  /** Its button is marked. */
  readonly leads?: boolean;
  /** It needs no plant: code of what its button says while there is none. */
  readonly plantless?: PlainCode;
  readonly onBranch?: boolean;
  /** Stays as it is when the branch changes, because it forks by itself. */
  readonly followsFork?: boolean;
}

/** Pages below Decide. */
export const decideRoom = slot<DecideRoomData, ComponentType<{ readonly branch: string; readonly detail: string }>>()("decide.room", 1);

/** Parts of what a run gave. */
export const resultPart = slot<{ readonly order: number }, ComponentType<{ readonly result: RunResult }>>()("decide.resultPart", 1);
