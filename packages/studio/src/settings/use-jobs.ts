import { useEffect, useState } from "react";
import type { JobProgress, ListedJob } from "@doppelwerk/client";
import { useLoad, useStudio, type Loaded } from "@doppelwerk/ui";

const MAX_LISTED = 100;

export function isUnderWay({ state }: Pick<JobProgress, "state">): boolean {
  return state === "queued" || state === "running";
}

/** Jobs of the branches that one may see, the newest first: listed, and followed by the topic `jobs.progress`. */
export function useJobs(): Loaded<readonly ListedJob[]> & { readonly reload: () => void } {
  const studio = useStudio();
  const [progress, setProgress] = useState<ReadonlyMap<string, JobProgress>>(new Map());
  // one that is new, or ends, is more than its progress
  const [changes, setChanges] = useState(0);
  const loaded = useLoad(
    async (signal) => {
      const jobs = await studio.client.jobs({ limit: MAX_LISTED }, { signal });
      setProgress(new Map());
      return jobs;
    },
    [],
    undefined,
    changes,
  );
  const states = new Map(loaded.value?.map(({ id, state }) => [id, state]));
  useEffect(
    () =>
      studio.live.on((event) => {
        if (event.kind !== "topic" || event.topic !== "jobs.progress") return;
        const job = event.payload as JobProgress;
        if (states.get(job.id) === job.state) setProgress((known) => new Map(known).set(job.id, job));
        else setChanges((count) => count + 1);
      }),
    // what is listed decides whether a change is one of progress only
    [studio, loaded.value],
  );
  if (loaded.value === undefined) return loaded;
  return { ...loaded, value: loaded.value.map((job) => ({ ...job, ...progress.get(job.id) })) };
}
