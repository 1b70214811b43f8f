import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { attentionOf } from "./attention.ts";
import { withoutSecrets } from "./diagnostics.ts";
import { RecentLog } from "./recent-log.ts";
import { RollingTimes } from "../live/rolling-times.ts";
import type { ServerState } from "./server-state-contract.ts";
import { SignInCounts } from "./sign-in-counts.ts";
import { StorageSizes } from "./storage-sizes.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-observability-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[SV280] the last 500 lines at warn and above are there, the newest first, with their world and reason; others are not", () => {
  const log = new RecentLog();
  const logger = pino({ level: "trace" }, pino.multistream([{ stream: log.stream, level: "warn" }]));
  logger.info("started");
  for (let line = 0; line < 600; line++) logger.warn(`line ${line}`);
  logger.child({ world: "mill" }).error({ err: new Error("the disk is away") }, "not written");
  logger.error({ err: new Error("gone") }, "gone");
  const lines = log.list();
  expect(lines).toHaveLength(500);
  expect(lines[0]).toMatchObject({ level: "error", text: "gone" });
  expect(lines[1]).toMatchObject({ level: "error", text: "mill: not written (the disk is away)" });
  expect(lines[2]).toMatchObject({ level: "warn", text: "line 599" });
  expect(Math.abs(lines[0]!.at / 1_000 - Date.now())).toBeLessThan(10_000);
});

test("[SV281] percentiles are of the last minute or two, and of nothing where nothing came", () => {
  let now = 0;
  const times = new RollingTimes(() => now);
  expect(times.percentile(95)).toBeUndefined();
  for (let ms = 1; ms <= 100; ms++) times.record(ms);
  expect(times.percentile(50)).toBeCloseTo(50, 0);
  expect(times.percentile(95)).toBeCloseTo(95, 0);
  now = 90_000;
  times.record(500);
  expect(times.count).toBe(101);
  now = 160_000;
  expect(times.count).toBe(1);
  expect(times.percentile(50)).toBeCloseTo(500, 0);
  now = 400_000;
  expect(times.percentile(50)).toBeUndefined();
});

test("[SV282] failed sign-ins are counted for the last hour and the last day, and forgotten after it", () => {
  const HOUR = 3_600_000;
  let now = 100 * HOUR;
  const counts = new SignInCounts(() => now);
  counts.failed();
  now += 20 * HOUR;
  counts.failed();
  counts.failed();
  expect(counts.counts).toEqual({ failedLastHour: 2, failedLastDay: 3 });
  now += 5 * HOUR;
  expect(counts.counts).toEqual({ failedLastHour: 0, failedLastDay: 2 });
  now += 20 * HOUR;
  expect(counts.counts).toEqual({ failedLastHour: 0, failedLastDay: 0 });
});

test("[SV283] sizes of the data folder are by its first level, the largest first, and read again after a minute", async () => {
  let now = 0;
  const data = join(folder, "data");
  mkdirSync(join(data, "history", "deep"), { recursive: true });
  writeFileSync(join(data, "history", "a"), Buffer.alloc(1_000));
  writeFileSync(join(data, "history", "deep", "b"), Buffer.alloc(2_000));
  writeFileSync(join(data, "accounts.json"), "{}");
  writeFileSync(join(data, "records.sqlite"), Buffer.alloc(400));
  writeFileSync(join(data, "records.sqlite-wal"), Buffer.alloc(500));
  const sizes = new StorageSizes(data, () => now);
  const first = [
    { name: "history", bytes: 3_000, files: 2 },
    { name: "records.sqlite", bytes: 900, files: 2 },
    { name: "accounts.json", bytes: 2, files: 1 },
  ];
  expect(await sizes.parts()).toEqual(first);
  rmSync(join(data, "history", "a"));
  now = 30_000;
  expect(await sizes.parts()).toEqual(first);
  now = 61_000;
  expect(await sizes.parts()).toEqual([{ name: "history", bytes: 2_000, files: 1 }, ...first.slice(1)]);
});

