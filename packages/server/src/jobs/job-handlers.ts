import type { HandlersOf } from "@doppelwerk/kit/server";
import type { cancelJob, listJobs, readJob } from "./jobs-api.ts";
import type { WorldJobs } from "./world-jobs.ts";

/** Jobs as the kernel answers them: of branches that the caller may read. */
export function jobHandlers(
  jobs: Pick<WorldJobs, "list" | "get" | "cancel">,
): HandlersOf<readonly [typeof listJobs, typeof readJob, typeof cancelJob]> {
  return {
    "kernel.jobs": async ({ view, query: { branch, kind, state, limit } }) => {
      const seen = (await jobs.list()).filter(
        (job) =>
          (branch === undefined || job.branch === branch) &&
          (kind === undefined || job.kind === kind) &&
          (state === undefined || job.state === state) &&
          view.documents.may("read", job.branch).allowed,
      );
      return { jobs: seen.toReversed().slice(0, limit) };
    },
    "kernel.job": ({ params }) => jobs.get(params.id),
    "kernel.cancelJob": ({ params }) => jobs.cancel(params.id),
  };
}
