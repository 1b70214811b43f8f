import { openFileJobQueue } from "./index.ts";

// Enqueues, claims and ends jobs without end and writes each acknowledged one to stdout, until it is killed or the disk refuses.
const [directory, round, size = "50"] = process.argv.slice(2) as [string, string, string?];
const queue = openFileJobQueue({ directory, clock: { now: () => Date.now() * 1_000 }, onDamage: () => process.stdout.write("damaged\n") });
const detail = { text: "x".repeat(Number(size)) };
try {
  for (let number = 0; ; number++) {
    const id = `job:${round}-${number}`;
    await queue.enqueue(
      { id, kind: "a.work", branch: "live", by: "p", priority: 0, detail },
      { maxQueued: 1_000_000, files: { plan: new TextEncoder().encode(id) } },
    );
    process.stdout.write(`queued ${id}\n`);
    const claimed = (await queue.claim(["a.work"], "child", 60_000_000))!;
    await queue.finish(claimed.id, "child", { state: "done", done: number });
    process.stdout.write(`done ${claimed.id}\n`);
    // yields, so that what was written leaves the process
    await new Promise((resolve) => setImmediate(resolve));
  }
} catch (error) {
  process.stdout.write(`refused ${(error as { readonly code?: string }).code}\n`);
}
