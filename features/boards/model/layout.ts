import type { TilePlace } from "./board-kind.ts";

export type Split = Extract<LayoutNode, { readonly kind: "split" }>;

/** A tile, or what lies side by side: on even levels one below the other, on odd ones beside each other. */
export type LayoutNode =
  | { readonly kind: "tile"; readonly id: string; readonly size: number }
  | { readonly kind: "split"; readonly size: number; readonly children: readonly LayoutNode[] };

export interface PlacedTile {
  readonly id: string;
  readonly place: TilePlace;
}

/** The layout that places make: every tile once, whatever two people did at the same time. */
export function layoutOf(tiles: readonly PlacedTile[]): Split {
  return { kind: "split", size: 1, children: levelOf(tiles, 0) };
}

function levelOf(tiles: readonly PlacedTile[], level: number): readonly LayoutNode[] {
  const groups = new Map<number, PlacedTile[]>();
  for (const tile of tiles) {
    // one whose place ends above shares its cell with what is below
    const key = tile.place[level]?.key ?? 0;
    groups.set(key, [...(groups.get(key) ?? []), tile]);
  }
  const all = [...groups].toSorted(([a], [b]) => a - b);
  return all.flatMap(([, group]): readonly LayoutNode[] => {
    const own = group.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const size = own[0]!.place[level]?.size ?? 1;
    if (own.length === 1) return [{ kind: "tile", id: own[0]!.id, size }];
    // two that were put in one place at the same time
    if (own.every(({ place }) => place.length <= level + 1))
      return own.map((tile) => ({ kind: "tile", id: tile.id, size: tile.place[level]?.size ?? 1 }));
    return spliced({ kind: "split", size, children: levelOf(own, level + 1) });
  });
}

/** What stands in the level above in place of a node: a split of one is what it holds, so that levels go on taking turns. */
function spliced(node: LayoutNode): readonly LayoutNode[] {
  if (node.kind === "tile") return [node];
  const children = node.children.flatMap(spliced);
  const [only] = children;
  if (children.length !== 1 || only === undefined) return children.length === 0 ? [] : [{ ...node, children }];
  if (only.kind === "tile") return [{ ...only, size: node.size }];
  const total = only.children.reduce((sum, child) => sum + child.size, 0) || 1;
  return only.children.map((child) => ({ ...child, size: (child.size / total) * node.size }));
}

