import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import type { Trend } from "@doppelwerk/client";
import { decodeSamplesFrame } from "@doppelwerk/sync";
import { LIVE, originAt, type Branch, type SampleBatch, type SignalRecord } from "@doppelwerk/world";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { createTieredHistory } from "@doppelwerk/storage/tiers";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { RetentionService } from "../../packages/server/src/retention/retention-service.ts";
import { createSiteApp } from "@doppelwerk/server/site";

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

async function withSite(run: (site: HostedWorld, get: (path: string) => Promise<Response>) => Promise<void>, data = folder): Promise<void> {
  const site = await openProduct(data);
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
});

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
    // what was bad in between is distinguished from what was not measured at all
    const gap = batchOf([
      [0, 200, 1],
      [0, 205, Number.NaN],
      [0, 210, 2],
    ]);
    gap.qualities[1] = 2;
    await site.history.append(
      LIVE,
      gap,
      records.map(({ id }) => id),
    );
    const apart = (await api(`/trend?signal=signal:v&from=${START + 200e6}&to=${START + 220e6}&points=20`)).body as Trend;
    expect([apart.bad, apart.mean.flatMap((mean, at) => (mean === null ? [] : [at]))]).toEqual([[5], [0, 10]]);
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
});

test("[HQ3] a retention is followed, an open fork keeps what it was fitted from, and what has none or a faulty one stays whole", async () => {
  const day = 86_400;
  const now = START + 200 * day * 1e6;
  const history = createTieredHistory(createMemoryHistory());
  const signals: SignalRecord[] = [
    { ...signal("ruled", "double"), retention: { rawDays: 60 } },
    signal("free", "double"),
    { ...signal("faulty", "double"), retention: { rawDays: 60, tiers: [{ every: "1min", days: 3 }] } },
    { ...signal("text", "string"), retention: { rawDays: 60 } },
  ];
  const rows = Array.from({ length: 200 * 4 }, (_, n) => [n % 4, Math.floor(n / 4) * day, n] as const);
  await history.append(
    LIVE,
    batchOf(rows),
    signals.map(({ id }) => id),
  );
  const fork = (instant: number, closed?: Branch["closed"]): Branch => ({
    id: "branch:1",
    name: "fork",
    parent: LIVE,
    baseRevision: 1,
    instant,
    createdBy: "someone",
    createdAt: instant,
    ...(closed === undefined ? {} : { closed }),
  });
  let branches: readonly Branch[] = [fork(START + 100 * day * 1e6)];
  const warnings: unknown[] = [];
  const logger = pino({ level: "warn" }, { write: (line: string) => void warnings.push(JSON.parse(line)) });
  const service = new RetentionService({ history, signals: () => signals, branches: () => branches, clock: { now: () => now }, logger });
  const kept = async () =>
    Promise.all(signals.map(async ({ id }) => (await history.raw({ branch: LIVE, signal: id }, 0, 8e15)).times.length));
  await service.run();
  // 30 days before the fork, and the one that still held then
  expect(await kept()).toEqual([200 - 70 + 1, 200, 200, 200]);
  branches = [fork(START + 100 * day * 1e6, { as: "abandoned", at: now, revision: 2 })];
  await service.run();
  await service.run();
  expect(await kept()).toEqual([61, 200, 200, 200]);
  expect(warnings).toMatchObject([{ signal: "signal:faulty", fault: expect.stringContaining("days of a tier") }]);
  await service.close();
});

test("[HQ4] thinned time is told by trend and window, and an export of samples that are no more is refused", async () => {
  const data = mkdtempSync(join(tmpdir(), "doppelwerk-past-"));
  const record = signal("v", "double");
  await withSite(async (site, get) => {
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record }] });
    const rule = (retention: object) =>
      site.view(SYSTEM).apply({
        branch: LIVE,
        reason: "test",
        changes: [{ op: "update", id: record.id, fields: { retention: { to: retention as never } } }],
      });
    await expect(rule({ rawDays: 9, tiers: [{ every: "7min" }] })).rejects.toMatchObject({
      message: expect.stringContaining("1min, 10min, 1h, 1d"),
    });
    await rule({ rawDays: 365, tiers: [{ every: "1min", days: 1_825 }, { every: "1h" }] });
    expect(site.signals.record(record.id)?.retention).toMatchObject({ rawDays: 365 });
    await site.history.append(LIVE, batchOf(Array.from({ length: 7_200 }, (_, n) => [0, n, n] as const)), [record.id]);
    const horizon = Math.floor((START + 3_600e6) / 60e6) * 60e6;
    await (site.history as ReturnType<typeof createTieredHistory>).thin([
      { key: { branch: LIVE, signal: record.id }, rawBefore: horizon, tiers: [{ width: 60e6, before: Number.NEGATIVE_INFINITY }] },
    ]);
    const api = (path: string) => get(`/api/doppelwerk/v1${path}`);
    const ends = (from: number) => `from=${from}&to=${START + 7_200e6}`;
    const trend = (await (await api(`/trend?signal=${record.id}&${ends(horizon - 1_800e6)}&points=20`)).json()) as { mean: number[] };
    expect(trend).toMatchObject({ thinnedBefore: horizon, raw: false });
    expect(trend.mean.every(Number.isFinite)).toBe(true);
    expect((await api(`/window?signals=${record.id}&${ends(START)}`)).headers.get("doppelwerk-thinned-before")).toBe(String(horizon));
    expect((await api(`/window?signals=${record.id}&${ends(horizon)}`)).headers.has("doppelwerk-thinned-before")).toBe(false);
    const refused = await api(`/export/samples?signals=${record.id}&${ends(START)}`);
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("were thinned by the retention")]);
    expect((await api(`/export/samples?signals=${record.id}&${ends(horizon)}`)).status).toBe(200);
    expect((await api(`/export/samples?signals=${record.id}&${ends(START)}&layout=wide&step=60`)).status).toBe(200);
  }, data);
  rmSync(data, { recursive: true, force: true });
});

