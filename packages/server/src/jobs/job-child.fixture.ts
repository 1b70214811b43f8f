import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { jobKinds, sumHandler } from "./sum.fixture.ts";
import { openTestJobs } from "./test-jobs.fixture.ts";

// Carries out the jobs of a folder until it is killed, and enqueues one where there is none.
const directory = process.argv[2]!;
const opened = await openTestJobs({ directory, jobs: jobKinds, folder: new URL("./", import.meta.url) });
opened.carryOut({ "test.sum": sumHandler(opened.jobs, (task) => appendFileSync(join(directory, "computed.txt"), `${task}\n`)) });
if ((await opened.jobs.list()).length === 0)
  await opened.jobs.enqueue({ id: "job:sum", kind: "test.sum", branch: "live", by: "p", priority: 0, detail: { count: 40, waitMs: 30 } });
// threads alone keep no process alive
setInterval(() => {}, 1_000);
