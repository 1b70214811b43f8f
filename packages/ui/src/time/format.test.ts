import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import {
  clockText,
  datedText,
  datesText,
  durationText,
  momentText,
  nearText,
  fileMoment,
  fileName,
  periodText,
  zoneText,
} from "./format.ts";
import { zoneNameText } from "@doppelwerk/world";
import { dayStart, fromLocal, nextDay, toLocal, zoneOf } from "./zone.ts";

const berlin = zoneOf("Europe/Berlin");

test("[U14] durations say the two units that matter", () => {
  const plain = (duration: number, language: "en" | "zh" = "en") => durationText(duration, language).replaceAll("\u202f", " ");
  expect(plain(42 * SECOND)).toBe("42 s");
  expect(plain(3 * MINUTE + 20 * SECOND)).toBe("3 min 20 s");
  expect(plain(2 * HOUR + 13 * MINUTE)).toBe("2 h 13 min");
  expect(plain(3 * DAY + 4 * HOUR)).toBe("3 d 4 h");
  expect(plain(-5)).toBe("0 s");
  expect(plain(2 * HOUR + 13 * MINUTE, "zh")).toBe("2 小时 13 分");
});

test("[U14] moments are told in the plant's zone", () => {
  const instant = Date.UTC(2026, 10, 24, 9, 42, 7) * 1000;
  expect(clockText(instant, berlin)).toBe("10:42:07");
  expect(momentText(instant, berlin, "en")).toBe("Tue 24 Nov, 10:42:07");
  expect(momentText(instant, zoneOf("Asia/Shanghai"), "zh", false)).toBe("11月24日 周二 17:42");
});

test("[U14] a moment of the same day is told without its day", () => {
  const now = Date.UTC(2026, 10, 24, 9, 42) * 1000;
  expect(nearText(now - 2 * HOUR, now, berlin, "en")).toBe("08:42");
  expect(nearText(now - 12 * HOUR, now, berlin, "en")).toBe("Mon 23 Nov, 22:42");
  expect(nearText(now - 365 * DAY, now, berlin, "en")).toContain("24 Nov");
});

test("[U14] a moment of another year is told as its day with the year, by the plant's clock", () => {
  const now = Date.UTC(2026, 10, 24) * 1000;
  const newYear = Date.UTC(2025, 11, 31, 23, 30) * 1000;
  expect(datedText(newYear, now, berlin, "en")).toBe("Thu 1 Jan, 00:30");
  expect(datedText(newYear - HOUR, now, berlin, "en")).toBe("31 Dec 2025");
  expect(datedText(newYear - HOUR, now, berlin, "zh")).toBe("2025年12月31日");
});

test("[U14] a stretch of one day names the day once", () => {
  const from = Date.UTC(2026, 10, 24, 9) * 1000;
  expect(periodText(from, from + 2 * HOUR, berlin, "en")).toBe("Tue 24 Nov, 10:00 – 12:00");
  expect(periodText(from, from + DAY, berlin, "zh")).toBe("11月24日 周二 10:00 – 11月25日 周三 10:00");
  expect(datesText(from, from + 6 * DAY, berlin, "en")).toBe("24–30 Nov");
  expect(datesText(from, from + 6 * DAY, berlin, "zh")).toBe("11月24日–30日");
  expect(datesText(from, from + 8 * DAY, berlin, "en")).toBe("24 Nov – 2 Dec");
  expect(datesText(from, from + HOUR, berlin, "en")).toBe("24 Nov");
});

test("[U14] the plant's zone is told as it is at the instant", () => {
  const winter = Date.UTC(2026, 10, 24) * 1000;
  const told = (name: string, instant: number) => zoneText(instant, zoneOf(name));
  expect([told("Europe/Berlin", winter), told("Europe/Berlin", Date.UTC(2026, 6, 1) * 1000)]).toEqual(["UTC+1", "UTC+2"]);
  expect([told("Asia/Kolkata", winter), told("America/St_Johns", winter), told("UTC", winter)]).toEqual(["UTC+5:30", "UTC−3:30", "UTC"]);
});

test("[U14] a zone of a fixed offset is named as it is read, others by their name", () => {
  const names = ["Etc/GMT+11", "Etc/GMT-5", "Etc/GMT-14", "Etc/GMT+0", "Etc/UTC", "Europe/Berlin"];
  expect(names.map(zoneNameText)).toEqual(["UTC−11", "UTC+5", "UTC+14", "UTC", "Etc/UTC", "Europe/Berlin"]);
  const now = Date.UTC(2026, 10, 24) * 1000;
  for (const name of ["Etc/GMT+11", "Etc/GMT-5"]) expect(zoneNameText(name)).toBe(zoneText(now, zoneOf(name)));
});

test("[U14] the name of a file has the plant's clock with its zone, and nothing that a shell takes amiss", () => {
  const at = Date.UTC(2026, 10, 30, 2, 52) * 1000;
  expect(fileMoment(at, zoneOf("Etc/GMT-8"))).toBe("2026-11-30_1052_UTC+8");
  expect(fileMoment(at, zoneOf("America/St_Johns"))).toBe("2026-11-29_2322_UTC-330");
  expect(fileName(["history", "Line 3: final/assembly", undefined, "8h"], "csv")).toBe("history_Line-3-final-assembly_8h.csv");
  expect(fileName(["history", "三号线", "../x"], "parquet")).toBe("history_三号线_x.parquet");
});

test("[U15] days of 23 and 25 hours begin and end where they do", () => {
  const spring = dayStart(berlin, Date.UTC(2026, 2, 29, 12) * 1000);
  expect(nextDay(berlin, spring) - spring).toBe(23 * HOUR);
  const autumn = dayStart(berlin, Date.UTC(2026, 9, 25, 12) * 1000);
  expect(nextDay(berlin, autumn) - autumn).toBe(25 * HOUR);
  for (let hour = 0; hour < 48; hour += 1) {
    const instant = spring + hour * HOUR;
    expect(toLocal(berlin, fromLocal(berlin, toLocal(berlin, instant)))).toBe(toLocal(berlin, instant));
  }
  expect(zoneOf("Nowhere/Atall").name).toBe("UTC");
});
