import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { materials } from "../../site/warehouse/warehouse-table.ts";
import { Agenda } from "../kit/agenda.ts";
import { goesWrong } from "../kit/dirt.ts";
import { DAY, HOUR, MINUTE, type LocalTime } from "../kit/local-time.ts";
import { LotBook } from "../kit/lot-book.ts";
import { ToolBook, type ToolChange } from "../kit/tool-book.ts";
import { sparePartsOf, type SparePart } from "./spare-parts.ts";

/** A line of the stock ledger; `quantity` with its sign. The stock of the book is the sum of them. */
export interface Movement {
  readonly time: string;
  /** Number of the paper; a line that was booked twice has one number twice. */
  readonly document: string;
  readonly kind: "receipt" | "pick" | "count" | "reversal" | "issue";
  readonly item: string;
  readonly location: string;
  readonly lot?: string;
  readonly quantity: number;
  readonly unit: "PCE" | "PC";
}

/** What is on hand of a material, every hour. */
export interface Level {
  readonly time: string;
  readonly key: string;
  readonly value: number;
}

export const stockDirt = {
  /** A pick that is booked with one piece too few or too many; the count at night finds it. */
  wrongQuantity: 0.006,
  /** A line that is booked twice and taken back an hour later. */
  twice: 0.005,
  /** The other spelling of pieces. */
  unit: 0.02,
} as const;

export interface StockSink {
  movement(movement: Movement): void;
  level(level: Level): void;
}

function add(to: Map<string, number>, key: string, quantity: number): void {
  to.set(key, (to.get(key) ?? 0) + quantity);
}

/** Book of the stores: it follows what is put away and picked, with the slips of those who book. */
export class Stock {
  readonly #header: FloorHeader;
  readonly #local: LocalTime;
  readonly #sink: StockSink;
  readonly #lots: LotBook;
  readonly #tools: ToolBook;
  readonly #agenda = new Agenda<Omit<Movement, "time">>();
  readonly #spares: readonly SparePart[];
  readonly #onHand = new Map<string, number>();
  readonly #ordered = new Set<string>();
  /** Pieces of each material that were given out, and that counts did not find, since the record began. */
  readonly #issued = new Map<string, number>();
  readonly #lost = new Map<string, number>();
  /** Booked minus true, by material and location. */
  readonly #wrong = new Map<string, number>();
  #documents = 0;
  #hour = 0;
  #day = "";

  constructor(header: FloorHeader, local: LocalTime, sink: StockSink) {
    this.#header = header;
    this.#local = local;
    this.#sink = sink;
    this.#lots = new LotBook(local);
    this.#tools = new ToolBook(header);
    this.#spares = sparePartsOf(header);
    for (const { part, opening } of this.#spares) {
      this.#agenda.put(header.recordFrom, {
        document: this.#document(),
        kind: "receipt",
        item: part,
        location: "SPARES",
        quantity: opening,
        unit: "PCE",
      });
      this.#onHand.set(part, 0);
    }
  }

  /** On hand by the book. */
  onHand(item: string): number {
    return this.#onHand.get(item) ?? 0;
  }

  /** By location and lot, as a count would find it now. */
  counted(): ReturnType<LotBook["stock"]> {
    return this.#lots.stock();
  }

  take(record: FloorRecord): void {
    if (record[0] === "w") this.#moved(record);
    this.#lots.take(record);
    for (const change of this.#tools.take(record)) this.#changed(change);
  }

  settle(ms: number): void {
    for (const { due, item } of this.#agenda.due(ms)) {
      this.#onHand.set(item.item, this.onHand(item.item) + item.quantity);
      if (item.kind === "pick" || item.kind === "reversal") add(this.#issued, item.item, -item.quantity);
      if (item.kind === "count" && item.quantity < 0) add(this.#lost, item.item, -item.quantity);
      this.#sink.movement({ time: this.#local.iso(due), ...item });
      this.#reorder(item.item, due);
    }
    const day = this.#local.date(ms);
    if (day !== this.#day && this.#day !== "") this.#count(this.#local.midnight(ms));
    this.#day = day;
    const hour = Math.floor(ms / HOUR);
    if (hour === this.#hour) return;
    this.#hour = hour;
    const time = this.#local.iso(hour * HOUR);
    for (const { id } of materials) {
      this.#sink.level({ time, key: `OnHand.${id}`, value: this.onHand(id) });
      this.#sink.level({ time, key: `Issued.${id}`, value: this.#issued.get(id) ?? 0 });
      this.#sink.level({ time, key: `Lost.${id}`, value: this.#lost.get(id) ?? 0 });
    }
  }

  #moved([, ms, what, material, location, quantity]: Extract<FloorRecord, readonly ["w", ...unknown[]]>): void {
    if (what === "short") return;
    const { seed } = this.#header;
    const key = `${material}.${location}.${ms}`;
    const lot =
      what === "pick" ? this.#lots.stock().find((each) => each.material === material && each.location === location)?.lot : undefined;
    const slip = what === "pick" && goesWrong(seed, "stock.wrong", key, stockDirt.wrongQuantity) ? (ms % 2 === 0 ? 1 : -1) : 0;
    const signed = what === "put" ? quantity : slip - quantity;
    if (slip !== 0) this.#wrong.set(`${material}.${location}`, (this.#wrong.get(`${material}.${location}`) ?? 0) + slip);
    const movement = {
      document: this.#document(),
      kind: what === "put" ? "receipt" : "pick",
      item: material,
      location,
      ...(lot === undefined ? {} : { lot }),
      quantity: signed,
      unit: goesWrong(seed, "stock.unit", key, stockDirt.unit) ? "PC" : "PCE",
    } as const;
    this.#agenda.put(ms + 30_000, movement);
    if (!goesWrong(seed, "stock.twice", key, stockDirt.twice)) return;
    this.#agenda.put(ms + 50_000, movement);
    this.#agenda.put(ms + HOUR, { ...movement, document: this.#document(), kind: "reversal", quantity: -signed });
  }

  /** A count at night finds what was booked wrongly. */
  #count(midnight: number): void {
    for (const [place, difference] of this.#wrong) {
      const [item, location] = place.split(".") as [string, string];
      if (difference !== 0)
        this.#agenda.put(midnight + 2 * HOUR, {
          document: this.#document(),
          kind: "count",
          item,
          location,
          quantity: -difference,
          unit: "PCE",
        });
    }
    this.#wrong.clear();
  }

  #changed({ ms, tool }: ToolChange): void {
    // there is always one in the fitter's drawer: the book may go below nothing
    this.#agenda.put(ms + 12 * MINUTE, {
      document: this.#document(),
      kind: "issue",
      item: tool.spare,
      location: "SPARES",
      quantity: -1,
      unit: "PCE",
    });
  }

  #reorder(item: string, ms: number): void {
    const part = this.#spares.find((each) => each.part === item);
    if (part === undefined) return;
    if (this.onHand(item) > part.minimum) return void this.#ordered.delete(item);
    if (this.#ordered.has(item)) return;
    this.#ordered.add(item);
    const due = this.#local.midnight(ms + part.leadDays * DAY) + 10 * HOUR;
    this.#agenda.put(due, { document: this.#document(), kind: "receipt", item, location: "SPARES", quantity: part.order, unit: "PCE" });
  }

  #document(): string {
    return `MD-${String(++this.#documents).padStart(6, "0")}`;
  }
}
