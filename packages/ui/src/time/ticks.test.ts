import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { zoneOf } from "./zone.ts";
import { railTicks } from "./ticks.ts";

const berlin = zoneOf("Europe/Berlin");

test("[U4] ticks stand on round local times and far enough apart, from seconds to months", () => {
  const now = Date.UTC(2026, 10, 24, 9, 42, 7) * 1000;
  for (const span of [20 * SECOND, 5 * MINUTE, 40 * MINUTE, 6 * HOUR, 2 * DAY, 9 * DAY, 60 * DAY, 390 * DAY]) {
    const scale = span / 1000;
    const ticks = railTicks({ from: now - span, to: now, scale, zone: berlin, language: "en" });
    expect(ticks.length, `span ${span}`).toBeGreaterThan(0);
    expect(ticks.length, `span ${span}`).toBeLessThanOrEqual(15);
    for (const [index, tick] of ticks.entries()) {
      if (index > 0) expect((tick.at - ticks[index - 1]!.at) / scale, `span ${span}`).toBeGreaterThan(40);
    }
  }
});

test("[U4] the day on which summer time ends has its 25 hours and no tick twice", () => {
  const from = Date.UTC(2026, 9, 24, 22) * 1000;
  const ticks = railTicks({ from, to: from + 27 * HOUR, scale: (27 * HOUR) / 1800, zone: berlin, language: "en" });
  const days = ticks.filter((tick) => tick.major);
  expect(days.map((tick) => tick.label)).toEqual(["Sun 25", "Mon 26"]);
  expect(days[1]!.at - days[0]!.at).toBe(25 * HOUR);
  expect(new Set(ticks.map((tick) => tick.at)).size).toBe(ticks.length);
});

test("[U4] Chinese labels are written the Chinese way", () => {
  const from = Date.UTC(2026, 10, 23, 16) * 1000;
  const [first] = railTicks({ from, to: from + 3 * DAY, scale: DAY / 150, zone: zoneOf("Asia/Shanghai"), language: "zh" });
  expect(first?.label).toBe("周二 24日");
});
