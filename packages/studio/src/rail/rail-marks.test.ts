import type { Rail } from "@doppelwerk/client";
import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { bandColumns, COLUMN_PIXELS, isDense } from "./rail-band.ts";
import { alarmMarks, changeMarks } from "./rail-marks.ts";
import { restingView } from "./rail-view.ts";

const NOW = 1_795_500_000_000_000;
const alarm = (at: number, priority: 1 | 2 | 3 | 4, count = 1): Rail["alarms"][number] => ({ at, priority, station: "S090", count });

test("[U5] marks thin out when zoomed out; the gravest speaks and nothing is lost from the counts", () => {
  const alarms = Array.from({ length: 500 }, (_, index) => alarm(NOW - index * 7 * MINUTE, index % 50 === 3 ? 1 : 3));
  const close = alarmMarks(alarms, MINUTE / 10);
  const far = alarmMarks(alarms, HOUR / 2);
  expect(close).toHaveLength(500);
  expect(far.length).toBeLessThan(40);
  expect(far.reduce((sum, mark) => sum + mark.count, 0)).toBe(500);
  expect(far.some((mark) => mark.priority === 1)).toBe(true);
});

test("[U5] marks stay where they are while the record flows: their cells are of time, not of pixels", () => {
  const alarms = Array.from({ length: 200 }, (_, index) => alarm(NOW - index * 11 * MINUTE, 2));
  const scale = HOUR / 3;
  expect(alarmMarks(alarms.slice(0, 150), scale).slice(1)).toEqual(
    alarmMarks(alarms, scale)
      .slice(-alarmMarks(alarms.slice(0, 150), scale).length)
      .slice(1),
  );
});

test("[U5] a merge speaks before the edits around it, forks are left to their lanes", () => {
  const at = (offset: number, kind: "merge" | "edit" | "fork", revision: number): Rail["changes"][number] => ({
    at: NOW + offset,
    kind,
    revision,
    title: kind,
    branch: "live",
  });
  const marks = changeMarks([at(0, "edit", 1), at(1000, "merge", 2), at(2000, "edit", 3), at(3000, "fork", 4)], HOUR);
  expect(marks).toHaveLength(1);
  expect(marks[0]).toMatchObject({ kind: "merge", revision: 2, count: 3 });
});

test("[U7] a dense band shows the share that ran and a stop that took most of two pixels; shift gaps stay empty", () => {
  const view = restingView({ width: 500, now: NOW, span: 8 * DAY, horizon: 0 });
  const band: Rail["band"][number][] = [];
  for (let at = NOW - 8 * HOUR; at < NOW; at += 10 * MINUTE)
    band.push({ from: at, to: at + 10 * MINUTE, state: at < NOW - 4 * HOUR ? "working" : "failed", share: 1 });
  band.push({ from: NOW - DAY, to: NOW - 8 * HOUR, state: "off", share: 1 });
  expect(isDense(band, view.pastScale)).toBe(true);
  const columns = bandColumns(band, view, view.nowX);
  expect(columns.length * COLUMN_PIXELS * view.pastScale).toBeLessThan(9 * HOUR);
  expect(columns.at(-1)!.failed).toBeGreaterThan(0.9);
  expect(columns[1]!.running).toBeGreaterThan(0.9);
  expect(isDense(band, (10 * MINUTE) / 40)).toBe(false);
});
