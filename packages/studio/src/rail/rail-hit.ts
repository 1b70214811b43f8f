import type { Rail } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import type { RailGeometry } from "./rail-geometry.ts";
import { medianAt } from "@doppelwerk/ui";
import type { LaneData, RailLane, RailMark } from "@doppelwerk/ui";
import type { LaneRow } from "./rail-lanes.ts";
import { instantAt, xOf } from "./rail-view.ts";
import type { RailView } from "./rail-view.ts";

/** What lies under a pointer on the Rail. */
export type RailHit =
  | { readonly kind: "mark"; readonly lane: RailLane; readonly mark: RailMark }
  | { readonly kind: "lane"; readonly row: LaneRow; readonly instant: Instant; readonly median: number | undefined }
  | {
      readonly kind: "band";
      readonly instant: Instant;
      /** Where there are several: whose band it is. */
      readonly title?: NonNullable<Rail["bands"]>[number]["title"];
      readonly segment: Rail["band"][number] | undefined;
      readonly shift: Rail["shifts"][number] | undefined;
    }
  | { readonly kind: "future"; readonly instant: Instant };

/** A registered lane with what it marks at the present scale. */
export interface LaneMarks {
  readonly row: LaneData["row"];
  readonly lane: RailLane;
  readonly marks: readonly RailMark[];
}

export interface RailScene {
  readonly view: RailView;
  readonly geometry: RailGeometry;
  readonly rail: Rail | undefined;
  readonly marks: readonly LaneMarks[];
  readonly lanes: readonly LaneRow[];
}

/** Marks win over lanes, lanes over the band; anywhere else the instant itself is hit, so a click always means something. */
export function hitTest(scene: RailScene, x: number, y: number, reach = 6): RailHit {
  const { view, geometry, rail } = scene;
  const instant = instantAt(view, x);
  for (const { row, lane, marks } of scene.marks) {
    const isNear = row === "above" ? Math.abs(y - geometry.alarmY) <= 7 : Math.abs(y - geometry.changeY) <= 6;
    const mark = isNear ? nearest(marks, view, x, reach) : undefined;
    if (mark !== undefined) return { kind: "mark", lane, mark };
  }
  const row = laneAt(scene, x, y);
  if (row !== undefined) {
    const fan = row.lane.fan;
    return { kind: "lane", row, instant, median: instant > view.now && fan.length > 0 ? medianAt(fan, instant) : undefined };
  }
  if (instant > view.now) return { kind: "future", instant };
  const at = Math.min(geometry.bands - 1, Math.max(0, Math.floor((y - geometry.bandTop) / (geometry.bandY(1) - geometry.bandTop))));
  const line = rail?.bands?.[at];
  if (line !== undefined)
    return {
      kind: "band",
      instant,
      title: line.title,
      segment: spanAt(line.band, instant),
      shift: at === 0 ? spanAt(rail?.shifts, instant) : undefined,
    };
  return { kind: "band", instant, segment: spanAt(rail?.band, instant), shift: spanAt(rail?.shifts, instant) };
}

function laneAt({ view, geometry, lanes }: RailScene, x: number, y: number): LaneRow | undefined {
  for (const lane of lanes) {
    const laneY = geometry.laneY(lane.row);
    const from = xOf(view, lane.from) - 4;
    const to = lane.to === undefined ? view.width : xOf(view, lane.to) + 4;
    if (x < from || x > to) continue;
    if (Math.abs(y - laneY) <= geometry.laneHeight / 2) return lane;
  }
  return undefined;
}

function nearest<Mark extends { readonly at: Instant }>(
  marks: readonly Mark[],
  view: RailView,
  x: number,
  reach: number,
): Mark | undefined {
  let best: Mark | undefined;
  let distance = reach;
  for (const mark of marks) {
    const away = Math.abs(xOf(view, mark.at) - x);
    if (away <= distance) {
      best = mark;
      distance = away;
    }
  }
  return best;
}

function spanAt<Span extends { readonly from: Instant; readonly to: Instant }>(
  spans: readonly Span[] | undefined,
  instant: Instant,
): Span | undefined {
  return spans?.find((span) => span.from <= instant && instant < span.to);
}
