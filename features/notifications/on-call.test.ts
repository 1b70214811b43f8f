import { readFileSync } from "node:fs";
import { documentChange, documentFaults, readDocument } from "@doppelwerk/kit";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { onCallAt, onCallSpans } from "./model/on-call.ts";
import { OnCallFields, onCallKind } from "./model/on-call-kind.ts";
import { quietUntil } from "./model/quiet.ts";
import { notificationRuleKind } from "./model/rule-kind.ts";

const BERLIN = zoneOffsetOf("Europe/Berlin");
/** Microseconds of `2026-10-25T02:30:00+02:00`. */
const at = (text: string): number => Date.parse(text) * 1_000;
const layer = { people: ["ada", "otto", "eva"], start: "2026-10-19", handover: 360, everyDays: 7, hours: [] };
const calendarOf = (more: object = {}, exceptions: object[] = []): OnCallFields =>
  OnCallFields.parse({ name: "Maintenance", timeZone: "Europe/Berlin", layers: [{ ...layer, ...more }], exceptions });
const who = (calendar: OnCallFields, text: string): string | undefined => onCallAt(calendar, at(text), BERLIN).person;

test("[NT3] people take turns from handover to handover at the hour of the clock, and again from the beginning", () => {
  const calendar = calendarOf();
  expect(who(calendar, "2026-10-19T05:59:59+02:00")).toBeUndefined();
  expect(who(calendar, "2026-10-19T06:00:00+02:00")).toBe("ada");
  // the clocks were put back in between: it is still six o'clock
  expect(who(calendar, "2026-10-26T05:59:59+01:00")).toBe("ada");
  expect(who(calendar, "2026-10-26T06:00:00+01:00")).toBe("otto");
  expect(who(calendar, "2026-11-02T06:00:00+01:00")).toBe("eva");
  expect(who(calendar, "2026-11-09T06:00:00+01:00")).toBe("ada");
});

test("[NT3] a handover in an hour that comes twice happens once, one in an hour that is skipped happens all the same; such days have 25 and 23 hours", () => {
  const daily = calendarOf({ everyDays: 1, handover: 150, start: "2026-10-24" });
  expect(who(daily, "2026-10-25T02:29:00+02:00")).toBe("ada");
  expect(who(daily, "2026-10-25T02:30:00+02:00")).toBe("otto");
  // the second time that the clock shows 02:10
  expect(who(daily, "2026-10-25T02:10:00+01:00")).toBe("otto");
  expect(who(daily, "2026-10-26T02:29:00+01:00")).toBe("otto");
  expect(who(daily, "2026-10-26T02:30:00+01:00")).toBe("eva");
  const spans = onCallSpans(daily, at("2026-10-24T02:30:00+02:00"), at("2026-10-27T02:30:00+01:00"), BERLIN);
  expect(spans.map(({ person, from, to }) => [person, (to - from) / HOUR])).toEqual([
    ["ada", 24],
    ["otto", 25],
    ["eva", 24],
  ]);
  const spring = calendarOf({ everyDays: 1, handover: 150, start: "2027-03-27" });
  expect(who(spring, "2027-03-28T01:59:00+01:00")).toBe("ada");
  expect(who(spring, "2027-03-28T03:30:00+02:00")).toBe("otto");
  const springSpans = onCallSpans(spring, at("2027-03-27T02:30:00+01:00"), at("2027-03-29T02:30:00+02:00"), BERLIN);
  expect(springSpans.map(({ person, from, to }) => [person, (to - from) / HOUR])).toEqual([
    ["ada", 24],
    ["otto", 23],
  ]);
});

