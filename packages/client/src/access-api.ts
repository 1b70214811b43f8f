import type { Requester } from "./request.ts";

/** A set of access rules of AAS Part 4 (IDTA-01004 3.0.2). */
export interface AccessSet {
  readonly id: string;
  readonly name: string;
  /** Text or JSON. */
  readonly text: string;
  readonly enabled: boolean;
  /** How many there are in it. */
  readonly rules: number;
}

export type NewAccessSet = Pick<AccessSet, "name" | "text" | "enabled">;

/** What somebody would read, and does not, or the other way round. */
export interface AccessChange {
  readonly id: string;
  readonly name: string;
  readonly gained: number;
  readonly lost: number;
  readonly examples: readonly { readonly id: string; readonly kind: string; readonly change: "gained" | "lost" }[];
}

export interface AccessCalls {
  accessSets(call?: { readonly signal?: unknown }): Promise<readonly AccessSet[]>;
  createAccessSet(set: NewAccessSet): Promise<AccessSet>;
  changeAccessSet(id: string, set: NewAccessSet): Promise<AccessSet>;
  removeAccessSet(id: string): Promise<void>;
  /** With the access rules and the roles at places of a branch: what to read, and which action at how many places. */
  accessChanges(
    branch: string,
    call?: { readonly signal?: unknown },
  ): Promise<{ readonly people: readonly AccessChange[]; readonly atPlaces: readonly AccessChange[] }>;
  /** If these were the sets; nothing is changed. */
  previewAccess(sets: readonly NewAccessSet[]): Promise<readonly AccessChange[]>;
}

/** Of the world of the requester. */
export function accessCalls(requester: Requester): AccessCalls {
  const path = (id: string): string => `/access/sets/${encodeURIComponent(id)}`;
  return {
    async accessSets(call) {
      const { sets } = await requester.json<{ readonly sets: readonly AccessSet[] }>("GET", "/access/sets", call);
      return sets;
    },
    createAccessSet: (set) => requester.json("POST", "/access/sets", { body: set }),
    changeAccessSet: (id, set) => requester.json("PUT", path(id), { body: set }),
    removeAccessSet: (id) => requester.json("DELETE", path(id)),
    accessChanges: (branch, call) => requester.json("GET", `/branches/${encodeURIComponent(branch)}/access-changes`, call),
    async previewAccess(sets) {
      const { people } = await requester.json<{ readonly people: readonly AccessChange[] }>("POST", "/access/preview", { body: { sets } });
      return people;
    },
  };
}
