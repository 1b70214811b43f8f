import { randomUUID } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Work that goes on after its request was answered, as invoke-async, bulk and packages-async have it. */
export interface Job<R> {
  readonly result: R | undefined;
}

interface Kept {
  readonly owner: string;
  result: unknown;
  bug?: unknown;
}

/** Handles kept at most; the oldest finished one is forgotten for a new one. */
const MAX_JOBS = 1_000;

/**
 * Handles of asynchronous requests, in memory: after a restart they are unknown, as IDTA-01002 allows. A handle answers only to the owner
 * it was made for (principal, branch and place). Errors: DW_UNAVAILABLE when `MAX_JOBS` are running.
 */
export class Jobs {
  readonly #jobs = new Map<string, Kept>();

  /** Starts the work and returns its handle. A refusal is part of the result; what `run` throws is a bug and thrown to whoever asks. */
  start<R>(owner: string, run: () => Promise<R>): string {
    if (this.#jobs.size >= MAX_JOBS) this.#forgetOldest();
    const handle = randomUUID();
    const job: Kept = { owner, result: undefined };
    this.#jobs.set(handle, job);
    run().then(
      (result) => (job.result = result),
      (bug: unknown) => (job.bug = bug),
    );
    return handle;
  }

  /** Undefined = no such handle for this owner. */
  find<R>(owner: string, handle: string): Job<R> | undefined {
    const job = this.#jobs.get(handle);
    if (job?.owner !== owner) return undefined;
    if (job.bug !== undefined) throw job.bug;
    return job as Job<R>;
  }

  #forgetOldest(): void {
    for (const [handle, { result, bug }] of this.#jobs) {
      if (result === undefined && bug === undefined) continue;
      this.#jobs.delete(handle);
      return;
    }
    throw new DoppelwerkError("DW_UNAVAILABLE", message("aasServer.asynchronousRequestsRunning", { max: MAX_JOBS }));
  }
}
