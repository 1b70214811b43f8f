import { testDocuments } from "@doppelwerk/kit/testing";
import { MINUTE } from "@doppelwerk/world";
import type { AlarmItem } from "@doppelwerk/sync";
import type { Place, Summary } from "../contract.ts";
import { causesOf } from "../model/causes.ts";
import type { PlaceFacts } from "../model/place-facts.ts";
import { readPlaces } from "../model/place-tree.ts";
import { shownPlace, sumPlaces } from "../model/place-sums.ts";
import { pathTo, placesWithin } from "../model/readable-places.ts";
import { shellOf, sitePlaces } from "../site.fixture.ts";

// What a server answers of the site of the fixture, at one instant.

export const T = Date.UTC(2026, 10, 24, 9, 42, 7) * 1000;
const FROM = Date.UTC(2026, 10, 24, 5) * 1000;
const tree = readPlaces(testDocuments(sitePlaces()).reader).places;

export const places: readonly Place[] = tree.map(shownPlace);
export const idOf = (idShort: string): string => tree.find((place) => place.idShort === idShort)!.id;
export const answerOfPlaces = { places, counts: {}, findings: [] };

const alarm = (shell: string, title: string, zh: string, more: Partial<AlarmItem>): PlaceFacts["alarms"][number] => ({
  shell: shellOf(shell),
  alarm: {
    id: title,
    rule: title,
    station: "",
    title: { en: title, zh },
    state: "unacknowledged",
    priority: 2,
    since: T - 20 * MINUTE,
    changed: T,
    ...more,
  },
});

const line = (shell: string, more: Partial<PlaceFacts["lines"][number]["figures"]>): PlaceFacts["lines"][number] => ({
  shell: shellOf(shell),
  figures: {
    station: "S90",
    state: "working",
    since: T - 30 * MINUTE,
    states: [
      { from: FROM, state: "working" },
      { from: FROM + 60 * MINUTE, state: "failed" },
      { from: FROM + 69 * MINUTE, state: "working" },
    ],
    shift: { name: "Early", from: FROM, to: FROM + 480 * MINUTE },
    good: 335,
    due: 349,
    plan: 620,
    oee: 0.831,
    lostS: 2_460,
    losses: [
      { state: "failed", seconds: 540 },
      { state: "setUp", seconds: 540 },
    ],
    ...more,
  },
});

const value = (shell: string, name: string, more: object): PlaceFacts["values"][number] => ({
  shell: shellOf(shell),
  value: { signal: `signal:${shell}.${name}`, name, state: "normal", isAlarmed: false, ...more },
});

/** Line 4 waits for air. */
export const TROUBLED: PlaceFacts = {
  at: T,
  lines: [
    line("Line1", { forecast: { at: T - 10 * MINUTE, median: 562, low: 528, high: 590 } }),
    line("Line4", {
      state: "starved",
      since: T - 21 * MINUTE,
      good: 221,
      due: 264,
      plan: 470,
      oee: 0.731,
      lostS: 3_912,
      losses: [{ state: "starved", seconds: 1_260 }],
      stop: { from: T - 21 * MINUTE, seconds: 1_260, taktS: 54, units: 1_260 / 54 },
      waits: [
        { station: "L4-050", title: { en: "Press and rivet", zh: "压铆" }, state: "failed", since: T - 22 * MINUTE },
        { station: "L4-060", title: { en: "Weld", zh: "焊接" }, state: "starved", since: T - 21 * MINUTE },
      ],
      forecast: { at: T - 10 * MINUTE, median: 380, low: 352, high: 407 },
    }),
  ],
  alarms: [
    alarm("Power", "Compressor 2 stopped, overload", "2 号压缩机过载停机", {
      priority: 1,
      since: T - 23 * MINUTE,
      firstOut: true,
      state: "acknowledged",
    }),
    alarm("Air", "Air main below 5.8 bar", "主管压力低于 5.8 bar", { since: T - 21 * MINUTE, value: "5.4" }),
    alarm("Line4", "Press and rivet waits for air", "压铆工位等待供气", { since: T - 21 * MINUTE, station: "L4-050" }),
    alarm("Store", "Motors for 1.2 h", "电机仅够 1.2 小时", { priority: 3, since: T - 40 * MINUTE }),
  ],
  signals: ["S90", "S90", "Air", "Power", "Store"].map((shell) => ({
    shell: shellOf(shell),
    connection: "connection:1",
    health: "good" as const,
  })),
  connections: [{ id: "connection:1", name: "PLC", state: "connected", since: T }],
  values: [
    value("Air", "Air main", { unit: "bar", value: 5.4, low: 5.8, state: "low", isAlarmed: true, names: { zh: "主管压力" } }),
    value("Power", "Power", { unit: "kW", value: 412, names: { zh: "有功功率" } }),
    value("Store", "Motors", { unit: "h", value: 1.2, low: 2, state: "low", isAlarmed: true, names: { zh: "电机库存" } }),
  ],
  meters: [
    { shell: shellOf("Line1"), kWh: 412 },
    { shell: shellOf("Line4"), kWh: 288 },
    { shell: shellOf("Energy"), kWh: 446 },
    { shell: shellOf("Store"), kWh: 66 },
  ],
  metersFrom: FROM,
};

/** Everything as it should be. */
export const NORMAL: PlaceFacts = {
  ...TROUBLED,
  lines: [line("Line1", {}), line("Line4", { good: 262, due: 264 })],
  alarms: [],
  values: TROUBLED.values.map((fact) => ({ ...fact, value: { ...fact.value, state: "normal", value: 6.4 } })),
};

export function summaryOf(idShort: string, facts: PlaceFacts, more: Partial<Summary> = {}): Summary {
  const within = placesWithin(tree, idOf(idShort));
  const shift = facts.lines[0]?.figures.shift;
  return {
    at: T,
    live: true,
    path: pathTo(tree, idOf(idShort)).map(shownPlace),
    ...(shift && { shift }),
    ...(sumPlaces(within, facts) as Pick<Summary, "rows" | "total">),
    stations: [],
    priced: facts.cost !== undefined,
    causes: [...causesOf(within, facts)],
    ...more,
  };
}
