import type { RecordId } from "@doppelwerk/world";
import type { AccessChange } from "./access-api.ts";
import type { Requester } from "./request.ts";

export type PlaceAction = "export" | "edit" | "propose" | "approve" | "acknowledge" | "command" | "enter";

export interface PlaceAssignment {
  /** `person:…`, `machine:…`, or `role:engineer`: whoever has that role of the server. */
  readonly who: string;
  readonly role: string;
  /** Record id of the shell of a place; `*`: the whole world, and what is at no place. */
  readonly place: string;
  /** ISO 8601, UTC. */
  readonly until?: string | undefined;
}

/** Roles over the place tree. */
export interface NewPlaceRoles {
  readonly name: string;
  /** Actions of places, or of features; `classes`: of property classes alone. */
  readonly roles: readonly {
    readonly name: string;
    readonly actions: readonly string[];
    readonly classes?: readonly string[] | undefined;
  }[];
  readonly assignments: readonly PlaceAssignment[];
  readonly enabled: boolean;
  /** What no assignment gives: refused, or left to the roles of the server. */
  readonly otherwise?: "deny" | "roles" | undefined;
}

/** What a feature does at places. */
export interface PlaceAct {
  /** `FEATURE.ACT` */
  readonly id: string;
  readonly feature: string;
  readonly action: PlaceAction;
  readonly title?: { readonly en: string; readonly zh: string };
  readonly operations: readonly string[];
}

export interface PlaceRoles extends NewPlaceRoles {
  readonly id: RecordId;
}

export interface PlaceRolesCalls {
  placeRoles(call?: { readonly signal?: unknown }): Promise<readonly PlaceRoles[]>;
  /** What roles at places may give. */
  placeActs(call?: {
    readonly signal?: unknown;
  }): Promise<{ readonly actions: readonly PlaceAction[]; readonly acts: readonly PlaceAct[] }>;
  /** Places of live that an assignment may name. */
  placesOf(call?: { readonly signal?: unknown }): Promise<readonly { readonly id: RecordId; readonly name: string }[]>;
  createPlaceRoles(given: NewPlaceRoles): Promise<PlaceRoles>;
  changePlaceRoles(id: RecordId, given: NewPlaceRoles): Promise<PlaceRoles>;
  removePlaceRoles(id: RecordId): Promise<void>;
  /** Counted are places and actions; nothing is changed. */
  previewPlaceRoles(sets: readonly NewPlaceRoles[]): Promise<readonly AccessChange[]>;
}

/** Of the world of the requester. */
export function placeRolesCalls(requester: Requester): PlaceRolesCalls {
  const path = (id: string): string => `/place-roles/${encodeURIComponent(id)}`;
  return {
    async placeRoles(call) {
      const { sets } = await requester.json<{ readonly sets: readonly PlaceRoles[] }>("GET", "/place-roles", call);
      return sets;
    },
    placeActs: (call) => requester.json("GET", "/place-roles/actions", call),
    async placesOf(call) {
      const { places } = await requester.json<{ readonly places: readonly { readonly id: RecordId; readonly name: string }[] }>(
        "GET",
        "/places",
        call,
      );
      return places;
    },
    createPlaceRoles: (given) => requester.json("POST", "/place-roles", { body: given }),
    changePlaceRoles: (id, given) => requester.json("PUT", path(id), { body: given }),
    removePlaceRoles: (id) => requester.json("DELETE", path(id)),
    async previewPlaceRoles(sets) {
      const body = { sets };
      const { people } = await requester.json<{ readonly people: readonly AccessChange[] }>("POST", "/place-roles/preview", { body });
      return people;
    },
  };
}
