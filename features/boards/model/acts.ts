import type { BoardAct, ShownBoard, ShownTile } from "../contract.ts";

/** A board as it is once acts are carried out that the server has not answered yet. */
export function withActs(board: ShownBoard, acts: readonly BoardAct[]): ShownBoard {
  return acts.reduce(withAct, board);
}

function withAct(board: ShownBoard, act: BoardAct): ShownBoard {
  if (act.act === "board") {
    const set = Object.fromEntries(Object.entries(act.fields).filter(([, value]) => value !== undefined));
    return { ...board, ...set };
  }
  const tiles = new Map(board.tiles.map((tile) => [tile.id, tile]));
  if (act.act === "place") {
    for (const { tile, place } of act.places) {
      const own = tiles.get(tile);
      if (own !== undefined) tiles.set(tile, { ...own, place });
    }
  } else if (act.act === "remove") tiles.delete(act.tile);
  else if (act.act === "put") tiles.set(act.tile, { ...act.fields, id: act.tile, place: act.place });
  else {
    const own = tiles.get(act.tile);
    if (own !== undefined) tiles.set(act.tile, { ...act.fields, id: own.id, place: own.place });
  }
  return { ...board, tiles: sorted([...tiles.values()]) };
}

/** Newer ones of a kind take the place of older ones that have not been sent: a tile that is dragged is placed once. */
export function folded(acts: readonly BoardAct[]): readonly BoardAct[] {
  const kept: BoardAct[] = [];
  for (const act of acts) {
    const last = kept.at(-1);
    if (act.act === "place" && last?.act === "place") {
      const places = new Map([...last.places, ...act.places].map((each) => [each.tile, each]));
      kept[kept.length - 1] = { act: "place", places: [...places.values()] };
    } else kept.push(act);
  }
  return kept;
}

const sorted = (tiles: readonly ShownTile[]): ShownTile[] => tiles.toSorted((a, b) => (a.id < b.id ? -1 : 1));
