import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { LIVE, type SampleBatch, type SignalRecord } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { openSite, SYSTEM, type OpenSite } from "../compose/open-site.ts";
import { createSiteApp } from "../compose/register-routes.ts";

const START = 1_790_000_000_000_000;
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-past-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signal = (name: string, valueType: SignalRecord["valueType"]): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType,
});

function batchOf(rows: readonly (readonly [signal: number, seconds: number, value: number, text?: string])[]): SampleBatch {
  const times = Float64Array.from(rows, ([, seconds]) => START + seconds * 1e6);
  return {
    origin: "measured",
    count: rows.length,
    signals: Uint32Array.from(rows, ([index]) => index),
    values: Float64Array.from(rows, ([, , value]) => value),
    texts: new Map(rows.flatMap(([, , , text], row) => (text === undefined ? [] : [[row, text] as const]))),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  };
}

async function withSite(run: (site: OpenSite, get: (path: string) => Promise<Response>) => Promise<void>, data = folder): Promise<void> {
  const site = await openSite({ dataDirectory: data, logger: pino({ level: "silent" }), workers: 1 });
  const app = await createSiteApp(site);
  const base = await app.listen({ port: 0, host: "127.0.0.1" });
  try {
    await run(site, (path) => fetch(`${base}${path}`));
  } finally {
    await app.close();
    await site.close();
  }
}

test("[HQ1] a server whose history is damaged starts, says what is missing, and serves the rest", async () => {
  const records = [signal("a", "double"), signal("b", "double")];
  await withSite(async (site) => {
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: records.map((record) => ({ op: "create", record })) });
    const rows = Array.from({ length: 6_000 }, (_, n) => [n % 2, Math.floor(n / 2), n / 7] as const);
    await site.history.append(
      LIVE,
      batchOf(rows),
      records.map(({ id }) => id),
    );
  });
  const directory = join(folder, "history");
  const history = await openSegmentHistory({ directory });
  await history.settle();
  await history.close();
  const segment = join(
    directory,
    readdirSync(directory).find((name) => name.endsWith(".seg"))!,
  );
  const bytes = readFileSync(segment);
  bytes[Math.floor(bytes.length / 2)]! ^= 4;
  writeFileSync(segment, bytes);
  await withSite(async (site, get) => {
    expect(await (await get("/healthz")).json()).toEqual({ ok: true });
    const ends = `from=${START}&to=${START + 3_000e6}&points=10`;
    for (const { id } of records)
      expect((await get(`/api/doppelwerk/v1/export/samples?signals=${id}&from=${START}&to=${START + 3_000e6}`)).status).toBe(200);
    for (const { id } of records) expect((await get(`/api/doppelwerk/v1/trend?signal=${id}&${ends}`)).status).toBe(200);
    await site.history.raw({ branch: LIVE, signal: "signal:a" }, START, START + 1);
    let damage: { missing: { name: string; count: number; from: number }[] }[] = [];
    while (damage.length === 0) damage = (await (await get("/api/doppelwerk/v1/history/damage")).json()) as typeof damage;
    expect(damage).toMatchObject([{ file: expect.stringMatching(/^segment-.*\.seg\.damaged$/), unknown: false }]);
    const [missing] = damage[0]!.missing;
    expect(["a", "b"]).toContain(missing!.name);
    expect(await (await get("/healthz")).json()).toMatchObject({ ok: true, degraded: [expect.stringContaining(".seg.damaged")] });
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toContain("doppelwerk_history_damaged_files 1\n");
    expect(metrics).toContain(`doppelwerk_history_missing_samples ${missing!.count}\n`);
    const counts = await Promise.all(records.map(({ id }) => site.history.extent({ branch: LIVE, signal: id })));
    expect(counts.reduce((sum, extent) => sum + extent!.count, 0)).toBe(6_000 - missing!.count);
  });
}, 60_000);

test("[HQ2] a trend with percentiles; seconds in each state, up to now and not beyond; what cannot be is refused", async () => {
  const data = mkdtempSync(join(tmpdir(), "doppelwerk-past-"));
  const records = [signal("v", "double"), signal("s", "enumeration")];
  await withSite(async (site, get) => {
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: records.map((record) => ({ op: "create", record })) });
    const rows = Array.from({ length: 100 }, (_, n) => [0, n, n] as const);
    const states = [
      [1, 10, Number.NaN, "Run"],
      [1, 70, Number.NaN, "Stop"],
    ] as const;
    await site.history.append(
      LIVE,
      batchOf([...rows, ...states]),
      records.map(({ id }) => id),
    );
    const api = async (path: string) => {
      const answer = await get(`/api/doppelwerk/v1${path}`);
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    const ends = `from=${START}&to=${START + 100e6}`;
    expect((await api(`/trend?signal=signal:v&${ends}&points=10&percentiles=0,50,99.5`)).body).toMatchObject({
      percentiles: [
        { percent: 0, values: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90] },
        { percent: 50, values: [4, 14, 24, 34, 44, 54, 64, 74, 84, 94] },
        { percent: 99.5, values: [9, 19, 29, 39, 49, 59, 69, 79, 89, 99] },
      ],
    });
    expect((await api(`/trend?signal=signal:v&${ends}&points=10`)).body).not.toHaveProperty("percentiles");
    for (const wrong of ["101", "x", "1,,2", "-1", "1,2,3,4,5,6,7,8,9,10,11"])
      expect((await api(`/trend?signal=signal:v&${ends}&percentiles=${wrong}`)).status, wrong).toBe(400);
    expect((await api(`/durations?signal=signal:s&${ends}&points=2`)).body).toEqual({
      signal: "signal:s",
      name: "s",
      from: START,
      width: 50e6,
      states: [
        { state: "Run", seconds: [40, 20] },
        { state: "Stop", seconds: [0, 30] },
      ],
      unknownS: [10, 0],
    });
    const now = site.now();
    const late = (await api(`/durations?signal=signal:s&from=${now - 10e6}&to=${now + 1e12}`)).body as { width: number };
    expect(late.width).toBeLessThan(1e9);
    expect((await api(`/durations?signal=signal:s&from=${now + 1e12}&to=${now + 2e12}`)).status).toBe(400);
    expect((await api(`/durations?signal=signal:none&${ends}`)).status).toBe(404);
  }, data);
  rmSync(data, { recursive: true, force: true });
}, 60_000);
