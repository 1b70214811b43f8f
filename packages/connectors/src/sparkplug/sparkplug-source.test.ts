import { textOf } from "@doppelwerk/messages";
import { afterEach, describe, expect, test } from "vitest";
import { connectAsync } from "mqtt";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { RETRY_MS } from "../samples/session-source.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { sparkplugConnector } from "./sparkplug-connector.ts";
import { createSparkplugSource, type SparkplugSourceOptions } from "./sparkplug-source.ts";
import { encode, startBroker, startEdge, type TestBroker, type TestEdge, type TestMetric } from "./test-broker.ts";

const connection = (url: string): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "sparkplug",
  url,
  enabled: true,
});
const fast = {
  clock: wallClock,
  graceMs: 300,
  retryMs: { first: 50, most: 200 },
  rebirth: { intervalMs: 400, longestMs: 1600, spacingMs: 5 },
};

sampleSourceContract("Sparkplug B", async () => {
  let broker: TestBroker = await startBroker();
  let edge: TestEdge;
  const state = new Map<string, TestMetric>([
    ["number", { name: "number", type: "Double", value: 1 }],
    ["count", { name: "count", type: "UInt16", value: 0 }],
    ["flag", { name: "flag", type: "Boolean", value: false }],
    ["word", { name: "word", type: "String", value: "a" }],
  ]);
  const birth = async (): Promise<void> => {
    await edge.birth([]);
    await edge.deviceBirth("D", [...state.values()]);
  };
  const connect = async (): Promise<void> => {
    edge = await startEdge(broker.url, { group: "G", node: "N", onRebirth: () => void birth() });
    await birth();
  };
  await connect();
  const publish = async (name: string, value: unknown, type = state.get(name)!.type): Promise<void> => {
    const metric = { name, type, value } as TestMetric;
    if (type === state.get(name)!.type) state.set(name, metric);
    if (edge.client.connected) await edge.data("D", [metric]);
  };
  return {
    source: (signals) => createSparkplugSource(connection(broker.url), signals, fast),
    address: (name) => `G/N/D/${name}`,
    set: (name, value) => publish(name, value),
    setWrongType: (name) => publish(name, "no number", "String"),
    async vanish() {
      await broker.stop();
      await edge.end();
    },
    async comeBack() {
      broker = await startBroker(broker.port);
      await connect();
    },
    async stop() {
      await edge.end();
      await broker.stop();
    },
  };
});

