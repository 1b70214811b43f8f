/** Two 32-bit lanes. */
export interface TraceHash {
  hashA: number;
  hashB: number;
}

/** Mixes one event in: every bit of time, order (priority and sequence), opcode and entity. */
export function mixEvent(hash: TraceHash, time: number, order: number, opcode: number, entity: number): void {
  let a = hash.hashA;
  let b = hash.hashB;
  a = Math.imul(a ^ (time | 0), 0x85ebca6b);
  b = Math.imul(b ^ (order | 0), 0xc2b2ae35);
  a = Math.imul((a ^ (a >>> 15)) + ((time / 4294967296) | 0), 0x27d4eb2f);
  b = Math.imul((b ^ (b >>> 13)) + ((order / 4294967296) | 0), 0x165667b1);
  a ^= Math.imul(opcode + b, 0x9e3779b1);
  b ^= Math.imul(entity + a, 0x2c1b3c6d);
  hash.hashA = a ^ (a >>> 16);
  hash.hashB = b ^ (b >>> 15);
}

/** Mixes bytes in, such as a packed state. */
export function mixBytes(hash: TraceHash, bytes: Uint8Array): void {
  let a = hash.hashA;
  let b = hash.hashB;
  const words = bytes.length & ~3;
  for (let at = 0; at < words; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    a = Math.imul(a ^ word, 0x85ebca6b);
    b = Math.imul((b ^ (a >>> 13)) + word, 0xc2b2ae35);
    a ^= b >>> 16;
  }
  for (let at = words; at < bytes.length; at++) {
    a = Math.imul(a ^ bytes[at]!, 0x85ebca6b);
    b = Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
  }
  hash.hashA = Math.imul(a ^ (b >>> 15) ^ bytes.length, 0x27d4eb2f);
  hash.hashB = Math.imul(b ^ (a >>> 13), 0x165667b1);
}

/** 16 hexadecimal digits. */
export function hashText(hash: TraceHash): string {
  return (hash.hashA >>> 0).toString(16).padStart(8, "0") + (hash.hashB >>> 0).toString(16).padStart(8, "0");
}
