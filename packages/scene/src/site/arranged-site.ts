import { around, freed, moved, rectangleAt, type FloorRectangle } from "./floor-rectangle.ts";
import type { FloorPosition, SiteArea, SiteLine, SiteThing } from "./site-sketch.ts";

/** Room round a line, between an area and what stands in it, between areas, between things without a position. */
const [LINE_GAP_M, WALL_GAP_M, AREA_GAP_M, THING_GAP_M] = [2.6, 2, 6, 1.2];
const EMPTY_AREA_M = 8;

export interface Arranged<Item> {
  readonly item: Item;
  readonly at: FloorRectangle;
  /** Where it stands is not what documents say. */
  readonly isArranged: boolean;
}

export interface ArrangedArea extends Arranged<SiteArea> {
  readonly lines: readonly Arranged<SiteLine>[];
  readonly things: readonly Arranged<SiteThing>[];
}

/** Extent of a thing on the floor: as its position has it, within what a hall could hold. */
export function extentOf({ position }: SiteThing): readonly [lengthM: number, depthM: number] {
  const size = (metres: number | undefined, otherwise: number): number => Math.min(40, Math.max(0.3, metres ?? otherwise));
  const [length, width] = [size(position?.length, 1.6), size(position?.width, 0.9)];
  return Math.round((position?.rotation ?? 0) / 90) % 2 === 0 ? [length, width] : [width, length];
}

/**
 * Where everything of a site stands: as documents say, and where they say nothing, or two things would stand in each other, moved out of the way or set in rows, and
 * marked. Deterministic; what has a position comes first.
 */
export function arrangeSite(areas: readonly SiteArea[]): readonly ArrangedArea[] {
  const done: ArrangedArea[] = [];
  const inRow = Math.ceil(Math.sqrt(areas.filter((area) => !hasGround(area)).length));
  let row: FloorRectangle[] = [];
  for (const area of positionedFirst(areas, hasGround)) {
    const own = arrangeArea(area);
    const taken = done.map(({ at }) => at);
    const isGiven = hasGround(area);
    if (row.length === inRow) row = [];
    const [dx, dz] = isGiven ? [0, 0] : nextInRow(own.at, row, around(taken));
    const there = freed(moved(own.at, dx, dz), taken, isGiven ? 0.4 : AREA_GAP_M, "x");
    if (!isGiven) row.push(there);
    done.push(movedArea(own, there.minX - own.at.minX, there.minZ - own.at.minZ, !isGiven));
  }
  const order = new Map(areas.map((area, index) => [area, index]));
  return done.toSorted((a, b) => order.get(a.item)! - order.get(b.item)!);
}

/** The way to where the next area without a position stands: beside the one before it, or where a row begins in front of all that stands. */
function nextInRow(
  own: FloorRectangle,
  row: readonly FloorRectangle[],
  whole: FloorRectangle | undefined,
): readonly [dx: number, dz: number] {
  const last = row.at(-1);
  if (last !== undefined) return [last.maxX + AREA_GAP_M - own.minX, row[0]!.minZ - own.minZ];
  return whole === undefined ? [0, 0] : [whole.minX - own.minX, whole.maxZ + AREA_GAP_M - own.minZ];
}

function hasGround({ position, lines, things }: SiteArea): boolean {
  return (
    position !== undefined || lines.some(({ positions }) => positions.length > 0) || things.some((thing) => thing.position !== undefined)
  );
}

function positionedFirst<Item>(items: readonly Item[], isPositioned: (item: Item) => boolean): readonly Item[] {
  return items.toSorted((a, b) => Number(isPositioned(b)) - Number(isPositioned(a)));
}

function movedArea(area: ArrangedArea, dx: number, dz: number, isArranged: boolean): ArrangedArea {
  const isMoved = isArranged || dx !== 0 || dz !== 0;
  const along = <Item>(each: Arranged<Item>): Arranged<Item> => ({
    ...each,
    at: moved(each.at, dx, dz),
    isArranged: each.isArranged || isMoved,
  });
  return { ...along(area), lines: area.lines.map(along), things: area.things.map(along) };
}

