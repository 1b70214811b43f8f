import { describe, expect, test } from "vitest";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { decodeBlock, encodeBlock } from "./block.ts";
import { mergeColumns, type Columns } from "./columns.ts";
import { readPacked, writePacked } from "./packed-integers.ts";
import { randomOf } from "./random.fixture.ts";

function columnsOf(times: readonly number[], values: readonly number[], texts?: readonly (string | undefined)[]): Columns {
  return {
    count: times.length,
    times: Float64Array.from(times),
    values: Float64Array.from(values),
    qualities: Uint8Array.from(times, (_, i) => (i % 7 === 3 ? 1 : 0)),
    serverTimes: Float64Array.from(times, (time) => Math.floor(time / 1000) * 1000),
    texts,
  };
}

function expectSame(columns: Columns): void {
  const { bytes, compressed } = encodeBlock(columns);
  const back = decodeBlock(bytes, { compressed, format: 2 });
  expect(back.count).toBe(columns.count);
  expect(new Uint8Array(back.times.buffer)).toEqual(new Uint8Array(columns.times.slice(0, columns.count).buffer));
  // bit by bit but for the payload of NaN
  for (let row = 0; row < columns.count; row++) expect(Object.is(back.values[row], columns.values[row])).toBe(true);
  expect([...back.qualities]).toEqual(Array.from(columns.qualities.subarray(0, columns.count)));
  expect([...back.serverTimes]).toEqual(Array.from(columns.serverTimes.subarray(0, columns.count)));
  if (columns.texts !== undefined) expect(Array.from({ length: columns.count }, (_, row) => back.texts?.[row])).toEqual([...columns.texts]);
}

describe("block", () => {
  test("[H26] columns come back bit by bit: decimals, extremes, negative zero, NaN, texts, any spacing of times", () => {
    expectSame(columnsOf([0], [0]));
    expectSame(columnsOf([5, 5, 6], [-0, 0, Number.NaN]));
    expectSame(columnsOf([-9e15 + 1, 0, 4e15], [Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_VALUE]));
    expectSame(columnsOf([1, 2, 3, 4], [0.1, 0.2, 0.1 + 0.2, 2 ** 53]));
    expectSame(columnsOf([1e15, 1e15 + 1000, 1e15 + 2000], [1, Number.NaN, 3], ["a", undefined, "绿"]));
    const random = randomOf(7);
    for (let round = 0; round < 300; round++) {
      const count = 1 + Math.floor(random() * 300);
      const unit = [1, 1000, 1_000_000, 37][Math.floor(random() * 4)]!;
      const places = 10 ** Math.floor(random() * 12);
      let time = Math.floor(random() * 2e15);
      const times = Array.from({ length: count }, () => (time += Math.floor(random() * 50) * unit));
      const values = times.map(() =>
        random() < 0.02
          ? Number.NaN
          : random() < 0.5
            ? Math.round(random() * 1e6) / places
            : (random() - 0.5) * 2 ** Math.floor(random() * 200 - 100),
      );
      expectSame(
        columnsOf(
          times,
          values,
          random() < 0.3 ? times.map(() => (random() < 0.5 ? undefined : String(Math.floor(random() * 9)))) : undefined,
        ),
      );
    }
  });

  test("[H27] merging keeps the order of arrival at one instant and drops only equal samples", () => {
    const merged = mergeColumns([columnsOf([1, 5, 5], [1, 2, 3]), columnsOf([0, 5, 5, 9], [0, 2, 4, 9]), columnsOf([5], [-0])]);
    expect([...merged.times]).toEqual([0, 1, 5, 5, 5, 5, 9]);
    expect([...merged.values]).toEqual([0, 1, 2, 3, 4, -0, 9]);
  });

  test("[H26] whole numbers of any width are packed and come back, one by one and up to any row", () => {
    const random = randomOf(29);
    for (let round = 0; round < 300; round++) {
      const count = 1 + Math.floor(random() * 400);
      const integers = new Float64Array(count);
      const width = 2 ** Math.floor(random() * 50);
      for (let row = 0; row < count; row++) integers[row] = Math.round((random() - 0.5) * (random() < 0.02 ? 2 ** 50 : width)) + 0;
      const writer = new ByteWriter();
      writePacked(writer, integers, count);
      writer.u32(4_711);
      for (const upTo of [count, 1 + Math.floor(random() * count)]) {
        const into = new Float64Array(count);
        into[0] = integers[0]!;
        const reader = new ByteReader(writer.written);
        readPacked(reader, into, count, upTo);
        expect(into.subarray(0, upTo)).toEqual(integers.subarray(0, upTo));
        expect(reader.u32()).toBe(4_711);
      }
    }
  });

  test("[H26] bytes that are no block end in a RangeError or in rows, never in anything else", () => {
    const random = randomOf(31);
    const { bytes } = encodeBlock(columnsOf([1e15, 1e15 + 1000, 1e15 + 2000, 1e15 + 9000], [1, Number.NaN, 3.25, 2]));
    for (let round = 0; round < 3_000; round++) {
      const damaged = bytes.slice(0, random() < 0.2 ? Math.floor(random() * bytes.length) : bytes.length);
      for (let n = 0; n < 3 && damaged.length > 0; n++) damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      try {
        decodeBlock(damaged, { compressed: false, format: 2 });
      } catch (error) {
        expect(error, `round ${round}`).toBeInstanceOf(RangeError);
      }
    }
  });
});
