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
