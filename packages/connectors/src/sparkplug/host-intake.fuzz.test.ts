import { describe, expect, test } from "vitest";
import type { SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { HostIntake } from "./host-intake.ts";
import { encode, type TestMetric } from "./test-broker.ts";

/** xorshift32: the same bytes on every run of a seed. */
function randomOf(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

const TYPES = [
  "Int8",
  "Int16",
  "Int32",
  "Int64",
  "UInt8",
  "UInt16",
  "UInt32",
  "UInt64",
  "Float",
  "Double",
  "Boolean",
  "String",
  "DateTime",
  "Text",
] as const;
const NUMBERS = [0, -1, 1e308, -1e308, Number.NaN, Number.POSITIVE_INFINITY, 4294967295, 2 ** 53, 1.5];

function payload(random: () => number): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const metrics = Array.from({ length: Math.floor(random() * 6) }, () => {
    const type = pick(TYPES);
    const value =
      type === "String" || type === "Text"
        ? pick(["", "x", "\u0000", "绿".repeat(50)])
        : type === "Boolean"
          ? random() < 0.5
          : pick(NUMBERS);
    return {
      name: pick(["a", "b", "bdSeq", "", "__proto__"]),
      alias: pick([undefined, 0, 1, 2 ** 40]),
      type,
      value,
      timestamp: pick([undefined, 0, 1, Date.now(), 9e15]),
      isHistorical: random() < 0.1,
    };
  });
  return encode({ timestamp: Date.now(), seq: Math.floor(random() * 300), metrics: metrics as unknown as TestMetric[] });
}

function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice(0, random() < 0.3 ? Math.floor(random() * bytes.length) : bytes.length);
  for (let i = 0; i < random() * 5 && copy.length > 0; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  return copy;
}

describe("Sparkplug payloads of strangers", () => {
  test("[C26] whatever bytes come, nothing throws, times stay whole and past, and no number is infinite", async () => {
    const random = randomOf(20_261_124);
    const signals = ["G/N//a", "G/N/D/a", "G/N/D/b", "G/N/D/__proto__"].map((address, i): SignalRecord => ({
      id: `signal:${i}`,
      kind: "signal",
      name: address,
      valueType: i === 2 ? "integer" : "double",
      address,
    }));
    const recorder = createRecorder();
    let now = 1_795_000_000_000_000;
    const intake = new HostIntake({
      connection: { id: "connection:1", kind: "connection", name: "p", protocol: "sparkplug", url: "mqtt://x", enabled: true },
      signals,
      clock: { now: () => (now += 1000) },
      listener: recorder,
      requestRebirth: () => {},
      born: () => {},
    });
    const kinds = ["NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH", "NCMD", "", "STATE"];
    for (let round = 0; round < 20_000; round++) {
      const kind = kinds[Math.floor(random() * kinds.length)]!;
      const bytes = random() < 0.5 ? payload(random) : damage(payload(random), random);
      await intake.message(`spBv1.0/G/${kind}/N${kind.startsWith("D") ? "/D" : ""}`, bytes);
    }
    await intake.close();
    expect(recorder.samples.length).toBeGreaterThan(1000);
    for (const sample of recorder.samples) {
      expect(Number.isInteger(sample.sourceTime)).toBe(true);
      expect(sample.sourceTime).toBeLessThanOrEqual(sample.serverTime);
      expect(Math.abs(sample.value) === Number.POSITIVE_INFINITY).toBe(false);
      if (Number.isNaN(sample.value)) expect(sample.quality).toBe(2);
    }
  });
});
