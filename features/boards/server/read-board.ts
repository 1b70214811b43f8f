import { textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { TileKind } from "@doppelwerk/ports";
import { reasonOf, type Instant } from "@doppelwerk/world";
import type { ShownBoard, ShownTile } from "../contract.ts";
import { layoutOf, readingOrder } from "../model/layout.ts";
import type { ReadBoard, ReadTile } from "../model/read-tile.ts";
import { boundMoment, momentOf, type Moment } from "./moment.ts";
import { readTile } from "./tiles.ts";

export interface BoardReading {
  readonly view: PlantView;
  /** What tiles show that are as the page is. */
  readonly page: Moment;
  readonly now: Instant;
}

/** Every tile of a board as its reader may see it. One that fails does not take the others. */
export async function readBoard(board: ShownBoard, kinds: readonly TileKind[], reading: BoardReading): Promise<ReadBoard> {
  const order = readingOrder(layoutOf(board.tiles));
  const tiles = board.tiles.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  return {
    title: board.title,
    at: reading.page.at ?? reading.now,
    tiles: await Promise.all(tiles.map((tile) => readOne(tile, kinds, reading))),
  };
}

async function readOne(tile: ShownTile, kinds: readonly TileKind[], { view, page, now }: BoardReading): Promise<ReadTile> {
  const kind = kinds.find(({ id }) => id === tile.kind);
  const title = tile.title === undefined ? (kind?.title ?? { en: tile.kind, zh: tile.kind }) : { en: tile.title, zh: tile.title };
  const bound = boundMoment(tile.moment, page);
  const head = { id: tile.id, title, shape: kind?.shape ?? "table", branch: bound.branch };
  try {
    const moment = momentOf(view, bound.branch, bound.at, now);
    return { ...head, table: await readTile(kinds, tile.kind, { principal: view.principal, settings: tile.settings, ...moment }) };
  } catch (error) {
    return { ...head, failure: textsOf(reasonOf(error)) };
  }
}
