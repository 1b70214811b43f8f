import { answerOf, plantKinds, useLoad, useScope } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Place } from "../contract.ts";

/** The place tree of the branch entered: each place before the places in it. */
export function usePlaces() {
  const { branch } = useScope();
  return useLoad(answerOf(calls.list, { query: { branch } }, { kinds: plantKinds }));
}

/** From the outermost place down to this one; empty where there is no such place. */
export function pathOfPlace(places: readonly Place[], id: string): readonly Place[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  const path: Place[] = [];
  for (let at = byId.get(id); at !== undefined && path.length < places.length; at = byId.get(at.parent ?? "")) path.unshift(at);
  return path;
}
