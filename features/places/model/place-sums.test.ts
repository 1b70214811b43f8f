import type { AlarmItem } from "@doppelwerk/sync";
import { testDocuments } from "@doppelwerk/kit/testing";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { shellOf, sitePlaces } from "../site.fixture.ts";
import { mostLostFirst, shownUnits } from "./cause-chains.ts";
import { causesOf } from "./causes.ts";
import type { PlaceSums } from "../contract.ts";
import { countedBy, energyOf, kWhPer, type MeteredEnergy } from "./energy.ts";
import { remainderOf } from "./remainder.ts";
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
      line("Line1", { forecast: { at: T, median: 480, low: 400, high: 520 } }),
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
  expect(energy.get(idOf("Hall2"))).toEqual({ kWh: 100, unallocatedKWh: 40, late: 0, unknown: 0, isOwn: true });
  expect(energy.get(idOf("Line1"))).toEqual({ kWh: 60, unallocatedKWh: 40, late: 0, unknown: 0, isOwn: true });
  expect(energy.get(idOf("Site"))).toEqual({ kWh: 107, late: 0, unknown: 0 });
  expect(energy.has(idOf("Store"))).toBe(false);
});

test("[PT6] energy of a meter that began later is that of its own span, and a sum says how many meters began later or are unknown", () => {
  const since = T - HOUR / 2;
  const of = (...meters: readonly MeteredEnergy[]) => {
    const energy = energyOf(site, meters);
    return (name: string) => energy.get(idOf(name));
  };
  const began = of({ shell: shellOf("Line1"), kWh: 6, since }, { shell: shellOf("Line4"), kWh: 2, since: since + 60e6 });
  expect(began("Line1")).toEqual({ kWh: 6, since, late: 0, unknown: 0, isOwn: true });
  // the first began at `since`, the other a minute later
  expect(began("Hall2")).toEqual({ kWh: 8, since, late: 1, unknown: 0 });
  const mixed = of({ shell: shellOf("Line1"), kWh: 6 }, { shell: shellOf("Line4"), kWh: 2, since }, { shell: shellOf("Power") });
  expect([mixed("Hall2"), mixed("Energy"), mixed("Site")]).toEqual([
    { kWh: 8, late: 1, unknown: 0 },
    { late: 0, unknown: 1 },
    { kWh: 8, late: 1, unknown: 1 },
  ]);
  // what the meter of the hall knows has the unknown one of its line in it, but not what it counts beyond that
  const whole = of({ shell: shellOf("Hall2"), kWh: 100 }, { shell: shellOf("Line1") }, { shell: shellOf("Line4"), kWh: 60 });
  expect([whole("Hall2"), whole("Site")]).toEqual([
    { kWh: 100, late: 0, unknown: 0, isOwn: true },
    { kWh: 100, late: 0, unknown: 0 },
  ]);
  // its own unknown: what stands in it is what is known
  expect(of({ shell: shellOf("Hall2") }, { shell: shellOf("Line4"), kWh: 60 })("Hall2")).toEqual({ kWh: 60, late: 0, unknown: 1 });
});

test("[PT6] a meter without a reading at the end is counted up to its last one, and the sum says so as a lower bound", () => {
  const until = T - 60e6;
  const energy = energyOf(site, [
    { shell: shellOf("Hall2"), kWh: 100 },
    { shell: shellOf("Line1"), kWh: 60, until },
    { shell: shellOf("Power"), kWh: 7, until },
  ]);
  // what its line counted is a part only: what the hall counts beyond it is not known
  expect(energy.get(idOf("Hall2"))).toEqual({ kWh: 100, late: 0, unknown: 0, isOwn: true });
  expect(energy.get(idOf("Line1"))).toEqual({ kWh: 60, late: 0, silent: 1, unknown: 0, isOwn: true });
  expect(energy.get(idOf("Site"))).toEqual({ kWh: 107, late: 0, silent: 1, unknown: 0 });
  const meters = [{ shell: shellOf("Line1"), kWh: 60, until }];
  const { rows } = sumPlaces(site, { ...EMPTY, meters, lines: [line("Line1")] });
  expect(rows[0]!.energy).toEqual({ kWh: 60, from: EMPTY.metersFrom, silentMeters: 1 });
});

