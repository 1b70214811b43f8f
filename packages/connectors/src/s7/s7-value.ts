import type { ValueType } from "@doppelwerk/world";
import { shortestFloat } from "../samples/shortest-float.ts";
import type { RawValue } from "../samples/accept-value.ts";
import type { S7Address, S7Type } from "./s7-address.ts";

/** What a signal of each type is by default. Dates and times of day are texts of ISO 8601 without offset: a PLC does not say its zone. */
export const VALUE_TYPES: Readonly<Record<S7Type, ValueType>> = {
  BOOL: "boolean",
  BYTE: "integer",
  USINT: "integer",
  SINT: "integer",
  CHAR: "string",
  WORD: "integer",
  UINT: "integer",
  INT: "integer",
  DATE: "string",
  S5TIME: "integer",
  DWORD: "integer",
  UDINT: "integer",
  DINT: "integer",
  REAL: "double",
  TIME: "integer",
  TIME_OF_DAY: "string",
  LWORD: "integer",
  ULINT: "integer",
  LINT: "integer",
  LREAL: "double",
  LTIME: "integer",
  LDT: "string",
  DATE_AND_TIME: "string",
  DTL: "string",
  STRING: "string",
  WSTRING: "string",
};

const DAY_MS = 86_400_000;
const DATE_BEGINS = Date.UTC(1990, 0, 1);
const S5_BASE_MS = [10, 100, 1_000, 10_000];

/** The value at `offset`. Durations: TIME and S5TIME in milliseconds, LTIME in nanoseconds. Undefined = the bytes mean no value. */
export function s7Value({ type, bit, length }: S7Address, bytes: Buffer, offset: number): RawValue {
  switch (type) {
    case "BOOL":
      return ((bytes[offset]! >> bit) & 1) === 1;
    case "BYTE":
    case "USINT":
      return bytes.readUInt8(offset);
    case "SINT":
      return bytes.readInt8(offset);
    case "CHAR":
      return bytes.toString("latin1", offset, offset + 1);
    case "WORD":
    case "UINT":
      return bytes.readUInt16BE(offset);
    case "INT":
      return bytes.readInt16BE(offset);
    case "DWORD":
    case "UDINT":
      return bytes.readUInt32BE(offset);
    case "DINT":
    case "TIME":
      return bytes.readInt32BE(offset);
    case "REAL":
      return shortestFloat(bytes.readFloatBE(offset));
    case "LWORD":
    case "ULINT":
      return bytes.readBigUInt64BE(offset);
    case "LINT":
    case "LTIME":
      return bytes.readBigInt64BE(offset);
    case "LREAL":
      return bytes.readDoubleBE(offset);
    case "S5TIME":
      return s5Time(bytes.readUInt16BE(offset));
    case "DATE":
      return new Date(DATE_BEGINS + bytes.readUInt16BE(offset) * DAY_MS).toISOString().slice(0, 10);
    case "TIME_OF_DAY": {
      const ms = bytes.readUInt32BE(offset);
      return ms < DAY_MS ? new Date(ms).toISOString().slice(11, -1) : undefined;
    }
    case "LDT":
      return nanosecondText(bytes.readBigInt64BE(offset));
    case "DATE_AND_TIME":
      return dateAndTime(bytes.subarray(offset, offset + 8));
    case "DTL":
      return dtl(bytes.subarray(offset, offset + 12));
    case "STRING":
      return stringOf(bytes.subarray(offset, offset + length));
    case "WSTRING":
      return wideStringOf(bytes.subarray(offset, offset + length));
  }
}

/** Bits 12 and 13 are the time base, below three decimal digits. */
function s5Time(word: number): RawValue {
  const digits = word & 0x0fff;
  const value = decimalOf(digits >> 8) * 100 + decimalOf(digits & 0xff);
  return Number.isNaN(value) ? undefined : value * S5_BASE_MS[(word >> 12) & 3]!;
}

/** Two decimal digits in a byte; NaN when they are none. */
function decimalOf(byte: number): number {
  const high = byte >> 4;
  const low = byte & 0x0f;
  return high > 9 || low > 9 ? Number.NaN : high * 10 + low;
}

/** Eight bytes of decimal digits; the years 90 to 99 are those of 1990. */
function dateAndTime(bytes: Buffer): RawValue {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, hundredths = 0] = [...bytes.subarray(0, 7)].map(decimalOf);
  const millisecond = hundredths * 10 + (bytes[7]! >> 4);
  return calendarText(year + (year >= 90 ? 1900 : 2000), month, day, hour, minute, second, millisecond * 1_000_000, 3);
}

function dtl(bytes: Buffer): RawValue {
  const nanosecond = bytes.readUInt32BE(8);
  return calendarText(bytes.readUInt16BE(0), bytes[2]!, bytes[3]!, bytes[5]!, bytes[6]!, bytes[7]!, nanosecond, 9);
}

/** Undefined for a date that the calendar does not have, for example one of a block never written. */
function calendarText(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  nanosecond: number,
  digits: number,
): RawValue {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const real =
    Number.isFinite(ms) &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    minute < 60 &&
    second < 60;
  if (!real || !(nanosecond >= 0 && nanosecond < 1e9) || year < 1970) return undefined;
  return withFraction(date, nanosecond, digits);
}

function nanosecondText(nanoseconds: bigint): RawValue {
  if (nanoseconds < 0n) return undefined;
  return withFraction(new Date(Number(nanoseconds / 1_000_000_000n) * 1000), Number(nanoseconds % 1_000_000_000n), 9);
}

function withFraction(date: Date, nanosecond: number, digits: number): string {
  const fraction = String(nanosecond).padStart(9, "0").slice(0, digits).replace(/0+$/, "");
  return `${date.toISOString().slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Declared and actual length, then Latin-1. A block never written has lengths that cannot be: no text. */
function stringOf(bytes: Buffer): RawValue {
  const actual = bytes[1]!;
  return actual > bytes.length - 2 || actual > bytes[0]! ? undefined : bytes.toString("latin1", 2, 2 + actual);
}

function wideStringOf(bytes: Buffer): RawValue {
  const actual = bytes.readUInt16BE(2);
  if (actual * 2 > bytes.length - 4 || actual > bytes.readUInt16BE(0)) return undefined;
  return Buffer.from(bytes.subarray(4, 4 + actual * 2))
    .swap16()
    .toString("utf16le");
}
