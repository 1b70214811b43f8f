import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { Agenda } from "../kit/agenda.ts";
import { between, goesWrong } from "../kit/dirt.ts";
import { MINUTE, SECOND, type LocalTime } from "../kit/local-time.ts";
import { LotBook, type Mounted } from "../kit/lot-book.ts";

/** One beep of one scanner. */
export interface Scan {
  /** When it was received. */
  readonly time: string;
  /** When it was scanned, by the clock of the scanner. */
  readonly scanned: string;
  readonly scanner: string;
  readonly station: string;
  readonly kind: "lot" | "serial";
  /** The text of the label, as it was read. */
  readonly code: string;
  /** Of a lot. */
  readonly material?: string;
  readonly lot?: string;
  readonly container?: string;
  readonly quantity?: number;
  /** Of a serial; of a lot the first serial that may have taken from it. */
  readonly serial?: string;
}

export const scanDirt = {
  lot: { twice: 0.03, missing: 0.02, late: 0.04, misread: 0.007 },
  serial: { twice: 0.015, never: 0.006, late: 0.01, twoPlaces: 0.003 },
  /** A clock that is behind; nobody wrote it down. */
  slowClock: { scanner: "SC-L4-070", behindMs: 83 * SECOND },
} as const;

/** Where each machine's label is read: after the camera, at the pallet, in the packing of Line 4. */
const serialStations: ReadonlySet<string> = new Set(["S110", "S130", "L4-070"]);

/** What the hand scanners of both lines say of lots and serials. */
export class Scans {
  readonly #seed: number;
  readonly #local: LocalTime;
  readonly #lots: LotBook;
  readonly #agenda = new Agenda<Scan>();
  readonly #say: (scan: Scan) => void;

  constructor({ seed }: FloorHeader, local: LocalTime, say: (scan: Scan) => void) {
    this.#seed = seed;
    this.#local = local;
    this.#lots = new LotBook(local);
    this.#say = say;
  }

  take(record: FloorRecord): void {
    for (const mounted of this.#lots.take(record)) this.#lot(mounted);
    if (record[0] === "c" && serialStations.has(record[2])) this.#serial(record[1], record[2], record[3]);
  }

  settle(ms: number): void {
    for (const { due, item } of this.#agenda.due(ms)) this.#say({ ...item, time: this.#local.iso(due) });
  }

  #lot({ ms, station, container, serial }: Mounted): void {
    const dirt = scanDirt.lot;
    const wrong = (what: keyof typeof dirt) => goesWrong(this.#seed, `lot.${what}`, container.id, dirt[what]);
    if (wrong("missing") || container.lot === "UNKNOWN") return;
    const lot = wrong("misread") ? misread(container.lot) : container.lot;
    const scanned = ms + between(this.#seed, `hand.${container.id}`, 2, 25) * SECOND;
    const delayMs = wrong("late") ? between(this.#seed, `late.${container.id}`, 5, 40) * MINUTE : 0;
    const { id, material, quantity } = container;
    const part = { station, kind: "lot", code: `240${material}|10${lot}|00${id}`, material, lot, container: id, quantity, serial } as const;
    this.#put(scanned, delayMs, part);
    if (wrong("twice")) this.#put(scanned + between(this.#seed, `again.${container.id}`, 2, 9) * SECOND, delayMs, part);
  }

  #serial(ms: number, station: string, serial: string): void {
    const dirt = scanDirt.serial;
    const of = `${station}.${serial}`;
    const wrong = (what: keyof typeof dirt) => goesWrong(this.#seed, `serial.${what}`, of, dirt[what]);
    // a place where somebody reads a label that lies there: the machine itself is elsewhere
    if (wrong("twoPlaces"))
      this.#put(ms + 12 * MINUTE, 0, { station: station === "L4-070" ? "L4-R10" : "R10", kind: "serial", code: `21${serial}`, serial });
    if (wrong("never")) return;
    const scanned = ms + between(this.#seed, `beep.${of}`, 1, 6) * SECOND;
    const delayMs = wrong("late") ? between(this.#seed, `late.${of}`, 5, 30) * MINUTE : 0;
    this.#put(scanned, delayMs, { station, kind: "serial", code: `21${serial}`, serial });
    if (wrong("twice"))
      this.#put(scanned + between(this.#seed, `again.${of}`, 2, 9) * SECOND, delayMs, {
        station,
        kind: "serial",
        code: `21${serial}`,
        serial,
      });
  }

  #put(exact: number, delayMs: number, part: Omit<Scan, "time" | "scanned" | "scanner">): void {
    const ms = Math.round(exact);
    const scanner = `SC-${part.station}`;
    const behind = scanner === scanDirt.slowClock.scanner ? scanDirt.slowClock.behindMs : 0;
    this.#agenda.put(ms + Math.round(delayMs) + SECOND, { time: "", scanned: this.#local.iso(ms - behind), scanner, ...part });
  }
}

/** Two digits change their places, as when a torn label is typed in. */
function misread(lot: string): string {
  return lot.replace(/(\d)(\d)(?=-\d+$)/, (_, a: string, b: string) => (a === b ? `${a}${(Number(b) + 1) % 10}` : `${b}${a}`));
}
