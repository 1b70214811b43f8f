import type { LineInfo } from "@doppelwerk/client";
import { PART_KINDS, type FloorPosition, type PartKind, type SiteArea, type SiteLine, type SiteThing, type Stage } from "@doppelwerk/scene";
import { inLanguage, stationName } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";

/** What one scene holds: of more the first are there. */
const [MAX_AREAS, MAX_LINES, MAX_THINGS] = [60, 40, 500];
const GROUNDS: ReadonlySet<Place["kind"]> = new Set([
  "enterprise",
  "site",
  "area",
  "processCell",
  "productionUnit",
  "productionLine",
  "storageZone",
  "utilityNetwork",
]);
/** Vehicles and paint on the floor are no things that stand somewhere. */
const NO_THINGS: ReadonlySet<string> = new Set(["agv", "marking", "aisle", "wall", "conveyor-curve"]);

export interface SiteSketch {
  readonly areas: readonly SiteArea[];
  /** Of each id in the scene that is not a place itself the place that it belongs to: of a station its line. */
  readonly placeOf: ReadonlyMap<string, string>;
}

interface Growing {
  readonly place: Place;
  readonly lines: SiteLine[];
  readonly things: SiteThing[];
  hasAreas: boolean;
}

/**
 * What stands in a place, as its documents say: each area with its lines and other things. An area that only holds areas is no ground of its own.
 * @param lines by the id of the place of the line
 */
export function siteAreas(places: readonly Place[], root: string, lines: ReadonlyMap<string, LineInfo>, language: "en" | "zh"): SiteSketch {
  const grown = new Map<string, Growing>();
  /** Of each place within the root the ground that it stands on; undefined: it is part of a line or of a thing. */
  const groundOf = new Map<string, string | undefined>();
  const placeOf = new Map<string, string>();
  const positions = positionsWithin(places);
  let [lineCount, thingCount] = [0, 0];
  for (const place of places) {
    const isRoot = place.id === root;
    const parent = place.parent ?? "";
    if (!isRoot && !groundOf.has(parent)) continue;
    const ground = groundOf.get(parent);
    const line = lines.get(place.id);
    const above = ground === undefined ? undefined : grown.get(ground);
    const title = inLanguage(place.title, language);
    groundOf.set(place.id, undefined);
    if (line !== undefined && lineCount < MAX_LINES && (isRoot || above !== undefined)) {
      lineCount++;
      const own: SiteLine = { id: place.id, title, stage: namedIn(line, language), positions: positions.get(place.id) ?? [] };
      const holder = above ?? growing(grown, place);
      holder.lines.push(own);
      for (const { id } of line.stations) placeOf.set(`${place.id}/${id}`, place.id);
    } else if (isRoot || (above !== undefined && GROUNDS.has(place.kind))) {
      if (grown.size >= MAX_AREAS) continue;
      if (above !== undefined) above.hasAreas = true;
      growing(grown, place);
      groundOf.set(place.id, place.id);
    } else if (above !== undefined && thingCount < MAX_THINGS && isThing(place)) {
      thingCount++;
      above.things.push({ id: place.id, title, kind: kindOf(place), position: positionOf(place) });
    }
  }
  const areas = [...grown.values()]
    .filter(
      ({ lines: own, things, hasAreas, place }) =>
        own.length > 0 || things.length > 0 || !hasAreas || (place.id === root && grown.size === 1),
    )
    .map(({ place, lines: own, things }): SiteArea => ({
      id: place.id,
      title: inLanguage(place.title, language),
      position: positionOf(place),
      lines: own,
      things,
    }));
  return { areas, placeOf };
}

/** Stations are labelled as everywhere in the language; one of which the line has no name keeps its label. */
function namedIn({ stage, stations }: LineInfo, language: "en" | "zh"): Stage {
  const names = new Map(stations.map((station) => [station.id, stationName(station, language)]));
  const own = stage as Stage;
  return { ...own, stations: own.stations.map((station) => ({ ...station, label: names.get(station.id) ?? station.label })) };
}

function growing(grown: Map<string, Growing>, place: Place): Growing {
  const made: Growing = { place, lines: [], things: [], hasAreas: false };
  grown.set(place.id, made);
  return made;
}

function isThing({ layout }: Place): boolean {
  return layout?.part === undefined || !NO_THINGS.has(layout.part);
}

function kindOf({ layout }: Place): PartKind {
  const named = PART_KINDS.find((kind) => kind === layout?.part);
  return named ?? "cabinet";
}

function positionOf({ layout }: Place): FloorPosition | undefined {
  return layout;
}

/** Of each place the positions of the places right in it. */
function positionsWithin(places: readonly Place[]): ReadonlyMap<string, readonly FloorPosition[]> {
  const positions = new Map<string, FloorPosition[]>();
  for (const { parent, layout } of places) {
    if (typeof parent !== "string" || layout === undefined || layout.part === "agv") continue;
    positions.set(parent, [...(positions.get(parent) ?? []), layout]);
  }
  return positions;
}
