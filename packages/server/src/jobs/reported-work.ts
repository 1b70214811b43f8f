import type { TopicOptions } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { LIVE, SECOND, type Clock, type Instant } from "@doppelwerk/world";
import { jobsProgress, type ShownJob, type ShownProgress } from "./jobs-api.ts";

export interface ReportedWorkOptions {
  readonly clock: Clock;
  /** Id of the principal that the server works as. */
  readonly by: string;
  publish(topic: TopicOptions, payload: ShownProgress): void;
}

interface Reported {
  readonly job: ShownJob;
  publishedAt: Instant | undefined;
}

/** Shorter work is listed but not pushed: late samples make some of it every few seconds. */
const PUSHED_AFTER = SECOND;
const PUSHED_EVERY = SECOND / 5;
const TOTAL = 1_000;

/**
 * What the server does of its own accord and shows beside the jobs: derivations of the past. It is not queued, because it follows from what is stored and is
 * resumed from a checkpoint whenever the world opens; and it cannot be cancelled, because conclusions would stay wrong.
 */
export class ReportedWork {
  readonly #options: ReportedWorkOptions;
  readonly #reported = new Map<string, Reported>();

  constructor(options: ReportedWorkOptions) {
    this.#options = options;
  }

  /** 0 when it begins, 1 when it has ended, however it ended. */
  progress(kind: string, name: string, progress: number): void {
    const now = this.#options.clock.now();
    const id = `${kind}:${name}`;
    const before = this.#reported.get(id);
    const begunAt = before?.job.startedAt ?? now;
    const reported: Reported = { job: shown(this.#options.by, { id, kind, name, progress, begunAt }), publishedAt: before?.publishedAt };
    if (progress >= 1) {
      this.#reported.delete(id);
      if (reported.publishedAt !== undefined) this.#publish(reported, now);
      return;
    }
    this.#reported.set(id, reported);
    const isDue = reported.publishedAt === undefined ? now - begunAt >= PUSHED_AFTER : now - reported.publishedAt >= PUSHED_EVERY;
    if (isDue) this.#publish(reported, now);
  }

  /** What is under way. */
  list(): readonly ShownJob[] {
    return Array.from(this.#reported.values(), ({ job }) => job);
  }

  get(id: string): ShownJob | undefined {
    return this.#reported.get(id)?.job;
  }

  #publish(reported: Reported, now: Instant): void {
    reported.publishedAt = now;
    const { by: _by, enqueuedAt: _enqueuedAt, startedAt: _startedAt, resumed: _resumed, ...progress } = reported.job;
    this.#options.publish(jobsProgress, progress);
  }
}

interface Seen {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly progress: number;
  readonly begunAt: Instant;
}

function shown(by: string, { id, kind, name, progress, begunAt }: Seen): ShownJob {
  return {
    id,
    kind,
    branch: LIVE,
    state: progress >= 1 ? "done" : "running",
    progress,
    done: Math.floor(progress * TOTAL),
    total: TOTAL,
    title: message("server.jobDerivation", { name }),
    isFixed: true,
    by,
    enqueuedAt: begunAt,
    startedAt: begunAt,
    resumed: 0,
  };
}
