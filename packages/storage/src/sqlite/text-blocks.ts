import type { RecordId } from "@doppelwerk/world";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { unpackText } from "./packed-text.ts";

const LINE_END = 10;

/** The records of searched kinds, kind by kind, in blocks that are unpacked and looked through one after the other: a text is found wherever it stands. */
export class TextBlocks {
  readonly #next: StatementSync;

  constructor(database: DatabaseSync) {
    this.#next = database.prepare("SELECT number, records FROM texts WHERE kind = ? AND number > ? ORDER BY number LIMIT 1");
  }

  /** Ids of the records whose JSON holds one of the texts, as they come, a block at a time. */
  *holding(kind: string, texts: readonly string[]): Generator<readonly RecordId[], void> {
    const wanted = texts.map((text) => Buffer.from(text));
    for (let last = 0; ;) {
      const row = this.#next.get(kind, last);
      if (row === undefined) return;
      last = row["number"] as number;
      yield idsIn(unpackText(row["records"] as Uint8Array), wanted);
    }
  }
}

function idsIn(block: Buffer, wanted: readonly Buffer[]): readonly RecordId[] {
  const found: RecordId[] = [];
  for (const text of wanted)
    for (let at = block.indexOf(text); at >= 0;) {
      const start = block.lastIndexOf(LINE_END, at) + 1;
      const end = block.indexOf(LINE_END, at);
      const line = block.toString("utf8", start, end < 0 ? block.length : end);
      found.push((JSON.parse(line) as { readonly id: RecordId }).id);
      at = end < 0 ? -1 : block.indexOf(text, end);
    }
  return found;
}
