/**
 * A number of value-only JSON that a JavaScript number cannot hold as it was written (xs:long beyond 2^53, 18 digit decimals, `1.10`).
 * The symbol keeps it apart from the object of a collection.
 */
export interface LexicalNumber {
  readonly [lexicalNumber]: string;
}

export const lexicalNumber: unique symbol = Symbol("lexical number");

/** Value-only JSON (IDTA-01001, Format "Value"). */
export type ValueOnly = string | boolean | number | LexicalNumber | { readonly [name: string]: ValueOnly } | readonly ValueOnly[];

/** The JSON text of a value, every digit kept. */
export function writeValueText(value: ValueOnly): string {
  throw new Error(`not built yet: ${typeof value}`);
}

/** The value of a JSON text, every digit kept. Throws SyntaxError on text that is not JSON, as JSON.parse does. */
export function parseValueText(text: string): ValueOnly {
  throw new Error(`not built yet: ${text.length}`);
}
