import { gunzipSync, gzipSync } from "node:zlib";
import type { JobFiles } from "@doppelwerk/world";
import type { EarlierFolder } from "./earlier-folder.ts";

const OUTCOMES = "outcomes.jsonl";

/** What simulations are carried out from and come to: plan and result as packed JSON, outcomes a line each. What an earlier version kept is found too. */
export class KeptFiles<Plan, Result, Outcome> {
  readonly #files: JobFiles;
  readonly #earlier: EarlierFolder;

  constructor(files: JobFiles, earlier: EarlierFolder) {
    this.#files = files;
    this.#earlier = earlier;
  }

  plan(id: string): Promise<Plan | undefined> {
    return this.#json(id, "plan.gz");
  }

  putPlan(id: string, plan: Plan): Promise<void> {
    return this.#files.put(id, "plan.gz", packed(plan));
  }

  result(id: string): Promise<Result | undefined> {
    return this.#json(id, "result.gz");
  }

  putResult(id: string, result: Result): Promise<void> {
    return this.#files.put(id, "result.gz", packed(result));
  }

  /** A line that is none is left out: that part is computed again. */
  async outcomes(id: string): Promise<readonly Outcome[]> {
    const lines = [...this.#earlier.lines(id, OUTCOMES), ...(await this.#files.lines(id, OUTCOMES))];
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as Outcome];
      } catch {
        return [];
      }
    });
  }

  addOutcome(id: string, outcome: Outcome): Promise<void> {
    return this.#files.append(id, OUTCOMES, JSON.stringify(outcome));
  }

  async dropOutcomes(id: string): Promise<void> {
    this.#earlier.drop(id, OUTCOMES);
    await this.#files.drop(id, OUTCOMES);
  }

  async #json<Value>(id: string, name: string): Promise<Value | undefined> {
    const bytes = await this.#files.get(id, name);
    return bytes === undefined ? this.#earlier.json<Value>(id, name) : (JSON.parse(gunzipSync(bytes).toString()) as Value);
  }
}

export function packed(value: unknown): Uint8Array {
  return gzipSync(JSON.stringify(value));
}
