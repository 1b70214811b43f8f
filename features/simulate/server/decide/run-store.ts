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
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

/**
 * Simulations that take a while (runs, designed experiments), kept in a folder: a summary, a plan and a result as a file each, replaced whole,
 * and outcomes appended a line each as they come. What a crash tears off the last line is simulated again.
 */
export class RunStore<Summary extends { readonly id: string }, Plan, Result, Kept> {
  readonly #directory: string;
  readonly #summaries = new Map<string, Summary>();

  /** `onDamage`: a summary that cannot be read is told and left alone. */
  constructor(directory: string, onDamage: (file: string, error: unknown) => void = () => {}) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory)
      .filter((name) => name.endsWith(".json"))
      .sort()) {
      try {
        this.#open(JSON.parse(readFileSync(join(directory, file), "utf8")) as Summary | EarlierRun<Summary, Result>);
      } catch (error) {
        onDamage(file, error);
      }
    }
  }

  list(): readonly Summary[] {
    return [...this.#summaries.values()];
  }

  get(id: string): Summary | undefined {
    return this.#summaries.get(id);
  }

  put(summary: Summary): void {
    this.#summaries.set(summary.id, summary);
    this.#replace(summary.id, "json", Buffer.from(JSON.stringify(summary)));
  }

  /** What is told meanwhile; after a crash it is counted anew from the outcomes. */
  tell(summary: Summary): void {
    this.#summaries.set(summary.id, summary);
  }

  putPlan(id: string, plan: Plan): void {
    this.#replace(id, "plan.gz", gzipSync(JSON.stringify(plan)));
  }

  plan(id: string): Plan | undefined {
    return this.#read(id, "plan.gz");
  }

  putResult(id: string, result: Result): void {
    this.#replace(id, "result.gz", gzipSync(JSON.stringify(result)));
  }

  result(id: string): Result | undefined {
    return this.#read(id, "result.gz");
  }

  addOutcome(id: string, kept: Kept): void {
    appendFileSync(this.#path(id, "outcomes.jsonl"), `${JSON.stringify(kept)}\n`);
  }

  outcomes(id: string): readonly Kept[] {
    const path = this.#path(id, "outcomes.jsonl");
    if (!existsSync(path)) return [];
    const text = readFileSync(path, "utf8");
    const lines = text.split("\n");
    // what follows the last line break was torn off
    const torn = lines.pop() ?? "";
    if (torn !== "") this.#replace(id, "outcomes.jsonl", Buffer.from(lines.map((line) => `${line}\n`).join("")));
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as Kept];
      } catch {
        // a block that the disk lost: that replication is simulated again
        return [];
      }
    });
  }

  /** Once the result says all that they did. */
  dropOutcomes(id: string): void {
    rmSync(this.#path(id, "outcomes.jsonl"), { force: true });
  }

  /** Of a run that was kept before plans were: what it simulated. */
  earlierModel<Model>(id: string): Model | undefined {
    return this.#read(id, "model.gz");
  }

  #open(kept: Summary | EarlierRun<Summary, Result>): void {
    if (!("summary" in kept)) return void this.#summaries.set(kept.id, kept);
    const { summary, result } = kept;
    if (result !== undefined) this.putResult(summary.id, result);
    this.put(summary);
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

/** Runs were once one file, their result in it. */
interface EarlierRun<Summary, Result> {
  readonly summary: Summary;
  readonly result?: Result;
}
