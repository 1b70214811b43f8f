import type { Open } from "@doppelwerk/kit/server";
import { lineFlow, listTables, workOrders } from "@doppelwerk/ports";
import { changed } from "../contract.ts";
import type { maintenance } from "../feature.ts";
import { jobTable } from "./job-table.ts";
import { jobsOf, removeJob, storeJob } from "./jobs.ts";
import { OrderBook } from "./order-book.ts";
import { workOrdersPort } from "./opened-orders.ts";
import { orderHandlers } from "./order-handlers.ts";

/** Work orders of maintenance, and what they are made of. */
export const open: Open<typeof maintenance> = async (ctx) => {
  const now = (): number => ctx.now();
  const book = new OrderBook({ own: ctx.own, now, newId: () => ctx.ids.next("workOrder") });
  const opening = { book, flow: ctx.use(lineFlow), jobs: jobsOf };
  return {
    handlers: {
      ...orderHandlers(ctx, opening),
      "maintenance.jobs": async ({ view, branch }) => [...jobsOf(view, branch)],
      "maintenance.storeJob": ({ view, branch, body }) => storeJob(view, branch, body),
      "maintenance.removeJob": ({ view, branch, params }) => removeJob(view, branch, params.code),
    },
    contributed: [{ key: listTables.key, value: jobTable((principal) => ctx.view(principal)) }],
    ports: {
      [workOrders.key]: workOrdersPort({
        opening,
        now,
        viewOf: (principal) => ctx.view(principal),
        tell: () => ctx.publish(changed, { at: now() }),
      }),
    },
    close: async () => {},
  };
};
