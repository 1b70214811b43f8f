import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Jobs } from "@doppelwerk/kit/server";
import { hasEnded, type Job } from "@doppelwerk/world";
import { afterAll, afterEach, expect, test } from "vitest";
import { FeatureMetrics } from "../features/feature-metrics.ts";
import { jobKinds, sumHandler, type SumDetail } from "./sum.fixture.ts";
import { openTestJobs, type TestJobs } from "./test-jobs.fixture.ts";
import { WorkerPool } from "./worker-pool.ts";
import type { Task } from "./work.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-server-jobs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const here = new URL("./", import.meta.url);
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

let folders = 0;
async function open(directory = join(root, String(++folders)), workers = 1): Promise<TestJobs & { readonly directory: string }> {
  const opened = await openTestJobs({ directory, jobs: jobKinds, folder: here, workers });
  closing.push(opened.close);
  opened.carryOut({ "test.sum": sumHandler(opened.jobs), "test.idle": (_job, { signal }) => aborted(signal) });
  return { ...opened, directory };
}

/** Ends as work does that is cancelled. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }));

const sum = (jobs: Jobs, id: string, detail: SumDetail, priority = 0) =>
  jobs.enqueue({ id, kind: "test.sum", branch: "live", by: "p", priority, detail });

async function ended(jobs: Jobs, id: string): Promise<Job<SumDetail>> {
  for (;;) {
    const job = await jobs.get(id);
    if (hasEnded(job!)) return job as Job<SumDetail>;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("[JB1] a job is carried out on worker threads, and its state, progress and end are published and kept", async () => {
  const { jobs, published, close, directory } = await open();
  const job = await sum(jobs, "job:1", { count: 5 });
  expect(job.state).toBe("running");
  expect(await ended(jobs, "job:1")).toMatchObject({ state: "done", done: 5, total: 5, detail: { sum: 10 } });
  expect(published[0]).toMatchObject({ id: "job:1", kind: "test.sum", branch: "live", state: "queued", progress: 0 });
  expect(published.at(-1)).toMatchObject({ state: "done", progress: 1 });
  await close();
  closing.pop();
  expect(await ended((await open(directory)).jobs, "job:1")).toMatchObject({ detail: { sum: 10 } });
});

test("[JB2] more jobs than may run wait, by priority; more than may wait are refused, and a kind that is not declared is a bug", async () => {
  const { jobs } = await open();
  const order: string[] = [];
  jobs.watch(({ id, state }) => void (state === "running" && !order.includes(id) && order.push(id)));
  await sum(jobs, "job:1", { count: 3, waitMs: 40 });
  await sum(jobs, "job:2", { count: 3, waitMs: 40 });
  expect((await sum(jobs, "job:3", { count: 1 }, 2)).state).toBe("queued");
  await sum(jobs, "job:4", { count: 1 }, 1);
  await sum(jobs, "job:5", { count: 1 }, 1);
  await expect(sum(jobs, "job:6", { count: 1 })).rejects.toMatchObject({ code: "DW_QUEUE_FULL" });
  await expect(jobs.enqueue({ id: "x", kind: "other.sum", branch: "live", by: "p", priority: 0, detail: 0 })).rejects.toThrow(/manifest/);
  await ended(jobs, "job:3");
  expect(order).toEqual(["job:1", "job:2", "job:4", "job:5", "job:3"]);
});

test("[JB3] one thread and several give the same results in the order of the tasks", async () => {
  for (const workers of [1, 3]) {
    const { jobs } = await open(undefined, workers);
    const seen: number[] = [];
    const tasks: Task[] = Array.from({ length: 20 }, (_, add) => ({ add }));
    const work = {
      kind: "test.sum",
      shared: { base: 100 },
      tasks,
      priority: 0,
      onResult: (result: unknown) => void seen.push(result as number),
    };
    expect(await jobs.perform(work)).toEqual(tasks.map((_, add) => 100 + add));
    expect(seen.toSorted((a, b) => a - b)).toEqual(tasks.map((_, add) => 100 + add));
  }
});

test("[JB4] a job that is cancelled ends within a second, its thread too where the task does not look; the next one runs", async () => {
  const { jobs } = await open();
  await sum(jobs, "job:spin", { count: 1, task: { spin: true } });
  await expect.poll(async () => (await jobs.get("job:spin"))!.total).toBe(1);
  await jobs.cancel("job:spin");
  expect((await ended(jobs, "job:spin")).state).toBe("cancelled");
  // on the only thread there may be
  await sum(jobs, "job:next", { count: 3 });
  expect((await ended(jobs, "job:next")).detail.sum).toBe(3);
});

test("[JB5] a task that is to stop may report what it has, before the work ends as cancelled", async () => {
  const { jobs } = await open();
  const reports: { readonly rounds: number; readonly last?: true }[] = [];
  const cancel = new AbortController();
  const work = jobs.perform(
    {
      kind: "test.sum",
      shared: { base: 0 },
      tasks: [{ untilStopped: true }],
      priority: 0,
      onReport(value) {
        reports.push(value as (typeof reports)[number]);
        if (reports.length === 3) cancel.abort();
      },
    },
    cancel.signal,
  );
  await expect(work).rejects.toMatchObject({ code: "DW_CANCELLED" });
  expect(reports.at(-1)).toMatchObject({ last: true });
});

test.each([
  ["no memory left", { memory: true }],
  ["an end of its thread", { exit: 7 }],
] as const)("[JB6] a job that crashes its thread again and again (%s) is set apart with the reason; others go on", async (_why, task) => {
  const { jobs } = await open(undefined, 2);
  await sum(jobs, "job:poison", { count: 3, task });
  await sum(jobs, "job:beside", { count: 10, waitMs: 5 });
  const poisoned = await ended(jobs, "job:poison");
  expect(poisoned).toMatchObject({ state: "poisoned", crashes: 3, done: 2, resumed: 2 });
  expect(poisoned.message).toContain("the thread that computed it ended");
  // a crash takes what ran on its thread, and nothing else: the others are resumed to the same sum
  expect(await ended(jobs, "job:beside")).toMatchObject({ state: "done", detail: { sum: 45 } });
  expect((await jobs.requeue("job:poison", { count: 3 })).state).toBe("running");
  expect(await ended(jobs, "job:poison")).toMatchObject({ state: "done", detail: { sum: 3 } });
});

test("[JB6] a task that is refused fails its job with the reason, at once", async () => {
  const { jobs } = await open();
  await sum(jobs, "job:1", { count: 1, task: { refuse: "no such line" } });
  expect(await ended(jobs, "job:1")).toMatchObject({ state: "failed", message: "no such line", crashes: 0 });
});

test("[JB7] a process that is killed with kill -9 resumes its jobs from what they had reached, to the same result", async () => {
  const directory = join(root, String(++folders));
  const computed = (): readonly string[] =>
    existsSync(join(directory, "computed.txt")) ? readFileSync(join(directory, "computed.txt"), "utf8").trim().split("\n") : [];
  for (const least of [5, 15]) await killWhen(directory, () => computed().length >= least);
  const { jobs } = await open(directory);
  expect(await ended(jobs, "job:sum")).toMatchObject({ state: "done", resumed: 2, detail: { sum: 780 } });
  // at most the task that ran when it was killed was computed again
  expect(computed().length).toBeGreaterThanOrEqual(15);
  expect(computed().length - new Set(computed()).size).toBeLessThanOrEqual(2);
}, 120_000);

test("[JB11] a job whose process is killed again and again soon after each progress is not poisoned", async () => {
  const directory = join(root, String(++folders));
  const computed = (): number =>
    existsSync(join(directory, "computed.txt")) ? readFileSync(join(directory, "computed.txt"), "utf8").trim().split("\n").length : 0;
  for (let kill = 0; kill < 5; kill++) {
    const before = computed();
    // the second one comes behind the report of the first
    await killWhen(directory, () => computed() >= before + 2);
  }
  const { jobs } = await open(directory);
  expect(await ended(jobs, "job:sum")).toMatchObject({ state: "done", resumed: 5, crashes: 1, detail: { sum: 780 } });
}, 120_000);

test("[JB8] a server that ends lets its jobs wait; a feature that is switched off cancels them", async () => {
  const first = await open();
  await sum(first.jobs, "job:1", { count: 30, waitMs: 10 });
  await expect.poll(async () => (await first.jobs.get("job:1"))!.done).toBeGreaterThan(2);
  await first.close();
  closing.pop();
  const second = await open(first.directory);
  expect(await second.jobs.get("job:1")).toMatchObject({ state: "running", resumed: 1, crashes: 0 });
  await sum(second.jobs, "job:2", { count: 100, waitMs: 10 });
  await sum(second.jobs, "job:3", { count: 100, waitMs: 10 });
  await second.switchOff();
  expect((await second.jobs.list()).map(({ id, state }) => `${id} ${state}`)).toEqual([
    "job:1 cancelled",
    "job:2 cancelled",
    "job:3 cancelled",
  ]);
  second.carryOut({ "test.sum": sumHandler(second.jobs), "test.idle": (_job, { signal }) => aborted(signal) });
  // with what it has reached
  await second.jobs.requeue("job:1");
  expect(await ended(second.jobs, "job:1")).toMatchObject({ state: "done", detail: { sum: 435 } });
});

test("[JB9] what waits, runs and has ended is measured by feature, kind and state", async () => {
  const metrics = new FeatureMetrics();
  const opened = await openTestJobs({ directory: join(root, String(++folders)), jobs: jobKinds, folder: here, metrics });
  closing.push(opened.close);
  opened.carryOut({ "test.sum": sumHandler(opened.jobs), "test.idle": (_job, { signal }) => aborted(signal) });
  const idle = (id: string) => opened.jobs.enqueue({ id, kind: "test.idle", branch: "live", by: "p", priority: 0, detail: null });
  await idle("job:1");
  await idle("job:2");
  await sum(opened.jobs, "job:3", { count: 1, task: { refuse: "no" } });
  await ended(opened.jobs, "job:3");
  const text = await metrics.text();
  for (const line of [
    'doppelwerk_jobs{feature="test",kind="test.idle",state="running"} 1',
    'doppelwerk_jobs{feature="test",kind="test.idle",state="queued"} 1',
    'doppelwerk_jobs_ended_total{feature="test",kind="test.sum",state="failed"} 1',
  ])
    expect(text).toContain(line);
});

test("[JB3] work of a lower number goes first, and a pool that has nothing to do goes on after it", async () => {
  const pool = new WorkerPool({ module: new URL("./work.fixture.ts", import.meta.url), size: 1, memoryMb: 64 });
  closing.push(() => pool.close());
  const order: string[] = [];
  const work = (name: string, priority: number) =>
    pool.run({ shared: { base: 0 }, tasks: [{ wait: 10 }, { wait: 10 }], priority, onResult: () => void order.push(name) });
  await Promise.all([work("backtest", 1), work("later", 1), work("person", 0)]);
  expect(order).toEqual(["backtest", "person", "person", "backtest", "later", "later"]);
  await pool.close();
  expect(await work("again", 0)).toEqual([0, 0]);
});

/** Kills the process once it is ready and the condition holds. */
function killWhen(directory: string, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("./job-child.fixture.ts", import.meta.url)), directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const timer = setInterval(() => holds() && child.kill("SIGKILL"), 5);
    child.on("exit", (code, signal) => {
      clearInterval(timer);
      if (signal === "SIGKILL") resolve();
      else reject(new Error(`the process ended by itself with ${String(code)}`));
    });
  });
}
