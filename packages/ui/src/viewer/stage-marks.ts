import type { Stage } from "@doppelwerk/scene";
import { Vector3, type Color } from "three";
import type { Beacon } from "./beacons.ts";
import type { LabelRequest } from "./labels.ts";
import type { Outline, OutlineStyle } from "./outlines.ts";
import type { DrawnPart } from "./drawn-part.ts";
import type { StageView } from "./stage-view.ts";
import type { ViewerFrame } from "./viewer-frame.ts";
import type { ViewerTheme } from "./viewer-theme.ts";

/** What a person points at and has chosen: a station, a part or a shell. */
export interface Attention {
  readonly hovered: string | undefined;
  readonly selected: string | undefined;
}

/** One beacon a failed place, else one over the station. */
export function beaconsOf(stage: Stage, frame: ViewerFrame, view: StageView): readonly Beacon[] {
  return stage.stations.flatMap((station) => {
    const own = frame.stations.get(station.id);
    if (own === undefined) return [];
    const places = [...(own.places ?? [])].flatMap(([index, place]) => {
      const body = view.byStation.get(station.id)?.find(({ part }) => part.place === index);
      const anchor = body?.model.anchors["beacon0"] ?? body?.model.anchors["beacon"];
      if (place.beacon === undefined || body === undefined || anchor === undefined) return [];
      const at = new Vector3(...anchor).applyMatrix4(body.matrix);
      return [{ at: [at.x, at.y + 0.12, at.z] as const, priority: place.beacon, acknowledged: own.acknowledged ?? true }];
    });
    if (places.length > 0 || own.beacon === undefined) return places;
    return [{ at: station.beaconAt, priority: own.beacon, acknowledged: own.acknowledged ?? true }];
  });
}

/** What has failed or is unknown, then what is pointed at, then what is chosen. A station that is shown as a block is outlined as that. */
export function outlinesOf(frame: ViewerFrame, view: StageView, { hovered, selected }: Attention, theme: ViewerTheme): readonly Outline[] {
  const outlines: Outline[] = [];
  const add = (id: string, parts: () => readonly DrawnPart[], colour: Color, style: OutlineStyle = "solid"): void => {
    const block = view.blockOf(id);
    if (block !== undefined) outlines.push({ block, colour, style });
    else outlines.push({ parts: parts(), colour, style });
  };
  // The line through a station is not what is meant by the station.
  const bodies = (id: string): readonly DrawnPart[] => {
    const parts = view.partsOf(id);
    const own = parts.filter(({ part }) => part.kind !== "conveyor" && part.kind !== "pallet");
    return own.length > 0 ? own : parts;
  };
  for (const [id, station] of frame.stations) {
    if (station.frame !== undefined) add(id, () => view.partsOf(id), theme.alarms[station.frame]);
    const failedPlaces = [...(station.places ?? [])].filter(([, place]) => place.state === "failed").map(([index]) => index);
    const isFailed = ({ part }: DrawnPart): boolean => part.place !== undefined && failedPlaces.includes(part.place);
    if (failedPlaces.length > 0) add(id, () => bodies(id).filter(isFailed), theme.failed);
    else if (station.state === "failed") add(id, () => bodies(id), theme.failed);
    else if (station.state === "unknown") add(id, () => bodies(id), theme.unknown, "dotted");
  }
  if (hovered !== undefined && hovered !== selected) add(hovered, () => bodies(hovered), theme.hover);
  if (selected !== undefined) add(selected, () => bodies(selected), theme.selection);
  return outlines;
}

/** A place in the world as a place on the screen, in CSS pixels. */
export type OnScreen = (at: readonly [number, number, number]) => { readonly x: number; readonly y: number; readonly ahead: boolean };

/** What a label says, and what of the world it stands over. */
export interface StationLabel extends Omit<LabelRequest, "x" | "y"> {
  readonly at: readonly [number, number, number];
}

/** The stations that have a label: the chosen one first, then alarms by priority, failures, and what the frame finds relevant. */
export function stationLabels(stage: Stage, frame: ViewerFrame, { hovered, selected }: Attention): readonly StationLabel[] {
  return stage.stations.flatMap((station, order): StationLabel[] => {
    const own = frame.stations.get(station.id);
    const isAbnormal = own?.beacon !== undefined || own?.state === "failed";
    const isSelected = selected === station.id || (station.subject !== undefined && selected === station.subject);
    if (station.isQuiet === true && !isAbnormal && !isSelected && hovered !== station.id) return [];
    const relevance =
      (isSelected ? 2000 : 0) +
      (hovered === station.id ? 1500 : 0) +
      (own?.beacon === undefined ? 0 : 500 - own.beacon * 50) +
      (own?.state === "failed" ? 250 : 0) +
      (own?.relevance ?? 0) -
      order * 0.01;
    const name = station.name ?? (station.id === station.label ? station.label : station.id);
    // what has a name says it once
    const value = own?.value ?? (station.name === station.label ? undefined : station.label);
    return [{ id: station.id, name, value, frame: own, relevance, selected: isSelected, at: station.labelAt }];
  });
}

/** Labels of what lies ahead of the eye. */
export function labelsOf(labels: readonly StationLabel[], onScreen: OnScreen): readonly LabelRequest[] {
  return labels.flatMap(({ at, ...label }) => {
    const { x, y, ahead } = onScreen(at);
    return ahead ? [{ ...label, x, y }] : [];
  });
}
