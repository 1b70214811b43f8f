import { whoOf } from "./world-feed.ts";
import type { TransparencyLog } from "./transparency-log.ts";

export interface Refusal {
  readonly operation: string;
  readonly status: number;
  readonly world: string;
  readonly person: string | undefined;
}

interface Counted {
  readonly refusal: Refusal;
  count: number;
}

/** The first of one person at one operation is an entry at once, those within this time after it one more together. */
const TOGETHER_MS = 60_000;
/** Of so many different ones; further ones are counted without the person. */
const MAX_DIFFERENT = 1_000;

/** Refused access and refused log-ins: whoever tries without end makes few entries, and each attempt counts. */
export class Refusals {
  readonly #log: TransparencyLog;
  readonly #onFault: (error: unknown) => void;
  readonly #counted = new Map<string, Counted>();

  constructor(log: TransparencyLog, onFault: (error: unknown) => void) {
    this.#log = log;
    this.#onFault = onFault;
  }

  add(given: Refusal): void {
    const refusal = this.#counted.size < MAX_DIFFERENT ? given : { ...given, world: "", person: undefined };
    const name = `${refusal.operation} ${refusal.status} ${refusal.world} ${refusal.person ?? ""}`;
    const counted = this.#counted.get(name);
    if (counted !== undefined) return void counted.count++;
    this.#counted.set(name, { refusal, count: 0 });
    this.#write(refusal, 1);
    setTimeout(() => this.#end(name), TOGETHER_MS).unref();
  }

  #end(name: string): void {
    const { refusal, count } = this.#counted.get(name) ?? {};
    this.#counted.delete(name);
    if (refusal !== undefined && count !== undefined && count > 0) this.#write(refusal, count);
  }

  #write({ operation, status, world, person }: Refusal, count: number): void {
    this.#log
      .append((nonce) => ({
        what: "refused",
        ...(world !== "" && { world }),
        operation,
        status,
        count,
        ...whoOf(this.#log, person, nonce),
      }))
      .catch(this.#onFault);
  }
}
