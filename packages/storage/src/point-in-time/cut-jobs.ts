import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { upcastJob, type Instant, type Job } from "@doppelwerk/world";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { replaceFile } from "../files/replace-file.ts";
import { dropFilesOf } from "../jobs/job-files.ts";

/**
 * Leaves the jobs of a folder that had ended at an instant. One that ended later or not at all is gone with its plan and its results: what it is by now came
 * after that instant. Ids of those that are gone. Errors: DW_DAMAGED, DW_FORMAT_NEWER.
 */
export function cutJobs(directory: string, until: Instant): readonly string[] {
  const path = join(directory, "jobs.jsonl");
  if (!existsSync(path)) return [];
  const jobs = new Map<string, Job>();
  for (const line of readFileSync(path, "utf8").split("\n").slice(0, -1)) {
    const job = upcastJob(JSON.parse(line));
    jobs.set(job.id, job);
  }
  const gone = [...jobs.values()].filter(({ finishedAt }) => finishedAt === undefined || finishedAt > until).map(({ id }) => id);
  if (gone.length === 0) return [];
  const dropped = new Set(gone);
  const kept = [...jobs.values()].filter(({ id }) => !dropped.has(id));
  replaceFile(nodeFileLayer, path, new TextEncoder().encode(kept.map((job) => `${JSON.stringify(job)}\n`).join("")));
  dropFilesOf(directory, dropped);
  nodeFileLayer.fsyncDirectory(directory);
  return gone;
}
