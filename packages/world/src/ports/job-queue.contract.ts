import type { Clock } from "./clock.ts";
import { assertEqual, assertRefused, type ContractCase } from "./contract-case.ts";
import type { Job, JobQueue, NewJob } from "./job-queue.ts";

export interface JobQueueFactory {
  open(clock: Clock): Promise<JobQueue>;
  /** Ends its process and opens another one on the same store; absent for drivers that keep nothing. */
  reopen?(queue: JobQueue, clock: Clock): Promise<JobQueue>;
}

const LEASE_US = 1_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const WHY = { message: "out of memory" };

interface Opened {
  readonly factory: JobQueueFactory;
  readonly queue: JobQueue;
  readonly clock: Clock & { at: number };
  add(id: string, more?: Partial<NewJob>, maxQueued?: number): Promise<Job>;
}

/** What every queue of jobs does alike. Rules JQ1–JQ14 of packages/world/src/jobs/SPEC.md. */
export function jobQueueContract(createFactory: () => JobQueueFactory): readonly ContractCase[] {
  const opened = (work: (given: Opened) => Promise<void>) => async () => {
    const factory = createFactory();
    const clock = { at: 1_000_000, now: () => clock.at };
    const queue = await factory.open(clock);
    const add: Opened["add"] = (id, more = {}, maxQueued = 100) =>
      queue.enqueue({ id, kind: "a.work", branch: "live", by: "person:1", priority: 0, detail: { size: 1 }, ...more }, { maxQueued });
    await work({ factory, queue, clock, add });
  };
  return [
    { title: "[JQ1] the most urgent job of the kinds asked for is claimed, of equal ones the first", run: opened(claimsInOrder) },
    { title: "[JQ2] a job has one owner, and nobody else can report or end it", run: opened(hasOneOwner) },
    { title: "[JQ3] a job whose lease has passed is claimed again, and its former owner is refused", run: opened(expires) },
    { title: "[JQ4] whoever watches sees progress, detail and every state", run: opened(isWatched) },
    { title: "[JQ5] one that waits is cancelled at once, one that runs with its next heartbeat", run: opened(isCancelled) },
    { title: "[JQ6] a job that crashes three times without progress is poisoned, one that makes progress is not", run: opened(isPoisoned) },
    { title: "[JQ7] a full queue refuses, and keeps nothing of what it refused", run: opened(overflows) },
    { title: "[JQ8] what was acknowledged is there after reopening, and what ran waits again", run: opened(survives) },
    { title: "[JQ9] files are replaced whole, lines keep their order, and what is dropped is gone", run: opened(keepsFiles) },
    { title: "[JQ10] a job that ended waits again with what it has reached", run: opened(isRequeued) },
    { title: "[JQ11] jobs of an earlier store are adopted as they stand, known ones left alone", run: opened(adopts) },
    { title: "[JQ13] a file that comes in pieces is there whole, or not at all", run: opened(receivesFiles) },
    { title: "[JQ14] jobs that ended are forgotten with their files, others stay", run: opened(forgets) },
  ];
}

async function claimsInOrder({ queue, add }: Opened): Promise<void> {
  await add("job:late", { priority: 1 });
  await add("job:first");
  await add("job:second");
  await add("job:other", { kind: "b.work", priority: -1 });
  const order: (string | undefined)[] = [];
  for (let i = 0; i < 4; i++) order.push((await queue.claim(["a.work"], "me", LEASE_US))?.id);
  assertEqual(order, ["job:first", "job:second", "job:late", undefined], "order");
  assertEqual((await queue.get("job:other"))!.state, "queued", "of another kind");
  await queue.close();
}

