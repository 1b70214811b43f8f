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
  /** Places that say where they are, those within others on top. */
  readonly parts: readonly (MapShape & { readonly row: string })[];
  /** x, y, width, height of all of it. */
  readonly box: readonly [number, number, number, number];
}

/** Where a part gives no size, metres. */
const PART_M = 2;
const MARGIN_M = 2;

/** The plan of a place from the layouts of the places in it; undefined where less than two have one. */
export function mapShapes(places: readonly Place[], root: string): PlaceMapShapes | undefined {
  const rowOf = new Map<string, string>();
  const children: Place[] = [];
  const parts: (MapShape & { readonly row: string })[] = [];
  for (const place of places) {
    const row = place.parent === root ? place.id : rowOf.get(place.parent ?? "");
    if (row === undefined) continue;
    rowOf.set(place.id, row);
    if (row === place.id) children.push(place);
    if (place.layout !== undefined) parts.push({ place, row, ...rectangleOf(place.layout) });
  }
  if (parts.length < 2) return undefined;
  const rows = children.flatMap((place) => {
    const within = parts.filter(({ row }) => row === place.id);
    return within.length === 0 ? [] : [{ place, ...around(within, MARGIN_M) }];
  });
  const { x, y, width, height } = around(rows, MARGIN_M);
  return { rows, parts, box: [x, y, width, height] };
}

type Rectangle = Omit<MapShape, "place">;

function rectangleOf({ x, y, length = PART_M, width = PART_M }: NonNullable<Place["layout"]>): Rectangle {
  return { x: x - length / 2, y: -y - width / 2, width: length, height: width };
}

function around(shapes: readonly Rectangle[], margin: number): Rectangle {
  const [left, top] = [Math.min(...shapes.map(({ x }) => x)) - margin, Math.min(...shapes.map(({ y }) => y)) - margin];
  const right = Math.max(...shapes.map(({ x, width }) => x + width)) + margin;
  const bottom = Math.max(...shapes.map(({ y, height }) => y + height)) + margin;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
