import { message, type Message } from "@doppelwerk/messages";
import type { S7Area } from "./s7-client.ts";

/** Elementary types of IEC 61131-3 as S7 stores them, high byte first; bytes of each. A text has a head and its declared length. */
export const S7_TYPES = {
  BOOL: 1,
  BYTE: 1,
  USINT: 1,
  SINT: 1,
  CHAR: 1,
  WORD: 2,
  UINT: 2,
  INT: 2,
  DATE: 2,
  S5TIME: 2,
  DWORD: 4,
  UDINT: 4,
  DINT: 4,
  REAL: 4,
  TIME: 4,
  TIME_OF_DAY: 4,
  LWORD: 8,
  ULINT: 8,
  LINT: 8,
  LREAL: 8,
  LTIME: 8,
  LDT: 8,
  DATE_AND_TIME: 8,
  DTL: 12,
  STRING: 2,
  WSTRING: 4,
} as const;
export type S7Type = keyof typeof S7_TYPES;

export interface S7Address {
  readonly area: S7Area;
  readonly db: number;
  readonly byte: number;
  /** Of a BOOL. */
  readonly bit: number;
  readonly type: S7Type;
  /** Bytes from `byte` on. */
  readonly length: number;
}

const SHORT: Readonly<Record<string, S7Type>> = { DT: "DATE_AND_TIME", TOD: "TIME_OF_DAY" };
/** English and German letters. */
const AREAS: Readonly<Record<string, S7Area>> = { I: "I", E: "I", Q: "Q", A: "Q", M: "M" };
const OF_WIDTH: Readonly<Record<string, S7Type>> = { X: "BOOL", B: "BYTE", W: "WORD", D: "DWORD" };
const WIDTH_BYTES: Readonly<Record<string, number>> = { B: 1, W: 2, D: 4 };
const LAST_BYTE = 65_535;

const EXAMPLES = "DB1.DBD4:REAL, DB1.DBX0.3, MW20:INT, I0.1, DB1.DBB40:STRING[20]";

/**
 * An absolute address as STEP 7 writes it, with the type behind a colon: `DB1.DBD4:REAL`, `DB1.DBX0.3`, `MW20:INT`, `E0.1`. Without a type a bit is BOOL
 * and the others BYTE, WORD and DWORD. What is longer than four bytes begins at a byte: `DB1.DBB8:LREAL`. A message = what is wrong.
 */
export function parseS7Address(text: string): S7Address | Message {
  const match = /^%?(?:DB(\d{1,5})\.DB([XBWD])|([EIAQM])([XBWD]?))(\d{1,5})(?:\.(\d))?(?::([A-Z_0-9]+)(?:[[(](\d{1,5})[\])])?)?$/i.exec(
    text.trim(),
  );
  if (match === null) return message("connectors.addressNotS7", { examples: EXAMPLES });
  const [, block, blockWidth, letter, areaWidth, byteText, bitText, typeText, lengthText] = match;
  const area = letter === undefined ? "DB" : AREAS[letter.toUpperCase()]!;
  const width = (blockWidth ?? areaWidth ?? "").toUpperCase() || "X";
  const db = block === undefined ? 0 : Number(block);
  const byte = Number(byteText);
  if (area === "DB" && (db < 1 || db > 65_535)) return message("connectors.dataBlockOutOfRange");
  const word = typeText?.toUpperCase();
  const type = word === undefined ? OF_WIDTH[width]! : (SHORT[word] ?? word);
  if (!Object.hasOwn(S7_TYPES, type))
    return message("connectors.typeUnknown", { types: Object.keys(S7_TYPES).join(", "), type: word ?? "" });
  const known = type as S7Type;
  if ((known === "BOOL") !== (width === "X")) return message(known === "BOOL" ? "connectors.boolIsBit" : "connectors.bitIsBool");
  if (known === "BOOL" && (bitText === undefined || Number(bitText) > 7)) return message("connectors.bitOfByteOutOfRange");
  if (known !== "BOOL" && bitText !== undefined) return message("connectors.bitNumberWithoutBit");
  const isText = known === "STRING" || known === "WSTRING";
  if (isText !== (lengthText !== undefined))
    return isText ? message("connectors.textLengthRequired") : message("connectors.typeWithoutLength", { type: known });
  const characters = Number(lengthText ?? 0);
  if (isText && (characters < 1 || characters > (known === "STRING" ? 254 : 16_382)))
    return message(known === "STRING" ? "connectors.stringLength" : "connectors.wideStringLength");
  const length = S7_TYPES[known] + characters * (known === "WSTRING" ? 2 : 1);
  const fits = known === "BOOL" || (length === WIDTH_BYTES[width] && !isText) || (width === "B" && (length > 4 || isText || length === 1));
  if (!fits)
    return message("connectors.typeOfOtherWidth", {
      type: known,
      bytes: length,
      example: `DB${length === 1 ? "B" : length === 2 ? "W" : length === 4 ? "D" : "B"}${byte}:${known}`,
    });
  if (byte + length - 1 > LAST_BYTE) return message("connectors.valueBeyondLastByte", { byte: LAST_BYTE });
  return { area, db, byte, bit: known === "BOOL" ? Number(bitText) : 0, type: known, length };
}

/** The one way an address is written: what was typed in German, with `%` or in small letters becomes the same signal. */
export function formatS7Address({ area, db, byte, bit, type, length }: S7Address): string {
  const width = type === "BOOL" ? "X" : length === 2 ? "W" : length === 4 && type !== "STRING" && type !== "WSTRING" ? "D" : "B";
  const place = area === "DB" ? `DB${db}.DB${width}` : `${area}${width === "X" ? "" : width}`;
  if (type === "BOOL") return `${place}${byte}.${bit}`;
  const characters = type === "STRING" ? `[${length - 2}]` : type === "WSTRING" ? `[${(length - 4) / 2}]` : "";
  return `${place}${byte}:${type}${characters}`;
}
