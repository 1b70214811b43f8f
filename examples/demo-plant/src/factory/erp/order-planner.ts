import type { FloorHeader } from "../../floor/floor-record.ts";
import { between, goesWrong } from "../kit/dirt.ts";
import { HOUR, type LocalTime, MINUTE } from "../kit/local-time.ts";
import { billOf, products, routingOf, type BillLine, type Operation } from "./master-data.ts";

export interface Order {
  readonly order: string;
  readonly line: string;
  readonly product: string;
  readonly quantity: number;
  readonly unit: "PCE";
  /** ISO 8601 with the plant's offset. */
  readonly plannedStart: string;
  readonly plannedEnd: string;
  readonly due: string;
  readonly priority: 1 | 2 | 3;
  readonly customer: string;
  readonly operations: readonly Operation[];
  readonly materials: readonly (BillLine & { readonly quantity: number })[];
}

const customers = ["Nordhaus", "Elektra 24", "Weißwarenkontor", "Maison Claire", "Own stock"] as const;

/** Turns what a line will make into orders: planned one after the other, over the net time of the shift plan. */
export class OrderPlanner {
  readonly #header: FloorHeader;
  readonly #local: LocalTime;
  /** When planning believes that each line is free. */
  readonly #free = new Map<string, number>();

  constructor(header: FloorHeader, local: LocalTime) {
    this.#header = header;
    this.#local = local;
  }

  plan(line: string, batch: number, product: string, size: number, ms: number): Order {
    const { seed } = this.#header;
    const start = this.#working(Math.max(this.#free.get(line) ?? 0, ms));
    const takt = products.find((each) => each.product === product)?.takt ?? 40;
    const end = this.#after(start, size * takt * 1000);
    this.#free.set(line, end);
    const id = orderId(line, batch);
    // most are due at the end of a shift some time later; one in nine was promised too early
    const slack = goesWrong(seed, "promised", id, 1 / 9) ? -3 * HOUR : between(seed, `due.${id}`, 2, 30) * HOUR;
    return {
      order: id,
      line,
      product,
      quantity: size,
      unit: "PCE",
      plannedStart: this.#local.iso(start),
      plannedEnd: this.#local.iso(end),
      due: this.#local.iso(this.#shiftEnd(end + slack)),
      priority: (1 + Math.floor(between(seed, `priority.${id}`, 0, 3))) as 1 | 2 | 3,
      customer: customers[Math.floor(between(seed, `customer.${id}`, 0, customers.length))]!,
      operations: routingOf(product),
      materials: billOf(product).map((each) => ({ ...each, quantity: each.perPiece * size })),
    };
  }

  /** The same instant, or the beginning of the next planned shift. */
  #working(ms: number): number {
    for (let day = this.#local.midnight(ms); ; day = this.#local.midnight(day + 36 * HOUR)) {
      if (!this.#header.shifts.some(({ days }) => days.split(" ").includes(this.#local.weekday(day)))) continue;
      for (const { start, end } of this.#header.shifts) {
        if (ms < day + clockMs(start)) return day + clockMs(start);
        if (ms < day + clockMs(end)) return ms;
      }
    }
  }

  /** `needed` of net working time later; breaks are a tenth of a shift. */
  #after(from: number, needed: number): number {
    let [at, left] = [from, needed * (480 / 430)];
    for (;;) {
      const end = this.#shiftEnd(at);
      if (end - at >= left) return Math.round((at + left) / MINUTE) * MINUTE;
      left -= end - at;
      at = this.#working(end);
    }
  }

  #shiftEnd(ms: number): number {
    const at = this.#working(ms);
    const day = this.#local.midnight(at);
    return day + clockMs(this.#header.shifts.find(({ end }) => at < day + clockMs(end))!.end);
  }
}

/** `PO-3-00042`: the 42nd batch of Line 3. */
export function orderId(line: string, batch: number): string {
  return `PO-${line.slice(-1)}-${String(batch).padStart(5, "0")}`;
}

function clockMs(text: string): number {
  const [hour, minute] = text.split(":").map(Number) as [number, number];
  return hour * HOUR + minute * MINUTE;
}
