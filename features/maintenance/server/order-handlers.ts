import type { FeatureContext, HandlersOf, PlantView } from "@doppelwerk/kit/server";
import { alarmRecord, knownPeople, spareParts } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import { changed, type WorkOrder as ShownOrder } from "../contract.ts";
import type { maintenance } from "../feature.ts";
import type { Act } from "../model/acts.ts";
import { byUrgency, isOver, type WorkOrder } from "../model/work-order.ts";
import { AlarmOrders } from "./alarm-orders.ts";
import { openOrder, type Opening } from "./opened-orders.ts";
import { addPhoto, photoFile } from "./photos.ts";
import { fittingParts } from "./used-parts.ts";
import { shownOrder, stationsOf } from "./shown-order.ts";

export type Ctx = FeatureContext<typeof maintenance>;
type Handlers = HandlersOf<(typeof maintenance)["contract"]>;
type OrderHandlers = Pick<
  Handlers,
  | "maintenance.orders"
  | "maintenance.order"
  | "maintenance.open"
  | "maintenance.work"
  | "maintenance.direct"
  | "maintenance.sign"
  | "maintenance.addPhoto"
  | "maintenance.photo"
  | "maintenance.parts"
  | "maintenance.ofAlarm"
  | "maintenance.openOfAlarm"
>;

export function orderHandlers(ctx: Ctx, opening: Opening): OrderHandlers {
  const { book, flow } = opening;
  const alarms = new AlarmOrders(opening, () => ctx.find(alarmRecord));
  const nameOf = (actor: string): string => ctx.nameOf(actor);
  const show = async (view: PlantView, branch: BranchId, order: WorkOrder, at?: Instant): Promise<ShownOrder> =>
    shownOrder(order, { nameOf, stations: await stationsOf(flow, view, branch), now: at ?? ctx.now() });
  const acted = async (view: PlantView, branch: BranchId, id: string, act: Act, at?: Instant): Promise<ShownOrder> => {
    const { order } = await book.act(view, branch, id, act, at);
    ctx.publish(changed, { at: ctx.now() });
    return show(view, branch, order);
  };
  const opened = async (view: PlantView, branch: BranchId, { order, isNew }: Awaited<ReturnType<typeof openOrder>>) => {
    if (isNew) ctx.publish(changed, { at: ctx.now() });
    return { ...(await show(view, branch, order)), isNew };
  };
  return {
    "maintenance.orders": async ({ view, branch, query: { t, station, shell, ended: max } }) => {
      const held = await book.list(view, branch, t);
      const all = held
        .map(({ order }) => order)
        .filter((order) => (station === undefined || order.station === station) && (shell === undefined || order.shell === shell));
      const stations = await stationsOf(flow, view, branch);
      const shown = (order: WorkOrder): ShownOrder => shownOrder(order, { nameOf, stations, now: t ?? ctx.now() });
      const ended = all.filter(isOver).toSorted((a, b) => b.lastAt - a.lastAt);
      const open = all.filter((order) => !isOver(order)).toSorted(byUrgency);
      return {
        open: open.map(shown),
        ended: ended.slice(0, max).map(shown),
        stations: [...stations],
        people: ctx
          .use(knownPeople)
          .list()
          .map(({ id, name }) => ({ id, name })),
      };
    },
    "maintenance.order": async ({ view, branch, params, query: { t } }) =>
      show(view, branch, (await book.one(view, branch, params.id, t)).order, t),
    "maintenance.open": async ({ view, branch, body }) => {
      const text = body.text === undefined ? undefined : { en: body.text, zh: body.text };
      return opened(view, branch, await openOrder(opening, view, branch, { ...body, text, at: ctx.now() }));
    },
    "maintenance.work": ({ view, branch, params, body: { at, ...act } }) => acted(view, branch, params.id, act as Act, at),
    "maintenance.direct": ({ view, branch, params, body: { at, ...act } }) => acted(view, branch, params.id, act as Act, at),
    "maintenance.sign": ({ view, branch, params, body }) => acted(view, branch, params.id, { act: "signedOff", ...body }),
    "maintenance.addPhoto": async ({ view, branch, params, query: { step }, body }) => {
      const { order } = await book.one(view, branch, params.id);
      return acted(view, branch, params.id, await addPhoto(ctx.blobs, order, body, view.principal.id, step));
    },
    "maintenance.photo": async ({ view, branch, params }) =>
      photoFile(ctx.blobs, (await book.one(view, branch, params.id)).order, params.photo),
    "maintenance.parts": async ({ view, branch, params }) => {
      const { order } = await book.one(view, branch, params.id);
      const fitting = await fittingParts(ctx.find(spareParts), view, branch, order);
      return fitting.map(({ part, title, unit, place, onHand, reserved }) => ({
        part,
        title,
        unit,
        onHand,
        reserved,
        ...(place !== undefined && { place }),
      }));
    },
    "maintenance.ofAlarm": async ({ view, branch, query }) => {
      const { orders, canOpen } = await alarms.of(view, branch, query);
      return { orders: await Promise.all(orders.map((order) => show(view, branch, order))), canOpen };
    },
    "maintenance.openOfAlarm": async ({ view, branch, body }) => opened(view, branch, await alarms.open(view, branch, body, ctx.now())),
  };
}
