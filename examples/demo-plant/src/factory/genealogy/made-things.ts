import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { Agenda } from "../kit/agenda.ts";
import { goesWrong } from "../kit/dirt.ts";
import { HOUR, type LocalTime } from "../kit/local-time.ts";
import { LotBook } from "../kit/lot-book.ts";
import { lotName, palletName, readPoint, serialName } from "./gs1-names.ts";

/** An event of EPCIS 2.0 with when it is sent. */
export interface SentEvent {
  readonly time: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Shares of machines. */
export const genealogyDirt = {
  /** A lot is taken for the one before it, and declared wrong two hours later with what is right. */
  wrongLot: 0.005,
  /** The machine is not told of. */
  missing: 0.003,
} as const;

const PALLET = 12;
const LAST_STATIONS = { Line3: "S130", Line4: "L4-070" } as const;
const CORRECTED_AFTER = 2 * HOUR;

type Line = keyof typeof LAST_STATIONS;

interface Taken {
  readonly material: string;
  readonly lot: string;
}

/** What the machines of both lines are made of, said when each is finished, and the pallets that they leave on. */
export class MadeThings {
  readonly #seed: number;
  readonly #local: LocalTime;
  readonly #lots: LotBook;
  readonly #taken = new Map<string, Taken[]>();
  readonly #tubs = new Map<string, string>();
  /** The lot before the one that is open, by material. */
  readonly #before = new Map<string, string>();
  readonly #open = new Map<string, string>();
  readonly #pallets: Record<Line, { number: number; serials: string[] }> = {
    Line3: { number: 1, serials: [] },
    Line4: { number: 1, serials: [] },
  };
  readonly #corrections = new Agenda<readonly SentEvent["event"][]>();
  readonly #say: (event: SentEvent) => void;

  constructor({ seed }: FloorHeader, local: LocalTime, say: (event: SentEvent) => void) {
    this.#seed = seed;
    this.#local = local;
    this.#lots = new LotBook(local);
    this.#say = say;
  }

  take(record: FloorRecord): void {
    this.#lots.take(record);
    if (record[0] === "u") this.#used(record[2], record[3]);
    if (record[0] === "j") this.#tubs.set(record[2], record[3]);
    if (record[0] === "f") this.#finished(record[1], record[2], record[3]);
    if (record[0] === "x") this.#scrapped(record[1], record[2], record[3]);
  }

  settle(ms: number): void {
    for (const { due, item } of this.#corrections.due(ms)) for (const event of item) this.#say({ time: this.#local.iso(due), event });
  }

  #used(station: string, serial: string): void {
    const taken = this.#lots.lotAt(station, serial).filter(({ lot }) => lot !== "UNKNOWN");
    for (const { material, lot } of taken) {
      const open = this.#open.get(material);
      if (open !== undefined && open !== lot) this.#before.set(material, open);
      this.#open.set(material, lot);
    }
    this.#taken.set(serial, [...(this.#taken.get(serial) ?? []), ...taken]);
  }

  #finished(ms: number, line: Line, serial: string): void {
    const taken = this.#taken.get(serial) ?? [];
    const tub = this.#tubs.get(serial);
    this.#forget(serial);
    if (goesWrong(this.#seed, "genealogy.missing", serial, genealogyDirt.missing)) return;
    const station = LAST_STATIONS[line];
    const right = this.#assembled(ms, station, serial, taken, tub, "");
    const first = taken.find(({ material }) => this.#before.has(material));
    if (first !== undefined && goesWrong(this.#seed, "genealogy.wrongLot", serial, genealogyDirt.wrongLot)) {
      const mistaken = taken.map((each) => (each === first ? { ...each, lot: this.#before.get(each.material)! } : each));
      const wrong = this.#assembled(ms, station, serial, mistaken, tub, "-first");
      this.#say({ time: this.#local.iso(ms), event: wrong });
      const declared = {
        declarationTime: this.#local.iso(ms + CORRECTED_AFTER),
        reason: "incorrect_data",
        correctiveEventIDs: [right["eventID"]],
      };
      this.#corrections.put(ms + CORRECTED_AFTER, [{ ...wrong, errorDeclaration: declared }, right]);
    } else this.#say({ time: this.#local.iso(ms), event: right });
    this.#palletise(ms, line, serial);
  }

  #assembled(ms: number, station: string, serial: string, taken: readonly Taken[], tub: string | undefined, version: string) {
    return {
      type: "AssociationEvent",
      eventID: `urn:doppelwerk:demo-plant:assembled:${serial}${version}`,
      ...this.#at(ms, station),
      action: "ADD",
      bizStep: "assembling",
      disposition: "in_progress",
      parentID: serialName(serial),
      childEPCs: tub === undefined ? [] : [serialName(tub)],
      childQuantityList: taken.map(({ material, lot }) => ({ epcClass: lotName(material, lot), quantity: 1 })),
    };
  }

  #palletise(ms: number, line: Line, serial: string): void {
    const pallet = this.#pallets[line];
    pallet.serials.push(serial);
    if (pallet.serials.length < PALLET) return;
    const parentID = palletName(line, pallet.number);
    this.#say({
      time: this.#local.iso(ms),
      event: {
        type: "AggregationEvent",
        eventID: `urn:doppelwerk:demo-plant:palletised:${line}:${pallet.number}`,
        ...this.#at(ms, LAST_STATIONS[line]),
        action: "ADD",
        bizStep: "packing",
        disposition: "in_progress",
        parentID,
        childEPCs: pallet.serials.map(serialName),
      },
    });
    this.#pallets[line] = { number: pallet.number + 1, serials: [] };
  }

  #scrapped(ms: number, line: Line, serial: string): void {
    this.#forget(serial);
    this.#say({
      time: this.#local.iso(ms),
      event: {
        type: "ObjectEvent",
        eventID: `urn:doppelwerk:demo-plant:scrapped:${serial}`,
        ...this.#at(ms, LAST_STATIONS[line]),
        action: "DELETE",
        bizStep: "destroying",
        disposition: "destroyed",
        epcList: [serialName(serial)],
      },
    });
  }

  #at(ms: number, station: string) {
    const eventTime = this.#local.iso(ms);
    return { eventTime, eventTimeZoneOffset: eventTime.slice(-6), readPoint: { id: readPoint(station) } };
  }

  #forget(serial: string): void {
    this.#taken.delete(serial);
    this.#tubs.delete(serial);
  }
}
