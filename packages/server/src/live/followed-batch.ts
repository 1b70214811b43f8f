import type { Clock, Instant } from "@doppelwerk/world";
import { ClockOffset } from "./clock-offset.ts";
import { viewOf } from "./frame-times.ts";

/** What a window says of a frame, in microseconds of a clock of its own that only goes on. */
export interface ShownFrame {
  /** W3C trace context that came before the frame. */
  readonly trace: string;
  readonly receivedAt: number;
  readonly drawnAt: number;
  /** When this was sent. */
  readonly reportedAt: number;
  readonly view?: string | undefined;
}

/** A frame that was drawn, in times of this server. */
export interface DrawnFrame {
  readonly view: string;
  readonly sent: Instant;
  readonly received: Instant;
  readonly drawn: Instant;
  readonly roundTrip: number;
}

type Step = "mapped" | "ticked" | "taken" | "stored" | "folded" | "published";
type Times = { readonly read: Instant; readonly reached: Instant } & { [step in Step]?: Instant };

/** When one batch came to each place of its way. */
export class FollowedBatch {
  readonly trace: string;
  /** `read`: its oldest value came to the connector. `reached`: it came to the world. */
  readonly times: Times;
  readonly frames: DrawnFrame[] = [];
  readonly #clock: Clock;
  readonly #sent = new Map<string, { readonly at: Instant; readonly offset: ClockOffset }>();
  /** Of the tick that it was shown with. */
  rows = 0;

  constructor(trace: string, times: Pick<Times, "read" | "reached">, clock: Clock) {
    this.trace = trace;
    this.times = { ...times };
    this.#clock = clock;
  }

  /** It is there now. */
  mark(step: Step): this {
    this.times[step] ??= this.#clock.now();
    return this;
  }

  /** The frame goes to a window, whose clock is known so well. */
  sentTo(seat: string, offset: ClockOffset): void {
    this.#sent.set(seat, { at: this.#clock.now(), offset });
  }

  /** Undefined where it was not sent to that window, or was shown there already. */
  shown(seat: string, { receivedAt, drawnAt, reportedAt, view }: ShownFrame): DrawnFrame | undefined {
    const sent = this.#sent.get(seat);
    if (sent === undefined) return undefined;
    this.#sent.delete(seat);
    const now = this.#clock.now();
    const roundTrip = Math.max(0, now - sent.at - Math.max(0, reportedAt - receivedAt));
    sent.offset.learn({ sent: sent.at, received: receivedAt, said: reportedAt, heard: now });
    // what a window says counts only as far as it can be
    const received = between(sent.at, receivedAt + sent.offset.value, now);
    const drawn = between(received, received + Math.max(0, drawnAt - receivedAt), now);
    const frame = { view: viewOf(view), sent: sent.at, received, drawn, roundTrip };
    this.frames.push(frame);
    return frame;
  }

  /** Every window that it was sent to has shown it, and it is on the disk. */
  get isWhole(): boolean {
    return this.#sent.size === 0 && this.times.stored !== undefined;
  }
}

const between = (low: number, value: number, high: number): number => Math.max(low, Math.min(value, high));
