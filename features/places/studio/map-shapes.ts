import type { Place } from "../contract.ts";

/** A rectangle in metres; y grows to the south, as on a screen. */
export interface MapShape {
  readonly place: Place;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlaceMapShapes {
  /** Right in the place shown, around everything in them that has a position. */
  readonly rows: readonly MapShape[];
  /** Work centres within them, around what stands in them. */
  readonly centres: readonly (MapShape & { readonly row: string })[];
  /** Machines and other places that say where they are. */
  readonly parts: readonly (MapShape & { readonly row: string })[];
  /** x, y, width, height of all of it. */
  readonly box: readonly [number, number, number, number];
}

/** Where a part gives no size, metres. */
const PART_M = 2;
const MARGIN_M = 2;
/** Above that, for a name. */
const NAME_M = 1.5;
/** Between an outline and what stands in it, so that both are seen. */
const [PART_INSET_M, CENTRE_INSET_M] = [1, 0.5];

/**
 * The plan of a place from the layouts of the places in it; undefined where less than two have one. A place that gives its size has it; one that does not is drawn
 * around what stands in it, with a margin where that does not reach into another. A work centre is drawn within the place that it is in, whatever it says; one drawn around what stands in it has room for its name above.
 */
export function mapShapes(places: readonly Place[], root: string): PlaceMapShapes | undefined {
  const rowOf = new Map<string, string>();
  const centreOf = new Map<string, string>();
  const children: Place[] = [];
  const inner: Place[] = [];
  const parts: (MapShape & { readonly row: string })[] = [];
  for (const place of places) {
    const row = place.parent === root ? place.id : rowOf.get(place.parent ?? "");
    if (row === undefined) continue;
    rowOf.set(place.id, row);
    const isRow = row === place.id;
    if (isRow) children.push(place);
    const centre = !isRow && CENTRES.has(place.kind) ? place.id : centreOf.get(place.parent ?? "");
    if (centre !== undefined) centreOf.set(place.id, centre);
    if (centre === place.id) inner.push(place);
    const isGround = isRow || centre === place.id;
    if (place.layout !== undefined && !(isGround && hasSize(place.layout))) parts.push({ place, row, ...rectangleOf(place.layout) });
  }
  const rows = outlined(children, (place) => parts.filter(({ row }) => row === place.id));
  if (rows.length === 0 || parts.length + rows.length < 2) return undefined;
  const centres = outlined(inner, (place) => parts.filter((part) => centreOf.get(part.place.id) === place.id)).flatMap(
    ({ place, ...shape }) => {
      const row = rowOf.get(place.id)!;
      const within = clamped(shape, around([rows.find((each) => each.place.id === row)!], -CENTRE_INSET_M));
      return within === undefined ? [] : [{ place, ...within, row }];
    },
  );
  const { x, y, width, height } = around(rows, MARGIN_M);
  return { rows, centres, parts, box: [x, y, width, height] };
}

const CENTRES: ReadonlySet<Place["kind"]> = new Set(["processCell", "productionUnit", "productionLine", "storageZone", "utilityNetwork"]);

function hasSize({ length, width }: NonNullable<Place["layout"]>): boolean {
  return length !== undefined && width !== undefined;
}

function outlined(places: readonly Place[], partsOf: (place: Place) => readonly Rectangle[]): readonly MapShape[] {
  const shapes = places.flatMap((place): (MapShape & { readonly isGiven: boolean })[] => {
    const { layout } = place;
    const within = partsOf(place);
    // what stands beyond the size that a place gives is in it all the same
    if (layout !== undefined && hasSize(layout)) {
      const grown = within.map((part) => around([part], PART_INSET_M));
      return [{ place, ...around([rectangleOf(layout), ...grown], 0), isGiven: true }];
    }
    return within.length === 0 ? [] : [{ place, ...around(within, 0), isGiven: false }];
  });
  return shapes.map(({ isGiven, place, ...own }) => {
    const others = shapes.filter((other) => other.place !== place);
    const wide = around([own], MARGIN_M);
    // a name stands above what is in it, also on a small plan
    const named = { ...wide, y: wide.y - NAME_M, height: wide.height + NAME_M };
    // half of the way to a neighbour is the neighbour's
    const isFree = (room: Rectangle): boolean =>
      others.every((other) => !overlaps(room, other.isGiven ? other : around([other], MARGIN_M)));
    return { place, ...(isGiven ? own : ([named, wide].find(isFree) ?? own)) };
  });
}

export type Rectangle = Omit<MapShape, "place">;

function rectangleOf({ x, y, length = PART_M, width = PART_M }: NonNullable<Place["layout"]>): Rectangle {
  return { x: x - length / 2, y: -y - width / 2, width: length, height: width };
}

function around(shapes: readonly Rectangle[], margin: number): Rectangle {
  const [left, top] = [Math.min(...shapes.map(({ x }) => x)) - margin, Math.min(...shapes.map(({ y }) => y)) - margin];
  const right = Math.max(...shapes.map(({ x, width }) => x + width)) + margin;
  const bottom = Math.max(...shapes.map(({ y, height }) => y + height)) + margin;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** What of a rectangle is in another; undefined: nothing. */
function clamped(own: Rectangle, into: Rectangle): Rectangle | undefined {
  const [x, y] = [Math.max(own.x, into.x), Math.max(own.y, into.y)];
  const width = Math.min(own.x + own.width, into.x + into.width) - x;
  const height = Math.min(own.y + own.height, into.y + into.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

export function isWithin(own: Rectangle, other: Rectangle): boolean {
  return own.x >= other.x && own.y >= other.y && own.x + own.width <= other.x + other.width && own.y + own.height <= other.y + other.height;
}

export function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
