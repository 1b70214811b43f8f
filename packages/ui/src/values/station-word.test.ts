import type { Snapshot } from "@doppelwerk/client";
import { expect, test } from "vitest";
import type { Translate } from "../language/catalogues.ts";
import { zoneOf } from "../time/zone.ts";
import { placesUp, stationWord, whyNoAlarms, whyNoCount, wipText } from "./station-word.ts";

const berlin = zoneOf("Europe/Berlin");
const coded = (code: string, values: object = {}): string => [code, ...Object.values(values)].join(" ");
const t: Translate = Object.assign(coded, { or: (code: string, _fallback: string, values: object = {}) => coded(code, values) });
const station = (state: string, ...places: string[]) => ({ state, places: places.map((own) => ({ state: own })) });
const snapshot = (more: Partial<Snapshot>): Snapshot => ({
  instant: 1,
  live: true,
  stations: [],
  wip: { value: 12, error: 1, unmatched: [] },
  shift: undefined,
  alarms: [],
  agvs: [],
  ...more,
});

test("[U60] a station that runs while some of its places are down says how many are up; one of which all or none are says its state", () => {
  expect(stationWord(station("working", "working", "failed", "idle"), t)).toBe("state.ofPlaces state.running 2 3");
  expect(stationWord(station("working", "working", "microStop"), t)).toBe("state.ofPlaces state.running 1 2");
  expect(placesUp(station("failed", "failed", "failed"))).toBeUndefined();
  expect(stationWord(station("failed", "failed"), t)).toBe("state.failed");
  expect(stationWord(station("working", "working", "starved"), t)).toBe("state.running");
  expect(stationWord(undefined, t)).toBe("state.unknown");
});

test("[U61] a count that is not there says why: no shift, the past is being read, or nothing was heard", () => {
  const shift = { name: "Early", from: 0, to: 2, good: undefined, due: 0, plan: 0 };
  expect(whyNoCount(snapshot({}), t, berlin)).toBe("value.noShift");
  expect(whyNoCount(snapshot({ shift }), t, berlin)).toBe("value.unknown");
  expect(whyNoCount(snapshot({ reading: 0.409 }), t, berlin)).toBe("value.reading 40");
  const since = Date.UTC(2026, 10, 24, 9, 42) * 1000;
  expect(whyNoCount(snapshot({ shift, watchedSince: since }), t, berlin)).toBe("value.watchedSince 10:42");
  expect(wipText(snapshot({}), t, berlin)).toBe("12 ± 1");
  expect(wipText(snapshot({ wip: { value: 67, error: 0, unmatched: [] } }), t, berlin)).toBe("67");
  expect(whyNoAlarms(snapshot({ live: false, reading: 0.4 }), t)).toBe("value.reading 40");
  expect([whyNoAlarms(snapshot({ reading: 0.4 }), t), whyNoAlarms(snapshot({ live: false }), t)]).toEqual([undefined, undefined]);
  expect(whyNoAlarms(snapshot({ reading: 0.4, alarmsUnknownBefore: 1 }), t)).toBe("value.alarmsUnknown 40");
  const unread = { wip: { value: undefined, error: 0, unmatched: [] } };
  expect([wipText(snapshot(unread), t, berlin), wipText(snapshot({ ...unread, reading: 0.4 }), t, berlin)]).toEqual([
    "value.unknown",
    "value.reading 40",
  ]);
});
