import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Optimisation } from "@doppelwerk/client";
import type { Principal, RecordId } from "@doppelwerk/world";

/** An optimisation as it is kept: what is shown of it, and what it needs to go on after a restart. */
export interface StoredOptimisation {
  readonly shown: Optimisation;
  readonly by: Principal;
  /** Element of each factor, in the order of the wish, and what stood there when the search began. */
  readonly elements: readonly RecordId[];
  readonly held: readonly number[];
  /** The branch as it was when the search began, and as the chosen point left it: on any other the answer would not hold. */
  readonly diffHashes: readonly string[];
}

/**
 * Optimisations under `DATA/runs/optimisations`: what is shown and the state of the search as a file each, replaced whole, so that a crash leaves the
 * old or the new one. The state is written after every round, so a crash costs one round.
 */
export class OptimisationStore {
  readonly #directory: string;
  readonly #kept = new Map<string, StoredOptimisation>();

  /** `onDamage`: a file that cannot be read is told and left alone. */
  constructor(directory: string, onDamage: (file: string, error: unknown) => void) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    for (const file of readdirSync(directory)
      .filter((name) => name.endsWith(".json"))
      .sort()) {
      try {
        const kept = JSON.parse(readFileSync(join(directory, file), "utf8")) as StoredOptimisation;
        this.#kept.set(kept.shown.id, kept);
      } catch (error) {
        onDamage(file, error);
      }
    }
  }

  get(id: string): StoredOptimisation | undefined {
    return this.#kept.get(id);
  }

  list(): readonly StoredOptimisation[] {
    return [...this.#kept.values()];
  }

  put(optimisation: StoredOptimisation): void {
    this.#kept.set(optimisation.shown.id, optimisation);
    this.#write(optimisation.shown.id, "json", JSON.stringify(optimisation));
  }

  putState(id: string, state: Uint8Array): void {
    this.#write(id, "state", state);
  }

  state(id: string): Uint8Array | undefined {
    const path = this.#path(id, "state");
    return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
  }

  #write(id: string, extension: string, content: string | Uint8Array): void {
    const path = this.#path(id, extension);
    writeFileSync(`${path}.new`, content, { flush: true });
    renameSync(`${path}.new`, path);
  }

  #path(id: string, extension: string): string {
    return join(this.#directory, `${id.replace(/[^\w-]/g, "_")}.${extension}`);
  }
}
