import type { PlaceChange } from "../place-roles/place-access.ts";

/** Who gains and loses which action at how many places, as operations answer it. */
export function shownChanges(changes: readonly PlaceChange[]): {
  readonly people: {
    readonly id: string;
    readonly name: string;
    readonly gained: number;
    readonly lost: number;
    readonly examples: { readonly id: string; readonly kind: string; readonly change: "gained" | "lost" }[];
  }[];
} {
  return {
    people: changes.map(({ principal, gained, lost, examples }) => ({
      id: principal.id,
      name: principal.name,
      gained,
      lost,
      examples: examples.map(({ place, action, change }) => ({ id: `${action} · ${place}`, kind: "place", change })),
    })),
  };
}
