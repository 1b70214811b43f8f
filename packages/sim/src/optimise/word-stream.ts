import { philox } from "../random/philox.ts";

/**
 * xoshiro128** (Blackman and Vigna 2021): 32 random bits from 128 bits of state, for searches that draw in their innermost loop.
 * A memory (see kernel/memory.ts): its fields are its whole state. Streams of one seed differ by `stream`.
 */
export class WordStream {
  a: number;
  b: number;
  c: number;
  d: number;

  constructor(seed: number, stream = 0) {
    const high = Math.floor(seed / 4294967296) | 0;
    this.a = philox(0x0971, seed | 0, high ^ philox(0x51, stream, 1));
    this.b = philox(0x0972, seed | 0, high ^ philox(0x51, stream, 2));
    this.c = philox(0x0973, seed | 0, high ^ philox(0x51, stream, 3));
    this.d = philox(0x0974, seed | 0, high ^ philox(0x51, stream, 4)) | 1;
  }

  /** 32 bits, 0 … 2³² − 1. */
  word(): number {
    const five = Math.imul(this.b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result >>> 0;
  }

  /** A whole number, 0 … n − 1. */
  below(n: number): number {
    return Math.floor((this.word() / 4294967296) * n);
  }

  /** In the open interval (0, 1). */
  uniform(): number {
    return ((this.word() >>> 5) * 67108864 + (this.word() >>> 6) + 0.5) * (1 / 9007199254740992);
  }

  /** Puts `values[from … to)` into random order. */
  shuffle(values: { [index: number]: number; readonly length: number }, from = 0, to = values.length): void {
    for (let i = to - 1; i > from; i--) {
      const j = from + this.below(i - from + 1);
      const kept = values[i]!;
      values[i] = values[j]!;
      values[j] = kept;
    }
  }
}
