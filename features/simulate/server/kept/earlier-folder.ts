import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A folder in which an earlier version kept simulations: a summary `ID.json` each, and files beside it. It is only read, except that files are dropped. */
export class EarlierFolder {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Summaries of ids that are not known; one that cannot be read is reported and left alone. */
  *unknown(known: readonly string[], onDamage: (file: string, error: unknown) => void): Generator<unknown> {
    if (!existsSync(this.#directory)) return;
    const files = new Set(known.map((id) => `${nameOf(id)}.json`));
    const found = readdirSync(this.#directory)
      .filter((name) => name.endsWith(".json") && !files.has(name))
      .sort();
    for (const file of found) {
      try {
        yield JSON.parse(readFileSync(join(this.#directory, file), "utf8"));
      } catch (error) {
        onDamage(file, error);
      }
    }
  }

  bytes(id: string, extension: string): Uint8Array | undefined {
    const path = this.#path(id, extension);
    return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
  }

  json<Value>(id: string, extension: string): Value | undefined {
    const bytes = this.bytes(id, extension);
    return bytes && (JSON.parse(gunzipSync(bytes).toString()) as Value);
  }

  /** Whole lines only: what follows the last line break was torn off by a crash. */
  lines(id: string, extension: string): readonly string[] {
    const path = this.#path(id, extension);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  }

  drop(id: string, extension: string): void {
    rmSync(this.#path(id, extension), { force: true });
  }

  #path(id: string, extension: string): string {
    return join(this.#directory, `${nameOf(id)}.${extension}`);
  }
}

const nameOf = (id: string): string => id.replace(/[^\w-]/g, "_");
