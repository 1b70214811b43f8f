import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { momentText, zoneOf } from "@doppelwerk/ui";
import { expect, test } from "vitest";
import { typedInstant } from "./typed-instant.ts";

const berlin = zoneOf("Europe/Berlin");
/** Tuesday, 10:42:07 in Berlin. */
const NOW = Date.UTC(2026, 10, 24, 9, 42, 7) * 1_000;
const read = (text: string) => typedInstant(text, NOW, berlin);
const at = (...parts: readonly [number, number, number, number, number, number?]) => Date.UTC(...parts) * 1_000;

test("[U147] how long ago is typed in words of either language", () => {
  for (const text of ["2 h ago", "2h", "-2h", "120 min ago", "2 hours ago", "1 h 60 min", "2小时前", "120 分钟前"])
    expect(read(text), text).toBe(NOW - 2 * HOUR);
  expect(read("2 h 3 min ago")).toBe(NOW - 2 * HOUR - 3 * MINUTE);
  expect(read("2\u202fh 3\u202fmin ago")).toBe(NOW - 2 * HOUR - 3 * MINUTE);
  expect(read("1.5 d")).toBe(NOW - 1.5 * DAY);
  expect(read("90 s ago")).toBe(NOW - 90 * SECOND);
});

test("[U147] a time of day is the last time it was that, by the clock of the plant", () => {
  expect(read("08:30")).toBe(at(2026, 10, 24, 7, 30));
  expect(read("8:30:15")).toBe(at(2026, 10, 24, 7, 30, 15));
  expect(read("23:10")).toBe(at(2026, 10, 23, 22, 10));
});

test("[U147] a date with a time is read as the screen writes it; without a year it is the last such day", () => {
  for (const text of [
    "2026-11-20 14:05",
    "2026-11-20T14:05",
    "20 Nov 14:05",
    "Fri 20 Nov, 14:05",
    "11月20日 周五 14:05",
    "2026年11月20日 14:05",
  ])
    expect(read(text), text).toBe(at(2026, 10, 20, 13, 5));
  expect(read("24 Dec 12:00")).toBe(at(2025, 11, 24, 11, 0));
  expect(read("1 Jul 12:00")).toBe(at(2026, 6, 1, 10, 0));
  for (const language of ["en", "zh"] as const) expect(read(momentText(NOW - 3 * DAY, berlin, language))).toBe(NOW - 3 * DAY);
  // what lies ahead is read too: that it cannot be shown is another answer
  expect(read("2027-01-01 00:00")).toBe(at(2026, 11, 31, 23, 0));
});

test("[U147] what is no instant is none", () => {
  for (const text of [
    "",
    "yesterday",
    "2",
    "2 parsecs",
    "25:00",
    "10:61",
    "31 Feb 10:00",
    "2026-13-01 10:00",
    "2026-02-30 10:00",
    "h",
    "20 Foo 10:00",
  ])
    expect(read(text), text).toBeUndefined();
});
