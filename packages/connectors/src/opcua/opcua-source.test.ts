import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AttributeIds, OPCUACertificateManager, OPCUAClient } from "node-opcua";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { formatAddress } from "./address.ts";
import { browseServer } from "./browse.ts";
import { createOpcuaSource, type OpcuaSourceOptions } from "./opcua-source.ts";
import { RETRY_MS } from "../samples/session-source.ts";
import { startProxy } from "../samples/test-proxy.ts";
import { startServerProcess, type ServerProcess } from "./test-plant.ts";
import { TEST_NAMESPACE, type TestServerOptions, type TestVariable } from "./test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-opcua-"));
const pkiFolder = join(folder, "server-pki");
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const connection = (url: string): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "opcua",
  url,
  enabled: true,
});
const address = (name: string): string => formatAddress(TEST_NAMESPACE, `s=${name}`);
const signal = (name: string, more: Partial<SignalRecord> = {}): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  address: address(name),
  ...more,
});

/** Kills of the server; the long form of the test has ten. */
const ROUNDS = process.env["SOAK"] === undefined ? 2 : 10;
/** The first value after the server's return, milliseconds; only the long form, which is not judged on a busy machine, holds it against the bar. */
const slowest = (backMs: readonly number[]): number => (process.env["SOAK"] === undefined ? 0 : Math.max(...backMs));
/** How long the way stays cut after the loss was seen; the long form a minute. */
const CUT_MS = process.env["SOAK"] === undefined ? 0 : 60_000;

const contractVariables: readonly TestVariable[] = [
  { name: "number", value: 1 },
  { name: "count", dataType: "UInt16", value: 0 },
  { name: "flag", dataType: "Boolean", value: false },
  { name: "word", dataType: "String", value: "" },
];

sampleSourceContract("OPC UA", async () => {
  const server = await startServerProcess({ pkiFolder, variables: contractVariables });
  let numberNow: unknown = 1;
  return {
    source: (signals) =>
      createOpcuaSource(connection(server.url), signals, {
        clock: wallClock,
        dataDir: folder,
        graceMs: 300,
        retryMs: { first: 50, most: 200 },
      }),
    address,
    set(name, value) {
      if (name === "number") numberNow = value;
      server.set(name, value);
    },
    setWrongType: (name) => server.set(name, "no number", { dataType: "String" }),
    vanish: () => server.kill(),
    comeBack: () =>
      server.restart({
        variables: contractVariables.map((variable) => (variable.name === "number" ? { ...variable, value: numberNow } : variable)),
      }),
    stop: () => server.stop(),
  };
});