const metered = (kWh: number | undefined, more: Partial<PlaceSums> & { readonly own?: true; readonly late?: number } = {}): PlaceSums => {
  const { own, late, ...rest } = more;
  const energy = kWh === undefined ? {} : { energy: { kWh, from: T, ...(own && { isOwn: own }), ...(late && { lateMeters: late }) } };
  return { ...sumPlaces(site, EMPTY).total, lines: [], ...energy, ...rest };
};
const eur = (amount: number, atLeast?: true) => ({ cost: { currency: "EUR", amount, ...(atLeast && { atLeast }) } });

test("[PT6] rows and what is not metered separately add up to the main meter as they are shown, energy and cost", () => {
  const rows = [metered(412.4, eur(99.206)), metered(287.6, eur(57.52)), metered(undefined)];
  const total = metered(1_240.5, { own: true, ...eur(262.4) });
  const rest = remainderOf(rows, total)!;
  // 1,241 - 412 - 288, as the table shows them, and 262 - 99.21 - 57.52
  expect(rest).toEqual({ kWh: 541, isUpperBound: false, cost: { currency: "EUR", amount: 105.27, isUpperBound: false } });
  // without a meter of its own it is the sum of the rows, and nothing is left
  expect(remainderOf(rows, metered(700))).toBeUndefined();
  expect(remainderOf([metered(undefined)], total)).toBeUndefined();
});

test("[PT6] a row that is a lower bound or not known makes what is left an upper one; of a main meter that began later nothing is left to say", () => {
  const total = metered(1_000, { own: true, ...eur(200) });
  const bound = [metered(400, { late: 1, ...eur(80, true) }), metered(300, eur(60))];
  expect(remainderOf(bound, total)).toEqual({ kWh: 300, isUpperBound: true, cost: { currency: "EUR", amount: 60, isUpperBound: true } });
  // energy of one is known, its cost is not
  expect(remainderOf([metered(400), metered(300, eur(60))], total)).toMatchObject({
    isUpperBound: false,
    cost: { amount: 140, isUpperBound: true },
  });
  expect(remainderOf([metered(undefined, { unknownMeters: 1 }), metered(300)], total)).toMatchObject({ kWh: 700, isUpperBound: true });
  expect(remainderOf(bound, metered(1_000, { own: true, late: 1 }))).toEqual({ isUpperBound: true });
  expect(remainderOf([metered(400, { cost: { currency: "CNY", amount: 80 } })], total)).toEqual({ kWh: 600, isUpperBound: false });
});

test("[PT6] a totaliser never counts backwards: after a reset it counts from zero (P10)", () => {
  expect(countedBy([10, undefined, 14, 14, 3, 5])).toBe(9);
  // a plant that came back with a reading a little less did not count all of it once more
  expect(countedBy([600_000, 600_004, 600_003, 600_005])).toBe(5);
  // whether the correction is among the readings or not, and never less later
  expect(
    [
      [600_000, 600_004],
      [600_000, 600_004, 600_003],
      [600_000, 600_003, 600_005],
    ].map(countedBy),
  ).toEqual([4, 4, 5]);
  // a missing value is no reading, wherever it stands
  expect(countedBy([Number.NaN, 10, Number.NaN, 14, Number.NaN])).toBe(4);
  expect(countedBy([Number.NaN, 10, Number.POSITIVE_INFINITY])).toBeUndefined();
  expect([countedBy([7]), countedBy([undefined, undefined]), countedBy([])]).toEqual([undefined, undefined, undefined]);
  expect([kWhPer("kWh"), kWhPer("MWh"), kWhPer("kW"), kWhPer(undefined)]).toEqual([1, 1_000, undefined, undefined]);
  expect(kWhPer("GJ")).toBeCloseTo(277.78, 1);
});

