/** One message there and back: sent and heard by the clock here, received and said by the one there. Microseconds. */
export interface RoundTrip {
  readonly sent: number;
  readonly received: number;
  readonly said: number;
  readonly heard: number;
}

const MAX_KEPT = 8;

/**
 * How far the clock of a window is from this one: of the last eight messages there and back the one that was fastest says it (RFC 5905, 10), so that a
 * message that waited does not look like a clock that is wrong.
 */
export class ClockOffset {
  readonly #kept: { readonly offset: number; readonly delay: number }[] = [];

  learn({ sent, received, said, heard }: RoundTrip): void {
    this.#kept.push({ offset: (sent - received + (heard - said)) / 2, delay: Math.max(0, heard - sent - (said - received)) });
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
  }

  /** To be added to a time there. 0 while nothing was learned. */
  get value(): number {
    const best = this.#kept.reduce<{ offset: number; delay: number } | undefined>(
      (least, one) => (least === undefined || one.delay < least.delay ? one : least),
      undefined,
    );
    return best?.offset ?? 0;
  }
}
