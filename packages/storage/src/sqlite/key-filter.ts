/** Bits a key, and how many of them one sets: one lookup in a hundred goes to the file for nothing. */
const BITS = 10;
const PROBES = 6;
const WORD = 0x1_0000_0000;
/** A bit is found by a number of 32 bits: of more keys than this has room for, more are looked for in vain. */
const WORDS_MAX = WORD / 32;

/** Which keys a segment may hold (Bloom 1970): most of those that are asked for what is not there do without the file. */
export class KeyFilter {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly #bits: number;

  constructor(words: Uint32Array<ArrayBuffer>) {
    this.words = words;
    this.#bits = words.length * 32;
  }

  static forKeys(count: number): KeyFilter {
    return new KeyFilter(new Uint32Array(Math.min(WORDS_MAX, Math.max(2, Math.ceil((count * BITS) / 32)))));
  }

  static ofBytes(bytes: Uint8Array): KeyFilter {
    return new KeyFilter(new Uint32Array(bytes.slice().buffer));
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer);
  }

  add(key: number): void {
    let at = key >>> 0;
    const step = stepOf(key);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = Math.floor((at / WORD) * this.#bits);
      this.words[bit >>> 5]! |= 1 << (bit & 31);
      at = (at + step) >>> 0;
    }
  }

  has(key: number): boolean {
    let at = key >>> 0;
    const step = stepOf(key);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = Math.floor((at / WORD) * this.#bits);
      if ((this.words[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
      at = (at + step) >>> 0;
    }
    return true;
  }
}

function stepOf(key: number): number {
  return Math.imul(Math.floor(key / WORD) ^ (key >>> 9), 0x9e3779b1) | 1;
}
