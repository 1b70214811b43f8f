import { DataType, DataValue, Variant } from "node-opcua";
import { expect, test } from "vitest";
import type { ConnectionRecord, SignalRecord } from "@doppelwerk/world";
import { createRecorder } from "../samples/recorder.ts";
import { Intake } from "./intake.ts";

test("[C179] what is taken in one go came at one time, and what is taken after waiting for the server came later", async () => {
  let now = 1_790_000_000_000_000;
  const recorder = createRecorder();
  const connection: ConnectionRecord = { id: "connection:1", kind: "connection", name: "plant", protocol: "opcua", url: "", enabled: true };
  const signals = [0, 1].map((n): SignalRecord => ({ id: `signal:${n}`, kind: "signal", name: `${n}`, valueType: "double" }));
  const intake = new Intake(connection, signals, { now: () => (now += 1_000) }, recorder);
  intake.connected();
  const value = (of: number) => new DataValue({ value: new Variant({ dataType: DataType.Double, value: of }) });
  for (const index of [0, 1]) intake.live(index, value(1));
  // a structure whose layout is asked for, from a server that takes five seconds
  await Promise.resolve();
  now += 5_000_000;
  for (const index of [0, 1]) intake.live(index, value(2));
  intake.flush();
  const [first, second] = [1, 2].map((of) => recorder.samples.filter((sample) => sample.value === of).map(({ serverTime }) => serverTime));
  expect(first![0]).toBe(first![1]);
  expect(second![0]).toBe(second![1]);
  expect(second![0]! - first![0]!).toBeGreaterThan(5_000_000);
  await intake.close();
});