test("[NT3] the first layer that holds decides: hours of the week, over midnight too; where none holds nobody is on call", () => {
  const nights = { ...layer, people: ["nora"], everyDays: 1, hours: [{ days: [1, 2, 3, 4, 5], from: 1_320, to: 360 }] };
  const calendar = OnCallFields.parse({
    name: "Nights first",
    timeZone: "Europe/Berlin",
    layers: [nights, { ...layer, hours: [{ days: [6, 7], from: 0, to: 0 }] }],
  });
  // Friday to Saturday
  expect(who(calendar, "2026-10-23T21:59:00+02:00")).toBeUndefined();
  expect(who(calendar, "2026-10-23T22:00:00+02:00")).toBe("nora");
  expect(who(calendar, "2026-10-24T05:59:00+02:00")).toBe("nora");
  expect(who(calendar, "2026-10-24T06:00:00+02:00")).toBe("ada");
  expect(onCallAt(calendar, at("2026-10-24T06:00:00+02:00"), BERLIN).layer).toBe(1);
});

test("[NT3] an exception puts somebody else on call, or nobody, and with `instead` in place of one person alone; the one added last counts", () => {
  const calendar = calendarOf({}, [
    { from: "2026-10-24T06:00", to: "2026-10-27T06:00", person: "eva", instead: "ada" },
    { from: "2026-10-25T12:00", to: "2026-10-25T14:00" },
  ]);
  expect(who(calendar, "2026-10-24T05:00:00+02:00")).toBe("ada");
  expect(onCallAt(calendar, at("2026-10-24T06:00:00+02:00"), BERLIN)).toMatchObject({ person: "eva", isException: true });
  expect(who(calendar, "2026-10-25T13:00:00+01:00")).toBeUndefined();
  // it is not the turn of ada any more
  expect(who(calendar, "2026-10-26T07:00:00+01:00")).toBe("otto");
});

test("[NT3] a calendar in no time zone, without people, or with an exception that ends before it begins is refused", () => {
  const bad = (more: object) => OnCallFields.safeParse({ name: "x", timeZone: "Europe/Berlin", layers: [layer], ...more }).success;
  expect(bad({})).toBe(true);
  expect(bad({ timeZone: "Europe/Atlantis" })).toBe(false);
  expect(bad({ layers: [] })).toBe(false);
  expect(bad({ layers: [{ ...layer, people: [] }] })).toBe(false);
  expect(bad({ exceptions: [{ from: "2026-10-24T06:00", to: "2026-10-24T05:00" }] })).toBe(false);
  expect(bad({ exceptions: [{ from: "2026-10-24T06:60", to: "2026-10-25T05:00" }] })).toBe(false);
});

test("[NT4] quiet hours end when their clock says so, on the day after too; other priorities are never quiet", () => {
  const quiet = { priorities: [3, 4] as const, from: 1_320, to: 360, timeZone: "Europe/Berlin" };
  const until = (priority: 1 | 3, text: string) => quietUntil(quiet, priority, at(text), BERLIN);
  expect(until(3, "2026-10-24T21:59:00+02:00")).toBeUndefined();
  // the night in which the clocks were put back
  expect(until(3, "2026-10-24T22:00:00+02:00")).toBe(at("2026-10-25T06:00:00+01:00"));
  expect(until(3, "2026-10-25T05:00:00+01:00")).toBe(at("2026-10-25T06:00:00+01:00"));
  expect(until(1, "2026-10-24T23:00:00+02:00")).toBeUndefined();
});

test("[NT2] [level: round trip] calendars and rules are documents: stored examples are read, and go out and in again as they are", () => {
  const read = (name: string) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8"));
  for (const [kind, name] of [
    [onCallKind, "onCall-1"],
    [notificationRuleKind, "rule-1"],
  ] as const) {
    const record = read(name);
    expect(documentFaults(kind, record)).toEqual([]);
    const fields = readDocument(kind as typeof onCallKind, record)!;
    expect(documentChange(kind as typeof onCallKind, record.id, record, fields)).toBeUndefined();
    const [made] = [documentChange(kind as typeof onCallKind, record.id, undefined, fields)];
    expect(made).toEqual({ op: "create", record });
  }
});
