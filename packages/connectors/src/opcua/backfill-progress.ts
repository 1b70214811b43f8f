import type { SourceNotice } from "@doppelwerk/world";

const EVERY = 20;

/** Tells how far a backfill is: at the start, every few nodes, when what is urgent is there, and at the end. */
export class BackfillProgress {
  samples = 0;
  readonly #urgentTotal: number;
  readonly #total: number;
  readonly #notify: (notice: SourceNotice) => void;
  #urgentDone = 0;
  #done = 0;

  constructor(urgentTotal: number, total: number, notify: (notice: SourceNotice) => void) {
    this.#urgentTotal = urgentTotal;
    this.#total = total;
    this.#notify = notify;
    this.#tell(false);
  }

  done(urgent: boolean): void {
    this.#done++;
    if (urgent) this.#urgentDone++;
    if (this.#done % EVERY === 0 || (urgent && this.#urgentDone === this.#urgentTotal)) this.#tell(false);
  }

  finish(): void {
    this.#tell(true);
  }

  #tell(finished: boolean): void {
    this.#notify({
      kind: "backfill",
      done: this.#done,
      total: this.#total,
      urgent: this.#urgentDone === this.#urgentTotal,
      samples: this.samples,
      finished,
    });
  }
}
