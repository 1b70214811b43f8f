import type { Rail } from "@doppelwerk/client";
import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { stepToEvent } from "./step-event.ts";

const NOW = 1_790_000_000_000_000;
const first = NOW - 30 * DAY;
/** Two alarms a second apart, twelve days back; one of the lowest priority; a change; shifts of eight hours. */
const alarms = [
  { at: NOW - 12 * DAY, priority: 2 as const },
  { at: NOW - 12 * DAY + SECOND, priority: 3 as const },
  { at: NOW - 2 * HOUR, priority: 4 as const },
  { at: NOW - 5 * MINUTE, priority: 1 as const },
];
const changeAt = NOW - 3 * HOUR;

/** As the server lumps them: one tick a slot and priority, the first one's time. */
async function ask(from: number, to: number, points: number): Promise<Rail> {
  const width = (to - from) / points;
  const ticks = new Map<string, Rail["alarms"][number]>();
  for (const { at, priority } of alarms) {
    const key = `${Math.floor((at - from) / width)}/${points < 10 ? "" : priority}`;
    if (at >= from && at < to && !ticks.has(key)) ticks.set(key, { at, priority, station: "A", count: 1 });
  }
  const changes =
    changeAt >= from && changeAt < to ? [{ at: changeAt, kind: "merge" as const, revision: 3, title: "x", branch: "live" }] : [];
  return { from, to, now: NOW, band: [], shifts: [], alarms: [...ticks.values()], changes, lanes: [] } as unknown as Rail;
}

test("[U6] one steps from alarm to alarm and from event to event, near and far, exactly, and stops where the record does", async () => {
  const step = (from: number, direction: 1 | -1, kind: "event" | "alarm") =>
    stepToEvent({ ask, from, direction, kind, bounds: { first, last: NOW } });
  expect(await step(NOW, -1, "alarm")).toBe(NOW - 5 * MINUTE);
  expect(await step(NOW - 5 * MINUTE, -1, "event")).toBe(changeAt);
  expect(await step(NOW - 5 * MINUTE, -1, "alarm")).toBe(NOW - 12 * DAY + SECOND);
  expect(await step(NOW - 12 * DAY + SECOND, -1, "alarm")).toBe(NOW - 12 * DAY);
  expect(await step(NOW - 12 * DAY, -1, "alarm")).toBeUndefined();
  expect(await step(first, 1, "alarm")).toBe(NOW - 12 * DAY);
  expect(await step(NOW - 12 * DAY, 1, "alarm")).toBe(NOW - 12 * DAY + SECOND);
  expect(await step(NOW - 12 * DAY + SECOND, 1, "event")).toBe(changeAt);
  expect(await step(NOW - MINUTE, 1, "event")).toBeUndefined();
});
