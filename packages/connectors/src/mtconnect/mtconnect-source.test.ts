import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { LineSplitter, parseShdrLine } from "../shdr/shdr-line.ts";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { readDevices } from "./devices.ts";
import { mtconnectConnector } from "./mtconnect-source.ts";
import { startTestAgent, type TestAgent, type TestAgentOptions, type TestItem } from "./test-agent.ts";
import { parseDocument } from "./xml-node.ts";

const fast = { clock: wallClock, dataDir: "", graceMs: 300, retryMs: { first: 50, most: 200 } };
const connection = (url: string, settings: ConnectionRecord["settings"] = {}): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "mtconnect",
  url,
  enabled: true,
  settings: { allowPrivate: true, intervalMs: 20, ...settings },
});

const contractItems: readonly TestItem[] = [
  { id: "number", category: "SAMPLE" },
  { id: "count", category: "EVENT", element: "PartCount" },
  { id: "flag", category: "EVENT" },
  { id: "word", category: "EVENT" },
];

for (const mode of ["stream", "poll"] as const) {
  sampleSourceContract(`MTConnect agent, ${mode}`, async () => {
    const start = async (port?: number): Promise<TestAgent> => {
      const started = await startTestAgent({ items: contractItems, port, instanceId: Date.now() });
      for (const [id, text] of state) started.observe(id, text);
      return started;
    };
    const state = new Map([
      ["number", "1"],
      ["count", "0"],
      ["flag", "false"],
      ["word", "a"],
    ]);
    let agent = await start();
    const { port, url } = agent;
    return {
      source: (signals) => mtconnectConnector.open(connection(url, { mode }), signals, fast),
      address: (name) => name,
      set(name, value) {
        state.set(name, String(value));
        agent.observe(name, String(value));
      },
      setWrongType: (name) => agent.observe(name, "no number"),
      vanish: () => agent.stop(),
      async comeBack() {
        agent = await start(port);
      },
      stop: () => agent.stop(),
    };
  });
}

