import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { gunzipSync, gzipSync } from "node:zlib";
import type { SearchState, SearchWish } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, failureOf } from "@doppelwerk/world";
import type { Clock, IdSource } from "@doppelwerk/world";
import type { FeatureLog } from "@doppelwerk/kit/server";
import type { FromSearch, SearchTask } from "./search-worker.ts";
import { searchOf } from "./searches.ts";

export interface SearchServiceOptions {
  /** `DATA/runs/searches`: a state, a wish and the bytes of the search as a file each, replaced whole. */
  readonly directory: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: FeatureLog;
  /** Searches that run at once; the others wait their turn. */
  readonly size: number;
}

interface Running {
  readonly stop: Int32Array;
  readonly worker: Worker;
  readonly ended: Promise<void>;
}

const WAITING_MAX = 20;

/**
 * Searches that need no simulator, each in a thread of its own: schedules, layouts, balances. Whatever is looked for, it is started, followed, cancelled and
 * resumed in one way, and its whole state is on disk twice a second, so that a crash costs half a second.
 */
export class SearchService {
  readonly #options: SearchServiceOptions;
  readonly #states = new Map<string, SearchState>();
  readonly #running = new Map<string, Running>();
  #queue: string[] = [];
  #closed = false;

  constructor(options: SearchServiceOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true });
    for (const file of readdirSync(options.directory)
      .filter((name) => name.endsWith(".json"))
      .sort()) {
      try {
        const state = JSON.parse(readFileSync(join(options.directory, file), "utf8")) as SearchState;
        this.#states.set(state.id, state);
      } catch (error) {
        options.logger.error({ file, err: error }, "a search cannot be read; the others can");
      }
    }
  }

  /** Goes on with what was running when the server ended. */
  resume(): void {
    for (const state of this.#states.values()) {
      if (state.state !== "running" && state.state !== "queued") continue;
      this.#put(state.id, { state: "queued", resumed: state.resumed + 1 });
      this.#queue.push(state.id);
    }
    this.#feed();
  }

  get(id: string): SearchState {
    const state = this.#states.get(id);
    if (!state) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noSearchId", { id }));
    return state;
  }

  /** What a search was asked for, as it was asked. */
  wish(id: string): SearchWish {
    this.get(id);
    return JSON.parse(gunzipSync(readFileSync(this.#path(id, "wish.gz"))).toString()) as SearchWish;
  }

  start(wish: SearchWish): SearchState {
    // refused here, before any thread starts
    searchOf(wish);
    if (this.#queue.length >= WAITING_MAX)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("simulate.searchesWait", { max: WAITING_MAX }));
    const { what, title, iterations: budget, seed } = wish;
    const id = this.#options.ids.next("search");
    const state: SearchState = {
      id,
      what,
      title,
      state: "queued",
      iterations: 0,
      budget,
      seed,
      startedAt: this.#options.clock.now(),
      resumed: 0,
    };
    this.#write(id, "wish.gz", gzipSync(JSON.stringify(wish)));
    this.#states.set(id, state);
    this.#put(id, {});
    this.#queue.push(id);
    this.#feed();
    return this.get(id);
  }

  /** Ends a search; its best so far is its answer. */
  cancel(id: string): void {
    this.get(id);
    const running = this.#running.get(id);
    if (running) Atomics.store(running.stop, 0, 1);
    else if (this.#queue.includes(id)) {
      this.#queue = this.#queue.filter((waiting) => waiting !== id);
      this.#put(id, { state: "cancelled", finishedAt: this.#options.clock.now() });
    }
  }

  /** Searches are stopped where they are, and go on when the server starts again. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running.values()].map(({ worker }) => worker.terminate()));
  }

  #feed(): void {
    while (!this.#closed && this.#running.size < this.#options.size && this.#queue.length > 0) this.#run(this.#queue.shift()!);
  }

  #run(id: string): void {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const wish = this.wish(id);
    const path = this.#path(id, "state");
    const state = existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
    const worker = new Worker(new URL("./search-worker.ts", import.meta.url), {
      workerData: { wish, stop, ...(state ? { state } : {}) } satisfies SearchTask,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.unref();
    this.#put(id, { state: "running" });
    worker.on("message", (told: FromSearch) => this.#hear(id, told));
    const ended = new Promise<void>((resolve) => {
      worker.once("error", (error) => this.#fail(id, error as Error));
      worker.once("exit", () => {
        this.#running.delete(id);
        if (!this.#closed && this.get(id).state === "running") this.#fail(id, new Error("the search ended without an answer"));
        this.#feed();
        resolve();
      });
    });
    this.#running.set(id, { stop, worker, ended });
  }

  #hear(id: string, { iterations, objective, lowerBound, solution, state, end }: FromSearch): void {
    this.#write(id, "state", state);
    this.#put(id, {
      iterations,
      solution,
      ...(Number.isFinite(objective) ? { objective } : {}),
      ...(Number.isFinite(lowerBound) ? { lowerBound } : {}),
      ...(end ? { end, state: end === "cancelled" ? "cancelled" : "done", finishedAt: this.#options.clock.now() } : {}),
    });
  }

  #fail(id: string, error: Error): void {
    if (this.#closed) return;
    // a state of other code cannot be gone on with: it begins anew once
    if (/snapshot/.test(error.message) && existsSync(this.#path(id, "state"))) {
      renameSync(this.#path(id, "state"), this.#path(id, "state.old"));
      this.#put(id, { state: "queued", iterations: 0 });
      this.#queue.push(id);
      return;
    }
    this.#options.logger.error({ err: error, id }, "a search failed");
    this.#put(id, { state: "failed", ...failureOf(error), finishedAt: this.#options.clock.now() });
  }

  #put(id: string, fields: Partial<SearchState>): void {
    const state = { ...this.get(id), ...fields };
    this.#states.set(id, state);
    this.#write(id, "json", JSON.stringify(state));
  }

  #write(id: string, extension: string, content: string | Uint8Array): void {
    const path = this.#path(id, extension);
    writeFileSync(`${path}.new`, content, { flush: true });
    renameSync(`${path}.new`, path);
  }

  #path(id: string, extension: string): string {
    return join(this.#options.directory, `${id.replace(/[^\w-]/g, "_")}.${extension}`);
  }
}
