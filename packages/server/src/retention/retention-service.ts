import { textOf } from "@doppelwerk/messages";
import type { TieredHistory } from "@doppelwerk/storage/tiers";
import { neededSince, retentionFault, thinningOf, type Branch, type Clock, type SignalRecord } from "@doppelwerk/world";
import type { Logger } from "pino";

export interface RetentionOptions {
  readonly history: TieredHistory;
  readonly signals: () => readonly SignalRecord[];
  readonly branches: () => readonly Branch[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A start has better things to do. */
const FIRST_AFTER_MS = 10 * 60_000;
const EVERY_MS = 3_600_000;

/** Thins, once an hour, what the retention of signals no longer keeps whole. Signals without one are never touched. */
export class RetentionService {
  readonly #options: RetentionOptions;
  readonly #told = new Set<string>();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      void this.run();
      this.#timer = setInterval(() => void this.run(), EVERY_MS).unref();
    }, FIRST_AFTER_MS).unref();
  }

  /** Never rejects: what the disk refuses is done at the next run. */
  run(): Promise<void> {
    this.#running ??= this.#thin().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #thin(): Promise<void> {
    const { history, signals, branches, clock, logger } = this.#options;
    const [now, needed] = [clock.now(), neededSince(branches())];
    const ruled = signals().filter(({ retention }) => retention !== undefined);
    for (const { id, name, retention } of ruled) {
      const fault = retentionFault(retention);
      if (fault === undefined || this.#told.has(id)) continue;
      this.#told.add(id);
      logger.warn({ signal: id, name, fault: textOf(fault) }, "a retention that cannot be followed: nothing of the signal is thinned");
    }
    try {
      const report = await history.thin(ruled.flatMap((signal) => thinningOf(signal, now, needed) ?? []));
      if (report.samples > 0) logger.info({ report }, "old samples were replaced by tiers");
    } catch (error) {
      logger.error({ err: error }, "old samples could not be thinned; nothing is lost, and it is tried again");
    }
  }
}
