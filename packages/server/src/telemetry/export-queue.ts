import type { SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Instant } from "@doppelwerk/world";
import type { TelemetryState } from "./span-sink.ts";

type Span = Parameters<SpanProcessor["onEnd"]>[0];

/** Spans that wait; further ones are dropped and counted. */
const MAX_WAITING = 4_096;
const MAX_BATCH = 512;
const EVERY_MS = 1_000;
const MAX_REASON = 200;

/** Hands spans to an exporter, one batch at a time. Where it does not keep up, or nobody answers, spans are dropped and counted: nobody waits for it. */
export class ExportQueue implements SpanProcessor {
  readonly #exporter: SpanExporter;
  readonly #now: () => Instant;
  readonly #timer: NodeJS.Timeout;
  #waiting: Span[] = [];
  #sending: Promise<void> | undefined;
  #failing: TelemetryState["failing"];
  #onTheWay = 0;
  #exported = 0;
  #dropped = 0;

  constructor(exporter: SpanExporter, now: () => Instant) {
    this.#exporter = exporter;
    this.#now = now;
    this.#timer = setInterval(() => this.#send(), EVERY_MS).unref();
  }

  get state(): Omit<TelemetryState, "address"> {
    const [exported, waiting, dropped] = [this.#exported, this.#waiting.length + this.#onTheWay, this.#dropped];
    return { exported, waiting, dropped, ...(this.#failing && { failing: this.#failing }) };
  }

  onStart(): void {}

  onEnd(span: Span): void {
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(span);
    else this.#dropped++;
  }

  /** What waits is sent once. */
  async forceFlush(): Promise<void> {
    await this.#sending;
    while (this.#waiting.length > 0) await this.#send();
  }

  /** What waits is sent once more, unless the address does not take it. */
  async shutdown(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#failing === undefined) await this.forceFlush();
    await this.#exporter.shutdown();
  }

  #send(): Promise<void> {
    if (this.#sending !== undefined || this.#waiting.length === 0) return this.#sending ?? Promise.resolve();
    const batch = this.#waiting.slice(0, MAX_BATCH);
    this.#waiting = this.#waiting.slice(MAX_BATCH);
    this.#onTheWay = batch.length;
    this.#sending = this.#export(batch).then((refused) => {
      this.#sending = undefined;
      this.#onTheWay = 0;
      if (refused === undefined) {
        this.#exported += batch.length;
        this.#failing = undefined;
        return;
      }
      this.#dropped += batch.length;
      this.#failing = { since: this.#failing?.since ?? this.#now(), reason: refused.slice(0, MAX_REASON) };
    });
    return this.#sending;
  }

  /** Why the batch was not taken; undefined where it was. */
  #export(batch: Span[]): Promise<string | undefined> {
    return new Promise((resolve) => {
      try {
        this.#exporter.export(batch, ({ code, error }) => resolve(code === 0 ? undefined : (error?.message ?? "not taken")));
      } catch (error) {
        resolve(String(error));
      }
    });
  }
}
