import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "@doppelwerk/kit";
import { openedFromDisk, sealedForDisk } from "@doppelwerk/storage/sealing";
import { WorkerFields } from "../contract.ts";

const FILE = "workers.json";
const Shape = z.object({
  version: z.literal(1),
  workers: z.record(z.string(), WorkerFields),
  /** Hashes of numbers that were erased: no file brings them back. */
  erased: z.array(z.string()),
});
type Kept = z.output<typeof Shape>;

const hashOf = (worker: string): string => createHash("sha256").update(`worker ${worker}`).digest("hex").slice(0, 32);

/** Who a number is of. It is in a file of its own, so that nothing in documents, branches and the log leads from a number to a person once it is erased. */
export class Staff {
  readonly #path: string;
  #kept: Kept;

  constructor(folder: string) {
    this.#path = join(folder, FILE);
    this.#kept = existsSync(this.#path)
      ? Shape.parse(JSON.parse(openedFromDisk(`personnel/${FILE}`, readFileSync(this.#path, "utf8"))))
      : { version: 1, workers: {}, erased: [] };
  }

  /** By number. */
  all(): readonly (readonly [worker: string, fields: WorkerFields])[] {
    return Object.entries(this.#kept.workers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  get(worker: string): WorkerFields | undefined {
    return Object.hasOwn(this.#kept.workers, worker) ? this.#kept.workers[worker] : undefined;
  }

  ofAccount(account: string): string | undefined {
    return Object.entries(this.#kept.workers).find(([, fields]) => fields.account === account)?.[0];
  }

  isErased(worker: string): boolean {
    return this.#kept.erased.includes(hashOf(worker));
  }

  /** On disk once it returns. Somebody who is entered again by hand is known again. */
  store(workers: Readonly<Record<string, WorkerFields>>): void {
    const back = new Set(Object.keys(workers).map(hashOf));
    this.#write({
      version: 1,
      workers: { ...this.#kept.workers, ...workers },
      erased: this.#kept.erased.filter((hash) => !back.has(hash)),
    });
  }

  /** On disk once it returns. */
  erase(worker: string): void {
    const { [worker]: _, ...others } = this.#kept.workers;
    this.#write({ version: 1, workers: others, erased: [...new Set([...this.#kept.erased, hashOf(worker)])] });
  }

  #write(kept: Kept): void {
    writeFileSync(`${this.#path}.new`, sealedForDisk(`personnel/${FILE}`, JSON.stringify(kept)), { mode: 0o600, flush: true });
    renameSync(`${this.#path}.new`, this.#path);
    this.#kept = kept;
  }
}
