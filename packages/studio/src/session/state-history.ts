import type { Snapshot } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { createStore } from "../store.ts";
import type { Store } from "../store.ts";
import type { StateSpan } from "../values/state-strip.tsx";

/** Spans of state by station and by `station/place`. */
export type StateHistory = ReadonlyMap<string, readonly StateSpan[]>;

const KEPT: Instant = 2 * HOUR;

/** States as the snapshots of this window told them; what was not seen stays blank rather than guessed. */
export function createSeenStates(snapshots: Store<Snapshot | undefined>): Store<StateHistory> {
  const store = createStore<StateHistory>(new Map());
  let lastInstant = 0;
  snapshots.subscribe(() => {
    const snapshot = snapshots.get();
    if (snapshot === undefined) return;
    // A jump in time begins anew: spans on both sides of it do not belong together.
    const jumped = snapshot.instant < lastInstant || snapshot.instant - lastInstant > 30_000_000;
    lastInstant = snapshot.instant;
    const next = new Map(jumped ? [] : store.get());
    for (const station of snapshot.stations) {
      next.set(station.id, extended(next.get(station.id) ?? [], station, snapshot.instant));
      station.places.forEach((place, index) => {
        const key = `${station.id}/${index}`;
        next.set(key, extended(next.get(key) ?? [], { state: place.state, since: place.since ?? snapshot.instant, inferred: station.inferred }, snapshot.instant));
      });
    }
    store.set(next);
  });
  return store;
}

function extended(spans: readonly StateSpan[], now: { readonly state: string; readonly since: Instant; readonly inferred: boolean }, instant: Instant): readonly StateSpan[] {
  const last = spans.at(-1);
  if (last !== undefined && last.state === now.state) return [...spans.slice(0, -1), { ...last, to: instant }];
  const from = Math.min(instant, Math.max(now.since, last?.to ?? 0));
  return [...spans.filter((span) => span.to > instant - KEPT), { from, to: instant, state: now.state, inferred: now.inferred }];
}
