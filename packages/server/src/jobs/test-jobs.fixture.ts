import { randomUUID } from "node:crypto";
import type { JobDeclaration } from "@doppelwerk/kit";
import type { JobHandler, Jobs } from "@doppelwerk/kit/server";
import { openFileJobQueue } from "@doppelwerk/storage/jobs";
import type { Clock } from "@doppelwerk/world";
import { pino } from "pino";
import type { ShownProgress } from "./jobs-api.ts";
import { WorldJobs, type JobFeature, type WorldJobsOptions } from "./world-jobs.ts";

export interface TestJobs {
  /** As the feature has it in its context. */
  readonly jobs: Jobs;
  readonly world: WorldJobs;
  readonly published: ShownProgress[];
  /** The feature has opened: its jobs are carried out. */
  carryOut(handlers: Readonly<Record<string, JobHandler>>): void;
  /** The feature is switched off, and could be opened again. */
  switchOff(): Promise<void>;
  /** The server ends. */
  close(): Promise<void>;
}

/** Jobs of one feature on a folder, with the store, the runner and the threads of a server. */
export async function openTestJobs(options: {
  readonly directory: string;
  readonly jobs: readonly JobDeclaration[];
  /** What the paths of the manifest are seen from. */
  readonly folder: URL;
  readonly workers?: number;
  readonly clock?: Clock;
  readonly metrics?: WorldJobsOptions["metrics"];
}): Promise<TestJobs> {
  const { directory, jobs, folder, workers = 1, clock = { now: () => Date.now() * 1_000 }, metrics } = options;
  const published: ShownProgress[] = [];
  const world = await WorldJobs.open({
    queue: openFileJobQueue({
      directory,
      clock,
      onDamage(file, error) {
        throw new Error(`${file} is damaged`, { cause: error });
      },
    }),
    clock,
    logger: pino({ level: "silent" }),
    owner: `test ${randomUUID()}`,
    workers,
    ...(metrics && { metrics }),
    publish: (_topic, payload) => published.push(payload),
  });
  const feature: JobFeature = { id: jobs[0]!.kind.split(".")[0]!, jobs, folder };
  const closed = new AbortController();
  return {
    jobs: world.of(feature, closed.signal),
    world,
    published,
    carryOut: (handlers) => world.opened(feature, handlers),
    switchOff: () => world.closing(feature, "off"),
    async close() {
      await world.closing(feature, "closing");
      closed.abort();
      await world.close();
    },
  };
}
