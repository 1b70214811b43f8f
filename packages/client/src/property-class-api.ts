import type { RecordId } from "@doppelwerk/world";
import type { Requester } from "./request.ts";

/** What a class is about; one of the four. */
export type ClassCovers =
  | { readonly semanticId: string }
  | { readonly path: string }
  | { readonly kind: string }
  | { readonly commands: string };

/** Properties, documents or commands whose changes need somebody's approval. */
export interface NewPropertyClass {
  readonly name: string;
  readonly covers: readonly ClassCovers[];
  /** Roles of which the author of a change has one; none: whoever may propose. */
  readonly propose: readonly string[];
  /** Roles of which each approver has one; none: whoever may approve. */
  readonly approve: readonly string[];
  /** How many different people approve; none of them is the author. */
  readonly approvers: number;
  readonly expiresAfterMin?: number | undefined;
  /** Approvals and commands need a fresh proof of presence. */
  readonly presence: boolean;
  readonly directWrites: boolean;
  readonly enabled: boolean;
}

export interface PropertyClass extends NewPropertyClass {
  readonly id: RecordId;
}

export interface PropertyClassCalls {
  propertyClasses(call?: { readonly signal?: unknown }): Promise<readonly PropertyClass[]>;
  createPropertyClass(given: NewPropertyClass): Promise<PropertyClass>;
  changePropertyClass(id: RecordId, given: NewPropertyClass): Promise<PropertyClass>;
  removePropertyClass(id: RecordId): Promise<void>;
}

/** Of the world of the requester. */
export function propertyClassCalls(requester: Requester): PropertyClassCalls {
  const path = (id: string): string => `/property-classes/${encodeURIComponent(id)}`;
  return {
    async propertyClasses(call) {
      const { classes } = await requester.json<{ readonly classes: readonly PropertyClass[] }>("GET", "/property-classes", call);
      return classes;
    },
    createPropertyClass: (given) => requester.json("POST", "/property-classes", { body: given }),
    changePropertyClass: (id, given) => requester.json("PUT", path(id), { body: given }),
    removePropertyClass: (id) => requester.json("DELETE", path(id)),
  };
}
