import type { Rail } from "@doppelwerk/client";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { alarmMarks } from "./rail-lane.ts";

const NOW = 1_795_500_000_000_000;
const alarm = (at: number, priority: 1 | 2 | 3 | 4, count = 1): Rail["alarms"][number] => ({ at, priority, station: "S090", count });

test("[U5] marks thin out when zoomed out; the most urgent one shows and nothing is lost from the counts", () => {
  const alarms = Array.from({ length: 500 }, (_, index) => alarm(NOW - index * 7 * MINUTE, index % 50 === 3 ? 1 : 3));
  const close = alarmMarks(alarms, MINUTE / 10);
  const far = alarmMarks(alarms, HOUR / 2);
  expect(close).toHaveLength(500);
  expect(far.length).toBeLessThan(40);
  expect(far.reduce((sum, mark) => sum + mark.count, 0)).toBe(500);
  expect(far.some((mark) => mark.shape === 1)).toBe(true);
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
