import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE } from "@doppelwerk/world";
import { createPostgresLease, openPostgres, type PostgresDatabase } from "@doppelwerk/storage/postgres";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { openWorlds, SYSTEM } from "../compose/index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-postgres-worlds-"));
let server: PostgresServer;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await startPostgres();
  database = await openPostgres(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

const open = () =>
  openWorlds({
    dataDirectory: join(root, "data"),
    logger: pino({ level: "silent" }),
    workers: 1,
    postgres: server.url,
    history: "postgres",
  });
const idOf = (folder: string): string => (JSON.parse(readFileSync(join(folder, "world.json"), "utf8")) as { readonly id: string }).id;

async function rowsOf(id: string): Promise<number> {
  const tables = ["worlds", "changes", "leases", "series", "events"];
  const counts = await Promise.all(
    tables.map((table) => database.query<{ count: string }>(`SELECT count(*) FROM doppelwerk.${table} WHERE world = $1`, [id])),
  );
  return counts.reduce((sum, [row]) => sum + Number(row!.count), 0);
}

test("[WD25] [WD4] worlds in PostgreSQL keep each its own, and one that is deleted leaves no rows, also where the deletion was killed", async () => {
  const worlds = await open();
  const folder = (name: string) => join(root, "data", "worlds", name);
  const write = async (name: string): Promise<void> => {
    const { world, leave } = await worlds.registry.enter(name);
    const signal = { id: `signal:${name}`, kind: "signal", name, valueType: "double" };
    await world.view(SYSTEM).apply({ branch: LIVE, reason: name, changes: [{ op: "create", record: signal }] });
    leave();
  };
  for (const name of ["north", "south", "killed"]) {
    await worlds.registry.create(name);
    await write(name);
  }
  const ids = Object.fromEntries(["north", "south", "killed"].map((name) => [name, idOf(folder(name))])) as Record<string, string>;
  for (const id of Object.values(ids)) expect(await rowsOf(id)).toBeGreaterThan(0);
  await worlds.registry.archive("north");
  const other = createPostgresLease({ database, world: ids["north"]! });
  await other.acquire("another process");
  await expect(worlds.registry.remove("north")).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  expect(worlds.registry.find("north").state).toBe("archived");
  await other.release();
  expect(await worlds.registry.remove("north")).toMatchObject({ name: "north" });
  expect(await rowsOf(ids["north"]!)).toBe(0);
  const { world, leave } = await worlds.registry.enter("south");
  expect(world.view(SYSTEM).reader(LIVE).get("signal:south")).toBeDefined();
  leave();
  await worlds.registry.create("north");
  await write("north");
  await worlds.registry.archive("killed");
  await worlds.close();
  // as a process leaves it that is killed once the folder is renamed
  cpSync(folder("killed"), folder(".gone-killed-1"), { recursive: true });
  rmSync(folder("killed"), { recursive: true });
  const again = await open();
  await again.start();
  expect(await rowsOf(ids["killed"]!)).toBe(0);
  expect(readdirSync(join(root, "data", "worlds")).toSorted()).toEqual(["north", "south"]);
  await again.close();
});
