import type { Message } from "@doppelwerk/messages";
import type { Instant } from "@doppelwerk/world";
import { port } from "./token.ts";

/** What should be known before somebody works at a station: a skill that is missing or has expired, somebody who is not on the roster. */
export interface SignOnRules {
  /** Sentences for the person, shown at the sign-on; none: nothing. They do not prevent it. */
  findings(question: { readonly person: string; readonly station: string; readonly at: Instant }): Promise<readonly Message[]>;
}

export const signOnRules = port<SignOnRules>("people.signOnRules", 1);