describe("Sparkplug B source", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  async function open(addresses: readonly string[], options: Partial<SparkplugSourceOptions> = {}, more: Partial<SignalRecord> = {}) {
    const broker = await startBroker();
    stops.push(() => broker.stop());
    const signals = addresses.map((address): SignalRecord => ({
      id: `signal:${address}`,
      kind: "signal",
      name: address,
      valueType: "double",
      address,
      ...more,
    }));
    const source = createSparkplugSource(connection(broker.url), signals, { ...fast, ...options });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.states().includes("connected"), "connected");
    return { broker, recorder, source };
  }

  async function edgeOf(broker: TestBroker, node: Partial<Parameters<typeof startEdge>[1]> = {}): Promise<TestEdge> {
    const edge = await startEdge(broker.url, { group: "G", node: "N", ...node });
    stops.push(() => edge.end());
    return edge;
  }

  const number = (name: string, value: number, more: Partial<TestMetric> = {}): TestMetric =>
    ({ name, type: "Double", value, ...more }) as TestMetric;

  test("[C20] the host says online with the time of its will, corrects a false offline, and says offline when it closes", async () => {
    const { broker, recorder, source } = await open(["G/N/D/a"]);
    const watcher = await connectAsync(broker.url);
    stops.push(() => watcher.endAsync(true));
    const states: { online: boolean; timestamp: number }[] = [];
    watcher.on("message", (_topic, bytes) => void states.push(JSON.parse(bytes.toString()) as { online: boolean; timestamp: number }));
    await watcher.subscribeAsync("spBv1.0/STATE/doppelwerk", { qos: 1 });
    await recorder.until(() => states.at(-1)?.online === true, "online");
    const { timestamp } = states.at(-1)!;
    await watcher.publishAsync("spBv1.0/STATE/doppelwerk", JSON.stringify({ online: false, timestamp: timestamp - 1000 }), {
      qos: 1,
      retain: true,
    });
    await recorder.until(() => states.length >= 3 && states.at(-1)!.online, "corrected");
    await source.close();
    await recorder.until(() => states.at(-1)?.online === false, "offline");
    expect(states.at(-1)!.timestamp).toBe(timestamp);
  });

  test("[C21] a death makes all values of the node or of the device bad, and a late will of an earlier session does not", async () => {
    const { broker, recorder } = await open(["G/N/D/a", "G/N/E/b", "G/N//c"]);
    const edge = await edgeOf(broker, { bdSeq: 5 });
    await edge.birth([number("c", 3)]);
    await edge.deviceBirth("D", [number("a", 1)]);
    await edge.deviceBirth("E", [number("b", 2)]);
    await recorder.until(() => [0, 1, 2].every((i) => recorder.of(i).at(-1)?.quality === quality.good), "births");
    await edge.deviceDeath("D");
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "death of D");
    expect(recorder.of(1).at(-1)?.quality).toBe(quality.good);
    const late = await edgeOf(broker, { bdSeq: 4 });
    late.die();
    await edge.data("E", [number("b", 22)]);
    await recorder.until(() => recorder.of(1).at(-1)?.value === 22, "E goes on");
    expect(recorder.of(2).at(-1)?.quality).toBe(quality.good);
    edge.die();
    await recorder.until(() => [1, 2].every((i) => recorder.of(i).at(-1)?.quality === quality.bad), "death of the node");
    expect(recorder.of(1).at(-1)!.value).toBeNaN();
  });

  test("[C22] a gap in the sequence is counted, and data before a birth are not believed; both ask for a rebirth, rate limited", async () => {
    const { broker, recorder } = await open(["G/N/D/a"]);
    const edge = await edgeOf(broker);
    for (let i = 0; i < 200; i++) await edge.data("D", [number("a", i)]);
    await recorder.until(() => edge.commands.length > 0, "a rebirth request");
    expect(recorder.of(0)).toEqual([]);
    expect(edge.commands.length).toBeLessThanOrEqual(3);
    await edge.birth([]);
    await edge.deviceBirth("D", [number("a", 1)]);
    await recorder.until(() => recorder.of(0).length === 1, "the birth");
    edge.seq += 3;
    await edge.data("D", [number("a", 2)]);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "the value after the gap");
    expect(recorder.notices).toContainEqual({ kind: "dropped", count: 3, why: expect.stringContaining("G/N") });
    const asked = edge.commands.length;
    await recorder.until(() => edge.commands.length > asked, "a second request");
  });

  const nodes = process.env["SOAK"] === undefined ? 200 : 2_000;
  test(`[C22] ${nodes} edge nodes that nobody knows speak at once: each is asked once and apart, all are born, and their births at once lose nothing`, async () => {
    const names = Array.from({ length: nodes }, (_, n) => `E${n}`);
    const { broker, recorder } = await open(
      names.flatMap((name) => [`G/${name}/D/a`, `G/${name}/D/b`]),
      { rebirth: { intervalMs: 60_000, longestMs: 60_000, spacingMs: 2 } },
    );
    const plant = await connectAsync(broker.url);
    stops.push(() => plant.endAsync(true));
    const asked = new Map<string, number>();
    plant.on("message", (topic) => {
      const name = topic.split("/").at(-1)!;
      asked.set(name, (asked.get(name) ?? 0) + 1);
    });
    await plant.subscribeAsync("spBv1.0/G/NCMD/+", { qos: 1 });
    const say = (kind: string, name: string, seq: number, value: number): void => {
      const device = kind.startsWith("D") ? "/D" : "";
      const metrics =
        device === "" ? [{ name: "bdSeq", type: "UInt64", value: 0 } as TestMetric] : [number("a", value), number("b", -value)];
      plant.publish(`spBv1.0/G/${kind}/${name}${device}`, Buffer.from(encode({ timestamp: Date.now(), seq, metrics })));
    };
    for (let round = 0; round < 5; round++) for (const name of names) say("DDATA", name, round, 1);
    await recorder.until(() => asked.size === nodes, "a request to each");
    expect([recorder.samples.filter((sample) => sample.quality === quality.good).length, Math.max(...asked.values())]).toEqual([0, 1]);
    for (const [n, name] of names.entries()) {
      say("NBIRTH", name, 0, 0);
      say("DBIRTH", name, 1, n);
    }
    await recorder.until(
      () => names.every((_, n) => recorder.of(2 * n).at(-1)?.value === n && recorder.of(2 * n + 1).at(-1)?.value === -n),
      "every birth",
    );
    for (const [n, name] of names.entries()) say("DDATA", name, 2, n + 1_000);
    await recorder.until(() => names.every((_, n) => recorder.of(2 * n).at(-1)?.value === n + 1_000), "what comes after");
    expect([recorder.notices.filter(({ kind }) => kind === "dropped"), Math.max(...asked.values())]).toEqual([[], 1]);
  });

  test("[C68] a broker killed and started again: the host says online anew, the gap is marked, and births bring the values back each time", async () => {
    const kills = process.env["SOAK"] === undefined ? 2 : 10;
    const { broker, recorder } = await open(["G/N/D/a"], process.env["SOAK"] === undefined ? {} : { retryMs: RETRY_MS });
    let standing: TestBroker = broker;
    const backMs: number[] = [];
    let back = performance.now();
    for (let round = 1; round <= kills; round++) {
      const edge = await startEdge(standing.url, { group: "G", node: "N" });
      await edge.birth([]);
      await edge.deviceBirth("D", [number("a", round)]);
      await recorder.until(
        () => recorder.of(0).at(-1)?.value === round && recorder.of(0).at(-1)?.quality === quality.good,
        `birth ${round}`,
      );
      backMs.push(performance.now() - back);
      await standing.stop();
      await edge.end();
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "the gap");
      standing = await startBroker(standing.port);
      back = performance.now();
      const again = standing;
      stops.push(() => again.stop());
      await recorder.until(() => recorder.states().filter((state) => state === "connected").length === round + 1, "connected again");
    }
    expect(recorder.notices.filter(({ kind }) => kind === "dropped")).toEqual([]);
    // wall-clock time judges the long form only
    if (process.env["SOAK"] !== undefined) expect(Math.max(...backMs)).toBeLessThan(5_000);
  });

  test("[C23] aliases are resolved by the last birth, are uncertain after a gap, and an alias without birth is a finding", async () => {
    const { broker, recorder } = await open(["G/N/D/a", "G/N/D/b"]);
    const edge = await edgeOf(broker);
    const alias = (id: number, value: number): TestMetric => ({ alias: id, type: "Double", value }) as unknown as TestMetric;
    await edge.birth([]);
    await edge.deviceBirth("D", [number("a", 0, { alias: 1 }), number("b", 0, { alias: 2 })]);
    await edge.data("D", [alias(1, 11), alias(2, 22)]);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 11 && recorder.of(1).at(-1)?.value === 22, "both");
    await edge.birth([]);
    await edge.deviceBirth("D", [number("a", 0, { alias: 2 }), number("b", 0, { alias: 1 })]);
    await edge.data("D", [alias(1, 33), alias(2, 44)]);
    await recorder.until(() => recorder.of(1).at(-1)?.value === 33 && recorder.of(0).at(-1)?.value === 44, "swapped");
    edge.seq += 1;
    await edge.data("D", [alias(1, 55), alias(9, 1)]);
    await recorder.until(() => recorder.of(1).at(-1)?.value === 55, "after a gap");
    expect(recorder.of(1).at(-1)?.quality).toBe(quality.uncertain);
    await recorder.until(
      () => recorder.notices.some((notice) => notice.kind === "finding" && notice.message.includes("alias 9")),
      "the finding",
    );
  });

  test("[C24] historical samples come with their own times, and do not move the clock or the standing value", async () => {
    const { broker, recorder } = await open(["G/N/D/a"]);
    const edge = await edgeOf(broker);
    await edge.birth([]);
    await edge.deviceBirth("D", [number("a", 5)]);
    const start = Date.now() - 7_200_000;
    for (let page = 0; page < 4; page++) {
      await edge.data(
        "D",
        Array.from({ length: 500 }, (_, i) =>
          number("a", page * 500 + i, { timestamp: start + (page * 500 + i) * 1000, isHistorical: true }),
        ),
      );
    }
    await recorder.until(() => recorder.of(0).length === 2001, "history");
    expect(
      recorder
        .of(0)
        .slice(1)
        .map((sample) => [sample.sourceTime, sample.value]),
    ).toEqual(Array.from({ length: 2000 }, (_, i) => [(start + i * 1000) * 1000, i]));
    expect(recorder.notices.some((notice) => notice.kind === "clockOffset")).toBe(false);
    edge.die();
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "death");
  });

  test("[C25] integers of every width keep their sign, null is bad, and a quality property is believed", async () => {
    const types = ["Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"] as const;
    const { broker, recorder } = await open([...types.map((type) => `G/N/D/${type}`), "G/N/D/none", "G/N/D/stale"]);
    const edge = await edgeOf(broker);
    await edge.birth([]);
    const values = [-128, -32768, -2147483648, -9007199254740991, 255, 65535, 4294967295, 9007199254740991];
    await edge.deviceBirth("D", [
      ...types.map((type, i) => ({ name: type, type, value: values[i] }) as TestMetric),
      { name: "none", type: "Double", value: null } as unknown as TestMetric,
      number("stale", 4, { properties: { Quality: { type: "Int32", value: 500 } } } as unknown as Partial<TestMetric>),
    ]);
    await recorder.until(() => recorder.of(9).length > 0, "the birth");
    expect(types.map((_, i) => recorder.of(i).at(-1)!.value)).toEqual(values);
    expect(recorder.of(8).at(-1)!.quality).toBe(quality.bad);
    expect(recorder.of(9).at(-1)).toMatchObject({ value: 4, quality: quality.uncertain });
  });

  test("[C27] members of a template instance are metrics of their own, by name and by alias; a definition is none", async () => {
    const { broker, recorder } = await open(["G/N/D/Motor1/speed", "G/N/D/Motor1/inner/temp"]);
    const edge = await edgeOf(broker);
    await edge.birth([]);
    const instance = (speed: number, temp: number): TestMetric =>
      ({
        name: "Motor1",
        type: "Template",
        value: {
          isDefinition: false,
          templateRef: "Motor",
          metrics: [
            { name: "speed", type: "Double", value: speed, alias: 7 },
            {
              name: "inner",
              type: "Template",
              value: { isDefinition: false, templateRef: "I", metrics: [{ name: "temp", type: "Double", value: temp }] },
            },
          ],
        },
      }) as unknown as TestMetric;
    const definition = {
      name: "Motor",
      type: "Template",
      value: { isDefinition: true, metrics: [{ name: "speed", type: "Double", value: 0 }] },
    };
    await edge.deviceBirth("D", [definition as unknown as TestMetric, instance(10, 20)]);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 10 && recorder.of(1).at(-1)?.value === 20, "the birth");
    await edge.data("D", [instance(11, 21)]);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 11 && recorder.of(1).at(-1)?.value === 21, "the data");
    await edge.data("D", [{ alias: 7, type: "Double", value: 12 } as unknown as TestMetric]);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 12, "by alias");
  });

  test("[C28] discovery proposes what births name, with unit and range, asks the unborn once, and recognises PackML tags", async () => {
    const broker = await startBroker();
    stops.push(() => broker.stop());
    const edge: TestEdge = await startEdge(broker.url, { group: "G", node: "N", onRebirth: () => void birth() });
    stops.push(() => edge.end());
    const birth = async (): Promise<void> => {
      await edge.birth([number("Uptime", 1)]);
      await edge.deviceBirth("D", [
        number("Temp", 20, {
          properties: {
            engUnit: { type: "String", value: "Cel" },
            engLow: { type: "Double", value: 0 },
            engHigh: { type: "Double", value: 90 },
          },
        } as unknown as Partial<TestMetric>),
        { name: "Status/StateCurrentStr", type: "String", value: "Execute" } as TestMetric,
        { name: "Admin/ProdProcessedCount/0/AccCount", type: "Int32", value: 7 } as TestMetric,
        { name: "File", type: "Bytes", value: new Uint8Array([1]) } as unknown as TestMetric,
      ]);
    };
    const speaking = setInterval(() => void edge.data("D", [number("Temp", 21)]).catch(() => {}), 30);
    stops.push(() => clearInterval(speaking));
    const found = await sparkplugConnector.discover({ protocol: "sparkplug", url: broker.url }, { dataDir: "", listenS: 1 });
    const of = (address: string) => found.drafts.find((draft) => draft.address === address);
    expect(of("G/N/D/Temp")).toMatchObject({ valueType: "double", unit: "Cel", low: 0, high: 90, path: ["G", "N", "D", "Temp"] });
    expect(of("G/N/D/Status/StateCurrentStr")).toMatchObject({ role: "ItemState", valueType: "string" });
    expect(of("G/N/D/Admin/ProdProcessedCount/0/AccCount")).toMatchObject({ role: "Total", counter: { type: "totaliser" } });
    expect(of("G/N//Uptime")).toBeDefined();
    expect(found.drafts.some((draft) => draft.name.startsWith("Node Control"))).toBe(false);
    expect(found.skipped.map(({ reason, count }) => [textOf(reason), count])).toEqual([["data sets, files, bytes and arrays", 1]]);
    expect(edge.commands.filter((command) => command === "Node Control/Rebirth")).toHaveLength(1);
  });
});
