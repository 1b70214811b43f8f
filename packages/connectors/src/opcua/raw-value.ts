import { message, verbatim, type Message } from "@doppelwerk/messages";
import { DataType, VariantArrayType } from "node-opcua";
import type { DataValue, Variant } from "node-opcua";
import { quality, type Instant, type Quality } from "@doppelwerk/world";
import type { RawValue } from "../samples/accept-value.ts";
import { rawInside, wide } from "./inside.ts";

/** UncertainInitialValue: nobody has written to the variable yet, and what it holds is nobody's value (Part 8, 6.3). */
const INITIAL_VALUE = 0x4092;

/** Good 00, Uncertain 01, Bad 10 and the reserved 11 of Part 4, 7.39. An initial value is none. */
export function qualityOf(statusCode: number): Quality {
  if (statusCode >>> 16 === INITIAL_VALUE) return quality.bad;
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
  if (variant.arrayType !== VariantArrayType.Scalar) return { other: message("connectors.foundArray") };
  const value: unknown = variant.value;
  switch (variant.dataType) {
    case DataType.Null:
      return undefined;
    case DataType.Int64:
    case DataType.UInt64:
      return Array.isArray(value)
        ? wide(value as number[], variant.dataType === DataType.Int64)
        : { other: message("connectors.foundWideInteger") };
    case DataType.QualifiedName:
      return (value as { name?: string | null }).name ?? undefined;
    case DataType.LocalizedText:
      return (value as { text?: string | null }).text ?? undefined;
    case DataType.StatusCode:
      return { other: message("connectors.foundStatusCode") };
    default:
      if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
      return { other: otherOf(DataType[variant.dataType]) };
  }
}

function otherOf(type: string | undefined): Message {
  return type === undefined ? message("connectors.foundObject") : verbatim(type);
}
