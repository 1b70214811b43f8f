import type { DatabaseSync, StatementSync } from "node:sqlite";
import { packText, unpackText } from "./packed-text.ts";
import { prepareAll } from "./record-tables.ts";
import { GROUP, signatureOf, sliced } from "./text-signature.ts";

/** A block is looked through once for many searches, but written at every import. */
const FASTEST = 1;

/** Lines of texts of each searched kind, in packed blocks with their signatures. Called within a transaction. */
export class TextWriter {
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;
  readonly #blockCharacters: number;

  constructor(database: DatabaseSync, blockCharacters = 131_072) {
    this.#statements = prepareAll(database, statements);
    this.#blockCharacters = blockCharacters;
  }

  /** Fills the last block before another one begins, so that small batches leave no small blocks. */
  add(kind: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const last = this.#statements.last.get(kind) as { number: number; lines: number; records: Uint8Array } | undefined;
    let number = last?.number ?? 1;
    let block = last === undefined ? [] : unpackText(last.records).toString().split("\n");
    let characters = block.reduce((sum, line) => sum + line.length, 0);
    if (characters >= this.#blockCharacters) [number, block, characters] = [number + 1, [], 0];
    for (const line of lines) {
      block.push(line);
      characters += line.length;
      if (characters < this.#blockCharacters) continue;
      this.#write(kind, number, block);
      [number, block, characters] = [number + 1, [], 0];
    }
    if (block.length > 0) this.#write(kind, number, block);
  }

  #write(kind: string, number: number, block: readonly string[]): void {
    const text = Buffer.from(block.join("\n"));
    this.#statements.write.run(kind, number, block.length, packText(text, FASTEST));
    this.#statements.sign.run(kind, number, signatureOf(text));
    // the block before it is full, and with it a group may be
    if ((number - 1) % GROUP === 0 && number > 1) this.#slice(kind, number - GROUP);
  }

  #slice(kind: string, first: number): void {
    const signatures = this.#statements.signatures.all(kind, first, first + GROUP - 1) as unknown as { bits: Uint8Array }[];
    // the first block of a group is written more than once
    if (signatures.length < GROUP) return;
    sliced(signatures.map(({ bits }) => bits)).forEach((bits, chunk) => this.#statements.slice.run(kind, first, chunk, bits));
    this.#statements.unsign.run(kind, first, first + GROUP - 1);
  }
}

const statements = {
  last: "SELECT number, lines, records FROM texts WHERE kind = ? ORDER BY number DESC LIMIT 1",
  write: "INSERT OR REPLACE INTO texts (kind, number, lines, records) VALUES (?, ?, ?, ?)",
  sign: "INSERT OR REPLACE INTO text_signatures (kind, number, bits) VALUES (?, ?, ?)",
  signatures: "SELECT bits FROM text_signatures WHERE kind = ? AND number BETWEEN ? AND ? ORDER BY number",
  unsign: "DELETE FROM text_signatures WHERE kind = ? AND number BETWEEN ? AND ?",
  slice: "INSERT INTO text_slices (kind, first, chunk, bits) VALUES (?, ?, ?, ?)",
} as const;
