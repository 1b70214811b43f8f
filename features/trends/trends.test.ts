import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackArchive } from "@doppelwerk/aas";
import type { Client } from "@doppelwerk/client";
import { documentChange, documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { DAY, HOUR, LIVE, MINUTE, quality, SECOND, type SampleBatch, type WorldRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";
import type { PostedCurve } from "./model/curve.ts";
import { savedKind } from "./model/saved-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-trends-"));
const WAIT = { timeout: 60_000 };
const closes: (() => Promise<unknown>)[] = [];
const clients = new Map<string, Client>();
const STATION = "S90";
const LIMITS = { mostEntries: 100, mostEntryBytes: 2 ** 24, mostBytes: 2 ** 25, mostRatio: 200 };
let site: HostedWorld;
/** A past that no plant has a part in. */
const T = 1_780_000_000_000_000;

const as = (name: string): Client => clients.get(name)!;
const PEOPLE = [
  ["vera", "viewer"],
  ["otto", "operator"],
  ["eva", "engineer"],
  ["ada", "administrator"],
] as const;

async function open(): Promise<void> {
  site = await openProduct(folder);
  for (const [name, role] of PEOPLE) clients.set(name, await clientAs(site, name, role, closes));
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}

function batchOf(rows: readonly (readonly [time: number, value: number])[]): SampleBatch {
  const times = Float64Array.from(rows, ([time]) => time);
  return {
    origin: "measured",
    count: rows.length,
    signals: new Uint32Array(rows.length),
    values: Float64Array.from(rows, ([, value]) => value),
    texts: new Map(),
    qualities: Uint8Array.from(rows, ([, value]) => (Number.isNaN(value) ? quality.bad : quality.good)),
    sourceTimes: times,
    serverTimes: times,
  };
}
const bring = (signal: string, rows: readonly (readonly [number, number])[]): Promise<void> =>
  site.history.append(LIVE, batchOf(rows), [signal]);

beforeAll(async () => {
  await open();
  await bringPlantOfHours(site);
  const signal = (name: string, more: object = {}): WorldRecord => ({
    id: `signal:${name}`,
    kind: "signal",
    name,
    valueType: "double",
    unit: "bar",
    ...more,
  });
  const records = [
    signal("a"),
    signal("b"),
    signal("wave"),
    signal("days"),
    signal("word", { valueType: "string" }),
    signal("secret", { readers: ["administrator"] }),
  ];
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "signals", changes: records.map((record) => ({ op: "create", record })) });
  await bring(
    "signal:a",
    [2, 4, 4, Number.NaN, 5, 5, 7, 9].map((value, at) => [T + at * 10 * SECOND, value]),
  );
  // b follows a by two, half a minute later
  const steps = Array.from({ length: 200 }, (_, at) => (at * 37) % 11);
  await bring(
    "signal:wave",
    steps.map((value, at) => [T + DAY + at * 10 * SECOND, value]),
  );
  await bring(
    "signal:b",
    steps.map((value, at) => [T + DAY + (at + 3) * 10 * SECOND, 2 * value + 1]),
  );
  await bring("signal:secret", [[T, 1]]);
  await bring(
    "signal:days",
    Array.from({ length: 6 }, (_, day) => [T + day * DAY, day]),
  );
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

test("[TR3] [TR4] the statistics of a signal are those of its samples, over the period alone, with limits its capability", async () => {
  const found = await calls.distribution(as("vera"), { query: { signal: "signal:a", from: T, to: T + 80 * SECOND, lower: 3, upper: 8 } });
  expect(found).toMatchObject({ n: 7, bad: 1, min: 2, max: 9, unknownS: 10, knownS: 70, unit: "bar", origins: ["measured"] });
  expect(found.mean).toBeCloseTo(36 / 7, 12);
  expect(found.capability).toMatchObject({ below: 1, above: 1 });
  expect(found.bins!.counts.reduce((sum, count) => sum + count, 0)).toBe(7);
  // the value of before holds into the period, and counts by its time alone
  const later = await calls.distribution(as("vera"), { query: { signal: "signal:a", from: T + 75 * SECOND, to: T + 95 * SECOND } });
  expect(later).toMatchObject({ n: 0, min: 9, max: 9, knownS: 20 });
  const before = await calls.distribution(as("vera"), { query: { signal: "signal:a", from: T - HOUR, to: T - 1 } });
  expect(before).toMatchObject({ n: 0, knownS: 0 });
  expect(before.bins).toBeUndefined();
});

