import type { AlarmItem } from "@doppelwerk/sync";
import { testDocuments } from "@doppelwerk/kit/testing";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { shellOf, sitePlaces } from "../site.fixture.ts";
import { unitsAtRisk } from "./cause-chains.ts";
import { causesOf } from "./causes.ts";
import { countedBy, energyOf, kWhPer } from "./energy.ts";
import type { PlaceFacts } from "./place-facts.ts";
import { shellsWithValues, sumPlaces } from "./place-sums.ts";
import { unknownRows } from "./unknown-rows.ts";
import { readPlaces } from "./place-tree.ts";
import { placesWithin } from "./readable-places.ts";

const { places } = readPlaces(testDocuments(sitePlaces()).reader);
const idOf = (idShort: string) => places.find((place) => place.idShort === idShort)!.id;
const site = placesWithin(places, idOf("Site"));
const T = 1_795_500_000_000_000;
const EMPTY: PlaceFacts = { at: T, lines: [], alarms: [], signals: [], connections: [], values: [], meters: [], metersFrom: T - HOUR };

const line = (id: string, more: Partial<PlaceFacts["lines"][number]["figures"]> = {}): PlaceFacts["lines"][number] => ({
  shell: shellOf(id),
  figures: { state: "working", since: T - HOUR, states: [], losses: [], good: 100, due: 102, plan: 500, oee: 0.8, lostS: 600, ...more },
});
const alarm = (shell: string, id: string, more: Partial<AlarmItem> = {}): PlaceFacts["alarms"][number] => ({
  shell: shellOf(shell),
  alarm: {
    id,
    rule: id,
    station: "",
    title: { en: id, zh: id },
    state: "unacknowledged",
    priority: 2,
    since: T - 10 * MINUTE,
    changed: T,
    ...more,
  },
});
const signal = (shell: string, health: PlaceFacts["signals"][number]["health"], connection = "connection:1") => ({
  shell: shellOf(shell),
  connection,
  health,
});

test("[PT5] [level: audit] counts, times, energy and alarms of a place are the sums of those in it, and OEE is none of them", () => {
  const facts: PlaceFacts = {
    ...EMPTY,
    lines: [
      line("Line1", { forecast: { run: "r", at: T, median: 480, low: 400, high: 520 } }),
      line("Line4", { good: 40, due: 60, plan: 300, oee: 0.5, lostS: 60 }),
    ],
    alarms: [alarm("S90", "a", { priority: 1 }), alarm("Air", "b"), alarm("Line4", "c", { state: "shelved" }), alarm("Nowhere", "d")],
    signals: [signal("S90", "good"), signal("S90", "bad"), signal("Air", "silent"), signal("Site", "uncertain", "connection:2")],
    connections: [
      { id: "connection:1", name: "one", state: "connected", since: T },
      { id: "connection:2", name: "two", state: "failed", since: T },
    ],
    meters: [
      { shell: shellOf("S90"), kWh: 10 },
      { shell: shellOf("Air"), kWh: 5 },
    ],
  };
  const { rows, total } = sumPlaces(site, facts);
  expect(rows.map(({ place }) => place.name)).toEqual(["Hall 2", "Utilities", "Warehouse"]);
  const [hall, utilities, store] = rows;
  expect(hall).toMatchObject({
    good: 140,
    due: 162,
    plan: 800,
    lostS: 660,
    alarms: { p1: 1, p2: 0, unacknowledged: 1 },
    energy: { kWh: 10 },
  });
  expect(hall!.lines.map(({ oee }) => oee)).toEqual([0.8, 0.5]);
  // what stands in a line is the line's; a shelved alarm is not active, and nothing of Line 4 is metered
  expect(hall!.lines.map(({ alarms, energy }) => [alarms.p1, alarms.unacknowledged, energy?.kWh])).toEqual([
    [1, 1, 10],
    [0, 0, undefined],
  ]);
  expect([...rows, total].every((row) => !("oee" in row))).toBe(true);
  expect(utilities).toMatchObject({ alarms: { p2: 1 }, energy: { kWh: 5 }, lines: [], connections: { total: 1, connected: 1 } });
  expect(store).toMatchObject({ signals: { total: 0 }, connections: { total: 0 } });
  expect(total).toMatchObject({
    contains: site.length - 1,
    good: 140,
    alarms: { p1: 1, p2: 1, p3: 0, unacknowledged: 2 },
    signals: { total: 4, good: 1, bad: 1, silent: 1, uncertain: 1 },
    connections: { total: 2, connected: 1, troubled: [{ id: "connection:2", name: "two", state: "failed" }] },
    energy: { kWh: 15 },
  });
  // an interval of several lines is not given, and a median only where every line has one
  expect(hall!.forecast).toBeUndefined();
  expect(sumPlaces(site, { ...facts, lines: facts.lines.slice(0, 1) }).total.forecast).toEqual({ median: 480, low: 400, high: 520 });
});

