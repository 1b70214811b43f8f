import type { RepairRequest } from "@doppelwerk/aas";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { JobRun, Jobs } from "@doppelwerk/kit/server";
import type { FileImport } from "@doppelwerk/ports";
import { hasEnded, LIVE, type IdSource, type Job, type Principal, type WorldView } from "@doppelwerk/world";
import type { ImportJob } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { FileSource } from "./file-source.ts";
import type { Importer, ImportSteps } from "./importer.ts";

/** What a job of an import is carried out from, beside its file. */
interface ImportDetail {
  readonly name: string;
  readonly repair: RepairRequest;
  readonly connect: boolean;
  /** Who writes what the file brings. */
  readonly by: Principal;
  /** Of the file, in bytes. */
  readonly size: number;
}
type ImportingJob = Job<ImportDetail>;
type Asked = Pick<ImportDetail, "name" | "repair" | "connect">;

export interface ImportJobsOptions {
  readonly jobs: Jobs;
  readonly ids: IdSource;
  readonly importer: Pick<Importer, "importFile">;
  view(principal: Principal): WorldView;
  /** The outcome of a job could not be stored. */
  onLost(job: string, error: unknown): void;
}

/** What an import brings, and while it is made, the count of its changes. */
interface KeptReport extends FileImport {
  readonly changes?: number;
}

interface Waiting {
  resolve(report: FileImport): void;
  reject(error: unknown): void;
}

const KIND = "assets.import";
const UPLOAD = "upload";
/** Written before anything is changed, and again at the end. */
const REPORT = "report.json";
/** Shares of an import are counted in hundredths. */
const TOTAL = 100;
/** Those of reading the file. */
const READ = 50;
/** Imports that ended are kept so long that whoever started one can read how. */
const MAX_ENDED = 200;

/**
 * Imports of files as jobs. The file streams to disk beside the job and is removed when the job ends, however it ends. An import that is interrupted
 * starts over with the file: it is merged three-way, so that what stands already is not brought again. One that has written a part of its changes is not
 * cancelled: it brings the rest.
 */
