import { decoded, parseWebAddress } from "./web-address.ts";

/** An Application Identifier of the GS1 General Specifications with its value. */
export interface Gs1Element {
  readonly ai: string;
  readonly value: string;
}

/** What a GS1 Digital Link says (GS1 Digital Link Standard: URI Syntax 1.6, uncompressed). */
export interface Gs1Link {
  /** The primary key, then its qualifiers in the order of the standard. GTINs have 14 digits. */
  readonly keys: readonly [Gs1Element, ...Gs1Element[]];
  /** Of the query: best-before, weight and what else is no part of the identification. */
  readonly attributes: readonly Gs1Element[];
}

interface Key {
  /** Of the value, as it is on the data carrier. */
  readonly form: RegExp;
  /** How many digits from the left have a check digit at their end. */
  readonly checked?: number;
  /** Qualifiers that may follow, in their order. */
  readonly qualifiers: readonly string[];
}

/** GS1 AI encodable character sets 82 and 39 (General Specifications, 7.11). */
const SET_82 = String.raw`[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]`;
const SET_39 = String.raw`[#\-/0-9A-Z]`;
const upTo = (most: number, set = SET_82): RegExp => new RegExp(`^${set}{1,${most}}$`);
const after = (digits: number, most: number): RegExp => new RegExp(String.raw`^\d{${digits}}${SET_82}{0,${most}}$`);

const GLN: Key = { form: /^\d{13}$/, checked: 13, qualifiers: [] };
const KEYS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["00", { form: /^\d{18}$/, checked: 18, qualifiers: [] }],
  ["01", { form: /^(?:\d{8}|\d{12,14})$/, checked: 14, qualifiers: ["22", "10", "21", "235"] }],
  ["253", { form: after(13, 17), checked: 13, qualifiers: [] }],
  ["255", { form: /^\d{13,25}$/, checked: 13, qualifiers: [] }],
  ["401", { form: upTo(30), qualifiers: [] }],
  ["402", { form: /^\d{17}$/, checked: 17, qualifiers: [] }],
  ["414", { ...GLN, qualifiers: ["254", "7040"] }],
  ["417", { ...GLN, qualifiers: ["7040"] }],
  ["8003", { form: after(14, 16), checked: 14, qualifiers: [] }],
  ["8004", { form: upTo(30), qualifiers: ["7040"] }],
  ["8006", { form: /^\d{18}$/, checked: 14, qualifiers: ["22", "10", "21"] }],
  ["8010", { form: upTo(30, SET_39), qualifiers: ["8011"] }],
  ["8013", { form: upTo(25), qualifiers: [] }],
  ["8017", { form: /^\d{18}$/, checked: 18, qualifiers: ["8019"] }],
  ["8018", { form: /^\d{18}$/, checked: 18, qualifiers: ["8019"] }],
]);
const QUALIFIERS: ReadonlyMap<string, RegExp> = new Map([
  ["10", upTo(20)],
  ["21", upTo(20)],
  ["22", upTo(20)],
  ["235", upTo(28)],
  ["254", upTo(20)],
  ["7040", /^\d[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{3}$/],
  ["8011", /^\d{1,12}$/],
  ["8019", /^\d{1,10}$/],
]);
const GTIN_DIGITS = 14;
const CANONICAL = "https://id.gs1.org";

/** Primary keys that a path may begin with, for who has to know whether one does. */
export const GS1_PRIMARY_KEYS: readonly string[] = [...KEYS.keys()];

/** Undefined for what is no GS1 Digital Link: another address, an unknown key, a value that cannot be one, a wrong check digit. */
export function parseGs1Link(text: string): Gs1Link | undefined {
  const address = parseWebAddress(text);
  if (address === undefined) return undefined;
  // NUL is in no value
  const segments = address.path
    .split("/")
    .slice(1)
    .map((segment) => decoded(segment) ?? "\0");
  // a path of the site may stand before the first key
  for (let at = 0; at + 1 < segments.length; at++) {
    const keys = keysOf(segments.slice(at));
    if (keys !== undefined) return { keys, attributes: attributesOf(address.query) };
  }
  return undefined;
}

/** The one spelling at `https://id.gs1.org`; with `origin` at that site (no `/` at its end). Attributes are left out: they identify nothing. */
export function gs1LinkOf({ keys }: Pick<Gs1Link, "keys">, origin = CANONICAL): string {
  return `${origin}${keys.map(({ ai, value }) => `/${ai}/${encodeURIComponent(value)}`).join("")}`;
}

/** The digit that makes a number of GS1 right (General Specifications, 7.9). */
export function gs1CheckDigit(digits: string): number {
  const sum = [...digits].toReversed().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

/** Where they are nothing but a primary key and its qualifiers, in any order. */
function keysOf(segments: readonly string[]): Gs1Link["keys"] | undefined {
  const [ai = "", value = "", ...rest] = segments.at(-1) === "" ? segments.slice(0, -1) : segments;
  const key = KEYS.get(ai);
  if (key === undefined || !isValue(key, value) || rest.length % 2 === 1) return undefined;
  const given = new Map<string, string>();
  for (let at = 0; at < rest.length; at += 2) {
    const [qualifier, its] = [rest[at]!, rest[at + 1]!];
    if (!key.qualifiers.includes(qualifier) || given.has(qualifier) || !QUALIFIERS.get(qualifier)!.test(its)) return undefined;
    given.set(qualifier, its);
  }
  const qualifiers = key.qualifiers.flatMap((each) => (given.has(each) ? [{ ai: each, value: given.get(each)! }] : []));
  return [{ ai, value: ai === "01" ? value.padStart(GTIN_DIGITS, "0") : value }, ...qualifiers];
}

function isValue({ form, checked }: Key, value: string): boolean {
  if (!form.test(value)) return false;
  if (checked === undefined) return true;
  // shorter numbers have zeros before them, which change no check digit
  const number = value.slice(0, checked);
  return gs1CheckDigit(number.slice(0, -1)) === Number(number.at(-1));
}

function attributesOf(query: readonly (readonly [string, string])[]): readonly Gs1Element[] {
  return query.flatMap(([ai, value]) => (/^\d{2,4}$/.test(ai) ? [{ ai, value }] : []));
}
