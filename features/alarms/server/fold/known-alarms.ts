import type { AlarmEntry, AlarmEvent } from "@doppelwerk/operations";
import type { Instant, RecordId } from "@doppelwerk/world";

export interface KnownAlarmsOptions {
  /** While the past is read for the first time: since when this server listens. */
  unknownBefore(): Instant | undefined;
  /** The instant of the present value of a signal. */
  valueAt(id: RecordId): Instant | undefined;
}

/**
 * What was derived of a past that is not read up to the present says how it was there, not how it is: between the two anything may have happened. Known is
 * what was raised since this server listens, also when it is found later to have lasted for longer, and what follows from values that came since.
 */
export class KnownAlarms {
  readonly #options: KnownAlarmsOptions;
  /** Rules that were raised live while the past is read, and did not return since. */
  readonly #raised = new Set<RecordId>();

  constructor(options: KnownAlarmsOptions) {
    this.#options = options;
  }

  get unknownBefore(): Instant | undefined {
    return this.#options.unknownBefore();
  }

  /** A step that was concluded live. */
  concluded({ rule, state }: Pick<AlarmEvent, "rule" | "state">): void {
    if (this.unknownBefore === undefined) this.#raised.clear();
    else if (state === "normal") this.#raised.delete(rule);
    else this.#raised.add(rule);
  }

  isKnown({ rule, raisedAt }: Pick<AlarmEntry, "rule" | "raisedAt">, inputs: readonly RecordId[]): boolean {
    const since = this.unknownBefore;
    if (since === undefined || raisedAt >= since || this.#raised.has(rule)) return true;
    return inputs.length > 0 && inputs.every((signal) => (this.#options.valueAt(signal) ?? -Infinity) >= since);
  }
}
