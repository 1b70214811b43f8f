import type { RunSummary } from "@doppelwerk/client";
import { useStore, useStudio } from "@doppelwerk/kit/studio";
import { runProgress, type RunProgress } from "./run-progress.ts";

/** The run of a branch that is queued or under way: the last that was reported, else the newest of the list if nothing was reported of it. */
export function useCurrentRun(branch: string, newest: RunSummary | undefined): RunProgress | undefined {
  const studio = useStudio();
  const progress = useStore(runProgress(studio));
  const reported = [...progress.values()].filter((run) => run.branch === branch && isUnderWay(run));
  return reported.at(-1) ?? (newest !== undefined && isUnderWay(newest) && !progress.has(newest.id) ? newest : undefined);
}

function isUnderWay({ state }: RunProgress): boolean {
  return state === "running" || state === "queued";
}
