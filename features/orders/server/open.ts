import type { FeatureContext, HandlersOf, Open } from "@doppelwerk/kit/server";
import { DoppelwerkError, message, parse } from "@doppelwerk/kit";
import { coverageSources, kpiInputs, lineFlow, listTables, orderExecutions, orderPlans, type OrderPlans } from "@doppelwerk/ports";
import { LIVE, type Principal } from "@doppelwerk/world";
import { B2mmlDocument } from "../contract.ts";
import { B2mml } from "./b2mml.ts";
import { businessFlow } from "./business-flow.ts";
import { coverageOf } from "./coverage.ts";
import { executionsPort } from "./executions.ts";
import { kpiInputsOfOrders } from "./kpi-source.ts";
import { materialTable, orderTable } from "./order-table.ts";
import type {} from "../message-codes.ts";
import type { orders } from "../feature.ts";
import { LineNames } from "../model/line-names.ts";
import { CountedLines } from "./counted-lines.ts";
import { OrderBook } from "./order-book.ts";
import { historyOf } from "./order-history.ts";
import { ShownOrders } from "./shown-orders.ts";
import { removeSource, requireSource, storeSource } from "./source-store.ts";
import { Sources } from "./sources/sources.ts";

type Ctx = FeatureContext<typeof orders>;
type Handlers = HandlersOf<(typeof orders)["contract"]>;

/** Production orders and what flows with them. */
export const open: Open<typeof orders> = async (ctx) => {
  const names = new Lines(ctx);
  await names.read();
  const book = new OrderBook({ own: ctx.own, now: () => ctx.now(), shellOf: (line) => names.current.of(line)?.shell });
  const sources = new Sources(ctx, book, () => {});
  const counted = new CountedLines(ctx);
  const shown = new ShownOrders(ctx, counted, (id) => sources.nameOf(id));
  const ofSource = async (id: string) => {
    const picture = await shown.picture(ctx.own, LIVE, undefined);
    return picture.lines.flatMap((line) => shown.ofLine(line, picture)).filter(({ source }) => source?.id === id);
  };
  sources.ordersOf = ofSource;
  const viewOf = (principal: Principal) => ctx.view(principal);
  const parts: Parts = { ctx, book, sources, shown, b2mml: new B2mml(ctx, shown, (line) => names.current.of(line)?.shell) };
  return {
    handlers: { ...orderHandlers(parts), ...sourceHandlers(parts), ...flowHandlers(parts) },
    ports: { [orderPlans.key]: plansOf(parts), [orderExecutions.key]: executionsPort(shown, viewOf) },
    contributed: [
      { key: listTables.key, value: orderTable(book, viewOf) },
      { key: listTables.key, value: materialTable(viewOf) },
      { key: kpiInputs.key, value: kpiInputsOfOrders(shown, viewOf) },
    ],
    async close() {
      names.close();
      counted.close();
      await sources.close();
    },
  };
};

interface Parts {
  readonly ctx: Ctx;
  readonly book: OrderBook;
  readonly sources: Sources;
  readonly shown: ShownOrders;
  readonly b2mml: B2mml;
}

const OPEN = new Set(["waiting", "running"]);

/** For whoever plans: what is left of the orders of a line, and where the plan goes. */
function plansOf({ ctx, book, shown }: Parts): OrderPlans {
  return {
    async open(principal, branch, line) {
      const picture = await shown.picture(ctx.view(principal), branch, undefined);
      const own = line === undefined ? picture.lines[0] : picture.lines.find((each) => each.line.id === line);
      return (own === undefined ? [] : shown.ofLine(own, picture))
        .filter(({ state, findings }) => OPEN.has(state) && !findings.includes("unknownProduct"))
        .map(({ number, fields: { product, quantity, due }, made, state }) => ({
          id: number,
          product,
          quantity: Math.max(1, Math.round(quantity - (made?.good ?? 0))),
          ...(due !== undefined && { due }),
          ordered: quantity,
          ...(made !== undefined && { good: made.good }),
          isRunning: state === "running",
        }));
    },
    sequence: (principal, branch, ids) => book.sequence(ctx.view(principal), branch, ids),
  };
}

