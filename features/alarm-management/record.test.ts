import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { shellOf, smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as management from "./calls.ts";
import { SHIPPED_PHILOSOPHY } from "./model/philosophy-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-performance-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
/** An hour of the past in which one signal flutters about its limit twelve times, five times each. */
let from: Instant;
let to: Instant;

const WAIT = { timeout: 120_000, interval: 500 };
const BURSTS = 12;
const FLUTTERS = 5;
const both = (en: string) => ({ en, zh: en });
const signal = (name: string, more = {}) => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  unit: "bar",
  low: 0,
  high: 100,
  connection: "connection:bench",
  address: name,
  ...more,
});
const rule = (name: string, priority: number) => ({
  id: `alarmRule:${name}`,
  kind: "alarmRule",
  title: both(`${name} too high`),
  condition: { kind: "high", signal: `signal:${name}`, limit: 50, deadband: 0 },
  priority,
  onDelayS: 0,
  offDelayS: 0,
  cause: both("cause"),
  consequence: both("consequence"),
  response: both("response"),
  timeToRespondS: 600,
  latching: false,
  suppressedIn: [],
  enabled: true,
});

beforeAll(async () => {
  site = await openProduct(folder);
  const view = site.view(SYSTEM);
  const bench = {
    id: "connection:bench",
    kind: "connection",
    name: "bench",
    protocol: "entered",
    url: "entered:bench",
    enabled: true,
    settings: {},
  };
  const made = [
    bench,
    signal("flutter", { shell: shellOf("S10") }),
    signal("secret", { readers: ["administrator"] }),
    rule("flutter", 2),
    rule("secret", 1),
  ];
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      ...made.map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id, state }) => id === bench.id && state === "connected"), WAIT);
  to = Math.floor(site.now() / MINUTE) * MINUTE - 5 * MINUTE;
  from = to - 60 * MINUTE;
  const flutter = Array.from({ length: BURSTS }, (_, burst) => from + burst * 5 * MINUTE).flatMap((at) => [
    ...Array.from({ length: FLUTTERS }, (_, n) => [
      { value: 50.5, time: at + (10 + n * 4) * SECOND },
      { value: 49.5, time: at + (12 + n * 4) * SECOND },
    ]).flat(),
    { value: 30, time: at + 60 * SECOND },
  ]);
  for (const address of ["flutter", "secret"])
    await plantsOf(site).bring(bench.id, [{ address, value: 30, time: from - MINUTE }, ...flutter.map((each) => ({ address, ...each }))]);
  engineer = await clientAs(site, "eva", "engineer", closes);
  await vi.waitUntil(async () => (await performance()).raised === BURSTS * FLUTTERS, WAIT);
}, 300_000);
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const performance = (more = {}) => management.performance(engineer, { query: { from, to, ...more } });

test("[AR8] [AR7] what fluttered is counted as it was raised: rate, chattering, fleeting, each flood with its first alarm; what may not be read is in no figure", async () => {
  const found = await performance();
  expect(found.raised).toBe(BURSTS * FLUTTERS);
  expect(found.top).toMatchObject([{ rule: "alarmRule:flutter", count: 60, share: 1, chattering: BURSTS * (FLUTTERS - 2), fleeting: 60 }]);
  const figures = new Map(found.figures.map((figure) => [figure.id, figure]));
  expect(figures.get("rate")).toMatchObject({ value: 10, count: 60, below: 6, clause: "16.5.2", verdict: "beyond" });
  expect(figures.get("peak")).toMatchObject({ value: 10, verdict: "within" });
  expect(found.byPriority.map(({ count }) => count)).toEqual([0, 60, 0, 0]);
  expect(JSON.stringify(found)).not.toContain("secret");
  await expect(performance({ position: "none" })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[AR10] advice is what the engine that judges live would have raised on the record: counted by hand here", async () => {
  const [advice, ...others] = await management.advice(engineer, { body: { from, to, rules: ["alarmRule:flutter", "alarmRule:secret"] } });
  expect(others).toEqual([]);
  expect(advice).toMatchObject({ rule: "alarmRule:flutter", now: 60 });
  const left = (kind: string, value: number): number | undefined =>
    advice!.tried.find((each) => each.kind === kind && each.value === value)?.left;
  // 49.5 is above 49: with a deadband of 1 bar each burst is one alarm
  expect(left("deadband", 1)).toBe(BURSTS);
  // each return lasts two seconds until the burst is over; the next burst is more than four minutes later
  expect([left("offDelay", 15), left("offDelay", 60), left("offDelay", 300)]).toEqual([BURSTS, BURSTS, 1]);
  // no flutter lasts five seconds
  expect(left("onDelay", 5)).toBe(0);
  expect(advice!.tried[advice!.best!]).toMatchObject({ kind: "deadband", value: 1, share: 0.01, of: "range", unit: "bar", left: BURSTS });
});

test("[AR9] figures are of each operator position: alarms at its places and in them", async () => {
  const place = site
    .view(SYSTEM)
    .reader(LIVE)
    .query({ kind: "shell", index: { name: "aasId", value: shellOf("S10") } })[0]!.id;
  const positions = [
    { key: "press", title: both("Press"), places: [place] },
    { key: "oven", title: both("Oven"), places: ["shell:elsewhere"] },
  ];
  await management.storePhilosophy(engineer, { body: { fields: { ...SHIPPED_PHILOSOPHY, positions } } });
  const found = await performance();
  expect(found.positions.map(({ key, raised }) => [key, raised])).toEqual([
    ["", 60],
    ["press", 60],
    ["oven", 0],
  ]);
  expect((await performance({ position: "oven" })).raised).toBe(0);
  expect((await performance({ position: "press" })).raised).toBe(60);
});
