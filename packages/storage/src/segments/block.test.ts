import { describe, expect, test } from "vitest";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { decodeBlock, decodeRowAt, encodeBlock, rowOf, summarise } from "./block.ts";
import { BlockChain, partsOf } from "./block-chain.ts";
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

  test("[H26] blocks chained to one read as their rows do, and have the summary of all of them", () => {
    const random = randomOf(37);
    for (let round = 0; round < 60; round++) {
      const chain = new BlockChain();
      let time = 1e15;
      const all: Columns[] = [];
      for (let part = 0; part < 1 + Math.floor(random() * 5); part++) {
        const count = 1 + Math.floor(random() * 200);
        const times = Array.from({ length: count }, () => (time += 1_000 + Math.floor(random() * 50) * 1_000));
        const values = times.map(() =>
          random() < 0.1 ? Number.NaN : random() < 0.5 ? Math.round(random() * 100) / 10 : round % 3 === 0 ? random() : 4,
        );
        const texts = round % 5 === 0 && part === 1 ? times.map(() => (random() < 0.5 ? undefined : "Stop")) : undefined;
        all.push(columnsOf(times, values, texts));
        const { bytes, compressed } = encodeBlock(all.at(-1)!);
        chain.add([{ rows: count, compressed, bytes }], summarise(all.at(-1)!));
      }
      const whole = mergeColumns(all);
      const { bytes, summary } = chain.take();
      const form = { compressed: false, format: 3 } as const;
      const back = decodeBlock(bytes, form);
      expect({ ...back, serverTimes: [] }).toEqual({ ...whole, serverTimes: [] });
      expect([...back.serverTimes]).toEqual(Array.from(whole.serverTimes));
      const { integral, ...rest } = summarise(whole);
      expect(summary).toEqual({ ...rest, integral: expect.closeTo(integral, -3) as number });
      for (let at = 0; at < 20; at++) {
        const instant = 1e15 + Math.floor(random() * (time - 1e15 + 2e5));
        expect(decodeRowAt(bytes, form, instant)).toEqual(rowOf(whole, instant));
      }
      expect(partsOf(bytes).length).toBe(all.length);
      for (let n = 0; n < 20; n++) {
        const damaged = bytes.slice(0, random() < 0.3 ? Math.floor(random() * bytes.length) : bytes.length);
        for (let k = 0; k < 3 && damaged.length > 0; k++)
          damaged[Math.floor(random() * Math.min(60, damaged.length))] = Math.floor(random() * 256);
        try {
          decodeBlock(damaged, form);
        } catch (error) {
          expect(error instanceof RangeError || (error as { readonly code?: string }).code?.startsWith("Z"), String(error)).toBe(true);
        }
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
