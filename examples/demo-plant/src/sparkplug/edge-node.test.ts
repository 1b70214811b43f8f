import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connectAsync, type MqttClient } from "mqtt";
import sparkplug from "sparkplug-payload";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MINUTE, SECOND } from "@doppelwerk/world";
import { PlantArchive } from "../archive/plant-archive.ts";
import { plantSignals, sparkplugNode } from "../signals/signal-list.ts";
import { type EdgeNode, startEdgeNode } from "./edge-node.ts";

const payloads = sparkplug.get("spBv1.0")!;
const signals = plantSignals(true);
const meters = signals.filter((signal) => signal.address.kind === "sparkplug");
const archive = new PlantArchive(signals);
const begin = Date.UTC(2026, 10, 24, 6) * 1000;
let now = begin + 600 * MINUTE;

interface Heard {
  readonly kind: string;
  readonly device: string;
  readonly seq: number;
  readonly metrics: readonly {
    readonly name?: string;
    readonly alias?: number;
    readonly time: number;
    readonly value: unknown;
    readonly historical: boolean;
  }[];
}

let broker: ChildProcess;
let host: MqttClient;
let edge: EdgeNode;
const heard: Heard[] = [];
const aliases = new Map<number, string>();

beforeAll(async () => {
  for (let minute = 0; minute <= 600; minute += 5)
    for (const meter of meters) archive.append(meter.index, begin + minute * MINUTE, minute + meter.index / 1000);
  broker = spawn(process.execPath, [fileURLToPath(new URL("./broker.ts", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
  const line = await new Promise<string>((done) => createInterface({ input: broker.stdout! }).once("line", done));
  const url = `mqtt://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  host = await connectAsync(url);
  host.on("message", (topic, bytes) => hear(topic, bytes));
  await host.subscribeAsync("spBv1.0/Hall2/#", { qos: 1 });
  edge = startEdgeNode({ node: sparkplugNode, url, archive, now: () => now, log: () => {} });
});

afterAll(async () => {
  await edge?.close();
  await host?.endAsync();
  broker?.kill();
});

test("[DP15] births name every metric once with its alias, type and unit, in sequence from zero", async () => {
  await until(() => kinds("DBIRTH").length >= 5);
  expect(kinds("NBIRTH")[0]!.seq).toBe(0);
  expect(kinds("NBIRTH")[0]!.metrics.map((metric) => metric.name)).toContain("bdSeq");
  const births = kinds("DBIRTH").slice(0, 5);
  expect(births.map((birth) => birth.seq)).toEqual([1, 2, 3, 4, 5]);
  expect(births.flatMap((birth) => birth.metrics)).toHaveLength(meters.length);
  expect(aliases.size).toBe(meters.length);
});

test("[DP16] what happened before a host came online is replayed as historical, all of it and only once", async () => {
  await sleep(300);
  expect(heard.some((message) => message.metrics.some((metric) => metric.historical))).toBe(false);
  await state(true);
  const expected = meters.reduce((sum, meter) => sum + archive.count(meter.index) - 1, 0);
  await until(() => historical().length >= expected);
  const got = historical();
  expect(got).toHaveLength(expected);
  expect(new Set(got.map((metric) => `${metric.alias} ${metric.time}`)).size).toBe(expected);
  for (const metric of got.slice(0, 200)) expect(metric.value).toBe((metric.time * 1000 - begin) / MINUTE + metric.alias! / 1000);
});

test("[DP15] a rebirth request is answered with births from sequence zero, and the sequence has no hole", async () => {
  const before = kinds("NBIRTH").length;
  host.publish(
    "spBv1.0/Hall2/NCMD/Line3-Edge",
    Buffer.from(
      payloads.encodePayload({ timestamp: now / 1000, metrics: [{ name: "Node Control/Rebirth", type: "Boolean", value: true }] }),
    ),
  );
  await until(() => kinds("NBIRTH").length > before);
  report(1);
  await until(() => heard.at(-1)!.kind === "DDATA");
  let next = 0;
  for (const message of heard.filter((candidate) => candidate.kind !== "NCMD" && candidate.kind !== "NDEATH")) {
    if (message.kind === "NBIRTH") next = 0;
    expect(message.seq).toBe(next % 256);
    next++;
  }
});

test("[DP16] a pulled cable brings the death, a new life the births and the gap", async () => {
  const seen = historical().length;
  edge.setConnected(false);
  await until(() => kinds("NDEATH").length === 1);
  now += 30 * SECOND;
  for (const meter of meters) archive.append(meter.index, now - 10 * SECOND, 7);
  edge.setConnected(true);
  await until(() => kinds("NBIRTH").length === 3);
  // What was sent in the last second before the cable was pulled may come once more.
  const gap = () =>
    historical()
      .slice(seen)
      .filter((metric) => metric.value === 7);
  await until(() => gap().length >= meters.length);
  expect(gap()).toHaveLength(meters.length);
  const lives = kinds("NBIRTH").map((birth) => Number(birth.metrics.find((metric) => metric.name === "bdSeq")!.value));
  expect(lives[2]).toBe((lives[0]! + 1) % 256);
});

function report(value: number): void {
  now += SECOND;
  for (const meter of meters) edge.report(meter, archive.append(meter.index, now, value), value);
}

function hear(topic: string, bytes: Buffer): void {
  const [, , kind, , device = ""] = topic.split("/");
  const payload = payloads.decodePayload(bytes);
  const metrics = (payload.metrics ?? []).map((metric) => ({
    ...(metric.name ? { name: metric.name } : {}),
    ...(metric.alias ? { alias: Number(metric.alias) } : {}),
    time: Number(metric.timestamp),
    value: typeof metric.value === "object" && metric.value !== null ? Number(metric.value) : metric.value,
    historical: metric.isHistorical === true,
  }));
  heard.push({ kind: kind!, device, seq: Number(payload.seq), metrics });
  if (kind === "DBIRTH") for (const metric of metrics) aliases.set(metric.alias!, `${device}/${metric.name}`);
}

function kinds(kind: string): readonly Heard[] {
  return heard.filter((message) => message.kind === kind);
}

function historical() {
  return heard.flatMap((message) => message.metrics.filter((metric) => metric.historical));
}

async function state(online: boolean): Promise<void> {
  await host.publishAsync("spBv1.0/STATE/test", JSON.stringify({ online, timestamp: Date.now() }), { qos: 1, retain: true });
}

/** Waits for the other side; the test's own time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}
