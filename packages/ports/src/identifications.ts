import type { Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

/** A shell whose asset has the code that was scanned. */
export interface IdentifiedShell {
  readonly id: string;
  readonly idShort: string;
  readonly asset?: string;
  /** Whether it is of just this item, or of its lot or its kind. */
  readonly exact: boolean;
}

export interface Identified {
  /** GS1 Digital Link, Handle or DOI, or another identification link (IEC 61406). */
  readonly kind: "gs1" | "handle" | "link";
  /** The one spelling that the standard has for it. */
  readonly canonical: string;
  /** Those that the principal may read, the exact ones first; who may not read one is answered as if there were none. */
  readonly shells: readonly IdentifiedShell[];
}

/** What the codes on assets, products and places lead to. */
export interface Identifications {
  /** Errors: DW_INVALID for what identifies nothing. */
  find(principal: Principal, link: string): Promise<Identified>;
}

export const identifications = port<Identifications>("assets.identifications", 1);
