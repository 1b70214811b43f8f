// Lexical spaces of XML Schema 1.0 part 2, value ranges included. Values stay strings: nothing here rounds.

import { isAnyUri } from "./uri.ts";
import type { ValueType } from "./value-type.ts";

const INTEGER = /^[+-]?[0-9]+$/;
const DECIMAL = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$/;
const FLOATING = /^([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN)$/;
const HEX = /^([0-9a-fA-F]{2})*$/;
const BASE64 = /^(?:[A-Za-z0-9+/] ?)*={0,2}$/;
const ZONE = "(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?";
const YEAR = "(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))";
const MONTH = "(0[1-9]|1[0-2])";
const DAY = "(0[1-9]|[12][0-9]|3[01])";
const CLOCK = "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?|24:00:00(?:\\.0+)?)";
const DATE = new RegExp(`^${YEAR}-${MONTH}-${DAY}${ZONE}$`);
const DATE_TIME = new RegExp(`^${YEAR}-${MONTH}-${DAY}T${CLOCK}${ZONE}$`);
const TIME = new RegExp(`^${CLOCK}${ZONE}$`);
const G_YEAR = new RegExp(`^${YEAR}${ZONE}$`);
const G_YEAR_MONTH = new RegExp(`^${YEAR}-${MONTH}${ZONE}$`);
const G_MONTH = new RegExp(`^--${MONTH}${ZONE}$`);
const G_DAY = new RegExp(`^---${DAY}${ZONE}$`);
const G_MONTH_DAY = new RegExp(`^--${MONTH}-${DAY}${ZONE}$`);
const DURATION = /^-?P(?=[0-9T])([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Lowest and highest integer of the types that are ranges of integers; undefined = endless. */
const INTEGER_RANGES: Partial<Record<ValueType, readonly [bigint | undefined, bigint | undefined]>> = {
  "xs:integer": [undefined, undefined],
  "xs:long": [-(2n ** 63n), 2n ** 63n - 1n],
  "xs:int": [-(2n ** 31n), 2n ** 31n - 1n],
  "xs:short": [-(2n ** 15n), 2n ** 15n - 1n],
  "xs:byte": [-128n, 127n],
  "xs:nonNegativeInteger": [0n, undefined],
  "xs:positiveInteger": [1n, undefined],
  "xs:nonPositiveInteger": [undefined, 0n],
  "xs:negativeInteger": [undefined, -1n],
  "xs:unsignedLong": [0n, 2n ** 64n - 1n],
  "xs:unsignedInt": [0n, 2n ** 32n - 1n],
  "xs:unsignedShort": [0n, 2n ** 16n - 1n],
  "xs:unsignedByte": [0n, 255n],
};

/** Characters that XML 1.0 cannot hold: AASd-130. */
const NOT_XML = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const FIXED_SIZE_DIGITS = 64;
const HIGHEST_FLOAT = 3.4028235677973366e38;

/** Whether the text is in the lexical space of the type and its value in the type's range. */
export function isLexical(text: string, type: ValueType): boolean {
  switch (type) {
    case "xs:string":
      return isXmlText(text);
    case "xs:boolean":
      return text === "true" || text === "false" || text === "1" || text === "0";
    case "xs:decimal":
      return DECIMAL.test(text);
    case "xs:double":
      return FLOATING.test(text) && (isWordNumber(text) || Number.isFinite(Number(text)));
    case "xs:float":
      return FLOATING.test(text) && (isWordNumber(text) || Math.abs(Number(text)) < HIGHEST_FLOAT);
    case "xs:hexBinary":
      return HEX.test(text);
    case "xs:base64Binary":
      return isBase64(text);
    case "xs:anyURI":
      return isAnyUri(text);
    case "xs:duration":
      return DURATION.test(text);
    case "xs:date":
      return isCalendarDay(DATE.exec(text));
    case "xs:dateTime":
      return isCalendarDay(DATE_TIME.exec(text));
    case "xs:time":
      return TIME.test(text);
    case "xs:gYear":
      return G_YEAR.test(text);
    case "xs:gYearMonth":
      return G_YEAR_MONTH.test(text);
    case "xs:gMonth":
      return G_MONTH.test(text);
    case "xs:gDay":
      return G_DAY.test(text);
    case "xs:gMonthDay":
      return isMonthDay(text);
    default:
      return isIntegerIn(text, INTEGER_RANGES[type]);
  }
}

/** Whether XML 1.0 can hold the text (AASd-130). */
export function isXmlText(text: string): boolean {
  // Most texts are ASCII and short: looking at them takes less than beginning the pattern.
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return !NOT_XML.test(text);
  }
  return true;
}

/** Whether value-only JSON writes the type as a number (IDTA-01001, mapping of data types). */
export function isNumeric(type: ValueType): boolean {
  return type in INTEGER_RANGES || type === "xs:decimal" || type === "xs:double" || type === "xs:float";
}

/** INF, -INF and NaN: doubles that JSON has no number for. */
export function isWordNumber(text: string): boolean {
  return text === "INF" || text === "-INF" || text === "NaN";
}

/** Base64 of RFC 4648 clause 4 with padding; single spaces between characters are allowed, as XML Schema does. */
export function isBase64(text: string): boolean {
  if (!BASE64.test(text)) return false;
  const packed = text.includes(" ") ? text.replaceAll(" ", "") : text;
  return packed.length % 4 === 0;
}

function isIntegerIn(text: string, range: readonly [bigint | undefined, bigint | undefined] | undefined): boolean {
  if (range === undefined || !INTEGER.test(text)) return false;
  const [lowest, highest] = range;
  if (lowest === undefined && highest === undefined) return true;
  const digits = text.replace(/^[+-]?0*/, "");
  const negative = text[0] === "-";
  // A number this long is beyond every range of fixed size; BigInt is spared text of any length.
  if (digits.length > FIXED_SIZE_DIGITS) return negative ? lowest === undefined : highest === undefined;
  const value = BigInt(digits === "" ? "0" : digits) * (negative ? -1n : 1n);
  return (lowest === undefined || value >= lowest) && (highest === undefined || value <= highest);
}

function isCalendarDay(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const [, year, month, day] = match;
  if (/^-?0+$/.test(year!)) return false;
  return Number(day) <= daysOf(year!, Number(month));
}

function isMonthDay(text: string): boolean {
  const match = G_MONTH_DAY.exec(text);
  return match !== null && Number(match[2]) <= DAYS[Number(match[1]) - 1]!;
}

function daysOf(year: string, month: number): number {
  if (month !== 2) return DAYS[month - 1]!;
  // XML Schema 1.0 has no year zero: -0001 is the year before 0001 and the leap year of the proleptic calendar.
  const negative = year.startsWith("-");
  const remainder = Number(BigInt(year.slice(negative ? 1 : 0, negative ? 130 : 129)) % 400n);
  const astronomical = negative ? remainder - 1 : remainder;
  const isLeap = astronomical % 4 === 0 && (astronomical % 100 !== 0 || astronomical % 400 === 0);
  return isLeap ? 29 : 28;
}
