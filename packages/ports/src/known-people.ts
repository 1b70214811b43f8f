import type { Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

/** People of the server, as features tell them something. */
export interface KnownPeople {
  /** Whether people log in; without accounts whoever is at the machine may do everything. */
  readonly isRequired: boolean;
  /** Those with an account that may be used now, with the roles that they have now. */
  list(): readonly Principal[];
  /** The name that somebody chose or has; undefined where it was erased. */
  nameOf(person: string): string | undefined;
}

export const knownPeople = port<KnownPeople>("kernel.people", 1);
