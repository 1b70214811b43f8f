import { DoppelwerkError, ORIGIN_CODES, originAt } from "@doppelwerk/world";
import type { Origin, SampleBatch } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { decodeSamplesFrame, encodeSamplesFrame, encodeSamplesFramesOfVersion1 } from "./samples-frame.ts";

const seeds = [1, 20261124, 3_141_592];

test("[S1] a frame brings back the columns it was given, NaN, booleans and texts included", () => {
  for (const seed of seeds) {
    const random = mulberry(seed);
    for (let round = 0; round < 60; round += 1) {
      const batch = randomBatch(random);
      const back = decodeSamplesFrame(encodeSamplesFrame(batch));
      const what = `seed ${seed}, round ${round}`;
      expect(originsOf(back), what).toEqual(originsOf(batch));
      expect(back.count, what).toBe(batch.count);
      expect([...back.signals], what).toEqual([...batch.signals.subarray(0, batch.count)]);
      expect([...back.values], what).toEqual([...batch.values.subarray(0, batch.count)]);
      expect([...back.qualities], what).toEqual([...batch.qualities.subarray(0, batch.count)]);
      expect([...back.sourceTimes], what).toEqual([...batch.sourceTimes.subarray(0, batch.count)]);
      expect(new Map(back.texts), what).toEqual(batch.texts);
    }
  }
});

test("[S11] a batch of one origin is a frame of version 1; for a receiver that reads no other, a mixed batch is a frame an origin", () => {
  const random = mulberry(5);
  for (let round = 0; round < 60; round += 1) {
    const batch = randomBatch(random);
    const version = encodeSamplesFrame(batch)[1];
    expect(version).toBe(new Set(originsOf(batch)).size > 1 && batch.origins !== undefined && new Set(batch.origins).size > 1 ? 2 : 1);
    const frames = encodeSamplesFramesOfVersion1(batch);
    for (const frame of frames) expect(frame[1]).toBe(1);
    const rows = frames.map(decodeSamplesFrame).flatMap(rowTexts);
    expect(rows.toSorted()).toEqual(rowTexts(batch).toSorted());
  }
});

test("[S2] a frame cut out of a larger buffer at any offset decodes the same", () => {
  const random = mulberry(7);
  const batch = randomBatch(random);
  const frame = encodeSamplesFrame(batch);
  for (let offset = 0; offset < 9; offset += 1) {
    const larger = new Uint8Array(frame.length + 16);
    larger.set(frame, offset);
    expect([...decodeSamplesFrame(larger.subarray(offset, offset + frame.length)).values]).toEqual([...batch.values]);
  }
});

test("[S3] whatever the bytes, a malformed frame is refused with DW_INVALID and nothing else is thrown", () => {
  let refused = 0;
  for (const seed of seeds) {
    const random = mulberry(seed);
    for (let round = 0; round < 2000; round += 1) {
      const frame = encodeSamplesFrame(randomBatch(random));
      const damaged = damage(frame, random);
      try {
        const back = decodeSamplesFrame(damaged);
        expect(back.values.length, `seed ${seed}, round ${round}`).toBe(back.count);
      } catch (error) {
        expect(error, `seed ${seed}, round ${round}`).toBeInstanceOf(DoppelwerkError);
        expect((error as DoppelwerkError).code).toBe("DW_INVALID");
        refused += 1;
      }
    }
  }
  expect(refused).toBeGreaterThan(1000);
});

test("[S4] a batch whose columns are shorter than its count is not encoded", () => {
  const batch = { ...randomBatch(mulberry(3)), count: 500 };
  expect(() => encodeSamplesFrame(batch)).toThrow(DoppelwerkError);
});

function originsOf(batch: SampleBatch): readonly Origin[] {
  return Array.from({ length: batch.count }, (_, row) => originAt(batch, row));
}

function rowTexts(batch: SampleBatch): readonly string[] {
  return originsOf(batch).map((origin, row) =>
    [origin, batch.signals[row], batch.values[row], batch.qualities[row], batch.sourceTimes[row], batch.texts.get(row)].join(" "),
  );
}

function damage(frame: Uint8Array, random: () => number): Uint8Array {
  const kind = Math.floor(random() * 4);
  if (kind === 0) return frame.slice(0, Math.floor(random() * frame.length));
  if (kind === 1) return new Uint8Array([...frame, ...Array.from({ length: 1 + Math.floor(random() * 9) }, () => 0)]);
  const copy = frame.slice();
  const touched = 1 + Math.floor(random() * 4);
  for (let index = 0; index < touched; index += 1) {
    const reach = kind === 2 ? Math.min(16, copy.length) : copy.length;
    copy[Math.floor(random() * reach)] = Math.floor(random() * 256);
  }
  return copy;
}

function randomBatch(random: () => number): SampleBatch {
  const count = Math.floor(random() * 40);
  const origins: readonly Origin[] = ["measured", "simulated", "replayed", "entered", "derived"];
  const texts = new Map<number, string>();
  const values = new Float64Array(count);
  const sourceTimes = new Float64Array(count);
  const signals = new Uint32Array(count);
  const qualities = new Uint8Array(count);
  for (let row = 0; row < count; row += 1) {
    values[row] = random() < 0.1 ? NaN : (random() - 0.5) * 1e9;
    sourceTimes[row] = Math.floor(1.7e15 + random() * 1e12);
    signals[row] = Math.floor(random() * 4_000_000_000);
    qualities[row] = Math.floor(random() * 3);
    if (random() < 0.2) texts.set(row, "洗衣机 Störung 🚿".slice(0, Math.floor(random() * 12)).replace(/[\ud800-\udbff]$/, ""));
  }
  const isMixed = random() < 0.5;
  return {
    origin: origins[Math.floor(random() * origins.length)]!,
    ...(isMixed && { origins: Uint8Array.from({ length: count }, () => Math.floor(random() * ORIGIN_CODES)) }),
    count,
    signals,
    values,
    texts,
    qualities,
    sourceTimes,
    serverTimes: sourceTimes,
  };
}

function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
