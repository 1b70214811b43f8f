import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { startProxy } from "../samples/test-proxy.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { LineSplitter, parseShdrLine } from "./shdr-line.ts";
import { shdrConnector } from "./shdr-source.ts";

const fast = { clock: wallClock, dataDir: "", graceMs: 300, retryMs: { first: 50, most: 200 } };
const connection = (port: number): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "shdr",
  url: `shdr://127.0.0.1:${port}`,
  enabled: true,
  settings: { pingMs: 100 },
});

interface Adapter {
  readonly port: number;
  say(line: string): void;
  stop(): Promise<void>;
}

/** An adapter: says what stands to whoever connects, answers pings when it has a heartbeat. */
async function startAdapter(standing: () => readonly string[], port = 0, heartbeatMs: number | "none" = 100): Promise<Adapter> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes: Buffer) => heartbeatMs !== "none" && bytes.includes("PING") && socket.write(`* PONG ${heartbeatMs}\n`));
    for (const line of standing()) socket.write(`${line}\n`);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    say(line) {
      for (const socket of sockets) socket.write(`${line}\n`);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const now = (): string => new Date().toISOString();

sampleSourceContract("SHDR adapter", async () => {
  const state = new Map([
    ["number", "1"],
    ["count", "0"],
    ["flag", "OFF"],
    ["word", "a"],
  ]);
  const standing = (): string[] => [`${now()}|${[...state].flat().join("|")}`];
  let adapter = await startAdapter(standing);
  const { port } = adapter;
  return {
    source: (signals) => shdrConnector.open(connection(port), signals, fast),
    address: (name) => name,
    set(name, value) {
      state.set(name, typeof value === "boolean" ? (value ? "ON" : "OFF") : String(value));
      adapter.say(`${now()}|${name}|${state.get(name)}`);
    },
    setWrongType: (name) => adapter.say(`${now()}|${name}|no number`),
    vanish: () => adapter.stop(),
    async comeBack() {
      adapter = await startAdapter(standing, port);
    },
    stop: () => adapter.stop(),
  };
});

describe("SHDR", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  test("[C96] lines of adapters are read as they are: several values, conditions, commands, assets, quoted bars, seven digits of a second", () => {
    expect(parseShdrLine("2022-08-08T13:51:34.7167146Z|a|1|b||c|UNAVAILABLE")).toEqual({
      time: Date.UTC(2022, 7, 8, 13, 51, 34) * 1000 + 716_714,
      waitS: undefined,
      values: [
        { key: "a", text: "1" },
        { key: "b", text: "" },
        { key: "c", text: undefined },
      ],
    });
    expect(parseShdrLine("2022-08-08T13:51:34Z|sys|FAULT|12|3|HIGH|too hot")?.values).toEqual([{ key: "sys", text: "Fault" }]);
    expect(parseShdrLine("2|execution|READY")).toEqual({ time: undefined, waitS: 2, values: [{ key: "execution", text: "READY" }] });
    expect(parseShdrLine('|msg|"a\\|b"')?.values).toEqual([{ key: "msg", text: "a|b" }]);
    for (const line of ["* PONG 10000", "2022-08-08T13:51:34Z|@ASSET@|1|CuttingTool|x", "no line", "", "yesterday|a|1"])
      expect(parseShdrLine(line)).toBeUndefined();
    const splitter = new LineSplitter(100);
    const lines = ["a|b|1\n", "x|@ASSET@|1|T|--multiline--AB\n<t>\na|b|2\n--multiline--AB\n", `${"z".repeat(300)}`, "zz\na|b|3\n"].flatMap(
      (text) => [...splitter.push(text)],
    );
    expect(lines.filter((line) => line.startsWith("a"))).toEqual(["a|b|1", "a|b|3"]);
    expect(splitter.tooLong).toBe(1);
  });

  test("[C97] an adapter that promised a heartbeat and falls silent is lost; one that knows none is not", async () => {
    const quiet = await startAdapter(() => [`${now()}|a|1`], 0, "none");
    stops.push(() => quiet.stop());
    const signals: SignalRecord[] = [{ id: "signal:a", kind: "signal", name: "a", valueType: "double", address: "a" }];
    const steady = shdrConnector.open(connection(quiet.port), signals, fast);
    stops.push(() => steady.close());
    const steadyRecorder = createRecorder();
    await steady.start(steadyRecorder);
    let pongs = 2;
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", () => pongs-- > 0 && socket.write("* PONG 100\n"));
      socket.write(`${now()}|a|5\n`);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    stops.push(() => void server.close());
    const silent = shdrConnector.open(connection((server.address() as { port: number }).port), signals, fast);
    stops.push(() => silent.close());
    const recorder = createRecorder();
    await silent.start(recorder);
    await recorder.until(
      () => recorder.notices.some((notice) => notice.kind === "state" && notice.reason === "the adapter stopped sending"),
      "the silence",
    );
    expect(recorder.of(0)[0]).toMatchObject({ value: 5, quality: quality.good });
    expect(steadyRecorder.states()).toEqual(["connecting", "connected"]);
  });

  test("[C157] a link that is dead without a word is found behind an adapter without heartbeat; one that is only quiet keeps its values good", async () => {
    const adapter = await startAdapter(() => [`${now()}|a|1`], 0, "none");
    const proxy = await startProxy(adapter.port);
    stops.push(
      () => adapter.stop(),
      () => proxy.stop(),
    );
    const signals: SignalRecord[] = [{ id: "signal:a", kind: "signal", name: "a", valueType: "double", address: "a" }];
    const open = async (settings: ConnectionRecord["settings"]) => {
      const source = shdrConnector.open({ ...connection(proxy.port), settings: { pingMs: 100, silentS: 0.3, ...settings } }, signals, fast);
      stops.push(() => source.close());
      const recorder = createRecorder();
      await source.start(recorder);
      return recorder;
    };
    // a slow machine must not make it look dead
    const quiet = await open({ timeoutMs: 60_000 });
    await quiet.until(() => quiet.of(0).length >= 3, "what stands, said on a second and a third link");
    adapter.say(`${now()}|a|2`);
    await quiet.until(() => quiet.of(0).some(({ value }) => value === 2), "a value on the newest link");
    expect(quiet.states()).toEqual(["connecting", "connected"]);
    expect(quiet.of(0).every((sample) => sample.quality === quality.good)).toBe(true);

    const recorder = await open({ timeoutMs: 300 });
    await recorder.until(() => recorder.of(0).length > 0, "a value");
    proxy.stall();
    await recorder.until(
      () => recorder.notices.some((notice) => notice.kind === "state" && notice.reason === "the adapter stopped sending"),
      "the silence",
    );
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "bad behind the dead link");
    expect(recorder.of(0).some((sample) => sample.quality === quality.uncertain)).toBe(true);
    proxy.mend();
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.good, "the value after the return");
  });

  testOnSharedData(
    "[C96] the log of a real machine: every line that is data is read, and discovery names its keys",
    "mtconnect/okuma.txt",
    async (log) => {
      const text = readFileSync(log, "utf8");
      const splitter = new LineSplitter();
      const lines = [...splitter.push(text), ...splitter.end()];
      const parsed = lines.map((line) => parseShdrLine(line));
      const unread = lines.filter((line, at) => parsed[at] === undefined && !/^\*|\|@\w+@/.test(line));
      expect(unread).toEqual([]);
      expect(parsed.filter((line) => line !== undefined).length).toBeGreaterThan(10_000);
      const adapter = await startAdapter(() => lines.slice(0, 200));
      stops.push(() => adapter.stop());
      const found = await shdrConnector.discover(connection(adapter.port), { dataDir: "", listenS: 0.3 });
      expect(found.drafts.find((draft) => draft.address === "pexecution")).toMatchObject({
        valueType: "string",
        example: expect.stringMatching(/READY|ACTIVE/),
      });
      expect(found.drafts.find((draft) => draft.address === "X1load")?.valueType).toBe("double");
    },
  );
});
