import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type JobFiles } from "@doppelwerk/world";
import { nodeFileLayer } from "../files/node-file-layer.ts";

/** Files of jobs in a folder, `JOB.NAME` each. */
export function openJobFiles(directory: string): JobFiles {
  const pathOf = (job: string, name: string): string => join(directory, `${job.replace(/[^\w-]/g, "_")}.${name}`);
  return {
    put: async (job, name, bytes) => written(() => replace(directory, pathOf(job, name), bytes)),
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
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.jobsCannotWritten", { reason: (error as Error).message }));
  }
}
