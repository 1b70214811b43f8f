import { DataType, Variant, VariantArrayType } from "node-opcua";
import { expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { rawValueOf } from "../opcua/raw-value.ts";
import { createRecorder } from "./recorder.ts";
import { ValueIntake } from "./value-intake.ts";
import { wallClock } from "./wall-clock.ts";

const EXACT = 2n ** 53n + 1n;
const connection: ConnectionRecord = {
  id: "connection:c",
  kind: "connection",
  name: "Press",
  protocol: "opcua",
  url: "opc.tcp://p",
  enabled: true,
};
const signal = (valueType: SignalRecord["valueType"], name: string): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  connection: connection.id,
  address: `nsu=urn:p;s=${name}`,
  valueType,
});

test("[C201] a 64-bit integer that a number cannot hold is exact on its way in", () => {
  const raw = (dataType: DataType, value: readonly [number, number]) =>
    rawValueOf(new Variant({ dataType, arrayType: VariantArrayType.Scalar, value }));
  expect(raw(DataType.UInt64, [0, 42])).toBe(42);
  expect(raw(DataType.UInt64, [0x200000, 1])).toBe(EXACT);
  expect(raw(DataType.UInt64, [0xffffffff, 0xffffffff])).toBe(2n ** 64n - 1n);
  expect(raw(DataType.Int64, [0xffffffff, 0xfffffffe])).toBe(-2);
  expect(raw(DataType.Int64, [0x80000000, 0])).toBe(-(2n ** 63n));
});

test("[C201] of an integer beyond 2^53 the value is bad with one finding that names signal, value and what to do; as a text it is exact", async () => {
  const recorder = createRecorder();
  const intake = new ValueIntake(connection, [signal("integer", "Total"), signal("string", "Serial")], wallClock, recorder);
  intake.connected();
  for (let step = 0n; step < 3n; step++) {
    intake.value(0, { raw: EXACT + step, time: wallClock.now() });
    intake.value(1, { raw: EXACT + step, time: wallClock.now() });
  }
  intake.value(0, { raw: 42n, time: wallClock.now() });
  intake.flush();
  await recorder.until(() => recorder.of(0).length > 0 && recorder.of(1).length > 0, "the values");
  await intake.close();
  const findings = recorder.notices.flatMap((notice) => (notice.kind === "finding" ? [[notice.address, notice.message]] : []));
  expect(findings).toEqual([
    [
      "nsu=urn:p;s=Total",
      "Total: the integer 9007199254740993 has more digits than can be kept exactly (beyond ±9007199254740991, 2^53), so the value is bad. Let the plant send it as text, or declare the signal as string.",
    ],
  ]);
  expect(recorder.of(0).map((sample) => [sample.value, sample.quality])).toContainEqual([42, quality.good]);
  expect(recorder.of(0)[0]).toMatchObject({ quality: quality.bad });
  expect(recorder.of(1)[0]).toMatchObject({ text: "9007199254740993", quality: quality.good });
});
