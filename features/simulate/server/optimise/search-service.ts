import { gunzipSync } from "node:zlib";
import type { SearchState, SearchRequest } from "@doppelwerk/client";
import type { JobRun, Jobs } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { IdSource } from "@doppelwerk/world";
import { jobOfEarlierSearch, searchStateOf, withKind, type SearchDetail, type SearchJob } from "../../model/search-job.ts";
import type { EarlierFolder } from "../kept/earlier-folder.ts";
import { packed } from "../kept/kept-files.ts";
import { Saving } from "../kept/saving.ts";
import type { SearchEnd, SearchReport, SearchTask } from "./search-task.ts";
import { searchOf } from "./searches.ts";

export interface SearchServiceOptions {
  readonly jobs: Jobs;
  /** Where earlier versions kept searches. */
  readonly earlier: EarlierFolder;
  readonly ids: IdSource;
  onDamage(file: string, error: unknown): void;
}

const KIND = "simulate.search";
const REQUEST = "request.gz";
/** The file of a search that an earlier version kept. */
const FORMER_REQUEST = "wish.gz";
const STATE = "state";

/**
 * Searches that need no simulator as jobs, each on a thread: schedules, layouts, balances. Whatever is looked for, it is started, followed, cancelled and
 * resumed in one way, and its whole state is on disk twice a second, so that a crash costs half a second.
 */
export class SearchService {
  readonly #options: SearchServiceOptions;

  constructor(options: SearchServiceOptions) {
    this.#options = options;
  }

  /** Adopts the searches of an earlier version. */
  async open(): Promise<void> {
    const { jobs, earlier, onDamage } = this.#options;
    const known = (await jobs.list({ kind: KIND })).map(({ id }) => id);
    await jobs.adopt([...(earlier.unknown(known, onDamage) as Iterable<SearchState>)].map(jobOfEarlierSearch));
  }

  async get(id: string): Promise<SearchState> {
    const job = await this.#options.jobs.get(id);
    if (job?.kind !== KIND) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noSearchId", { id }));
    return searchStateOf(job as SearchJob);
  }

  /** What a search was asked for, as it was asked. */
  async request(id: string): Promise<SearchRequest> {
    await this.get(id);
    const { jobs, earlier } = this.#options;
    const bytes = (await jobs.files.get(id, REQUEST)) ?? (await jobs.files.get(id, FORMER_REQUEST)) ?? earlier.bytes(id, FORMER_REQUEST);
    return withKind(JSON.parse(gunzipSync(bytes!).toString()) as SearchRequest);
  }

  /** Errors: DW_QUEUE_FULL. */
  async start(request: SearchRequest, by: string): Promise<SearchState> {
    // refused here, before any thread starts
    searchOf(request);
    const { kind, title, iterations: budget, seed } = request;
    const detail: SearchDetail = { kind, title, iterations: 0, budget, seed };
    const job = await this.#options.jobs.enqueue(
      { id: this.#options.ids.next("search"), kind: KIND, branch: LIVE, by, priority: 0, total: budget, detail },
      { [REQUEST]: packed(request) },
    );
    return searchStateOf(job as SearchJob);
  }

  /** Ends a search; its best so far is its answer. */
  async cancel(id: string): Promise<void> {
    await this.get(id);
    await this.#options.jobs.cancel(id);
  }

  /** Carries a search out: the handler of its job. */
  async carryOut({ id, detail }: SearchJob, run: JobRun): Promise<{ readonly detail: SearchDetail }> {
    const { jobs, earlier } = this.#options;
    const state = (await jobs.files.get(id, STATE)) ?? earlier.bytes(id, STATE);
    const task: SearchTask = { request: await this.request(id), ...(state && { state }) };
    const saving = new Saving();
    let reached = detail;
    const keep = ({ state: bytes, iterations, objective, lowerBound, solution }: SearchReport): void => {
      reached = {
        ...reached,
        iterations,
        solution,
        ...(Number.isFinite(objective) ? { objective } : {}),
        ...(Number.isFinite(lowerBound) ? { lowerBound } : {}),
      };
      const shown = reached;
      saving.add(async () => {
        await jobs.files.put(id, STATE, bytes);
        await run.report({ done: iterations, detail: shown });
      });
    };
    try {
      const [end] = await run.perform<null, SearchTask, SearchEnd>(
        { kind: KIND, shared: null, tasks: [task], priority: 0, onReport: (report) => keep(report as SearchReport) },
        run.signal,
      );
      return { detail: { ...reached, end: end! } };
    } finally {
      await saving.done();
    }
  }
}