test("[PT7] causes stand by units lost, an urgent one of which none are known before them; alarms of one work centre are one cause", () => {
  const stop = { from: T - 50 * MINUTE, seconds: 3_000, taktS: 60, units: 50 };
  const facts: PlaceFacts = {
    ...EMPTY,
    lines: [line("Line1", { state: "starved", since: T - 50 * MINUTE, good: 60, stop }), line("Line4", { good: 90 })],
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
  expect(causes[1]).toMatchObject({ place: idOf("Line1"), state: "starved", since: T - 50 * MINUTE, unitsLost: 50, more: 1 });
  expect(causes[2]).toMatchObject({ place: idOf("Line4"), unitsLost: 12 });
});

test("[PT7] [PT38] the order is that of the numbers shown, whatever kind of cause shows them; equals by priority, then by age", () => {
  const stop = { from: T - 6 * MINUTE, seconds: 360, taktS: 60, units: 6.4 };
  const budget = [
    { state: "blocked", station: "L4-R10", stationState: "failed", seconds: 60, units: 1.2 },
    { state: "blocked", station: "L4-050", stationState: "failed", seconds: 2_280, units: 59 },
  ];
  const facts: PlaceFacts = {
    ...EMPTY,
    lines: [line("Line1", { good: 53, due: 102, state: "starved", since: T - 6 * MINUTE, stop }), line("Line4", { good: 25, budget })],
    alarms: [
      alarm("Line4", "L4-R10 has failed", { station: "L4-R10" }),
      alarm("Store", "of the store", { priority: 3, since: T - HOUR }),
      alarm("Air", "of the air", { since: T - HOUR }),
    ],
  };
  const causes = causesOf(site, facts);
  expect(causes.map((cause) => [cause.kind, shownUnits(cause)])).toEqual([
    ["behind", 77],
    ["behind", 49],
    ["stopped", 6],
    ["alarm", 1],
    ["alarm", undefined],
    ["alarm", undefined],
  ]);
  expect(causes.slice(4).map(({ priority }) => priority)).toEqual([2, 3]);
  // 0.4 is shown as nothing, and stands as such
  const few = { ...causes[4]!, unitsLost: 0.4, priority: 3 as const };
  expect([few, causes[3]!, causes[4]!].toSorted(mostLostFirst).map(shownUnits)).toEqual([1, undefined, undefined]);
  expect([few, causes[4]!].toSorted(mostLostFirst)[0]).toBe(causes[4]);
  const equals = [
    { ...causes[3]!, unitsLost: 1.4, since: T },
    { ...causes[3]!, unitsLost: 0.6, since: T - HOUR },
  ];
  expect(equals.toSorted(mostLostFirst)[0]!.since).toBe(T - HOUR);
});

test("[PT38] a station has what the loss budget has for it, and not what its line is behind; that has the largest row of the budget as its cause", () => {
  const budget = [
    { state: "blocked", station: "S120", stationState: "failed", seconds: 900, units: 25 },
    { state: "starved", station: "S30", stationState: "failed", seconds: 100, units: 2.8 },
    { state: "speed", seconds: 60, units: 1.7 },
    { state: "failed", seconds: 40, units: 1.1 },
  ];
  const alarms = [
    alarm("S90", "S90 has failed", { station: "S90", since: T - 5 * MINUTE }),
    alarm("S30", "S30 has failed", { station: "S30", priority: 1, since: T - 4 * MINUTE }),
    alarm("S30", "S30 is hot", { station: "S30", since: T - 3 * MINUTE }),
    // it cost nothing
    alarm("S10", "S10 has failed", { station: "S10", since: T - 9 * MINUTE }),
  ];
  const running = line("Line1", { station: "S90", good: 53, budget });
  const causes = causesOf(site, { ...EMPTY, lines: [running], alarms });
  expect(causes.map(({ kind, station, unitsLost }) => [kind, station?.id, unitsLost])).toEqual([
    ["behind", undefined, 49],
    ["alarm", "S30", 2.8],
    ["alarm", "S90", 1.1],
    ["alarm", "S10", undefined],
  ]);
  expect(causes[0]!.mostly).toEqual(budget[0]);
  expect(causes[1]).toMatchObject({ priority: 1, place: idOf("Line1"), station: { place: idOf("S30") }, more: 0 });
  expect(causes[1]!.chain.map(({ title, place }) => [title.en, place])).toEqual([
    ["S30 has failed", idOf("S30")],
    ["S30 is hot", idOf("S30")],
  ]);
  // the alarms of the reason of a stop are the stop's, at the units of the stop; those of another station are not
  const stop = { from: T - 6 * MINUTE, seconds: 360, taktS: 60, units: 30 };
  const waits = [{ station: "S30", state: "failed" }];
  const standing = line("Line1", { station: "S90", good: 53, budget, state: "starved", since: T - 6 * MINUTE, stop, waits });
  const stopped = causesOf(site, {
    ...EMPTY,
    lines: [standing],
    alarms: [...alarms, alarm("S120", "S120 has failed", { station: "S120" })],
  });
  expect(stopped.map(({ kind, station, unitsLost }) => [kind, station?.id, unitsLost])).toEqual([
    ["stopped", undefined, 30],
    ["alarm", "S120", 25],
  ]);
  expect(stopped[0]!.chain.map(({ station }) => station)).toEqual(["S10", "S90", "S30", "S30"]);
});

test("[PT7] an alarm that came later by the delay of its rule began with what it is of", () => {
  const late = { ...alarm("S30", "S30 has failed", { station: "S30", since: T - 4 * MINUTE }), began: T - 5 * MINUTE };
  const running = line("Line1", { budget: [{ state: "starved", station: "S30", seconds: 100, units: 2.8 }] });
  const [cause] = causesOf(site, { ...EMPTY, lines: [running], alarms: [late] }).filter(({ kind }) => kind === "alarm");
  expect(cause).toMatchObject({ since: T - 5 * MINUTE, unitsLost: 2.8 });
  expect(cause!.chain).toMatchObject([{ at: T - 4 * MINUTE, began: T - 5 * MINUTE }]);
});

test("[PT18] a line that began to wait after an alarm of what supplies it stands under that alarm; one with an older reason of its own does not", () => {
  const air = [
    alarm("Air", "pressure low", { since: T - 21 * MINUTE }),
    alarm("Power", "overload", { priority: 1, since: T - 23 * MINUTE }),
  ];
  const stop = { from: T - 20 * MINUTE, seconds: 1_200, taktS: 60, units: 20 };
  const waits = line("Line4", { state: "starved", since: T - 20 * MINUTE, good: 70, due: 102, plan: 200, stop });
  const own = alarm("Line4", "waits for air", { since: T - 20 * MINUTE });
  const [chained, ...rest] = causesOf(site, { ...EMPTY, lines: [waits], alarms: [...air, own] });
  expect(rest).toEqual([]);
  expect(chained).toMatchObject({ place: idOf("Energy"), priority: 1, unitsLost: 20 });
  expect(chained!.chain.map(({ alarm: id }) => id)).toEqual(["overload", "pressure low", "waits for air"]);
  expect(chained!.follows).toMatchObject([{ row: idOf("Hall2"), place: idOf("Line4"), state: "starved", unitsLost: 20 }]);
  const apart = (lines: PlaceFacts["lines"], alarms: PlaceFacts["alarms"]) =>
    causesOf(site, { ...EMPTY, lines, alarms }).map(({ kind }) => kind);
  // an older reason of its own; long before or after; a line that is set up does not wait
  expect(apart([waits], [...air, alarm("Line4", "out of drums", { since: T - 40 * MINUTE })]).toSorted()).toEqual(["alarm", "stopped"]);
  expect(apart([line("Line4", { state: "starved", since: T - 60 * MINUTE })], air).toSorted()).toEqual(["alarm", "stopped"]);
  expect(apart([line("Line4", { state: "maintenance", since: T - 20 * MINUTE })], air).toSorted()).toEqual(["alarm", "stopped"]);
  // an alarm of a hall is none of a supply
  expect(apart([waits], [alarm("Hall2", "door open", { since: T - 21 * MINUTE })]).toSorted()).toEqual(["alarm", "stopped"]);
});

test("[PT34] a stop costs the units due in its own time, whatever the line is behind; an alarm of a line that runs costs none", () => {
  const stop = { from: T - 6 * MINUTE, seconds: 360, taktS: 60, units: 6 };
  const waits = [
    { station: "S10", state: "failed", since: T - 9 * MINUTE },
    { station: "S90", state: "starved", since: T - 6 * MINUTE },
  ];
  const stopped = line("Line4", { state: "starved", since: T - 6 * MINUTE, good: 20, due: 102, stop, waits });
  expect(causesOf(site, { ...EMPTY, lines: [stopped] })).toMatchObject([
    { kind: "behind", unitsLost: 82 },
    { kind: "stopped", unitsLost: 6, waits },
  ]);
  // half of what it is behind: the stop says why
  const mostlyStopped = line("Line4", { ...stopped.figures, good: 91 });
  expect(causesOf(site, { ...EMPTY, lines: [mostlyStopped] })).toMatchObject([{ kind: "stopped", unitsLost: 6 }]);
  const [behind, warned] = causesOf(site, { ...EMPTY, lines: [line("Line4", { good: 20, due: 102 })], alarms: [alarm("Line4", "late")] });
  expect(behind).toMatchObject({ kind: "behind", unitsLost: 82 });
  expect(warned).toMatchObject({ kind: "alarm" });
  expect(warned).not.toHaveProperty("unitsLost");
  // without a takt nobody knows what was due
  expect(causesOf(site, { ...EMPTY, lines: [line("Line4", { state: "failed", since: T })] })[0]).not.toHaveProperty("unitsLost");
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
  expect(causesOf(site, { ...quiet, lines: [line("Line1", { good: 90 })] })).toMatchObject([{ kind: "behind", unitsLost: 12 }]);
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
