// Between the lexical strings of the metamodel and the JSON types of the value-only form (IDTA-01001, mapping of data types).

import { isLexical, isNumeric, isWordNumber } from "../lexical.ts";
import type { ValueType } from "../value-type.ts";
import { isLexicalNumber, lexicalNumber, numberOfText, type ValueOnly } from "./value-text.ts";

const PARTS = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]+)?$/;
const MAX_EXPANSION = 400;

/**
 * The JSON value of a lexical string: a boolean, a number with every digit, or the string.
 * INF, -INF and NaN have no JSON number and stay strings, as does a stored text that is not of its type.
 * "" is no value where the type has no empty text (undefined).
 */
export function jsonOfLexical(text: string, type: ValueType): string | boolean | ValueOnly | undefined {
  if (type === "xs:string") return text;
  if (text === "" && !isLexical("", type)) return undefined;
  if (type === "xs:boolean") return text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
  if (!isNumeric(type) || isWordNumber(text)) return text;
  const plain = Number(text);
  if (String(plain) === text) return plain;
  return isLexical(text, type) ? numberOfText(jsonNumberOf(text)) : text;
}

/** The lexical string of a JSON value for a type, or undefined when the type cannot hold it. */
export function lexicalOfJson(value: ValueOnly, type: ValueType): string | undefined {
  const text = textFor(value, type);
  return text !== undefined && isLexical(text, type) ? text : undefined;
}

function textFor(value: ValueOnly, type: ValueType): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return type === "xs:boolean" ? String(value) : undefined;
  const digits =
    typeof value === "number" ? (Object.is(value, -0) ? "-0" : String(value)) : isLexicalNumber(value) ? value[lexicalNumber] : undefined;
  if (digits === undefined || !isNumeric(type)) return undefined;
  if (type === "xs:double" || type === "xs:float") return digits;
  return type === "xs:decimal" ? expanded(digits) : expanded(digits)?.replace(/\.0*$/, "");
}

/** XML Schema allows `+5`, `007`, `.5` and `5.`; JSON does not. */
function jsonNumberOf(text: string): string {
  const [, sign, whole, fraction, exponent] = PARTS.exec(text)!;
  return `${sign === "-" ? "-" : ""}${whole || "0"}${fraction ? `.${fraction}` : ""}${exponent ?? ""}`;
}

/** A JSON number without its exponent, which decimals and integers do not have; undefined when that would be absurdly long. */
function expanded(text: string): string | undefined {
  const at = text.search(/[eE]/);
  if (at < 0) return text;
  const shift = Number(text.slice(at + 1));
  if (Math.abs(shift) > MAX_EXPANSION) return undefined;
  const [, sign, whole = "", fraction = ""] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text.slice(0, at))!;
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const place = Math.max(point, 1);
  const integer = padded.slice(0, place).replace(/^0+(?=[0-9])/, "");
  const rest = padded.slice(place).replace(/0+$/, "");
  return `${sign}${integer}${rest === "" ? "" : `.${rest}`}`;
}
