import { createStore, type Store, type Studio } from "@doppelwerk/kit/studio";
import type { JobProgress } from "@doppelwerk/client";

/** How far the job of a run is. */
export interface RunProgress extends Pick<JobProgress, "id" | "branch" | "done" | "total"> {
  readonly state: Exclude<JobProgress["state"], "poisoned">;
}
type Progresses = ReadonlyMap<string, RunProgress>;

const [TOPIC, KIND] = ["jobs.progress", "simulate.run"];
const stores = new WeakMap<Studio, Store<Progresses>>();

/** How far the runs are that were started or reported since somebody asked first. */
export function runProgress(studio: Studio): Store<Progresses> {
  const known = stores.get(studio);
  if (known !== undefined) return known;
  const store = createStore<Progresses>(new Map());
  stores.set(studio, store);
  studio.live.on((event) => {
    if (event.kind !== "topic" || event.topic !== TOPIC) return;
    const job = event.payload as JobProgress;
    if (job.kind === KIND) store.update((runs) => new Map(runs).set(job.id, runOf(job)));
  });
  return store;
}

/** One that was set apart has failed. */
function runOf({ id, branch, state, done, total }: JobProgress): RunProgress {
  return { id, branch, state: state === "poisoned" ? "failed" : state, done, total };
}

/** How many of the requested replications the simulations of a run amount to. */
export function replicationsDone({ done, total }: Pick<RunProgress, "done" | "total">, replications: number): number {
  return Math.floor((replications * done) / Math.max(1, total));
}

/** A run that was just started here, until its first progress arrives. */
export function runStarted(studio: Studio, run: RunProgress): void {
  runProgress(studio).update((known) => (known.has(run.id) ? known : new Map(known).set(run.id, run)));
}
