import { LIVE, type StoredEvent } from "@doppelwerk/world";
import { eventStoreContract } from "@doppelwerk/world/contract/event-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { openPostgres, openPostgresEvents } from "./index.ts";

let server: PostgresServer;
let worlds = 0;
const open = async (world = `world ${++worlds}`) => openPostgresEvents({ database: await openPostgres(server.url), world });

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
});

describe("[EV20] events in PostgreSQL keep the contract", () => {
  for (const { title, run } of eventStoreContract(() => {
    const world = `world ${++worlds}`;
    return {
      open: () => open(world),
      async reopen(store) {
        await store.close();
        return open(world);
      },
    };
  }))
    test(title, run);
});

const call = (n: number): readonly StoredEvent[] =>
  Array.from({ length: 500 }, (_, i) => {
    const at = 1_790_000_000_000_000 + n * 500 + i;
    const keys = [{ name: "serial", value: `S${at}` }];
    return {
      branch: LIVE,
      at,
      id: "e",
      subject: "shell:press",
      type: "part.made",
      version: 1,
      known: at,
      origin: "measured",
      keys,
      payload: "{}",
    };
  });

test("[EV21] nothing acknowledged is lost when PostgreSQL crashes; meanwhile it is DW_UNAVAILABLE, and goes on by itself", async () => {
  const store = await open();
  expect(await store.record(call(0))).toBe(500);
  await server.kill();
  await expect(store.record(call(1))).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  await server.start();
  for (let done = false; !done;)
    done = await store.record(call(1)).then(
      () => true,
      () => false,
    );
  expect(await store.count({ spans: [{ branch: LIVE, from: 0, to: 8e15 }] })).toEqual(new Map([["shell:press", 1_000]]));
  await store.close();
});

test("[EV20] worlds that share a database are apart, and two processes that open it at once make its tables once", async () => {
  const [one, two] = await Promise.all([open(), open()]);
  await one.record(call(0));
  expect(await two.count({ spans: [{ branch: LIVE, from: 0, to: 8e15 }] })).toEqual(new Map());
  expect(await two.expire({ before: 8e15 })).toBe(0);
  expect(await one.expire({ before: 8e15 })).toBe(500);
  await Promise.all([one.close(), two.close()]);
});

test("[EV25] what waits for PostgreSQL is bounded: a call beyond it is refused whole and counted", async () => {
  const store = await open();
  const calls = await Promise.allSettled(Array.from({ length: 210 }, (_, n) => store.record(call(n))));
  const refused = calls.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(10);
  expect(refused[0]).toMatchObject({ reason: { code: "DW_UNAVAILABLE" } });
  expect(store.counts()).toEqual({ recorded: 100_000, duplicates: 0, refused: 5_000, waiting: 0 });
  await store.close();
});
