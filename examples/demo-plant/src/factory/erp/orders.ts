import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { Agenda } from "../kit/agenda.ts";
import { between, goesWrong } from "../kit/dirt.ts";
import { HOUR, MINUTE, type LocalTime } from "../kit/local-time.ts";
import { discontinued } from "./master-data.ts";
import { orderId, OrderPlanner, type Order } from "./order-planner.ts";

/** One message of the ERP about an order. What is said twice has the same `message`. */
export interface OrderMessage {
  /** When it was given out. */
  readonly time: string;
  /** Number of the message; a repetition has that of the first. */
  readonly message: string;
  readonly kind: "create" | "change" | "cancel" | "close";
  readonly order: Order;
  /** Of a cancellation or a change. */
  readonly reason?: string;
}

/** What the clerk writes down at the end of a shift, by hand, of what the line made. */
export interface ClerkConfirmation {
  readonly time: string;
  readonly order: string;
  readonly good: number;
  readonly scrap: number;
  /** Takes back a line of before: a slip that was noticed. */
  readonly corrects?: boolean;
}

interface KnownOrder {
  order: Order;
  told: boolean;
  begun: boolean;
  closed: boolean;
  good: number;
  scrap: number;
  confirmedGood: number;
  confirmedScrap: number;
}

/** How often what goes wrong, of 1. */
export const erpDirt = {
  /** The order is given out only after the line has begun it. */
  late: 0.05,
  /** The same message twice. */
  twice: 0.06,
  /** First with another quantity, put right before it begins. */
  changed: 0.1,
  /** First for another customer and date, cancelled and given out anew under the same number. */
  reissued: 0.03,
  /** An order that never becomes one of the line: it is cancelled later. */
  phantom: 0.05,
  /** An order for a product that nobody makes; it stays open. */
  unknown: 1 / 45,
  /** A slip of the clerk: two digits in the wrong order, put right the next shift. */
  slip: 0.03,
} as const;

interface Step {
  readonly kind: OrderMessage["kind"];
  /** As it is when it is given out. */
  readonly order: () => Order;
  readonly message: string;
  readonly reason?: string;
}

/** Where it goes. */
export interface OrderSink {
  message(message: OrderMessage): void;
  confirmation(confirmation: ClerkConfirmation): void;
}

/** Folds the shop floor into what the ERP says of it. */
export class Orders {
  readonly #header: FloorHeader;
  readonly #local: LocalTime;
  readonly #planner: OrderPlanner;
  readonly #known = new Map<string, KnownOrder>();
  readonly #orderOf = new Map<string, string>();
  readonly #agenda = new Agenda<Step>();
  readonly #written = new Agenda<Omit<ClerkConfirmation, "time">>();
  readonly #sink: OrderSink;
  #corrections: Omit<ClerkConfirmation, "time">[] = [];

  constructor(header: FloorHeader, local: LocalTime, sink: OrderSink) {
    this.#sink = sink;
    this.#header = header;
    this.#local = local;
    this.#planner = new OrderPlanner(header, local);
  }

  take(record: FloorRecord): void {
    switch (record[0]) {
      case "p":
        return this.#planned(record);
      case "b":
        return this.#begun(record);
      case "n":
        return void this.#orderOf.set(record[3], orderId(record[2], record[4]));
      case "f":
      case "x":
        return this.#made(record[1], record[3], record[0] === "f");
      case "s":
        return record[3] === "end" ? this.#confirm(record[1]) : undefined;
      default:
        return;
    }
  }

