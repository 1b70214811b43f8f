import type { Arrival } from "./arrival.ts";
import type { ByteReader } from "./byte-writer.ts";

/** Arrivals as the first releases logged them; read only. Each column as it lies in memory. Throws RangeError when the bytes are too short. */
export function readArrivalOfFormat1(reader: ByteReader): Arrival {
  const names = Array.from({ length: reader.u32() }, () => ({ number: reader.u32(), branch: reader.text(), signal: reader.text() }));
  const count = reader.u32();
  const textCount = reader.u32();
  const series = new Uint32Array(aligned(reader.bytes(count * 4)));
  const [times, serverTimes, values] = [0, 1, 2].map(() => new Float64Array(aligned(reader.bytes(count * 8)))) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const qualities = reader.bytes(count).slice();
  const texts = new Map<number, string>();
  for (let i = 0; i < textCount; i++) texts.set(reader.u32(), reader.text());
  return { names, count, series, times, serverTimes, values, qualities, texts };
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}
