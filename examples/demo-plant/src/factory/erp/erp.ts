import { join } from "node:path";
import { pageOf, Refusal, type Asked, type Route } from "../kit/http-service.ts";
import { IntervalDrop } from "../kit/interval-drop.ts";
import { HOUR } from "../kit/local-time.ts";
import { Outbox } from "../kit/outbox.ts";
import type { OrderSource, PlantConnection } from "../kit/plant-connection.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { csvText, writeWhole } from "../kit/small-file.ts";
import { Inbox, type Received } from "./inbox.ts";
import { billOf, costRates, products, routingOf } from "./master-data.ts";
import type { Order } from "./order-planner.ts";
import { Orders, type ClerkConfirmation, type OrderMessage } from "./orders.ts";

type Status = "released" | "cancelled" | "closed";

interface OrderState {
  readonly order: Order;
  readonly status: Status;
  readonly changedAt: string;
  /** Confirmed by the clerk, and by others. */
  good: number;
  scrap: number;
  received: number;
}

/** Enterprise resource planning: gives out orders, takes confirmations and goods receipts. */
export const erp: ProgramKind = { name: "erp", begin: (context) => new Erp(context) };

class Erp implements FactoryProgram {
  readonly #context: ProgramContext;
  readonly #orders: Orders;
  readonly #messages: Outbox<OrderMessage>;
  readonly #confirmations: Outbox<ClerkConfirmation>;
  readonly #inbox: Inbox;
  readonly #states = new Map<string, OrderState>();
  readonly #drops: readonly { flush(ms: number): void }[];
  readonly routes: readonly Route[];
  #settled = 0;

