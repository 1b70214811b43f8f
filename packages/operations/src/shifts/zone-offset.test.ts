import { expect, test } from "vitest";
import { HOUR } from "@doppelwerk/world";
import { zoneOffsetOf } from "./zone-offset.ts";

const at = (text: string) => Date.parse(text) * 1_000;

test("[SV3] the offset changes at the very instant of the switch, so a day has 23 or 25 hours", () => {
  const berlin = zoneOffsetOf("Europe/Berlin");
  expect([berlin(at("2026-03-29T00:59:59Z")), berlin(at("2026-03-29T01:00:00Z"))]).toEqual([60, 120]);
  expect([berlin(at("2026-10-25T00:59:59Z")), berlin(at("2026-10-25T01:00:00Z"))]).toEqual([120, 60]);
  const dayLength = (day: string, next: string) => {
    const midnight = (date: string) =>
      [60, 120]
        .map((offset) => at(`${date}T00:00:00Z`) - offset * 60_000_000)
        .find((instant) => berlin(instant) * 60_000_000 === at(`${date}T00:00:00Z`) - instant)!;
    return (midnight(next) - midnight(day)) / HOUR;
  };
  expect([dayLength("2026-03-29", "2026-03-30"), dayLength("2026-10-25", "2026-10-26"), dayLength("2026-06-01", "2026-06-02")]).toEqual([
    23, 25, 24,
  ]);
});

test("[SV3] quarter-hour zones and whole-hour zones are right, an unknown zone is UTC", () => {
  expect(zoneOffsetOf("Asia/Kathmandu")(at("2026-01-01T00:00:00Z"))).toBe(345);
  expect(zoneOffsetOf("Etc/GMT+6")(at("2026-01-01T00:00:00Z"))).toBe(-360);
  expect(zoneOffsetOf("Nowhere/Land")(at("2026-01-01T00:00:00Z"))).toBe(0);
});
