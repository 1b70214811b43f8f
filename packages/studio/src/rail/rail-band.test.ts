import type { Rail } from "@doppelwerk/client";
import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { bandColumns, COLUMN_PIXELS, isDense } from "./rail-band.ts";
import { restingView } from "./rail-view.ts";

const NOW = 1_795_500_000_000_000;

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