describe("MTConnect agent", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  async function agentOf(options: TestAgentOptions): Promise<TestAgent> {
    const agent = await startTestAgent(options);
    stops.push(() => agent.stop());
    return agent;
  }

  async function open(
    agent: TestAgent,
    signals: readonly SignalRecord[],
    settings: ConnectionRecord["settings"] = {},
    more: { backfillFrom?: number } = {},
  ) {
    const source = mtconnectConnector.open(connection(agent.url, settings), signals, { ...fast, ...more });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    return recorder;
  }

  const signal = (address: string, valueType: SignalRecord["valueType"] = "double"): SignalRecord => ({
    id: `signal:${address}`,
    kind: "signal",
    name: address,
    valueType,
    address,
  });
  const x: TestItem = { id: "x", category: "SAMPLE" };

  test("[C90] a stream that broke is followed from where it was: what came meanwhile is read from the agent's buffer, nothing twice", async () => {
    const agent = await agentOf({ items: [x] });
    agent.observe("x", "0");
    const recorder = await open(agent, [signal("x")]);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 0, "the present value");
    for (let round = 1; round <= 3; round++) {
      agent.cutStreams();
      for (let i = 0; i < 50; i++) agent.observe("x", String(round * 100 + i));
      await recorder.until(
        () => recorder.of(0).some((sample) => sample.quality === quality.good && sample.value === round * 100 + 49),
        "the last",
      );
      const round50 = (): number[] => [
        ...new Set(recorder.of(0).flatMap(({ value }) => (Math.floor(value / 100) === round ? [value] : []))),
      ];
      await recorder.until(() => round50().length === 50, "all of the gap");
    }
    const times = recorder.of(0).filter((sample) => sample.value >= 100 && sample.quality === quality.good);
    expect(new Set(times.map((sample) => sample.value)).size).toBe(150);
    expect(recorder.notices.filter((notice) => notice.kind === "dropped")).toEqual([]);
  });

  test("[C91] what the agent's buffer lost before it was read is counted; an agent started anew is told and read from its beginning", async () => {
    const agent = await agentOf({ items: [x], bufferSize: 20 });
    const recorder = await open(agent, [signal("x")]);
    await recorder.until(() => recorder.states().includes("connected"), "connected");
    agent.observe("x", "1");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 1, "one");
    agent.cutStreams();
    for (let i = 0; i < 60; i++) agent.observe("x", String(100 + i));
    await recorder.until(() => recorder.of(0).some(({ value }) => value === 159), "the last");
    await recorder.until(() => recorder.notices.some((notice) => notice.kind === "dropped" && notice.count === 40), "forty lost");
    await agent.stop();
    const again = await startTestAgent({ items: [x], port: agent.port, instanceId: 2 });
    stops.push(() => again.stop());
    again.observe("x", "7");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 7, "the new agent");
    expect(recorder.notices.some((notice) => notice.kind === "finding" && notice.message.includes("restarted"))).toBe(true);
  });

  for (const mode of ["stream", "poll"] as const)
    for (const instanceId of [2, 1])
      test(`[C98] an agent that counts from 1 again under ${instanceId === 1 ? "the same" : "another"} id, before anybody noticed (${mode}), is read from its beginning`, async () => {
        const agent = await agentOf({ items: [x] });
        for (let i = 0; i < 200; i++) agent.observe("x", String(i));
        const recorder = await open(agent, [signal("x")], { mode });
        await recorder.until(() => recorder.of(0).at(-1)?.value === 199, "the present value");
        agent.observe("x", "200");
        await recorder.until(() => recorder.of(0).at(-1)?.value === 200, "a change");
        agent.restart(instanceId);
        for (let i = 1_001; i <= 1_020; i++) agent.observe("x", String(i));
        const good = (): number[] => recorder.of(0).flatMap(({ value, quality: worth }) => (worth === quality.good ? [value] : []));
        await recorder.until(() => new Set(good().filter((value) => value > 1_000)).size === 20, "what it saw since");
        expect(recorder.states()).toContain("reconnecting");
        expect(recorder.notices.some((notice) => notice.kind === "finding" && notice.message.includes("restarted"))).toBe(true);
        agent.observe("x", "1021");
        await recorder.until(() => recorder.of(0).at(-1)?.value === 1_021, "a change after");
      });

  test("[C92] UNAVAILABLE is bad; a condition is the worst level that is active; a time series is its values at their times", async () => {
    const agent = await agentOf({
      items: [x, { id: "c", category: "CONDITION" }, { id: "ts", category: "SAMPLE", element: "PositionTimeSeries" }],
    });
    const recorder = await open(agent, [signal("x"), signal("c", "string"), signal("ts")]);
    await recorder.until(() => recorder.of(0).length > 0, "a present value");
    expect(recorder.of(0)[0]).toMatchObject({ quality: quality.bad, value: Number.NaN });
    const texts = (): (string | undefined)[] => recorder.of(1).map((sample) => sample.text);
    agent.observe("c", "Normal");
    agent.observe("c", "Warning", undefined, "A1");
    agent.observe("c", "Fault", undefined, "B2");
    agent.observe("c", "Normal", undefined, "B2");
    agent.observe("c", "Normal");
    await recorder.until(() => texts().length === 6, "the conditions");
    expect(texts()).toEqual([undefined, "Normal", "Warning", "Fault", "Warning", "Normal"]);
    const at = Date.now();
    agent.observe("ts", "1 2 3", new Date(at).toISOString());
    await recorder.until(() => recorder.of(2).length === 4, "the series");
    expect(
      recorder
        .of(2)
        .slice(1)
        .map((sample) => [sample.value, sample.sourceTime]),
    ).toEqual([
      [1, at * 1000 - 20_000],
      [2, at * 1000 - 10_000],
      [3, at * 1000],
    ]);
  });

  test("[C93] an agent without streams is asked instead, and the buffer before the connection is history when history is wanted", async () => {
    const agent = await agentOf({ items: [x], noStreams: true });
    const begin = Date.now() - 60_000;
    for (let i = 0; i < 10; i++) agent.observe("x", String(i), new Date(begin + i * 1000).toISOString());
    const recorder = await open(agent, [signal("x")], {}, { backfillFrom: (begin + 3_000) * 1000 });
    await recorder.until(() => recorder.of(0).length >= 7, "history");
    const values = recorder.of(0).map((sample) => [sample.value, sample.sourceTime]);
    for (let i = 3; i < 10; i++) expect(values).toContainEqual([i, (begin + i * 1000) * 1000]);
    expect(values.some(([value]) => value === 2)).toBe(false);
    const told = () => recorder.notices.filter((notice) => notice.kind === "backfill").map(({ finished, samples }) => [finished, samples]);
    await recorder.until(() => told().length === 2, "the end of the buffer");
    // six of them and UNAVAILABLE, which the agent begins with; the last was told as it stands
    expect(told()).toEqual([
      [false, 0],
      [true, 7],
    ]);
    agent.observe("x", "11");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 11, "live");
    expect(recorder.notices.some((notice) => notice.kind === "finding" && notice.message.includes("no stream"))).toBe(true);
  });

  test("[C94] an answer that is no MTConnect, an entity in it or a part without end is one reason; nothing is expanded", async () => {
    expect(() => parseDocument('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toThrow("refused");
    expect(() => parseDocument("")).toThrow("no XML");
    expect(() => readDevices("<html/>")).toThrow("MTConnectDevices, not html");
    const agent = await agentOf({ items: [x], devices: "<html><body>hello</body></html>" });
    await expect(mtconnectConnector.discover(connection(agent.url), { dataDir: "" })).rejects.toThrow("not html");
  });

  testOnSharedData(
    "[C95] a real machine: its description becomes drafts with units, and its log through an agent becomes the same values",
    "mtconnect",
    async (folder) => {
      const devices = readFileSync(join(folder, "Devices.xml"), "utf8");
      const described = readDevices(devices);
      const byName = new Map(described.items.map((item) => [item.name ?? item.id, item]));
      const agent = await agentOf({
        items: described.items.map((item): TestItem => ({ id: item.id, category: item.category as TestItem["category"] })),
        devices,
        bufferSize: 100_000,
      });
      const found = await mtconnectConnector.discover(connection(agent.url), { dataDir: "" });
      expect(found.serverName).toContain("OKUMA");
      expect(found.drafts.find((draft) => draft.address === byName.get("Xabs")?.id || draft.unit === "mm")).toBeDefined();
      expect(new Set(found.drafts.map((draft) => draft.address)).size).toBe(found.drafts.length);
      const signals = found.drafts.map((draft) => signal(draft.address, draft.valueType));
      const recorder = await open(agent, signals);
      await recorder.until(() => recorder.states().includes("connected"), "connected");
      const expected = new Map<string, number>();
      const splitter = new LineSplitter();
      const text = readFileSync(join(folder, "okuma.txt"), "utf8");
      for (const line of [...splitter.push(text), ...splitter.end()]) {
        const parsed = parseShdrLine(line);
        for (const { key, text: value } of parsed?.values ?? []) {
          const item = byName.get(key);
          if (item === undefined || parsed?.time === undefined) continue;
          const stamp = new Date(parsed.time / 1000).toISOString();
          agent.observe(
            item.id,
            value ?? (item.category === "CONDITION" ? "Unavailable" : "UNAVAILABLE"),
            stamp,
            item.category === "CONDITION" ? "1" : undefined,
          );
          expected.set(item.id, (expected.get(item.id) ?? 0) + 1);
        }
      }
      const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
      expect(total).toBeGreaterThan(5_000);
      const got = (): number => recorder.samples.length - signals.length;
      const asked = new Set(signals.map(({ address }) => address));
      const wanted = [...expected].reduce((sum, [id, count]) => sum + (asked.has(id) ? count : 0), 0);
      await recorder.until(() => got() >= wanted, `${wanted} observations`);
      const counted = new Map<string, number>();
      for (const sample of recorder.samples) {
        const id = signals[sample.signal]!.address!;
        counted.set(id, (counted.get(id) ?? 0) + 1);
      }
      for (const [id, count] of expected) if (signals.some((each) => each.address === id)) expect(counted.get(id), id).toBe(count + 1);
    },
  );
});
