import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { shiftFigures } from "@doppelwerk/ports";
import { LIVE, type Instant } from "@doppelwerk/world";
import type { FirstPiece } from "../contract.ts";
import type { stationTerminal } from "../feature.ts";
import { TERMINAL_EVENTS } from "../model/event-kinds.ts";
import type { KnownStation } from "./stations.ts";

/** Verdicts of a station that are looked at. */
const MAX_READ = 200;

export interface FirstPieceOf {
  readonly place: KnownStation;
  readonly product: string;
  readonly order: string | undefined;
}

/** What quality said of the first piece of an order, since the shift began: another order or another shift needs another one. */
export async function firstPieceOf(
  ctx: FeatureContext<typeof stationTerminal>,
  view: PlantView,
  { place, product, order }: FirstPieceOf,
  nameOf: (person: string) => string | undefined,
): Promise<FirstPiece> {
  const now = ctx.now();
  const begin = await shiftBegin(ctx, place.line, now);
  const { events } = await view.events.query({
    branch: LIVE,
    subject: place.subject,
    types: [TERMINAL_EVENTS.firstPiece],
    from: begin,
    to: now + 1,
    order: "descending",
    limit: MAX_READ,
  });
  const found = events.find(({ payload }) => payload["product"] === product && payload["order"] === order);
  const mayJudge = view.documents.may("approve", LIVE, place.subject).allowed;
  if (found === undefined) return { state: "missing", mayJudge };
  const name = found.actor === undefined ? undefined : nameOf(found.actor);
  return {
    state: found.payload["verdict"] === "released" ? "released" : "rejected",
    mayJudge,
    at: found.at,
    ...(name !== undefined && { by: name }),
    ...(typeof found.payload["note"] === "string" && { note: found.payload["note"] }),
  };
}

/** Where no shift is planned, the last eight hours. */
async function shiftBegin(ctx: FeatureContext<typeof stationTerminal>, line: string, now: Instant): Promise<Instant> {
  const found = await ctx.find(shiftFigures)?.within(now, now + 1, now, line);
  return found?.shifts.at(-1)?.from ?? now - 8 * 3_600_000_000;
}
