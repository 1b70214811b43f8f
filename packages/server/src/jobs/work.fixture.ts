import type { JobTools } from "@doppelwerk/kit";

export type Task =
  | { readonly add: number }
  | { readonly wait: number }
  | { readonly spin: true }
  | { readonly untilStopped: true }
  | { readonly memory: true }
  | { readonly exit: number }
  | { readonly refuse: string };

/** Tasks that add, wait, hang, report, crash or refuse. */
export async function perform({ base }: { readonly base: number }, task: Task, { isStopped, report }: JobTools): Promise<number> {
  if ("add" in task) return base + task.add;
  if ("wait" in task) await new Promise((resolve) => setTimeout(resolve, task.wait));
  if ("spin" in task) for (;;);
  if ("memory" in task) for (const kept: number[][] = []; ;) kept.push(Array.from<number>({ length: 1_000_000 }).fill(kept.length));
  if ("exit" in task) process.exit(task.exit);
  if ("refuse" in task) throw new Error(task.refuse);
  if ("untilStopped" in task) {
    let rounds = 0;
    while (!isStopped()) {
      report({ rounds: ++rounds });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    report({ rounds, last: true });
  }
  return base;
}
