import type { Json, RecordId } from "@doppelwerk/world";

/** A kind that is looked for by its text; what its fields `without` hold (ids of other records) is not. */
export interface SearchedKind {
  readonly kind: string;
  readonly without: readonly string[];
}

/** Between two texts of a record; JSON writes it as an escape, so that no text holds it. */
const SEPARATOR = "\t";
const OF_EVERY_RECORD: readonly string[] = ["id", "kind"];

/** What stands in the fields of a record that `names` has, one text after the other, as JSON writes them: names of fields and what nests them is left out. */
export function textOf(fields: Readonly<Record<string, Json | undefined>>, without: readonly string[], names: object = fields): string {
  const texts: string[] = [];
  for (const name in names) if (!OF_EVERY_RECORD.includes(name) && !without.includes(name)) collect(fields[name], texts);
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

const [QUOTE, COMMA, COLON, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 44, 58, 91, 92, 93, 123, 125];

/**
 * The same of a record that stands in a line as `JSON.stringify` writes it. Texts are taken over as they stand and nothing is made of them: a large import is
 * mostly waiting for this.
 */
export function textOfLine(line: string, without: readonly string[]): string {
  const texts: string[] = [];
  const inObject: boolean[] = [];
  let [isName, isLeftOut] = [false, false];
  for (let at = 0; at < line.length;) {
    const code = line.charCodeAt(at);
    let end = at + 1;
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      isName = code === OPEN_OBJECT;
      inObject.push(isName);
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) inObject.pop();
    else if (code === COMMA) isName = inObject.at(-1)!;
    else if (code === COLON) isName = false;
    else {
      const isText = code === QUOTE;
      end = isText ? endOfText(line, at) : endOfScalar(line, at);
      const value = isText ? line.slice(at + 1, end - 1) : line.slice(at, end);
      if (isName) {
        // the name of a field of the record holds for all that is in it
        if (inObject.length === 1) isLeftOut = OF_EVERY_RECORD.includes(value) || without.includes(value);
      } else if (!isLeftOut && value !== "" && (isText || value !== "null")) texts.push(value);
    }
    at = end;
  }
  return texts.join(SEPARATOR);
}

/** Behind the quote that ends the text whose first quote stands at `start`. */
function endOfText(line: string, start: number): number {
  for (let end = line.indexOf('"', start + 1); ; end = line.indexOf('"', end + 1)) {
    let escapes = 0;
    while (line.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
}

/** Behind a number, `true`, `false` or `null`. */
function endOfScalar(line: string, start: number): number {
  for (let end = start + 1; ; end++) {
    const code = line.charCodeAt(end);
    if (code === COMMA || code === CLOSE_OBJECT || code === CLOSE_LIST || Number.isNaN(code)) return end;
  }
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
