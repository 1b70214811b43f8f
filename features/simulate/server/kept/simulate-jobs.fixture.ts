import { openTestJobs, type TestJobs } from "../../../../packages/server/src/jobs/test-jobs.fixture.ts";
import { simulate } from "../../feature.ts";

/** Jobs of this feature on a folder, with the store, the runner and the threads of a server. */
export function openSimulateJobs(directory: string, workers: number): Promise<TestJobs> {
  return openTestJobs({ directory, jobs: simulate.jobs, folder: new URL("../../", import.meta.url), workers });
}