test("[PT5] a sum of which a part is not known is not known", () => {
  const { good: _, ...unknown } = line("Line4").figures;
  const { total } = sumPlaces(site, { ...EMPTY, lines: [line("Line1"), { shell: shellOf("Line4"), figures: unknown }] });
  expect(total).not.toHaveProperty("good");
  expect(total.due).toBe(204);
});

test("[PT6] the meter of a place counts what stands in it; what those in it do not count is unallocated", () => {
  const energy = energyOf(site, [
    { shell: shellOf("Hall2"), kWh: 100 },
    { shell: shellOf("Line1"), kWh: 60 },
    { shell: shellOf("S90"), kWh: 20 },
    { shell: shellOf("Power"), kWh: 7 },
  ]);
  expect(energy.get(idOf("Hall2"))).toEqual({ kWh: 100, unallocatedKWh: 40 });
  expect(energy.get(idOf("Line1"))).toEqual({ kWh: 60, unallocatedKWh: 40 });
  expect(energy.get(idOf("Site"))).toEqual({ kWh: 107 });
  expect(energy.has(idOf("Store"))).toBe(false);
});

test("[PT6] a totaliser never counts backwards: after a reset it counts from zero (P10)", () => {
  expect(countedBy([10, undefined, 14, 14, 3, 5])).toBe(9);
  // a plant that came back with a reading a little less did not count all of it once more
  expect(countedBy([600_000, 600_004, 600_003, 600_005])).toBe(6);
  expect([countedBy([7]), countedBy([undefined, undefined]), countedBy([])]).toEqual([undefined, undefined, undefined]);
  expect([kWhPer("kWh"), kWhPer("MWh"), kWhPer("kW"), kWhPer(undefined)]).toEqual([1, 1_000, undefined, undefined]);
  expect(kWhPer("GJ")).toBeCloseTo(277.78, 1);
});

test("[PT7] causes stand by units at risk, an urgent one of which none are known before them; alarms of one work centre are one cause", () => {
  const facts: PlaceFacts = {
    ...EMPTY,
    lines: [line("Line1", { state: "starved", since: T - 50 * MINUTE, good: 60 }), line("Line4", { good: 90 })],
    alarms: [
      alarm("Air", "pressure low", { since: T - 23 * MINUTE, state: "acknowledged", value: "5.4" }),
      alarm("Power", "overload", { priority: 1, since: T - 25 * MINUTE, firstOut: true }),
      alarm("S90", "waits for parts", { priority: 2, since: T - 51 * MINUTE }),
      alarm("S30", "diagnostic", { priority: 4 }),
      alarm("Store", "late", { priority: 3 }),
    ],
  };
  const causes = causesOf(site, facts);
  expect(causes.map(({ kind, priority, row }) => [kind, priority, row])).toEqual([
    ["alarm", 1, idOf("Energy")],
    ["stopped", 2, idOf("Hall2")],
    ["behind", undefined, idOf("Hall2")],
    ["alarm", 3, idOf("Store")],
  ]);
  expect(causes[0]!.chain.map(({ alarm: id, isAcknowledged }) => [id, isAcknowledged])).toEqual([
    ["overload", false],
    ["pressure low", true],
  ]);
  expect(causes[1]).toMatchObject({ place: idOf("Line1"), state: "starved", since: T - 50 * MINUTE, unitsBehind: 42, more: 1 });
  expect(causes[2]).toMatchObject({ place: idOf("Line4"), unitsBehind: 12, unitsAtRisk: 12 });
});

test("[PT18] a line that began to wait after an alarm of what supplies it stands under that alarm; one with an older reason of its own does not", () => {
  const air = [
    alarm("Air", "pressure low", { since: T - 21 * MINUTE }),
    alarm("Power", "overload", { priority: 1, since: T - 23 * MINUTE }),
  ];
  const waits = line("Line4", { state: "starved", since: T - 20 * MINUTE, good: 60, due: 102, plan: 200 });
  const own = alarm("Line4", "waits for air", { since: T - 20 * MINUTE });
  const [chained, ...rest] = causesOf(site, { ...EMPTY, lines: [waits], alarms: [...air, own] });
  expect(rest).toEqual([]);
  expect(chained).toMatchObject({ place: idOf("Energy"), priority: 1, unitsBehind: 42, unitsAtRisk: 140 });
  expect(chained!.chain.map(({ alarm: id }) => id)).toEqual(["overload", "pressure low", "waits for air"]);
  expect(chained!.follows).toMatchObject([{ row: idOf("Hall2"), place: idOf("Line4"), state: "starved", unitsAtRisk: 140 }]);
  const apart = (lines: PlaceFacts["lines"], alarms: PlaceFacts["alarms"]) =>
    causesOf(site, { ...EMPTY, lines, alarms }).map(({ kind }) => kind);
  // an older reason of its own; long before or after; a line that is set up does not wait
  expect(apart([waits], [...air, alarm("Line4", "out of drums", { since: T - 40 * MINUTE })]).toSorted()).toEqual(["alarm", "stopped"]);
  expect(apart([line("Line4", { state: "starved", since: T - 60 * MINUTE })], air).toSorted()).toEqual(["alarm", "stopped"]);
  expect(apart([line("Line4", { state: "maintenance", since: T - 20 * MINUTE })], air).toSorted()).toEqual(["alarm", "stopped"]);
  // an alarm of a hall is none of a supply
  expect(apart([waits], [alarm("Hall2", "door open", { since: T - 21 * MINUTE })]).toSorted()).toEqual(["alarm", "stopped"]);
});

