import { blobsContract } from "@doppelwerk/world/contract/blobs";
import { changeLogContract } from "@doppelwerk/world/contract/change-log";
import { GENESIS_HASH, LIVE, type LogEntry } from "@doppelwerk/world";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { createPostgresBlobs, createPostgresLease, openPostgres, openPostgresChangeLog, type PostgresDatabase } from "./index.ts";

let server: PostgresServer;
let database: PostgresDatabase;
let worlds = 0;
const newWorld = (): string => `world ${++worlds}`;

beforeAll(async () => {
  server = await startPostgres();
  database = await openPostgres(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

describe("[ST18] the PostgreSQL drivers keep the contracts of their ports", () => {
  for (const { title, run } of changeLogContract(() => {
    const world = newWorld();
    const open = () => openPostgresChangeLog({ database, world });
    return { open, reopen: open };
  }))
    test(title, run);
  for (const { title, run } of blobsContract(() => {
    const open = async () => createPostgresBlobs(database);
    return { open, reopen: open };
  }))
    test(title, run);
});

describe("[ST19] one process owns a world in PostgreSQL", () => {
  test("a second is refused by the owner's name until he releases it, and epochs grow", async () => {
    const world = newWorld();
    const [one, two] = [createPostgresLease({ database, world }), createPostgresLease({ database, world })];
    expect(await one.acquire("one")).toEqual({ epoch: 1 });
    await expect(two.acquire("two")).rejects.toMatchObject({ code: "DW_UNAVAILABLE", message: expect.stringContaining("owned by one") });
    await one.release();
    expect(await two.acquire("two")).toEqual({ epoch: 2 });
    await two.release();
  });

  test("a holder that is cut off is told, replaced after the lease, and fenced when he returns", async () => {
    const world = newWorld();
    const proxy = await startProxy(server.port);
    const cut = await openPostgres(server.url.replace(`:${server.port}/`, `:${proxy.port}/`));
    const lost: string[] = [];
    const expiresMs = 600;
    const first = createPostgresLease({ database: cut, world, expiresMs, onLost: (why) => lost.push(why) });
    const log = await openPostgresChangeLog({ database: cut, world });
    const held = await first.acquire("first");
    await log.append(entries(1, 2), { expectedRevision: 0, leaseEpoch: held.epoch });
    proxy.cut();

    const second = createPostgresLease({ database, world, expiresMs });
    const taken = await eventually(() => second.acquire("second").catch(() => undefined));
    expect(taken.epoch).toBe(held.epoch + 1);
    expect(lost).toEqual([]);
    proxy.mend();
    // The first to use a connection that failed learns only that.
    const refusal = await eventually(async () => {
      const error: unknown = await log
        .append(entries(3, 1), { expectedRevision: 2, leaseEpoch: held.epoch })
        .catch((told: unknown) => told);
      return (error as { readonly code?: string }).code === "DW_UNAVAILABLE" ? undefined : [error];
    });
    expect(refusal).toEqual([expect.objectContaining({ code: "DW_FENCED" })]);

    await eventually(async () => (lost.length > 0 ? true : undefined));
    const own = await openPostgresChangeLog({ database, world });
    await own.append(entries(3, 1), { expectedRevision: 2, leaseEpoch: taken.epoch });
    expect(await own.lastRevision()).toBe(3);
    await second.release();
    await cut.close();
    proxy.close();
  });

  test("the heartbeat goes on while a long append holds the log and while the main thread does nothing else", async () => {
    const world = newWorld();
    const lease = createPostgresLease({ database, world, expiresMs: 3_000, beatMs: 50 });
    await lease.acquire("busy");
    const beats = async () => {
      const [row] = await database.query<{ beat: number; now: number }>(
        `SELECT extract(epoch FROM beat)::float8 * 1000 AS beat, extract(epoch FROM clock_timestamp())::float8 * 1000 AS now FROM doppelwerk.leases WHERE world = $1`,
        [world],
      );
      return row!;
    };
    const beatsAfter = (time: number) => eventually(async () => ((await beats()).beat > time ? true : undefined));
    await database.session(async (session) => {
      await session.query(`BEGIN; UPDATE doppelwerk.worlds SET last_revision = 7 WHERE world = '${world}'`);
      await beatsAfter((await beats()).now);
      await session.query("ROLLBACK");
    });
    const still = new Int32Array(new SharedArrayBuffer(4));
    await eventually(async () => {
      const { now: before } = await beats();
      Atomics.wait(still, 0, 0, 400);
      const { beat, now } = await beats();
      // What the main thread does before and after its sleep is not within it.
      return beat > before + 100 && beat < now - 25 ? true : undefined;
    });
    await lease.release();
  });

  test("who takes a lease that is over waits for the append under way, and then the one before appends nothing", async () => {
    const world = newWorld();
    const log = await openPostgresChangeLog({ database, world });
    const first = createPostgresLease({ database, world });
    const { epoch } = await first.acquire("first");
    await log.append(entries(1, 2), { expectedRevision: 0, leaseEpoch: epoch });
    await first.release();
    const second = createPostgresLease({ database, world });
    const taken = await database.session(async (session) => {
      await session.query(`BEGIN; UPDATE doppelwerk.worlds SET last_revision = 3 WHERE world = '${world}'`);
      await session.query(
        `INSERT INTO doppelwerk.changes SELECT world, 3, entry FROM doppelwerk.changes WHERE world = '${world}' AND revision = 2`,
      );
      const taking = second.acquire("second");
      await eventually(async () => {
        const [waiting] = await database.query("SELECT FROM pg_locks WHERE NOT granted");
        return waiting && true;
      });
      await session.query("COMMIT");
      return taking;
    });
    expect(taken).toEqual({ epoch: epoch + 1 });
    expect(await log.lastRevision()).toBe(3);
    await expect(log.append(entries(4, 1), { expectedRevision: 3, leaseEpoch: epoch })).rejects.toMatchObject({ code: "DW_FENCED" });
    await log.append(entries(4, 1), { expectedRevision: 3, leaseEpoch: epoch + 1 });
    await expect(createPostgresLease({ database, world }).acquire("third")).rejects.toThrow("owned by second");
    await second.release();
  });
});

test("[ST26] tables of the first format are taken over with their owners and epochs", async () => {
  await database.query("CREATE DATABASE first_format");
  const url = new URL(server.url);
  url.pathname = "/first_format";
  const old = await openPostgres(url.href);
  await old.query(`
    DROP SCHEMA doppelwerk CASCADE; CREATE SCHEMA doppelwerk;
    CREATE TABLE doppelwerk.worlds (world text PRIMARY KEY, last_revision bigint NOT NULL, epoch integer NOT NULL, owner text, beat timestamptz);
    CREATE TABLE doppelwerk.changes (world text NOT NULL, revision bigint NOT NULL, entry text NOT NULL, PRIMARY KEY (world, revision));
    CREATE TABLE doppelwerk.blobs (hash text PRIMARY KEY, content_type text NOT NULL, bytes bytea NOT NULL);
    CREATE TABLE doppelwerk.format (version integer NOT NULL);
    INSERT INTO doppelwerk.format VALUES (1);
    INSERT INTO doppelwerk.worlds VALUES ('held', 0, 4, 'one of then', clock_timestamp()), ('free', 2, 7, NULL, clock_timestamp());
    INSERT INTO doppelwerk.changes VALUES ('free', 1, '${JSON.stringify(entries(1, 1)[0])}'), ('free', 2, '${JSON.stringify(entries(2, 1)[0])}')`);
  await old.close();
  const opened = await openPostgres(url.href);
  await expect(createPostgresLease({ database: opened, world: "held" }).acquire("new")).rejects.toThrow("owned by one of then");
  const lease = createPostgresLease({ database: opened, world: "free" });
  expect(await lease.acquire("new")).toEqual({ epoch: 8 });
  const log = await openPostgresChangeLog({ database: opened, world: "free" });
  expect(await log.lastRevision()).toBe(2);
  await expect(log.append(entries(3, 1), { expectedRevision: 2, leaseEpoch: 7 })).rejects.toMatchObject({ code: "DW_FENCED" });
  await log.append(entries(3, 1), { expectedRevision: 2, leaseEpoch: 8 });
  await lease.release();
  await opened.close();
});

test("[ST20] followers are told of what others append, also after PostgreSQL restarted, and nothing acknowledged is lost in its crash", async () => {
  const world = newWorld();
  const [writer, reader] = [await openPostgresChangeLog({ database, world }), await openPostgresChangeLog({ database, world })];
  let told = 0;
  const stop = await reader.follow(() => told++);
  const heard = async (revision: number): Promise<void> => {
    await eventually(async () => (told > 0 && (await reader.lastRevision().catch(() => 0)) === revision ? true : undefined));
    told = 0;
  };
  await writer.append(entries(1, 3), { expectedRevision: 0, leaseEpoch: 1 });
  await heard(3);
  await server.kill();
  await expect(writer.append(entries(4, 1), { expectedRevision: 3, leaseEpoch: 1 })).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  await server.start();
  expect(await eventually(async () => (await writer.lastRevision().catch(() => undefined)) ?? undefined)).toBe(3);
  await writer.append(entries(4, 1), { expectedRevision: 3, leaseEpoch: 1 });
  await heard(4);
  await stop();
});

test("[ST21] a wrong password, an unreachable server and tables of a newer format are one clear error each, without the password", async () => {
  const wrong = server.url.replace("only-for-tests", "secret-word");
  await expect(openPostgres(wrong)).rejects.toMatchObject({ code: "DW_UNAVAILABLE", message: expect.not.stringContaining("secret-word") });
  await expect(openPostgres("postgres://x:secret-word@127.0.0.1:1/none")).rejects.toMatchObject({
    code: "DW_UNAVAILABLE",
    message: expect.stringMatching(/ECONNREFUSED.*127\.0\.0\.1:1\/none/),
  });
  await database.query("UPDATE doppelwerk.format SET version = 99");
  await expect(openPostgres(server.url)).rejects.toMatchObject({ code: "DW_FORMAT_NEWER" });
  await database.query("UPDATE doppelwerk.format SET version = 2");
});

function entries(first: number, count: number): readonly LogEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    v: 1,
    revision: first + i,
    time: first + i,
    branch: LIVE,
    actor: "a",
    reason: "test",
    changes: [],
    hash: GENESIS_HASH,
  }));
}

async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come to pass within 30 s");
}

/** A cable that can be pulled: connections stay open and nothing passes. */
async function startProxy(to: number) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const proxy: Server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => void (isCut || into.write(bytes)));
      from.on("error", () => into.destroy());
      from.on("close", () => into.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    port: (proxy.address() as { port: number }).port,
    cut: () => void (isCut = true),
    /** What was on its way is lost with its connections. */
    mend() {
      isCut = false;
      for (const socket of sockets) socket.destroy();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
