import type { Instant } from "../instant.ts";

/** What a condition of a plant (OPC UA Part 9) said with one event. */
export interface ConditionNotice {
  /** Position of its signal among those that the source was opened with. */
  readonly index: number;
  /** As the plant names it, in hexadecimal; "" where it gives none. */
  readonly eventId: string;
  /** Of an earlier state that still waits to be acknowledged; absent: of the state as it is. */
  readonly branch?: string;
  /** Corrected by what is known of the clock of the plant. */
  readonly at: Instant;
  /** By how many seconds the clock of the plant was ahead, where that is known and was corrected. */
  readonly aheadS?: number;
  /** Bits of what holds, as in the signal. */
  readonly state: number;
  /** 1 to 1000; 0 = not given. */
  readonly severity: number;
  readonly message: string;
  readonly comment?: string;
  /** Whose act it follows, as the plant names them. */
  readonly user?: string;
  /** Address of the node that the condition is of. */
  readonly sourceNode?: string;
  readonly retain: boolean;
  /** It was said again on request, after a connect. */
  readonly refreshed?: true;
}
