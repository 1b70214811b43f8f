import type { ComponentType } from "react";
import { slot } from "./slot.ts";

/** One annunciation of an alarm that somebody looks at. Times are microseconds since 1970. */
export interface AlarmOfBlock {
  /** Id of the alarm rule. */
  readonly rule: string;
  readonly raised: number;
  /** When its condition returned to normal; absent while it holds. */
  readonly returned?: number | undefined;
  /** Until when somebody has to respond, where that is known. */
  readonly respondBy?: number | undefined;
  /** It is in the list of alarms as it stands now, and nobody acknowledged it. */
  readonly isWaiting: boolean;
}

/** A part of the details of an alarm; by order: what to do before what was done. */
export const alarmBlock = slot<{ readonly order: number }, ComponentType<{ readonly alarm: AlarmOfBlock }>>()("alarms.block", 1);
