import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { pastReading } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, importChanges, LIVE, MINUTE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as places from "./calls.ts";
import { aroundTheClock, BENCH, shellOf, sitePlaces, siteSignals } from "./site.fixture.ts";

// A server whose past is still read: the shift began three hours ago, and of the first two nothing came yet.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-past-"));
const WAIT = { timeout: 60_000 };
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let eva: Client;

const bench = { id: BENCH, kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true, settings: {} };

beforeAll(async () => {
  site = await openProduct(folder);
  eva = await clientAs(site, "eva", "engineer", closes);
  const view = site.view(SYSTEM);
  const local = new Date((site.now() + zoneOffsetOf("Europe/Berlin")(site.now()) * MINUTE) / 1_000);
  const began = (local.getUTCHours() + 21) % 24;
  await view.apply({
    branch: LIVE,
    reason: "a site",
    changes: [
      ...importChanges(view.reader(LIVE), aroundTheClock(sitePlaces(), began), "file").changes,
      ...[bench, ...siteSignals()].map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id, state }) => id === BENCH && state === "connected"), WAIT);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const summaryOf = async (name: string) => {
  const all = (await places.list(eva, { query: { branch: LIVE } })).places;
  return places.summary(eva, { params: { id: all.find(({ shell }) => shell === shellOf(name))!.id }, query: { branch: LIVE } });
};

/** The station makes a part a minute. */
async function working(from: number, to: number, made: number): Promise<void> {
  const minutes = Array.from({ length: Math.floor((to - from) / MINUTE) }, (_, minute) => minute);
  const rows = minutes.flatMap((minute) =>
    [
      { address: "ItemState", value: 3 },
      { address: "Total", value: made + minute },
      { address: "Good", value: made + minute },
      { address: "Reject", value: 0 },
    ].map((row) => ({ ...row, time: from + minute * MINUTE })),
  );
  await plantsOf(site).bring(BENCH, rows);
}

test("[PT5] while the past is read, counts and times of a shift that is not known whole are not known; then they are lower bounds, or known", async () => {
  const past = site.features.port(pastReading);
  await past.report(BENCH, { done: 1, total: 10, samples: 1, finished: false, urgent: false });
  const now = site.now();
  await working(now - 30 * MINUTE, now, 120);
  const line = async () => (await summaryOf("Site")).rows[0]!.lines[0]!;
  await expect.poll(async () => (await summaryOf("Site")).total.signals.good, WAIT).toBeGreaterThan(3);
  const { rows, total, causes, reading } = await summaryOf("Site");
  expect(reading).toBeGreaterThan(0);
  expect((await line()).due).toBeGreaterThan(0);
  for (const known of ["good", "scrap", "oee", "lostS", "unknownS", "forecast"]) {
    expect(await line(), known).not.toHaveProperty(known);
    for (const sums of [rows[0], total]) expect(sums, known).not.toHaveProperty(known);
  }
  expect(causes).toEqual([]);
  expect((await line()).states.map(({ state }) => state)).toEqual(["unknown"]);

  await past.report(BENCH, { done: 10, total: 10, samples: 10, finished: true, urgent: true });
  await expect.poll(async () => (await summaryOf("Site")).reading, WAIT).toBeUndefined();
  await expect.poll(async () => (await line()).unknownS, WAIT).toBeGreaterThan(HOUR / 1e6);
  expect((await line()).state).toBe("working");
  expect((await line()).states.at(-1)!.state).toBe("working");
  const partly = await summaryOf("Site");
  expect(partly.total.unknownS).toBe((await line()).unknownS);
  expect(partly.total.good).toBeLessThan(partly.total.due!);
  // it may be behind, which nobody knows
  expect(partly.causes.filter(({ kind }) => kind === "behind")).toEqual([]);

  await working(now - 4 * HOUR, now - 30 * MINUTE, 0);
  const isKnown = async () => (await line()).unknownS === undefined && (await line()).good !== undefined;
  await expect.poll(isKnown, WAIT).toBe(true);
});

test("[PT5] what is known whole stays known while something else is read", async () => {
  await expect.poll(async () => (await summaryOf("Site")).reading, WAIT).toBeUndefined();
  const { good } = (await summaryOf("Site")).total;
  const past = site.features.port(pastReading);
  await past.report("connection:other", { done: 1, total: 10, samples: 1, finished: false, urgent: false });
  const { total, reading } = await summaryOf("Site");
  expect(reading).toBeDefined();
  expect(total.good).toBeGreaterThanOrEqual(good!);
  expect(total).not.toHaveProperty("unknownS");
  await past.abandon("connection:other");
});

test("[PT35] the running shift is forecast while somebody asks for the board, without a request; before that it is coming", async () => {
  const line = async () => (await summaryOf("Site")).rows[0]!.lines[0]!;
  // a shift that is over: forecasts rest on the past
  const now = site.now();
  await working(now - 20 * HOUR, now - 4 * HOUR, 0);
  const states = new Set<string>();
  await expect
    .poll(
      async () => {
        const { forecast, noForecast } = await line();
        states.add(forecast !== undefined ? "there" : noForecast?.isComing === true ? "coming" : (noForecast?.why?.code ?? "nothing"));
        return forecast;
      },
      { timeout: 120_000 },
    )
    .toBeDefined();
  expect([...states].at(-1)).toBe("there");
  expect([...states]).not.toContain("nothing");
  const { forecast, good, shift } = await line();
  expect(forecast!.at).toBeGreaterThan(shift!.from);
  expect(forecast!.median).toBeGreaterThanOrEqual(good!);
  expect(forecast!.low).toBeLessThanOrEqual(forecast!.median);
  expect(forecast!.high).toBeGreaterThanOrEqual(forecast!.median);
});
