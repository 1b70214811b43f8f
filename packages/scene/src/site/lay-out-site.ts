import { parametersOf, type PartKind } from "../parts/part-kind.ts";
import { placed } from "../stage/placement.ts";
import type { FlowPath, PlacedPart, Stage, StageCluster, StageStation } from "../stage/stage.ts";
import type { Pose, Vec3 } from "../pose.ts";
import { arrangeSite, extentOf, type Arranged, type ArrangedArea } from "./arranged-site.ts";
import { around, type FloorRectangle } from "./floor-rectangle.ts";
import type { SiteArea, SiteLine, SiteThing } from "./site-sketch.ts";
import { wallsOf } from "./site-walls.ts";

const BLOCK_HEIGHT_M = 2.1;
const [FRAME_LINE_M, AISLE_M, LABEL_M] = [0.16, 2.2, 2.6];

export interface LaidSite {
  readonly stage: Stage;
  /** Ids of areas, lines and things that do not stand where documents say. */
  readonly arranged: readonly string[];
}

/**
 * One stage of many lines and areas: walls with doors, aisles between lines, a frame on the floor around each line and area that bears its id, so that it can be
 * framed, outlined and labelled like a station. Deterministic; nothing is known of any industry.
 */
export function layOutSite(areas: readonly SiteArea[]): LaidSite {
  const laid = arrangeSite(areas);
  const whole = around(laid.map(({ at }) => at)) ?? { minX: -5, maxX: 5, minZ: -5, maxZ: 5 };
  const lines = laid.flatMap((area) => area.lines.map(laidLine));
  const stage: Stage = {
    parts: [...laid.flatMap(areaParts), ...lines.flatMap(({ parts }) => parts)],
    stations: [...laid.flatMap(areaStations), ...lines.flatMap(({ stations }) => stations)],
    paths: lines.flatMap(({ paths }) => paths),
    tracks: [],
    clusters: lines.map(({ cluster }) => cluster),
    bounds: { min: [whole.minX, 0, whole.minZ], max: [whole.maxX, 3, whole.maxZ] },
  };
  const arranged = laid.flatMap((area) =>
    [area, ...area.lines, ...area.things].filter(({ isArranged }) => isArranged).map(({ item }) => item.id),
  );
  return { stage, arranged };
}

function areaParts({ item, at, lines, things }: ArrangedArea): readonly PlacedPart[] {
  return [
    ...wallsOf(item.id, at),
    frameOf(item.id, at),
    ...lines.map((line) => frameOf(line.item.id, line.at)),
    ...aislesOf(item.id, at, lines),
    ...things.map(thingPart),
  ];
}

/** A painted rectangle on the floor: the body of an area or line. */
function frameOf(id: string, { minX, maxX, minZ, maxZ }: FloorRectangle): PlacedPart {
  return {
    id: `${id}/frame`,
    kind: "marking",
    parameters: { lengthM: toCentimetre(maxX - minX), widthM: toCentimetre(maxZ - minZ), lineM: FRAME_LINE_M },
    position: [(minX + maxX) / 2, 0, (minZ + maxZ) / 2],
    turn: 0,
    stationId: id,
  };
}

/** What is alike to a centimetre is one geometry, wherever it stands. */
function toCentimetre(metres: number): number {
  return Math.round(metres * 100) / 100;
}

/** Between a line and the next behind it. */
function aislesOf(id: string, { minX, maxX }: FloorRectangle, lines: readonly Arranged<SiteLine>[]): readonly PlacedPart[] {
  const inOrder = lines.toSorted((a, b) => a.at.minZ - b.at.minZ);
  return inOrder.slice(1).flatMap((line, index): PlacedPart[] => {
    const gapFrom = Math.max(...inOrder.slice(0, index + 1).map(({ at }) => at.maxZ));
    const gapM = line.at.minZ - gapFrom;
    if (gapM < AISLE_M) return [];
    return [
      {
        id: `${id}/aisle-${index + 1}`,
        kind: "aisle",
        parameters: { lengthM: toCentimetre(maxX - minX - 1), widthM: toCentimetre(Math.min(4, gapM)) },
        position: [(minX + maxX) / 2, 0, gapFrom + gapM / 2],
        turn: 0,
      },
    ];
  });
}

