import type { Json, RecordId } from "@doppelwerk/world";

/** A kind that is looked for by its text; what its fields `without` hold (ids of other records) is not. */
export interface SearchedKind {
  readonly kind: string;
  readonly without: readonly string[];
}

/** Between two texts of a record; JSON writes it as an escape, so that no text holds it. */
const SEPARATOR = "\t";
const OF_EVERY_RECORD: readonly string[] = ["id", "kind"];

/** What stands in the fields of a record, one text after the other, as JSON writes them: names of fields and what nests them is left out. */
export function textOf(fields: Readonly<Record<string, Json | undefined>>, without: readonly string[]): string {
  const texts: string[] = [];
  for (const name in fields) if (!OF_EVERY_RECORD.includes(name) && !without.includes(name)) collect(fields[name], texts);
  return texts.join(SEPARATOR);
}

function collect(value: Json | undefined, into: string[]): void {
  if (typeof value === "string") {
    if (value !== "") into.push(written(value));
  } else if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) collect(item, into);
    else for (const name in value) collect((value as Readonly<Record<string, Json>>)[name], into);
  } else if (value !== undefined && value !== null) into.push(String(value));
}

/** A text as it stands in JSON, without the quotes. */
export function written(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A line of a block of texts. */
export function textLine(id: RecordId, text: string): string {
  return `${id}${SEPARATOR}${text}`;
}

const LINE_END = 10;
const TAB = 9;

/** Ids of the lines of a block that hold one of the texts. */
export function idsIn(block: Buffer, wanted: readonly Buffer[]): readonly RecordId[] {
  const found: RecordId[] = [];
  for (const text of wanted)
    for (let at = block.indexOf(text); at >= 0;) {
      const start = block.lastIndexOf(LINE_END, at) + 1;
      const end = block.indexOf(LINE_END, at);
      const endOfId = block.indexOf(TAB, start);
      // what stands in an id is not looked for
      if (at > endOfId) found.push(block.toString("utf8", start, endOfId));
      at = at > endOfId ? (end < 0 ? -1 : block.indexOf(text, end)) : block.indexOf(text, endOfId);
    }
  return found;
}
