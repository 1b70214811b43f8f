import type { FeatureContext, HandlersOf, Open } from "@doppelwerk/kit/server";
import { lineFlow } from "@doppelwerk/ports";
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
  const parts: Parts = { ctx, book, sources, shown };
  return {
    handlers: { ...orderHandlers(parts), ...sourceHandlers(parts) },
    ports: {},
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
      if (JSON.stringify(entry).includes('"shell"'))
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
