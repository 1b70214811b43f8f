import { message } from "@doppelwerk/messages";
import type { Instant, ValueType } from "@doppelwerk/world";
import type { RawValue } from "../samples/accept-value.ts";
import { isScalar, scalarsOf, valueAt, type Scalar } from "../samples/json-pointer.ts";
import { rawOfText, scalarOfText } from "../samples/raw-of-text.ts";
import { instantOf } from "../samples/source-time.ts";

/** A payload as JSON, or as the one text it is. */
export type Payload = { readonly kind: "json"; readonly json: unknown } | { readonly kind: "text"; readonly text: string };

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Undefined for bytes that are no text. */
export function readPayload(bytes: Uint8Array): Payload | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined;
  }
  const first = text.trimStart()[0];
  if (first === "{" || first === "[" || first === '"') {
    try {
      return { kind: "json", json: JSON.parse(text) as unknown };
    } catch {
      return { kind: "text", text };
    }
  }
  return { kind: "text", text };
}

const TIME_NAMES = ["timestamp", "ts", "time", "Timestamp", "timeStamp", "datetime", "sourceTimestamp"];

/** The payload's own time: at the pointer, else under a usual name at the top of an object. Undefined = it has none. */
export function timeOfPayload(payload: Payload, tokens: readonly string[] | undefined, timeZone: string): Instant | "missing" | undefined {
  if (payload.kind === "text") return tokens === undefined ? undefined : "missing";
  if (tokens !== undefined) return instantOf(valueAt(payload.json, tokens), timeZone) ?? "missing";
  for (const name of TIME_NAMES) {
    const time = instantOf(valueAt(payload.json, [name]), timeZone);
    if (time !== undefined) return time;
  }
  return undefined;
}

const UNIT_NAMES = ["unit", "uom", "units", "engUnit"];

export interface PayloadScalar {
  readonly tokens: readonly string[];
  readonly value: Scalar;
  readonly unit?: string;
}

/** The scalars of a payload that can be signals: not its time, not its unit. */
export function signalsOf(payload: Payload, timeTokens: readonly string[] | undefined, timeZone: string, most: number): PayloadScalar[] {
  if (payload.kind === "text") return [{ tokens: [], value: scalarOfText(payload.text) }];
  const unit = UNIT_NAMES.map((name) => valueAt(payload.json, [name])).find((value) => typeof value === "string");
  const found: PayloadScalar[] = [];
  for (const { tokens, value } of scalarsOf(payload.json, most)) {
    if (timeTokens !== undefined ? sameTokens(tokens, timeTokens) : isTime(tokens, value, timeZone)) continue;
    if (tokens.length === 1 && UNIT_NAMES.includes(tokens[0]!)) continue;
    found.push({ tokens, value, ...(typeof unit === "string" && tokens.length === 1 && isScalar(value) ? { unit } : {}) });
  }
  // a unit beside two numbers belongs to neither for sure
  return found.filter(({ value }) => typeof value === "number").length > 1 ? found.map(({ tokens, value }) => ({ tokens, value })) : found;
}

function isTime(tokens: readonly string[], value: Scalar, timeZone: string): boolean {
  return tokens.length === 1 && TIME_NAMES.includes(tokens[0]!) && instantOf(value, timeZone) !== undefined;
}

function sameTokens(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((token, at) => token === b[at]);
}

/** What stands at the tokens, for a signal of this type. */
export function rawOfPayload(payload: Payload, tokens: readonly string[], valueType: ValueType): RawValue {
  if (payload.kind === "text") return tokens.length > 0 ? undefined : rawOfText(payload.text, valueType);
  const value = valueAt(payload.json, tokens);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "string") return rawOfText(value, valueType);
  return { other: Array.isArray(value) ? message("connectors.foundArray") : message("connectors.foundObject") };
}
