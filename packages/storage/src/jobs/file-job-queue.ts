import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import {
  DoppelwerkError,
  expireJob,
  JOB_VERSION,
  JobTable,
  upcastJob,
  type Clock,
  type Job,
  type JobQueue,
  type Journal,
} from "@doppelwerk/world";
import { makeFolder } from "../files/make-folder.ts";
import { openJournal } from "../journal/index.ts";
import { dropFilesOf, dropFilesOfUnknown, openJobFiles } from "./job-files.ts";

export interface FileJobQueueOptions {
  /** Of one process at a time. */
  readonly directory: string;
  readonly clock: Clock;
  /** A job that cannot be read is reported and left out; a copy of the file is kept beside it. */
  onDamage(file: string, error: unknown): void;
}

/** Bytes of states that are no longer those of their jobs, before the journal is written again. */
const MAX_STALE_BYTES = 8 << 20;

/**
 * Jobs in a folder: `jobs.jsonl`, a line for each state of each job, and a file for each plan and result. What ran when the process ended waits again.
 * Errors: DW_FORMAT_NEWER (nothing is touched), DW_UNAVAILABLE.
 */
export function openFileJobQueue({ directory, clock, onDamage }: FileJobQueueOptions): JobQueue {
  refuseNewerJobs(directory);
  makeFolder(directory);
  const path = join(directory, "jobs.jsonl");
  let damaged = false;
  const damage: FileJobQueueOptions["onDamage"] = (file, error) => {
    damaged = true;
    onDamage(file, error);
  };
  const journal = openOrSalvage(path, damage);
  const jobs = readJobs(journal, (error) => damage(path, error));
  writeFormat(directory);
  let live = 0;
  let stale = existsSync(path) ? statSync(path).size : 0;
  const compact = (all: readonly Job[]): void => {
    journal.replace(all);
    live = statSync(path).size;
    stale = 0;
  };
  if (jobs.some((job) => job !== journal.items.get(job.id)) || stale > MAX_STALE_BYTES) compact(jobs);
  // jobs that cannot be read keep their files until someone has looked at the copy of the journal
  if (!damaged && !existsSync(`${path}.damaged`)) dropFilesOfUnknown(directory, jobs);
  return new JobTable({
    clock,
    jobs: jobs.map((job) => expireJob(job, clock.now())),
    files: openJobFiles(directory),
    async forget(ids) {
      compact([...journal.items.values()].filter(({ id }) => !ids.has(id)));
      dropFilesOf(directory, ids);
    },
    save(changed) {
      if (changed.length > 1) return compact([...journal.items.values(), ...changed]);
      journal.put(changed[0]!);
      stale += JSON.stringify(changed[0]).length;
      if (stale > Math.max(MAX_STALE_BYTES, live)) compact([...journal.items.values()]);
    },
    close: () => journal.close(),
  });
}

/** Errors: DW_FORMAT_NEWER; nothing is touched. */
export function refuseNewerJobs(directory: string): void {
  const path = join(directory, "format.json");
  if (!existsSync(path)) return;
  let format: unknown;
  try {
    ({ format } = JSON.parse(readFileSync(path, "utf8")) as { readonly format?: unknown });
  } catch {
    // each job says its version too
    return;
  }
  if (typeof format === "number" && format > JOB_VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.jobsWrittenNewerDoppelwerk", { format, jobVersion: JOB_VERSION, path }));
}

function writeFormat(directory: string): void {
  const path = join(directory, "format.json");
  const text = `${JSON.stringify({ format: JOB_VERSION })}\n`;
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text, { flush: true });
}

/** Lines that are whole are kept where others are not. */
function openOrSalvage(path: string, onDamage: FileJobQueueOptions["onDamage"]): Journal<Job> {
  try {
    return openJournal<Job>(path, "jobs");
  } catch (error) {
    if (!(error instanceof DoppelwerkError && error.code === "DW_DAMAGED")) throw error;
    onDamage(path, error);
    copyFileSync(path, `${path}.damaged`);
    const lines = readFileSync(path, "utf8").split("\n");
    writeFileSync(
      path,
      lines
        .filter(isWhole)
        .map((line) => `${line}\n`)
        .join(""),
      { flush: true },
    );
    return openJournal<Job>(path, "jobs");
  }
}

function isWhole(line: string): boolean {
  try {
    return line !== "" && typeof (JSON.parse(line) as { readonly id?: unknown }).id === "string";
  } catch {
    return false;
  }
}

function readJobs(journal: Journal<Job>, onDamage: (error: unknown) => void): readonly Job[] {
  return [...journal.items.values()].flatMap((kept) => {
    try {
      return [upcastJob(kept)];
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code === "DW_FORMAT_NEWER") throw error;
      onDamage(error);
      return [];
    }
  });
}
