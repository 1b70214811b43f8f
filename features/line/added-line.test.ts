import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, MINUTE, type Instant } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant, smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-added-line-"));
const host = "127.0.0.1:8420";
const WAIT = { timeout: 60_000 };
/** Of PackML words the signal `ItemState` says. */
const WORKING = 3;
const FAILED = 1;
const ONE = "signal:S90.ItemState";
const TWO = "signal:two.S90.ItemState";
const CONNECTION = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;

beforeAll(async () => {
  site = await openProduct(folder);
  await vi.waitUntil(() => site.features.states().every(({ state }) => state.state === "open"), WAIT);
  app = await createSiteApp(site);
}, 120_000);
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const answer = async (path: string) => (await app.inject({ url: `/api/doppelwerk/v1${path}`, headers: { host } })).json();
const twin = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value).replaceAll("urn:test:", "urn:test:two:").replaceAll("signal:", "signal:two.").replaceAll('"Line1"', '"Line2"'),
  ) as Value;

/** What the station was, each from so many minutes before the test on; it goes straight into the record, as if it had always been there. */
async function record(signal: string, now: Instant, rows: readonly (readonly [number, number])[]): Promise<void> {
  const times = Float64Array.from(rows, ([before]) => now - before * MINUTE);
  const batch = {
    origin: "measured" as const,
    count: rows.length,
    signals: new Uint32Array(rows.length),
    values: Float64Array.from(rows, ([, value]) => value),
    texts: new Map(),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  };
  await site.history.append(LIVE, batch, [signal]);
}

interface Shown {
  readonly rule: string;
  readonly station: string;
  readonly state: string;
  readonly title: { readonly en: string };
  readonly changed: Instant;
}
/** Since when each alarm "has failed" of a station was raised, in minutes before the test. */
async function raised(station: string, now: Instant): Promise<readonly number[]> {
  const { alarms } = (await answer(`/alarm-transitions?from=${now - 600 * MINUTE}&to=${now}&station=${station}`)) as {
    alarms: readonly Shown[];
  };
  return alarms
    .filter(({ title, state }) => title.en.endsWith("has failed") && state === "unacknowledged")
    .map(({ changed }) => Math.round((now - changed) / MINUTE))
    .toSorted((a, b) => b - a);
}

/** Of a station that is not the constraint: there the takt holds (decision 0006). */
async function editCycleTime(line: string, station: string, value: number): Promise<void> {
  const factors = (await answer(`/branches/live/factors?line=${line}`)) as readonly { key: string; element: string; live: number }[];
  const factor = factors.find(({ key }) => key === `${station}/IdealCycleTime`)!;
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "another cycle time",
    changes: [{ op: "update", id: factor.element, fields: { value: { from: String(factor.live), to: String(value) } } }],
  });
}

test("[LN40] a line that is added, and a line whose cycle time is edited, derive their own past; alarms of the others are not judged again", async () => {
  const now = site.now();
  const view = site.view(SYSTEM);
  const signals = smallPlantSignals().filter(({ id }) => id === ONE);
  const created = (all: typeof signals, address: string) =>
    all.map((record) => ({ op: "create" as const, record: { ...record, connection: CONNECTION.id, address } }));
  await record(ONE, now, [
    [300, WORKING],
    [240, FAILED],
    [230, WORKING],
  ]);
  await record(TWO, now, [
    [300, WORKING],
    [180, FAILED],
    [170, WORKING],
  ]);
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: { ...CONNECTION, settings: {} } },
      ...created(signals, "one"),
    ],
  });
  await expect.poll(() => raised("S90", now), WAIT).toEqual([239]);
  // whoever derives the first line again reads this too
  await record(ONE, now, [
    [120, FAILED],
    [110, WORKING],
  ]);
  await view.apply({
    branch: LIVE,
    reason: "a second line",
    changes: [...importChanges(view.reader(LIVE), twin(smallPlant()), "second file").changes, ...created(twin(signals), "two")],
  });
  await expect.poll(() => raised("Line2.S90", now), WAIT).toEqual([179]);
  expect(await raised("S90", now)).toEqual([239]);
  await record(TWO, now, [
    [60, FAILED],
    [50, WORKING],
  ]);
  await editCycleTime("Line2", "Line2.S10", 77);
  await expect.poll(() => raised("Line2.S90", now), WAIT).toEqual([179, 59]);
  expect(await raised("S90", now)).toEqual([239]);
  // of the line that is edited everything is read again
  await editCycleTime("Line1", "S10", 78);
  await expect.poll(() => raised("S90", now), WAIT).toEqual([239, 119]);
});

