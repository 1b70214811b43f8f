import type { JobDeclaration } from "@doppelwerk/kit";
import type { JobHandler, Jobs } from "@doppelwerk/kit/server";
import type { Task } from "./work.fixture.ts";

export const jobKinds: readonly JobDeclaration[] = [
  { kind: "test.sum", module: "./work.fixture.ts", maxRunning: 2, maxQueued: 3, memoryMb: 64 },
  { kind: "test.idle", maxRunning: 1, maxQueued: 1 },
];

export interface SumDetail {
  readonly count: number;
  readonly waitMs?: number;
  readonly task?: Task;
  readonly sum?: number;
}

/** Adds 0 to count - 1, task by task, each kept as it comes; `task` is carried out before the last of them. */
export function sumHandler(jobs: Jobs, onTask: (task: number) => void = () => {}): JobHandler {
  return async ({ id, detail }, run) => {
    const { count, waitMs = 0, task } = detail as SumDetail;
    const kept = new Map((await jobs.files.lines(id, "parts.jsonl")).map((line) => JSON.parse(line) as [number, number]));
    await run.report({ done: kept.size, total: count });
    for (let number = 0; number < count; number++) {
      if (kept.has(number)) continue;
      if (waitMs > 0) await run.perform({ kind: "test.sum", shared: { base: 0 }, tasks: [{ wait: waitMs }], priority: 0 });
      if (task && number === count - 1) await run.perform({ kind: "test.sum", shared: { base: 0 }, tasks: [task], priority: 0 });
      const [sum] = await run.perform<object, Task, number>({
        kind: "test.sum",
        shared: { base: 0 },
        tasks: [{ add: number }],
        priority: 0,
      });
      onTask(number);
      kept.set(number, sum!);
      await jobs.files.append(id, "parts.jsonl", JSON.stringify([number, sum]));
      await run.report({ done: kept.size });
    }
    return { detail: { ...(detail as SumDetail), sum: [...kept.values()].reduce((a, b) => a + b, 0) } };
  };
}