function arrangeArea(area: SiteArea): ArrangedArea {
  const given = area.position === undefined ? undefined : givenRectangle(area.position);
  const things = area.things.filter(({ position }) => position !== undefined).map(positioned);
  const lines = arrangeLines(area.lines, given);
  const inside = around([...lines, ...things].map(({ at }) => at));
  const loose = arrangeRows(
    area.things.filter(({ position }) => position === undefined),
    inside ?? given,
  );
  const contents = around(
    [...lines, ...things, ...loose].map(({ at }) => at),
    WALL_GAP_M,
  );
  const at =
    around([...(given === undefined ? [] : [given]), ...(contents === undefined ? [] : [contents])]) ??
    rectangleAt(0, 0, EMPTY_AREA_M, EMPTY_AREA_M);
  return { item: area, at, isArranged: false, lines, things: [...things, ...loose] };
}

function givenRectangle({ x, y, length, width }: FloorPosition): FloorRectangle | undefined {
  return length === undefined || width === undefined ? undefined : rectangleAt(x, -y, length, width);
}

function positioned(thing: SiteThing): Arranged<SiteThing> {
  const { x, y } = thing.position!;
  return { item: thing, at: rectangleAt(x, -y, ...extentOf(thing)), isArranged: false };
}

/** Lines where their stations are; the others, and those that would stand in one, one behind the other. */
function arrangeLines(lines: readonly SiteLine[], area: FloorRectangle | undefined): readonly Arranged<SiteLine>[] {
  const done: Arranged<SiteLine>[] = [];
  for (const line of positionedFirst(lines, ({ positions }) => positions.length > 0)) {
    const { min, max } = line.stage.bounds;
    const [lengthM, depthM] = [max[0] - min[0], max[2] - min[2]];
    const taken = done.map(({ at }) => at);
    const before = around(taken);
    const middle = around(line.positions.map(({ x, y }) => rectangleAt(x, -y, 0, 0)));
    const intended =
      middle !== undefined
        ? rectangleAt((middle.minX + middle.maxX) / 2, (middle.minZ + middle.maxZ) / 2, lengthM, depthM)
        : before !== undefined
          ? moved(rectangleAt(0, 0, lengthM, depthM), before.minX + lengthM / 2, before.maxZ + LINE_GAP_M + depthM / 2)
          : area === undefined
            ? rectangleAt(0, 0, lengthM, depthM)
            : rectangleAt((area.minX + area.maxX) / 2, area.minZ + WALL_GAP_M + depthM / 2, lengthM, depthM);
    const at = freed(intended, taken, LINE_GAP_M, "z");
    done.push({ item: line, at, isArranged: middle === undefined || at.minZ !== intended.minZ });
  }
  return done;
}

/** What has no position: in rows as wide as they are deep, in front of what has one. */
function arrangeRows(things: readonly SiteThing[], before: FloorRectangle | undefined): readonly Arranged<SiteThing>[] {
  const columns = Math.ceil(Math.sqrt(things.length * 2));
  const [left, top] = [before?.minX ?? 0, before === undefined ? 0 : before.maxZ + LINE_GAP_M];
  const done: Arranged<SiteThing>[] = [];
  let [x, z, deepest] = [left, top, 0];
  things.forEach((thing, index) => {
    if (index > 0 && index % columns === 0) [x, z, deepest] = [left, z + deepest + THING_GAP_M, 0];
    const [lengthM, depthM] = extentOf(thing);
    done.push({ item: thing, at: rectangleAt(x + lengthM / 2, z + depthM / 2, lengthM, depthM), isArranged: true });
    x += lengthM + THING_GAP_M;
    deepest = Math.max(deepest, depthM);
  });
  return done;
}
