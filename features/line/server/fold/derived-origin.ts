import { codeOfMask, codeOfOrigin, originOfCode } from "@doppelwerk/world";
import type { Origin, RecordId, SampleBatch, SignalRecord } from "@doppelwerk/world";

const SIMULATED = codeOfOrigin("simulated");
const REPLAYED = codeOfOrigin("replayed");

/** What follows from simulated values is simulated, from replayed ones replayed; all else that is concluded is derived. */
function concludedFrom(mask: number): Origin {
  const origin = originOfCode(codeOfMask(mask));
  return origin === "simulated" || origin === "replayed" ? origin : "derived";
}

interface LiveTable {
  readonly signals: readonly (SignalRecord | undefined)[];
  readonly origins: Uint8Array;
  indexOf(id: RecordId): number | undefined;
}

/** Of what is concluded now: by what is folded of the same shell or of none, or by all of it where the conclusion has no shell. */
export function originNow(derived: RecordId, tracked: readonly RecordId[], table: LiveTable): Origin {
  const own = table.indexOf(derived);
  const shell = own === undefined ? undefined : table.signals[own]?.shell;
  let mask = 0;
  for (const id of tracked) {
    const index = table.indexOf(id);
    if (index === undefined) continue;
    const other = table.signals[index]?.shell;
    if (shell === undefined || other === undefined || other === shell) mask |= 1 << table.origins[index]!;
  }
  return concludedFrom(mask);
}

/** The same while the past is folded: a conclusion is simulated where an input of its shell was, at any time of the piece that it was drawn from. */
export class PastOrigins {
  readonly #shellOf: (row: number) => string | undefined;
  /** Inputs whose last sample was simulated or replayed. */
  readonly #held = new Map<number, number>();
  /** Origins of the inputs, by their shell. */
  #masks = new Map<string | undefined, number>();

  constructor(shellOf: (row: number) => string | undefined) {
    this.#shellOf = shellOf;
  }

  /** The samples of the next piece, in order of time. */
  saw(batch: SampleBatch): void {
    this.#masks = new Map();
    for (const [row, code] of this.#held) this.#mark(row, code);
    const own = codeOfOrigin(batch.origin);
    for (let row = 0; row < batch.count; row++) {
      const code = batch.origins?.[row] ?? own;
      const signal = batch.signals[row]!;
      if (code === SIMULATED || code === REPLAYED) {
        this.#held.set(signal, code);
        this.#mark(signal, code);
      } else if (this.#held.size > 0) this.#held.delete(signal);
    }
  }

  of(shell: string | undefined): Origin {
    if (shell !== undefined) return concludedFrom((this.#masks.get(shell) ?? 0) | (this.#masks.get(undefined) ?? 0));
    return concludedFrom([...this.#masks.values()].reduce((all, mask) => all | mask, 0));
  }

  #mark(row: number, code: number): void {
    const shell = this.#shellOf(row);
    this.#masks.set(shell, (this.#masks.get(shell) ?? 0) | (1 << code));
  }
}
