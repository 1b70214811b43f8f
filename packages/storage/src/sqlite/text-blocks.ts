import type { RecordId } from "@doppelwerk/world";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { unpackText } from "./packed-text.ts";
import { prepareAll } from "./record-tables.ts";
import { idsIn } from "./searched-text.ts";
import { blocksIn, GROUP, mayHold, rowsOf } from "./text-signature.ts";

interface Block {
  readonly number: number;
  readonly lines: number;
  /** Undefined = not known, or sliced meanwhile. */
  readonly bits: Uint8Array | null;
}

/** The texts of searched kinds, kind by kind, in blocks; those that may hold a text are unpacked and looked through one after the other. */
export class TextBlocks {
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;

  constructor(database: DatabaseSync) {
    this.#statements = prepareAll(database, statements);
  }

  /** Ids of the records of which a version holds one of the texts, written as JSON writes them, as they come, a block at a time. */
  *holding(kind: string, texts: readonly string[]): Generator<readonly RecordId[], void> {
    const wanted = texts.map((text) => Buffer.from(text));
    const rows = wanted.map(rowsOf);
    const read = (number: number): readonly RecordId[] =>
      idsIn(unpackText(this.#statements.block.get(kind, number)!["records"] as Uint8Array), wanted);
    let last = 0;
    for (let first = 1; this.#isSliced(kind, first); first += GROUP) {
      for (const number of this.#inGroup(kind, first, rows)) yield read(number);
      last = first + GROUP - 1;
    }
    // the last block may be filled further after it was read
    for (let lines = Number.MAX_SAFE_INTEGER; ;) {
      const block = this.#statements.next.get(kind, last, last, lines) as unknown as Block | undefined;
      if (block === undefined) return;
      [last, lines] = [block.number, block.lines];
      const { bits } = block;
      if (bits === null || rows.some((each) => mayHold(bits, each))) yield read(last);
    }
  }

  #isSliced(kind: string, first: number): boolean {
    return this.#statements.chunk.get(kind, first, 0) !== undefined;
  }

  #inGroup(kind: string, first: number, rows: readonly (readonly number[])[]): readonly number[] {
    const chunkOf = (chunk: number): Uint8Array => this.#statements.chunk.get(kind, first, chunk)!["bits"] as Uint8Array;
    return [...new Set(rows.flatMap((each) => blocksIn(chunkOf, each)))].sort((a, b) => a - b).map((block) => first + block);
  }
}

/** The block after one, or that one where it was filled further: kind, its number twice, its lines. A range of the key, or each step would read all before it. */
export const NEXT_BLOCK = `SELECT texts.number, texts.lines, text_signatures.bits
  FROM texts LEFT JOIN text_signatures ON text_signatures.kind = texts.kind AND text_signatures.number = texts.number
  WHERE texts.kind = ? AND texts.number >= ? AND (texts.number > ? OR texts.lines > ?) ORDER BY texts.number LIMIT 1`;

const statements = {
  chunk: "SELECT bits FROM text_slices WHERE kind = ? AND first = ? AND chunk = ?",
  block: "SELECT records FROM texts WHERE kind = ? AND number = ?",
  next: NEXT_BLOCK,
} as const;