test("[HQ6] windows, instants, trends and exports say the origin of every sample; a client that knows none is answered as before", async () => {
  const data = mkdtempSync(join(tmpdir(), "doppelwerk-origins-"));
  const records = [signal("o", "double"), { ...signal("s", "double"), role: "State" }];
  await withSite(async (site, get) => {
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: records.map((record) => ({ op: "create", record })) });
    const rows = [0, 1, 2].map((n) => [0, n, n] as const);
    await site.history.append(LIVE, { ...batchOf(rows), origins: Uint8Array.of(1, 2, 4) }, ["signal:o"]);
    // stored before origins were
    await site.history.append(LIVE, { ...batchOf([[0, 0, 1]]), origins: Uint8Array.of(0) }, ["signal:s"]);
    const period = `from=${START}&to=${START + 10e6}`;
    const frameOf = async (path: string) =>
      decodeSamplesFrame(new Uint8Array(await (await get(`/api/doppelwerk/v1${path}`)).arrayBuffer()));
    const origins = (batch: SampleBatch) => Array.from({ length: batch.count }, (_, row) => originAt(batch, row));
    expect(origins(await frameOf(`/window?signals=signal:o&${period}&frame=2`))).toEqual(["measured", "simulated", "entered"]);
    expect(origins(await frameOf(`/window?signals=signal:s&${period}&frame=2`))).toEqual(["derived"]);
    expect(origins(await frameOf(`/window?signals=signal:o&${period}`))).toEqual(["replayed", "replayed", "replayed"]);
    const { signals } = await frameOf(`/at?t=${START + 1e6}&frame=2`);
    const at = await frameOf(`/at?t=${START + 1e6}&frame=2`);
    expect(Object.fromEntries(origins(at).map((origin, row) => [site.signals.table.idOf(signals[row]!), origin]))).toMatchObject({
      "signal:o": "simulated",
      "signal:s": "derived",
    });
    const trend = (await (await get(`/api/doppelwerk/v1/trend?signal=signal:o&${period}&points=10`)).json()) as { origin?: unknown };
    expect(trend.origin).toEqual(["measured", "simulated", "entered", ...Array.from({ length: 7 }, () => null)]);
    const csv = await (await get(`/api/doppelwerk/v1/export/samples?signals=all&${period}`)).text();
    expect(
      csv
        .trim()
        .split("\r\n")
        .map((line) => line.split(",").at(-1)),
    ).toEqual(["origin", "measured", "simulated machine", "entered", "derived"]);
  }, data);
  rmSync(data, { recursive: true, force: true });
});

test("[HQ7] a signal that one may not read is in no window, instant, trend, durations or export", async () => {
  const data = mkdtempSync(join(folder, "readers-"));
  const open = signal("open", "double");
  const secret = { ...signal("secret", "double"), readers: ["engineer"] } as SignalRecord;
  await withSite(async (site) => {
    const create = [open, secret].map((record) => ({ op: "create" as const, record }));
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: create });
    const rows = Array.from({ length: 20 }, (_, n) => [n % 2, n, n] as const);
    await site.history.append(
      LIVE,
      batchOf(rows),
      [open, secret].map(({ id }) => id),
    );
    const { origin, close } = await serveAs(site, { id: "person:v", name: "V", verified: true, roles: ["viewer"] });
    const ask = (path: string) => fetch(`${origin}/api/doppelwerk/v1${path}`);
    const period = `from=${START}&to=${START + 60e6}`;
    const indexes = async (path: string) => [...new Set(decodeSamplesFrame(new Uint8Array(await (await ask(path)).arrayBuffer())).signals)];
    const index = site.signals.table.indexOf(open.id);
    expect(await indexes(`/window?signals=${open.id},${secret.id}&${period}`)).toEqual([index]);
    expect(await indexes(`/at?t=${START + 60e6}`)).toEqual([index]);
    for (const path of [
      `/trend?signal=${secret.id}&${period}`,
      `/durations?signal=${secret.id}&${period}`,
      `/export/samples?signals=${secret.id}&${period}`,
    ])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    expect(await (await ask(`/export/samples?signals=all&${period}`)).text()).not.toContain("secret");
    await close();
  }, data);
});
