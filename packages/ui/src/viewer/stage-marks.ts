import type { Stage } from "@doppelwerk/scene";
import { Vector3 } from "three";
import type { Beacon } from "./beacons.ts";
import type { LabelRequest } from "./labels.ts";
import type { Outline } from "./outlines.ts";
import type { DrawnPart, StageView } from "./stage-view.ts";
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

/** What has failed or is unknown, then what is pointed at, then what is chosen. */
export function outlinesOf(frame: ViewerFrame, view: StageView, { hovered, selected }: Attention, theme: ViewerTheme): readonly Outline[] {
  const outlines: Outline[] = [];
  // The line through a station is not what is meant by the station.
  const bodies = (id: string): readonly DrawnPart[] => {
    const parts = view.partsOf(id);
    const own = parts.filter(({ part }) => part.kind !== "conveyor" && part.kind !== "pallet");
    return own.length > 0 ? own : parts;
  };
  for (const [id, station] of frame.stations) {
    if (station.frame !== undefined) outlines.push({ parts: view.partsOf(id), colour: theme.alarms[station.frame], style: "solid" });
    if (station.state !== "failed" && station.state !== "unknown" && station.places === undefined) continue;
    const parts = bodies(id);
    const failedPlaces = [...(station.places ?? [])].filter(([, place]) => place.state === "failed").map(([index]) => index);
    if (failedPlaces.length > 0)
      outlines.push({
        parts: parts.filter(({ part }) => part.place !== undefined && failedPlaces.includes(part.place)),
        colour: theme.failed,
        style: "solid",
      });
    else if (station.state === "failed") outlines.push({ parts, colour: theme.failed, style: "solid" });
    else if (station.state === "unknown") outlines.push({ parts, colour: theme.unknown, style: "dotted" });
  }
  const pointedAt = hovered === undefined || hovered === selected ? [] : bodies(hovered);
  if (pointedAt.length > 0) outlines.push({ parts: pointedAt, colour: theme.hover, style: "solid" });
  const chosen = selected === undefined ? [] : bodies(selected);
  if (chosen.length > 0) outlines.push({ parts: chosen, colour: theme.selection, style: "solid" });
  return outlines;
}

/** A place in the world as a place on the screen, in CSS pixels. */
export type OnScreen = (at: readonly [number, number, number]) => { readonly x: number; readonly y: number; readonly ahead: boolean };

/** A label a station that lies ahead: the chosen one first, then alarms by priority, failures, and what the frame finds relevant. */
export function labelsOf(stage: Stage, frame: ViewerFrame, { hovered, selected }: Attention, onScreen: OnScreen): readonly LabelRequest[] {
  return stage.stations.flatMap((station, order): LabelRequest[] => {
    const { x, y, ahead } = onScreen(station.labelAt);
    if (!ahead) return [];
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
    return [{ id: station.id, name, value, frame: own, relevance, selected: isSelected, x, y }];
  });
}