  constructor(context: ProgramContext) {
    this.#context = context;
    const { folder, drop, local, header, url } = context;
    this.#messages = new Outbox(join(folder, "messages.ndjson"));
    this.#confirmations = new Outbox(join(folder, "confirmations.ndjson"));
    this.#inbox = new Inbox(join(folder, "received.ndjson"));
    this.#orders = new Orders(header, local, {
      message: (message) => {
        this.#messages.say(message);
        this.#follow(message);
      },
      confirmation: (confirmation) => {
        this.#confirmations.say(confirmation);
        this.#add(confirmation);
      },
    });
    this.#drops = [
      new IntervalDrop({ outbox: this.#messages, drop, folder, local, name: "orders", everyMs: HOUR, delimiter: ";", ...orderColumns }),
      new IntervalDrop({
        outbox: this.#confirmations,
        drop,
        folder,
        local,
        name: "confirmations",
        everyMs: HOUR,
        delimiter: ";",
        header: ["time", "order", "good", "scrap", "corrects"],
        row: ({ time, order, good, scrap, corrects }) => [time, order, good, scrap, corrects === true ? "X" : ""],
      }),
    ];
    this.#writeMasterData(drop);
    this.routes = this.#routes();
    this.connections = [
      {
        name: "ERP",
        protocol: "http",
        url: `${url}/figures`,
        settings: { intervalS: 10, allowPrivate: true, timePointer: "/time" },
      },
    ];
    this.orderSources = [
      {
        name: "ERP",
        kind: "rest",
        url: `${url}/messages`,
        allowPrivate: true,
        intervalS: 3,
        fields: orderFields,
        confirmations: `${url}/goods-receipts`,
        masterData: {
          products: `${url}/products`,
          bills: `${url}/products/{product}/bill`,
          rates: `${url}/cost-rates`,
        },
      },
    ];
  }

  readonly connections: readonly PlantConnection[];
  readonly orderSources: readonly OrderSource[];

  take(record: Parameters<FactoryProgram["take"]>[0]): void {
    this.#orders.take(record);
  }

  settle(ms: number): void {
    this.#settled = ms;
    this.#orders.settle(ms);
  }

  flush(): void {
    this.#messages.flush();
    this.#confirmations.flush();
    for (const drop of this.#drops) drop.flush(this.#settled);
  }

  #follow({ kind, order, time }: OrderMessage): void {
    const { good, scrap, received } = this.#states.get(order.order) ?? this.#receivedOf(order.order);
    const status = kind === "cancel" ? "cancelled" : kind === "close" ? "closed" : "released";
    this.#states.set(order.order, { order, status, changedAt: time, good, scrap, received });
  }

  #add({ order, good, scrap }: { readonly order: string; readonly good: number; readonly scrap: number }): void {
    const state = this.#states.get(order);
    if (state === undefined) return;
    state.good += good;
    state.scrap += scrap;
  }

  /** What others told of an order before this start. */
  #receivedOf(order: string): { good: number; scrap: number; received: number } {
    const all = this.#inbox.all.filter((each) => each.order === order);
    const sum = (kind: Received["kind"], of: "good" | "scrap") =>
      all.reduce((total, each) => total + (each.kind === kind ? each[of] : 0), 0);
    return { good: sum("confirmation", "good"), scrap: sum("confirmation", "scrap"), received: sum("goodsReceipt", "good") };
  }

  #receive(kind: Received["kind"], { body }: Asked): unknown {
    const received = receivedOf(kind, body, this.#context.local.iso(this.#settled));
    const state = this.#states.get(received.order);
    if (state === undefined) throw new Refusal(404, `there is no order ${received.order}`);
    if (state.status === "cancelled") throw new Refusal(409, `${received.order} is cancelled`);
    const isNew = this.#inbox.take(received);
    if (isNew && kind === "confirmation") this.#add(received);
    if (isNew && kind === "goodsReceipt") state.received += received.good;
    return { id: received.id, isNew, order: shown(state) };
  }

  #routes(): readonly Route[] {
    const get = (path: string, answer: Route["answer"]): Route => ({ method: "GET", path, answer });
    return [
      get("/orders", ({ query }) => {
        const [status, line, product] = ["status", "line", "product"].map((name) => query.get(name));
        return [...this.#states.values()]
          .filter((state) => (status ?? state.status) === state.status && (line ?? state.order.line) === state.order.line)
          .filter(({ order }) => (product ?? order.product) === order.product)
          .map(shown);
      }),
      get("/orders/:order", ({ path }) => {
        const state = this.#states.get(path["order"]!);
        if (state === undefined) throw new Refusal(404, `there is no order ${path["order"]}`);
        return shown(state);
      }),
      get("/messages", (asked) => {
        const { after, limit } = pageOf(asked);
        return this.#messages.after(after, limit);
      }),
      get("/confirmations", (asked) => {
        const { after, limit } = pageOf(asked);
        return this.#confirmations.after(after, limit);
      }),
      get("/received", () => this.#inbox.all),
      { method: "POST", path: "/confirmations", answer: (asked) => this.#receive("confirmation", asked) },
      { method: "POST", path: "/goods-receipts", answer: (asked) => this.#receive("goodsReceipt", asked) },
      get("/products", () => products),
      get("/products/:product/routing", ({ path }) => knownProduct(path["product"]!, routingOf)),
      get("/products/:product/bill", ({ path }) => knownProduct(path["product"]!, billOf)),
      get("/cost-rates", () => costRates),
      get("/figures", () => this.#figures()),
    ];
  }

  /** What a connection reads every few seconds. */
  #figures(): unknown {
    const now = this.#settled;
    const open = [...this.#states.values()].filter(({ status }) => status === "released");
    const late = open.filter(({ order }) => Date.parse(order.due) < now).length;
    const of = (line: string) => {
      const own = open.filter(({ order }) => order.line === line);
      const pieces = own.reduce((sum, { order, good, scrap }) => sum + Math.max(0, order.quantity - good - scrap), 0);
      return { OpenOrders: own.length, OpenPieces: pieces };
    };
    return {
      time: new Date(now).toISOString(),
      OpenOrders: open.length,
      LateOrders: late,
      Messages: this.#messages.count,
      Line3: of("Line3"),
      Line4: of("Line4"),
    };
  }

  #writeMasterData(drop: string): void {
    const routing = products.flatMap(({ product }) =>
      routingOf(product).map((each) => [product, each.operation, each.station, each.text, each.setupS, each.pieceS]),
    );
    writeWhole(
      join(drop, "master", "routings.csv"),
      `\uFEFF${csvText(["product", "operation", "station", "text", "setup_s", "piece_s"], routing, ";")}`,
    );
    const bill = products.flatMap(({ product }) =>
      billOf(product).map((each) => [product, each.material, each.perPiece, each.unit, each.station]),
    );
    writeWhole(join(drop, "master", "bills.csv"), `\uFEFF${csvText(["product", "material", "per_piece", "unit", "station"], bill, ";")}`);
    const { currency, validFrom, workCentres, materials } = costRates;
    const rates = [
      ...workCentres.flatMap(({ workCentre, machineHour, labourHour }) => [
        ["work centre", workCentre, "machine hour", machineHour, currency, validFrom],
        ["work centre", workCentre, "labour hour", labourHour, currency, validFrom],
      ]),
      ...materials.map(({ material, price }) => ["material", material, "piece", price, currency, validFrom]),
    ];
    writeWhole(
      join(drop, "master", "cost-rates.csv"),
      `\uFEFF${csvText(["kind", "id", "per", "amount", "currency", "valid_from"], rates, ";")}`,
    );
  }
}

/** Where a message has what. */
const orderFields = {
  number: "/order/order",
  line: "/order/line",
  product: "/order/product",
  quantity: "/order/quantity",
  unit: "/order/unit",
  plannedStart: "/order/plannedStart",
  plannedEnd: "/order/plannedEnd",
  due: "/order/due",
  priority: "/order/priority",
  customer: "/order/customer",
  operations: "/order/operations",
  materials: "/order/materials",
} as const;

const orderColumns = {
  header: [
    "message",
    "time",
    "kind",
    "order",
    "line",
    "product",
    "quantity",
    "unit",
    "planned_start",
    "planned_end",
    "due",
    "priority",
    "customer",
    "reason",
  ],
  row: ({ message, time, kind, order, reason }: OrderMessage) => [
    message,
    time,
    kind,
    order.order,
    order.line,
    order.product,
    order.quantity,
    order.unit,
    order.plannedStart,
    order.plannedEnd,
    order.due,
    order.priority,
    order.customer,
    reason,
  ],
};

function shown({ order, status, changedAt, good, scrap, received }: OrderState): unknown {
  return { ...order, status, changedAt, confirmed: { good, scrap }, received };
}

function knownProduct<T>(product: string, of: (product: string) => readonly T[]): readonly T[] {
  if (!products.some((each) => each.product === product)) throw new Refusal(404, `there is no product ${product}`);
  return of(product);
}

function receivedOf(kind: Received["kind"], body: unknown, now: string): Received {
  if (typeof body !== "object" || body === null) throw new Refusal(400, "the body is an object");
  const given = body as Readonly<Record<string, unknown>>;
  const id = given["id"];
  if (typeof id !== "string" || !/^[\w.:-]{1,80}$/.test(id)) throw new Refusal(400, "id is 1 to 80 letters, digits or . : - _");
  if (typeof given["order"] !== "string") throw new Refusal(400, "order is the number of an order");
  const count = (name: string): number => {
    const value = given[name] ?? 0;
    if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) > 1_000_000)
      throw new Refusal(400, `${name} is a whole number of pieces`);
    return value;
  };
  const time = given["time"] ?? now;
  if (typeof time !== "string" || Number.isNaN(Date.parse(time))) throw new Refusal(400, "time is a date and time of ISO 8601");
  const [good, scrap] = kind === "confirmation" ? [count("good"), count("scrap")] : [count("quantity"), 0];
  return { id, kind, order: given["order"], good, scrap, time };
}
