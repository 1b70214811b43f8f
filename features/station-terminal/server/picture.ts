import { DAY, DoppelwerkError } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { helpCalls, lineFlow, orderPlans, stationStates, stopReasons } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { ShownOrder, TerminalPicture } from "../contract.ts";
import type { stationTerminal } from "../feature.ts";
import { defectsAt } from "./defect-codes.ts";
import { firstPieceOf } from "./first-pieces.ts";
import { instructionFor } from "./instructions.ts";
import type { LifeCounts } from "./life-items.ts";
import type { SignOnBook } from "./sign-on-book.ts";
import { requireStation, shownStation } from "./stations.ts";

/** Orders that are shown: what is made now and what comes. */
const MAX_ORDERS = 6;

type Ctx = FeatureContext<typeof stationTerminal>;

export interface PictureParts {
  readonly book: SignOnBook;
  readonly lives: LifeCounts;
  nameOf(person: string): string | undefined;
}

/** What the terminal of a station shows. What another feature gives and cannot give now is left out. Errors: DW_NOT_FOUND. */
export async function pictureOf(
  ctx: Ctx,
  { book, lives, nameOf }: PictureParts,
  view: PlantView,
  station: string,
): Promise<TerminalPicture> {
  const place = await requireStation(ctx.use(lineFlow), view, station);
  const now = ctx.now();
  const { principal } = view;
  const [present, orders, states, stops, help, life] = await Promise.all([
    book.of(view, { from: now - 1, to: now + 1, station }),
    given(ctx, "orders", async () => ctx.find(orderPlans)?.open(principal, LIVE, place.line)),
    given(ctx, "states", async () => ctx.find(stationStates)?.concluded(station, now - DAY, now + 1)),
    given(ctx, "stops", async () => ctx.find(stopReasons)?.at(principal, station)),
    given(ctx, "calls", async () => ctx.find(helpCalls)?.open(principal, station)),
    given(ctx, "lives", () => lives.shown(view, station)),
  ]);
  const state = states?.at(-1);
  const here = await given(ctx, "product", () => productAt(ctx, view, station));
  const inTurn = orders?.toSorted((a, b) => rank(b, here) - rank(a, here));
  const running = inTurn?.find(({ isRunning }) => isRunning) ?? inTurn?.[0];
  const instruction = instructionFor(view, LIVE, station, running?.product);
  const asked = instruction?.fields.needsFirstPiece === true && running !== undefined;
  const firstPiece = asked
    ? await given(ctx, "first piece", () => firstPieceOf(ctx, view, { place, product: running.product, order: running.id }, nameOf))
    : undefined;
  return {
    at: now,
    place: shownStation(place),
    signedOn: present
      .filter(({ to }) => to === undefined)
      .map(({ id, person, name, from }) => ({ id, person, ...(name !== undefined && { name }), from })),
    ...(inTurn && {
      orders: inTurn.slice(0, MAX_ORDERS).map(({ id, product, ordered, good, due, isRunning }): ShownOrder => ({
        id,
        product,
        ordered,
        ...(good !== undefined && { good }),
        ...(due !== undefined && { due }),
        isRunning,
      })),
    }),
    ...(state && { state: { state: state.state, since: state.from } }),
    ...(stops && { ...(stops.stop && { stop: stops.stop }), reasons: stops.reasons }),
    defects: defectsAt(view, LIVE, station).map(({ code, fields: { title } }) => ({ code, title })),
    ...(instruction && { instruction }),
    ...(firstPiece && { firstPiece }),
    life: life ?? [],
    ...(help && { help }),
  };
}

/** The order that is under way with the product that is at the station, then the others that are under way. */
const rank = ({ product, isRunning }: { readonly product: string; readonly isRunning: boolean }, here: string | undefined): number =>
  Number(isRunning) * 2 + Number(isRunning && product === here);

/** What the station has now, where it says so and the caller may read it. */
async function productAt(ctx: Ctx, view: PlantView, station: string): Promise<string | undefined> {
  const folded = await ctx.use(lineFlow).folded();
  const signal = folded.flatMap(({ definition }) => definition.stations).find(({ id }) => id === station)?.signals.Product;
  const value = signal === undefined ? undefined : view.live(signal.id)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
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
