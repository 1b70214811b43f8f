import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { pastReading } from "@doppelwerk/ports";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { DAY, LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as line from "../line/calls.ts";
import { fieldsOf } from "./bench.fixture.ts";
import * as alarms from "./calls.ts";

// A plant of which the past is read only in part: six days ago a battery was low, and what came after that is still to come.

const WAIT = { timeout: 60_000 };
const BENCH = "connection:bench";
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-past-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;

const signal = (name: string) => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  connection: BENCH,
  address: name,
});
const bring = (name: string, value: number, time = site.now()) => plantsOf(site).bring(BENCH, [{ address: name, value, time }]);
const listed = async (t?: number) =>
  (await alarms.list(engineer, { query: t === undefined ? {} : { t } })).map(({ title, state }) => `${title.en} ${state}`);
const unread = { done: 1, total: 10, samples: 1, finished: false, urgent: false };
const read = { done: 10, total: 10, samples: 10, finished: true, urgent: true };

beforeAll(async () => {
  site = await openProduct(folder);
  const bench = { id: BENCH, kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true, settings: {} };
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "a plant",
    changes: [bench, signal("battery"), signal("door")].map((record) => ({ op: "create", record: record as never })),
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ state }) => state === "connected"), WAIT);
  engineer = await clientAs(site, "eva", "engineer", closes);
  for (const name of ["battery", "door"]) {
    const condition = { kind: "low" as const, signal: `signal:${name}`, limit: 20, deadband: 1 };
    const title = { en: `${name} low`, zh: `${name} low` };
    await alarms.addRule(engineer, { body: { fields: fieldsOf(name, { title, condition }) } });
  }
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[AL46] what was active where the reading of the past stands is neither active nor absent; what present values show is", async () => {
  const past = site.features.port(pastReading);
  const began = site.now();
  await bring("battery", 90, began - 8 * DAY);
  await bring("battery", 12, began - 6 * DAY);
  await expect.poll(() => listed(), WAIT).toEqual(["battery low unacknowledged"]);

  await past.report(BENCH, unread);
  const { unknownBefore } = (await engineer.world()).backfill;
  expect(unknownBefore).toBeGreaterThan(0);
  expect(await listed()).toEqual([]);
  expect(await listed(began)).toEqual([]);
  expect(await line.snapshot(engineer, { query: {} })).toMatchObject({ alarms: [], alarmsUnknownBefore: unknownBefore });

  // what is raised now is certain, and so is what a present value confirms
  await bring("door", 1);
  await expect.poll(() => listed(), WAIT).toEqual(["door low unacknowledged"]);
  await bring("battery", 11);
  await expect.poll(async () => (await listed()).toSorted(), WAIT).toEqual(["battery low unacknowledged", "door low unacknowledged"]);

  await past.report(BENCH, read);
  await expect.poll(async () => (await engineer.world()).backfill.unknownBefore, WAIT).toBeUndefined();
  await expect.poll(async () => (await listed()).length, WAIT).toBe(2);
  expect(await line.snapshot(engineer, { query: {} })).not.toHaveProperty("alarmsUnknownBefore");

  // a gap that is read later leaves the list as it is
  await past.report(BENCH, unread);
  expect((await engineer.world()).backfill).toMatchObject({ done: false });
  expect((await listed()).length).toBe(2);
  await past.report(BENCH, read);
});
