import type { Instant, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

export const HELP_REASONS = ["help", "material", "quality", "maintenance", "safety"] as const;
export type HelpReason = (typeof HELP_REASONS)[number];

/** A call from a station that is open. */
export interface HelpCall {
  readonly id: string;
  readonly station: string;
  readonly reason: HelpReason;
  readonly text?: string;
  readonly raisedAt: Instant;
  /** Name of who comes, once somebody took it, and since when. */
  readonly owner?: string;
  readonly takenAt?: Instant;
  /** The highest step that was notified. */
  readonly step: number;
}

/** Calls for help at stations. */
export interface HelpCalls {
  /** Those of a station that the principal may read, the oldest first. */
  open(principal: Principal, station: string): Promise<readonly HelpCall[]>;
  /** One that is open for the same is answered in place of another. Errors: DW_NOT_FOUND, DW_CONFLICT where too many are open, DW_FORBIDDEN. */
  call(
    principal: Principal,
    request: { readonly station: string; readonly reason: HelpReason; readonly text?: string | undefined; readonly at: Instant },
  ): Promise<HelpCall>;
}

export const helpCalls = port<HelpCalls>("andon.helpCalls", 1);
