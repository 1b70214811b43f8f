import type { Presence } from "@doppelwerk/sync";
import { expect, test } from "vitest";
import { createStore } from "@doppelwerk/ui";
import type { Place, Studio } from "@doppelwerk/ui";
import { sharePresence } from "./presence.ts";

test("[U30] a pointer that leaves the world is told as no pointer, never as null", () => {
  const told: Presence[] = [];
  const pointer = createStore<Place | undefined>(undefined);
  const stop = sharePresence({
    pointer,
    address: { store: createStore({ branch: "live", view: "world" }) },
    time: { state: createStore({ kind: "live" }), shown: createStore(undefined) },
    live: { presence: (presence: Presence) => void told.push(presence) },
  } as unknown as Studio);
  pointer.set([1, 2, 3]);
  pointer.set(undefined);
  stop();
  pointer.set([4, 5, 6]);
  expect(told.map((presence) => JSON.parse(JSON.stringify(presence)) as unknown)).toEqual([
    { branch: "live", view: "world" },
    { branch: "live", view: "world", pointer: [1, 2, 3] },
    { branch: "live", view: "world" },
  ]);
});
