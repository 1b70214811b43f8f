import { createStore, type Store, type Studio } from "@doppelwerk/kit/studio";
import type { PayloadOf } from "@doppelwerk/kit";
import type { progress } from "../../contract.ts";

export type RunProgress = PayloadOf<typeof progress>;
type Progresses = ReadonlyMap<string, RunProgress>;

const TOPIC = "simulate.progress" satisfies (typeof progress)["id"];
const stores = new WeakMap<Studio, Store<Progresses>>();

/** How far the runs are that were started or reported since somebody asked first. */
export function runProgress(studio: Studio): Store<Progresses> {
  const known = stores.get(studio);
  if (known !== undefined) return known;
  const store = createStore<Progresses>(new Map());
  stores.set(studio, store);
  studio.live.on((event) => {
    if (event.kind !== "topic" || event.topic !== TOPIC) return;
    const run = event.payload as RunProgress;
    store.update((runs) => new Map(runs).set(run.id, run));
  });
  return store;
}

/** A run that was just started here, until its first progress arrives. */
export function runStarted(studio: Studio, run: RunProgress): void {
  runProgress(studio).update((known) => (known.has(run.id) ? known : new Map(known).set(run.id, run)));
}