  settle(ms: number): void {
    for (const { due, item } of this.#agenda.due(ms)) this.#sink.message({ time: this.#local.iso(due), ...item, order: item.order() });
    for (const { due, item } of this.#written.due(ms)) this.#sink.confirmation({ time: this.#local.iso(due), ...item });
  }

  #planned([, ms, line, batch, product, size]: Extract<FloorRecord, readonly ["p", ...unknown[]]>): void {
    const id = orderId(line, batch);
    const before = this.#known.get(id);
    if (before?.begun === true) return;
    const order =
      before === undefined
        ? this.#planner.plan(line, batch, product, size, ms)
        : this.#replanned(before.order, product, size, ms, line, batch);
    if (before !== undefined) {
      before.order = order;
      // one that is still to be given out late is given out as it is then
      if (before.told) this.#say(ms + MINUTE, "change", () => before.order, `C${ms}`, "planning changed the programme");
      return;
    }
    const isLate = goesWrong(this.#header.seed, "late", id, erpDirt.late);
    const known = { order, told: !isLate, begun: false, closed: false, good: 0, scrap: 0, confirmedGood: 0, confirmedScrap: 0 };
    this.#known.set(id, known);
    if (!isLate) this.#giveOut(known, ms);
    this.#besides(line, batch, ms);
  }

  /** Planning changed its mind: the time of the order is planned anew, its number stays. */
  #replanned(before: Order, product: string, size: number, ms: number, line: string, batch: number): Order {
    const { plannedStart, customer, priority } = before;
    return { ...this.#planner.plan(line, batch, product, size, ms), plannedStart, customer, priority };
  }

  #giveOut(known: KnownOrder, ms: number): void {
    const { seed } = this.#header;
    const { order } = known;
    const id = order.order;
    const right = () => known.order;
    if (goesWrong(seed, "changed", id, erpDirt.changed)) {
      const wrong = Math.max(1, Math.round(order.quantity * between(seed, `wrong.${id}`, 0.7, 1.3)));
      const materials = order.materials.map((each) => ({ ...each, quantity: each.perPiece * wrong }));
      this.#say(ms, "create", () => ({ ...order, quantity: wrong, materials }), "1");
      return this.#say(ms + between(seed, `put-right.${id}`, 5, 50) * MINUTE, "change", right, "2", "quantity corrected by sales");
    }
    if (goesWrong(seed, "reissued", id, erpDirt.reissued)) {
      const wrong = () => ({ ...order, customer: "Own stock" });
      this.#say(ms, "create", wrong, "1");
      this.#say(ms + 6 * MINUTE, "cancel", wrong, "2", "wrong customer");
      return this.#say(ms + 21 * MINUTE, "create", right, "3");
    }
    this.#say(ms, "create", right, "1");
  }

  /** Orders that no line ever makes. */
  #besides(line: string, batch: number, ms: number): void {
    const { seed } = this.#header;
    const name = `${line}.${batch}`;
    if (goesWrong(seed, "phantom", name, erpDirt.phantom)) {
      const order = this.#strange(orderId(line, 90_000 + batch), line, line === "Line3" ? "WM7" : "TD7", ms);
      this.#say(ms + 2 * MINUTE, "create", () => order, "1");
      this.#say(ms + between(seed, `gone.${name}`, 0.3, 5) * HOUR, "cancel", () => order, "2", "cancelled by the customer");
    }
    if (line !== "Line3" || !goesWrong(seed, "unknown", name, erpDirt.unknown)) return;
    const unknown = this.#strange(orderId(line, 80_000 + batch), line, discontinued, ms);
    this.#say(ms + 3 * MINUTE, "create", () => unknown, "1");
  }

  #strange(id: string, line: string, product: string, ms: number): Order {
    // it takes no time of the line: planning does not know yet that it will not come
    return { ...new OrderPlanner(this.#header, this.#local).plan(line, 0, product, 40, ms + 20 * HOUR), order: id };
  }

  #begun([, ms, line, batch, product, size]: Extract<FloorRecord, readonly ["b", ...unknown[]]>): void {
    const id = orderId(line, batch);
    const known = this.#known.get(id);
    if (known === undefined) return;
    if (known.order.product !== product || known.order.quantity !== size) this.#planned(["p", ms, line, batch, product, size]);
    known.begun = true;
    if (known.told) return;
    known.told = true;
    this.#say(ms + between(this.#header.seed, `after.${id}`, 8, 55) * MINUTE, "create", () => known.order, "1");
  }

  #made(ms: number, serial: string, isGood: boolean): void {
    const id = this.#orderOf.get(serial);
    this.#orderOf.delete(serial);
    const known = id === undefined ? undefined : this.#known.get(id);
    if (known === undefined) return;
    if (isGood) known.good++;
    else known.scrap++;
    if (known.good + known.scrap < known.order.quantity) return;
    known.closed = true;
    this.#say(ms + 90 * MINUTE, "close", () => known.order, "9");
  }

  #confirm(ms: number): void {
    const { seed } = this.#header;
    for (const correction of this.#corrections) this.#written.put(ms, correction);
    this.#corrections = [];
    for (const [id, known] of this.#known) {
      const [good, scrap] = [known.good - known.confirmedGood, known.scrap - known.confirmedScrap];
      if (good + scrap > 0) {
        const at = Math.round(ms + between(seed, `clerk.${id}.${ms}`, 3, 25) * MINUTE);
        const slip = swapped(good);
        const isSlip = slip !== good && goesWrong(seed, "slip", `${id}.${ms}`, erpDirt.slip);
        this.#written.put(at, { order: id, good: isSlip ? slip : good, scrap });
        if (isSlip) this.#corrections.push({ order: id, good: good - slip, scrap: 0, corrects: true });
        [known.confirmedGood, known.confirmedScrap] = [known.good, known.scrap];
      }
      if (known.closed && known.confirmedGood + known.confirmedScrap >= known.order.quantity) this.#known.delete(id);
    }
  }

  #say(ms: number, kind: OrderMessage["kind"], order: () => Order, number: string, reason?: string): void {
    const message = `${order().order}/${number}`;
    const step: Step = { kind, order, message, ...(reason === undefined ? {} : { reason }) };
    const at = Math.round(ms);
    this.#agenda.put(at, step);
    if (goesWrong(this.#header.seed, "twice", message, erpDirt.twice)) this.#agenda.put(at + 40_000, step);
  }
}

/** 57 for 75. */
function swapped(count: number): number {
  const digits = String(count);
  return digits.length < 2 ? count : Number(`${digits.slice(0, -2)}${digits.at(-1)}${digits.at(-2)}`);
}
