import type { Instant, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

/** Somebody at a station, from the sign-on by badge on. */
export interface SignOn {
  /** Of the entry that began it. */
  readonly id: string;
  /** Id of the person that the badge is of: of an account, or `worker:…` of somebody without one. */
  readonly person: string;
  /** As people read it; absent where it was erased. */
  readonly name?: string;
  /** Id of the station in its line. */
  readonly station: string;
  readonly from: Instant;
  /** Absent: it lasts. */
  readonly to?: Instant;
  /** Nobody signed off: it ended when the person signed on elsewhere, or after the longest time that a sign-on lasts. */
  readonly isAssumedEnd?: true;
}

export interface SignOnQuestion {
  /** Sign-ons that overlap [from, to). */
  readonly from: Instant;
  readonly to: Instant;
  readonly person?: string;
  readonly station?: string;
}

/** Who was at which station. */
export interface SignOns {
  /** In order of time; of stations whose shells the principal may read, the others are left out. */
  within(principal: Principal, question: SignOnQuestion): Promise<readonly SignOn[]>;
}

export const signOns = port<SignOns>("terminal.signOns", 1);
