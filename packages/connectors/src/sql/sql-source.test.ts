import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { sqlConnector } from "./sql-source.ts";

let server: PostgresServer;
let plant: Client;
let tables = 0;
beforeAll(async () => {
  server = await startPostgres();
  plant = new Client({ connectionString: server.url });
  await plant.connect();
});
afterAll(async () => {
  await plant?.end();
  await server?.stop();
});

const secretOf = (): { readonly username: string; readonly password: string } => {
  const url = new URL(server.url);
  return { username: url.username, password: url.password };
};
const timing = { clock: wallClock, dataDir: "", graceMs: 300, retryMs: { first: 50, most: 200 } };
const connection = (port: number, query: string, settings: ConnectionRecord["settings"] = {}): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "counts",
  protocol: "sql",
  url: `postgres://127.0.0.1:${port}/postgres`,
  enabled: true,
  settings: { query, intervalS: 0.05, timeoutMs: 5_000, ...settings },
});

/** A wire that can be cut: what lies behind it goes on. */
async function startWire(target: number, port = 0): Promise<{ readonly port: number; cut(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const wire: Server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        (socket === near ? far : near).destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  wire.listen(port, "127.0.0.1");
  await once(wire, "listening");
  return {
    port: (wire.address() as { port: number }).port,
    async cut() {
      for (const socket of sockets) socket.destroy();
      wire.close();
      await once(wire, "close");
    },
  };
}

sampleSourceContract("SQL query", async () => {
  const table = `now_${++tables}`;
  await plant.query(`create table ${table} (number text, count int, flag boolean, word text)`);
  await plant.query(`insert into ${table} values ('1', 0, false, 'a')`);
  let wire = await startWire(server.port);
  const { port } = wire;
  let cut = false;
  return {
    polled: true,
    source: (signals) => sqlConnector.open(connection(port, `select * from ${table}`), signals, { ...timing, secret: secretOf() }),
    address: (name) => name,
    set: async (name, value) => void (await plant.query(`update ${table} set ${name} = $1`, [name === "number" ? String(value) : value])),
    setWrongType: async () => void (await plant.query(`update ${table} set number = 'no number'`)),
    async vanish() {
      cut = true;
      await wire.cut();
    },
    async comeBack() {
      cut = false;
      wire = await startWire(server.port, port);
    },
    async stop() {
      if (!cut) await wire.cut();
    },
  };
});

describe("SQL query", () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  const signal = (address: string): SignalRecord => ({
    id: `signal:${address}`,
    kind: "signal",
    name: address,
    valueType: "double",
    address,
  });

  async function open(query: string, settings: ConnectionRecord["settings"], signals: readonly SignalRecord[]) {
    const source = sqlConnector.open(connection(server.port, query, settings), signals, { ...timing, secret: secretOf() });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    return recorder;
  }

  test("[C120] only newer rows are asked for: each count once, with the time of its row, however wide its numbers are", async () => {
    await plant.query("create table counts (at timestamptz, machine text, good bigint)");
    await plant.query(
      "insert into counts values ('2026-11-24 10:00:00.123456+01', 'm1', 5), ('2026-11-24 10:01:00+01', 'm2', 9007199254740991)",
    );
    const recorder = await open(
      "select at, machine, good from counts where at > $1::timestamptz order by at",
      { timeColumn: "at", keyColumn: "machine", valueColumn: "good" },
      [signal("m1"), signal("m2")],
    );
    await recorder.until(() => recorder.of(1).length === 1, "the first rows");
    await plant.query("insert into counts values ('2026-11-24 10:02:00+01', 'm1', 6)");
    await recorder.until(() => recorder.of(0).length === 2, "the next row");
    expect(recorder.of(0).map(({ value, sourceTime }) => [value, sourceTime])).toEqual([
      [5, Date.UTC(2026, 10, 24, 9) * 1000 + 123_456],
      [6, Date.UTC(2026, 10, 24, 9, 2) * 1000],
    ]);
    expect(recorder.of(1)).toMatchObject([{ value: 9_007_199_254_740_991, quality: quality.good }]);
  });

  test("[C122] one row from a far future hides none that comes after it, and is taken once", async () => {
    await plant.query("create table clocks (at timestamptz, a int)");
    await plant.query("insert into clocks values (now() - interval '1 hour', 1), ('2199-01-01', 2)");
    const recorder = await open("select at, a from clocks where at > $1::timestamptz order by at", { timeColumn: "at" }, [signal("a")]);
    await recorder.until(() => recorder.of(0).length === 2, "the first rows");
    for (const value of [3, 4, 5]) {
      await plant.query(`insert into clocks values (now() - interval '${10 - value} minutes', ${value})`);
      await recorder.until(() => recorder.of(0).at(-1)?.value === value, `row ${value}`);
    }
    expect(recorder.of(0).map(({ value, quality: worth }) => [value, worth])).toEqual(
      [1, 2, 3, 4, 5].map((value) => [value, value === 2 ? quality.uncertain : quality.good]),
    );
    expect(recorder.notices.filter((notice) => notice.kind === "finding" && notice.message.includes("a day ahead"))).toHaveLength(1);
  });

  test("[C123] more rows than one answer takes are read piece by piece, also where several bear one time; those of one time that are too many are a reason", async () => {
    await plant.query("create table many (at timestamptz, a int)");
    await plant.query(
      "insert into many select '2026-11-24'::timestamptz + (n / 3) * interval '1 second', n from generate_series(0, 99) as n",
    );
    const query = "select at, a from many where at > $1::timestamptz order by a desc -- newest first;";
    const recorder = await open(query, { timeColumn: "at", maxRows: 10 }, [signal("a")]);
    await recorder.until(() => recorder.of(0).length >= 100, "all of them");
    await plant.query("insert into many values ('2026-11-25', 100)");
    await recorder.until(() => recorder.of(0).length >= 101, "the next");
    expect(
      recorder
        .of(0)
        .map(({ value }) => value)
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 101 }, (_, n) => n));
    expect(recorder.states()).toEqual(["connecting", "connected"]);
    await plant.query("insert into many select '2026-11-26', n from generate_series(200, 220) as n");
    await recorder.until(
      () =>
        recorder.notices.some((notice) => notice.kind === "state" && notice.reason === "the query answers 11 rows, more than 10 (maxRows)"),
      "the reason",
    );
    const { port } = server;
    const found = await sqlConnector.discover(connection(port, query, { timeColumn: "at", maxRows: 10 }), {
      dataDir: "",
      secret: secretOf(),
    });
    expect(found.drafts.map(({ address }) => address)).toEqual(["a"]);
    // nothing to go by: the query is asked as it stands
    const odd = 'select at as " at ", a from many where at > $1::timestamptz and a < 5';
    const plain = await open(odd, { timeColumn: "at" }, [signal("a")]);
    await plain.until(() => plain.of(0).length === 5, "a column whose name is odd");
  });

  test("[C121] nothing is written whatever the query says; a wrong password, a slow query and too many rows are each one reason without the password", async () => {
    await plant.query("create table kept (a int)");
    await plant.query("insert into kept values (1)");
    const reasonOf = async (query: string, settings: ConnectionRecord["settings"] = {}, password?: string): Promise<string> => {
      const secret = password === undefined ? secretOf() : { ...secretOf(), password };
      const source = sqlConnector.open(connection(server.port, query, settings), [signal("a")], { ...timing, secret });
      const recorder = createRecorder();
      await source.start(recorder);
      await recorder.until(() => recorder.states().includes("reconnecting"), query);
      await source.close();
      return recorder.notices.flatMap((notice) => (notice.kind === "state" && notice.reason !== undefined ? [notice.reason] : []))[0]!;
    };
    expect(await reasonOf("with gone as (delete from kept returning a) select a from gone")).toContain("read-only transaction");
    expect(await reasonOf("select 1 as a; delete from kept")).toContain("cannot insert multiple commands");
    expect(await reasonOf("select pg_sleep(5), 1 as a", { timeoutMs: 200 })).toMatch(/timeout/i);
    expect(await reasonOf("select generate_series(1, 100) as a", { maxRows: 10 })).toBe(
      "the query answers 100 rows, more than 10 (maxRows)",
    );
    const wrong = await reasonOf("select 1 as a", {}, "falsches-geheimnis");
    expect(wrong).toContain("password, token or certificate was rejected");
    expect(wrong).not.toContain("falsches-geheimnis");
    expect((await plant.query("select count(*)::int as n from kept")).rows[0]).toEqual({ n: 1 });
    const found = await sqlConnector.discover(connection(server.port, "select 1.5 as speed, true as run, now() as time"), {
      dataDir: "",
      secret: secretOf(),
    });
    expect(found.drafts.map(({ address, valueType }) => [address, valueType])).toEqual([
      ["speed", "double"],
      ["run", "boolean"],
    ]);
  });
});
