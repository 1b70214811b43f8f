import type { Open } from "@doppelwerk/kit/server";
import { lineFlow, listTables, spareParts, stationStates, workOrders } from "@doppelwerk/ports";
import { changed } from "../contract.ts";
import type { maintenance } from "../feature.ts";
import { jobTable } from "./job-table.ts";
import { jobsOf, removeJob, storeJob } from "./jobs.ts";
import { OrderBook } from "./order-book.ts";
import { workOrdersPort } from "./opened-orders.ts";
import { DuePlans } from "./next-due.ts";
import { orderHandlers } from "./order-handlers.ts";
import { planHandlers } from "./plan-handlers.ts";
import { planTable } from "./plan-table.ts";
import { PlanWatch } from "./plan-watch.ts";
import { stationReliability } from "./reliability.ts";
import { takeUsed } from "./used-parts.ts";
import { Usage } from "./usage.ts";

/** Counts are read again with each look. */
const LOOK_EVERY_MS = 10_000;

/** Work orders of maintenance, and what they are made of. */
export const open: Open<typeof maintenance> = async (ctx) => {
  const now = (): number => ctx.now();
  const book = new OrderBook({
    own: ctx.own,
    now,
    newId: () => ctx.ids.next("workOrder"),
    before: (view, branch, act) => takeUsed(ctx.find(spareParts), view, branch, act),
  });
  const opening = { book, flow: ctx.use(lineFlow), jobs: jobsOf };
  const tell = (): void => ctx.publish(changed, { at: now() });
  const usage = new Usage(ctx);
  const due = new DuePlans(ctx, usage);
  const watch = new PlanWatch(ctx, opening, due, tell);
  const timer = setInterval(() => void watch.look(), LOOK_EVERY_MS).unref();
  return {
    handlers: {
      ...orderHandlers(ctx, opening),
      ...planHandlers(ctx, opening, due, watch),
      "maintenance.reliability": ({ view, branch, query }) => stationReliability(opening, ctx.find(stationStates), view, branch, query),
      "maintenance.jobs": async ({ view, branch }) => [...jobsOf(view, branch)],
      "maintenance.storeJob": ({ view, branch, body }) => storeJob(view, branch, body),
      "maintenance.removeJob": ({ view, branch, params }) => removeJob(view, branch, params.code),
    },
    contributed: [jobTable, planTable].map((table) => ({ key: listTables.key, value: table((principal) => ctx.view(principal)) })),
    ports: {
      [workOrders.key]: workOrdersPort({
        opening,
        now,
        viewOf: (principal) => ctx.view(principal),
        tell,
      }),
    },
    async close() {
      clearInterval(timer);
      usage.close();
      await watch.idle();
    },
  };
};
