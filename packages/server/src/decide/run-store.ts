import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { RunModel, RunResult, RunSummary } from "@doppelwerk/client";

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
    const path = this.#path(run.summary.id, "json");
    writeFileSync(`${path}.new`, JSON.stringify(run), { flush: true });
    renameSync(`${path}.new`, path);
  }

  /** What a run simulated, kept beside it; read only when it is watched. */
  putModel(id: string, model: RunModel): void {
    writeFileSync(this.#path(id, "model.gz"), gzipSync(JSON.stringify(model)));
  }

  model(id: string): RunModel | undefined {
    const path = this.#path(id, "model.gz");
    return existsSync(path) ? (JSON.parse(gunzipSync(readFileSync(path)).toString()) as RunModel) : undefined;
  }

  #path(id: string, extension: string): string {
    return join(this.#directory, `${id.replace(/[^\w-]/g, "_")}.${extension}`);
  }
}

/** What was running when the server ended did not finish; it says so and can be started again with the same seed. */
function interrupted(run: StoredRun): StoredRun {
  if (run.summary.state !== "running" && run.summary.state !== "queued") return run;
  return { summary: { ...run.summary, state: "failed", message: "the server ended during the run; start it again with the same seed" } };
}
