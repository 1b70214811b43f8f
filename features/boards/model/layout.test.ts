import { expect, test } from "vitest";
import type { TilePlace } from "./board-kind.ts";
import { beside, layoutOf, placesOf, readingOrder, resized, without, type LayoutNode, type PlacedTile, type Side } from "./layout.ts";
import { neighbourOf, rectanglesOf } from "./neighbour.ts";

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed + 1);
const SIDES: readonly Side[] = ["above", "below", "left", "right"];
const pick = <Item>(random: () => number, items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;

function randomTiles(random: () => number): readonly PlacedTile[] {
  const count = 1 + Math.floor(random() * 20);
  return Array.from({ length: count }, (_, index) => ({
    id: `boardTile:${index}`,
    place: Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({ key: Math.floor(random() * 4), size: 0.2 + random() })),
  }));
}
const placed = (tiles: readonly PlacedTile[], places: ReadonlyMap<string, TilePlace>): readonly PlacedTile[] =>
  tiles.map((tile) => ({ id: tile.id, place: places.get(tile.id)! }));
/** Without sizes. */
const shapeOf = (node: LayoutNode): unknown => (node.kind === "tile" ? node.id : node.children.map(shapeOf));

test("[BD2] every set of places makes a layout with every tile once, and its own places make the same layout again", () => {
  for (const seed of SEEDS) {
    const random = randomOf(seed);
    const tiles = randomTiles(random);
    const layout = layoutOf(tiles);
    expect(readingOrder(layout).toSorted(), `seed ${seed}`).toEqual(tiles.map(({ id }) => id).toSorted());
    const again = placed(tiles, placesOf(layout, tiles));
    expect(shapeOf(layoutOf(again)), `seed ${seed}`).toEqual(shapeOf(layout));
    const area = rectanglesOf(layout).reduce((sum, { width, height }) => sum + width * height, 0);
    expect(area).toBeCloseTo(1, 6);
  }
});

test("[BD2] what one person moves changes the places of few tiles, and two who move different tiles lose neither move", () => {
  for (const seed of SEEDS) {
    const random = randomOf(seed);
    const tiles = placed2(12);
    const [a, b] = [pick(random, tiles).id, pick(random, tiles).id];
    const [toA, toB] = [pick(random, tiles).id, pick(random, tiles).id];
    if (a === b || [toA, toB].some((id) => id === a || id === b)) continue;
    const before = layoutOf(tiles);
    const movedA = changed(tiles, beside(before, a, pick(random, SIDES), toA));
    const movedB = changed(tiles, beside(before, b, pick(random, SIDES), toB));
    const both = tiles.map((tile) => ({ id: tile.id, place: movedB.get(tile.id) ?? movedA.get(tile.id) ?? tile.place }));
    const layout = layoutOf(both);
    expect(readingOrder(layout).toSorted(), `seed ${seed}`).toEqual(tiles.map(({ id }) => id).toSorted());
    if (movedA.has(a) && !movedB.has(a)) expect(both.find(({ id }) => id === a)!.place).toEqual(movedA.get(a));
  }
});

/** Three rows of four. */
function placed2(count: number): readonly PlacedTile[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `boardTile:${String(index).padStart(2, "0")}`,
    place: [
      { key: Math.floor(index / 4), size: 1 },
      { key: index % 4, size: 1 },
    ],
  }));
}

function changed(tiles: readonly PlacedTile[], next: ReturnType<typeof layoutOf>): ReadonlyMap<string, TilePlace> {
  const places = placesOf(next, tiles);
  return new Map(
    [...places].filter(([id, place]) => JSON.stringify(tiles.find((tile) => tile.id === id)?.place) !== JSON.stringify(place)),
  );
}

test("[BD2] a tile is put at each side of another one, and halves what it is put across", () => {
  const tiles = placed2(4);
  const [first, second, third, last] = tiles.map(({ id }) => id);
  const layout = layoutOf(tiles);
  expect(shapeOf(layout)).toEqual([[first, second, third, last]]);
  expect(shapeOf(beside(layout, last!, "left", first))).toEqual([[last, first, second, third]]);
  expect(shapeOf(beside(layout, last!, "below", first))).toEqual([[[first, last], second, third]]);
  expect(shapeOf(without(layout, second!))).toEqual([[first, third, last]]);
  expect(shapeOf(beside(layout, "new", "below", undefined))).toEqual([[first, second, third, last], "new"]);
  const wider = rectanglesOf(resized(layout, first!, "width", 2)).find(({ id }) => id === first)!;
  expect(wider.width).toBeCloseTo(0.4, 6);
});

test("[BD2] the neighbour of a tile is the nearest on that side, and none at the edge", () => {
  const tiles = placed2(12);
  const layout = layoutOf(tiles);
  const id = (index: number): string => tiles[index]!.id;
  expect(neighbourOf(layout, id(5), "left")).toBe(id(4));
  expect(neighbourOf(layout, id(5), "right")).toBe(id(6));
  expect(neighbourOf(layout, id(5), "above")).toBe(id(1));
  expect(neighbourOf(layout, id(5), "below")).toBe(id(9));
  expect(neighbourOf(layout, id(0), "left")).toBeUndefined();
  expect(neighbourOf(layout, id(0), "above")).toBeUndefined();
});

test("[BD2] a place between two others is found hundreds of times over", () => {
  let tiles: readonly PlacedTile[] = placed2(4);
  for (let turn = 0; turn < 300; turn++) {
    const [a, b] = turn % 2 === 0 ? [tiles[0]!.id, tiles[2]!.id] : [tiles[2]!.id, tiles[0]!.id];
    const next = beside(layoutOf(tiles), b, "right", a);
    tiles = placed(tiles, placesOf(next, tiles));
    expect(readingOrder(layoutOf(tiles))).toHaveLength(4);
  }
});
