import {
  BinaryStream,
  DataChangeNotification,
  DataType,
  DataValue,
  DiagnosticInfo,
  StatusCodes,
  Variant,
  VariantArrayType,
} from "node-opcua";
import { expect, test } from "vitest";
import { changesOf, readChanges } from "./change-columns.ts";
import { rawKind } from "./history-columns.ts";
import { rawValueOf } from "./raw-value.ts";

const VALUES: readonly Variant[] = [
  new Variant({ dataType: DataType.Double, value: 1.25 }),
  new Variant({ dataType: DataType.Boolean, value: true }),
  new Variant({ dataType: DataType.String, value: "läuft" }),
  new Variant({ dataType: DataType.Int64, arrayType: VariantArrayType.Scalar, value: [1, 705_032_704] }),
  new Variant({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: [1, 2] }),
  new Variant({ dataType: DataType.Null }),
];

function encoded(count: number, diagnosticInfos: DiagnosticInfo[] = []): Buffer {
  const notification = new DataChangeNotification({
    monitoredItems: Array.from({ length: count }, (_, n) => ({
      clientHandle: 4_000_000_000 + n,
      value: new DataValue({
        value: VALUES[n % VALUES.length],
        statusCode: n % 5 === 0 ? StatusCodes.BadNoCommunication : StatusCodes.Good,
        sourceTimestamp: new Date(1_790_000_000_000 + n),
      }),
    })),
    diagnosticInfos,
  });
  const stream = BinaryStream.createGrowable(1024, 1 << 24);
  notification.encode(stream);
  return Buffer.from(stream.buffer.subarray(0, stream.length));
}

test("[C179] a notification says in columns what the library makes of it, and gives that too; with diagnostics the library reads it", () => {
  const bytes = encoded(600);
  const stream = new BinaryStream(bytes);
  const notification = new DataChangeNotification();
  notification.decode(stream);
  expect(stream.length).toBe(bytes.length);
  const columns = changesOf(notification)!;
  const items = notification.monitoredItems!;
  expect([columns.count, items.length]).toEqual([600, 600]);
  for (const [row, { clientHandle, value }] of items.entries()) {
    const raw = rawValueOf(value.value);
    const kind = columns.kinds[row]!;
    expect(columns.handles[row]).toBe(clientHandle);
    expect(columns.statuses[row]).toBe(value.statusCode.value);
    expect(columns.sourceTimes[row]).toBe(value.sourceTimestamp!.getTime() * 1000);
    if (kind === rawKind.text) expect(columns.texts.get(row)).toBe(raw);
    else if (kind === rawKind.wide) expect(columns.wide.get(row)).toBe(raw);
    else if (kind === rawKind.other) expect(typeof raw).toBe("object");
    else if (kind === rawKind.nothing) expect(raw).toBeUndefined();
    else expect(columns.values[row]).toBe(Number(raw));
  }
  const unusual = new DataChangeNotification();
  unusual.decode(new BinaryStream(encoded(3, [new DiagnosticInfo({ additionalInfo: "x" })])));
  expect([changesOf(unusual), unusual.monitoredItems!.length, unusual.diagnosticInfos!.length]).toEqual([undefined, 3, 1]);
  expect(changesOf(new DataChangeNotification())).toBeUndefined();
});

test("[C179] a notification cut short anywhere is an error, and one that lies about its length is one before anything is made of it", () => {
  const bytes = encoded(6);
  for (let length = 0; length < bytes.length - 4; length++)
    expect(() => readChanges(new BinaryStream(bytes.subarray(0, length)))).toThrow();
  const lie = Buffer.from(bytes);
  lie.writeInt32LE(2_000_000_000);
  expect(() => readChanges(new BinaryStream(lie))).toThrow(RangeError);
});
