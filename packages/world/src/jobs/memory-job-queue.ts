import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "../error.ts";
import type { Clock } from "../ports/clock.ts";
import type { JobFiles, JobQueue } from "../ports/job-queue.ts";
import { JobTable } from "./job-table.ts";

/** A queue that keeps nothing: for tests. */
export function createMemoryJobQueue(clock: Clock): JobQueue {
  const { dropOf, ...files } = memoryFiles();
  return new JobTable({ clock, jobs: [], files, save: () => {}, forget: async (ids) => dropOf(ids), close: () => {} });
}

function memoryFiles(): JobFiles & { dropOf(jobs: ReadonlySet<string>): void } {
  const kept = new Map<string, Uint8Array>();
  const lines = new Map<string, string[]>();
  const key = (job: string, name: string): string => `${job}/${name}`;
  return {
    dropOf(jobs) {
      for (const held of [kept, lines]) for (const name of held.keys()) if (jobs.has(name.slice(0, name.indexOf("/")))) held.delete(name);
    },
    put: async (job, name, bytes) => void kept.set(key(job, name), bytes.slice()),
    async receive(job, name, pieces) {
      const received: number[] = [];
      for await (const piece of pieces) for (const byte of piece) received.push(byte);
      kept.set(key(job, name), Uint8Array.from(received));
      return received.length;
    },
    get: async (job, name) => kept.get(key(job, name))?.slice(),
    has: async (job, name) => kept.has(key(job, name)) || lines.has(key(job, name)),
    async *pieces(job, name) {
      const bytes = kept.get(key(job, name));
      if (bytes === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noJobFile", { job, name }));
      yield bytes.slice();
    },
    append: async (job, name, line) => void lines.set(key(job, name), [...(lines.get(key(job, name)) ?? []), line]),
    lines: async (job, name) => lines.get(key(job, name)) ?? [],
    async drop(job, name) {
      kept.delete(key(job, name));
      lines.delete(key(job, name));
    },
  };
}
