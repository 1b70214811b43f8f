import { zoneOf } from "@doppelwerk/kit/studio";
import { expect, test } from "vitest";
import { beginOf, logSpanDetail, logSpanOf } from "./log-span.ts";

const at = (text: string): number => Date.parse(text) * 1_000;

test("[CH13] a span begins with a local day of the site, also where the clocks changed", () => {
  const zone = zoneOf("Europe/Berlin");
  const now = at("2026-10-26T09:00:00Z");
  expect(beginOf("today", now, zone)).toBe(at("2026-10-25T23:00:00Z"));
  // Sunday had 25 hours
  expect(beginOf("yesterday", now, zone)).toBe(at("2026-10-24T22:00:00Z"));
  expect(beginOf("week", now, zone)).toBe(at("2026-10-19T22:00:00Z"));
  expect(beginOf("2026-10-25", now, zone)).toBe(at("2026-10-24T22:00:00Z"));
  expect(beginOf("all", now, zone)).toBeUndefined();
});

test("[CH13] a span is in the address, and what is none is the whole log", () => {
  for (const span of ["today", "yesterday", "week", "2026-11-27", "all"] as const) expect(logSpanOf(logSpanDetail(span))).toBe(span);
  for (const detail of [undefined, "r7", "since:", "since:2026-13-40", "since:ever"]) expect(logSpanOf(detail)).toBe("all");
});