function thingPart({ item, at }: Arranged<SiteThing>): PlacedPart {
  const turn = ((item.position?.rotation ?? 0) * Math.PI) / 180;
  const [length, depth] = extentOf({ ...item, position: item.position && { ...item.position, rotation: 0 } });
  const isSized = item.position?.length !== undefined && item.position.width !== undefined;
  return {
    id: item.id,
    kind: item.kind,
    ...(isSized && { parameters: sized(item.kind, length, depth) }),
    position: [(at.minX + at.maxX) / 2, 0, (at.minZ + at.maxZ) / 2],
    turn,
    stationId: item.id,
  } as PlacedPart;
}

/** Length and depth in the names that the kind has for them. */
function sized(kind: PartKind, lengthM: number, depthM: number): Record<string, number> {
  const own = parametersOf(kind, undefined) as unknown as Readonly<Record<string, unknown>>;
  return { ...("lengthM" in own && { lengthM }), ...("depthM" in own ? { depthM } : "widthM" in own && { widthM: depthM }) };
}

/** Areas, lines and things as what can be labelled and chosen. */
function areaStations({ item, at, lines, things }: ArrangedArea): readonly StageStation[] {
  return [
    ground(item, at, [(at.minX + at.maxX) / 2, at.minZ]),
    // at their beginning, so that those of a hall and of its lines are apart
    ...lines.map((line) => ground(line.item, line.at, [line.at.minX + Math.min(6, (line.at.maxX - line.at.minX) / 4), line.at.minZ + 3])),
    ...things.map((thing) => ({
      ...ground(thing.item, thing.at, [(thing.at.minX + thing.at.maxX) / 2, (thing.at.minZ + thing.at.maxZ) / 2]),
      isQuiet: true,
    })),
  ];
}

function ground(
  { id, title }: { readonly id: string; readonly title: string },
  at: FloorRectangle,
  [labelX, labelZ]: readonly [number, number],
): StageStation {
  const [x, z] = [(at.minX + at.maxX) / 2, (at.minZ + at.maxZ) / 2];
  return {
    id,
    label: title,
    name: title,
    labelAt: [labelX, LABEL_M, labelZ],
    beaconAt: [labelX, LABEL_M, labelZ],
    places: [],
    buffer: [],
    footprint: { centre: [x, z], lengthM: at.maxX - at.minX, depthM: at.maxZ - at.minZ, turn: 0 },
  };
}

interface LaidLine {
  readonly parts: readonly PlacedPart[];
  readonly stations: readonly StageStation[];
  readonly paths: readonly FlowPath[];
  readonly cluster: StageCluster;
}

/** A line moved to its place; what was unique in its own stage is so in the site. */
function laidLine({ item: { id, stage }, at }: Arranged<SiteLine>): LaidLine {
  const { min, max } = stage.bounds;
  const [dx, dz] = [(at.minX + at.maxX - min[0] - max[0]) / 2, (at.minZ + at.maxZ - min[2] - max[2]) / 2];
  const by: Pose = { position: [dx, 0, dz], turn: 0 };
  const there = <Posed extends Pose>(pose: Posed): Posed => ({ ...pose, position: placed(by, pose.position) });
  const own = (name: string): string => `${id}/${name}`;
  const stations = stage.stations.map((station): StageStation => ({
    ...station,
    id: own(station.id),
    name: station.id,
    isQuiet: true,
    labelAt: placed(by, station.labelAt),
    beaconAt: placed(by, station.beaconAt),
    places: station.places.map(there),
    buffer: station.buffer.map((slot) => ({ ...there(slot), ...(slot.path !== undefined && { path: own(slot.path) }) })),
    footprint: { ...station.footprint, centre: [station.footprint.centre[0] + dx, station.footprint.centre[1] + dz] },
  }));
  const corner = (at0: Vec3): Vec3 => placed(by, at0);
  return {
    parts: stage.parts.map((part) => ({
      ...there(part),
      id: own(part.id),
      cluster: id,
      ...(part.stationId !== undefined && { stationId: own(part.stationId) }),
    })),
    stations,
    paths: stage.paths.map((path) => ({
      ...path,
      id: own(path.id),
      from: own(path.from),
      to: own(path.to),
      points: path.points.map(corner),
    })),
    cluster: {
      id,
      min: corner(min),
      max: corner(max),
      blocks: stations.map(({ id: stationId, footprint }) => ({ stationId, footprint, heightM: BLOCK_HEIGHT_M })),
    },
  };
}
