import { textOf } from "@doppelwerk/messages";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { connectAsync, type MqttClient } from "mqtt";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { createTestCertificate } from "../opcua/test-certificate.ts";
import { createRecorder } from "../samples/recorder.ts";
import { RETRY_MS } from "../samples/session-source.ts";
import { startProxy } from "../samples/test-proxy.ts";
import { sampleSourceContract } from "../samples/sample-source.contract.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { startBroker, type TestBroker } from "../sparkplug/test-broker.ts";
import { mqttConnector } from "./mqtt-source.ts";

const fast = { clock: wallClock, dataDir: "", graceMs: 300, retryMs: { first: 50, most: 200 } };
const connection = (url: string, settings: ConnectionRecord["settings"] = {}): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "mqtt",
  url,
  enabled: true,
  settings,
});

/** A device that keeps its values retained at the broker, each with its time, and says them again when it comes back. */
async function startDevice(
  broker: TestBroker,
): Promise<{ readonly client: MqttClient; publish(name: string, value: unknown): Promise<void> }> {
  const client = await connectAsync(broker.url, { reconnectPeriod: 0 });
  client.on("error", () => {});
  return {
    client,
    async publish(name, value) {
      const payload = JSON.stringify({ value, timestamp: new Date().toISOString() });
      if (client.connected) await client.publishAsync(`plant/hall/press/${name}`, payload, { retain: true, qos: 1 });
    },
  };
}

sampleSourceContract("MQTT", async () => {
  let broker = await startBroker();
  let device = await startDevice(broker);
  const values = new Map<string, unknown>([
    ["number", 1],
    ["count", 0],
    ["flag", false],
    ["word", "a"],
  ]);
  const sayAll = async (): Promise<void> => {
    for (const [name, value] of values) await device.publish(name, value);
  };
  await sayAll();
  return {
    source: (signals) => mqttConnector.open(connection(broker.url), signals, fast),
    address: (name) => `plant/hall/press/${name}#/value`,
    async set(name, value) {
      values.set(name, value);
      await device.publish(name, value);
    },
    setWrongType: (name) => device.publish(name, "no number"),
    async vanish() {
      await broker.stop();
      await device.client.endAsync(true);
    },
    async comeBack() {
      broker = await startBroker(broker.port);
      device = await startDevice(broker);
      await sayAll();
    },
    async stop() {
      await device.client.endAsync(true);
      await broker.stop();
    },
  };
});

