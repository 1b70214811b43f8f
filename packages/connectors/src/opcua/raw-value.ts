import { DataType, VariantArrayType } from "node-opcua";
import type { DataValue, Variant } from "node-opcua";
import { quality, type Instant, type Quality } from "@doppelwerk/world";
import { valueAt } from "../samples/json-pointer.ts";
import type { RawValue } from "../samples/accept-value.ts";

/** Good 00, Uncertain 01, Bad 10 and the reserved 11 of Part 4, 7.39. */
export function qualityOf(statusCode: number): Quality {
  const severity = statusCode >>> 30;
  return severity === 0 ? quality.good : severity === 1 ? quality.uncertain : quality.bad;
}

/** Info type "data value" with the overflow bit: the server's queue was too short and values are missing (Part 4, 7.39.1). */
export function hasOverflow(statusCode: number): boolean {
  return (statusCode & 0x480) === 0x480;
}

/** 1990: an older source time is a clock that was never set, or the 1601 of an absent one. */
const OLDEST: Instant = 631_152_000_000_000;
/** 2200: beyond is the 9999 of a clock that lost its mind. */
const NEWEST: Instant = 7_258_118_400_000_000;

export function isCredible(time: Instant | undefined): time is Instant {
  return time !== undefined && time > OLDEST && time < NEWEST;
}

/** Microseconds of a time of the library, which keeps what a Date cannot hold in picoseconds. */
export function instantOf(date: Date | null | undefined, picoseconds: number): Instant | undefined {
  return date ? date.getTime() * 1000 + Math.floor(picoseconds / 1_000_000) : undefined;
}

export function sourceTimeOf(value: DataValue): Instant | undefined {
  const time = instantOf(value.sourceTimestamp, value.sourcePicoseconds);
  return isCredible(time) ? time : undefined;
}

/** The value, or what stands at the tokens inside it. */
export function rawValueOf(variant: Variant | null | undefined, inside: readonly string[] = []): RawValue {
  if (!variant || variant.value === null || variant.value === undefined) return undefined;
  if (inside.length > 0) return rawInside(variant, inside);
  if (variant.arrayType !== VariantArrayType.Scalar) return { other: "an array" };
  const value: unknown = variant.value;
  switch (variant.dataType) {
    case DataType.Null:
      return undefined;
    case DataType.Int64:
      return wide(value, true);
    case DataType.UInt64:
      return wide(value, false);
    case DataType.LocalizedText:
      return (value as { text?: string | null }).text ?? undefined;
    case DataType.StatusCode:
      return { other: "a status code" };
    default:
      if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
      return { other: DataType[variant.dataType] ?? "a structure" };
  }
}

function rawInside(variant: Variant, inside: readonly string[]): RawValue {
  const value = valueAt(variant.value, inside);
  const wideType = variant.dataType === DataType.Int64 || variant.dataType === DataType.UInt64;
  if (wideType && inside.length === 1 && Array.isArray(value)) return wide(value, variant.dataType === DataType.Int64);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  const text = (value as { text?: unknown }).text;
  if (typeof text === "string") return text;
  return { other: Array.isArray(value) || ArrayBuffer.isView(value) ? "an array" : "a structure" };
}

/** The library keeps 64-bit integers as [high, low]. */
function wide(value: unknown, signed: boolean): RawValue {
  if (!Array.isArray(value)) return { other: "a 64-bit integer" };
  const [high, low] = value as [number, number];
  return (signed ? high | 0 : high >>> 0) * 4294967296 + (low >>> 0);
}
