import { expect, test } from "vitest";
import { testJobs } from "./test-jobs.ts";

const add = (id: string, count: number) => ({ id, kind: "test.sum", branch: "live", by: "p", priority: 0, detail: { count } });

test("jobs of a test are carried out on its own thread, cancelled and failed as by a server", async () => {
  const { jobs, carryOut } = testJobs({ "test.sum": { perform: (base: number, task: number) => base + task } });
  await jobs.enqueue(add("job:1", 3), { plan: new Uint8Array([7]) });
  await jobs.enqueue(add("job:2", 2));
  await jobs.enqueue(add("job:3", 0));
  await carryOut({
    "test.sum": async (job, run) => {
      const { count } = job.detail as { readonly count: number };
      if (count === 0) throw new Error("nothing to add");
      if (count === 2) await jobs.cancel(job.id);
      const tasks = Array.from({ length: count }, (_, i) => i);
      const sums = await run.perform<number, number, number>({ kind: "test.sum", shared: 10, tasks, priority: 0 });
      await run.report({ done: count });
      return { detail: sums };
    },
  });
  expect((await jobs.list()).map(({ id, state, detail }) => [id, state, detail])).toEqual([
    ["job:1", "done", [10, 11, 12]],
    ["job:2", "cancelled", { count: 2 }],
    ["job:3", "failed", { count: 0 }],
  ]);
  expect(await jobs.files.get("job:1", "plan")).toEqual(new Uint8Array([7]));
});
