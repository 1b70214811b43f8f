import { BinaryStream, DataType, DataValue, StatusCodes, Variant, VariantArrayType } from "node-opcua";
import { describe, expect, test } from "vitest";
import { rawKind, readDataValues } from "./history-columns.ts";
import { instantOf, rawValueOf } from "./raw-value.ts";

function encoded(values: readonly DataValue[]): Buffer {
  const stream = BinaryStream.createGrowable(1024, 1 << 24);
  stream.writeInteger(values.length);
  for (const value of values) value.encode(stream);
  return Buffer.from(stream.buffer.subarray(0, stream.length));
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

function anyVariant(random: () => number): Variant {
  const int = (bits: number, signed: boolean): number => Math.floor(random() * 2 ** bits) - (signed ? 2 ** (bits - 1) : 0);
  const word = (): number => int(32, false);
  const choices: (() => Variant)[] = [
    () => new Variant({ dataType: DataType.Boolean, value: random() < 0.5 }),
    () => new Variant({ dataType: DataType.SByte, value: int(8, true) }),
    () => new Variant({ dataType: DataType.Byte, value: int(8, false) }),
    () => new Variant({ dataType: DataType.Int16, value: int(16, true) }),
    () => new Variant({ dataType: DataType.UInt16, value: int(16, false) }),
    () => new Variant({ dataType: DataType.Int32, value: int(32, true) }),
    () => new Variant({ dataType: DataType.UInt32, value: word() }),
    () => new Variant({ dataType: DataType.Int64, arrayType: VariantArrayType.Scalar, value: [word(), word()] }),
    () => new Variant({ dataType: DataType.UInt64, arrayType: VariantArrayType.Scalar, value: [word(), word()] }),
    () => new Variant({ dataType: DataType.Float, value: Math.fround(random() * 1e6) }),
    () =>
      new Variant({
        dataType: DataType.Double,
        value: [random() * 1e300, Number.NaN, -0, Number.POSITIVE_INFINITY][Math.floor(random() * 4)],
      }),
    () => new Variant({ dataType: DataType.String, value: ["", "Läuft 运行", "x".repeat(200), null][Math.floor(random() * 4)] }),
    () =>
      new Variant({
        dataType: DataType.LocalizedText,
        value: { locale: random() < 0.5 ? "de" : null, text: random() < 0.5 ? "Störung" : null },
      }),
    () => new Variant({ dataType: DataType.DateTime, value: new Date(1_790_000_000_000) }),
    () => new Variant({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: [1, 2, 3] }),
    () => new Variant({ dataType: DataType.Null }),
  ];
  return choices[Math.floor(random() * choices.length)]!();
}

describe("history in columns", () => {
  test("[C13] columns say what the library's own decoder says, for every type, with and without status and times", () => {
    const random = randomOf(2026);
    const values = Array.from({ length: 5000 }, () => {
      const time = random() < 0.1 ? null : new Date(1_500_000_000_000 + Math.floor(random() * 4e11));
      return new DataValue({
        value: random() < 0.05 ? undefined : anyVariant(random),
        statusCode: random() < 0.7 ? StatusCodes.Good : StatusCodes.BadNoCommunication,
        sourceTimestamp: time,
        sourcePicoseconds: time === null ? 0 : Math.floor(random() * 9999) * 100_000,
        serverTimestamp: random() < 0.5 ? null : new Date(1_600_000_000_000),
      });
    });
    const bytes = encoded(values);
    const theirs = new BinaryStream(bytes);
    theirs.readInteger();
    const columns = readDataValues(new BinaryStream(bytes));
    expect(columns.count).toBe(values.length);
    for (let row = 0; row < values.length; row++) {
      const decoded = new DataValue();
      decoded.decode(theirs);
      const raw = rawValueOf(decoded.value);
      const kind = columns.kinds[row]!;
      const mine =
        kind === rawKind.number
          ? columns.values[row]
          : kind === rawKind.boolean
            ? columns.values[row] === 1
            : kind === rawKind.text
              ? columns.texts.get(row)
              : kind === rawKind.wide
                ? columns.wide.get(row)
                : undefined;
      if (typeof raw === "object") expect(kind).toBe(rawKind.other);
      else expect(mine).toEqual(raw);
      expect(columns.statuses[row]).toBe(decoded.statusCode.value);
      expect(columns.sourceTimes[row]).toEqual(instantOf(decoded.sourceTimestamp, decoded.sourcePicoseconds) ?? Number.NaN);
      expect(columns.serverTimes[row]).toEqual(instantOf(decoded.serverTimestamp, decoded.serverPicoseconds) ?? Number.NaN);
    }
  });

  test("[C13] a message cut short or altered anywhere is an error or values, never a hang or a read beyond it", () => {
    const random = randomOf(7);
    const bytes = encoded(
      Array.from(
        { length: 20 },
        () => new DataValue({ value: anyVariant(random), statusCode: StatusCodes.Good, sourceTimestamp: new Date(1_790_000_000_000) }),
      ),
    );
    let refused = 0;
    for (let round = 0; round < 3000; round++) {
      const copy = Buffer.from(bytes.subarray(0, random() < 0.5 ? Math.floor(random() * bytes.length) : bytes.length));
      for (let i = 0; i < 3 && copy.length > 0; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      try {
        expect(readDataValues(new BinaryStream(copy)).count).toBeLessThanOrEqual(copy.length);
      } catch {
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
  });
});
