import { historyContract } from "@doppelwerk/world/contract/history";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { createMemoryHistory } from "../memory/history.ts";
import { batchOf, plantRows, randomOf } from "../segments/random.fixture.ts";
import { createTieredHistory } from "../tiers/index.ts";
import { openPostgres, openPostgresHistory } from "./index.ts";

let server: PostgresServer;
let worlds = 0;
const open = async (world = `world ${++worlds}`) => openPostgresHistory({ database: await openPostgres(server.url), world });

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
});

describe("[ST22] history in PostgreSQL keeps the contract", () => {
  for (const { title, run } of historyContract(() => {
    const world = `world ${++worlds}`;
    return {
      open: () => open(world),
      async reopen(history) {
        await history.close();
        return open(world);
      },
    };
  }))
    test(title, run);
});

const BASE = 1_790_000_000_000_000;
const ids = ["signal:0", "signal:1", "signal:2", "signal:3"];

test("[ST22] whatever arrives reads as from the historian in memory, also what is said twice", async () => {
  for (let seed = 1; seed <= 3; seed++) {
    const random = randomOf(seed);
    const [history, oracle] = [await open(), createMemoryHistory()];
    const rows = plantRows(random, 900, BASE);
    for (let at = 0; at < rows.length; at += 90) {
      const part = rows.slice(Math.max(0, at - 10), at + 90);
      await history.append(LIVE, batchOf(part), ids);
      await oracle.append(LIVE, batchOf(part), ids);
    }
    for (const signal of ids) {
      const key = { branch: LIVE, signal };
      expect(await history.raw(key, -8e15, 8e15), `seed ${seed}`).toEqual(await oracle.raw(key, -8e15, 8e15));
      const [mine, theirs] = [
        await history.buckets(key, BASE - 2e9, BASE + 2e11, 50, [50]),
        await oracle.buckets(key, BASE - 2e9, BASE + 2e11, 50, [50]),
      ];
      for (const column of ["min", "max", "last", "count", "worstQuality", "percentiles"] as const)
        expect(mine[column]).toEqual(theirs[column]);
      for (let i = 0; i < 20; i++) {
        const instant = BASE + Math.floor(random() * 2e11);
        expect(await history.at([key], instant)).toEqual(await oracle.at([key], instant));
      }
    }
    await history.close();
  }
});

test("[ST22] old samples are thinned to tiers as in segments", async () => {
  const [history, hour] = [createTieredHistory(await open()), 3_600_000_000];
  const base = Math.ceil(BASE / hour) * hour;
  await history.append(LIVE, batchOf(Array.from({ length: 3_600 }, (_, n) => [0, base + n * 2e6, n, 0] as const)), ids);
  const key = { branch: LIVE, signal: ids[0]! };
  await history.thin([{ key, rawBefore: base + hour, tiers: [{ width: 60e6, before: Number.NEGATIVE_INFINITY }] }]);
  expect((await history.raw(key, base, base + hour)).times.length).toBe(1);
  const { count, min, thinnedBefore } = await history.buckets(key, base, base + 2 * hour, 4);
  expect([[...count], [...min], thinnedBefore]).toEqual([[900, 900, 900, 900], [0, 900, 1_800, 2_700], base + hour]);
  await history.close();
});

test("[ST22] nothing acknowledged is lost when PostgreSQL crashes; meanwhile it is DW_UNAVAILABLE, and goes on by itself", async () => {
  const history = await open();
  const part = (n: number) => batchOf(Array.from({ length: 500 }, (_, i) => [0, BASE + (n * 500 + i) * 1e3, i, 0] as const));
  await history.append(LIVE, part(0), ids);
  await server.kill();
  await expect(history.append(LIVE, part(1), ids)).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  await server.start();
  for (let done = false; !done;)
    done = await history.append(LIVE, part(1), ids).then(
      () => true,
      () => false,
    );
  expect((await history.extent({ branch: LIVE, signal: ids[0]! }))?.count).toBe(1_000);
  await history.close();
});
