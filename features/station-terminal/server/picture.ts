import { DAY, DoppelwerkError } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { helpCalls, lineFlow, orderPlans, stationStates, stopReasons } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { ShownOrder, TerminalPicture } from "../contract.ts";
import type { stationTerminal } from "../feature.ts";
import { defectsAt } from "./defect-codes.ts";
import type { SignOnBook } from "./sign-on-book.ts";
import { requireStation, shownStation } from "./stations.ts";

/** Orders that are shown: what is made now and what comes. */
const MAX_ORDERS = 6;

type Ctx = FeatureContext<typeof stationTerminal>;

/** What the terminal of a station shows. What another feature gives and cannot give now is left out. Errors: DW_NOT_FOUND. */
export async function pictureOf(ctx: Ctx, book: SignOnBook, view: PlantView, station: string): Promise<TerminalPicture> {
  const place = await requireStation(ctx.use(lineFlow), view, station);
  const now = ctx.now();
  const { principal } = view;
  const [present, orders, states, stops, help] = await Promise.all([
    book.of(view, { from: now - 1, to: now + 1, station }),
    given(ctx, "orders", async () => (await ctx.find(orderPlans)?.open(principal, LIVE, place.line))?.slice(0, MAX_ORDERS)),
    given(ctx, "states", async () => ctx.find(stationStates)?.concluded(station, now - DAY, now + 1)),
    given(ctx, "stops", async () => ctx.find(stopReasons)?.at(principal, station)),
    given(ctx, "calls", async () => ctx.find(helpCalls)?.open(principal, station)),
  ]);
  const state = states?.at(-1);
  return {
    at: now,
    place: shownStation(place),
    signedOn: present
      .filter(({ to }) => to === undefined)
      .map(({ id, person, name, from }) => ({ id, person, ...(name !== undefined && { name }), from })),
    ...(orders && {
      orders: orders
        .map(({ id, product, ordered, good, due, isRunning }): ShownOrder => ({
          id,
          product,
          ordered,
          ...(good !== undefined && { good }),
          ...(due !== undefined && { due }),
          isRunning,
        }))
        .toSorted((a, b) => Number(b.isRunning) - Number(a.isRunning)),
    }),
    ...(state && { state: { state: state.state, since: state.from } }),
    ...(stops && { ...(stops.stop && { stop: stops.stop }), reasons: stops.reasons }),
    defects: defectsAt(view, LIVE, station).map(({ code, fields: { title } }) => ({ code, title })),
    ...(help && { help }),
  };
}

/** One part that fails takes no other with it: the rest is shown. */
async function given<Value>(ctx: Ctx, part: string, read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) ctx.log.error({ err: error, part }, "a part of a terminal could not be read");
    return undefined;
  }
}