export class ImportJobs {
  readonly #options: ImportJobsOptions;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: ImportJobsOptions) {
    this.#options = options;
  }

  /** Completes what the last process left behind. */
  async open(): Promise<void> {
    const { jobs } = this.#options;
    jobs.watch((job) => {
      if (job.kind === KIND && hasEnded(job)) void this.#ended(job);
    });
    for (const job of await jobs.list({ kind: KIND })) {
      if (!hasEnded(job)) continue;
      // its file is there still: it was cancelled by a crash, with a part of its changes made
      const isHalfDone = job.state === "cancelled" && (await jobs.files.has(job.id, UPLOAD)) && (await this.#report(job.id)) !== undefined;
      if (isHalfDone) await jobs.requeue(job.id);
      else await jobs.files.drop(job.id, UPLOAD);
    }
  }

  /** The file is on disk, and the job behind it, when it resolves. Errors: DW_FORBIDDEN, DW_QUEUE_FULL, DW_UNAVAILABLE (no room); nothing is left then. */
  start(view: WorldView, pieces: AsyncIterable<Uint8Array>, asked: Asked): Promise<ImportingJob> {
    return this.#start(this.#options.ids.next("import"), view, pieces, asked);
  }

  /** `start`, and what the import did once it has ended. Errors: as of an import, DW_CANCELLED. */
  async finish(view: WorldView, pieces: AsyncIterable<Uint8Array>, asked: Asked): Promise<FileImport> {
    const id = this.#options.ids.next("import");
    const outcome = Promise.withResolvers<FileImport>();
    // it may fail before anyone waits for it
    void Promise.allSettled([outcome.promise]);
    this.#waiting.set(id, outcome);
    try {
      await this.#start(id, view, pieces, asked);
    } catch (error) {
      this.#waiting.delete(id);
      throw error;
    }
    return outcome.promise;
  }

  /** Errors: DW_NOT_FOUND. */
  async read(id: string): Promise<ImportJob> {
    const job = (await this.#options.jobs.get(id)) as ImportingJob | undefined;
    if (job === undefined || job.kind !== KIND) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noJob", { id: id.slice(0, 200) }));
    return this.shown(job);
  }

  async shown({ id, state, done, total, detail, message: text, reason }: ImportingJob): Promise<ImportJob> {
    const report = state === "done" ? await this.#report(id) : undefined;
    return {
      id,
      state,
      name: detail.name,
      progress: state === "done" ? 1 : done / total,
      ...(text === undefined ? {} : { message: text }),
      ...(reason && { reason }),
      ...(report && { report }),
    };
  }

  /** Carries an import out: the handler of its job. */
  async carryOut({ id, detail }: ImportingJob, run: JobRun): Promise<{ readonly done: number }> {
    const { jobs, importer, view } = this.#options;
    const { name, repair, connect, by, size } = detail;
    const file: FileSource = { size, pieces: () => jobs.files.pieces(id, UPLOAD) };
    try {
      const before = await this.#report(id);
      const report = await importer.importFile(view(by), name, file, { repair, connect }, this.#steps(id, run));
      // one that was interrupted says what it brought in all
      const { created, changed, conflicts, waiting } = before ?? report;
      const whole: FileImport = { ...report, created, changed, conflicts, ...(waiting === undefined ? {} : { waiting }) };
      await this.#store(id, whole);
      this.#waiting.get(id)?.resolve(whole);
      return { done: TOTAL };
    } catch (error) {
      this.#waiting.get(id)?.reject(await this.#refusal(id, error));
      throw error;
    } finally {
      this.#waiting.delete(id);
    }
  }

  async #start(id: string, view: WorldView, pieces: AsyncIterable<Uint8Array>, asked: Asked): Promise<ImportingJob> {
    const { jobs } = this.#options;
    const decision = view.may("import", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    const size = await jobs.files.receive(id, UPLOAD, pieces);
    const { principal } = view;
    try {
      // a job is kept for good, and a name must not be
      const detail: ImportDetail = { ...asked, by: { ...principal, name: "" }, size };
      return (await jobs.enqueue({ id, kind: KIND, branch: LIVE, by: principal.id, priority: 0, total: TOTAL, detail })) as ImportingJob;
    } catch (error) {
      await jobs.files.drop(id, UPLOAD);
      throw error;
    }
  }

  #steps(id: string, run: JobRun): ImportSteps {
    const { jobs } = this.#options;
    const report = () => this.#report(id);
    let total = 0;
    return {
      signal: run.signal,
      isRead: () => run.report({ done: READ }),
      async begins(brought, changes) {
        const kept = await report();
        total = kept?.changes ?? changes;
        if (kept === undefined) await jobs.files.put(id, REPORT, encoded({ ...brought, changes }));
        else await this.isLeft(changes);
      },
      // of all that the file brings, so that one that is resumed goes on where it was
      isLeft: (changes) => run.report({ done: READ + Math.floor((TOTAL - READ) * Math.max(0, 1 - changes / Math.max(1, total))) }),
      mayGoOn: async (isBegun) => {
        if (!run.signal.aborted) return;
        if (isBegun && (await jobs.get(id))?.cancelRequested) return;
        throw new DoppelwerkError("DW_CANCELLED", message("assets.importCancelled"));
      },
    };
  }

  /** A job that was interrupted is resumed when the server starts again: that is no cancellation. */
  async #refusal(id: string, error: unknown): Promise<unknown> {
    const isStopped = error instanceof DoppelwerkError && error.code === "DW_CANCELLED";
    if (!isStopped || (await this.#options.jobs.get(id))?.cancelRequested) return error;
    return new DoppelwerkError("DW_UNAVAILABLE", message("assets.importResumesLater", { id }));
  }

  async #ended({ id, reason }: Pick<Job, "id" | "reason">): Promise<void> {
    const { jobs, onLost } = this.#options;
    // one that was cancelled while it waited was carried out by nobody
    this.#waiting.get(id)?.reject(new DoppelwerkError("DW_CANCELLED", reason ?? message("assets.importCancelled")));
    this.#waiting.delete(id);
    try {
      await jobs.files.drop(id, UPLOAD);
      const ended = (await jobs.list({ kind: KIND })).filter(hasEnded);
      if (ended.length > MAX_ENDED) await jobs.forget(ended.slice(0, ended.length - MAX_ENDED / 2).map((job) => job.id));
    } catch (error) {
      onLost(id, error);
    }
  }

  async #store(id: string, report: FileImport): Promise<void> {
    try {
      await this.#options.jobs.files.put(id, REPORT, encoded(report));
    } catch (error) {
      // what the file brought stands
      this.#options.onLost(id, error);
    }
  }

  async #report(id: string): Promise<KeptReport | undefined> {
    const bytes = await this.#options.jobs.files.get(id, REPORT);
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as KeptReport);
  }
}

const encoded = (report: KeptReport): Uint8Array => new TextEncoder().encode(JSON.stringify(report));