test("[TR5] two signals are paired on one grid, also one later than the other", async () => {
  const query = { x: "signal:wave", y: "signal:b", from: T + DAY, to: T + DAY + 1_960 * SECOND, points: 196 };
  const led = await calls.pairs(as("vera"), { query: { ...query, lagS: 30 } });
  expect(led.fit!.slope).toBeCloseTo(2, 6);
  expect(led.fit!.intercept).toBeCloseTo(1, 6);
  expect(led.fit!.r2).toBeCloseTo(1, 9);
  const together = await calls.pairs(as("vera"), { query });
  expect(together.fit!.r2).toBeLessThan(0.5);
  // before its first sample y is not known
  expect(together.y.values.slice(0, 3)).toEqual([null, null, null]);
});

test("[TR6] a spectrum says its step, its limit and what it left out; of too few samples there is none", async () => {
  const found = await calls.spectrum(as("vera"), { query: { signal: "signal:wave", from: T + DAY, to: T + DAY + 1_990 * SECOND } });
  expect(found).toMatchObject({ samples: 199, usualS: 10, inGaps: 0 });
  expect(found.spectrum).toMatchObject({ stepS: 10, nyquist: 0.05, length: 64 });
  const few = await calls.spectrum(as("vera"), { query: { signal: "signal:a", from: T, to: T + 80 * SECOND } });
  expect(few.spectrum).toBeUndefined();
  await expect(
    calls.spectrum(as("vera"), { query: { signal: "signal:wave", from: T, to: T + 400 * DAY, stepS: 0.001 } }),
  ).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[TR7] what is usual is of the periods before, and not of the one that is shown", async () => {
  const found = await calls.usual(as("vera"), {
    query: { signal: "signal:days", from: T + 5 * DAY, to: T + 6 * DAY, periods: 5, points: 10 },
  });
  expect(found.periods).toBe(5);
  expect(found.middle).toEqual(Array.from({ length: 10 }, () => 2));
  expect(found.n).toEqual(Array.from({ length: 10 }, () => 5));
});

