import {
  appendFileSync,
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Job, type JobFiles } from "@doppelwerk/world";
import { nodeFileLayer } from "../files/node-file-layer.ts";

/** Files of jobs, whose ids are `KIND:NAME`; what else stands in the folder is nobody's business here. */
const JOB_FILE = /^[A-Za-z]+_[\w-]+\./;
/** Bytes of a file that are in memory while it is read. */
const PIECE_BYTES = 1 << 20;

/** Files of jobs in a folder, `JOB.NAME` each. */
export function openJobFiles(directory: string): JobFiles {
  const pathOf = (job: string, name: string): string => join(directory, `${fileNameOf(job)}.${name}`);
  return {
    put: async (job, name, bytes) => written(() => replace(directory, pathOf(job, name), bytes)),
    receive: (job, name, pieces) => receive(directory, pathOf(job, name), pieces),
    has: async (job, name) => existsSync(pathOf(job, name)),
    async *pieces(job, name) {
      const path = pathOf(job, name);
      if (!existsSync(path)) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noJobFile", { job, name }));
      yield* createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;
    },
    async get(job, name) {
      const path = pathOf(job, name);
      return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
    },
    append: async (job, name, line) => written(() => appendWhole(pathOf(job, name), `${line}\n`)),
    async lines(job, name) {
      const path = pathOf(job, name);
      if (!existsSync(path)) return [];
      const text = readFileSync(path, "utf8");
      const whole = text.lastIndexOf("\n") + 1;
      // what follows the last line break was torn off by a crash
      if (whole < text.length) written(() => truncateSync(path, Buffer.byteLength(text.slice(0, whole))));
      return text.slice(0, whole).split("\n").slice(0, -1);
    },
    drop: async (job, name) => written(() => rmSync(pathOf(job, name), { force: true })),
  };
}

/** Files of jobs that were never enqueued: their process ended before. */
export function dropFilesOfUnknown(directory: string, jobs: readonly Job[]): void {
  const known = new Set(jobs.map(({ id }) => fileNameOf(id)));
  for (const name of readdirSync(directory)) if (JOB_FILE.test(name) && !known.has(jobIn(name))) rmSync(join(directory, name));
}

export function dropFilesOf(directory: string, jobs: ReadonlySet<string>): void {
  const dropped = new Set([...jobs].map(fileNameOf));
  for (const name of readdirSync(directory)) if (dropped.has(jobIn(name))) rmSync(join(directory, name));
}

function fileNameOf(job: string): string {
  return job.replace(/[^\w-]/g, "_");
}

/** The part of a file name that stands for the job. */
function jobIn(name: string): string {
  return name.slice(0, name.indexOf("."));
}

async function receive(directory: string, path: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  const part = `${path}.new`;
  let size = 0;
  try {
    const file = await stored(() => open(part, "w", 0o600));
    try {
      for await (const piece of pieces) {
        for (let at = 0; at < piece.length;) at += (await stored(() => file.write(piece, at))).bytesWritten;
        size += piece.length;
      }
      await stored(() => file.sync());
    } finally {
      await file.close();
    }
    written(() => renameSync(part, path));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  nodeFileLayer.fsyncDirectory(directory);
  return size;
}

function replace(directory: string, path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(`${path}.new`, bytes, { flush: true });
    renameSync(`${path}.new`, path);
  } catch (error) {
    rmSync(`${path}.new`, { force: true });
    throw error;
  }
  nodeFileLayer.fsyncDirectory(directory);
}

/** A line that finds no room is taken back, so that the next one does not continue it. */
function appendWhole(path: string, line: string): void {
  const before = existsSync(path) ? statSync(path).size : 0;
  try {
    appendFileSync(path, line);
  } catch (error) {
    if (existsSync(path)) truncateSync(path, before);
    throw error;
  }
}

function written(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw refused(error);
  }
}

async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(error);
  }
}

function refused(error: unknown): DoppelwerkError {
  return new DoppelwerkError("DW_UNAVAILABLE", message("storage.jobsCannotWritten", { reason: (error as Error).message }));
}