describe("OPC UA source", () => {
  let stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  async function plant(options: Omit<TestServerOptions, "pkiFolder">): Promise<ServerProcess> {
    const server = await startServerProcess({ pkiFolder, ...options });
    stops.push(() => server.stop());
    return server;
  }

  async function listen(server: ServerProcess, signals: readonly SignalRecord[], options: Partial<OpcuaSourceOptions> = {}) {
    const source = createOpcuaSource(connection(server.url), signals, {
      clock: wallClock,
      dataDir: folder,
      graceMs: 300,
      retryMs: { first: 50, most: 200 },
      ...options,
    });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.states().includes("connected"), "connected");
    return { source, recorder };
  }

  test("[C10] monitored items and history are asked for within the limits the server declares", async () => {
    const variables = Array.from({ length: 23 }, (_, i) => ({ name: `v${i}`, value: i, archive: [[1_700_000_000_000 + i, i] as const] }));
    const server = await plant({
      variables,
      operationLimits: { maxMonitoredItemsPerCall: 5, maxNodesPerHistoryReadData: 2, maxNodesPerRead: 1 },
    });
    const { source, recorder } = await listen(
      server,
      variables.map((variable) => signal(variable.name)),
    );
    await recorder.until(() => variables.every((_, i) => recorder.of(i).some((sample) => sample.value === i)), "all values");
    const before = recorder.samples.length;
    const result = await source.backfill(1_699_999_000_000_000, 1_700_001_000_000_000);
    expect(result).toEqual({ samples: 23, withoutHistory: [], failed: [] });
    const read = recorder.samples.slice(before).map((sample) => [sample.signal, sample.value, sample.sourceTime]);
    // this server refuses two nodes in one HistoryRead although it declares two
    expect(read.toSorted((a, b) => a[0]! - b[0]!)).toEqual(variables.map((_, i) => [i, i, (1_700_000_000_000 + i) * 1000]));
  });

  test("[C11] a queue that overflowed at the server is a counted notice, and the values that came are samples", async () => {
    const server = await plant({ variables: [{ name: "fast", value: 0 }] });
    const { recorder } = await listen(server, [signal("fast")], { queueSize: 2, publishingIntervalMs: 500 });
    await recorder.until(() => recorder.of(0).length > 0, "first value");
    for (let i = 1; i <= 40; i++) server.set("fast", i);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 40, "the last value");
    const dropped = recorder.notices.filter((notice) => notice.kind === "dropped");
    expect(dropped.length).toBeGreaterThan(0);
    expect(recorder.of(0).length).toBeLessThan(40);
  });

  test("[C12] a server killed and started again is subscribed anew, and the gap is filled from its archive", async () => {
    const variables: TestVariable[] = [
      { name: "a", value: 1 },
      { name: "b", value: 1 },
    ];
    const server = await plant({ variables });
    const signals = [signal("a"), signal("b", { valueType: "integer", role: "Total" })];
    // in the long form with the pauses that plants are tried again with
    const { recorder } = await listen(server, signals, process.env["SOAK"] === undefined ? {} : { retryMs: RETRY_MS });
    const backMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.good, "good");
      server.set("a", 100 + round);
      await recorder.until(() => recorder.of(0).at(-1)?.value === 100 + round, "the value");
      await server.kill();
      const killedAt = Date.now();
      await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
      const archive = Array.from({ length: 10 }, (_, i) => [killedAt + i, 1000 * (round + 1) + i] as const);
      await server.restart({ variables: variables.map((variable) => ({ ...variable, archive })) });
      const back = performance.now();
      await recorder.until(() => [0, 1].every((i) => recorder.of(i).at(-1)?.quality === quality.good), "the first values");
      backMs.push(performance.now() - back);
      await recorder.until(
        () =>
          archive.every(([time, value]) =>
            [0, 1].every((i) => recorder.of(i).some((s) => s.value === value && s.sourceTime === time * 1000)),
          ),
        "the gap",
      );
    }
    expect(recorder.states().filter((state) => state === "connected")).toHaveLength(ROUNDS + 1);
    expect(slowest(backMs)).toBeLessThan(5_000);
    server.set("b", 7);
    await recorder.until(() => recorder.of(1).at(-1)?.value === 7, "a change after all restarts");
  });

  test("[C182] the gap is read from when something was heard last, and again from there where the next loss came before it was read", async () => {
    const server = await plant({ variables: [{ name: "a", value: 1 }] });
    const proxy = await startProxy(Number(new URL(server.url).port));
    stops.push(() => proxy.stop());
    const { recorder } = await listen({ ...server, url: `opc.tcp://127.0.0.1:${proxy.port}` }, [signal("a")], { silenceMs: 600 });
    server.set("a", 2);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "the value");
    const heardAt = Date.now();
    proxy.stall();
    await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
    await server.kill();
    // five seconds are read twice: these lie in them by a hair, and do not where they are counted from the noticing, or from the next loss
    const archive = Array.from({ length: 10 }, (_, n) => [heardAt - 4_900 + n, 100 + n] as const);
    for (let life = 1; life <= 2; life++) {
      await server.restart({ variables: [{ name: "a", value: 1, archive }] });
      proxy.mend();
      await recorder.until(() => recorder.states().filter((state) => state === "connected").length === life + 1, "the return");
      if (life === 1) await server.kill();
      if (life === 1) await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the next loss");
    }
    await recorder.until(
      () => archive.every(([time, value]) => recorder.of(0).some((s) => s.value === value && s.sourceTime === time * 1_000)),
      "the gap",
    );
  });

  for (const way of ["cut", "stall"] as const)
    test(`[C150] a way that is ${way === "cut" ? "cut" : "silent"} and mended: the session goes on, and every change that the server queued meanwhile arrives`, async () => {
      const server = await plant({
        variables: [
          { name: "a", value: 0 },
          { name: "still", value: 5 },
        ],
        saysStanding: false,
      });
      const proxy = await startProxy(Number(new URL(server.url).port));
      stops.push(() => proxy.stop());
      const { recorder } = await listen({ ...server, url: `opc.tcp://127.0.0.1:${proxy.port}` }, [signal("a"), signal("still")], {
        silenceMs: 600,
        connectTimeoutMs: 500,
      });
      await recorder.until(() => recorder.of(1).at(-1)?.quality === quality.good, "the first values");
      for (let round = 1; round <= ROUNDS; round++) {
        proxy[way]();
        await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
        const queued = Array.from({ length: 20 }, (_, i) => round * 1000 + i);
        // as old as after a long cut, in the short form too
        const begin = Date.now() - 50_000;
        for (const [n, value] of queued.entries()) server.set("a", value, { sourceTime: begin + n });
        await sleep(CUT_MS);
        proxy.mend();
        await recorder.until(() => queued.every((value) => recorder.of(0).some((sample) => sample.value === value)), "what was queued");
        await recorder.until(() => recorder.of(1).at(-1)?.quality === quality.good, "the standing value");
        const told = recorder.of(0).filter(({ value, quality: worth }) => queued.includes(value) && worth === quality.good);
        for (const [n, value] of queued.entries())
          expect(told.find((sample) => sample.value === value)?.sourceTime, `value ${value}`).toBe((begin + n) * 1_000);
      }
      expect(recorder.notices.filter(({ kind }) => kind === "clockOffset")).toEqual([]);
      server.set("a", 7);
      await recorder.until(() => recorder.of(0).at(-1)?.value === 7, "a change after all of them");
      expect(recorder.notices.filter(({ kind }) => kind === "dropped")).toEqual([]);
    });

  test("[C174] a server of 10,000 nodes that answers slowly is browsed and heard whole, and left at once while it still answers", async () => {
    const variables = Array.from({ length: 10_000 }, (_, i) => ({ name: `v${i}`, value: i }));
    const server = await plant({ variables });
    const proxy = await startProxy(Number(new URL(server.url).port));
    stops.push(() => proxy.stop());
    proxy.slow(40);
    const url = `opc.tcp://127.0.0.1:${proxy.port}`;
    const found = await browseServer(url, { dataDir: folder });
    expect([found.drafts.length, found.truncated]).toEqual([10_000, false]);
    const signals = variables.map(({ name }) => signal(name));
    const { recorder } = await listen({ ...server, url }, signals);
    const heard = new Set<number>();
    let read = 0;
    const all = (): boolean => {
      for (; read < recorder.samples.length; read++)
        if (recorder.samples[read]!.quality === quality.good) heard.add(recorder.samples[read]!.signal);
      return heard.size === 10_000;
    };
    await recorder.until(all, "every value");
    server.set("v9999", -1);
    await recorder.until(() => recorder.samples.at(-1)?.value === -1, "a change");
    proxy.slow(20_000);
    const late = createOpcuaSource(connection(url), signals, { clock: wallClock, dataDir: folder });
    await late.start(createRecorder());
    await sleep(50);
    // it waits for an answer that will not come for long
    const ended = await Promise.race([late.close().then(() => "ended"), sleep(10_000).then(() => "still there")]);
    expect(ended).toBe("ended");
    proxy.mend();
  });

  test("[C159] a server that was started anew and gives the token of our session to another client: his session stays his, and we get a new one", async () => {
    const server = await plant({ variables: [{ name: "a", value: 1 }], countsTokens: true });
    const proxy = await startProxy(Number(new URL(server.url).port));
    stops.push(() => proxy.stop());
    const { recorder } = await listen({ ...server, url: `opc.tcp://127.0.0.1:${proxy.port}` }, [signal("a")]);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 1, "the first value");
    proxy.cut();
    await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
    await server.kill();
    await server.restart({ variables: [{ name: "a", value: 2 }] });
    const client = OPCUAClient.create({
      endpointMustExist: false,
      clientCertificateManager: new OPCUACertificateManager({ rootFolder: join(folder, "pki", "opcua") }),
    });
    await client.connect(server.url);
    const session = await client.createSession();
    stops.push(async () => {
      await session.close();
      await client.disconnect();
    });
    // the same client certificate and no user: the server has nothing to distinguish them by
    let moved = 0;
    session.on("session_closed", () => moved++);
    client.on("connection_reestablished", () => moved++);
    const start = async () => (await session.read({ nodeId: "i=2257", attributeId: AttributeIds.Value })).statusCode.name;
    expect(await start()).toBe("Good");
    proxy.mend();
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "the value of the new server");
    expect(await start()).toBe("Good");
    expect(moved).toBe(0);
    server.set("a", 3);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 3, "a change");
  });

  test("[C151] a session that is gone: the subscription is transferred to a new one, or made anew where the server refuses", async () => {
    for (const transfer of [true, false]) {
      const server = await plant({ variables: [{ name: "a", value: 0 }], transfer });
      const proxy = await startProxy(Number(new URL(server.url).port));
      stops.push(() => proxy.stop());
      const { recorder } = await listen({ ...server, url: `opc.tcp://127.0.0.1:${proxy.port}` }, [signal("a")]);
      await recorder.until(() => recorder.of(0).length > 0, "the first value");
      proxy.cut();
      await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
      for (const value of [1, 2, 3]) server.set("a", value);
      await server.endSessions();
      proxy.mend();
      await recorder.until(() => recorder.of(0).some(({ value, quality: q }) => value === 3 && q === quality.good), "the last value");
      expect(recorder.of(0).some(({ value }) => value === 2)).toBe(transfer);
    }
  });

  test("[C13] history comes complete over many pages, and a sample read twice is the same sample", async () => {
    const start = 1_700_000_000_000;
    const archive = Array.from({ length: 70_500 }, (_, i) => [start + i * 100, (i % 977) / 8] as const);
    const server = await plant({
      variables: [
        { name: "long", archive },
        { name: "short", archive: archive.slice(0, 3) },
      ],
    });
    const { source, recorder } = await listen(server, [signal("long"), signal("short")]);
    await recorder.until(() => recorder.samples.length >= 2, "live values");
    recorder.samples.length = 0;
    const result = await source.backfill(start * 1000, (start + 70_500 * 100) * 1000);
    expect(result.samples).toBe(70_503);
    const first = recorder.of(0).map((sample) => [sample.sourceTime, sample.value, sample.quality]);
    expect(first).toEqual(archive.map(([time, value]) => [time * 1000, value, quality.good]));
    recorder.samples.length = 0;
    await source.backfill(start * 1000, (start + 70_500 * 100) * 1000);
    expect(recorder.of(0).map((sample) => [sample.sourceTime, sample.value, sample.quality])).toEqual(first);
  });

  test("[C176] continuation points that are places in the range asked for lead to the end, beside nodes that are read from other times on", async () => {
    const start = 1_700_000_000_000;
    const archive = Array.from({ length: 250 }, (_, i) => [start + i * 1000, i] as const);
    const names = ["a", "b", "c"];
    const server = await plant({ variables: names.map((name) => ({ name, archive, archivePage: 40 })) });
    const from = [0, 100, 100].map((n) => (start + n * 1000) * 1000);
    const { recorder } = await listen(
      server,
      names.map((name) => signal(name)),
      { backfillFrom: Float64Array.from(from) },
    );
    await recorder.until(() => recorder.notices.some((notice) => notice.kind === "backfill" && notice.finished), "the end");
    for (const n of names.keys())
      expect(recorder.of(n).flatMap(({ sourceTime, value }) => (sourceTime < 1_700_001_000_000_000 ? [value] : []))).toEqual(
        archive.flatMap(([time, value]) => (time * 1000 >= from[n]! ? [value] : [])),
      );
  });

  test("[C14] states, counters and events are read before process values, and the progress is told", async () => {
    const archive = [
      [1_700_000_000_000, 1],
      [1_700_000_001_000, 2],
    ] as const;
    const server = await plant({ variables: ["temperature", "state", "pressure", "total"].map((name) => ({ name, archive })) });
    const signals = [
      signal("temperature"),
      signal("state", { valueType: "enumeration" }),
      signal("pressure"),
      signal("total", { counter: { type: "totaliser", width: 16 } }),
    ];
    const { recorder } = await listen(server, signals, { backfillFrom: 1_699_999_000_000_000 });
    await recorder.until(
      () => recorder.samples.filter((sample) => sample.sourceTime < 1_800_000_000_000_000 && sample.value === 2).length === 4,
      "history",
    );
    await recorder.until(() => recorder.notices.some((notice) => notice.kind === "backfill" && notice.finished), "the end");
    const progress = recorder.notices.flatMap((notice) =>
      notice.kind === "backfill" ? [[notice.done, notice.urgent, notice.samples, notice.finished]] : [],
    );
    expect(progress).toEqual([
      [0, false, 0, false],
      [2, true, 4, false],
      [4, true, 8, true],
    ]);
    const order = recorder.samples.filter((sample) => sample.sourceTime <= 1_700_000_001_000_000).map((sample) => sample.signal);
    expect(order).toEqual([1, 1, 3, 3, 0, 0, 2, 2]);
  });

  test("[C15] a server without history is told once and changes nothing else, also where it refuses the call as a whole", async () => {
    const refusing = await plant({ variables: ["a", "b", "c"].map((name) => ({ name })), refusesHistory: true });
    const signals = ["a", "b", "c"].map((name) => signal(name));
    const whole = await listen(refusing, signals, { backfillFrom: 1_699_999_000_000_000 });
    const server = await plant({ variables: [{ name: "a", value: 5 }] });
    const { recorder } = await listen(server, [signal("a")], { backfillFrom: 1_699_999_000_000_000 });
    for (const [heard, count] of [
      [whole.recorder, 3],
      [recorder, 1],
    ] as const)
      await heard.until(
        () => heard.notices.some((notice) => notice.kind === "finding" && notice.message.includes(`no history of ${count} of ${count}`)),
        "the finding",
      );
    server.set("a", 6);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 6, "live goes on");
  });

  test("[C8] a station whose clock is 37 s ahead is told, and its times are corrected live and in its archive", async () => {
    const ahead = 37_000;
    const archiveTime = Date.now() - 3_600_000;
    const server = await plant({ variables: [{ name: "a" }, { name: "b", archive: [[archiveTime + ahead, 5]] }, { name: "c" }] });
    const { source, recorder } = await listen(server, [
      signal("a", { shell: "S050" }),
      signal("b", { shell: "S050" }),
      signal("c", { shell: "S060" }),
    ]);
    for (let i = 1; i <= 12; i++) {
      server.set("a", i, { sourceTime: Date.now() + ahead });
      server.set("c", i);
      await recorder.until(() => recorder.of(0).at(-1)?.value === i && recorder.of(2).at(-1)?.value === i, "the value");
    }
    expect(recorder.notices.filter((notice) => notice.kind === "clockOffset")).toEqual([
      { kind: "clockOffset", source: "S050", offsetS: 37, at: expect.any(Number) },
    ]);
    for (const sample of recorder.of(0)) expect(sample.sourceTime).toBeLessThanOrEqual(sample.serverTime);
    expect(Math.abs(recorder.of(0).at(-1)!.sourceTime - recorder.of(2).at(-1)!.sourceTime)).toBeLessThan(500_000);
    expect(recorder.of(0).at(-1)!.quality).toBe(quality.good);
    await source.backfill((archiveTime - 1000) * 1000, (archiveTime + 1000) * 1000);
    expect(recorder.of(1).at(-1)).toMatchObject({ value: 5, sourceTime: archiveTime * 1000 });
  });

  test("[C9] a value without a credible source time has the server's time and is uncertain; NaN, infinity, arrays and bad status carry no number", async () => {
    const server = await plant({
      variables: [
        { name: "a", value: 1 },
        { name: "b", value: 1 },
      ],
    });
    const { recorder } = await listen(server, [signal("a"), signal("b")]);
    await recorder.until(() => recorder.samples.length >= 2, "first values");
    server.set("a", 2, { sourceTime: Date.UTC(1601, 0, 1) });
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "1601");
    expect(recorder.of(0).at(-1)!.quality).toBe(quality.uncertain);
    expect(Math.abs(recorder.of(0).at(-1)!.sourceTime - recorder.of(0).at(-1)!.serverTime)).toBe(0);
    server.set("b", 3, { statusCode: 0x40900000 });
    await recorder.until(() => recorder.of(1).at(-1)?.value === 3, "uncertain status");
    expect(recorder.of(1).at(-1)!.quality).toBe(quality.uncertain);
    server.set("b", "Infinity", { dataType: "Double" });
    await recorder.until(() => recorder.of(1).at(-1)?.quality === quality.bad, "infinity");
    expect(recorder.of(1).at(-1)!.value).toBeNaN();
  });
});
