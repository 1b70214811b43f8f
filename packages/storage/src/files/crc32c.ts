// CRC-32C (Castagnoli, RFC 3720 appendix B.4), four bytes a step.

const tables = ((): readonly Uint32Array[] => {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    first[byte] = crc >>> 0;
  }
  const all = [first];
  for (let step = 1; step < 4; step++) {
    const table = new Uint32Array(256);
    for (let byte = 0; byte < 256; byte++) {
      const previous = all[step - 1]![byte]!;
      table[byte] = (previous >>> 8) ^ first[previous & 0xff]!;
    }
    all.push(table);
  }
  return all;
})();

/** The checksum of the bytes from `start` to `end`. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const [t0, t1, t2, t3] = tables as readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let crc = 0xffffffff;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = t3[crc & 0xff]! ^ t2[(crc >>> 8) & 0xff]! ^ t1[(crc >>> 16) & 0xff]! ^ t0[crc >>> 24]!;
  }
  for (; at < end; at++) crc = t0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
