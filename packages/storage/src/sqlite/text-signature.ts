/**
 * Which sequences of four bytes may stand in a block of texts: a bit each, by their hash. A block is unpacked only where all sequences of a text that is looked for may
 * stand in it. Of many blocks the bits lie row by row (bit-sliced signatures, Faloutsos and Christodoulakis 1984), so that a search reads only the rows of its sequences.
 */
export const ROWS = 65_536;
const SEQUENCE = 4;
const LINE_END = 10;
const TAB = 9;
/** More sequences of one text than these hardly narrow further. */
const MAX_ROWS = 24;

/** One bit for each row; of a block of lines, their ids left out. */
export function signatureOf(block: Uint8Array): Uint8Array {
  const bits = new Uint8Array(ROWS / 8);
  for (let tab = block.indexOf(TAB); tab >= 0;) {
    const newline = block.indexOf(LINE_END, tab);
    const end = newline < 0 ? block.length : newline;
    let window = 0;
    for (let at = tab + 1; at < end; at++) {
      window = (window << 8) | block[at]!;
      if (at < tab + SEQUENCE) continue;
      const row = rowOf(window);
      bits[row >> 3]! |= 1 << (row & 7);
    }
    tab = block.indexOf(TAB, end);
  }
  return bits;
}

function rowOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> 16;
}

/** Rows of the sequences of a text; none where it is shorter than a sequence. */
export function rowsOf(text: Uint8Array): readonly number[] {
  const rows = new Set<number>();
  const sequences = text.length - SEQUENCE + 1;
  const step = Math.max(1, Math.floor(sequences / MAX_ROWS));
  for (let at = 0; at < sequences && rows.size < MAX_ROWS; at += step)
    rows.add(rowOf((text[at]! << 24) | (text[at + 1]! << 16) | (text[at + 2]! << 8) | text[at + 3]!));
  return [...rows];
}

export function mayHold(signature: Uint8Array, rows: readonly number[]): boolean {
  for (const row of rows) if ((signature[row >> 3]! & (1 << (row & 7))) === 0) return false;
  return true;
}

/** Blocks whose signatures are sliced together. */
export const GROUP = 256;
const ROW_BYTES = GROUP / 8;
/** Rows kept together. */
export const CHUNK_ROWS = 64;
export const CHUNKS = ROWS / CHUNK_ROWS;

/** The signatures of `GROUP` blocks row by row, in chunks. */
export function sliced(signatures: readonly Uint8Array[]): readonly Uint8Array[] {
  const rows = new Uint8Array(ROWS * ROW_BYTES);
  signatures.forEach((signature, block) => {
    const [byte, bit] = [block >> 3, 1 << (block & 7)];
    for (let at = 0; at < signature.length; at++)
      for (let bits = signature[at]!; bits !== 0; bits &= bits - 1) rows[((at << 3) | lowest(bits)) * ROW_BYTES + byte]! |= bit;
  });
  return Array.from({ length: CHUNKS }, (_, chunk) => rows.subarray(chunk * CHUNK_ROWS * ROW_BYTES, (chunk + 1) * CHUNK_ROWS * ROW_BYTES));
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Positions in the group of the blocks that may hold a text; `chunkOf` reads a chunk. */
export function blocksIn(chunkOf: (chunk: number) => Uint8Array, rows: readonly number[]): readonly number[] {
  const left = new Uint8Array(ROW_BYTES).fill(255);
  for (const row of rows) {
    const chunk = chunkOf(Math.floor(row / CHUNK_ROWS));
    const start = (row % CHUNK_ROWS) * ROW_BYTES;
    for (let at = 0; at < ROW_BYTES; at++) left[at]! &= chunk[start + at]!;
  }
  return Array.from({ length: GROUP }, (_, block) => block).filter((block) => (left[block >> 3]! & (1 << (block & 7))) !== 0);
}
