import type { FeatureLog } from "@doppelwerk/kit/server";
import { DoppelwerkError, type NewEvent, type RecordedEvents } from "@doppelwerk/world";

export interface ConclusionEventOptions {
  record(events: readonly NewEvent[]): Promise<RecordedEvents>;
  readonly logger: FeatureLog;
}

const CALL_EVENTS = 1_000;
/** While nothing can be recorded so many wait; then the oldest are dropped, counted and logged. */
const MAX_WAITING = 100_000;
const RETRY_MS = 1_000;

/** Records what is concluded live as events, in order. What is concluded again has the same id and stays one event. */
export class ConclusionEvents {
  readonly #options: ConclusionEventOptions;
  #waiting: NewEvent[] = [];
  #recording: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #dropped = 0;

  constructor(options: ConclusionEventOptions) {
    this.#options = options;
  }

  add(events: readonly NewEvent[]): void {
    // one by one: as many as a flood brings are too many arguments
    for (const event of events) this.#waiting.push(event);
    if (this.#waiting.length > MAX_WAITING) {
      this.#dropped += this.#waiting.splice(0, this.#waiting.length - MAX_WAITING).length;
      this.#options.logger.error({ dropped: this.#dropped }, "concluded events were dropped, because none could be recorded for too long");
    }
    if (this.#waiting.length > 0 && this.#retry === undefined) this.#start();
  }

  /** What waits is recorded once more; what then cannot be is logged. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#recording;
    await this.#recordAll();
    clearTimeout(this.#retry);
    if (this.#waiting.length > 0) this.#options.logger.error({ events: this.#waiting.length }, "concluded events could not be recorded");
  }

  #start(): void {
    this.#recording ??= this.#recordAll().finally(() => (this.#recording = undefined));
  }

  async #recordAll(): Promise<void> {
    this.#retry = undefined;
    while (this.#waiting.length > 0) {
      const call = this.#waiting.slice(0, CALL_EVENTS);
      try {
        await this.#record(call);
      } catch (error) {
        this.#options.logger.warn({ err: error }, "concluded events cannot be recorded now; they are tried again");
        this.#retry = setTimeout(() => this.#start(), RETRY_MS).unref();
        return;
      }
      const recorded = new Set(call);
      this.#waiting = this.#waiting.filter((event) => !recorded.has(event));
    }
  }

  /** One that is refused by rule must not keep the others from being recorded. */
  async #record(events: readonly NewEvent[]): Promise<void> {
    try {
      await this.#options.record(events);
    } catch (error) {
      if (!(error instanceof DoppelwerkError) || error.code === "DW_UNAVAILABLE") throw error;
      if (events.length > 1) for (const event of events) await this.#record([event]);
      else this.#options.logger.error({ err: error, event: events[0] }, "a concluded event was refused");
    }
  }
}
