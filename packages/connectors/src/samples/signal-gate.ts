import { quality, type Instant, type Quality, type SignalRecord } from "@doppelwerk/world";

/** What a source says only when it changed is said again at the latest after this, so that silence means silence (P14). */
const REPEAT: Instant = 30_000_000;

export interface GateOptions {
  /** Polled sources say an unchanged value only to show life: every 30 s, or half the alive interval of the signal. */
  readonly onChange?: boolean;
}

interface Held {
  readonly value: number;
  readonly text: string | undefined;
  readonly quality: Quality;
  readonly sourceTime: Instant;
  readonly serverTime: Instant;
}

/**
 * Dead band and rate limit of each signal. A value passes when its quality or text changed, or its number moved by more than the dead band, and no earlier
 * than the least interval after the last that passed; of those held back the newest passes when the interval is over. What stands still within its
 * dead band is said again in time to be alive.
 */
export class SignalGate {
  readonly #deadband: Float64Array;
  readonly #interval: Float64Array;
  readonly #repeat: Float64Array;
  readonly #value: Float64Array;
  readonly #quality: Uint8Array;
  readonly #passedAt: Float64Array;
  readonly #text = new Map<number, string>();
  readonly #held = new Map<number, Held>();

  /** Undefined when no signal has a limit: then nothing is to be asked. */
  static of(signals: readonly SignalRecord[], options: GateOptions = {}): SignalGate | undefined {
    const limited = signals.some(({ deadband, minIntervalS }) => deadband !== undefined || minIntervalS !== undefined);
    return limited || options.onChange === true ? new SignalGate(signals, options) : undefined;
  }

  private constructor(signals: readonly SignalRecord[], { onChange = false }: GateOptions) {
    this.#deadband = Float64Array.from(signals, ({ deadband }) => deadband ?? (onChange ? 0 : Number.NaN));
    this.#interval = Float64Array.from(signals, ({ minIntervalS }) => (minIntervalS ?? 0) * 1_000_000);
    this.#repeat = Float64Array.from(signals, ({ aliveS }) => Math.min(REPEAT, aliveS === undefined ? REPEAT : aliveS * 500_000));
    this.#value = new Float64Array(signals.length).fill(Number.NaN);
    this.#quality = new Uint8Array(signals.length).fill(255);
    this.#passedAt = new Float64Array(signals.length).fill(Number.NEGATIVE_INFINITY);
  }

  /** Whether the value passes now; one that comes too early is held. */
  admits(index: number, value: number, text: string | undefined, valueQuality: Quality, sourceTime: Instant, serverTime: Instant): boolean {
    const sinceMicroseconds = serverTime - this.#passedAt[index]!;
    const worse = valueQuality !== this.#quality[index];
    const changed = worse || text !== this.#text.get(index) || this.#moved(index, value);
    if (!changed && sinceMicroseconds < this.#repeat[index]!) {
      // what was held is back where it began
      this.#held.delete(index);
      return false;
    }
    if (!worse && sinceMicroseconds < this.#interval[index]!) {
      this.#held.set(index, { value, text, quality: valueQuality, sourceTime, serverTime });
      return false;
    }
    this.#pass(index, value, text, valueQuality, serverTime);
    return true;
  }

  /** Hands out what was held long enough; returns when to ask again, undefined when nothing is held. */
  release(now: Instant, push: (index: number, held: Held) => void): Instant | undefined {
    let next: Instant | undefined;
    for (const [index, held] of this.#held) {
      const due = this.#passedAt[index]! + this.#interval[index]!;
      if (due > now) {
        next = next === undefined ? due : Math.min(next, due);
        continue;
      }
      this.#pass(index, held.value, held.text, held.quality, now);
      push(index, held);
    }
    return next;
  }

  /** What passed of these signals was not stored: the next value of each passes. */
  forget(signals: Uint32Array): void {
    for (const index of signals) {
      this.#quality[index] = 255;
      this.#passedAt[index] = Number.NEGATIVE_INFINITY;
    }
  }

  get holds(): boolean {
    return this.#held.size > 0;
  }

  #moved(index: number, value: number): boolean {
    const deadband = this.#deadband[index]!;
    if (Number.isNaN(deadband)) return true;
    const last = this.#value[index]!;
    return Number.isNaN(value) !== Number.isNaN(last) || Math.abs(value - last) > deadband;
  }

  #pass(index: number, value: number, text: string | undefined, valueQuality: Quality, serverTime: Instant): void {
    this.#value[index] = valueQuality === quality.bad ? Number.NaN : value;
    this.#quality[index] = valueQuality;
    this.#passedAt[index] = serverTime;
    if (text === undefined) this.#text.delete(index);
    else this.#text.set(index, text);
    this.#held.delete(index);
  }
}
