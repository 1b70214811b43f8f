import type { SearchRequest } from "@doppelwerk/client";
import type { JobTools } from "@doppelwerk/kit";
import { SnapshotError } from "@doppelwerk/sim";
import { runSearch, type Search } from "@doppelwerk/sim/optimise";
import { plainSolution, searchOf } from "./searches.ts";

export interface SearchTask {
  readonly request: SearchRequest;
  /** Where an interrupted search had come to. */
  readonly state?: Uint8Array;
}

export interface SearchReport {
  readonly iterations: number;
  readonly objective: number;
  readonly lowerBound: number;
  readonly solution: unknown;
  readonly state: Uint8Array;
}

/** What ended a search. */
export type SearchEnd = "finished" | "iterations" | "time" | "cancelled";

const REPORT_EVERY_US = 500_000;

/** A whole search: it reports twice a second what it has, and once more when it is to stop. */
export function perform(_shared: null, { request, state }: SearchTask, { isStopped, report }: JobTools): SearchEnd {
  const search = restored(request, state);
  const clock = { now: () => Date.now() * 1_000 };
  const last = clock.now() + request.seconds * 1_000_000;
  const show = (): void => {
    const { iterations, objective, lowerBound } = search;
    const shown = { iterations, objective, lowerBound, solution: plainSolution(search.solution()), state: search.save() };
    report(shown satisfies SearchReport);
  };
  for (;;) {
    const left = request.iterations - search.iterations;
    if (left <= 0 && !search.finished) {
      show();
      return "iterations";
    }
    const until = Math.min(last, clock.now() + REPORT_EVERY_US);
    const end = runSearch(search, { iterations: Math.max(1, left), until, clock }, { cancelled: isStopped });
    show();
    if (end !== "time" || clock.now() >= last) return end;
  }
}

/** A state of other code cannot be resumed: then the search begins again. */
function restored(request: SearchRequest, state: Uint8Array | undefined): Search<unknown> {
  const search = searchOf(request);
  if (state === undefined) return search;
  try {
    search.restore(state);
    return search;
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    return searchOf(request);
  }
}
