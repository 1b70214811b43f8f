import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/** A run that cannot continue: no progress in time, too many events or too much inside. `reason` says what, where and when, for whoever wrote the model. */
export class RunError extends DoppelwerkError {
  constructor(reason: Message) {
    super("DW_INVALID", reason);
    this.name = "RunError";
  }
}

/** Events of one instant after which time is not moving on. */
const MAX_AT_ONCE = 1_000_000;

/** Counts events and ends what does not get on. It watches a call, not a state: nothing of it is copied, saved or hashed. */
export class ProgressWatch {
  #now = -1;
  #atOnce = 0;
  readonly #most: number;

  constructor(mostEvents: number) {
    this.#most = mostEvents;
  }

  /** Throws a `RunError` at the event `count` at `now` microseconds; `where` names what it happens at. */
  step(now: number, count: number, where: () => string): void {
    if (now !== this.#now) {
      this.#now = now;
      this.#atOnce = 0;
    } else if (++this.#atOnce > MAX_AT_ONCE) throw new RunError(message("sim.runNoProgress", { atS: now / 1e6, place: where() }));
    if (count > this.#most) throw new RunError(message("sim.runTooManyEvents", { max: this.#most, atS: now / 1e6 }));
  }
}