function flowHandlers({ ctx, book, shown, sources, b2mml }: Parts) {
  return {
    "orders.sequence": async ({ view, branch, body }) => book.sequence(view, branch, body.orders),
    "orders.confirm": async ({ view, params }) => {
      const order = await shown.one(view, LIVE, book.require(view, LIVE, params.number));
      const companion = order.source && sources.running.get(order.source.id)?.companion;
      if (companion === undefined || order.made === undefined) throw new DoppelwerkError("DW_CONFLICT", message("orders.noConfirmation"));
      await companion.confirm(order);
      return order;
    },
    "orders.flow": async ({ view, branch, query: { t } }) => businessFlow(ctx, shown, sources, { view, branch, t }),
    "orders.coverage": async ({ view, branch }) => coverageOf(ctx, view, branch, ctx.contributions(coverageSources).all()),
    "orders.exportB2mml": async ({ view, branch, params, query: { format, days } }) => {
      const document = parse(B2mmlDocument, params.document, "document");
      const body = await b2mml.write(view, branch, document, format, days);
      return { body: new TextEncoder().encode(body), type: format === "xml" ? "application/xml" : "application/json" };
    },
    "orders.importB2mml": async ({ view, branch, query, body }) => b2mml.read(view, branch, await body.bytes(), query.dry === "true"),
  } satisfies Partial<Handlers>;
}

function orderHandlers({ ctx, book, shown, sources }: Parts) {
  return {
    "orders.list": ({ view, branch, query }) => shown.list(view, { ...query, branch }),
    "orders.history": async ({ view, branch, params }) =>
      historyOf(view, branch, params.number, (by) => sources.nameOf(by) ?? ctx.nameOf(by)),
    "orders.store": async ({ view, branch, params, body }) => {
      const order = await book.store(view, branch, { ...body.fields, number: params.number }, body.expected);
      return shown.one(view, branch, order);
    },
    "orders.split": async ({ view, branch, params, body }) => {
      const { kept, split } = await book.split(view, branch, params.number, body);
      return { kept: await shown.one(view, branch, kept), split: await shown.one(view, branch, split) };
    },
  } satisfies Partial<Handlers>;
}

function sourceHandlers({ ctx, sources }: Parts) {
  const stored = async (id: string) => {
    sources.follow();
    await sources.settled();
    return sources.stateOf(id)!;
  };
  return {
    "orders.sources": async () => sources.states(),
    "orders.addSource": async ({ view, body }) => {
      const id = ctx.ids.next("orderSource");
      if (body.secret !== undefined) sources.secrets.set(id, body.secret);
      await storeSource(view, id, body.fields);
      return stored(id);
    },
    "orders.changeSource": async ({ view, params, body }) => {
      requireSource(view, params.source);
      if (body.secret !== undefined) sources.secrets.set(params.source, body.secret);
      await storeSource(view, params.source, body.fields);
      return stored(params.source);
    },
    "orders.removeSource": async ({ view, params }) => {
      await removeSource(view, params.source);
      sources.follow();
      await sources.forget(params.source);
    },
  } satisfies Partial<Handlers>;
}

/** Names of the lines of live, kept as they are: orders that come are given the shell of theirs. */
class Lines {
  readonly #ctx: Ctx;
  readonly #uncommit: () => void;
  current = new LineNames([]);

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
    this.#uncommit = ctx.own.documents.onCommit(({ entry }) => {
      if (entry.branch === LIVE && entry.changes.some((change) => change.op !== "update" && change.record.kind === "shell"))
        this.read().catch((error: unknown) => ctx.log.error({ err: error }, "lines could not be read"));
    });
  }

  async read(): Promise<void> {
    this.current = new LineNames((await this.#ctx.use(lineFlow).lines()).lines);
  }

  close(): void {
    this.#uncommit();
  }
}
