import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type SampleBatch } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../scripts/postgres-server.ts";
import { openHostedWorld, type HostedWorld } from "@doppelwerk/server/site";

const START = 1_790_000_000_000_000;
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-shared-"));
let postgres: PostgresServer;
beforeAll(async () => void (postgres = await startPostgres()), 300_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = (name: string): Promise<HostedWorld> =>
  openHostedWorld({
    dataDirectory: join(folder, name),
    logger: pino({ level: "silent" }),
    workers: 1,
    postgres: postgres.url,
    history: "postgres",
  });

test("[HQ5] with its samples in PostgreSQL the next owner of a world has every one the last one acknowledged", async () => {
  const times = Float64Array.from({ length: 1_000 }, (_, n) => START + n * 1e6);
  const batch: SampleBatch = {
    origin: "measured",
    count: times.length,
    signals: new Uint32Array(times.length),
    values: times.map((_, n) => n / 4),
    texts: new Map(),
    qualities: new Uint8Array(times.length),
    sourceTimes: times,
    serverTimes: times,
  };
  const one = await open("one");
  await one.history.append(LIVE, batch, ["signal:a"]);
  await one.close();
  const two = await open("two");
  const key = { branch: LIVE, signal: "signal:a" };
  expect(await two.history.extent(key)).toEqual({ first: START, last: START + 999e6, count: 1_000 });
  expect((await two.history.raw(key, START, START + 3e6)).values).toEqual(Float64Array.of(0, 0.25, 0.5));
  await two.close();
});
