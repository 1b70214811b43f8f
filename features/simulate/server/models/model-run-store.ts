import { message } from "@doppelwerk/messages";
import { DoppelwerkError, failureOf } from "@doppelwerk/world";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ModelRunResult, ModelRunSummary } from "@doppelwerk/client";

/** Runs of models under `DATA/model-runs`: a summary, its result and its state as a file each, replaced whole, so that a crash leaves the old or the new one. */
export class ModelRunStore {
  readonly #directory: string;
  readonly #runs = new Map<string, ModelRunSummary>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory).filter((name) => name.endsWith(".json"))) {
      const run = JSON.parse(readFileSync(join(directory, file), "utf8")) as ModelRunSummary;
      this.#runs.set(run.id, interrupted(run));
    }
  }

  list(): readonly ModelRunSummary[] {
    return [...this.#runs.values()];
  }

  get(id: string): ModelRunSummary | undefined {
    return this.#runs.get(id);
  }

  put(run: ModelRunSummary): void {
    this.#runs.set(run.id, run);
    this.#write(run.id, "json", Buffer.from(JSON.stringify(run)));
  }

  putResult(id: string, result: ModelRunResult): void {
    this.#write(id, "result.gz", gzipSync(JSON.stringify(result)));
  }

  result(id: string): ModelRunResult | undefined {
    const path = this.#path(id, "result.gz");
    return existsSync(path) ? (JSON.parse(gunzipSync(readFileSync(path)).toString()) as ModelRunResult) : undefined;
  }

  putState(id: string, state: Uint8Array): void {
    this.#write(id, "state.gz", gzipSync(state));
  }

  state(id: string): Uint8Array | undefined {
    const path = this.#path(id, "state.gz");
    return existsSync(path) ? new Uint8Array(gunzipSync(readFileSync(path))) : undefined;
  }

  #write(id: string, extension: string, bytes: Uint8Array): void {
    const path = this.#path(id, extension);
    writeFileSync(`${path}.new`, bytes, { flush: true });
    renameSync(`${path}.new`, path);
  }

  #path(id: string, extension: string): string {
    return join(this.#directory, `${id.replace(/[^\w-]/g, "_")}.${extension}`);
  }
}

/** What was running when the server ended did not finish; it says so and can be started again. */
function interrupted(run: ModelRunSummary): ModelRunSummary {
  if (run.state !== "running") return run;
  return {
    ...run,
    state: "failed",
    ...failureOf(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.serverEndedDuringRun"))),
  };
}
