import { askTime, type TimeServer } from "./ask-time.ts";

export interface ClockState {
  readonly server: string;
  /** Milliseconds by which that server is ahead, as it was asked last; absent until it answered. */
  readonly aheadMs?: number;
  /** Why it did not answer the last time. */
  readonly failure?: string;
}

const EVERY_MS = 10 * 60_000;

/** Compares the clock of this machine with a server of time; sets nothing, which is for the operating system. */
export class ClockWatch {
  readonly #server: TimeServer;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #state: Omit<ClockState, "server"> = {};

  constructor(server: TimeServer, now: () => number = Date.now) {
    this.#server = server;
    this.#now = now;
    this.#timer = setInterval(() => void this.look(), EVERY_MS).unref();
    void this.look();
  }

  get state(): ClockState {
    return { server: `${this.#server.host}:${this.#server.port}`, ...this.#state };
  }

  async look(): Promise<void> {
    try {
      this.#state = { aheadMs: await askTime(this.#server, this.#now) };
    } catch (error) {
      const { message: said, code } = error as NodeJS.ErrnoException;
      this.#state = { ...this.#state, failure: (said || code || "unknown").slice(0, 200) };
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
