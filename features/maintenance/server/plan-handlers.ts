import type { HandlersOf } from "@doppelwerk/kit/server";
import { alarmRecord, planEffects } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { maintenance } from "../feature.ts";
import type { PlanFields } from "../model/plan-kind.ts";
import { instructions, stationOf, takeInstructions, writeInstructions } from "./instructions.ts";
import { judgementsOf, judgePlan } from "./judge.ts";
import type { DuePlans } from "./next-due.ts";
import type { Opening } from "./opened-orders.ts";
import type { Ctx } from "./order-handlers.ts";
import { cyclesOf, ordersOfPlan, type PlanWatch } from "./plan-watch.ts";
import { plansOf, removePlan, storePlan } from "./plans.ts";
import { stationsOf } from "./shown-order.ts";

type Handlers = HandlersOf<(typeof maintenance)["contract"]>;

export function planHandlers(
  ctx: Ctx,
  { book, flow }: Opening,
  due: DuePlans,
  watch: PlanWatch,
): Pick<
  Handlers,
  | "maintenance.instructions"
  | "maintenance.writeInstructions"
  | "maintenance.takeInstructions"
  | "maintenance.plans"
  | "maintenance.judge"
  | "maintenance.rules"
  | "maintenance.storePlan"
  | "maintenance.removePlan"
> {
  return {
    "maintenance.plans": async ({ view, branch, query: { t } }) => {
      const now = t ?? ctx.now();
      const stations = await stationsOf(flow, view, branch);
      const judged = judgementsOf(view, branch);
      const held = (await book.list(view, branch, t)).map(({ order }) => order);
      // of a station whose asset may not be read nothing is shown
      const shown = plansOf(view, branch).filter(({ station }) => stations.some((each) => each.station === station));
      return Promise.all(
        shown.map(async (fields) => {
          const orders = ordersOfPlan(held, fields.code);
          const cycles = cyclesOf(orders);
          const ends = cycles.flatMap(({ endedAt }) => endedAt ?? []);
          const open = orders.find((_, at) => cycles[at]!.endedAt === undefined);
          return {
            fields,
            asset: stations.find(({ station }) => station === fields.station)!.title,
            next: await due.next(view, fields, cycles, now),
            ...(open && { open: { id: open.id, number: open.number } }),
            ...judgedOf(judged.get(fields.code), (actor) => ctx.nameOf(actor)),
            ...(ends.length > 0 && { lastDone: Math.max(...ends) }),
            done: ends.length,
          };
        }),
      );
    },
    "maintenance.rules": async ({ principal }) => {
      const running = (await ctx.find(alarmRecord)?.rules(principal, LIVE)) ?? [];
      return running.map(({ rule: { id, title, station } }) => ({ id, title, ...(station !== undefined && { station }) }));
    },
    "maintenance.instructions": async ({ view, branch, query }) =>
      instructions(view, branch, await stationOf(flow, view, branch, query.station)) as never,
    "maintenance.writeInstructions": async ({ view, branch, query }) =>
      writeInstructions(view, branch, await stationOf(flow, view, branch, query.station)),
    "maintenance.takeInstructions": async ({ view, branch, query, body }) => {
      const place = await stationOf(flow, view, branch, query.station);
      const taken = await takeInstructions(view, branch, place, ctx.now(), body.isStored);
      if (body.isStored) void watch.look();
      return taken;
    },
    "maintenance.judge": async ({ view, branch, params, body }) => {
      const orders = (await book.list(view, branch)).map(({ order }) => order);
      const next = (plan: PlanFields) => due.next(view, plan, cyclesOf(ordersOfPlan(orders, plan.code)), ctx.now());
      return judgePlan(view, branch, params.code, body, { flow, effects: ctx.find(planEffects), now: () => ctx.now(), next });
    },
    "maintenance.storePlan": async ({ view, branch, body }) => {
      const stored = await storePlan(view, branch, body);
      void watch.look();
      return stored;
    },
    "maintenance.removePlan": ({ view, branch, params }) => removePlan(view, branch, params.code),
  };
}

function judgedOf(
  known: ReturnType<typeof judgementsOf> extends ReadonlyMap<string, infer Known> ? Known | undefined : never,
  nameOf: (actor: string) => string,
) {
  return known === undefined ? {} : { judged: { ...known.judgement, branch: known.branch, byName: nameOf(known.judgement.by) } };
}
