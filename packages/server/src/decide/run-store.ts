import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult, RunSummary } from "@doppelwerk/client";

/** A run as it is kept: its summary, and its result once it is done. */
export interface StoredRun {
  readonly summary: RunSummary;
  readonly result?: RunResult;
}

/** Runs as one JSON file each under `DATA/runs`; a file is replaced whole, so that a crash leaves the old or the new one. */
export class RunStore {
  readonly #directory: string;
  readonly #runs = new Map<string, StoredRun>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory)
      .filter((name) => name.endsWith(".json"))
      .sort()) {
      const run = JSON.parse(readFileSync(join(directory, file), "utf8")) as StoredRun;
      this.#runs.set(run.summary.id, interrupted(run));
    }
  }

  get(id: string): StoredRun | undefined {
    return this.#runs.get(id);
  }

  list(): readonly StoredRun[] {
    return [...this.#runs.values()];
  }

  put(run: StoredRun): void {
    this.#runs.set(run.summary.id, run);
    const path = join(this.#directory, `${run.summary.id.replace(/[^\w-]/g, "_")}.json`);
    writeFileSync(`${path}.new`, JSON.stringify(run), { flush: true });
    renameSync(`${path}.new`, path);
  }
}

/** What was running when the server ended did not finish; it says so and can be started again with the same seed. */
function interrupted(run: StoredRun): StoredRun {
  if (run.summary.state !== "running" && run.summary.state !== "queued") return run;
  return { summary: { ...run.summary, state: "failed", message: "the server ended during the run; start it again with the same seed" } };
}
