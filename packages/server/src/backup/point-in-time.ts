import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cutChangeLog, cutEvents, cutHistory, cutJobs } from "@doppelwerk/storage/point-in-time";
import type { Instant } from "@doppelwerk/world";
import type { BackedUpWorld } from "./manifest.ts";

/** What an earlier instant leaves of a world. */
export interface CutWorld extends BackedUpWorld {
  /** Segments of its history that are gone or others. */
  readonly segments: readonly string[];
  /** Jobs that had not ended, by id. */
  readonly jobs: readonly string[];
  readonly isCut: boolean;
}

export function folderOf(data: string, { id, name }: Pick<BackedUpWorld, "id" | "name">): string {
  const beside = join(data, "worlds", name);
  return id === name && !existsSync(beside) ? data : beside;
}

/**
 * Leaves of a restored world what was there at an instant: changes that were committed until then, samples up to it, events that were known,
 * jobs that had ended. What is not kept by time stays as it was backed up. Errors: DW_DAMAGED.
 */
export async function cutWorld(data: string, world: BackedUpWorld, until: Instant): Promise<CutWorld> {
  const folder = folderOf(data, world);
  const end = await cutChangeLog(join(folder, "changes"), until);
  const segments = cutHistory(join(folder, "history"), until);
  cutEvents(join(folder, "events"), until);
  const jobs = cutJobs(join(folder, "jobs"), until);
  // a record cache may know more than is left
  if (end !== undefined) for (const name of ["records.sqlite", "records.sqlite-wal"]) rmSync(join(folder, name), { force: true });
  if (end === undefined) return { ...world, segments, jobs, isCut: segments.length > 0 };
  const hash = end.revision > 0 ? end.hash : undefined;
  return { ...world, revision: end.revision, hash, segments, jobs, isCut: true };
}
