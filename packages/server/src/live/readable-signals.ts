import type { SignalEntry } from "@doppelwerk/sync";
import { LIVE, type AccessGate, type Principal, type SignalTable } from "@doppelwerk/world";

/** What principals of one access class may read of the signal table. Index space = the table's. */
export interface ReadableSignals {
  /** Nothing is hidden from them. */
  readonly all: boolean;
  /** Index → 1 where the signal may be read. */
  readonly marks: Uint8Array;
  /** The rows as a client gets them; null where a signal was removed or may not be read. */
  readonly entries: readonly (SignalEntry | null)[];
}

/** Access to signals, decided once for each class of principals and not for each row: made again when a signal or a right changed. */
export class SignalAccess {
  readonly #gate: AccessGate;
  readonly #table: SignalTable;
  readonly #entries: () => readonly SignalEntry[];
  readonly #classes = new Map<string, ReadableSignals>();

  constructor(gate: AccessGate, table: SignalTable, entries: () => readonly SignalEntry[]) {
    this.#gate = gate;
    this.#table = table;
    this.#entries = entries;
  }

  /** The same object until something changed. */
  of(principal: Principal): ReadableSignals {
    const name = this.#gate.classOf(principal);
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const made = this.#compile(principal);
    this.#classes.set(name, made);
    return made;
  }

  /** A signal was added, removed or changed. */
  changed(): void {
    this.#classes.clear();
  }

  #compile(principal: Principal): ReadableSignals {
    const { signals } = this.#table;
    const mayLive = this.#gate.decide(principal, "read", LIVE).allowed;
    const marks = Uint8Array.from(signals, (record) => (mayLive && record !== undefined && this.#gate.mayRead(principal, record) ? 1 : 0));
    const all = signals.every((record, index) => record === undefined || marks[index] === 1);
    const rows = this.#entries();
    return { all, marks, entries: all ? rows : rows.map((entry, index) => (marks[index] === 1 ? entry : null)) };
  }
}