async function hasOneOwner({ queue, add }: Opened): Promise<void> {
  await add("job:1");
  await assertRefused("DW_CONFLICT", () => queue.finish("job:1", "me", { state: "done" }), "not claimed");
  await queue.claim(["a.work"], "me", LEASE_US);
  assertEqual(await queue.claim(["a.work"], "you", LEASE_US), undefined, "claimed twice");
  await assertRefused("DW_CONFLICT", () => queue.heartbeat("job:1", "you", LEASE_US, { done: 9 }), "heartbeat");
  await assertRefused("DW_CONFLICT", () => queue.finish("job:1", "you", { state: "done" }), "finish");
  await assertRefused("DW_CONFLICT", () => queue.crash("job:1", "you", WHY), "crash");
  await assertRefused("DW_CONFLICT", () => queue.release("job:1", "you"), "release");
  await assertRefused("DW_NOT_FOUND", () => queue.cancel("job:none"), "unknown");
  await assertRefused("DW_CONFLICT", () => add("job:1"), "the same id");
  const job = (await queue.get("job:1"))!;
  assertEqual([job.state, job.done, job.lease?.owner], ["running", 0, "me"], "job");
  await queue.close();
}

async function expires({ queue, clock, add }: Opened): Promise<void> {
  await add("job:1");
  await queue.claim(["a.work"], "me", LEASE_US);
  clock.at += LEASE_US;
  await queue.heartbeat("job:1", "me", LEASE_US);
  clock.at += LEASE_US;
  assertEqual(await queue.claim(["a.work"], "you", LEASE_US), undefined, "still leased");
  clock.at += 1;
  const again = (await queue.claim(["a.work"], "you", LEASE_US))!;
  assertEqual([again.lease?.owner, again.resumed, again.crashes], ["you", 1, 1], "claimed again");
  await assertRefused("DW_CONFLICT", () => queue.finish("job:1", "me", { state: "done" }), "the former owner");
  assertEqual((await queue.finish("job:1", "you", { state: "done" })).state, "done", "the new owner");
  await queue.close();
}

async function isWatched({ queue, clock, add }: Opened): Promise<void> {
  const seen: string[] = [];
  const stop = queue.watch(({ id, state, done, total }) => seen.push(`${id} ${state} ${done}/${total}`));
  await add("job:1", { total: 4 });
  await queue.claim(["a.work"], "me", LEASE_US);
  await queue.heartbeat("job:1", "me", LEASE_US, { done: 1 });
  await queue.heartbeat("job:1", "me", LEASE_US, { done: 2, total: 8, detail: { size: 2 } });
  clock.at += 5;
  const done = await queue.finish("job:1", "me", { state: "failed", message: "no line", done: 3 });
  stop();
  await add("job:2");
  assertEqual(
    seen,
    ["job:1 queued 0/4", "job:1 running 0/4", "job:1 running 1/4", "job:1 running 2/8", "job:1 failed 3/8"],
    "what was watched",
  );
  assertEqual([done.detail, done.message, done.finishedAt], [{ size: 2 }, "no line", clock.at], "at its end");
  assertEqual(
    (await queue.list()).map(({ id }) => id),
    ["job:1", "job:2"],
    "all",
  );
  assertEqual(
    (await queue.list({ states: ["failed"], branch: "live", kinds: ["a.work"] })).map(({ id }) => id),
    ["job:1"],
    "selected",
  );
  assertEqual(await queue.list({ branch: "branch:1" }), [], "of another branch");
  await queue.close();
}

async function isCancelled({ queue, add }: Opened): Promise<void> {
  await add("job:1");
  assertEqual((await queue.cancel("job:1")).state, "cancelled", "one that waits");
  assertEqual(await queue.claim(["a.work"], "me", LEASE_US), undefined, "claimed");
  await add("job:2");
  await queue.claim(["a.work"], "me", LEASE_US);
  await queue.cancel("job:2");
  assertEqual((await queue.heartbeat("job:2", "me", LEASE_US)).cancelRequested, true, "told to its owner");
  assertEqual((await queue.release("job:2", "me")).state, "cancelled", "its owner ends");
  await add("job:3");
  await queue.claim(["a.work"], "me", LEASE_US);
  await queue.cancel("job:3");
  const done = await queue.finish("job:3", "me", { state: "done" });
  assertEqual([done.state, done.cancelRequested], ["done", undefined], "it was faster");
  assertEqual((await queue.cancel("job:3")).state, "done", "one that ended");
  await queue.close();
}

