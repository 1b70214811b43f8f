import { DoppelwerkError, message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** Work that is done one piece after the other. So much may wait; more is refused with DW_QUEUE_FULL. */
export class Turns {
  readonly #maxWaiting: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting > this.#maxWaiting)
      throw new DoppelwerkError("DW_QUEUE_FULL", message("alarms.trialsWaiting", { count: this.#waiting - 1 }));
    this.#waiting++;
    const turn = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = Promise.allSettled([turn]);
    return turn;
  }
}
