import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { FairQueue } from "../http/fair-queue.ts";

interface Waiting {
  begin(): void;
  refuse(): void;
}

/** Does so many things at a time; some more wait, those of each address in turn, and further ones are refused. */
export class InTurns {
  readonly #atOnce: number;
  readonly #waiting: FairQueue<Waiting>;
  #running = 0;

  constructor(atOnce: number, waitingMax: number) {
    this.#atOnce = atOnce;
    this.#waiting = new FairQueue(waitingMax);
  }

  /** `of`: whose turn it takes, an address. Errors: DW_TOO_OFTEN with details.retryAfterS. */
  async run<T>(work: () => Promise<T>, of = ""): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#turn(of);
    else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.take();
      // whoever waited has the place at once: nobody who comes now is before him
      if (next === undefined) this.#running--;
      else next.item.begin();
    }
  }

  #turn(of: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (): void => reject(new DoppelwerkError("DW_TOO_OFTEN", message("server.loginsTooMany"), { retryAfterS: 5 }));
      this.#waiting.put(of, { begin: resolve, refuse })?.refuse();
    });
  }
}