async function isPoisoned({ queue, add }: Opened): Promise<void> {
  await add("job:1", { total: 9 });
  const crash = async (done: number): Promise<Job> => {
    await queue.claim(["a.work"], "me", LEASE_US);
    await queue.heartbeat("job:1", "me", LEASE_US, { done });
    return queue.crash("job:1", "me", WHY);
  };
  const states: string[] = [];
  for (const done of [0, 0, 1, 1, 2, 2, 2]) {
    const { state, crashes } = await crash(done);
    states.push(`${state} ${crashes}`);
  }
  assertEqual(states, ["queued 1", "queued 2", "queued 1", "queued 2", "queued 1", "queued 2", "poisoned 3"], "after each crash");
  const job = (await queue.get("job:1"))!;
  assertEqual([job.message, job.lease], ["out of memory", undefined], "set apart");
  assertEqual(await queue.claim(["a.work"], "me", LEASE_US), undefined, "claimed again");
  await queue.close();
}

async function overflows({ queue, add }: Opened): Promise<void> {
  await add("job:1", {}, 2);
  await add("job:other", { kind: "b.work" }, 2);
  const both = await Promise.allSettled([
    queue.enqueue(
      { id: "job:2", kind: "a.work", branch: "live", by: "p", priority: 0, detail: null },
      { maxQueued: 2, files: { plan: bytes("two") } },
    ),
    add("job:3", {}, 2),
  ]);
  assertEqual(
    both.map(({ status }) => status),
    ["fulfilled", "rejected"],
    "two at once",
  );
  await assertRefused("DW_QUEUE_FULL", () => add("job:4", {}, 2), "one more");
  assertEqual((await queue.list()).map(({ id }) => id).sort(), ["job:1", "job:2", "job:other"], "kept");
  await queue.claim(["a.work"], "me", LEASE_US);
  await add("job:4", {}, 2);
  await queue.close();
}

async function survives({ factory, queue, clock, add }: Opened): Promise<void> {
  if (factory.reopen === undefined) return;
  await queue.enqueue(
    { id: "job:1", kind: "a.work", branch: "branch:1", by: "p", priority: 3, detail: { text: "äß" } },
    { maxQueued: 9, files: { plan: bytes("the plan") } },
  );
  await queue.claim(["a.work"], "me", LEASE_US);
  await queue.finish("job:1", "me", { state: "failed", message: "why", reason: { code: "a.b", params: { n: 1 } } });
  await add("job:2");
  await queue.claim(["a.work"], "me", LEASE_US);
  await queue.heartbeat("job:2", "me", LEASE_US, { done: 5, detail: { at: 5 } });
  await queue.files.append("job:2", "parts", "one");
  await add("job:3");
  await queue.cancel("job:3");
  await add("job:4");
  const before = (await queue.get("job:1"))!;
  const again = await factory.reopen(queue, clock);
  assertEqual(await again.get("job:1"), before, "one that ended");
  assertEqual(await again.files.get("job:1", "plan"), bytes("the plan"), "its plan");
  const states = (await again.list()).map(({ id, state }) => `${id} ${state}`);
  assertEqual(states, ["job:1 failed", "job:2 queued", "job:3 cancelled", "job:4 queued"], "states");
  const resumed = (await again.claim(["a.work"], "you", LEASE_US))!;
  assertEqual([resumed.id, resumed.resumed, resumed.done, resumed.detail], ["job:2", 1, 5, { at: 5 }], "resumed");
  assertEqual(await again.files.lines("job:2", "parts"), ["one"], "its lines");
  await again.close();
}

async function keepsFiles({ queue, add }: Opened): Promise<void> {
  const { files } = queue;
  await add("job:1");
  assertEqual([await files.get("job:1", "result"), await files.lines("job:1", "parts")], [undefined, []], "none");
  await files.put("job:1", "result", bytes("first and long"));
  await files.put("job:1", "result", bytes("second"));
  assertEqual(await files.get("job:1", "result"), bytes("second"), "replaced");
  for (const line of ["1", "2", '{"three":3}']) await files.append("job:1", "parts", line);
  assertEqual(await files.lines("job:1", "parts"), ["1", "2", '{"three":3}'], "lines");
  await files.drop("job:1", "parts");
  await files.drop("job:1", "result");
  await files.drop("job:1", "nothing");
  assertEqual([await files.get("job:1", "result"), await files.lines("job:1", "parts")], [undefined, []], "dropped");
  await queue.close();
}