describe("MQTT source", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  async function plant() {
    const broker = await startBroker();
    stops.push(() => broker.stop());
    const client = await connectAsync(broker.url, { reconnectPeriod: 0 });
    stops.push(() => client.endAsync(true));
    return { broker, client };
  }

  async function open(
    url: string,
    addresses: readonly (readonly [string, Partial<SignalRecord>?])[],
    settings: ConnectionRecord["settings"] = {},
    timing: Partial<typeof fast> = {},
  ) {
    const signals = addresses.map(([address, more], at): SignalRecord => ({
      id: `signal:${at}`,
      kind: "signal",
      name: address,
      valueType: "double",
      address,
      ...more,
    }));
    const source = mqttConnector.open(connection(url, settings), signals, { ...fast, ...timing });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.states().includes("connected"), "connected");
    return { source, recorder };
  }

  test("[C60] discovery hears topics through the template and proposes a signal for each scalar, with its unit and without its time", async () => {
    const { broker, client } = await plant();
    const say = async (topic: string, payload: string): Promise<void> =>
      void (await client.publishAsync(topic, payload, { retain: true, qos: 1 }));
    await say("plant/north/press1/temperature", '{"value": 21.5, "unit": "Cel", "timestamp": "2026-11-24T10:00:00Z"}');
    await say("plant/north/press1/running", "true");
    await say("plant/north/oven/zones", '{"a": {"t": 200}, "b": {"t": 210}}');
    await say("plant/north/oven/text", "heiß 热");
    await say("other/thing", "1");
    const found = await mqttConnector.discover(
      { protocol: "mqtt", url: broker.url, settings: { template: "plant/{area}/{machine}/{signal}" } },
      { dataDir: "", listenS: 0.5 },
    );
    const seen = found.drafts.map(({ address, path, valueType, unit }) => [address, path.join(" "), valueType, unit]);
    expect(seen.toSorted()).toEqual(
      [
        ["plant/north/press1/temperature#/value", "north press1 temperature value", "double", "Cel"],
        ["plant/north/press1/running", "north press1 running", "boolean", undefined],
        ["plant/north/oven/zones#/a/t", "north oven zones a t", "double", undefined],
        ["plant/north/oven/zones#/b/t", "north oven zones b t", "double", undefined],
        ["plant/north/oven/text", "north oven text", "string", undefined],
      ].toSorted(),
    );
    expect(found.remarks?.map(textOf).join()).toContain("4 topics were received");
  });

  test("[C61] scalars, texts and pieces of one JSON document are values; with the template one subscription serves all topics", async () => {
    const { broker, client } = await plant();
    const { recorder } = await open(
      broker.url,
      [
        ["plant/a/m/t"],
        ["plant/a/m/doc#/x/0"],
        ["plant/a/m/doc#/y", { valueType: "string" }],
        ["plant/a/m/on", { valueType: "boolean" }],
        ["plant/a/m/mode", { valueType: "enumeration" }],
      ],
      { template: "plant/{area}/{machine}/{signal}" },
    );
    await client.publishAsync("plant/a/m/t", "12.5");
    await client.publishAsync("plant/a/m/doc", '{"x": [7], "y": "grün"}');
    await client.publishAsync("plant/a/m/on", "ON");
    await client.publishAsync("plant/a/m/mode", "AUTO");
    await client.publishAsync("plant/a/m/nobody", "1");
    const last = (index: number) => recorder.of(index).at(-1);
    await recorder.until(
      () => last(4)?.text === "AUTO" && last(3)?.value === 1 && last(2)?.text === "grün" && last(1)?.value === 7,
      "all values",
    );
    expect(last(0)).toMatchObject({ value: 12.5, quality: quality.good });
    await recorder.until(
      () => recorder.notices.some((notice) => notice.kind === "finding" && notice.message.includes("no signal is taken from")),
      "told",
    );
  });

  test("[C62] what the broker kept without a time is uncertain, with a time it has that time; a late message is late, not now", async () => {
    const { broker, client } = await plant();
    const old = new Date(Date.now() - 3_600_000).toISOString();
    await client.publishAsync("kept/blind", "5", { retain: true, qos: 1 });
    await client.publishAsync("kept/timed", `{"v": 6, "ts": "${old}"}`, { retain: true, qos: 1 });
    const { recorder } = await open(broker.url, [["kept/blind"], ["kept/timed#/v"], ["late#/v"], ["silent"]]);
    await recorder.until(() => [0, 1].every((index) => recorder.of(index).length > 0), "kept values");
    expect(recorder.of(0)[0]).toMatchObject({ value: 5, quality: quality.uncertain });
    expect(recorder.of(1)[0]).toMatchObject({ value: 6, quality: quality.good, sourceTime: Date.parse(old) * 1000 });
    await client.publishAsync("kept/blind", "7");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 7, "a live one");
    expect(recorder.of(0).at(-1)!.quality).toBe(quality.good);
    await client.publishAsync("late", `{"v": 1, "ts": ${Date.now()}}`);
    await client.publishAsync("late", `{"v": 2, "ts": "${old}"}`);
    await recorder.until(() => recorder.of(2).length === 2, "both");
    expect(recorder.of(2)[1]).toMatchObject({ value: 2, sourceTime: Date.parse(old) * 1000 });
    await recorder.until(() => recorder.of(3).at(-1)?.quality === quality.bad, "the silent topic");
  });

  test("[C63] payloads that are too large, no text or no JSON are counted or found, and nothing throws", async () => {
    const { broker, client } = await plant();
    const { recorder } = await open(broker.url, [["a"], ["b#/v"]], { maxPayloadBytes: 1000 });
    await client.publishAsync("a", "9".repeat(2000));
    await recorder.until(() => recorder.notices.some((notice) => notice.kind === "dropped" && notice.count === 1), "the large one");
    await client.publishAsync("a", Buffer.from([0xff, 0xfe, 0x00]));
    await client.publishAsync("b", '{"v": ');
    await client.publishAsync("b", '{"v": {"deep": 1}}');
    await client.publishAsync("b", '{"__proto__": {"v": 1}}');
    await client.publishAsync("a", "3");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 3, "the next value");
    expect(recorder.of(1).every((sample) => sample.quality === quality.bad)).toBe(true);
    expect(recorder.notices.filter((notice) => notice.kind === "finding").length).toBeGreaterThanOrEqual(4);
  });

  test("[C64] a burst is taken whole or counted, and the source stays bounded behind a slow listener", async () => {
    const count = process.env["SOAK"] === undefined ? 60_000 : 1_000_000;
    const { broker, client } = await plant();
    const signals = Array.from({ length: 100 }, (_, at): SignalRecord => ({
      id: `signal:${at}`,
      kind: "signal",
      name: `s${at}`,
      valueType: "double",
      address: `burst/${at}`,
    }));
    const source = mqttConnector.open(connection(broker.url, { topics: ["burst/#"], qos: 0 }), signals, fast);
    stops.push(() => source.close());
    const connected = Promise.withResolvers<void>();
    let rows = 0;
    let dropped = 0;
    let largest = 0;
    let last = Number.NaN;
    await source.start({
      async batch(batch) {
        largest = Math.max(largest, batch.count);
        for (let row = 0; row < batch.count; row++) {
          // topics that said nothing yet are bad, and no message
          if (batch.qualities[row] !== quality.good) continue;
          rows++;
          last = batch.values[row]!;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
      notice: (notice) => {
        if (notice.kind === "dropped") dropped += notice.count;
        if (notice.kind === "state" && notice.state === "connected") connected.resolve();
      },
    });
    await connected.promise;
    for (let at = 0; at < count; at++) {
      const sent = client.publishAsync(`burst/${at % 100}`, String(at), { qos: 0 });
      if (at % 500 === 499) await sent;
    }
    const sentAll = performance.now();
    while (rows + dropped < count && performance.now() - sentAll < 120_000) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rows + dropped).toBe(count);
    expect(last).toBe(count - 1);
    expect(largest).toBeLessThanOrEqual(50_000);
  });

  test("[C65] a broker behind TLS is believed only by the authority that was named, and a name that is not in its certificate is one reason", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dw-mqtt-"));
    const own = await createTestCertificate(folder, "broker");
    const other = await createTestCertificate(folder, "other");
    rmSync(folder, { recursive: true });
    const broker = await startBroker(0, { key: own.privateKey, cert: own.certificate });
    stops.push(() => broker.stop());
    const device = await connectAsync(broker.url, { ca: own.certificate });
    stops.push(() => device.endAsync(true));
    const { recorder } = await open(broker.url, [["a"]], { ca: own.certificate });
    await device.publishAsync("a", "5");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 5, "the value");
    for (const ca of [undefined, other.certificate]) {
      const stranger = mqttConnector.open(connection(broker.url, ca === undefined ? {} : { ca }), [], fast);
      stops.push(() => stranger.close());
      const lost = createRecorder();
      await stranger.start(lost);
      await lost.until(
        () => lost.notices.some((notice) => notice.kind === "state" && /self-signed|certificate/.test(notice.reason ?? "")),
        "the refusal",
      );
      expect(lost.states()).not.toContain("connected");
    }
  });

  test("[C67] a broker whose way falls silent is lost by the keep-alive, its values are uncertain and then bad, and it is heard again when the way is mended", async () => {
    const { broker, client } = await plant();
    const proxy = await startProxy(broker.port);
    stops.push(() => proxy.stop());
    const { recorder } = await open(`mqtt://127.0.0.1:${proxy.port}`, [["a"]], { keepaliveS: 1 });
    await client.publishAsync("a", "1");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 1, "the value");
    proxy.stall();
    await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "bad");
    expect(recorder.of(0).map((sample) => sample.quality)).toContain(quality.uncertain);
    proxy.mend();
    await recorder.until(() => recorder.states().at(-1) === "connected", "connected again");
    await client.publishAsync("a", "2");
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "the next value");
  });

  test("[C69] what a device kept while the broker was away comes late with its own times, and is no evidence that its clock is behind", async () => {
    let broker = await startBroker();
    stops.push(() => broker.stop());
    const { recorder } = await open(broker.url, [["a#/v"]]);
    const before = await startDevice(broker);
    const say = (device: typeof before, value: number, ts: number): void =>
      void device.client.publish("a", JSON.stringify({ v: value, ts }));
    say(before, 1, Date.now());
    await recorder.until(() => recorder.of(0).at(-1)?.value === 1, "the value");
    await broker.stop();
    await before.client.endAsync(true);
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "the gap");
    broker = await startBroker(broker.port);
    await recorder.until(() => recorder.states().at(-1) === "connected", "connected again");
    const after = await startDevice(broker);
    // as old as after a minute without the broker
    const begin = Date.now() - 50_000;
    for (let n = 0; n < 40; n++) say(after, 100 + n, begin + n * 1_000);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 139, "what was kept");
    // one that comes when all that is remembered of the clock still is what came late
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const now = Date.now();
    say(after, 2, now);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 2, "a new one");
    const kept = recorder.of(0).filter(({ value }) => value >= 100);
    expect(kept.map(({ value, sourceTime }) => [value, sourceTime])).toEqual(
      Array.from({ length: 40 }, (_, n) => [100 + n, (begin + n * 1_000) * 1_000]),
    );
    expect(recorder.of(0).at(-1)!.sourceTime).toBe(now * 1_000);
    expect(recorder.notices.filter(({ kind }) => kind === "clockOffset")).toEqual([]);
  });

  test("[C66] a broker killed and started again is subscribed to anew each time, the gap is marked, and the first value comes by itself", async () => {
    const kills = process.env["SOAK"] === undefined ? 2 : 10;
    let broker = await startBroker();
    stops.push(() => broker.stop());
    const { recorder } = await open(broker.url, [["a"]], {}, process.env["SOAK"] === undefined ? {} : { retryMs: RETRY_MS });
    const backMs: number[] = [];
    let back = performance.now();
    for (let round = 1; round <= kills; round++) {
      const before = await startDevice(broker);
      before.client.publish("a", String(round));
      await recorder.until(() => recorder.of(0).at(-1)?.value === round, `value ${round}`);
      backMs.push(performance.now() - back);
      await broker.stop();
      await before.client.endAsync(true);
      await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.bad, "the gap");
      broker = await startBroker(broker.port);
      back = performance.now();
      await recorder.until(() => recorder.states().filter((state) => state === "connected").length === round + 1, "connected again");
    }
    expect(recorder.notices.filter((notice) => notice.kind === "dropped")).toEqual([]);
    // wall-clock time judges the long form only
    if (process.env["SOAK"] !== undefined) expect(Math.max(...backMs)).toBeLessThan(5_000);
  });
});