test("[PT18] units at risk: what a forecast that knows of the stop misses of the plan, else all that is left while a line stands, else what it is behind", () => {
  const figures = { good: 60, due: 102, plan: 200 };
  const forecast = { run: "run:1", at: T - MINUTE, median: 170 };
  expect(unitsAtRisk({ ...figures, forecast }, T - 20 * MINUTE)).toBe(30);
  expect(unitsAtRisk({ ...figures, forecast: { ...forecast, at: T - 30 * MINUTE } }, T - 20 * MINUTE)).toBe(140);
  expect([unitsAtRisk(figures, T), unitsAtRisk(figures, undefined), unitsAtRisk({ due: 102, plan: 200 }, T)]).toEqual([140, 42, undefined]);
});

test("[PT19] a place with a line in no known state, or of whose signals none is good, is named as not known", () => {
  const facts: PlaceFacts = {
    ...EMPTY,
    lines: [line("Line4", { state: "unknown" })],
    signals: [signal("Air", "silent"), signal("Store", "good")],
  };
  expect(unknownRows(sumPlaces(site, facts).rows).map(({ place }) => place.name)).toEqual(["Hall 2", "Utilities"]);
  expect(unknownRows(sumPlaces(site, { ...EMPTY, signals: [signal("Air", "good"), signal("Air", "bad")] }).rows)).toEqual([]);
});

test("[PT7] a micro-stop is no cause, nor are diagnostic alarms and shelved ones; a line far behind and a lost connection are", () => {
  const quiet: PlaceFacts = {
    ...EMPTY,
    lines: [line("Line1", { state: "starved", since: T - 4 * MINUTE })],
    alarms: [alarm("S90", "diagnostic", { priority: 4 }), alarm("S90", "shelved", { state: "shelved" })],
  };
  expect(causesOf(site, quiet)).toEqual([]);
  expect(causesOf(site, { ...quiet, lines: [line("Line1", { state: "failed", since: T - MINUTE })] })).toMatchObject([
    { kind: "stopped", priority: 2 },
  ]);
  expect(causesOf(site, { ...quiet, lines: [line("Line1", { good: 90 })] })).toMatchObject([{ kind: "behind", unitsBehind: 12 }]);
  const lost = {
    ...EMPTY,
    signals: [signal("Air", "silent"), signal("Power", "silent"), signal("S90", "good")],
    connections: [{ id: "connection:1", name: "PLC", state: "reconnecting", since: T }],
  };
  expect(causesOf(site, lost)).toMatchObject([{ kind: "connection", row: idOf("Energy"), priority: 3, title: { en: "PLC" } }]);
});

test("[PT8] an area without a flow shows values against limits: those beyond one first, then those that an alarm watches", () => {
  const value = (name: string, more: object) => ({
    shell: shellOf("Air"),
    value: { signal: name, name, state: "normal" as const, isAlarmed: false, value: 1, ...more },
  });
  const facts = {
    ...EMPTY,
    values: [
      value("plain", {}),
      value("band", { low: 0 }),
      value("watched", { isAlarmed: true }),
      value("low", { state: "low", isAlarmed: true }),
      value("fifth", {}),
    ],
  };
  const utilities = sumPlaces(site, facts).rows.find(({ place }) => place.kind === "utilityNetwork")!;
  expect(utilities.values.map(({ name }) => name)).toEqual(["low", "watched", "band", "fifth"]);
});

test("[PT8] values of rows with lines are not shown, and take no room from those of an area without a flow; of a line alone those of its stations are", () => {
  const beside = shellsWithValues(site, [line("Line1"), line("Line4")]);
  expect(["Air", "S90"].map((id) => beside.has(shellOf(id)))).toEqual([true, false]);
  const alone = shellsWithValues(placesWithin(places, idOf("Line1")), [line("Line1")]);
  expect(alone.has(shellOf("S90"))).toBe(true);
});
