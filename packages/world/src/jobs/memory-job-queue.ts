import type { Clock } from "../ports/clock.ts";
import type { JobFiles, JobQueue } from "../ports/job-queue.ts";
import { JobTable } from "./job-table.ts";

/** A queue that keeps nothing: for tests. */
export function createMemoryJobQueue(clock: Clock): JobQueue {
  return new JobTable({ clock, jobs: [], files: memoryFiles(), save: () => {}, close: () => {} });
}

function memoryFiles(): JobFiles {
  const kept = new Map<string, Uint8Array>();
  const lines = new Map<string, string[]>();
  const key = (job: string, name: string): string => `${job}/${name}`;
  return {
    put: async (job, name, bytes) => void kept.set(key(job, name), bytes.slice()),
    get: async (job, name) => kept.get(key(job, name))?.slice(),
    append: async (job, name, line) => void lines.set(key(job, name), [...(lines.get(key(job, name)) ?? []), line]),
    lines: async (job, name) => lines.get(key(job, name)) ?? [],
    async drop(job, name) {
      kept.delete(key(job, name));
      lines.delete(key(job, name));
    },
  };
}