test("[TR8] KPIs of a line are a value a shift; a span without a shift has none, and of no line there is no such", async () => {
  const now = site.now();
  const series = async () => (await calls.kpiSeries(as("vera"), { query: { kpi: "availability", from: now - 3 * HOUR, to: now } })).steps;
  await expect.poll(async () => (await series()).filter(({ value }) => value !== undefined && value > 0).length, WAIT).toBeGreaterThan(1);
  expect((await series()).every(({ shift }) => shift.startsWith("H"))).toBe(true);
  expect((await calls.kpiSeries(as("vera"), { query: { kpi: "oee", from: T, to: T + HOUR } })).steps).toEqual([]);
  await expect(calls.kpiSeries(as("vera"), { query: { kpi: "oee", from: T, to: T + HOUR, line: "none" } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
});

test("[TR9] a signal that one may not read, one that is not there and one of words are refused alike in each question", async () => {
  const period = { from: T, to: T + HOUR };
  const questions = (signal: string): readonly Promise<unknown>[] => [
    calls.distribution(as("eva"), { query: { signal, ...period } }),
    calls.spectrum(as("eva"), { query: { signal, ...period } }),
    calls.usual(as("eva"), { query: { signal, ...period } }),
    calls.pairs(as("eva"), { query: { x: "signal:a", y: signal, ...period } }),
  ];
  for (const asked of questions("signal:secret")) await expect(asked).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  for (const asked of questions("signal:none")) await expect(asked).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  for (const asked of questions("signal:word")) await expect(asked).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(calls.distribution(as("ada"), { query: { signal: "signal:secret", ...period } })).resolves.toMatchObject({ n: 1 });
  await expect(calls.distribution(as("eva"), { query: { signal: "signal:a", from: 2, to: 1 } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
});

test("[TR13] a workbook has a row a step and a column a signal, for who may export it; no more rows and columns than it holds", async () => {
  const query = { signals: "signal:a,signal:b", from: T, to: T + 80 * SECOND, stepS: 10 };
  const files = unpackArchive(await calls.table(as("eva"), { query }), LIMITS, [], "xlsx")!;
  const sheet = new TextDecoder().decode(files.get("/xl/worksheets/sheet1.xml"));
  // a head and eight steps; no cell has a formula
  expect(sheet.match(/<row /g)).toHaveLength(9);
  expect(sheet.match(/<v>2<\/v>/g)!.length).toBeGreaterThan(0);
  expect(sheet).not.toContain("<f>");
  await expect(calls.table(as("eva"), { query: { ...query, signals: "signal:secret" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(calls.table(as("eva"), { query: { ...query, stepS: 0.001 } })).rejects.toMatchObject({ code: "DW_INVALID" });
});

const SAVED = { title: "Pressure", choice: "s=signal%3Aa", signals: ["signal:a"] };

test("[TR10] a saved trend is there for all who may read its signals, is changed by anybody who saw its newest version, and deleted", async () => {
  const own = await calls.save(as("vera"), { body: SAVED });
  expect(await calls.saved(as("otto"), {})).toEqual([own]);
  const params = { id: own.id };
  const changed = await calls.change(as("otto"), { params, body: { ...SAVED, title: "Pressure 2", seen: own.written } });
  await expect(calls.change(as("eva"), { params, body: { ...SAVED, seen: own.written } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect((await calls.saved(as("vera"), {})).map(({ title }) => title)).toEqual(["Pressure 2"]);
  expect(changed.written).toBeGreaterThanOrEqual(own.written);
  const secret = await calls.save(as("ada"), { body: { ...SAVED, title: "Secret", signals: ["signal:a", "signal:secret"] } });
  expect((await calls.saved(as("eva"), {})).map(({ title }) => title)).toEqual(["Pressure 2"]);
  for (const act of [
    calls.removeSaved(as("eva"), { params: { id: secret.id } }),
    calls.save(as("eva"), { body: { ...SAVED, signals: ["signal:secret"] } }),
  ])
    await expect(act).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await calls.removeSaved(as("vera"), { params });
  await calls.removeSaved(as("ada"), { params: { id: secret.id } });
  expect(await calls.saved(as("ada"), {})).toEqual([]);
});

test("[TR10] saved trends of a branch stay there until they are merged, and go out and in again", async () => {
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "trends", parent: LIVE, instant: site.now(), reason: "test" });
  const own = await calls.save(as("eva"), { query: { branch }, body: SAVED });
  expect([(await calls.saved(as("eva"), {})).length, (await calls.saved(as("eva"), { query: { branch } })).length]).toEqual([0, 1]);
  const { changes, conflicts } = view.planMerge(branch);
  expect(conflicts).toEqual([]);
  await view.apply({ branch: LIVE, reason: "merge", changes });
  expect((await calls.saved(as("eva"), {})).map(({ id }) => id)).toEqual([own.id]);
  const fixture = JSON.parse(readFileSync(new URL("./fixtures/saved-1.json", import.meta.url), "utf8"));
  expect(documentFaults(savedKind, fixture)).toEqual([]);
  expect(documentChange(savedKind, fixture.id, fixture, readDocument(savedKind, fixture)!)).toBeUndefined();
});

const curveAt = (time: number, more: object = {}): PostedCurve =>
  ({
    time: new Date(time / 1_000).toISOString(),
    station: STATION,
    verdict: "OK",
    units: { angle: "deg", torque: "N.m" },
    screws: [{ points: Array.from({ length: 40 }, (_, at) => [at, at / 10]) }],
    ...more,
  }) as PostedCurve;
const post = (name: string, curve: string, body: PostedCurve) => calls.recordCurve(as(name), { params: { curve }, body });
const curvesFrom = (from: number, more: object = {}, name = "vera") =>
  calls.curves(as(name), { query: { station: STATION, from, to: from + HOUR, ...more } });

test("[TR20] a curve that is posted is there at its time; posted again it is there once; late ones take their place in time", async () => {
  const from = site.now() - 30 * DAY;
  const first = await post("otto", "C1", curveAt(from + 2 * MINUTE, { serial: "WM-1", attempt: 1 }));
  expect(first.isNew).toBe(true);
  expect(await post("otto", "C1", curveAt(from + 2 * MINUTE, { serial: "WM-1", attempt: 1 }))).toEqual({ ...first, isNew: false });
  await post("otto", "C0", curveAt(from + MINUTE, { serial: "WM-0" }));
  const found = await curvesFrom(from);
  expect(found.curves.map(({ curve, serial, judged }) => [curve, serial, judged])).toEqual([
    ["C1", "WM-1", "good"],
    ["C0", "WM-0", "good"],
  ]);
  expect(found).toMatchObject({ channel: "1", channels: ["1"], axes: [{ name: "angle" }, { name: "torque" }], count: 2, otherAxes: 0 });
  expect(found.curves[0]!.y.slice(0, 3)).toEqual([0, 0.1, 0.2]);
  expect((await curvesFrom(from, { serial: "WM-0" })).curves.map(({ curve }) => curve)).toEqual(["C0"]);
  expect((await calls.curvesOfSerial(as("vera"), { params: { serial: "WM-1" }, query: {} })).map(({ curve }) => curve)).toEqual(["C1"]);
  expect((await calls.curveStations(as("vera"), {})).map(({ station }) => station)).toEqual([STATION]);
});

test("[TR20] a curve that comes again with other points takes the place of the one before, which an earlier instant still shows", async () => {
  const from = site.now() - 29 * DAY;
  await post("otto", "D1", curveAt(from + MINUTE));
  const before = site.now();
  await expect.poll(() => site.now(), WAIT).toBeGreaterThan(before);
  await post("otto", "D1", curveAt(from + MINUTE, { verdict: "NOK" }));
  expect((await curvesFrom(from)).curves).toMatchObject([{ curve: "D1", judged: "bad", isCorrected: true }]);
  expect((await curvesFrom(from, { t: before })).curves).toMatchObject([{ curve: "D1", judged: "good" }]);
});

test("[TR21] who may not enter posts none; a curve of no station, of a day that has not come and without points is refused with why", async () => {
  const now = site.now();
  await expect(post("vera", "E", curveAt(now))).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(post("otto", "E", curveAt(now, { station: "none" }))).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(post("otto", "E", curveAt(now + DAY))).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(post("otto", "E", curveAt(now, { screws: [] }))).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(curvesFrom(now, { station: "none" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[TR22] the envelope is of the good curves alone; bad ones and those outside of it are marked, other units left out", async () => {
  const from = Math.floor((site.now() - 28 * DAY) / 1_000) * 1_000;
  const bent = (slope: number) => ({ screws: [{ points: Array.from({ length: 40 }, (_, at) => [at, at * slope]) }] });
  for (let at = 0; at < 12; at++) await post("otto", `G${at}`, curveAt(from + at * MINUTE, bent(0.1 + at / 1_000)));
  await post("otto", "N", curveAt(from + 20 * MINUTE, { ...bent(0.3), verdict: "NOK" }));
  await post("otto", "X", curveAt(from + 21 * MINUTE, { ...bent(0.2), verdict: "?" }));
  await post("otto", "U", curveAt(from + 19 * MINUTE, { units: { angle: "rad", torque: "N.m" } }));
  const found = await curvesFrom(from);
  expect(found.envelope!.of).toBe(12);
  expect(found.curves.filter(({ isOutlier }) => isOutlier).map(({ curve }) => curve)).toEqual(["X", "N"]);
  expect([found.otherAxes, found.count]).toEqual([1, 15]);
  // fewer than five good ones are no envelope
  expect((await curvesFrom(from, { to: from + 4 * MINUTE })).envelope).toBeUndefined();
});

test("[TR23] curves of a station that one may not read are not there for him: not in the list, by serial, nor among the stations", async () => {
  const from = site.now() - 27 * DAY;
  await post("otto", "S1", curveAt(from + MINUTE, { serial: "WM-S" }));
  const [shell] = site
    .view(SYSTEM)
    .reader(LIVE)
    .query({ kind: "shell" })
    .filter(({ idShort }) => String(idShort).includes(STATION));
  const readers = shell!["readers"];
  const setReaders = (before: unknown, after: unknown) =>
    site.view(SYSTEM).apply({
      branch: LIVE,
      reason: "readers",
      changes: [{ op: "update", id: shell!.id, fields: { readers: { from: before, to: after } } as never }],
    });
  await setReaders(readers, ["administrator"]);
  await expect(curvesFrom(from)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(await calls.curvesOfSerial(as("vera"), { params: { serial: "WM-S" }, query: {} })).toEqual([]);
  expect(await calls.curveStations(as("vera"), {})).toEqual([]);
  expect((await curvesFrom(from, {}, "ada")).curves).toHaveLength(1);
  await setReaders(["administrator"], readers);
});

test("[TR24] curves are there after a restart", async () => {
  const from = site.now() - 26 * DAY;
  const { id } = await post("otto", "R1", curveAt(from + MINUTE));
  await close();
  await open();
  expect((await curvesFrom(from)).curves).toHaveLength(1);
  expect(await post("otto", "R1", curveAt(from + MINUTE))).toEqual({ id, isNew: false });
});