test("[LN40] an alarm of each line is acknowledged where it is judged, and the list holds those of all", async () => {
  const view = site.view(SYSTEM);
  interface Rule {
    readonly id: string;
    readonly fields: { readonly station?: string; readonly title: { readonly en: string } };
  }
  const rules = ((await answer("/alarm-rules")) as readonly Rule[]).filter(
    ({ fields: { station, title } }) => (station ?? "").endsWith("S90") && title.en.endsWith("has failed"),
  );
  expect(rules.map(({ fields }) => fields.station)).toEqual(["S90", "Line2.S90"]);
  await view.apply({
    branch: LIVE,
    reason: "at once",
    changes: rules.map(({ id, fields }) => ({ op: "create", record: { id, kind: "alarmRule", ...fields, onDelayS: 0 } as never })),
  });
  const list = async () => (await answer("/alarms")) as readonly Shown[];
  const states = async () => rules.map(({ id }) => list().then((all) => all.find(({ rule }) => rule === id)?.state));
  await expect
    .poll(async () => {
      await plantsOf(site).bring(
        CONNECTION.id,
        ["one", "two"].map((address) => ({ address, value: FAILED, time: site.now() })),
      );
      return Promise.all(await states());
    }, WAIT)
    .toEqual(["unacknowledged", "unacknowledged"]);
  const acknowledged = async (at: number) => {
    const url = `/api/doppelwerk/v1/alarms/${encodeURIComponent(rules[at]!.id)}/acknowledge`;
    const done = await app.inject({ method: "POST", url, headers: { host }, payload: {} });
    expect(done.statusCode).toBe(200);
    return Promise.all(await states());
  };
  expect(await acknowledged(1)).toEqual(["unacknowledged", "acknowledged"]);
  expect(await acknowledged(0)).toEqual(["acknowledged", "acknowledged"]);
});

test("[AL26] [LN42] alarms, their history and the signals that a line is folded from are asked of one line; of a line that is not there they are not found", async () => {
  const stationsOf = async (path: string) => {
    const answered = (await answer(path)) as readonly Shown[] | { readonly alarms: readonly Shown[] };
    return new Set(("alarms" in answered ? answered.alarms : answered).map(({ station }) => station));
  };
  const period = `from=0&to=${site.now()}`;
  for (const path of ["/alarms?", `/alarm-transitions?${period}&`]) {
    expect(await stationsOf(`${path}line=Line1`)).toEqual(new Set(["S90"]));
    expect(await stationsOf(`${path}line=Line2`)).toEqual(new Set(["Line2.S90"]));
    expect(await stationsOf(path)).toEqual(new Set(["S90", "Line2.S90"]));
    const missing = await app.inject({ url: `/api/doppelwerk/v1${path}line=No`, headers: { host } });
    expect(missing.statusCode).toBe(404);
  }
  const octets = async (query: string) =>
    (await app.inject({ url: `/api/doppelwerk/v1/window?signals=tracking&${period}${query}`, headers: { host } })).rawPayload.length;
  const [one, two, all] = [await octets("&line=Line1"), await octets("&line=Line2"), await octets("")];
  expect(Math.min(one, two)).toBeGreaterThan(0);
  expect(Math.max(one, two)).toBeLessThan(all);
});
