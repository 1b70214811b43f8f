import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ExperimentFactorInfo, ExperimentRequest, ExperimentResult, ExperimentSummary } from "@doppelwerk/client";
import type { Told } from "@doppelwerk/sync";
import type { ExperimentModel, FactorStudy, KeptOutcome, ReplicationOptions, StudyTask } from "@doppelwerk/sim";

/** Everything that an experiment is carried out from: with it a run can be gone on with after a crash, and made again to the same hash. */
export interface ExperimentPlan {
  readonly request: ExperimentRequest;
  readonly study: FactorStudy;
  readonly factors: readonly ExperimentFactorInfo[];
  readonly models: readonly ExperimentModel[];
  readonly options: Omit<ReplicationOptions, "replication" | "drawParameters" | "warmUpS">;
  readonly warnings: readonly string[];
  readonly warningsTold?: readonly Told[];
  readonly code: string;
}

/** An outcome that was reached, beside the task it answers. */
export interface KeptTask extends StudyTask {
  readonly outcome: KeptOutcome;
}

/**
 * Experiments under `DATA/experiments`: a summary, a plan and a result as a file each, replaced whole, and outcomes appended a line each as
 * they come. What a crash tears off the last line is simulated again.
 */
export class ExperimentStore {
  readonly #directory: string;
  readonly #summaries = new Map<string, ExperimentSummary>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory)
      .filter((name) => name.endsWith(".json"))
      .sort()) {
      const summary = JSON.parse(readFileSync(join(directory, file), "utf8")) as ExperimentSummary;
      this.#summaries.set(summary.id, summary);
    }
  }

  list(): readonly ExperimentSummary[] {
    return [...this.#summaries.values()];
  }

  get(id: string): ExperimentSummary | undefined {
    return this.#summaries.get(id);
  }

  put(summary: ExperimentSummary): void {
    this.#summaries.set(summary.id, summary);
    this.#replace(summary.id, "json", Buffer.from(JSON.stringify(summary)));
  }

  /** What is told meanwhile; after a crash it is counted anew from the outcomes. */
  tell(summary: ExperimentSummary): void {
    this.#summaries.set(summary.id, summary);
  }

  putPlan(id: string, plan: ExperimentPlan): void {
    this.#replace(id, "plan.gz", gzipSync(JSON.stringify(plan)));
  }

  plan(id: string): ExperimentPlan | undefined {
    return this.#read(id, "plan.gz");
  }

  putResult(id: string, result: ExperimentResult): void {
    this.#replace(id, "result.gz", gzipSync(JSON.stringify(result)));
  }

  result(id: string): ExperimentResult | undefined {
    return this.#read(id, "result.gz");
  }

  addOutcome(id: string, kept: KeptTask): void {
    appendFileSync(this.#path(id, "outcomes.jsonl"), `${JSON.stringify(kept)}\n`);
  }

  outcomes(id: string): readonly KeptTask[] {
    const path = this.#path(id, "outcomes.jsonl");
    if (!existsSync(path)) return [];
    const text = readFileSync(path, "utf8");
    const lines = text.split("\n");
    // what follows the last line break was torn off
    const torn = lines.pop() ?? "";
    if (torn !== "") this.#replace(id, "outcomes.jsonl", Buffer.from(lines.map((line) => `${line}\n`).join("")));
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as KeptTask];
      } catch {
        // a block that the disk lost: that replication is simulated again
        return [];
      }
    });
  }

  #read<T>(id: string, extension: string): T | undefined {
    const path = this.#path(id, extension);
    return existsSync(path) ? (JSON.parse(gunzipSync(readFileSync(path)).toString()) as T) : undefined;
  }

  #replace(id: string, extension: string, content: Uint8Array): void {
    const path = this.#path(id, extension);
    writeFileSync(`${path}.new`, content, { flush: true });
    renameSync(`${path}.new`, path);
    const folder = openSync(this.#directory, "r");
    fsyncSync(folder);
    closeSync(folder);
  }

  #path(id: string, extension: string): string {
    return join(this.#directory, `${id.replace(/[^\w-]/g, "_")}.${extension}`);
  }
}