async function isRequeued({ queue, add }: Opened): Promise<void> {
  await add("job:1");
  assertEqual((await queue.requeue("job:1")).state, "queued", "one that did not end");
  await queue.claim(["a.work"], "me", LEASE_US);
  await queue.finish("job:1", "me", { state: "failed", done: 7, message: "why" });
  const again = await queue.requeue("job:1", { size: 2 });
  assertEqual(
    [again.state, again.done, again.message, again.finishedAt, again.detail],
    ["queued", 7, undefined, undefined, { size: 2 }],
    "job",
  );
  const running = (await queue.claim(["a.work"], "me", LEASE_US))!;
  assertEqual([running.id, running.resumed], ["job:1", 0], "a person's request is no interruption");
  await queue.close();
}

async function adopts({ queue, add }: Opened): Promise<void> {
  const job = await add("job:1");
  const earlier: Job = { ...job, id: "job:old", state: "done", finishedAt: 5, done: 3, total: 3 };
  await queue.adopt([earlier, { ...earlier, id: "job:1" }]);
  assertEqual(await queue.get("job:old"), earlier, "adopted");
  assertEqual((await queue.get("job:1"))!.state, "queued", "known");
  await queue.close();
}

async function receivesFiles({ factory, queue, clock, add }: Opened): Promise<void> {
  const pieces = async function* (count: number, breaks = false): AsyncIterable<Uint8Array> {
    for (let piece = 0; piece < count; piece++) yield bytes(`piece ${piece}, `);
    if (breaks) throw new Error("the line broke");
  };
  const whole = async (job: string): Promise<string> => {
    let text = "";
    for await (const piece of queue.files.pieces(job, "upload")) text += new TextDecoder().decode(piece);
    return text;
  };
  assertEqual(await queue.files.receive("job:1", "upload", pieces(2)), 18, "bytes");
  await add("job:1");
  assertEqual(await whole("job:1"), "piece 0, piece 1, ", "before the job");
  assertEqual([await queue.files.has("job:1", "upload"), await queue.files.has("job:1", "plan")], [true, false], "there");
  const broken = await queue.files.receive("job:1", "upload", pieces(9, true)).catch((error: Error) => error.message);
  assertEqual([broken, await whole("job:1")], ["the line broke", "piece 0, piece 1, "], "broken off");
  await assertRefused("DW_NOT_FOUND", () => whole("job:2"), "none");
  await queue.files.receive("job:never", "upload", pieces(3));
  if (factory.reopen === undefined) return queue.close();
  const again = await factory.reopen(queue, clock);
  assertEqual(await again.files.get("job:1", "upload"), bytes("piece 0, piece 1, "), "after reopening");
  assertEqual(await again.files.get("job:never", "upload"), undefined, "of a job that was never enqueued");
  await again.close();
}

async function forgets({ factory, queue, clock, add }: Opened): Promise<void> {
  for (const id of ["job:1", "job:10", "job:2"]) {
    await queue.files.put(id, "plan", bytes(id));
    await add(id);
  }
  await queue.cancel("job:1");
  await queue.files.receive("job:arriving", "upload", (async function* () {})());
  await queue.forget(["job:1", "job:2", "job:none"]);
  const kept = async (of: JobQueue) => [
    (await of.list()).map(({ id }) => id),
    await of.files.get("job:1", "plan"),
    await of.files.get("job:10", "plan"),
  ];
  assertEqual(await kept(queue), [["job:10", "job:2"], undefined, bytes("job:10")], "kept");
  assertEqual(await queue.files.get("job:arriving", "upload"), new Uint8Array(0), "one that comes in");
  if (factory.reopen === undefined) return queue.close();
  const again = await factory.reopen(queue, clock);
  assertEqual(await kept(again), [["job:10", "job:2"], undefined, bytes("job:10")], "after reopening");
  await again.close();
}
