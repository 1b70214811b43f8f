/** What attempts are counted of: a login, an address. */
export interface Counted {
  readonly name: string;
  /** Wrong attempts that cost nothing. */
  readonly free: number;
}

const FIRST_WAIT_S = 2;
const MAX_WAIT_S = 300;
/** What is forgotten of who stops trying. */
const FORGOTTEN_MS = 3_600_000;
/** Keys that are remembered; beyond them the oldest goes. */
const MAX_KEYS = 100_000;

interface Tries {
  readonly failures: number;
  readonly last: number;
}

/**
 * Slows attempts down without locking anybody out: after the free ones of a login or an address each next one waits twice as long, up to five minutes
 * (OWASP ASVS 5.0, 6.3.1). Who knows the password waits as long as who guesses, and then is in.
 */
export class LoginBrake {
  readonly #now: () => number;
  readonly #tries = new Map<string, Tries>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds until the next attempt is looked at, 0 for now. */
  waitS(counted: readonly Counted[]): number {
    const now = this.#now();
    const waits = counted.map(({ name, free }) => {
      const tries = this.#tries.get(name);
      if (tries === undefined || tries.failures < free || now - tries.last >= FORGOTTEN_MS) return 0;
      const waitS = Math.min(MAX_WAIT_S, FIRST_WAIT_S * 2 ** Math.min(20, tries.failures - free));
      return Math.ceil(waitS - (now - tries.last) / 1_000);
    });
    return Math.max(0, ...waits);
  }

  failed(counted: readonly Counted[]): void {
    const now = this.#now();
    for (const { name } of counted) {
      const tries = this.#tries.get(name);
      const failures = tries === undefined || now - tries.last >= FORGOTTEN_MS ? 0 : tries.failures;
      this.#tries.delete(name);
      this.#tries.set(name, { failures: failures + 1, last: now });
      if (this.#tries.size > MAX_KEYS) this.#tries.delete(this.#tries.keys().next().value!);
    }
  }

  /** The last attempt was right after all: it does not count, and what came before it counts on. */
  undo(counted: readonly Counted[]): void {
    for (const { name } of counted) {
      const tries = this.#tries.get(name);
      if (tries !== undefined && tries.failures > 1) this.#tries.set(name, { ...tries, failures: tries.failures - 1 });
      else this.#tries.delete(name);
    }
  }

  forget({ name }: Counted): void {
    this.#tries.delete(name);
  }
}
