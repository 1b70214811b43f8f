import { LIVE, type Principal, type RecordReader, type WorldRecord } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { WorldRules } from "./world-rules.ts";

test("[SV323] what a rule permits until an hour is permitted no more then, also to who read it before", () => {
  const press: WorldRecord = { id: "submodel:press", kind: "submodel", aasId: "urn:sm:press", idShort: "Press", body: {} };
  const reader = {
    get: (id: string) => (id === press.id ? press : undefined),
    query: () => [],
    changedSince: () => [],
  } as unknown as RecordReader;
  let now = Date.UTC(2026, 10, 30, 12) * 1_000;
  const text = `ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: READ ACCESS: ALLOW OBJECTS: IDENTIFIABLE "(Submodel)*"
FORMULA: GLOBAL(UTCNOW) $lt "2026-11-30T13:00:00Z"`;
  const rules = new WorldRules({
    reader: () => reader,
    branches: () => [LIVE],
    revision: () => 1,
    sets: () => [{ id: "accessRules:1", kind: "accessRules", name: "Shift", text, enabled: true }],
    valueOf: () => undefined,
    now: () => now,
  });
  const ida: Principal = { id: "person:ida", name: "Ida", verified: true, roles: ["engineer"] };
  const version = rules.version();
  expect(rules.mayRead(ida, press)).toBe(true);
  now += 3_600_000_000;
  expect(rules.mayRead(ida, press)).toBe(false);
  // and streams ask again
  expect(rules.version()).not.toBe(version);
});

test("[SV346] the hour that a rule names as LOCALNOW is that of the clock of the server, in summer and in winter", () => {
  const press: WorldRecord = { id: "submodel:press", kind: "submodel", aasId: "urn:sm:press", idShort: "Press", body: {} };
  const reader = { get: () => press, query: () => [], changedSince: () => [] } as unknown as RecordReader;
  const text = `ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: READ ACCESS: ALLOW OBJECTS: IDENTIFIABLE "(Submodel)*"
FORMULA: $and(GLOBAL(LOCALNOW) $ge "13:00", GLOBAL(LOCALNOW) $lt "14:00")`;
  const mayAt = (iso: string): boolean => {
    const rules = new WorldRules({
      reader: () => reader,
      branches: () => [LIVE],
      revision: () => 1,
      sets: () => [{ id: "accessRules:1", kind: "accessRules", name: "hour", text, enabled: true }],
      valueOf: () => undefined,
      now: () => Date.parse(iso) * 1_000,
      // as in the middle of Europe
      offsetAt: (instant) => (new Date(instant / 1_000).getUTCMonth() === 6 ? 120 : 60),
    });
    return rules.mayRead({ id: "vera", name: "Vera", verified: true, roles: ["viewer"] }, press);
  };
  expect(["2026-11-30T12:30:00Z", "2026-11-30T11:30:00Z", "2026-07-30T11:30:00Z", "2026-07-30T12:30:00Z"].map(mayAt)).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
