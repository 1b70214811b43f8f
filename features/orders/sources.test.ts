import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Client } from "@doppelwerk/client";
import type { HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startPostgres, type PostgresServer } from "../../scripts/postgres-server.ts";
import { need } from "../../scripts/services.ts";
import * as calls from "./calls.ts";
import type { SourceState } from "./contract.ts";
import { writeXml } from "./model/b2mml/document.ts";
import { scheduleOf } from "./model/b2mml/schedule.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-order-sources-"));
const drop = join(folder, "drop");
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let ada: Client;

async function open(): Promise<void> {
  site = await openProduct(join(folder, "data"), { fileFolders: [drop] });
  ada = await clientAs(site, "ada", "administrator", closes);
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}
beforeAll(async () => {
  mkdirSync(join(drop, "orders"), { recursive: true });
  await open();
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Session {
  /** Resolves once it was answered, to what it printed. */
  run(sql: string): Promise<string>;
  end(): Promise<void>;
}

/** A session of psql, which may hold a transaction open. */
function session(url: string): Session {
  const child = spawn(join(dirname(need("postgres")), "psql"), ["-qAtX", url], { stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  let asked = 0;
  return {
    async run(sql) {
      const mark = `done ${++asked}`;
      child.stdin.write(`${sql};\n\\echo ${mark}\n`);
      await vi.waitUntil(() => printed.includes(`${mark}\n`), { timeout: 60_000 });
      const [answer = ""] = printed.split(mark);
      printed = "";
      return answer.trim();
    },
    end: () =>
      new Promise((done) => {
        child.once("exit", () => done());
        child.stdin.end();
      }),
  };
}

const row = (nr: string, pieces: number, kind = "create"): string =>
  `insert into jobs (nr, line, item, pieces, due, kind, ops) values ('${nr}', 'Line1', 'WM7', ${pieces}, '2026-12-01 10:00+01', '${kind}', '[{"operation":10,"station":"S10"}]')`;

/** As a careful writer leaves it: whole, under its name, and not of this moment. */
function leave(name: string, text: string | Uint8Array, at = join(drop, "orders")): void {
  writeFileSync(join(at, `.${name}`), text);
  utimesSync(join(at, `.${name}`), new Date(), new Date(Date.now() - 5_000));
  renameSync(join(at, `.${name}`), join(at, name));
}
const numbers = async (): Promise<readonly string[]> =>
  (await calls.list(ada, { query: {} })).orders.map(({ number }) => number).toSorted();
const stateOf = async (id: string): Promise<SourceState> => (await calls.sources(ada)).find((source) => source.id === id)! as SourceState;
const add = (fields: object, secret?: string) =>
  calls.addSource(ada, { body: { fields: fields as never, ...(secret !== undefined && { secret }) } });

test("[OR8] files of a folder are taken whole: CSV with semicolons and decimal commas, JSON, and B2MML 7; a bad one is moved aside with the reasons, and nothing of it is taken", async () => {
  const { id } = await add({ kind: "folder", name: "drop", path: join(drop, "orders"), intervalS: 0.2 });
  leave("1.csv", '\uFEFForder;line;product;quantity;due\r\nF-1;Line1;WM7;"12,5";2026-12-01T10:00:00+01:00\r\nF-2;Line1;"a;b";3;\r\n');
  leave("2.json", JSON.stringify([{ number: "F-3", line: "Line1", product: "WM7", quantity: 4, unknown: true }]));
  const order = {
    number: "F-4",
    line: "Line1",
    product: "WM7",
    quantity: 5,
    unit: "PCE",
    state: "released",
    operations: [],
    materials: [],
  } as const;
  leave("3.xml", writeXml("OperationsSchedule", scheduleOf({ id: "S", publishedAt: 1_795_000_000_000_000 }, [order])));
  leave("4.csv", "order,line,product,quantity\nF-5,Line1,WM7,1\nF-6,Line1,WM7,plenty\n");
  leave("5.xml", '<ProductionSchedule xmlns="http://www.wbf.org/xml/B2MML-V0401"/>');
  leave("6.csv", new Uint8Array([0x6f, 0xff, 0xfe]));
  leave("7.csv", "order,line,product,quantity\n");
  await expect.poll(numbers, WAIT).toEqual(["F-1", "F-2", "F-3", "F-4"]);
  await expect
    .poll(() => readdirSync(join(drop, "orders", "bad")).toSorted(), WAIT)
    .toEqual(["4.csv", "5.xml", "6.csv", "7.csv"].flatMap((name) => [name, `${name}.reason.txt`]));
  expect(readdirSync(join(drop, "orders", "done")).toSorted()).toEqual(["1.csv", "2.json", "3.xml"]);
  expect(readFileSync(join(drop, "orders", "bad", "4.csv.reason.txt"), "utf8")).toMatch(/4\.csv, 3: .*quantity.*plenty/);
  expect(readFileSync(join(drop, "orders", "bad", "5.xml.reason.txt"), "utf8")).toMatch(/4\.01/);
  const { orders } = await calls.list(ada, { query: {} });
  expect(orders.find(({ number }) => number === "F-1")?.fields).toMatchObject({
    quantity: 12.5,
    due: Date.parse("2026-12-01T09:00:00Z") * 1_000,
  });
  expect(await stateOf(id)).toMatchObject({ state: "connected", taken: 4, refused: 4 });
});

test("[OR8] the same content twice counts once, a name that comes again with other content is taken, and a file that is written still waits", async () => {
  const [{ id }] = (await calls.sources(ada)) as [SourceState];
  leave("1.csv", '\uFEFForder;line;product;quantity;due\r\nF-1;Line1;WM7;"12,5";2026-12-01T10:00:00+01:00\r\nF-2;Line1;"a;b";3;\r\n');
  leave("2.csv", "order,line,product,quantity\nF-1,Line1,WM7,13\n");
  writeFileSync(join(drop, "orders", "3.csv"), "order,line,product,quantity\nF-7,Line1,WM7,1\n");
  utimesSync(join(drop, "orders", "3.csv"), new Date(), new Date(Date.now() + 3_600_000));
  await expect
    .poll(async () => (await calls.list(ada, { query: {} })).orders.find(({ number }) => number === "F-1")?.fields.quantity, WAIT)
    .toBe(13);
  expect(await stateOf(id)).toMatchObject({ taken: 5, duplicates: 2 });
  expect(await numbers()).not.toContain("F-7");
  expect(existsSync(join(drop, "orders", "done", "1-2.csv"))).toBe(true);
});

test("[OR8] a folder that the server may not read, and a link that leads out of one, are not looked into", async () => {
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync(join(folder, "elsewhere"), join(drop, "out"));
  for (const path of [join(folder, "elsewhere"), join(drop, "out"), join(drop, "none"), "/etc"]) {
    const { id } = await add({ kind: "folder", name: "outside", path });
    await expect.poll(async () => (await stateOf(id)).reason?.code, WAIT).toBe("orders.fault.folder");
    await calls.removeSource(ada, { params: { source: id } });
  }
  expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
});

test("[OR8] files of a folder that is left as it is are taken once, over a restart too", async () => {
  mkdirSync(join(drop, "left"));
  const { id } = await add({ kind: "folder", name: "left", path: join(drop, "left"), intervalS: 0.2, leaveFiles: true, prefix: "orders-" });
  leave("orders-1.csv", "order,line,product,quantity\nL-1,Line1,WM7,1\n", join(drop, "left"));
  leave("stock-1.csv", "order,line,product,quantity\nL-9,Line1,WM7,1\n", join(drop, "left"));
  await expect.poll(numbers, WAIT).toContain("L-1");
  await close();
  await open();
  leave("orders-2.csv", "order,line,product,quantity\nL-2,Line1,WM7,1\n", join(drop, "left"));
  await expect.poll(numbers, WAIT).toContain("L-2");
  expect(await stateOf(id)).toMatchObject({ taken: 2, duplicates: 0 });
  expect(await numbers()).not.toContain("L-9");
  expect(readdirSync(join(drop, "left")).toSorted()).toEqual(["orders-1.csv", "orders-2.csv", "stock-1.csv"]);
});

test("[OR9] rows of a PostgreSQL table are read in a read-only transaction, once each over a restart; a row committed late is not lost, a database that is away is waited for", async () => {
  const server: PostgresServer = await startPostgres();
  const { username, password, port } = new URL(server.url);
  const db = session(server.url);
  await db.run(
    "create table jobs (seq bigserial primary key, nr text, line text, item text, pieces numeric, due timestamptz, kind text, ops jsonb)",
  );
  const other = session(server.url);
  await db.run(row("S-1", 7));
  // takes its number now, and is committed behind later ones
  await other.run(`begin; ${row("S-2", 8)}`);
  await db.run(row("S-3", 9));
  const fields = {
    kind: "sql",
    name: "MES",
    url: `postgres://127.0.0.1:${port}/postgres`,
    user: username,
    query: "select * from jobs where seq > $1",
    intervalS: 1,
    tls: false,
    fields: { number: "nr", product: "item", quantity: "pieces", operations: "ops" },
  };
  const refused = await add(fields, decodeURIComponent(password));
  await expect.poll(async () => (await stateOf(refused.id)).reason?.code, WAIT).toBe("connectors.addressPrivate");
  await calls.removeSource(ada, { params: { source: refused.id } });
  const { id } = await add({ ...fields, allowPrivate: true }, decodeURIComponent(password));
  await expect.poll(numbers, WAIT).toEqual(expect.arrayContaining(["S-1", "S-3"]));
  await other.run("commit");
  await other.end();
  await expect.poll(numbers, WAIT).toContain("S-2");
  const { orders } = await calls.list(ada, { query: {} });
  expect(orders.find(({ number }) => number === "S-1")?.fields).toMatchObject({
    quantity: 7,
    due: Date.parse("2026-12-01T09:00:00Z") * 1_000,
    operations: [{ operation: "10", station: "S10" }],
  });
  await db.end();
  await server.kill();
  await expect.poll(async () => (await stateOf(id)).state, WAIT).toBe("failing");
  await close();
  await server.start();
  await open();
  const again = session(server.url);
  await again.run(row("S-1", 7, "cancel"));
  await expect
    .poll(async () => (await calls.list(ada, { query: {} })).orders.find(({ number }) => number === "S-1")?.state, WAIT)
    .toBe("cancelled");
  expect(await stateOf(id)).toMatchObject({ taken: 4, duplicates: 0, refused: 0 });
  // a query that writes is refused by the database
  const writing = await add(
    {
      ...fields,
      name: "writes",
      allowPrivate: true,
      query: "select nextval('jobs_seq_seq') as taken, jobs.* from jobs where seq > $1",
    },
    decodeURIComponent(password),
  );
  await expect.poll(async () => JSON.stringify((await stateOf(writing.id)).reason ?? ""), WAIT).toMatch(/read-only/);
  expect(await again.run("select count(*) from jobs")).toBe("4");
  await again.end();
  await calls.removeSource(ada, { params: { source: writing.id } });
  await calls.removeSource(ada, { params: { source: id } });
  await server.stop();
}, 600_000);

test("[OR4] a query that is not one SELECT, and an address of a database with a password in it, are refused", async () => {
  const fields = { kind: "sql", name: "x", url: "postgres://db.example/mes", user: "x", query: "select * from jobs where seq > $1" };
  for (const wrong of [
    { query: "delete from jobs" },
    { query: "select * from jobs" },
    { url: "postgres://ada:secret@db.example/mes" },
    { url: "mysql://db.example/mes" },
  ])
    await expect(add({ ...fields, ...wrong })).rejects.toMatchObject({ code: "DW_INVALID" });
});