/** Ids in the order that they are read in: the one column of a phone, and what the keyboard goes along. */
export function readingOrder(node: LayoutNode): readonly string[] {
  return node.kind === "tile" ? [node.id] : node.children.flatMap(readingOrder);
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 0.04 * Math.max(a, b);

/**
 * The places of a layout that somebody made. A tile that lies where it lay keeps its place, so that only what was moved is changed: who moves another one at
 * the same time loses nothing.
 */
export function placesOf(root: Split, before: readonly PlacedTile[]): ReadonlyMap<string, TilePlace> {
  const held = new Map(before.map(({ id, place }) => [id, place]));
  const places = new Map<string, TilePlace>();
  placeLevel(root.children, [], held, places);
  for (const [id, place] of places) {
    const own = held.get(id);
    if (own !== undefined && isSamePlace(own, place)) places.set(id, own);
  }
  return places;
}

function isSamePlace(a: TilePlace, b: TilePlace): boolean {
  return a.length === b.length && a.every((step, level) => step.key === b[level]!.key && isNear(step.size, b[level]!.size));
}

function placeLevel(
  nodes: readonly LayoutNode[],
  above: TilePlace,
  held: ReadonlyMap<string, TilePlace>,
  places: Map<string, TilePlace>,
): void {
  const level = above.length;
  const keys = keysOf(nodes, level, held);
  const total = nodes.reduce((sum, node) => sum + node.size, 0) || 1;
  nodes.forEach((node, index) => {
    const size = Math.min(50, Math.max(0.02, Number(((node.size / total) * nodes.length).toFixed(3))));
    const place = [...above, { key: keys[index]!, size }];
    if (node.kind === "tile") places.set(node.id, place);
    else placeLevel(node.children, place, held, places);
  });
}

/** Ascending; those that the tiles had are kept as far as they ascend. */
function keysOf(nodes: readonly LayoutNode[], level: number, held: ReadonlyMap<string, TilePlace>): readonly number[] {
  const known = nodes.map((node) => {
    const keys = readingOrder(node).flatMap((id) => held.get(id)?.[level]?.key ?? []);
    return keys.length > 0 && keys.every((key) => key === keys[0]) ? keys[0] : undefined;
  });
  const kept = longestAscending(known);
  const keys: number[] = [];
  for (let index = 0; index < nodes.length; index++) {
    if (kept.has(index)) {
      keys.push(known[index]!);
      continue;
    }
    const low = keys.at(-1);
    const next = [...kept].filter((each) => each > index).toSorted((a, b) => a - b)[0];
    const high = next === undefined ? undefined : known[next]!;
    keys.push(low === undefined ? (high === undefined ? 0 : high - 1) : high === undefined ? low + 1 : (low + high) / 2);
  }
  // halved so often that there is no number between them
  const isAscending = keys.every((key, index) => index === 0 || key > keys[index - 1]!);
  return isAscending ? keys : keys.map((_, index) => index);
}

/** Indexes of the longest ascending run of keys, in order. */
function longestAscending(keys: readonly (number | undefined)[]): ReadonlySet<number> {
  const best: { readonly length: number; readonly before: number }[] = [];
  let last = -1;
  keys.forEach((key, index) => {
    let own = { length: key === undefined ? 0 : 1, before: -1 };
    for (let other = 0; key !== undefined && other < index; other++)
      if (keys[other] !== undefined && keys[other]! < key && best[other]!.length + 1 > own.length)
        own = { length: best[other]!.length + 1, before: other };
    best.push(own);
    if (own.length > 0 && (last === -1 || own.length > best[last]!.length)) last = index;
  });
  const kept = new Set<number>();
  for (let at = last; at !== -1; at = best[at]!.before) kept.add(at);
  return kept;
}

/** The layout without a tile. */
export function without(root: Split, id: string): Split {
  const rest = (node: LayoutNode): readonly LayoutNode[] => {
    if (node.kind === "tile") return node.id === id ? [] : [node];
    return spliced({ ...node, children: node.children.flatMap(rest) });
  };
  return { ...root, children: root.children.flatMap(rest) };
}

export type Side = "above" | "below" | "left" | "right";

/** The layout with a tile at a side of another one; below all where there is no such tile. */
export function beside(root: Split, id: string, side: Side, other: string | undefined): Split {
  const tile: LayoutNode = { kind: "tile", id, size: 1 };
  const rest = without(root, id);
  if (other === undefined || other === id || !readingOrder(rest).includes(other)) return { ...rest, children: [...rest.children, tile] };
  return insert(rest, tile, side, other, 0) as Split;
}

function insert(node: LayoutNode, tile: LayoutNode, side: Side, other: string, level: number): LayoutNode {
  if (node.kind === "tile") return node;
  const isAlong = (side === "above" || side === "below") === (level % 2 === 0);
  const after = side === "below" || side === "right";
  return {
    ...node,
    children: node.children.flatMap((child): readonly LayoutNode[] => {
      if (child.kind === "split") return [insert(child, tile, side, other, level + 1)];
      if (child.id !== other) return [child];
      const halves = [
        { ...child, size: child.size / (isAlong ? 1 : child.size) },
        { ...tile, size: isAlong ? child.size : 1 },
      ];
      const pair = after ? halves : halves.toReversed();
      return isAlong ? pair : [{ kind: "split", size: child.size, children: pair }];
    }),
  };
}

/** The layout with a tile larger or smaller along an axis, by a share of what lies beside it. */
export function resized(root: Split, id: string, axis: "width" | "height", factor: number, level = 0): Split {
  const isAxis = (axis === "height") === (level % 2 === 0);
  return {
    ...root,
    children: root.children.map((child) => {
      if (!readingOrder(child).includes(id)) return child;
      const own = isAxis && root.children.length > 1 ? { ...child, size: Math.min(20, Math.max(0.1, child.size * factor)) } : child;
      return own.kind === "tile" ? own : resized(own, id, axis, factor, level + 1);
    }),
  };
}