const quiet: Omit<ServerState, "attention" | "log"> = {
  at: 1_800_000_000_000_000,
  startedAt: 0,
  version: "1",
  node: "v26",
  platform: "linux",
  rates: {
    samplesPerSecond: { now: 5, points: [5] },
    droppedPerSecond: { now: 0, points: [0] },
    requestsPerSecond: { now: 1, points: [1] },
    cores: { now: 0.1, points: [0.1] },
    heapBytes: { now: 1e8, points: [1e8] },
  },
  latencies: { requests: { count: 10, p50Ms: 2, p95Ms: 8, failed: 0 }, eventLoopP99Ms: 4, samplesP95Ms: 21, frames: [] },
  queues: [{ name: "events", waiting: 0, dropped: 0 }],
  store: { freeBytes: 1e12, parts: [] },
  worlds: [{ name: "default", state: "open" }],
  connections: [{ name: "Press", protocol: "opcua", state: "connected", samplesPerSecond: 5 }],
  certificates: [{ of: "https", name: "HTTPS", until: 1_800_000_000_000_000 + 200 * 86_400_000_000 }],
  signIns: { open: 2, failedLastHour: 1, failedLastDay: 3 },
};

test("[SV284] nothing needs attention on a healthy server; what is beyond its limit is named with its figure, errors first", () => {
  const textsOf = (change: Partial<typeof quiet>) =>
    attentionOf({ ...quiet, ...change }, []).map(({ level, message }) => `${level} ${message.code} ${JSON.stringify(message.params)}`);
  expect(textsOf({})).toEqual([]);
  expect(textsOf({ store: { freeBytes: 1_500_000_000, parts: [] } })).toEqual(['warning server.attentionDisk {"megabytes":1500}']);
  const failing = { since: quiet.at, reason: "ECONNREFUSED" };
  expect(textsOf({ telemetry: { address: "http://collector/", exported: 1, failing } })).toEqual([
    'warning server.attentionTelemetry {"address":"http://collector/","reason":{"code":"verbatim","params":{"text":"ECONNREFUSED"}}}',
  ]);
  expect(textsOf({ queues: [{ name: "telemetry", waiting: 4_096, dropped: 9 }] })).toEqual([
    'warning server.attentionDropped.telemetry {"count":9}',
  ]);
  expect(textsOf({ rates: { ...quiet.rates, droppedPerSecond: { now: 0, points: [0, 12, 3] } } })).toEqual([
    'error server.attentionDropped {"count":150}',
  ]);
  expect(textsOf({ latencies: { ...quiet.latencies, eventLoopP99Ms: 900 } })).toEqual([
    'warning server.attentionLoop {"milliseconds":900}',
  ]);
  expect(textsOf({ backup: { everyHours: 26 } })).toEqual(["warning server.attentionNoBackup {}"]);
  expect(textsOf({ backup: { at: quiet.at - 27 * 3_600_000_000, everyHours: 26 } })).toEqual([
    'warning server.attentionBackup {"hours":27,"every":26}',
  ]);
  // nobody said how often
  expect(textsOf({ backup: { at: quiet.at - 900 * 3_600_000_000 } })).toEqual([]);
  expect(textsOf({ backup: { at: quiet.at - 25 * 3_600_000_000, everyHours: 26 } })).toEqual([]);
  const day = 86_400_000_000;
  expect(textsOf({ certificates: [{ of: "https", name: "HTTPS", until: quiet.at + 12.5 * day }] })).toEqual([
    'warning server.attentionExpires {"name":"HTTPS","days":12}',
  ]);
  expect(
    textsOf({
      connections: [{ ...quiet.connections[0]!, state: "reconnecting" }],
      certificates: [{ of: "https", name: "HTTPS", until: quiet.at - day }],
      signIns: { open: 0, failedLastHour: 40, failedLastDay: 40 },
    }),
  ).toEqual([
    'error server.attentionExpired {"name":"HTTPS"}',
    'warning server.attentionSignIns {"count":40}',
    'warning server.attentionConnection {"name":"Press"}',
  ]);
});

test("[SV285] what a line of the log repeats of a secret is not in the diagnostics", () => {
  const given = [
    "mqtts://press:hunter22@broker:8883 refused",
    'password: "hunter22"',
    "api_key=hunter22,",
    "Authorization: hunter22",
    "token dwm_hunter22hunter22",
    `-----BEGIN PRIVATE KEY-----\nhunter22\n-----END PRIVATE KEY-----`,
    "eyJhbGciOiJub25lIn0.eyJodW50ZXIyMiI6MX0.hunter22",
  ];
  for (const text of given) expect(withoutSecrets(text), text).not.toMatch(/hunter22|eyJ/);
  for (const text of ["the connection Press is down", "opc.tcp://press:4840", "24 tokens of time", "passwords are kept as scrypt"])
    expect(withoutSecrets(text)).toBe(text);
});
