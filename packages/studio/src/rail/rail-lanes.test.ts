import type { FanPoint, Rail, RailLane } from "@doppelwerk/client";
import { DAY, HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { railGeometry } from "./rail-geometry.ts";
import { hitTest } from "./rail-hit.ts";
import { medianAt, relativeFan } from "@doppelwerk/ui";
import { forksAt, laneLayout } from "./rail-lanes.ts";
import { restingView, xOf } from "./rail-view.ts";

const NOW = 1_795_500_000_000_000;

function lane(id: string, from: number, closed?: number): RailLane {
  return {
    branch: {
      id,
      name: id,
      parent: "live",
      baseRevision: 1,
      instant: from,
      createdBy: "p",
      createdAt: from,
      ...(closed === undefined ? {} : { closed: { as: "merged" as const, at: closed, revision: 2 } }),
    },
    hue: "violet",
    fan: [],
  };
}

const railOf = (lanes: readonly RailLane[]): Rail => ({
  from: NOW - 9 * DAY,
  to: NOW + DAY,
  now: NOW,
  band: [{ from: NOW - DAY, to: NOW, state: "working", share: 1 }],
  shifts: [],
  alarms: [{ at: NOW - 2 * DAY, priority: 1, station: "S090", count: 2 }],
  changes: [],
  lanes,
});
const options = { rows: 2, gap: HOUR, entered: "live", from: NOW - 9 * DAY, to: NOW + DAY, closed: true };

test("[U8] closed lanes that do not overlap share a row; the branch entered comes first; what finds no row is counted", () => {
  const early = lane("early", NOW - 7 * DAY, NOW - 6 * DAY);
  const later = lane("later", NOW - 5 * DAY, NOW - 4 * DAY);
  const open = lane("open", NOW - 3 * DAY);
  const layout = laneLayout(railOf([early, later, open]), options);
  expect(layout.rows.map((row) => [row.lane.branch.id, row.row])).toEqual([
    ["open", 0],
    ["later", 0],
    ["early", 0],
  ]);
  const crowded = laneLayout(railOf([lane("a", NOW - DAY), lane("b", NOW - DAY), lane("c", NOW - DAY)]), { ...options, entered: "c" });
  expect(crowded.rows[0]!.lane.branch.id).toBe("c");
  expect(crowded.hidden).toBe(1);
});

test("[U8] below the other views a lane leaves once its branch is merged or abandoned, but for the branch entered; Changes keeps it to where it joins", () => {
  const rail = railOf([lane("merged", NOW - 3 * HOUR, NOW - HOUR), lane("open", NOW - 2 * HOUR)]);
  const shown = (entered: string, closed: boolean) =>
    laneLayout(rail, { ...options, entered, closed }).rows.map(({ lane: { branch }, to, end }) => [branch.id, to, end]);
  expect(shown("live", false)).toEqual([["open", undefined, "open"]]);
  expect(shown("merged", false)).toEqual([
    ["merged", NOW - HOUR, "merged"],
    ["open", undefined, "open"],
  ]);
  expect(shown("live", true)).toContainEqual(["merged", NOW - HOUR, "merged"]);
});

test("[U9] a click finds marks before lanes before the band, and anywhere else the instant", () => {
  const rail = railOf([lane("open", NOW - 3 * DAY)]);
  const view = restingView({ width: 1000, now: NOW, span: 8 * DAY, horizon: 0 });
  const geometry = railGeometry(1000, 140);
  const alarms = { marks: () => [], words: () => ({ name: "", text: "" }) };
  const scene = {
    view,
    geometry,
    rail,
    marks: [{ row: "above" as const, lane: alarms, marks: [{ at: NOW - 2 * DAY, shape: 1 as const, count: 2 }] }],
    lanes: laneLayout(rail, options).rows,
  };
  expect(hitTest(scene, xOf(view, NOW - 2 * DAY) + 3, geometry.alarmY)).toMatchObject({ kind: "mark", lane: alarms });
  expect(hitTest(scene, xOf(view, NOW - DAY), geometry.laneY(0))).toMatchObject({
    kind: "lane",
    row: { lane: { branch: { id: "open" } } },
  });
  expect(hitTest(scene, xOf(view, NOW - 5 * DAY), geometry.laneY(0)).kind).toBe("band");
  expect(hitTest(scene, xOf(view, NOW - HOUR), geometry.bandTop + 2)).toMatchObject({ kind: "band", segment: { state: "working" } });
  expect(hitTest(scene, view.nowX + 20, geometry.bandTop + 2).kind).toBe("future");
});

test("[U10] fans are drawn against the live median, so equal futures lie on each other and a better one climbs", () => {
  const fan = (extra: number): FanPoint[] =>
    [1, 2, 3].map((step) => ({
      at: NOW + step * HOUR,
      p025: 60 * step + extra * step - 9,
      p25: 60 * step + extra * step - 3,
      p50: (60 + extra) * step,
      p75: 60 * step + extra * step + 3,
      p975: 60 * step + extra * step + 9,
    }));
  expect(relativeFan(fan(0), fan(0)).every((band) => band.p50 === 0 && band.p975 === 9)).toBe(true);
  expect(relativeFan(fan(2), fan(0)).map((band) => band.p50)).toEqual([2, 4, 6]);
  expect(medianAt(fan(0), NOW + 1.5 * HOUR)).toBe(90);
});

test("[U92] at an instant ahead every open fork is told with what it gains over live, the best first; closed ones and those that do not reach are not", () => {
  const fan = (slope: number, hours = 8): FanPoint[] =>
    Array.from({ length: hours + 1 }, (_, hour) => ({ at: NOW + hour * HOUR, p025: 0, p25: 0, p50: hour * slope, p75: 0, p975: 0 }));
  const fork = (id: string, slope: number, hours = 8, closed?: number): RailLane => ({
    ...lane(id, NOW - HOUR, closed),
    fan: fan(slope, hours),
    reference: fan(50, hours),
  });
  const rail = railOf([fork("slower", 48), fork("faster", 60), fork("short", 70, 2), fork("merged", 90, 8, NOW - 1)]);
  expect(forksAt(rail, NOW + 3.5 * HOUR).map(({ id, median, gain }) => [id, median, gain])).toEqual([
    ["faster", 210, 35],
    ["slower", 168, -7],
  ]);
  expect(forksAt(rail, NOW + HOUR).map(({ id }) => id)).toEqual(["short", "faster", "slower"]);
  expect(forksAt(rail, NOW - HOUR)).toEqual([]);
  // behind all forecasts, where their last figures stand
  expect(forksAt(rail, NOW + 20 * HOUR).map(({ id, median }) => [id, median])).toEqual([
    ["faster", 480],
    ["slower", 384],
  ]);
  expect(forksAt(railOf([]), NOW + HOUR)).toEqual([]);
});

test("[U119] several lines have a band each, never more than fit, and the pointer finds whose it is", () => {
  const other = { title: { en: "Line 4", zh: "4 号线" }, band: [{ from: NOW - DAY, to: NOW, state: "failed", share: 1 }] };
  const rail = { ...railOf([]), bands: [{ title: { en: "Line 3", zh: "3 号线" }, band: railOf([]).band }, other] };
  const geometry = railGeometry(1000, 118, 2);
  expect([geometry.bands, railGeometry(1000, 118, 9).bands, railGeometry(390, 80, 9).bands]).toEqual([2, 3, 1]);
  for (const height of [96, 118, 140]) {
    const full = railGeometry(1000, height, 9);
    expect(full.bandY(full.bands - 1) + full.bandHeight).toBeLessThan(full.changeY);
    expect(full.changeY).toBeLessThan(height);
  }
  const view = restingView({ width: 1000, now: NOW, span: 2 * DAY, horizon: 0 });
  const scene = { view, geometry, rail, marks: [], lanes: [] };
  const x = xOf(view, NOW - HOUR);
  const at = (band: number) => hitTest(scene, x, geometry.bandY(band) + geometry.bandHeight / 2);
  expect(at(0)).toMatchObject({ kind: "band", title: { en: "Line 3" }, segment: { state: "working" } });
  expect(at(1)).toMatchObject({ kind: "band", title: { en: "Line 4" }, segment: { state: "failed" } });
  // one line: as it is without bands
  expect(railGeometry(1000, 118)).toMatchObject({ bands: 1, bandTop: railGeometry(1000, 118, 2).bandTop });
});
