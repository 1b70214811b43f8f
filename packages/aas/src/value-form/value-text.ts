/**
 * A number of value-only JSON that a JavaScript number cannot hold digit by digit: xs:long beyond 2^53, decimals of 18 digits, `1.10`, `-0.0`.
 * The text is a JSON number. The symbol keeps it apart from the object of a collection.
 */
export interface LexicalNumber {
  readonly [lexicalNumber]: string;
}

export const lexicalNumber: unique symbol = Symbol("lexical number");

/**
 * Value-only JSON (IDTA-01001, Format "Value"). A number that loses no digit is a number, every other one a LexicalNumber.
 * `null` stands in lists only: an element without a value, kept so that the others keep their index.
 */
export type ValueOnly = string | boolean | number | null | LexicalNumber | { readonly [name: string]: ValueOnly } | readonly ValueOnly[];

/** A JSON number text as a number when that loses nothing, else as a LexicalNumber. */
export function numberOfText(text: string): number | LexicalNumber {
  const number = Number(text);
  return String(number) === text ? number : { [lexicalNumber]: text };
}

/** Whether the value is a LexicalNumber. */
export function isLexicalNumber(value: unknown): value is LexicalNumber {
  return typeof value === "object" && value !== null && lexicalNumber in value;
}

/** The JSON text of a value, every digit kept. */
export function writeValueText(value: ValueOnly): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isLexicalNumber(value)) return value[lexicalNumber];
  if (Array.isArray(value)) return `[${value.map(writeValueText).join(",")}]`;
  return `{${Object.entries(value as Record<string, ValueOnly>)
    .map(([name, item]) => `${JSON.stringify(name)}:${writeValueText(item)}`)
    .join(",")}}`;
}

/** What a number may look like that JSON.parse would change: 16 digits, a zero at the end of a fraction, an exponent, -0, a tiny fraction. Strings may look so too: it only costs time. */
const MAY_LOSE_DIGITS = /[0-9.]{16}|\.[0-9]*0(?![0-9])|[0-9][eE]|-0|0\.00000/;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** The value of a JSON text, every digit kept. Throws SyntaxError on text that is not JSON, as JSON.parse does. */
export function parseValueText(text: string): ValueOnly {
  const parsed = JSON.parse(text) as ValueOnly;
  if (typeof parsed === "string" || typeof parsed === "boolean" || parsed === null) return parsed;
  if (typeof parsed === "number") return numberOfText(text.trim());
  return MAY_LOSE_DIGITS.test(text) ? withDigits(text) : parsed;
}

/** Reads JSON that JSON.parse has accepted, keeping the digits of numbers. Only the places of numbers matter: strings go through JSON.parse. */
function withDigits(text: string): ValueOnly {
  let at = 0;
  const space = () => {
    while (/[ \t\r\n]/.test(text[at] ?? "")) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    return JSON.parse(text.slice(start, ++at)) as string;
  };
  const value = (): ValueOnly => {
    space();
    const first = text[at];
    if (first === "{") return object();
    if (first === "[") return array();
    if (first === '"') return string();
    for (const word of ["true", "false", "null"]) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return JSON.parse(word) as ValueOnly;
    }
    NUMBER.lastIndex = at;
    const digits = NUMBER.exec(text)![0];
    at += digits.length;
    return numberOfText(digits);
  };
  const array = (): ValueOnly => {
    const items: ValueOnly[] = [];
    at++;
    space();
    while (text[at] !== "]") {
      items.push(value());
      space();
      if (text[at] === ",") at++;
      space();
    }
    at++;
    return items;
  };
  const object = (): ValueOnly => {
    const entries: [string, ValueOnly][] = [];
    at++;
    space();
    while (text[at] !== "}") {
      const name = string();
      space();
      at++;
      entries.push([name, value()]);
      space();
      if (text[at] === ",") at++;
      space();
    }
    at++;
    return Object.fromEntries(entries);
  };
  return value();
}
