import type { Presence } from "@doppelwerk/sync";
import { afterEach, expect, test, vi } from "vitest";
import type { Studio } from "@doppelwerk/ui";
import { pointAt, sharePresence } from "./presence.ts";

afterEach(() => vi.unstubAllGlobals());

test("[U30] a pointer that leaves the world is told as no pointer, never as null", () => {
  vi.stubGlobal("window", new EventTarget());
  const told: Presence[] = [];
  const silent = { subscribe: () => () => undefined };
  const stop = sharePresence({
    address: { store: { ...silent, get: () => ({ branch: "live", view: "world" }) } },
    time: { state: { get: () => ({ kind: "live" }) }, shown: silent },
    live: { presence: (presence: Presence) => void told.push(presence) },
  } as unknown as Studio);
  pointAt([1, 2, 3]);
  pointAt(undefined);
  stop();
  expect(told.map((presence) => JSON.parse(JSON.stringify(presence)) as unknown)).toEqual([
    { branch: "live", view: "world" },
    { branch: "live", view: "world", pointer: [1, 2, 3] },
    { branch: "live", view: "world" },
  ]);
});
